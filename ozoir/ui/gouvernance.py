"""The page of governance: meetings and decisions, proposals, needs, opinions, events, each with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from ozoir.catalogue.saisies import (
    INSTANCES_AVIS,
    NATURES_BESOIN,
    SENS_AVIS,
    STATUTS_BESOIN,
    STATUTS_DECISION,
    STATUTS_PROPOSITION,
    Avis,
    Besoin,
    Decision,
    Evenement,
    Proposition,
    Version,
)
from ozoir.indicators.publication import Publication
from ozoir.numbers import NBSP, format_amount, format_date, plural
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.gouvernance import (
    Reports,
    Suivie,
    carried_over,
    evenements,
    is_late,
    late_items,
    list_meetings,
    opinions,
)
from ozoir.ui.filters import pick
from ozoir.ui.saisie_gouvernance import edit_item
from ozoir.ui.suivi import VIDE, empty, heading, object_title, open_dossier, pick_year, show_table
from ozoir.ui.texts import raw, safe

VUES = {
    "reunions": "Réunions et décisions",
    "propositions": "Propositions et programme",
    "besoins": "Besoins",
    "avis": "Avis reçus",
    "evenements": "Évènements datés",
}
STATUTS = {Decision: STATUTS_DECISION, Proposition: STATUTS_PROPOSITION, Besoin: STATUTS_BESOIN}


def show_governance(publication: Publication) -> None:
    dossier = open_dossier(publication)
    left, right = st.columns(2)
    with left:
        annee = pick_year(dossier)
    with right:
        vue = pick("vue", "Afficher", VUES)
    today = date.today()
    _show_late(dossier, today)
    SHOW[vue](dossier, annee, today)


def _show_late(dossier: Dossier, today: date) -> None:
    late = late_items(dossier, today)
    if late:
        items = "".join(
            f"<li>{raw(v.saisie.reference)}{NBSP}: {safe(v.saisie.texte)} ({safe(v.saisie.responsable or 'sans responsable')}, "
            f"échéance {format_date(v.saisie.echeance)})</li>"
            for v in late
        )
        summary = plural(len(late), "échéance dépassée", "échéances dépassées")
        st.html(f'<details><summary>{summary}</summary><ul class="oz-notes">{items}</ul></details>')


def _show_meetings(dossier: Dossier, annee: int, today: date) -> None:
    names = dossier.cadre.instances
    meetings = list_meetings(dossier, annee)
    heading(f"Réunions {annee}", plural(len(meetings), "réunion"))
    if not meetings:
        empty(f"Aucune réunion n’est saisie pour {annee}. Ajoutez-la ci-dessous, puis ses décisions.")
    rows = [
        (
            safe(f"{item.version.saisie.reference} – {names[item.version.saisie.instance]}"),
            format_date(item.version.saisie.jour),
            safe(item.version.saisie.ordre_du_jour or VIDE),
            safe(item.version.saisie.participants or VIDE),
            safe(", ".join(version.saisie.reference for version in item.decisions) or VIDE),
        )
        for item in meetings
    ]
    if rows:
        show_table(f"Réunions {annee}", ("Réunion", "Date", "Ordre du jour", "Participants", "Décisions"), rows)
    edit_item("reunion", dossier, annee)
    _show_followed(dossier, Decision, annee, today, "Décisions")
    edit_item("decision", dossier, annee)


def _show_proposals(dossier: Dossier, annee: int, today: date) -> None:
    _show_followed(dossier, Proposition, annee, today, "Propositions d’ajustement")
    edit_item("proposition", dossier, annee)


def _show_needs(dossier: Dossier, annee: int, today: date) -> None:
    _show_followed(dossier, Besoin, annee, today, "Besoins de formation, d’étude et d’appui")
    edit_item("besoin", dossier, annee)


def _show_followed(dossier: Dossier, kind: type[Suivie], annee: int, today: date, titre: str) -> None:
    """This year's items, then what earlier years left open, then what was closed this year."""
    heading(f"{titre} {annee}")
    reports: Reports = carried_over(dossier, kind, annee)
    groups: tuple[tuple[str, Sequence[Version]], ...] = (
        (f"de l’année {annee}", dossier.select(kind, annee=annee)),
        ("des années précédentes, encore à suivre", reports.ouverts),
        (f"des années précédentes, closes en {annee}", reports.clos),
    )
    if not any(items for _, items in groups):
        empty(f"Rien n’est saisi pour {annee}, et les années précédentes n’ont rien laissé en suspens.")
    for subtitle, items in groups:
        if items:
            st.html(f'<h3 class="oz-message">{safe(titre)} {safe(subtitle)}</h3>')
            show_table(f"{titre} {subtitle}", *followed_rows(dossier, kind, items, today))


