"""What a delivery would change: counts, unusual figures first, then old and new values."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ozoir.atelier.examen import Ecart, Examen
from ozoir.numbers import format_date, format_number, plural
from ozoir.ui.suivi import show_table
from ozoir.ui.texts import capitalise, raw, safe

NATURES = {"nouveau": "Ajouté", "modifie": "Modifié", "inchange": "Inchangé", "depasse": "Édition plus ancienne"}
_SHOWN = 200


def show_differences(examen: Examen, key: str) -> None:
    """Counts over the whole file; figures of the contract's territories."""
    counts = examen.comptes
    parts = [
        f"{format_number(counts['nouveau'])} à ajouter",
        f"{format_number(counts['modifie'])} à modifier",
        f"{format_number(counts['inchange'])} inchangés",
    ]
    if counts["depasse"]:
        parts.append(
            f"{format_number(counts['depasse'])} d’une édition plus ancienne que celle déjà chargée, gardés dans l’historique"
        )
    st.html(f"<p><strong>Faits</strong>\u00a0: {', '.join(parts)}.</p>")
    if examen.autres_modifies:
        st.html(
            f"<p>{plural(examen.autres_modifies, 'fait modifié', 'faits modifiés')} pour d’autres territoires (comparaisons).</p>"
        )
    if examen.alertes:
        st.html(
            f'<div class="oz-probleme" role="note"><strong>{plural(len(examen.alertes), "chiffre inhabituel", "chiffres inhabituels")}</strong>'
            "<p>Vérifiez-les auprès du partenaire avant de charger.</p></div>"
        )
        show_table("Chiffres inhabituels", HEADS, [ecart_row(item) for item in examen.alertes[:_SHOWN]])
    changed = [item for item in examen.ecarts if item.nature == "modifie" and not item.alerte]
    if changed:
        st.html("<p><strong>Chiffres modifiés, quartier et commune</strong></p>")
        show_table("Chiffres modifiés", HEADS, [ecart_row(item) for item in changed[:_SHOWN]])
    rest = [item for item in examen.ecarts if item.nature != "modifie" and not item.alerte]
    if rest:
        with st.expander(f"Chiffres ajoutés ou inchangés, quartier et commune ({len(rest)})"):
            show_table("Chiffres ajoutés ou inchangés", HEADS, [ecart_row(item) for item in rest[:_SHOWN]])
            if len(rest) > _SHOWN:
                st.html(f"<p>Et {plural(len(rest) - _SHOWN, 'autre', 'autres')}.</p>")


HEADS = ("Chiffre", "Territoire", "Date", "Valeur actuelle", "Valeur du fichier", "Évolution", "État", "À vérifier", "Case")


def ecart_row(item: Ecart) -> tuple[str, ...]:
    origin = f" <small>(import n°\u00a0{item.import_id})</small>" if item.import_id else ""
    return (
        safe(item.libelle),
        safe(item.territoire),
        format_date(item.date_reference),
        f"{safe(item.ancien)}{origin}" if item.ancien else "–",
        safe(item.nouveau or "–"),
        safe(item.variation or "–"),
        NATURES[item.nature],
        safe(capitalise(item.alerte)) if item.alerte else "–",
        raw(item.place or "–"),
    )


def show_comparison(ecarts: Sequence[Ecart], first: int, second: int) -> None:
    """Two imports side by side, where they differ."""
    if not ecarts:
        st.html('<p class="oz-vide">Ces deux imports disent la même chose du quartier et de la commune.</p>')
        return
    rows = [
        (
            safe(item.libelle),
            safe(item.territoire),
            format_date(item.date_reference),
            safe(item.ancien or "absent"),
            safe(item.nouveau or "absent"),
            safe(item.variation or "–"),
        )
        for item in ecarts[:_SHOWN]
    ]
    heads = ["Chiffre", "Territoire", "Date", f"Import n°\u00a0{first}", f"Import n°\u00a0{second}", "Évolution"]
    show_table(f"Imports {first} et {second}", heads, rows)
    if len(ecarts) > _SHOWN:
        st.html(f"<p>Et {plural(len(ecarts) - _SHOWN, 'autre différence', 'autres différences')}.</p>")
