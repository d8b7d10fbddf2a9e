"""What the pages of the follow-up share: the dossier in hand, the year, words for statuses, amounts and answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from ozoir.catalogue.saisies import STATUTS_ACTION, EtatAction, Version
from ozoir.catalogue.suivi import Cadre, load_cadre
from ozoir.charts.words import cell_text
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import SANS_OBJET, Figure
from ozoir.numbers import NARROW, NBSP, format_amount, format_date, format_number
from ozoir.suivi.actions import Avancement
from ozoir.suivi.credits import Montants, Somme
from ozoir.suivi.dossier import Dossier, load_dossier
from ozoir.ui.filters import pick
from ozoir.ui.session import current_store
from ozoir.ui.tables import table_html
from ozoir.ui.texts import safe

STYLE = Path(__file__).with_name("suivi.css")
MARQUES = {"a_venir": "○", "en_cours": "◆", "realisee": "●", "en_retard": "▲", "en_pause": "‖", "abandonnee": "✕"}
NON_RENSEIGNE = "Non renseigné"
VIDE = "–"


def open_dossier(publication: Publication) -> Dossier:
    """What is entered in this process' base; the follow-up's look comes with it."""
    st.html(STYLE)
    return load_dossier(current_store(), load_cadre(publication.catalogue.contrat))


def pick_year(dossier: Dossier, titre: str = "Année") -> int:
    """The year of the page, kept in the address; the latest one with an entry comes first."""
    years = sorted(dossier.cadre.annees, reverse=True)
    default = latest_year(dossier)
    years.remove(default)
    return int(pick("annee", titre, {str(year): str(year) for year in (default, *years)}))


def latest_year(dossier: Dossier) -> int:
    """The latest year with an action's state; else this year, within the contract."""
    entered = [entry.annee for entry in dossier.entries(EtatAction)]
    first, last = dossier.cadre.annees[0], dossier.cadre.annees[-1]
    return max(entered) if entered else min(max(date.today().year, first), last)


def status_html(statut: str) -> str:
    """A mark and a word: never colour alone."""
    if statut not in STATUTS_ACTION:
        return f'<span class="oz-statut oz-absent">{NON_RENSEIGNE}</span>'
    return f'<span class="oz-statut oz-{statut}"><b aria-hidden="true">{MARQUES[statut]}</b> {STATUTS_ACTION[statut]}</span>'


def percent(value: float | None, decimals: int = 0) -> str:
    return VIDE if value is None else f"{format_number(value, decimals)}{NARROW}%"


def progress_text(progress: Avancement) -> str:
    """« 62 % (5 sur 8) »: the mean, and how many of the actions it is the mean of."""
    return f"{percent(progress.moyenne)} ({len(progress.avancements)}{NBSP}sur{NBSP}{progress.actions})"


def sum_text(somme: Somme) -> str:
    """The known sum; « * » when some of its lines have no amount."""
    if somme.montant is None:
        return VIDE
    return format_amount(somme.montant) + ("" if somme.is_complete else "*")


NOTE_INCONNUS = "* Une partie des lignes n’a pas encore ce montant\u00a0: la somme ne compte que les montants connus."
NOTE_TAUX = "Taux d’exécution\u00a0: engagé rapporté au prévu, sur les seules lignes où les deux sont connus."


def amounts_cells(montants: Montants) -> tuple[str, ...]:
    """Planned, engaged, paid, execution."""
    return (
        sum_text(montants.prevu),
        sum_text(montants.engage),
        sum_text(montants.paye),
        percent(montants.execution, 1),
    )


AMOUNT_HEADS = ("Prévu", "Engagé", "Payé", "Exécution")


def figure_cell(figure: Figure) -> str:
    """A figure, or its sign; « nc » says that the pilot answered « not concerned »."""
    return "nc" if figure.statut == SANS_OBJET else safe(cell_text(figure))


def signature(version: Version) -> str:
    """« Espace social, le 03/02/2017 à 10:12 »."""
    origin = f", classeur n°{NBSP}{version.depot}" if version.depot else ""
    return safe(f"{version.auteur}, le {format_date(version.saisi_le)} à {version.saisi_le:%H:%M}{origin}")


def object_title(cadre: Cadre, objet: str) -> str:
    """The title of an action, objective, orientation or pillar; « Contrat » for nothing."""
    return cadre.titres.get(objet, objet) if objet else "Contrat"


def empty(text: str) -> None:
    """An empty state says what to do."""
    st.html(f'<p class="oz-vide">{safe(text)}</p>')


def heading(text: str, small: str = "") -> None:
    extra = f"<small>{safe(small)}</small>" if small else ""
    st.html(f'<h2 class="oz-theme">{safe(text)}{extra}</h2>')


def show_table(legende: str, heads: list[str] | tuple[str, ...], rows: list[tuple[str, ...]], style: str = "oz-texte") -> None:
    st.html(table_html(legende, list(heads), rows, style))
