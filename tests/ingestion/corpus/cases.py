"""The corpus: name, file name, recipe. What each must give is in attendus.toml."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.ingestion.corpus.recipes import (
    SHEET,
    book,
    broken_part,
    cell,
    changed_text,
    doctype,
    encrypted_zip,
    gzip_of,
    html_table,
    in_sheet,
    lying_size,
    odd_method,
    ods,
    ods_table,
    page,
    parts,
    strings_bomb,
    swap,
    xml_2003,
)
from tests.ingestion.samples import demo_cells, demo_text


@dataclass(frozen=True)
class Case:
    nom: str
    fichier: str
    recette: Callable[[], bytes]


_SPREADSHEET = b'<?xml version="1.0" encoding="UTF-16"?>'
_FAR_ROW = b'<row r="9999999999"><c r="A99999999"><v>1</v></c></row>'
_TARGET = b"/xl/worksheets/sheet1.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _hide(workbook) -> None:
    workbook.create_sheet("Notes")["A1"] = "calculs"
    workbook["Notes"].sheet_state = "hidden"


def _hide_data(workbook) -> None:
    workbook.create_sheet("Vide")
    workbook["Quartiers"].sheet_state = "hidden"


def _hide_row(workbook) -> None:
    workbook.worksheets[0].row_dimensions[2].hidden = True


def _rename(name: str) -> Callable:
    def change(workbook) -> None:
        workbook.worksheets[0].title = name

    return change


def _merge(workbook) -> None:
    sheet = workbook.worksheets[0]
    sheet.insert_rows(1)
    sheet["A1"] = "Démographie"
    sheet.merge_cells("A1:H1")


def _in_cell(value: bytes) -> Callable[[bytes], bytes]:
    """Another value in the only cell I2, as raw XML."""
    return lambda content: re.sub(rb'(<c r="I2"[^>]*><v>)[^<]*', rb"\g<1>" + value, content)


def _many_formats() -> bytes:
    formats = b"".join(b'<numFmt numFmtId="%d" formatCode="0.%d"/>' % (200 + rank, rank) for rank in range(65_000))
    return b'<numFmts count="65000">' + formats + b"</numFmts>"


def _zip64(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            with target.open(name, "w", force_zip64=True) as part:
                part.write(source.read(name))
    return stream.getvalue()


def _xlsx(name: str, make: Callable[[], bytes], fichier: str = "DEMO_2021.xlsx") -> Case:
    return Case(name, fichier, make)


def _cell(name: str, place: str, value: object, number_format: str = "") -> Case:
    return _xlsx(name, lambda: book(cell(place, value, number_format)))


def _csv(name: str, before: str, after: str, fichier: str = "DEMO_2021.csv") -> Case:
    return Case(name, fichier, lambda: changed_text(before, after))


def _bytes(name: str, fichier: str, content: bytes) -> Case:
    return Case(name, fichier, lambda: content)


def _sheet(name: str, xml: bytes) -> Case:
    return _xlsx(name, lambda: parts(book(), {SHEET: in_sheet(xml)}))


def _part(name: str, part: str, change: Callable[[bytes], bytes]) -> Case:
    return _xlsx(name, lambda: parts(book(), {part: change}))


def _extra(name: str, **files: bytes) -> Case:
    return _xlsx(name, lambda: parts(book(), extra={path.replace("__", "/"): data for path, data in files.items()}))


def _html(name: str, *tables: str, **others: str) -> Case:
    return Case(name, "DEMO_2021.xls", lambda: page(*tables, **others))


CASES: tuple[Case, ...] = (
    # attacks on the package
    _extra("bombe dans une image", xl__media__image1=b"0" * 12_000_000),
    _extra("bombe dans une feuille de plus", **{"xl__worksheets__sheet9.xml": b"<worksheet>" + b" " * 12_000_000}),
    _extra("cinq cents parties", **{f"xl__media__{rank}.txt": b"x" for rank in range(500)}),
    _extra("chemin hors du classeur", **{"..__..__etc__cron": b"x"}),
    _extra("chemin absolu", **{"__etc__passwd": b"x"}),
    _extra("chemin avec deux-points", **{"c:__temp__x": b"x"}),
    _extra("partie de même nom à la casse près", **{"XL__WORKBOOK.XML": b"<x/>"}),
    _part("milliard de rires", "xl/workbook.xml", doctype),
    _part(
        "entité externe dans les propriétés",
        "docProps/core.xml",
        lambda _: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ),
    _part("DOCTYPE dans une feuille", SHEET, lambda content: b"<!DOCTYPE a>" + content),
    _part("entité seule dans les styles", "xl/styles.xml", lambda content: content + b'<!ENTITY z "z">'),
    _part("feuille en UTF-16", SHEET, lambda content: content.decode().encode("utf-16")),
    _part("feuille déclarée en UTF-16", SHEET, lambda content: _SPREADSHEET + content.split(b"?>", 1)[-1]),
    _part("feuille déclarée en latin-1", SHEET, lambda content: b'<?xml version="1.0" encoding="iso-8859-1"?>' + content),
    _xlsx("coupé en deux", lambda: book()[: len(book()) // 2]),
    _xlsx("un octet abîmé", lambda: broken_part(book())),
    _xlsx("taille mensongère", lambda: lying_size(book())),
    _xlsx("entrées chiffrées", lambda: encrypted_zip(book())),
    _xlsx("compression inhabituelle", lambda: odd_method(book())),
    _xlsx("texte long répété 20 000 fois", lambda: strings_bomb(20_000)),
    _xlsx(
        "deux feuilles de même nom",
        lambda: parts(
            book(sheets={"Données": demo_cells(), "Autres": [[1]]}),
            {"xl/workbook.xml": swap(b"Autres", "Données".encode())},
        ),
    ),
    _xlsx("sans classeur", lambda: parts(book(), {"xl/workbook.xml": lambda _: None})),
    _xlsx("classeur binaire", lambda: parts(book(), {"xl/workbook.xml": lambda _: None}, {"xl/workbook.bin": b"x"})),
    _xlsx(
        "zip qui n’est pas un classeur",
        lambda: parts(book(), {name: (lambda _: None) for name in ("xl/workbook.xml", "[Content_Types].xml")}),
    ),
    _bytes("zip vide", "DEMO_2021.xlsx", b"PK\x05\x06" + b"\0" * 18),
    _bytes("zip aux octets absurdes", "DEMO_2021.xlsx", b"PK\x03\x04" + b"\xff" * 400),
    _xlsx("cent une feuilles", lambda: book(sheets={f"F{rank}": [[1]] for rank in range(101)})),
    # far cells, too many of everything
    _sheet("coin XFD1048576", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    _sheet("coin AZ1048576", b'<row r="1048576"><c r="AZ1048576"><v>1</v></c></row>'),
    _sheet("cellule à XFD2000", b'<row r="2000"><c r="XFD2000"><v>1</v></c></row>'),
    _xlsx("dix mille colonnes", lambda: book(sheets={"F": [range(10_000)]})),
    _bytes(
        "texte de trois mille colonnes",
        "DEMO_2021.csv",
        (";".join(f"c{rank}" for rank in range(3000)) + "\r\n" + ";".join(["1"] * 3000)).encode(),
    ),
    _bytes("texte de trente mille colonnes", "DEMO_2021.csv", b";" * 30_000 + b"\r\n1"),
    Case(
        "coin d’un classeur LibreOffice",
        "DEMO_2021.ods",
        lambda: ods(
            ods_table(
                '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="1024"/></table:table-row>'
            )
        ),
    ),
    Case(
        "LibreOffice protégé",
        "DEMO_2021.ods",
        lambda: ods(ods_table(""), **{"META-INF__manifest.xml": "<x encryption-data=''/>"}),
    ),
    Case("LibreOffice avec DOCTYPE", "DEMO_2021.ods", lambda: ods("<!DOCTYPE x>" + ods_table(""))),
    Case(
        "LibreOffice, deux feuilles de même nom",
        "DEMO_2021.ods",
        lambda: ods(
            '<office:spreadsheet><table:table table:name="S"></table:table><table:table table:name="s"></table:table></office:spreadsheet>'
        ),
    ),
    # content which contradicts the name
    _bytes("PDF nommé csv", "DEMO_2021.csv", b"%PDF-1.7 ..."),
    _bytes("image nommée xlsx", "DEMO_2021.xlsx", b"\x89PNG\r\n\x1a\n0000"),
    _bytes("photo nommée csv", "DEMO_2021.csv", b"\xff\xd8\xff\xe0JFIF"),
    _bytes("archive gzip nommée xlsx", "DEMO_2021.xlsx", gzip_of(b"x" * 100)),
    _bytes("archive 7z nommée csv", "DEMO_2021.csv", b"7z\xbc\xaf\x27\x1c00000"),
    _bytes("archive rar nommée csv", "DEMO_2021.csv", b"Rar!\x1a\x0700000"),
    _bytes("texte nommé xlsx", "DEMO_2021.xlsx", demo_text().encode()),
    Case("classeur nommé csv", "DEMO_2021.csv", book),
    Case("page HTML nommée xlsx", "DEMO_2021.xlsx", lambda: page(html_table())),
    Case("XML 2003 nommé csv", "DEMO_2021.csv", xml_2003),
    _bytes("document Office nommé xls", "DEMO_2021.xls", _OLE + b"\0" * 504),
    _bytes("format inconnu", "DEMO_2021.docx", b"PK\x03\x04"),
    _bytes("format json", "DEMO_2021.json", b"{}"),
    _bytes("sans extension", "DEMO_2021", b"x"),
    _bytes("fichier vide", "DEMO_2021.csv", b""),
    _bytes("fichier blanc", "DEMO_2021.csv", b"\xef\xbb\xbf\r\n \r\n"),
    _bytes("texte binaire", "DEMO_2021.csv", demo_text().encode().replace(b"QP077018", b"QP\x00077018")),
    _bytes("UTF-16 coupé", "DEMO_2021.csv", b"\xff\xfe" + demo_text().encode("utf-16-le")[:-1]),
    _bytes("guillemet jamais refermé", "DEMO_2021.csv", demo_text().encode() + b'"' + b"x;" * 600_000),
    # pages and XML 2003 named .xls
    _html("page HTML, un tableau", html_table()),
    _html("page HTML en Windows-1252", html_table(), charset="cp1252"),
    _html("page HTML, un tableau et un menu", "<table><tr><td>Accueil</td></tr></table>", html_table()),
    _html("page HTML, deux tableaux", html_table(), html_table()),
    _html("page HTML, tableaux imbriqués", "<table><tr><td>", html_table(), "</td><td>x</td></tr></table>"),
    _html("page HTML sans tableau", "<p>Connectez-vous</p>"),
    _html("page HTML, script", html_table(), before="<script>document.write('<table>')</script>"),
    _html("page HTML, fusion démesurée", html_table(more='<tr><td rowspan="99999" colspan="1999">x</td></tr>')),
    _html("page HTML, colonne très loin", html_table(more='<tr><td colspan="5000">x</td></tr>')),
    Case("XML 2003", "DEMO_2021.xls", xml_2003),
    Case("XML 2003 avec DOCTYPE", "DEMO_2021.xls", lambda: xml_2003(head='<!DOCTYPE x [<!ENTITY a "b">]>')),
    Case("XML 2003 coupé", "DEMO_2021.xls", lambda: xml_2003()[:-30]),
    Case("XML 2003, deux feuilles de même nom", "DEMO_2021.xls", lambda: xml_2003(sheets=("A", "a"))),
    Case(
        "XML 2003, index démesuré",
        "DEMO_2021.xls",
        lambda: xml_2003().replace(b'<Row><Cell ss:Index="1">', b'<Row ss:Index="9000000"><Cell ss:Index="1990">', 1),
    ),
    # loaded with a finding which names the cells
    _cell("erreur #N/A", "I2", "#N/A"),
    _cell("erreur #DIV/0!", "J2", "#DIV/0!"),
    _cell("formule sans résultat", "I2", "=500+37"),
    _xlsx("feuille masquée", lambda: book(_hide)),
    _xlsx("données sur une feuille masquée", lambda: book(_hide_data)),
    _xlsx("ligne masquée", lambda: book(_hide_row)),
    _xlsx("macros", lambda: parts(book(), extra={"xl/vbaProject.bin": b"macro"})),
    _xlsx("dates depuis 1904", lambda: parts(book(), {"xl/workbook.xml": swap(b"<workbookPr", b'<workbookPr date1904="1"')})),
    _xlsx(
        "lien vers un autre classeur",
        lambda: parts(book(), extra={"xl/externalLinks/externalLink1.xml": b'<?xml version="1.0"?><externalLink/>'}),
    ),
    _xlsx("nom de feuille avec apostrophe", lambda: book(_rename("L'état « QPV »"))),
    _xlsx("titre fusionné au-dessus", lambda: book(_merge)),
    _cell("pourcentage au format", "G2", 0.518, "0.0 %"),
    _cell("pourcentage écrit", "G2", "51,8 %"),
    _cell("non diffusé : ND", "I2", "ND"),
    _cell("non communiqué : n.c.", "I2", "n.c."),
    _cell("moins de cinq", "K2", "< 5"),
    _cell("de 1 à 4", "K2", "1-4"),
    _cell("texte dans un nombre", "I2", "environ 540"),
    _cell("nombre ambigu", "I2", "1,234.5"),
    _cell("date à la place d’un nombre", "K2", __import__("datetime").date(2021, 4, 1)),
    _cell("vrai à la place d’un nombre", "K2", True),
    _cell("effectif négatif", "I2", -537),
    _cell("effectif à virgule", "I2", 537.5),
    _csv("milliers à l’anglaise", ";537;", ";1.537;"),
    _csv("colonne en double, autres valeurs", "ENF;NOTE_CNAF", "A;NOTE_CNAF"),
    _csv("caractères de contrôle", "La Renardière", "La\x07 Renardière"),
    _csv("sens d’écriture inversé", "La Renardière", "\u202eLa Renardière"),
    _csv("espaces insécables dans le code", "QP077018;", "\u00a0QP077018\u202f;"),
    _csv("territoire mal écrit", "QP077001;", "QP07701;"),
    _csv("même territoire deux fois", "QP077001;", "QP077018;"),
    _csv("édition absente du nom", "CODGEO", "CODGEO", "recu.csv"),
    _csv("colonne renommée", "PERCOU", "PERSCOUV"),
    _csv("colonne nouvelle", "ENF;NOTE_CNAF", "ENFANTS_TOUS;NOTE_CNAF"),
    _bytes("Windows-1252", "DEMO_2021.csv", demo_text().replace("\u202f", " ").encode("cp1252")),
    _bytes("tabulations", "DEMO_2021.csv", demo_text().replace(";", "\t").encode()),
    _bytes("mille colonnes fantômes", "DEMO_2021.csv", demo_text().replace("\r\n", ";" * 1000 + "\r\n").encode()),
    _bytes("mise en page inconnue", "tableau.csv", b"Zone;Valeur\r\nici;3\r\n"),
    _bytes(
        "date impossible",
        "mission_locale_2020.csv",
        "Année;Code territoire;Sexe;Tranche d’âge;Niveau de formation;Premiers accueils;Jeunes suivis\r\n31/02/2020;QP077018;Total;Total;Total;32;99\r\n".encode(),
    ),
    _bytes("liste nominative", "liste.csv", "Nom;Prénom;NIR\r\nA;B;C\r\nD;E;F\r\n".encode()),
    # attacks found since
    _xlsx("adresse qu’aucun tableur ne connaît", lambda: parts(book(), {SHEET: in_sheet(_FAR_ROW)})),
    _xlsx("colonne à cinq lettres", lambda: parts(book(), {SHEET: in_sheet(b'<row r="9"><c r="ZZZZZ9"><v>1</v></c></row>')})),
    _xlsx("nombre infini", lambda: parts(book(), {SHEET: _in_cell(b"1e400")})),
    _xlsx("nombre NaN", lambda: parts(book(), {SHEET: _in_cell(b"NaN")})),
    _xlsx("nombre de quatre cents chiffres", lambda: parts(book(), {SHEET: _in_cell(b"9" * 400)})),
    _xlsx("nom de feuille renversé", lambda: book(_rename("\u202eabc"))),
    _xlsx("nom de feuille sur deux lignes", lambda: parts(book(), {"xl/workbook.xml": swap(b'"Quartiers"', b'"a&#10;b"')})),
    _xlsx(
        "relation vers un autre fichier",
        lambda: parts(book(), {"xl/_rels/workbook.xml.rels": swap(_TARGET, b"../../etc/passwd")}),
    ),
    _xlsx(
        "soixante-cinq mille formats", lambda: parts(book(), {"xl/styles.xml": swap(b"<fonts", _many_formats() + b"<fonts")})
    ),
    _xlsx("zip64 partout", lambda: _zip64(book())),
    Case("un million de colonnes", "DEMO_2021.csv", lambda: b"c;" * 1_000_000 + b"\n" + b"1;" * 1_000_000),
    Case("cellule pleine de chiffres", "DEMO_2021.csv", lambda: (demo_text() + "\n" + "0612345678 " * 20_000).encode()),
    Case("cellule pleine de dates", "DEMO_2021.csv", lambda: (demo_text() + "\n" + "T1 2020 " * 20_000).encode()),
    _csv("séparateur dans un nom", "Anne Franck", "Anne;Franck"),
    _csv("chiffres arabes", ";537;", ";٥٣٧;"),
    _csv("nombre entre parenthèses", ";537;", ";(12);"),
    _csv("nombre suivi d’un appel de note", ";537;", ";12*;"),
    _csv("nombre approché", ";537;", ";≈ 30;"),
    _csv("point suivi de trois chiffres", ";537;", ";1.234;"),
    _csv("lettre cyrillique dans un code", "QP077018", "Q\u0420077018"),
    _csv("lettre O dans un code", "QP077018", "QPO77018"),
    _csv("formule de tableur dans un nom", "Anne Franck", "=cmd|' /C calc'!A0"),
    _csv("balise dans un intitulé", "PERCOU", "PERCOU<script>"),
)
