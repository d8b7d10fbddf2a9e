"""Where the quartier is: the map, its table and its source; nothing at all when no outline was given."""

from __future__ import annotations

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.atelier.contours import known_contours
from ozoir.catalogue.contours import Contour
from ozoir.catalogue.loading import Catalogue
from ozoir.charts.carte import Place, area_text, where_in
from ozoir.charts.figures import build_map
from ozoir.indicators.publication import Publication
from ozoir.numbers import format_number
from ozoir.ui.blocks import show_chart
from ozoir.ui.session import current_store
from ozoir.ui.suivi import heading
from ozoir.ui.tables import table_html
from ozoir.ui.texts import raw, safe

HEADS = ("Périmètre", "Code", "Superficie", "Part de la commune", "Où")


def show_map(publication: Publication) -> None:
    """The town and, in it, each perimeter known of the quartier."""
    contours, problems = known_contours(current_store(), publication.catalogue)
    places = name_places(publication.catalogue, contours)
    if len(places) > 1:
        heading("Où est le quartier")
        left, right = st.columns(2, gap="medium")
        with left:
            show_chart(
                build_map(places, f"Carte\u00a0: le quartier {publication.catalogue.territoire.nom_quartier} dans sa commune"),
                "carte",
            )
        right.html(_table(places))
    if problems and is_allowed(current_identity(), "import"):
        items = "".join(f"<li>{safe(text)}</li>" for text in problems)
        st.html(f'<div class="oz-vide">Fichiers de périmètres laissés de côté\u00a0:<ul>{items}</ul></div>')


def name_places(catalogue: Catalogue, contours: dict[str, Contour]) -> list[Place]:
    """The commune, then the quartier in each zoning, with the name and the role of each."""
    territoire = catalogue.territoire
    places = [
        (contours[code], territoire.nom_commune if len(territoire.communes) < 2 else f"Commune {code}", "commune")
        for code in territoire.communes or (territoire.code_commune,)
        if code in contours
    ]
    for zonage in territoire.zonages:
        if zonage.code in contours:
            is_past = zonage.fin is not None and any(item.code in contours and item.fin is None for item in territoire.zonages)
            name = f"Quartier {territoire.nom_quartier}, périmètre {zonage.debut.year}"
            places.append((contours[zonage.code], name, "ancien" if is_past else "qpv"))
    return places


def _table(places: list[Place]) -> str:
    town = places[0][0]
    rows = [
        (
            safe(name),
            raw(contour.code),
            area_text(contour),
            "–" if contour is town else f"{format_number(100 * contour.superficie / town.superficie, 1)}\u202f%",
            "–" if contour is town else safe(where_in(contour, town)),
        )
        for contour, name, _ in places
    ]
    files = ", ".join(dict.fromkeys(raw(contour.fichier) for contour, _, _ in places))
    return (
        table_html("Périmètres dessinés sur la carte", HEADS, rows, "oz-texte")
        + f'<p class="oz-source"><b>Source</b>\u00a0: {files}. Superficies calculées sur ces contours, parfois simplifiés.</p>'
    )
