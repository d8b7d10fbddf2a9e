"""Contrast is measured, light and dark: 4,5 to 1 for words, 3 to 1 for marks (WCAG 2.1, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
import tomllib

import pytest

from ozoir.charts.figures import build_chart
from ozoir.charts.sparkline import BESIDE, QUARTIER
from ozoir.charts.theme import DARK, INK, MUTED, ROLES, SURFACE, darken
from ozoir.charts.traces import Vue
from ozoir.paths import ROOT
from tests.charts import samples

WORDS, MARKS = 4.5, 3.0
STYLE = (ROOT / "ozoir" / "ui" / "style.css").read_text("utf-8")
VARIABLES = {name: pair for name, *pair in re.findall(r"(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\)", STYLE)}
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
SCHEMES = ("light", "dark")
TEXTS = ("--encre", "--gris", "--lien", "--alerte", "--qpv", "--vert", "--violet", "--orange")


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def shade(name: str, scheme: str) -> str:
    return VARIABLES[name][SCHEMES.index(scheme)]


def in_scheme(colour: str, scheme: str) -> str:
    return colour if scheme == "light" else DARK[colour]


def test_the_measure_is_the_norm_s():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_and_words_of_charts_stand_out(scheme):
    surface = in_scheme(SURFACE, scheme)
    for role, look in ROLES.items():
        assert contrast(in_scheme(look.couleur, scheme), surface) >= MARKS, role
        assert contrast(in_scheme(look.texte, scheme), surface) >= WORDS, role
    for colour in (INK, MUTED):
        assert contrast(in_scheme(colour, scheme), surface) >= WORDS
    for colour in (QUARTIER, BESIDE):
        assert contrast(colour, surface) >= MARKS


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["--page", "--fond"])
def test_words_of_pages_stand_out(scheme, ground):
    for name in TEXTS:
        assert contrast(shade(name, scheme), shade(ground, scheme)) >= WORDS, name


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_stand_out_on_each_coloured_ground(scheme):
    grounds = [name for name in VARIABLES if name.startswith("--fond-")] + ["--survol"]
    assert len(grounds) > 4
    for ground in grounds:
        assert contrast(shade("--encre", scheme), shade(ground, scheme)) >= WORDS, ground
    assert contrast(shade("--encre-orange", scheme), shade("--fond-orange", scheme)) >= WORDS


@pytest.mark.parametrize("scheme", SCHEMES)
def test_page_framework_and_charts_share_their_colours(scheme):
    page = THEME[scheme]
    names = {"backgroundColor": "--page", "secondaryBackgroundColor": "--fond", "textColor": "--encre", "linkColor": "--lien"}
    for option, name in names.items():
        assert page[option] == shade(name, scheme), option
    assert shade("--page", scheme) == in_scheme(SURFACE, scheme)
    for role, look in ROLES.items():
        assert shade(f"--{role}", scheme) == in_scheme(look.couleur, scheme)
    assert contrast(page["primaryColor"], "#ffffff") >= WORDS  # the words of a full button are white in both schemes
    assert contrast(page["primaryColor"], page["backgroundColor"]) >= MARKS
    assert contrast(page["primaryColor"], page["secondaryBackgroundColor"]) >= MARKS


@pytest.mark.parametrize("name", samples.ALL)
def test_every_colour_of_a_chart_has_its_place_on_a_dark_page(name):
    chart = build_chart(samples.ALL[name](), Vue())
    light, dark = chart.figure.to_json(), chart.sombre.to_json()
    assert set(re.findall(r"#[0-9a-f]{6}", light)) <= set(DARK)
    assert set(re.findall(r"#[0-9a-f]{6}", dark)) <= set(DARK.values())
    assert re.sub(r"#[0-9a-f]{6}", "", light) == re.sub(r"#[0-9a-f]{6}", "", dark)  # the same figures, only recoloured


def test_roles_stay_apart_from_one_another_in_the_dark():
    colours = [darken(look.couleur) for look in ROLES.values()]
    assert len(set(colours)) == len(ROLES)
