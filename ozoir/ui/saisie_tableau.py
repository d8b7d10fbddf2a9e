"""Entry tables: fast keyboard entry, one row per action, indicator or line of credits."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from ozoir.catalogue.contrat import Action
from ozoir.catalogue.saisies import (
    NATURES_CREDIT,
    STATUTS_ACTION,
    TYPES_COMMENTAIRE,
    Commentaire,
    Credit,
    EtatAction,
    Realisation,
    Saisie,
)
from ozoir.catalogue.suivi import Attendu
from ozoir.numbers import NBSP
from ozoir.suivi.brouillons import lay_over
from ozoir.suivi.credits import ETAPES
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.tableaux import (
    COUNTS,
    Row,
    credit_rows,
    indicator_rows,
    read_credits,
    read_indicators,
    read_states,
    state_rows,
)
from ozoir.ui.reprise import Brouillon
from ozoir.ui.saisie import editing, entry_form, warn_if_older

Columns = dict[str, Any]
LABELS = {"beneficiaires": "Bénéf.", "dont_qpv": "dont QPV", "femmes": "Femmes", "hommes": "Hommes"}
KEYS = ("objet", "financeur", "nature", "ligne", *ETAPES, "theme", "commentaire")


def edit_states(dossier: Dossier, actions: Sequence[Action], annee: int) -> None:
    """Status, progress and comments of these actions."""
    cible = f"etats-{annee}"
    opened = editing(cible, dossier, _is_shown(cible))
    warn_if_older(cible, opened, dossier, lambda it: (it.versions[EtatAction], it.versions[Commentaire]))
    columns: Columns = {
        "titre": st.column_config.TextColumn("Action", disabled=True, pinned=True, width=290),
        "statut": st.column_config.SelectboxColumn("Statut", options=list(STATUTS_ACTION.values()), width=115),
        "avancement": st.column_config.NumberColumn("Avancement (%)", min_value=0, max_value=100, step=5),
        **{kind: st.column_config.TextColumn(label, width="medium") for kind, label in TYPES_COMMENTAIRE.items()},
    }

    def fill(brouillon: Brouillon):
        rows = state_rows(lay_over(opened, brouillon.modifications), actions, annee)
        frame = pd.DataFrame(rows).astype({"avancement": "Int64"})
        return read_states(opened, annee, _edit(cible, opened, brouillon, frame, columns)), []

    shown = {action.id for action in actions}
    entry_form(cible, "", fill, dossier, vue=_mark(sorted(shown)), is_in_view=lambda entry: entry.action in shown)


def edit_indicators(dossier: Dossier, attendus: Sequence[Attendu], annee: int) -> None:
    """Answers and targets of these indicators, with their beneficiaries."""
    cible = f"indicateurs-{annee}"
    opened = editing(cible, dossier, _is_shown(cible))
    warn_if_older(cible, opened, dossier, lambda it: it.versions[Realisation])
    columns = indicator_columns(annee)

    def fill(brouillon: Brouillon):
        frame = indicator_frame(lay_over(opened, brouillon.modifications), attendus, annee)
        return read_indicators(opened, annee, _edit(cible, opened, brouillon, frame, columns))

    shown = {(item.objet, item.indicateur.id) for item in attendus}
    vue = _mark(sorted(shown))
    entry_form(cible, "", fill, dossier, vue=vue, is_in_view=lambda entry: (entry.objet, entry.indicateur) in shown)


def indicator_frame(dossier: Dossier, attendus: Sequence[Attendu], annee: int) -> pd.DataFrame:
    """One row per indicator; what carries it and its id come along, not shown."""
    return pd.DataFrame(indicator_rows(dossier, attendus, annee)).astype({name: "Int64" for name in COUNTS})


def indicator_columns(annee: int) -> Columns:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "libelle": text("Indicateur", disabled=True, width=250, pinned=True),
        "unite": text("Unité", disabled=True, width=80),
        "precedent": text(f"{annee - 1}", disabled=True, width=60, alignment="right"),
        "realise": text(f"Réalisé {annee}", width=110, alignment="right"),
        "cible": text("Cible", width=70, alignment="right"),
        **{name: number(label, min_value=0, step=1, width=95) for name, label in LABELS.items()},
        "texte": text("Précision", width="medium"),
        "carrier": text("Action ou objectif", disabled=True, width="medium"),
    }  # fmt: skip


def edit_credits(dossier: Dossier, lines: Sequence[Credit], objets: dict[str, str], annee: int) -> None:
    """Lines of credits; rows may be added and removed. objets: what a line may be about, id → title."""
    cible = f"credits-{annee}"
    opened = editing(cible, dossier, _is_shown(cible))
    warn_if_older(cible, opened, dossier, lambda it: it.versions[Credit])
    shown = [entry for line in lines if (entry := opened.entry(Credit, *line.cle))]
    cadre = dossier.cadre
    amount = {etape: st.column_config.TextColumn(f"{label} (€)", alignment="right") for etape, label in ETAPES.items()}
    columns: Columns = {
        "objet": _choice("Action, objectif ou pilier", objets, width="large"),
        "financeur": _choice("Financeur", {id: item.titre for id, item in cadre.financements.financeurs.items()}),
        "nature": _choice("Nature", NATURES_CREDIT),
        "ligne": st.column_config.TextColumn("Intitulé", help="Utile quand un financeur donne deux fois pour le même objet."),
        **amount,
        "theme": _choice(
            "Thème", {id: f"{id} {titre}" for id, titre in cadre.financements.themes.items()},
            help="Vide\u00a0: le thème de l’objectif.",
        ),
        "commentaire": st.column_config.TextColumn("Commentaire"),
    }  # fmt: skip

    def is_in_view(entry: Saisie) -> bool:
        return entry.objet in ("", *objets)

    def fill(brouillon: Brouillon):
        drafted = [item.saisie for item in brouillon.modifications if is_in_view(item.saisie)]
        started = {entry.cle: entry for entry in [*shown, *drafted]}
        frame = pd.DataFrame(credit_rows(started.values()), columns=list(KEYS)).astype(object)
        return read_credits(opened, annee, shown, _edit(cible, opened, brouillon, frame, columns, num_rows="dynamic"))

    entry_form(cible, "", fill, dossier, vue=_mark(objets), is_in_view=is_in_view)


def _choice(titre: str, options: dict[str, str], **settings):
    return st.column_config.SelectboxColumn(
        titre, options=list(options), format_func=lambda id: options.get(id, id), **settings
    )


def _mark(shown: Iterable) -> str:
    """Which rows are shown, in a few letters."""
    return f"{zlib.crc32(repr(list(shown)).encode()):x}"


def _edit(
    cible: str, opened: Dossier, brouillon: Brouillon, frame: pd.DataFrame, columns: Columns, num_rows: str = "fixed"
) -> list[Row]:
    """The editor, showing `columns` only; its key changes with the dossier and the rows, so that a save starts it afresh."""
    rows = frame.iloc[:, :2].to_csv(index=False)
    edited = st.data_editor(
        frame,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        num_rows=num_rows,
        placeholder="",
        height=min(640, 80 + 36 * len(frame)) if num_rows == "fixed" else "auto",
        key=f"tableau-{cible}-{opened.etat}-{brouillon.quand}-{zlib.crc32(rows.encode())}",
    )
    return edited.astype(object).to_dict("records")


def _is_shown(cible: str) -> bool:
    """Whether the table was on screen just before: Streamlit forgets the fields of a page one leaves."""
    return any(str(key).startswith(f"tableau-{cible}-") for key in st.session_state)


HELP = (
    "Tapez directement dans les cases\u00a0: Entrée descend, Tab avance, un copier-coller depuis un tableur fonctionne. "
    f"Rien dans une case{NBSP}: pas de réponse. 0{NBSP}: zéro. nc{NBSP}: non concerné."
)
