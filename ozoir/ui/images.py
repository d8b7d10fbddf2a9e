"""A chart taken from the screen as a picture: the very view that is shown, with title, source and banner inside."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ozoir.charts.traces import Vue
from ozoir.exports.contents import Ecran
from ozoir.exports.formats import export_picture, picture_name
from ozoir.indicators.results import Result
from ozoir.ui.contrats import current_catalogue
from ozoir.ui.diffusion import current_diffusion
from ozoir.ui.telechargements import hand_over_document
from ozoir.ui.texts import label

PICTURES = {"png": ("PNG", "image/png"), "svg": ("SVG", "image/svg+xml")}


def offer_pictures(result: Result, vue: Vue, key: str) -> None:
    """Two small buttons under a chart; the picture is only made when asked for."""
    latest = result.total.latest if result.total else None
    contrat, today = current_catalogue().contrat, date.today()
    screen = Ecran(
        contrat.id.split("-")[0],
        latest.date_reference.year if latest else today.year,
        current_diffusion(),
        today,
        result.fictif,
    )
    with st.container(horizontal=True, gap="small", key=f"images-{key}"):
        for extension, (name, mime) in PICTURES.items():
            file = picture_name(screen, result, extension)
            make = _maker(screen, result, vue, extension)
            st.download_button(
                f"Image {name}",
                data=hand_over_document(screen.diffusion, file, screen.annee, make),
                file_name=file,
                mime=mime,
                key=f"image-{extension}-{key}",
                help=label(f"Télécharger le graphique « {result.indicateur.titre} » en {name}"),
                type="tertiary",
                on_click="ignore",
            )


def _maker(screen: Ecran, result: Result, vue: Vue, extension: str):
    return lambda: export_picture(screen, result, extension, vue).contenu
