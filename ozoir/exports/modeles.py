"""Blank workbooks for the partners' local extracts, made from their declarations: filled, they load without a question."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ozoir.catalogue.libelles import describe_cle
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import ColonneDimension, Source, Tableau, Territoire, parse_cle
from ozoir.numbers import NBSP, format_date
from ozoir.typography import typeset

MODE_D_EMPLOI = "mode d’emploi"
_ROWS = 400
_FIRST_LIST = 8  # the column of the instructions from which long lists stand
_HEAD = PatternFill("solid", fgColor="E3ECFB")
_ENTRY = PatternFill("solid", fgColor="FFFBEB")
_OPEN = Protection(locked=False)
_WRAP = Alignment(wrap_text=True, vertical="top")
_CODES = {"F", "H", "O", "N"}  # short spellings accepted, not offered


@dataclass(frozen=True)
class Modele:
    """A blank workbook: name and bytes."""

    nom: str
    contenu: bytes


def has_template(source: Source) -> bool:
    """Only local extracts have one."""
    return source.locale


def offered_templates(catalogue: Catalogue) -> dict[str, Source]:
    """Those of this contract: a list of dwellings says « in the quartier » or not, which names none of several."""
    is_several = _has_several(catalogue.territoire)
    return {
        source.id: source
        for source in catalogue.sources.values()
        if has_template(source) and not (is_several and any(tableau.forme == "logements" for tableau in source.tableaux))
    }


def _has_several(territoire: Territoire) -> bool:
    return len(territoire.membres) > 1 or len(territoire.communes) > 1


def write_template(source: Source, catalogue: Catalogue, jour: date) -> Modele:
    """One sheet per table, a drop-down for each breakdown, labels locked, then the instructions."""
    workbook = Workbook()
    instructions = workbook.active
    instructions.title = MODE_D_EMPLOI
    for tableau in source.tableaux:
        sheet = workbook.create_sheet(_sheet_name(tableau))
        if tableau.forme == "transpose":
            _write_transposed(sheet, source, tableau, catalogue, jour)
        elif tableau.forme == "logements":
            _write_dwellings(sheet, tableau)
        else:
            _write_table(sheet, workbook, source, tableau, catalogue, jour)
        sheet.protection.sheet = True
        sheet.protection.formatColumns = False
        sheet.freeze_panes = sheet.cell(_header_line(tableau) + 1, 1)
    _write_instructions(instructions, source, catalogue, jour)
    workbook.move_sheet(instructions, len(source.tableaux))
    workbook.active = 0
    stream = io.BytesIO()
    workbook.save(stream)
    return Modele(f"{source.id}_{_stamp(source, jour)}.xlsx", stream.getvalue())


def _stamp(source: Source, jour: date) -> str:
    """As the layout reads it in the file's name: the whole date, or the year where a year is the edition."""
    return str(jour.year) if any("edition" in pattern for pattern in source.fichiers) else jour.isoformat()


def _sheet_name(tableau: Tableau) -> str:
    if tableau.feuilles and "*" not in tableau.feuilles[0]:
        return tableau.feuilles[0][:31]
    return tableau.nom[:31].replace("/", "-")


def _header_line(tableau: Tableau) -> int:
    return 1 if tableau.forme == "logements" else 3


def _write_title(sheet: Worksheet, source: Source, jour: date) -> None:
    year = (
        f", recensement {jour.year}"
        if any("recensement" in pattern for pattern in source.titres)
        else f", situation au {format_date(jour)}"
    )
    sheet["A1"] = f"{source.titre}{year}"
    sheet["A1"].font = Font(bold=True, size=13)


def _write_headers(sheet: Worksheet, line: int, headers: Sequence[str]) -> None:
    for column, header in enumerate(headers, 1):
        cell = sheet.cell(line, column, header)
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, _WRAP
        sheet.column_dimensions[get_column_letter(column)].width = max(13, min(len(header) + 2, 46))


