"""Titles and reading sentences, for every state of a figure, as reviewed in French (golden/phrases.txt)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ozoir.indicators.periods import day_phrase, is_year_later, period_label, period_phrase, since_phrase
from ozoir.indicators.results import Figure
from ozoir.indicators.wording import agree, counted_phrase, enumerate_words, indicator_phrase, value
from tests.indicators.states import STATES, table_of
from tests.indicators.territories import publication_of

GOLDEN = Path(__file__).parent / "golden" / "phrases.txt"


def phrases(catalogue) -> str:
    lines = []
    for state, (indicateur, rows) in STATES.items():
        result = publication_of(catalogue, table_of(rows)).result(indicateur)
        lines += [f"## {state}", result.message, result.lecture, ""]
    return "\n".join(lines)


def test_every_state_has_its_reviewed_sentences(catalogue):
    assert phrases(catalogue).splitlines() == GOLDEN.read_text("utf-8").splitlines()


def test_sentences_keep_french_typography(catalogue):
    text = phrases(catalogue)
    assert "'" not in text
    assert not re.search(r"(?<![\u202f])[;!?%€](?!\w)", text.replace("%)", ")"))
    assert not re.search(r"(?<!\u00a0):", text)
    assert not re.search(r"\d \d|-\d", text)
    assert "  " not in text and ".." not in text


def test_every_indicator_can_be_the_subject_of_a_sentence(catalogue):
    for indicateur in catalogue.indicateurs.values():
        if indicateur.nature == "effectif":
            assert counted_phrase(indicateur)[0].islower() or counted_phrase(indicateur)[:2].isupper()
        elif " pour 100 " not in indicateur.titre:
            assert not indicator_phrase(indicateur.titre).startswith("l’indicateur «"), indicateur.titre


@pytest.mark.parametrize(
    "count, unit, expected",
    [
        (1.9, "points", "point"),
        (2, "points", "points"),
        (0, "jeunes", "jeune"),
        (1.96, "points", "points"),
        (-3, "personnes", "personnes"),
    ],
)
def test_the_unit_agrees_with_the_number_as_written(count, unit, expected):
    assert agree(unit, count, 1) == expected


def test_values_are_written_with_their_unit():
    assert value(Figure(48.6, unite="%", decimales=1)) == "48,6\u202f%"
    assert value(Figure(16170, unite="€")) == "16\u202f170\u202f€"
    assert value(Figure(-0.34, unite="points", decimales=1)) == "−0,3\u00a0point"
    assert value(Figure(3.0, decimales=1)) == "3,0"


def test_words_are_enumerated():
    assert [enumerate_words(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a et b", "a, b et c"]


@pytest.mark.parametrize(
    "day, kind, label, phrase, since",
    [
        (date(2020, 12, 31), "stock", "au 31/12/2020", "fin 2020", "depuis fin 2020"),
        (date(2021, 3, 31), "stock", "au 31/03/2021", "fin mars 2021", "depuis fin mars 2021"),
        (date(2022, 1, 1), "stock", "au 01/01/2022", "au 1er janvier 2022", "depuis le 1er janvier 2022"),
        (date(2018, 12, 31), "annee", "en 2018", "en 2018", "depuis 2018"),
        (date(2018, 1, 1), "recensement", "RP 2018", "au recensement de 2018", "depuis le recensement de 2018"),
        (date(2021, 6, 30), "trimestre", "au 2e trimestre 2021", "au 2e trimestre 2021", "depuis le 2e trimestre 2021"),
        (
            date(2020, 12, 31),
            "douze_mois",
            "sur 12 mois au 31/12/2020",
            "sur les douze mois terminés fin 2020",
            "depuis fin 2020",
        ),
    ],
)
def test_dates_are_said_by_kind_of_measure(day, kind, label, phrase, since):
    assert (period_label(day, kind), period_phrase(day, kind), since_phrase(day, kind)) == (label, phrase, since)


def test_a_day_within_a_month_is_said_whole():
    assert day_phrase(date(2015, 6, 26)) == "au 26 juin 2015"


def test_a_year_later_holds_at_the_end_of_february():
    assert is_year_later(date(2019, 2, 28), date(2020, 2, 29))
    assert not is_year_later(date(2019, 12, 31), date(2020, 9, 30))
