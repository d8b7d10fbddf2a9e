"""Forms of the contract's memory: one per kind of item, to add one or to say what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from ozoir.catalogue.saisies import (
    CLOS,
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
    Modification,
    Proposition,
    Reunion,
    Suivi,
    Version,
)
from ozoir.catalogue.suivi import Cadre
from ozoir.numbers import parse_amount
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.enregistrement import Finding, refuse
from ozoir.suivi.gouvernance import carried_over
from ozoir.ui.reprise import Brouillon, pending
from ozoir.ui.saisie import ask_author, editing, entry_form, is_open, warn_if_older

NOUVEAU = ""


@dataclass(frozen=True)
class Formulaire:
    """kind, its name with its article, a first entry for a year, and the fields to draw (entry, key) → values."""

    kind: type[Suivi]
    nom: str
    start: Callable[[int], Suivi]
    draw: Callable[[Cadre, Any, str], dict[str, Any]]


def edit_item(name: str, dossier: Dossier, annee: int) -> None:
    """Folded; adds a new item, or takes up one of the year or still open."""
    form = FORMULAIRES[name]
    cible = f"{name}-{annee}"
    if not is_open(f"Ajouter ou modifier {form.nom}", cible):
        return
    ask_author(cible)
    opened = editing(cible, dossier)
    warn_if_older(cible, opened, dossier, lambda it: it.versions[form.kind])
    known = {version.saisie.reference: version for version in _editable(opened, form.kind, annee)}
    options = {NOUVEAU: "Nouvelle saisie", **{ref: f"{ref} – {_short(version)}" for ref, version in known.items()}}
    left = [element for element in pending(cible) if element in options]
    chosen = st.selectbox(
        "Élément",
        list(options),
        index=list(options).index(left[0]) if left else 0,
        format_func=options.__getitem__,
        key=f"element-{cible}-{opened.etat}",
    )
    version = known.get(chosen)
    entry = version.saisie if version else form.start(annee)
    entry_form(cible, options[chosen], lambda draft: _fill(form, opened, entry, version, draft), dossier, element=chosen)


def _editable(dossier: Dossier, kind: type[Suivi], annee: int) -> Sequence[Version]:
    if kind in (Decision, Proposition, Besoin):
        reports = carried_over(dossier, kind, annee)
        return [*dossier.select(kind, annee=annee), *reports.ouverts, *reports.clos]
    if kind is Avis:
        return dossier.select(kind, annee=annee)
    if kind is Reunion:
        return [version for version in dossier.select(kind) if version.saisie.jour.year == annee]
    return dossier.select(kind)


def _short(version: Version) -> str:
    entry = version.saisie
    text = getattr(entry, "titre", "") or getattr(entry, "texte", "") or getattr(entry, "instance", "")
    return text if len(text) <= 60 else f"{text[:59]}…"


def _fill(form: Formulaire, opened: Dossier, entry: Suivi, version: Version | None, brouillon: Brouillon):
    """The fields, and the one modification they mean; findings when an amount cannot be read."""
    key = f"{brouillon.nom}-{opened.etat}-{brouillon.quand}"
    shown = brouillon.modifications[0].saisie if brouillon.modifications else entry
    values = form.draw(opened.cadre, shown, key)
    findings: list[Finding] = values.pop("constats", [])
    if version:
        values["retire"] = st.checkbox(
            "Retirer cette saisie (elle reste dans l’historique)", value=shown.retire, key=f"retire-{key}"
        )
    changed = _close(replace(entry, **values))
    return ([Modification(changed, version.id if version else 0)] if changed != entry else []), findings


def _close(entry: Suivi) -> Suivi:
    """A closed status without a date is closed today; an open one has no closing date."""
    if not hasattr(entry, "clos_le"):
        return entry
    if entry.statut not in CLOS:
        return replace(entry, clos_le=None)
    return entry if entry.clos_le else replace(entry, clos_le=date.today())


def _choose(titre: str, options: dict[str, str], value: str, key: str) -> str:
    ids = list(options)
    index = ids.index(value) if value in options else 0
    return st.selectbox(titre, ids, index=index, format_func=options.__getitem__, key=f"{titre}-{key}")


def _text(titre: str, value: str, key: str) -> str:
    return st.text_input(titre, value=value, key=f"{titre}-{key}").strip()


def _area(titre: str, value: str, key: str) -> str:
    return st.text_area(titre, value=value, key=f"{titre}-{key}", height=90).strip()


def _day(titre: str, value: date | None, key: str) -> date | None:
    """Any day: without bounds, Streamlit refuses what is more than ten years away."""
    return st.date_input(
        titre, value=value, min_value=date(2000, 1, 1), max_value=date(2099, 12, 31), format="DD/MM/YYYY", key=f"{titre}-{key}"
    )


def _objects(cadre: Cadre) -> dict[str, str]:
    return {
        "": "Le contrat dans son ensemble",
        **{id: f"{cadre.pilier_of(id).titre_court} – {t}" for id, t in cadre.titres.items()},
    }


def _draw_meeting(cadre: Cadre, entry: Reunion, key: str) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        instance = _choose("Instance", cadre.instances, entry.instance, key)
        subject = _text("Ordre du jour", entry.ordre_du_jour, key)
    with right:
        day = _day("Date", entry.jour, key) or entry.jour
        people = _text("Participants (services et organismes)", entry.participants, key)
    minutes = _area("Relevé", entry.compte_rendu, key)
    return {"instance": instance, "jour": day, "ordre_du_jour": subject, "participants": people, "compte_rendu": minutes}


def _draw_followed(entry: Decision | Proposition | Besoin, statuts: dict[str, str], key: str) -> dict[str, Any]:
    """Status, what became of it, closing date."""
    left, middle, right = st.columns([1, 2, 1])
    with left:
        statut = _choose("Statut", statuts, entry.statut, key)
    with middle:
        suite = _text("Suite donnée", entry.suite, key)
    with right:
        closed = _day("Clos le", entry.clos_le, key)
    return {"statut": statut, "suite": suite, "clos_le": closed}


def _draw_decision(cadre: Cadre, entry: Decision, key: str) -> dict[str, Any]:
    text = _area("Décision", entry.texte, key)
    left, middle, right = st.columns(3)
    with left:
        meeting = _text("Réunion (référence, par exemple R1)", entry.reunion, key)
    with middle:
        responsible = _text("Responsable (service ou organisme)", entry.responsable, key)
    with right:
        due = _day("Échéance", entry.echeance, key)
    about = _choose("À propos de", _objects(cadre), entry.objet, key)
    return {"texte": text, "reunion": meeting, "responsable": responsible, "echeance": due, "objet": about} | _draw_followed(
        entry, STATUTS_DECISION, key
    )


def _draw_proposal(cadre: Cadre, entry: Proposition, key: str) -> dict[str, Any]:
    text = _area("Proposition", entry.texte, key)
    left, middle, right = st.columns(3)
    with left:
        origin = _text("Proposée par", entry.origine, key)
    with middle:
        responsible = _text("Responsable (service ou organisme)", entry.responsable, key)
    with right:
        due = _day("Échéance", entry.echeance, key)
    about = _choose("À propos de", _objects(cadre), entry.objet, key)
    planned = st.checkbox("À inscrire au programme de l’année suivante", value=entry.programme, key=f"programme-{key}")
    values = {
        "texte": text,
        "origine": origin,
        "responsable": responsible,
        "echeance": due,
        "objet": about,
        "programme": planned,
    }
    return values | _draw_followed(entry, STATUTS_PROPOSITION, key)


def _draw_need(cadre: Cadre, entry: Besoin, key: str) -> dict[str, Any]:
    text = _area("Besoin", entry.texte, key)
    first, second, third, fourth = st.columns(4)
    with first:
        nature = _choose("Nature", NATURES_BESOIN, entry.nature, key)
    with second:
        public = _text("Pour qui", entry.public, key)
    with third:
        asker = _text("Demandé par", entry.demandeur, key)
    with fourth:
        cost = _text("Coût (€)", "" if entry.cout is None else f"{entry.cout:.2f}".replace(".", ","), key)
    amount = parse_amount(cost) if cost else None
    findings = [refuse("Le coût doit s’écrire comme 1234,50.", cost)] if cost and amount is None else []
    values = {"texte": text, "nature": nature, "public": public, "demandeur": asker, "cout": amount, "constats": findings}
    return values | _draw_followed(entry, STATUTS_BESOIN, key)


def _draw_opinion(cadre: Cadre, entry: Avis, key: str) -> dict[str, Any]:
    first, second, third, fourth = st.columns(4)
    with first:
        instance = _choose("Instance", INSTANCES_AVIS, entry.instance, key)
    with second:
        sent = _day("Rapport transmis le", entry.transmis_le, key)
    with third:
        given = _day("Avis rendu le", entry.rendu_le, key)
    with fourth:
        sens = _choose("Avis", SENS_AVIS, entry.sens, key)
    return {
        "instance": instance,
        "transmis_le": sent,
        "rendu_le": given,
        "sens": sens,
        "texte": _area("Texte", entry.texte, key),
    }


def _draw_event(cadre: Cadre, entry: Evenement, key: str) -> dict[str, Any]:
    left, middle, right = st.columns([2, 1, 1])
    with left:
        titre = _text("Évènement", entry.titre, key)
    with middle:
        day = _day("Date", entry.jour, key) or entry.jour
    with right:
        pillars = {"": "Tous les piliers", **{item.id: item.titre_court for item in cadre.contrat.piliers}}
        pilier = _choose("Pilier", pillars, entry.pilier, key)
    return {"titre": titre, "jour": day, "pilier": pilier, "texte": _text("Précision", entry.texte, key)}


def _day_in(annee: int) -> date:
    today = date.today()
    return today if today.year == annee else date(annee, 12, 31)


FORMULAIRES: dict[str, Formulaire] = {
    "reunion": Formulaire(Reunion, "une réunion", lambda annee: Reunion("", "", _day_in(annee)), _draw_meeting),
    "decision": Formulaire(Decision, "une décision", lambda annee: Decision("", annee, ""), _draw_decision),
    "proposition": Formulaire(Proposition, "une proposition", lambda annee: Proposition("", annee, ""), _draw_proposal),
    "besoin": Formulaire(Besoin, "un besoin", lambda annee: Besoin("", annee, "formation", ""), _draw_need),
    "avis": Formulaire(Avis, "un avis", lambda annee: Avis("", annee, "conseil_citoyen"), _draw_opinion),
    "evenement": Formulaire(Evenement, "un évènement", lambda annee: Evenement("", _day_in(annee), ""), _draw_event),
}
