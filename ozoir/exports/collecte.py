"""A collection workbook written as .xlsx: drop-down lists, locked labels, yellow cells to fill, ready to print."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import datetime, time

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from ozoir.catalogue.classeur import (
    CLE,
    CONSIGNES,
    CREDITS,
    ENTIER,
    EUROS,
    FERMEE,
    FEUILLES,
    LIBELLE,
    LIGNES_LIBRES,
    LISTE,
    LISTES,
    NOMBRE,
    POURCENTAGE,
    SAISIE,
    TECHNIQUE,
    TEXTE_MAXIMUM,
    Classeur,
    Colonne,
    Feuille,
    Ligne,
    Valeur,
    row_copy,
    workbook_digest,
)
from ozoir.exports.consignes import INTERTITRE, TITRE, instructions
from ozoir.numbers import format_date

_HEADER_ROW = 4
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FORMATS = {ENTIER: "#,##0", NOMBRE: "#,##0.##", POURCENTAGE: "0.0", EUROS: "#,##0.00"}

_FONT = "Arial"  # or a face of the same widths everywhere: what fits here fits there
_INK, _GREY, _BLUE = "1F2933", "52606D", "1F3A5F"
_YELLOW, _PALE, _DARK = (PatternFill("solid", fgColor=color) for color in ("FFF8D6", "F3F5F7", _BLUE))
_BORDER = Border(*[Side(style="thin", color="B8C2CC")] * 4)


class _FittingRow(RowDimension):
    """A row with a height to start from, that still grows with what is typed in it."""

    customHeight = False


def write_workbook(classeur: Classeur) -> bytes:
    """The .xlsx file. Bytes differ from one run to the next (dates in the zip): compare cells, not files."""
    book = Workbook()
    book._named_styles["Normal"].font = Font(name=_FONT, size=10)  # the digit column widths are counted in
    _write_properties(book, classeur)
    _write_instructions(book.active, classeur)
    sheets = [book.create_sheet(feuille.titre) for feuille in FEUILLES]
    _write_copy(book.create_sheet(TECHNIQUE), classeur)
    places = _write_lists(book.create_sheet(LISTES), classeur)
    for sheet, feuille in zip(sheets, FEUILLES, strict=True):
        _write_sheet(sheet, feuille, classeur, places)
    book.security.lockStructure = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def workbook_name(classeur: Classeur) -> str:
    """« collecte-2016-pole-emploi.xlsx »: no accent, no space, so that every mail program keeps it."""
    letters = unicodedata.normalize("NFKD", classeur.entete.pilote.casefold())
    plain = "".join(
        letter if letter.isascii() and letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)
    )
    return f"collecte-{classeur.entete.annee}-{'-'.join(plain.split())}.xlsx"


def write_all(classeurs: Iterable[Classeur]) -> bytes:
    """Every workbook in one zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for classeur in classeurs:
            archive.writestr(workbook_name(classeur), write_workbook(classeur))
    return stream.getvalue()


def _write_properties(book: Workbook, classeur: Classeur) -> None:
    entete = classeur.entete
    book.properties.title = f"Classeur de collecte {entete.annee} – {entete.pilote}"
    book.properties.subject = classeur.titre
    book.properties.creator = "Tableau de bord du contrat de ville"
    book.properties.language = "fr-FR"
    book.properties.created = datetime.combine(entete.genere_le, time())


def _put(cell: Cell, value: Valeur) -> None:
    """Texts stay texts: one that starts like a formula is marked so, and is not computed even when edited."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", value.replace("\r\n", "\n"))[:TEXTE_MAXIMUM]
    cell.value = text
    if text:
        cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True


def _fit_height(sheet: Worksheet, row: int, size: float = 10) -> None:
    """As many lines as the row's longest text needs in its column; letters are narrower than the digits widths are in."""
    needed = 1
    for cell in sheet[row]:
        width = sheet.column_dimensions[get_column_letter(cell.column)].width * 11.8 / size
        paragraphs = str(cell.value or "").split("\n") if cell.alignment.wrap_text else []
        needed = max([needed, sum(_count_lines(text, width) for text in paragraphs)])
    sheet.row_dimensions[row] = _FittingRow(sheet, index=row, ht=round(needed * size * 1.28 + 3, 1))