def followed_rows(dossier: Dossier, kind: type[Suivie], items: Sequence[Version], today: date) -> tuple:
    """Heads and rows of decisions, proposals or needs."""
    if kind is Besoin:
        heads = ("Réf.", "Besoin", "Nature", "Pour qui", "Demandé par", "Coût", "Statut", "Suite donnée")
        return heads, [_need_row(version.saisie) for version in items]
    heads = ("Réf.", "Texte", "À propos de", "Responsable", "Échéance", "Statut", "Suite donnée")
    return heads, [_decision_row(dossier, version.saisie, today) for version in items]


def _need_row(entry: Besoin) -> tuple[str, ...]:
    return (
        raw(entry.reference),
        safe(entry.texte),
        NATURES_BESOIN[entry.nature],
        safe(entry.public or VIDE),
        safe(entry.demandeur or VIDE),
        VIDE if entry.cout is None else format_amount(entry.cout),
        STATUTS_BESOIN[entry.statut],
        safe(entry.suite or VIDE),
    )


def _decision_row(dossier: Dossier, entry: Decision | Proposition, today: date) -> tuple[str, ...]:
    due = VIDE if entry.echeance is None else format_date(entry.echeance)
    planned = " <small>(programme)</small>" if isinstance(entry, Proposition) and entry.programme else ""
    return (
        raw(entry.reference),
        safe(entry.texte) + planned,
        safe(object_title(dossier.cadre, entry.objet)),
        safe(entry.responsable or VIDE),
        f"{due} <b>(dépassée)</b>" if is_late(entry, today) else due,
        STATUTS[type(entry)][entry.statut],
        safe(entry.suite or VIDE),
    )


def _show_opinions(dossier: Dossier, annee: int, today: date) -> None:
    heading(f"Avis sur le rapport {annee}", "un mois au moins pour répondre ; le silence vaut avis favorable")
    versions = opinions(dossier, annee)
    if not versions:
        empty("Aucun avis n’est saisi. Indiquez quand le rapport a été transmis, puis l’avis rendu.")
    rows = [opinion_row(version.saisie) for version in versions]
    if rows:
        show_table(f"Avis {annee}", ("Instance", "Transmis le", "Rendu le", "Avis", "Texte"), rows)
    edit_item("avis", dossier, annee)


def opinion_row(entry: Avis) -> tuple[str, ...]:
    return (
        INSTANCES_AVIS[entry.instance],
        VIDE if entry.transmis_le is None else format_date(entry.transmis_le),
        VIDE if entry.rendu_le is None else format_date(entry.rendu_le),
        SENS_AVIS[entry.sens],
        safe(entry.texte or VIDE),
    )


def _show_events(dossier: Dossier, annee: int, today: date) -> None:
    heading("Évènements datés", "repères pour lire les courbes, toutes années confondues")
    events = evenements(dossier)
    if not events:
        examples = "ouverture d’un équipement, changement de règle, travaux…"
        empty(f"Aucun évènement n’est saisi ({examples}). Ils aident à lire les courbes.")
    else:
        show_table("Évènements", ("Évènement", "Date", "Pilier", "Précision"), [_event_row(dossier, item) for item in events])
    edit_item("evenement", dossier, annee)


def _event_row(dossier: Dossier, entry: Evenement) -> tuple[str, ...]:
    pillar = object_title(dossier.cadre, entry.pilier) if entry.pilier else "Tous"
    return safe(f"{entry.reference} – {entry.titre}"), format_date(entry.jour), safe(pillar), safe(entry.texte or VIDE)


SHOW: dict[str, Callable[[Dossier, int, date], None]] = {
    "reunions": _show_meetings,
    "propositions": _show_proposals,
    "besoins": _show_needs,
    "avis": _show_opinions,
    "evenements": _show_events,
}
