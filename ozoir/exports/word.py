"""A Document as an editable Word file: real styles, table of contents, captions, repeated table headers."""

from __future__ import annotations

import io
from datetime import datetime, time

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from ozoir.exports.cleaning import plain_text, property_text, shorten
from ozoir.exports.contents import (
    Bloc,
    ChiffresCles,
    Document,
    Dossier,
    Graphique,
    SautDePage,
    Tableau,
    Texte,
    Titre,
)
from ozoir.exports.pictures import draw_chart, to_png
from ozoir.exports.word_styles import BLUE, MUTED, PALE, add_field, mark_field, set_page, set_run, set_styles, shade
from ozoir.exports.zipping import settle_zip

WIDTH = 17.0  # centimetres between the margins of an A4 page
MARGIN = 50  # twentieths of a point, each side of a cell
_CELL = "Cellule"  # set by id: looking a style up by name costs more than all the rest
LONG_TABLE = 9  # lines: a shorter table is never cut between two pages
_STYLES = {
    "corps": "Normal",
    "lecture": "Lecture",
    "source": "Source",
    "clause": "Clause",
    "encadre": "Encadré",
    "puce": "List Bullet",
    "appel": "À compléter",
}


def render_word(document: Document, dossier: Dossier) -> bytes:
    """The file's bytes; the moment written inside is the day of the dossier."""
    word = new_document()
    set_page(word)
    set_styles(word, document.corps, document.is_long)
    _set_properties(word, document, dossier)
    _set_header_and_footer(word, document, dossier)
    if document.is_long:
        _add_cover(word, document, dossier)
    else:
        word.add_paragraph(plain_text(document.titre), style="Title")
        word.add_paragraph(plain_text(document.sous_titre), style="Subtitle")
    captioned = [bloc for bloc in document.blocs if isinstance(bloc, Tableau) and bloc.titre]
    numbers = {id(bloc): rank for rank, bloc in enumerate(captioned, 1)}
    for bloc in document.blocs:
        _add_bloc(word, bloc, numbers.get(id(bloc), 0))
    stream = io.BytesIO()
    word.save(stream)
    return settle_zip(stream.getvalue(), dossier.edite_le)


def _set_properties(word: WordDocument, document: Document, dossier: Dossier) -> None:
    moment = datetime.combine(dossier.edite_le, time(12))
    properties = word.core_properties
    properties.title, properties.author = property_text(document.titre), property_text(dossier.contrat)
    properties.subject, properties.language = property_text(dossier.bandeau), "fr-FR"
    properties.comments, properties.last_modified_by = dossier.version, ""
    properties.created = properties.modified = moment
    properties.revision = 1


def _set_header_and_footer(word: WordDocument, document: Document, dossier: Dossier) -> None:
    section = word.sections[0]
    header = section.header.paragraphs[0]
    set_run(header.add_run(plain_text(dossier.bandeau)), is_bold=True)
    footer = section.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.clear_all()
    footer.style.paragraph_format.tab_stops.clear_all()
    footer.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    set_run(footer.add_run(plain_text(f"{shorten(document.titre)} – {shorten(dossier.contrat)}\t")))
    for code in ("PAGE", "NUMPAGES"):
        if code == "NUMPAGES":
            set_run(footer.add_run("\u202f/\u202f"))
        add_field(footer, code, "1")


def _add_cover(word: WordDocument, document: Document, dossier: Dossier) -> None:
    space = word.add_paragraph()
    space.paragraph_format.space_after = Pt(110)
    title = word.add_paragraph(plain_text(document.titre), style="Title")
    title.runs[0].font.size = Pt(28)
    word.add_paragraph(plain_text(document.sous_titre), style="Subtitle")
    banner = word.add_paragraph(style="Encadré")
    banner.add_run(plain_text(dossier.bandeau)).bold = True
    for line in (dossier.contrat, f"{dossier.quartier} – {dossier.commune}", dossier.version):
        word.add_paragraph(plain_text(line), style="Source")
    word.add_page_break()
    summary = word.add_paragraph("Sommaire", style="Subtitle")
    summary.runs[0].font.bold = True
    for bloc in document.blocs:  # written in full, so that a reader which computes no field shows it too
        if isinstance(bloc, Titre) and bloc.niveau <= 2:
            line = word.add_paragraph(plain_text(bloc.texte), style="Normal")
            line.paragraph_format.left_indent = Cm(0.6 * (bloc.niveau - 1))
            line.paragraph_format.space_after = Pt(2)
    _wrap_as_contents(word, summary)
    word.add_page_break()


def _wrap_as_contents(word: WordDocument, title: Paragraph) -> None:
    """Make the lines after the title the shown value of a TOC field, which Word offers to update."""
    lines = []
    for element in title._p.itersiblings():
        if element.tag == qn("w:p"):
            lines.append(Paragraph(element, word._body))
    if not lines:
        return
    first, last = lines[0], lines[-1]
    start = OxmlElement("w:r")
    mark_field(start, "begin")
    code = OxmlElement("w:r")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = ' TOC \\o "1-2" \\h \\z \\u '
    code.append(instruction)
    middle = OxmlElement("w:r")
    mark_field(middle, "separate")
    place = first._p.find(qn("w:pPr"))
    for element in (middle, code, start):
        place.addnext(element) if place is not None else first._p.insert(0, element)
    end = OxmlElement("w:r")
    mark_field(end, "end")
    last._p.append(end)


