"""A chart taken from the screen as a picture: the very view that is shown, with title, source and banner inside."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ozoir.charts.traces import Vue
from ozoir.exports.contents import Dossier, Ecran
from ozoir.exports.formats import export_picture, picture_name
from ozoir.indicators.results import Result
from ozoir.ui.contrats import current_catalogue
from ozoir.ui.diffusion import current_diffusion
from ozoir.ui.telechargements import hand_over_document
from ozoir.ui.texts import label

PICTURES = {"png": "image/png", "svg": "image/svg+xml"}
_USUAL = Vue()


def offer_pictures(result: Result, vue: Vue, key: str) -> None:
    """Two small buttons under a chart; the picture is only made when asked for."""
    latest = result.total.latest if result.total else None
    today = date.today()
    screen = Ecran(
        current_catalogue().prefixe,
        latest.date_reference.year if latest else today.year,
        current_diffusion(),
        today,
        result.fictif,
    )
    with st.container(horizontal=True, gap="small", key=f"images-{key}"):
        for extension in PICTURES:
            titre = f"Télécharger le graphique « {result.indicateur.titre} » en {extension.upper()}"
            picture_button(
                st,
                f"Image {extension.upper()}",
                titre,
                screen,
                result,
                extension,
                f"image-{extension}-{key}",
                vue,
                type="tertiary",
            )


def picture_button(
    place, texte: str, titre: str, source: Ecran | Dossier, result: Result, extension: str, key: str, vue: Vue = _USUAL, **look
) -> None:
    """One chart to take away, under the banner of where it comes from. look: of the button, as Streamlit has it."""
    name = picture_name(source, result, extension)
    place.download_button(
        texte,
        data=hand_over_document(source, name, lambda: export_picture(source, result, extension, vue).contenu),
        file_name=name,
        mime=PICTURES[extension],
        key=key,
        help=label(titre),
        on_click="ignore",
        **look,
    )
