"""What the contract said of the quartier when it was signed, beside the latest figures."""

from __future__ import annotations

import streamlit as st

from ozoir.catalogue.contrat import Chiffre
from ozoir.charts.words import figure_text
from ozoir.indicators.publication import Publication
from ozoir.numbers import NARROW, NBSP, format_number
from ozoir.ui.tables import table_html
from ozoir.ui.texts import capitalise, safe

THEMES = ("Population et ménages", "Revenus et pauvreté")


def show_initial_state(publication: Publication) -> None:
    """One row per figure of the contract; the last column is today's, when an indicator follows it."""
    rows = [
        (
            safe(capitalise(item.libelle)),
            safe(stated(item)),
            _today(publication, item),
        )
        for item in publication.catalogue.contrat.etat_initial
        if item.territoire == "qpv"
    ]
    if rows:
        st.html('<h2 class="oz-theme">L’état initial du contrat, et aujourd’hui</h2>')
        heads = ["Ce que dit le contrat", "Chiffre du contrat", "Dernier chiffre connu du quartier"]
        st.html(table_html("État initial du contrat et derniers chiffres connus", heads, rows, "oz-texte"))


def stated(item: Chiffre) -> str:
    """« plus de 400 personnes », « de 25 à 30 % »: the contract's figure with its own reservation."""
    decimals = 0 if float(item.valeur).is_integer() else 1
    number = format_number(item.valeur, decimals)
    if item.valeur_haute is not None:
        number = f"{number} à {format_number(item.valeur_haute, decimals)}"
    unit = f"{NARROW}%" if item.unite == "%" else f"{NBSP}{item.unite}"
    return f"{item.precision} {number}{unit}".strip()


def _today(publication: Publication, item: Chiffre) -> str:
    """The latest figure of the first indicator which follows it; « – » when none does or none is fed."""
    for name in item.observation:
        serie = publication.result(name).total
        point = serie.latest if serie else None
        if point and point.qpv.is_shown:
            titre = publication.catalogue.indicateurs[name].titre
            return f"<b>{figure_text(point.qpv)}</b>, {safe(point.periode)} <small>({safe(titre)})</small>"
    return "–"
