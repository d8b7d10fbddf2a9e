"""The documents of the committee: what goes in, a look before downloading, the files, the whole pack."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.diffusions import DIFFUSIONS, PUBLIQUE
from ozoir.exports.assembly import Choix, assemble_dossier
from ozoir.exports.contents import Document, Dossier, result_key
from ozoir.exports.deck import render_deck
from ozoir.exports.fiches import action_document, plain_sheet, quartier_sheet
from ozoir.exports.formats import FORMATS, Format, find_format, render_pack
from ozoir.exports.pdf import render_pages
from ozoir.exports.report import yearly_report
from ozoir.exports.slide_previews import preview_slides
from ozoir.exports.zipping import make_zip
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Result
from ozoir.numbers import format_size
from ozoir.suivi.dossier import Dossier as Saisies
from ozoir.ui.contenu_documents import ask_content
from ozoir.ui.filters import pick
from ozoir.ui.images import PICTURES, picture_button
from ozoir.ui.session import cache_key
from ozoir.ui.suivi import empty, heading, pick_year
from ozoir.ui.telechargements import hand_over_document
from ozoir.ui.texts import capitalise, label, raw, safe, typeset

PREVIEWS: dict[str, tuple[str, Callable[[Dossier], Document]]] = {
    "rapport": ("Bilan annuel", yearly_report),
    "fiche": ("Fiche quartier", quartier_sheet),
    "simple": ("Fiche en mots simples", plain_sheet),
    "action": ("Fiche de la première action", lambda dossier: action_document(dossier, dossier.actions[0])),
}
_PACK, _SHOWN = "dossier-pret", 2


def ask_dossier(publication: Publication, saisies: Saisies) -> Dossier:
    """Year, diffusion and content as the reader asked; those who may not read the restricted diffusion are not offered it."""
    left, right = st.columns(2)
    with left:
        annee = pick_year(saisies, "Année du bilan")
    with right:
        is_signatory = is_allowed(current_identity(), "export restreint")
        offered = [id for id in DIFFUSIONS if id == PUBLIQUE or is_signatory]
        offered.sort(key=lambda id: id != publication.diffusion)  # that of the screen first, hence by default
        diffusion = pick(
            "diffusion",
            "Diffusion",
            {id: DIFFUSIONS[id] for id in offered},
            help="En diffusion publique, les seuils peuvent être plus stricts, et les petits effectifs de bénéficiaires et "
            "les échanges entre pilotes sont masqués.",
        )
    choix = ask_content(publication)
    return _assemble(publication, saisies, cache_key(publication), annee, diffusion, date.today(), choix)


@st.cache_resource(show_spinner="Préparation des documents…", max_entries=20)
def _assemble(_publication, _saisies, base: tuple, annee: int, diffusion: str, day: date, choix: Choix) -> Dossier:
    """base is in the key because what is published is not hashed."""
    return assemble_dossier(_publication, _saisies, annee, diffusion, day, choix)


def show_preview(dossier: Dossier) -> None:
    """Pages and slides as they will be downloaded, two at a time."""
    heading("Aperçu", dossier.bandeau)
    offered = {id: titre for id, (titre, _) in PREVIEWS.items() if id != "action" or dossier.actions}
    left, right = st.columns([3, 1])
    with left:
        chosen = pick("apercu", "Document", {"": "Aucun", "diaporama": "Diaporama", **offered})
    if not chosen:
        return
    images = _slides(dossier) if chosen == "diaporama" else _pages(dossier, chosen)
    first = right.number_input("À partir de la page", 1, len(images), 1, key=f"page-{chosen}") if len(images) > 1 else 1
    columns = st.columns(_SHOWN)
    for rank, column in enumerate(columns, first):
        if rank <= len(images):
            description = f"Page {rank} sur {len(images)}{images[rank - 1].titre}"
            column.html(f'<img src="{images[rank - 1].adresse}" alt="{raw(description)}" class="oz-apercu">')


@dataclass(frozen=True)
class _Image:
    """A page as an address of its own, and what its title says."""

    adresse: str
    titre: str = ""


@st.cache_data(show_spinner="Mise en page…", max_entries=8, hash_funcs={Dossier: hash})
def _pages(dossier: Dossier, chosen: str) -> list[_Image]:
    pages = render_pages(PREVIEWS[chosen][1](dossier), dossier)
    return [_Image(f"data:image/png;base64,{base64.b64encode(page).decode()}") for page in pages]


@st.cache_data(show_spinner="Mise en page…", max_entries=4, hash_funcs={Dossier: hash})
def _slides(dossier: Dossier) -> list[_Image]:
    slides = preview_slides(render_deck(dossier))
    address = "data:image/svg+xml;base64,"
    return [_Image(address + base64.b64encode(slide.svg.encode()).decode(), f"\u00a0: {slide.titre}") for slide in slides]


def show_downloads(dossier: Dossier, place: str) -> None:
    """One button per format, made when clicked; the pack, document by document."""
    heading("Documents à télécharger")
    for item in FORMATS:
        if item.id != "pack":
            _show_format(item, dossier, place)
    _show_pack(dossier, place)
    _show_one_chart(dossier, place)


def _show_one_chart(dossier: Dossier, place: str) -> None:
    """One chart as a picture, with title, source and banner inside."""
    drawn = {result_key(result): result for result in dossier.resultats if not result.is_empty}
    if not drawn:
        return
    left, png, svg = st.columns([3, 1, 1], vertical_alignment="bottom")
    key = left.selectbox(
        "Un seul graphique", list(drawn), format_func=lambda key: typeset(_chart_title(drawn[key])), key=f"{place}-graphique"
    )
    for column, extension in zip((png, svg), PICTURES, strict=True):
        titre = f"Image {extension.upper()} : {_chart_title(drawn[key])}"
        picture_button(
            column, extension.upper(), titre, dossier, drawn[key], extension, f"{place}-image-{extension}", width="stretch"
        )


def _chart_title(result: Result) -> str:
    return f"{result.indicateur.titre} (par {result.decoupage})" if result.decoupage else result.indicateur.titre


def _show_format(item: Format, dossier: Dossier, place: str) -> None:
    left, right = st.columns([2, 3], vertical_alignment="center")
    right.html(_described(item))
    name = item.file_name(dossier)
    left.download_button(
        label(item.libelle),
        data=hand_over_document(dossier, name, lambda: item.render(dossier)),
        file_name=name,
        mime=item.mime,
        key=f"{place}-{item.id}",
        icon=":material/download:",
        help=label(f"Télécharger {name}"),
        on_click="ignore",
        width="stretch",
    )


def _described(item: Format) -> str:
    """What the format is; on paper, where no button shows, its name too."""
    name = f'<b class="oz-papier">{safe(item.libelle)}\u00a0: </b>'
    return f'<p class="oz-format">{name}{safe(capitalise(item.description))}</p>'


def _show_pack(dossier: Dossier, place: str) -> None:
    item = find_format("pack")
    left, right = st.columns([2, 3], vertical_alignment="center")
    right.html(_described(item))
    name = item.file_name(dossier)
    if left.button(
        f"Préparer le {item.libelle[0].lower()}{item.libelle[1:]}", key=f"{place}-preparer", help="Quelques secondes", width="stretch"
    ):
        st.session_state[_PACK] = (hash(dossier), _make_pack(dossier))
    kept = st.session_state.get(_PACK)
    if kept and kept[0] == hash(dossier):
        content = kept[1]
        st.download_button(
            f"Télécharger le dossier complet ({format_size(len(content))})",
            data=hand_over_document(dossier, name, lambda: content),
            file_name=name,
            mime=item.mime,
            key=f"{place}-pack",
            on_click="ignore",
        )


def _make_pack(dossier: Dossier) -> bytes:
    """The zip, with progress."""
    count = sum(item.in_pack for item in FORMATS)
    bar, files = st.progress(0.0, "Préparation…"), []
    for rank, file in enumerate(render_pack(dossier), 1):
        files.append((file.nom, file.contenu))
        bar.progress(rank / count, label(f"{rank} sur {count} : {file.nom}"))
    bar.empty()
    return make_zip(files, dossier.edite_le)


def show_documents(publication: Publication, saisies: Saisies) -> Dossier:
    """The page's first part."""
    dossier = ask_dossier(publication, saisies)
    if not any(not result.is_empty for result in dossier.resultats):
        empty("Aucun chiffre n’est encore chargé pour cette année : les documents diront ce qui manque, et de qui on l’attend.")
    show_preview(dossier)
    show_downloads(dossier, "jour")
    return dossier