def _write_transposed(sheet: Worksheet, source: Source, tableau: Tableau, catalogue: Catalogue, jour: date) -> None:
    _write_title(sheet, source, jour)
    several = _has_several(catalogue.territoire)
    headers = (tableau.signature[0], *coded_places(catalogue)) if several else tableau.signature
    _write_headers(sheet, 3, headers)
    labels = [name for bloc in tableau.blocs for name in bloc.colonnes]
    for line, name in enumerate(labels, 4):
        sheet.cell(line, 1, name)
        for column in range(2, len(headers) + 1):
            _open(sheet, line, column)
    sheet.column_dimensions["A"].width = 64
    _check_numbers(sheet, f"B4:{get_column_letter(len(headers))}{3 + len(labels)}")


def _write_table(
    sheet: Worksheet, workbook: Workbook, source: Source, tableau: Tableau, catalogue: Catalogue, jour: date
) -> None:
    """The rows without breakdown are there already, one per territory; the others are added below with the drop-downs."""
    _write_title(sheet, source, jour)
    headers = table_headers(tableau)
    _write_headers(sheet, 3, headers)
    territoire = tableau.territoire
    known = catalogue.territoire
    latest = max(
        (zonage for zonage in known.zonages if zonage.debut <= jour), key=lambda zonage: zonage.debut, default=known.zonages[0]
    )
    is_coded = territoire.regle == "colonne" or _has_several(known)
    coded = {latest.code: "Quartier", known.code_commune: "Commune"} if not known.membres else coded_places(catalogue)
    places = list(coded) if is_coded else _place_texts(tableau)
    names = coded if is_coded else dict(zip(places, ("Quartier", "Commune"), strict=False))
    choices = {item.colonne: _texts(item) for item in tableau.dimensions} | (
        {territoire.colonnes[0]: places} if is_coded else {}
    )
    values = {name for bloc in tableau.blocs for name in bloc.colonnes}
    last = 4 + _ROWS
    for column, header in enumerate(headers, 1):
        letter = get_column_letter(column)
        for line in range(4, last):
            _open(sheet, line, column)
        if header in choices:
            _offer(sheet, workbook, f"{letter}4:{letter}{last - 1}", choices[header], header)
        if header in values:
            _check_numbers(sheet, f"{letter}4:{letter}{last - 1}")
    for line, place in enumerate(places, 4):
        for column, header in enumerate(headers, 1):
            if header == territoire.colonnes[0]:
                sheet.cell(line, column, place)
            elif header in territoire.libelles:
                sheet.cell(line, column, names[place])
            elif header == tableau.date:
                sheet.cell(line, column, jour.year if "ann" in header.lower() else format_date(jour))
            elif header in choices and (total := _total(tableau, header)):
                sheet.cell(line, column, total)


def coded_places(catalogue: Catalogue) -> dict[str, str]:
    """The code of each quartier and commune of a contract of several → its name."""
    names = {code: name for name, code in reversed(catalogue.territoire.noms.items())}
    quartiers = {item.zonages[-1].code: item.nom_quartier for item in catalogue.territoires if "+" not in item.zonages[-1].code}
    return quartiers | {code: names[code] for item in catalogue.territoires for code in item.communes}


def table_headers(tableau: Tableau) -> list[str]:
    """Date, territory, breakdowns, then the measures, in the order of the declaration."""
    names = [tableau.date, *tableau.territoire.colonnes[:1], *tableau.territoire.libelles[:1]]
    names += [item.colonne for item in tableau.dimensions]
    names += tableau.ignorees
    names += [name for bloc in tableau.blocs for name in bloc.colonnes]
    return [name for name in dict.fromkeys(names) if name]


def _place_texts(tableau: Tableau) -> list[str]:
    """One spelling for each territory of the declaration."""
    first: dict[str, str] = {}
    for text, target in tableau.territoire.valeurs.items():
        if target in ("quartier", "commune") and "*" not in text:
            first.setdefault(target, text)
    return list(first.values())


def _texts(item: ColonneDimension) -> list[str]:
    """One spelling per modality, the total first."""
    first: dict[str, str] = {}
    for text, target in item.valeurs.items():
        if text not in _CODES:
            first.setdefault(target, text)
    return sorted(first.values(), key=lambda text: item.valeurs[text] != "ensemble")


