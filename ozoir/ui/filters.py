"""What the reader asks of a page. It lives in the address, so that a link shows the same view to someone else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import streamlit as st

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.charts.traces import COMMUNE, RESTE, Vue, area_names
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Result
from ozoir.ui.texts import typeset


@dataclass(frozen=True)
class Choix:
    """The filters of a page, as values: breakdown, one sex, one age band, and how to draw."""

    decoupage: str = ""
    sexe: str = ""
    age: str = ""
    vue: Vue = field(default_factory=Vue)

    def breakdown_of(self, indicateur: Indicateur) -> str:
        """The breakdown, when this indicator can be broken down so."""
        return self.decoupage if self.decoupage in indicateur.decoupages else ""

    def filters_of(self, indicateur: Indicateur, catalogue: Catalogue) -> dict[str, str]:
        """The sex and the age asked, when this indicator is published so and not already broken down by it."""
        asked = {"sexe": self.sexe, "age": self.age}
        return {
            name: modality
            for name, modality in asked.items()
            if modality in bands(indicateur, name, catalogue) and name != self.breakdown_of(indicateur)
        }


def pick(name: str, titre: str, options: dict[str, str], help: str | None = None) -> str:
    """A choice kept in the address under `name`; the first option is the default and leaves no trace there.

    A value that the page does not offer counts as the default.
    """
    values = list(options)
    asked = st.query_params.get(name, values[0])
    key = f"filtre-{name}"
    st.session_state[key] = asked if asked in options else values[0]  # the address decides, the widget follows
    return st.selectbox(
        titre,
        values,
        format_func=lambda value: typeset(options[value]),
        placeholder="Choisir",
        key=key,
        help=help,
        on_change=lambda: remember(name, st.session_state[key], default=values[0]),
    )


def switch(name: str, titre: str, is_on: bool) -> bool:
    """A yes or no kept in the address."""
    key = f"filtre-{name}"
    st.session_state[key] = {"oui": True, "non": False}.get(st.query_params.get(name, ""), is_on)
    default = "oui" if is_on else "non"
    return st.toggle(
        titre, key=key, on_change=lambda: remember(name, "oui" if st.session_state[key] else "non", default=default)
    )


def remember(name: str, value: str, default: str = "") -> None:
    """Write the address; the default is left out of it."""
    if value != default:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


OPENED = "voir"


def is_opened(identifier: str) -> bool:
    """Whether the address asks for this indicator's chart."""
    return identifier in st.query_params.get_all(OPENED)


def set_opened(identifier: str, is_on: bool) -> None:
    """Add or remove an indicator from those the address opens."""
    others = [name for name in st.query_params.get_all(OPENED) if name != identifier]
    st.query_params[OPENED] = [*others, identifier] if is_on else others


def bands(indicateur: Indicateur, dimension: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The modalities under which an indicator can be asked, one at a time."""
    if dimension not in indicateur.decoupages:
        return ()
    return catalogue.mesures[indicateur.cle_numerateur.mesure].familles.get(dimension, ())


def draw_filters(publication: Publication, results: Iterable[Result]) -> Choix:
    """Breakdown, sex, age, comparator and first year: only what these indicators offer."""
    results = [result for result in results if not result.is_empty]
    catalogue = publication.catalogue
    offered = (
        ("decoupage", "Découpage", {"": "Aucun (ensemble)", **_breakdowns(catalogue, results)}, 3),
        ("sexe", "Sexe", {"": "Ensemble", **_bands(catalogue, results, "sexe")}, 2),
        ("age", "Âge", {"": "Tous les âges", **_bands(catalogue, results, "age")}, 3),
        ("comparateur", "Comparer le quartier à", _comparators(results), 4),
        ("depuis", "Période", _first_years(results), 3),
    )
    useful = [row for row in offered if len(row[2]) > 1]
    chosen = {"decoupage": "", "sexe": "", "age": "", "comparateur": "", "depuis": ""}
    for column, (name, titre, options, _) in zip(st.columns([row[3] for row in useful]), useful, strict=True):
        with column:
            chosen[name] = pick(name, titre, options)
    if chosen["decoupage"] or chosen["sexe"] or chosen["age"]:
        st.html('<p class="oz-source">Un indicateur qui n’existe pas avec ce détail reste montré pour l’ensemble.</p>')
    vue = Vue(chosen["comparateur"], int(chosen["depuis"] or 0))
    return Choix(chosen["decoupage"], chosen["sexe"], chosen["age"], vue)


def _breakdowns(catalogue: Catalogue, results: list[Result]) -> dict[str, str]:
    offered = {name for result in results for name in result.indicateur.decoupages}
    return {name: dimension.titre for name, dimension in catalogue.dimensions.items() if name in offered}


def _bands(catalogue: Catalogue, results: list[Result], dimension: str) -> dict[str, str]:
    offered = {name for result in results for name in bands(result.indicateur, dimension, catalogue)}
    return {name: label for name, label in catalogue.dimensions[dimension].modalites.items() if name in offered}


def _comparators(results: list[Result]) -> dict[str, str]:
    areas = dict.fromkeys(name for result in results for serie in result.series for name in area_names(serie))
    return {
        "": "Le plus proche disponible",
        RESTE: "Reste de la commune",
        COMMUNE: "Commune entière",
        **{name: name for name in areas},
    }


def _first_years(results: list[Result]) -> dict[str, str]:
    years = sorted({point.date_reference.year for result in results for serie in result.series for point in serie.points})
    return {"": "Toutes les dates", **{str(year): f"Depuis {year}" for year in years[1:]}}
