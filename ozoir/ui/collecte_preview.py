"""A received workbook, shown before it is saved: who, what is wrong with which cell, what changes, what diverges."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from ozoir.catalogue.classeur import FEUILLES, cell_text
from ozoir.catalogue.saisies import STATUTS_ACTION
from ozoir.numbers import format_amount, format_date, plural
from ozoir.suivi.collecte import Apercu, Changement
from ozoir.ui.constats import show_findings
from ozoir.ui.suivi import empty, show_table
from ozoir.ui.texts import raw, safe

_FIELDS = {column.champ: column.titre for feuille in FEUILLES for column in feuille.colonnes}
_KEEP, _TAKE = "Garder la valeur de la base", "Prendre celle du classeur"


def show_preview(apercu: Apercu, key: str) -> list[int]:
    """Everything to know before saving; the ranks of the divergences for which the reader wants the workbook's values."""
    collecte = apercu.collecte
    entete = collecte.entete
    who = (
        f"Classeur de <strong>{safe(entete.pilote)}</strong>, année {entete.annee}, préparé le {format_date(entete.genere_le)}"
    )
    filled = plural(len(collecte.filled), "réponse remplie ou modifiée", "réponses remplies ou modifiées")
    st.html(f"<p>{who}.</p>" if collecte.blocking else f"<p>{who}\u00a0: {filled}.</p>")
    show_findings(collecte.findings)
    if collecte.blocking:
        st.html(
            '<div class="oz-probleme" role="alert"><strong>Ce classeur ne peut pas être enregistré.</strong>'
            "<p>Faites corriger les constats bloquants dans le fichier, puis déposez-le de nouveau. Rien n’a été "
            "changé.</p></div>"
        )
        return []
    if apercu.deja_enregistrees:
        count = plural(apercu.deja_enregistrees, "réponse est déjà enregistrée", "réponses sont déjà enregistrées")
        st.html(f"<p>{count} avec la même valeur.</p>")
    if apercu.changements:
        _show_changes("Ce qui change", apercu.changements, entete.annee)
    elif not apercu.divergences:
        empty("Ce classeur ne change aucune valeur de la base.")
    return [rank for rank, _ in enumerate(apercu.divergences) if _settle(apercu, rank, key)]


def _show_changes(titre: str, changes: Sequence[Changement], annee: int) -> None:
    rows = [
        (safe(item.nom), safe(_field(item.champ, annee)), _value(item, item.ancien), _value(item, item.nouveau))
        for item in changes
    ]
    st.html(f"<p><strong>{titre}</strong> ({plural(len(changes), 'valeur')})</p>")
    show_table(titre, ["Action, indicateur ou crédit", "Donnée", "Valeur actuelle", "Valeur du classeur"], rows)


def _settle(apercu: Apercu, rank: int, key: str) -> bool:
    """True when the workbook's values are to replace what somebody entered since it was made."""
    divergence = apercu.divergences[rank]
    moment = f"le {format_date(divergence.saisi_le)} à {divergence.saisi_le:%H:%M} (UTC)"
    st.html(
        '<div class="oz-probleme" role="alert"><strong>Valeur modifiée des deux '
        f"côtés.</strong><p>{safe(divergence.auteur)} l’a "
        f"enregistrée {moment}, après la préparation de ce classeur. Aucune des deux ne sera perdue\u00a0: l’autre reste "
        "dans l’historique.</p></div>"
    )
    _show_changes("À départager", divergence.changements, apercu.collecte.entete.annee)
    choice = st.radio("Que faut-il enregistrer\u202f?", [_KEEP, _TAKE], key=f"divergence-{key}-{rank}", horizontal=True)
    return choice == _TAKE


def _field(champ: str, annee: int) -> str:
    """The header of the workbook's column."""
    return _FIELDS.get(champ, champ).format(annee=annee, precedente=annee - 1)


def _value(item: Changement, value: object) -> str:
    if value is None or value == "":
        return "(vide)"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if item.champ == "statut":
        return safe(STATUTS_ACTION[value])
    if isinstance(value, Decimal):
        return format_amount(value)
    if isinstance(value, (int, float)):
        return cell_text(value).replace(".", ",")
    return raw(value)
