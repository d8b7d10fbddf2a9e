"""The settings of the administrator's page: values in force, one form per group, what was changed and why."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import streamlit as st

from ozoir.exploitation.reglages import (
    CONSERVATION,
    GROUPES,
    Declaration,
    change_setting,
    changes_of_settings,
    declared_settings,
)
from ozoir.numbers import format_date, format_number, plural
from ozoir.ui.contrats import current_catalogue
from ozoir.ui.session import current_store
from ozoir.ui.tables import table_html
from ozoir.ui.texts import raw, safe, typeset

LAST_CHANGES = 20


Do = Callable[[str, Callable[[], object], bool], None]  # runs an act: what to say of it once done, what to do, if sure


def show_settings(do: Do) -> None:
    """Each group of settings, then the latest changes."""
    declared = declared_settings(current_store(), current_catalogue())
    for groupe, members in groupby(declared, key=lambda item: item.groupe):
        _show_group(groupe, list(members), do)
    _show_changes({item.cle: item.titre for item in declared})


def _show_group(groupe: str, members: list[Declaration], do: Do) -> None:
    count = sum(item.valeur != item.defaut for item in members)
    changed = plural(count, "valeur changée", "valeurs changées") if count else "valeurs par défaut"
    st.html(f'<h2 class="oz-theme">{safe(groupe)}<small>{changed}</small></h2>')
    rows = [
        (safe(item.titre), format_number(item.valeur), format_number(item.defaut), f"{item.least} à {item.most}")
        for item in members
    ]
    st.html(f'<p class="oz-source">{safe(GROUPES[groupe])}</p>')
    st.html(table_html(groupe, ["Réglage", "En vigueur", "Par défaut", "Valeurs acceptées"], rows))
    with st.form(f"regler-{members[0].acte}"):
        left, right = st.columns([3, 1])
        rank = left.selectbox("Réglage", range(len(members)), format_func=lambda rank: typeset(members[rank].titre))
        valeur = right.number_input("Nouvelle valeur", min_value=0, value=None, step=1)
        motif = st.text_input("Motif", max_chars=300, placeholder="convention du 12/03/2020 avec la Caf")
        is_sure = groupe != CONSERVATION or st.checkbox(
            "Je confirme\u00a0: les fichiers plus anciens que cette durée seront effacés, et ne reviendront pas."
        )
        if st.form_submit_button("Changer ce réglage"):
            chosen = members[rank]
            do(
                f"«\u00a0{chosen.titre}\u00a0»\u00a0: réglage changé, en vigueur dès maintenant.",
                lambda: change_setting(
                    current_store(), current_catalogue(), chosen.cle, -1 if valeur is None else int(valeur), motif
                ),
                is_sure or valeur == 0,
            )


def _show_changes(titles: dict[str, str]) -> None:
    changes = changes_of_settings(current_store())[:LAST_CHANGES]
    if not changes:
        return
    rows = [
        (
            f"{format_date(item.saisi_le)} {item.saisi_le:%H:%M}",
            safe(titles.get(item.cle, item.cle)),
            safe(item.valeur),
            raw(item.motif),
            safe(item.auteur),
        )
        for item in changes
    ]
    st.html(table_html("Réglages changés", ["Date et heure (UTC)", "Réglage", "Valeur", "Motif", "Par"], rows, "oz-texte"))
