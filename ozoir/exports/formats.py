"""The formats, one row each: buttons, command, whole pack and tests loop over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ozoir.charts.traces import Vue
from ozoir.errors import OzoirError, did_you_mean
from ozoir.exports.contents import Document, Dossier, Ecran
from ozoir.exports.csv_files import render_csv, render_package
from ozoir.exports.deck import render_deck
from ozoir.exports.fiches import action_sheets, plain_sheet, quartier_sheet
from ozoir.exports.naming import file_name
from ozoir.exports.pdf import render_pdf
from ozoir.exports.pictures import draw_picture, to_png
from ozoir.exports.report import yearly_report
from ozoir.exports.word import render_word
from ozoir.exports.workbook import render_workbook
from ozoir.exports.zipping import make_zip
from ozoir.indicators.results import Result

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_USUAL = Vue()
_PDF, _CSV, _ZIP = "application/pdf", "text/csv", "application/zip"


@dataclass(frozen=True)
class Format:
    """One kind of file. nom: the word of its file name. in_pack: part of the committee's pack."""

    id: str
    libelle: str
    nom: str
    extension: str
    mime: str
    render: Callable[[Dossier], bytes]
    description: str
    in_pack: bool = True

    def file_name(self, dossier: Dossier) -> str:
        return file_name(dossier, self.nom, self.extension)


@dataclass(frozen=True)
class File:
    """A file ready to hand over."""

    nom: str
    mime: str
    contenu: bytes


def _pdf(make: Callable[[Dossier], Document]) -> Callable[[Dossier], bytes]:
    return lambda dossier: render_pdf(make(dossier), dossier)


def _word(make: Callable[[Dossier], Document]) -> Callable[[Dossier], bytes]:
    return lambda dossier: render_word(make(dossier), dossier)


def _sheets(render: Callable[[Document, Dossier], bytes], extension: str) -> Callable[[Dossier], bytes]:
    """Every fiche action, one file each, in a zip."""

    def files(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
        for action, document in action_sheets(dossier):
            yield file_name(dossier, "fiche-action", extension, action.id), render(document, dossier)

    return lambda dossier: make_zip(files(dossier), dossier.edite_le)


def _pictures(extension: str) -> Callable[[Dossier], bytes]:
    """Every chart, one picture each, in a zip."""

    def files(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
        for result in dossier.resultats:
            picture = draw_picture(result, dossier.bandeau)
            if picture:
                content = picture.svg.encode() if extension == "svg" else to_png(picture)
                yield picture_name(dossier, result, extension), content

    return lambda dossier: make_zip(files(dossier), dossier.edite_le)


def _pack(dossier: Dossier) -> bytes:
    """Deck, workbook, report, fiches, data: what goes to the committee."""
    return make_zip(((item.nom, item.contenu) for item in render_pack(dossier)), dossier.edite_le)


FORMATS: tuple[Format, ...] = (
    Format(
        "pptx", "Diaporama du comité de pilotage", "bilan", "pptx", _SLIDES, render_deck,
        "10 à 15 diapositives modifiables, graphiques natifs, notes d’orateur",
    ),
    Format(
        "xlsx", "Classeur de données", "bilan", "xlsx", _SHEET, render_workbook,
        "une feuille par pilier, actions, crédits, chiffres, sources",
    ),
    Format("docx", "Bilan annuel (Word)", "bilan", "docx", _WORD, _word(yearly_report), "le rapport complet, à modifier"),
    Format("pdf", "Bilan annuel (PDF)", "bilan", "pdf", _PDF, _pdf(yearly_report), "le rapport complet, accessible, à diffuser"),
    Format("fiche-quartier", "Fiche quartier (PDF)", "fiche-quartier", "pdf", _PDF, _pdf(quartier_sheet), "le quartier en bref"),
    Format("fiche-quartier-docx", "Fiche quartier (Word)", "fiche-quartier", "docx", _WORD, _word(quartier_sheet), "à modifier"),
    Format(
        "fiche-simple", "Fiche en mots simples (PDF)", "fiche-mots-simples", "pdf", _PDF, _pdf(plain_sheet),
        "le quartier expliqué au conseil citoyen",
    ),
    Format(
        "fiche-simple-docx", "Fiche en mots simples (Word)", "fiche-mots-simples", "docx", _WORD, _word(plain_sheet), "à modifier"
    ),
    Format("fiches-actions", "Fiches actions (PDF)", "fiches-actions", "zip", _ZIP, _sheets(render_pdf, "pdf"), "une page par action"),
    Format(
        "fiches-actions-docx", "Fiches actions (Word)", "fiches-actions-word", "zip", _ZIP, _sheets(render_word, "docx"),
        "à modifier", in_pack=False,
    ),
    Format("csv", "Tableau CSV", "indicateurs", "csv", _CSV, render_csv, "pour un tableur français\u00a0: point-virgule, virgule"),
    Format("donnees", "Données ouvertes", "donnees", "zip", _ZIP, render_package, "CSV en UTF-8 et descripteur datapackage.json"),
    Format("png", "Graphiques (PNG)", "graphiques-png", "zip", _ZIP, _pictures("png"), "toutes les images", in_pack=False),
    Format("svg", "Graphiques (SVG)", "graphiques-svg", "zip", _ZIP, _pictures("svg"), "toutes les images", in_pack=False),
    Format(
        "pack", "Dossier complet du comité", "dossier-copil", "zip", _ZIP, _pack,
        "diaporama, classeur, bilan, fiches et données", in_pack=False,
    ),
)  # fmt: skip


def find_format(id: str) -> Format:
    """The row of this id; OzoirError with the accepted ones."""
    for item in FORMATS:
        if item.id == id:
            return item
    names = [item.id for item in FORMATS]
    raise OzoirError(
        "Format inconnu.", f"«\u00a0{id}\u00a0».{did_you_mean(id, names)} Formats acceptés\u00a0: {', '.join(names)}."
    )


def export(dossier: Dossier, id: str) -> File:
    """One file, named and ready."""
    chosen = find_format(id)
    return File(chosen.file_name(dossier), chosen.mime, chosen.render(dossier))


def render_pack(dossier: Dossier) -> Iterator[File]:
    """The files of the pack one by one, so that a page can tell how far it is."""
    for item in FORMATS:
        if item.in_pack:
            yield File(item.file_name(dossier), item.mime, item.render(dossier))


def picture_name(dossier: Dossier | Ecran, result: Result, extension: str) -> str:
    """« prefixe_graphique_2019_defm-abc_publique_2020-03-12.svg »."""
    return file_name(dossier, "graphique", extension, f"{result.indicateur.id} {result.decoupage}")


def export_picture(dossier: Dossier | Ecran, result: Result, extension: str, vue: Vue = _USUAL) -> File:
    """One chart as PNG or SVG, with title, source and banner inside; OzoirError when nothing can be drawn."""
    picture = draw_picture(result, dossier.bandeau, vue)
    if picture is None:
        raise OzoirError("Pas de graphique.", f"«\u00a0{result.indicateur.titre}\u00a0» n’a aucun chiffre à montrer.")
    content = picture.svg.encode() if extension == "svg" else to_png(picture)
    name = picture_name(dossier, result, extension)
    return File(name, "image/svg+xml" if extension == "svg" else "image/png", content)