def _total(tableau: Tableau, header: str) -> str:
    """The text of a row which is not broken down; of a column of measures, the one its numbers are declared with."""
    item = next((item for item in tableau.dimensions if item.colonne == header), None)
    totals = {"ensemble", *(cle for bloc in tableau.blocs for cle in bloc.colonnes.values())}
    return next((text for text, target in item.valeurs.items() if target in totals), "") if item else ""


def _write_dwellings(sheet: Worksheet, tableau: Tableau) -> None:
    """One row per dwelling: no title above, the headers as the landlord's own extract has them."""
    rules = tableau.logements
    codes = {names[0]: rules.codes.get(role, {}) for role, names in rules.colonnes.items()}
    codes |= {name: tableau.territoire.valeurs for name in tableau.territoire.colonnes[:1]}
    _write_headers(sheet, 1, list(codes))
    for column, (header, meanings) in enumerate(codes.items(), 1):
        letter = get_column_letter(column)
        for line in range(2, _ROWS):
            _open(sheet, line, column)
        texts: dict[str, str] = {}
        for text, meaning in meanings.items():
            texts.setdefault(meaning, text)
        if texts:
            _offer(sheet, sheet.parent, f"{letter}2:{letter}{_ROWS - 1}", list(texts.values()), header)


def _open(sheet: Worksheet, line: int, column: int) -> None:
    cell = sheet.cell(line, column)
    cell.protection, cell.fill = _OPEN, _ENTRY


def _offer(sheet: Worksheet, workbook: Workbook, cells: str, texts: Sequence[str], header: str) -> None:
    """A drop-down; a list too long for the rule itself stands beside the instructions."""
    written = ",".join(texts)
    if len(written) <= 250 and not any("," in text for text in texts):
        formula = f'"{written}"'
    else:
        lists = workbook[MODE_D_EMPLOI]
        column = max(_FIRST_LIST, lists.max_column + 1)
        for line, text in enumerate(texts, 1):
            lists.cell(line, column, text)
        letter = get_column_letter(column)
        formula = f"'{MODE_D_EMPLOI}'!${letter}$1:${letter}${len(texts)}"
    rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "Valeur non proposée", f"Choisissez dans la liste de la colonne «{NBSP}{header}{NBSP}»."[:250]
    sheet.add_data_validation(rule)
    rule.add(cells)


def _check_numbers(sheet: Worksheet, cells: str) -> None:
    """A number which is not negative; a mark (nc, ///) is typed after « Oui »."""
    rule = DataValidation(
        "decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True, showErrorMessage=True, errorStyle="warning"
    )
    rule.errorTitle, rule.error = (
        "Ce n’est pas un nombre",
        "Écrivez un nombre, ou gardez nc (non communiqué) ou /// (sans objet).",
    )
    sheet.add_data_validation(rule)
    rule.add(cells)


def _write_instructions(sheet: Worksheet, source: Source, catalogue: Catalogue, jour: date) -> None:
    lines = [
        (source.titre, True),
        ("", False),
        (source.demande, False),
        (f"Date des chiffres attendue{NBSP}: {format_date(jour)}. Gardez le nom du fichier{NBSP}: il porte cette date.", False),
        (
            "Remplissez les cases jaunes ; les intitulés sont verrouillés. Les colonnes de ventilation proposent leurs valeurs.",
            False,
        ),
        (
            "Des totaux seulement, jamais une ligne par personne : ni nom, ni date de naissance, ni adresse, ni téléphone, ni identifiant.",
            True,
        ),
        ("Un zéro s’écrit 0. Une case vide veut dire « manquant », nc « non communiqué », /// « sans objet ».", False),
        ("", False),
        ("Ce que veut dire chaque intitulé", True),
    ]
    for line, (text, is_bold) in enumerate(lines, 1):
        sheet.cell(line, 1, typeset(text)).font = Font(bold=is_bold)
    line = len(lines)
    for tableau in source.tableaux:
        for bloc in tableau.blocs if tableau.forme != "logements" else ():
            for name, cle in bloc.colonnes.items():
                parsed = parse_cle(cle)
                definition = catalogue.mesures[parsed.mesure].definition
                line += 1
                for column, text in enumerate((name, describe_cle(catalogue, parsed), definition), 1):
                    sheet.cell(line, column, text)
    for letter, width in (("A", 70), ("B", 60), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = _WRAP
    sheet.protection.sheet = True