def _count_lines(text: str, width: float) -> int:
    """Lines taken by a text broken between its words."""
    lines, used = 1, 0.0
    for word in text.replace("-", "- ").split():
        if used and used + len(word) > width - 1:
            lines, used = lines + 1, 0
        used += len(word) + 1
    return lines


def _write_instructions(sheet: Worksheet, classeur: Classeur) -> None:
    sheet.title = CONSIGNES
    sheet.column_dimensions["A"].width = 92
    for row, (style, text) in enumerate(instructions(classeur), 1):
        cell = sheet.cell(row, 1)
        _put(cell, text)
        is_heading = style in (TITRE, INTERTITRE)
        size = {TITRE: 15, INTERTITRE: 12}.get(style, 10)
        cell.font = Font(name=_FONT, size=size, bold=is_heading, color=_BLUE if is_heading else _INK)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom" if is_heading else "top")
        _fit_height(sheet, row, size)
    _protect(sheet)
    _set_page(sheet, classeur, is_landscape=False)
    sheet.sheet_view.showGridLines = False


def _write_sheet(sheet: Worksheet, feuille: Feuille, classeur: Classeur, places: dict[str, str]) -> None:
    _write_title(sheet, feuille, classeur)
    for rank, column in enumerate(feuille.colonnes, 1):
        cell = sheet.cell(_HEADER_ROW, rank)
        _put(cell, column.entete(classeur.entete.annee))
        cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
        cell.fill, cell.border = _DARK, _BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(rank)].width = column.largeur
    sheet.column_dimensions["A"].hidden = True
    _fit_height(sheet, _HEADER_ROW, 11)
    lines = list(classeur.lignes[feuille.id])
    if feuille is CREDITS:
        lines += [Ligne("", {})] * LIGNES_LIBRES
    validations: dict[tuple, DataValidation] = {}
    for row, line in enumerate(lines, _HEADER_ROW + 1):
        for rank, column in enumerate(feuille.colonnes, 1):
            _write_cell(sheet.cell(row, rank), column, line)
            if column.role == SAISIE:
                _validate(sheet, sheet.cell(row, rank), column, line, places, validations)
        _fit_height(sheet, row)
    labels = sum(column.role in (CLE, LIBELLE) for column in feuille.colonnes) or 1
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, max(labels, 2) + 1)
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    _protect(sheet)
    _set_page(sheet, classeur, is_landscape=True)


def _write_title(sheet: Worksheet, feuille: Feuille, classeur: Classeur) -> None:
    entete = classeur.entete
    title = f"{feuille.titre} {entete.annee} – {entete.pilote}"
    _put(sheet["B1"], f"DONNÉES FICTIVES – {title}" if entete.fictif else title)
    sheet["B1"].font = Font(name=_FONT, size=14, bold=True, color=_BLUE)
    is_empty = not classeur.lignes[feuille.id] and feuille is not CREDITS
    _put(sheet["B2"], "Rien à remplir dans cette feuille." if is_empty else feuille.consigne)
    sheet["B2"].font = Font(name=_FONT, size=10, color=_INK)
    _put(sheet["B3"], f"{classeur.titre} – préparé le {format_date(entete.genere_le)}")
    sheet["B3"].font = Font(name=_FONT, size=9, color=_GREY)


def _nature(column: Colonne, line: Ligne) -> str:
    return line.natures.get(column.champ, column.nature)


def _write_cell(cell: Cell, column: Colonne, line: Ligne) -> None:
    if column.role == CLE:
        _put(cell, line.cle)
        return
    _put(cell, line.cellules.get(column.champ))
    nature = _nature(column, line)
    is_open = column.role == SAISIE and nature != FERMEE
    is_number = nature in _FORMATS
    cell.number_format = _FORMATS.get(nature, "@" if is_open and nature != LISTE else "General")
    cell.font = Font(name=_FONT, size=10, color=_INK if is_open or column.role in (LIBELLE, SAISIE) else _GREY)
    cell.fill = _YELLOW if is_open else _PALE
    cell.border = _BORDER
    cell.alignment = Alignment(
        wrap_text=True, vertical="top", horizontal="right" if is_number else "left", indent=int(is_number)
    )
    cell.protection = Protection(locked=not is_open)


