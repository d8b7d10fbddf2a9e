"""The documents of the committee: what goes in, a look before downloading, the files, the whole pack."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date

import streamlit as st

from ozoir.access.identites import current_identity, is_allowed
from ozoir.catalogue.diffusions import DIFFUSIONS, PUBLIQUE, RESTREINTE
from ozoir.exploitation.registre import record_restricted_export
from ozoir.exports.assembly import Choix, assemble_dossier
from ozoir.exports.contents import Document, Dossier, result_key
from ozoir.exports.deck import slide_titles
from ozoir.exports.fiches import action_document, plain_sheet, quartier_sheet
from ozoir.exports.formats import FORMATS, Format, export_picture, find_format, picture_name, render_pack
from ozoir.exports.pdf import render_pages
from ozoir.exports.report import yearly_report
from ozoir.exports.zipping import make_zip
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Result
from ozoir.numbers import format_size
from ozoir.suivi.dossier import Dossier as Saisies
from ozoir.ui.filters import pick
from ozoir.ui.saisie import auteur_courant
from ozoir.ui.session import cache_key, current_store
from ozoir.ui.suivi import empty, heading, pick_year
from ozoir.ui.telechargements import hand_over
from ozoir.ui.texts import label, safe

PREVIEWS: dict[str, tuple[str, Callable[[Dossier], Document]]] = {
    "rapport": ("Bilan annuel", yearly_report),
    "fiche": ("Fiche quartier", quartier_sheet),
    "simple": ("Fiche en mots simples", plain_sheet),
    "action": ("Fiche de la première action", lambda dossier: action_document(dossier, dossier.actions[0])),
}
_PACK, _PAGES_SHOWN = "dossier-pret", 2


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
    choix = _ask_content(publication)
    return _assemble(publication, saisies, cache_key(publication), annee, diffusion, date.today(), choix)


@st.cache_resource(show_spinner="Préparation des documents…", max_entries=20)
def _assemble(_publication, _saisies, base: tuple[str, int, str], annee: int, diffusion: str, day: date, choix: Choix) -> Dossier:
    """base is in the key because what is published is not hashed."""
    return assemble_dossier(_publication, _saisies, annee, diffusion, day, choix)


def _ask_content(publication: Publication) -> Choix:
    """Pillars, indicators in the order wanted, axes, actions, a comment of one's own."""
    contrat = publication.catalogue.contrat
    with st.expander("Choisir ce qui entre dans les documents"):
        pillars = {pilier.id: pilier.titre_court for pilier in contrat.piliers}
        piliers = _choose("Piliers", pillars, "documents-piliers", "Tous")
        kept = {
            item.id: item.titre
            for item in sorted(publication.catalogue.indicateurs.values(), key=lambda item: item.titre)
            if not piliers or item.pilier in piliers
        }
        indicateurs = _choose(
            "Indicateurs, dans l’ordre voulu", kept, "documents-indicateurs", "Tous, dans l’ordre du catalogue"
        )
        first, second = st.columns(2)
        axes = first.toggle("Axes transversaux", value=True, key="documents-axes")
        silent = second.toggle(
            "Actions sans réponse",
            value=True,
            key="documents-sans-reponse",
            help="Les actions pour lesquelles aucun état n’est saisi.",
        )
        commentaire = st.text_area(
            "Commentaire de présentation",
            key="documents-commentaire",
            max_chars=2000,
            help="Placé en tête de la partie sur la situation du quartier.",
        )
    return Choix(piliers, indicateurs, axes, silent, commentaire)


def _choose(titre: str, options: dict[str, str], key: str, none: str) -> tuple[str, ...]:
    chosen = st.multiselect(titre, list(options), format_func=lambda id: label(options[id]), key=key, placeholder=none)
    return tuple(id for id in chosen if id in options)


def show_preview(dossier: Dossier) -> None:
    """Pages as they will be printed, and the list of slides."""
    heading("Aperçu", dossier.bandeau)
    offered = {id: titre for id, (titre, _) in PREVIEWS.items() if id != "action" or dossier.actions}
    left, right = st.columns([3, 1])
    with left:
        chosen = pick("apercu", "Document", {"": "Aucun", **offered, "diaporama": "Diaporama (titres)"})
    if not chosen:
        return
    if chosen == "diaporama":
        st.html(f"<ol>{''.join(f'<li>{safe(title)}</li>' for title in slide_titles(dossier))}</ol>")
        return
    pages = _pages(dossier, chosen)
    first = right.number_input("À partir de la page", 1, len(pages), 1, key=f"page-{chosen}") if len(pages) > 1 else 1
    columns = st.columns(_PAGES_SHOWN)
    for rank, column in enumerate(columns, first):
        if rank <= len(pages):
            image = base64.b64encode(pages[rank - 1]).decode()
            column.html(f'<img src="data:image/png;base64,{image}" alt="Page {rank} sur {len(pages)}" class="oz-apercu">')


@st.cache_data(show_spinner="Mise en page…", max_entries=8, hash_funcs={Dossier: hash})
def _pages(dossier: Dossier, chosen: str) -> list[bytes]:
    return render_pages(PREVIEWS[chosen][1](dossier), dossier)


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
        "Un seul graphique", list(drawn), format_func=lambda key: label(_chart_title(drawn[key])), key=f"{place}-graphique"
    )
    for column, extension in ((png, "png"), (svg, "svg")):
        name = picture_name(dossier, drawn[key], extension)
        column.download_button(
            extension.upper(),
            data=_handed(dossier, name, lambda extension=extension: export_picture(dossier, drawn[key], extension).contenu),
            file_name=name,
            mime=f"image/{'svg+xml' if extension == 'svg' else 'png'}",
            key=f"{place}-image-{extension}",
            help=label(f"Image {extension.upper()} : {_chart_title(drawn[key])}"),
            on_click="ignore",
            width="stretch",
        )


def _chart_title(result: Result) -> str:
    return f"{result.indicateur.titre} (par {result.decoupage})" if result.decoupage else result.indicateur.titre


def _show_format(item: Format, dossier: Dossier, place: str) -> None:
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.html(f'<p class="oz-format"><b>{safe(item.libelle)}</b>\u00a0: {safe(item.description)}</p>')
    name = item.file_name(dossier)
    right.download_button(
        "Télécharger",
        data=_handed(dossier, name, lambda: item.render(dossier)),
        file_name=name,
        mime=item.mime,
        key=f"{place}-{item.id}",
        help=label(f"{item.libelle} – {name}"),
        on_click="ignore",
        width="stretch",
    )


def _handed(dossier: Dossier, name: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A document made at the click; a restricted one is for those who may take it, and leaves a line in the journal."""
    if dossier.diffusion != RESTREINTE:
        return hand_over("export public", make)
    auteur, store = auteur_courant(), current_store()

    def record_and_make() -> bytes:
        record_restricted_export(store, auteur, name, dossier.annee)
        return make()

    return hand_over("export restreint", record_and_make)


def _show_pack(dossier: Dossier, place: str) -> None:
    item = find_format("pack")
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.html(f'<p class="oz-format"><b>{safe(item.libelle)}</b>\u00a0: {safe(item.description)}</p>')
    name = item.file_name(dossier)
    if right.button("Préparer", key=f"{place}-preparer", help="Quelques secondes", width="stretch"):
        st.session_state[_PACK] = (hash(dossier), _make_pack(dossier))
    kept = st.session_state.get(_PACK)
    if kept and kept[0] == hash(dossier):
        content = kept[1]
        st.download_button(
            f"Télécharger le dossier complet ({format_size(len(content))})",
            data=_handed(dossier, name, lambda: content),
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