def _add_bloc(word: WordDocument, bloc: Bloc, number: int) -> None:
    """number: of a table with a caption."""
    match bloc:
        case Titre():
            word.add_heading(plain_text(bloc.texte), level=bloc.niveau)
        case Texte():
            word.add_paragraph(plain_text(bloc.texte), style=_STYLES[bloc.style])
        case Tableau():
            _add_table(word, bloc, number)
        case Graphique():
            _add_chart(word, bloc)
        case ChiffresCles():
            _add_key_figures(word, bloc)
        case SautDePage():
            word.add_page_break()


def _add_chart(word: WordDocument, bloc: Graphique) -> None:
    picture = draw_chart(bloc.resultat, largeur=bloc.largeur, hauteur=bloc.hauteur)
    if picture is None:
        word.add_paragraph(plain_text(bloc.resultat.lecture), style="Lecture")
        return
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = bool(bloc.legende)
    shape = paragraph.add_run().add_picture(io.BytesIO(to_png(picture)), width=Cm(WIDTH * bloc.largeur))
    properties = shape._inline.docPr
    properties.set("descr", picture.alt)
    properties.set("name", plain_text(bloc.resultat.indicateur.titre))
    if bloc.legende:
        word.add_paragraph(plain_text(bloc.legende), style="Source")


def _add_table(word: WordDocument, bloc: Tableau, number: int) -> None:
    if bloc.titre:
        caption = word.add_paragraph(style="Caption")
        caption.add_run("Tableau\u00a0")
        add_field(caption, "SEQ Tableau \\* ARABIC", str(number))
        caption.add_run(f"\u00a0– {plain_text(bloc.titre)}")
    if not bloc.lignes:
        word.add_paragraph(plain_text(bloc.vide), style="Source")
        return
    table = word.add_table(rows=1 + len(bloc.lignes), cols=len(bloc.colonnes))
    table.style = "Table Grid"
    table.autofit = False
    widths = [Cm(WIDTH * share / sum(bloc.parts)) for share in bloc.parts]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    cells = table._cells  # read once: the library walks the whole table again for each row asked for
    texts = [bloc.colonnes, *([cell.texte for cell in line] for line in bloc.lignes)]
    for rank, (row, line) in enumerate(zip(table.rows, texts, strict=True)):
        is_kept = rank == 0 or (len(bloc.lignes) <= LONG_TABLE and rank < len(bloc.lignes))
        start = rank * len(widths)
        _fill_row(cells[start : start + len(widths)], line, bloc.droite, widths, rank == 0, is_kept)
        (_repeat if rank == 0 else _keep_whole)(row)
    _thin_borders(table)
    for note in (*bloc.notes, *([bloc.source] if bloc.source else [])):
        word.add_paragraph(plain_text(note), style="Source")
    if not (bloc.notes or bloc.source):
        word.add_paragraph(style="Source")


def _fill_row(cells: list[_Cell], texts, right: tuple[int, ...], widths: list, is_header: bool, is_kept: bool) -> None:
    """is_kept: on the same page as the next row."""
    for rank, (cell, text, width) in enumerate(zip(cells, texts, widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph._p.style = _CELL
        paragraph.add_run(plain_text(text)).bold = is_header
        if rank in right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if is_kept:
            paragraph.paragraph_format.keep_with_next = True
        if is_header:
            shade(cell._tc.get_or_add_tcPr(), PALE)


def _repeat(row) -> None:
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)
    _keep_whole(row)


def _keep_whole(row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _thin_borders(table) -> None:
    """Horizontal rules only, and cells as tight as print allows: ten columns must hold their headings."""
    borders = OxmlElement("w:tblBorders")
    for side, kind in (
        ("top", "single"),
        ("left", "nil"),
        ("bottom", "single"),
        ("right", "nil"),
        ("insideH", "single"),
        ("insideV", "nil"),
    ):
        border = OxmlElement(f"w:{side}")
        for name, value in (("w:val", kind), ("w:sz", "4"), ("w:space", "0"), ("w:color", "D1D5DB")):
            border.set(qn(name), value)
        borders.append(border)
    properties = table._tbl.tblPr
    following = properties.find(qn("w:tblLayout"))
    (following if following is not None else properties.find(qn("w:tblLook"))).addprevious(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.find(qn("w:tblLook")).addprevious(margins)


def _add_key_figures(word: WordDocument, bloc: ChiffresCles) -> None:
    columns = 3 if len(bloc.chiffres) > 4 else 2
    for start in range(0, len(bloc.chiffres), columns):
        row = bloc.chiffres[start : start + columns]
        table = word.add_table(rows=1, cols=columns)
        table.autofit = False
        _keep_whole(table.rows[0])
        for cell, figure in zip(table.rows[0].cells, row, strict=False):
            cell.width = Cm(WIDTH / columns)
            shade(cell._tc.get_or_add_tcPr(), PALE)
            paragraph = cell.paragraphs[0]
            paragraph._p.style = _CELL
            paragraph.add_run(plain_text(figure.libelle)).bold = True
            value = cell.add_paragraph(style="Cellule")
            run = value.add_run(plain_text(figure.valeur))
            run.font.size, run.font.bold, run.font.color.rgb = Pt(16), True, BLUE
            value.add_run(f"  {plain_text(figure.periode)}").font.color.rgb = MUTED
            for text in filter(None, (figure.comparaison, figure.evolution)):
                cell.add_paragraph(plain_text(text), style="Cellule")
        gap = word.add_paragraph(style="Cellule")
        gap.paragraph_format.space_after = Pt(2)