def _validate(
    sheet: Worksheet, cell: Cell, column: Colonne, line: Ligne, places: dict[str, str], validations: dict[tuple, DataValidation]
) -> None:
    """The cell accepts its list, or a number ≥ 0; one rule for all the cells alike."""
    nature = _nature(column, line)
    top = 100 if column.champ == "avancement" else None
    key = (nature, column.liste if nature == LISTE else "", top)
    if key not in validations:
        rule = _rule(nature, places.get(key[1], ""), top)
        if rule is None:
            return
        sheet.add_data_validation(rule)
        validations[key] = rule
    validations[key].add(cell)


def _rule(nature: str, place: str, top: int | None) -> DataValidation | None:
    if nature == LISTE:
        rule = DataValidation("list", formula1=place, allow_blank=True)
        rule.errorTitle, rule.error = (
            "Valeur hors de la liste",
            "Choisissez une des valeurs de la liste déroulante, ou laissez la case vide.",
        )
    elif nature == ENTIER and top is not None:
        rule = DataValidation("whole", operator="between", formula1="0", formula2=str(top), allow_blank=True)
        rule.errorTitle, rule.error = "Nombre attendu", f"Écrivez un nombre entier de 0 à {top}, sans signe %."
    elif nature == ENTIER:
        rule = DataValidation("whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        rule.errorTitle, rule.error = "Nombre attendu", "Écrivez un nombre entier, 0 ou plus, sans texte."
    elif nature in (NOMBRE, POURCENTAGE, EUROS):
        rule = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        what = {POURCENTAGE: "un taux de 0 à 100, sans signe %", EUROS: "un montant en euros, sans lettre ni symbole"}
        rule.errorTitle, rule.error = "Nombre attendu", f"Écrivez {what.get(nature, 'un nombre, 0 ou plus, sans texte')}."
    else:
        return None
    rule.showErrorMessage = True
    return rule


def _write_lists(sheet: Worksheet, classeur: Classeur) -> dict[str, str]:
    """The accepted values, one list per column; name of the list → its range."""
    places = {}
    for rank, (name, labels) in enumerate(classeur.listes.items(), 1):
        for row, label in enumerate((name, *labels), 1):
            _put(sheet.cell(row, rank), label)
        letter = get_column_letter(rank)
        places[name] = f"'{LISTES}'!${letter}$2:${letter}${len(labels) + 1}"
    sheet.sheet_state = "hidden"
    _protect(sheet)
    return places


def _write_copy(sheet: Worksheet, classeur: Classeur) -> None:
    """Who is asked about what, then every row as generated: what reading compares with."""
    header = classeur.entete.texts()
    rows = [row_copy(feuille, line) for feuille in FEUILLES for line in classeur.lignes[feuille.id]]
    header["empreinte"] = workbook_digest(header, rows)
    for row, cells in enumerate([*header.items(), (), *rows], 1):
        for rank, text in enumerate(cells, 1):
            cell = sheet.cell(row, rank)
            cell.number_format = "@"
            if text:
                _put(cell, text)
    sheet.sheet_state = "hidden"
    _protect(sheet)


def _protect(sheet: Worksheet) -> None:
    """Locked without a password, against slips of the hand; columns and rows may still be resized."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _set_page(sheet: Worksheet, classeur: Classeur, is_landscape: bool) -> None:
    entete = classeur.entete
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.8, 0.35
    sheet.oddFooter.left.text = f"{entete.pilote}, {entete.annee}".replace("&", "&&")
    sheet.oddFooter.center.text = "Diffusion restreinte – signataires du contrat"
    sheet.oddFooter.right.text = "Page &P sur &N"
    for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
        part.size, part.font = 8, f"{_FONT},Regular"
