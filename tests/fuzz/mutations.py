"""What the fuzzing starts from, and what it does to it: small true-shaped files, layouts and addresses, then damaged."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import xlwt
from hypothesis import strategies

from ozoir.paths import CATALOGUE
from tests.ingestion.corpus.recipes import book, html_table, ods, page, xml_2003
from tests.ingestion.samples import demo_cells, demo_text

NASTY = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b">", b"&#0;", b"&a;", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b'"', b";", b"\t", b"\r", b"\n", b"-1", b"1e999", b"-1e308", b"NaN", b"inf", b"99999999999999999999", b"0x10", b"1048577",
    b"XFD1048576", b"A0", b"AAAA1", b"2021-02-30", b"\xc3\x28", b"\xed\xa0\x80", "\u202e".encode(), "１２".encode(),
    "²".encode(), b"=1+1", b"#REF!", b"x" * 3000, b"QP077018", b"ns", b"1/0", b"12:61", b"1900-02-29", b"99991231",
    b"0000-00-00",
)  # fmt: skip
_LAYOUT_TOKENS = (
    '""', "[]", "{}", "true", "nan", "inf", "-1", "99999999999999999999", "1979-05-27", '"(?P<a"', '"[[["', '"*"', '"**"',
    '"\\u0000"', '"{}"', '"{annee}"', "[[tableaux]]", "[tableaux]", "[[tableaux.blocs]]", "\n", "=", "#", '"""', "'", ".", "é",
    '["QP2015"]', '"logements"', '"transpose"', '"serie"', '["a", 1]', "[[1, 2], []]", '"(a+)+$"', "9" * 400,
    '"' + "x" * 2000 + '"',
)  # fmt: skip


# Without it the reader does not know an OpenDocument.
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "</manifest:manifest>"
)


@cache
def samples() -> dict[str, bytes]:
    """File name → content: one of each kind the readers accept."""
    old = xlwt.Workbook()
    sheet = old.add_sheet("Quartiers")
    for line, row in enumerate(demo_cells()):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell if cell is not None else "")
    stream = io.BytesIO()
    old.save(stream)
    return {
        "DEMO_2021.xlsx": book(),
        "DEMO_2021.ods": ods(_open_document(), **{"META-INF__manifest.xml": _MANIFEST}),
        "DEMO_2021.xls": stream.getvalue(),
        "DEMO_2021.csv": demo_text().encode("utf-8-sig"),
        "DEMO_2021.txt": demo_text().replace(";", "\t").encode("cp1252", "replace"),
        "html.xls": page(html_table()),
        "xml.xls": xml_2003(),
    }


def _open_document() -> str:
    names = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    rows = "".join(f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>" for row in demo_cells())
    table = f'<table:table table:name="Quartiers">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    return f"<office:document-content{names}>{body}</office:document-content>"


def _open_cell(cell: object) -> str:
    if isinstance(cell, float | int):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{cell or ""}</text:p></table:table-cell>'


@strategies.composite
def damaged_files(draw) -> tuple[str, bytes]:
    """(name, content): bytes changed anywhere, or inside one part of the package, which is then closed again."""
    name = draw(strategies.sampled_from(sorted(samples())))
    data = samples()[name]
    is_inside = data[:2] == b"PK" and draw(strategies.integers(0, 3))
    data = _damage_part(draw, data) if is_inside else _damage(draw, data)
    if draw(strategies.integers(0, 9)) == 0:
        name = draw(strategies.sampled_from(sorted(samples())))
    return name.replace("html", "DEMO_2021").replace("xml", "DEMO_2021"), data


def _damage(draw, data: bytes) -> bytes:
    for _ in range(draw(strategies.integers(1, 4))):
        place = int(draw(strategies.floats(0, 1)) * len(data))
        length = draw(strategies.sampled_from((0, 0, 1, 2, 8, 60, 1000)))
        new = draw(strategies.sampled_from(NASTY) | strategies.binary(max_size=6))
        if draw(strategies.integers(0, 7)) == 0:
            new = data[place : place + 400] * draw(strategies.integers(1, 5))
        data = data[:place] + new + data[place + length :]
    return data


def _damage_part(draw, data: bytes) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    names = source.namelist()
    chosen = draw(strategies.sampled_from(names))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            content = source.read(name)
            package.writestr(name, _damage(draw, content) if name == chosen else content)
    return target.getvalue()


@cache
def layouts() -> tuple[str, ...]:
    """The shipped declarations, under another name so that they may be declared again."""
    texts = []
    for path in sorted((CATALOGUE / "sources").glob("*.toml")):
        texts.append(path.read_text("utf-8").replace(f'id = "{path.stem}"', f'id = "essai_{path.stem}"'))
    return tuple(texts)


@strategies.composite
def damaged_layouts(draw) -> str:
    """A declaration with lines moved, dropped or doubled, and values replaced."""
    lines = draw(strategies.sampled_from(layouts())).splitlines()
    for _ in range(draw(strategies.integers(1, 4))):
        place = draw(strategies.integers(0, len(lines) - 1)) if lines else 0
        match draw(strategies.integers(0, 5)):
            case 0:
                del lines[place : place + 1]
            case 1:
                lines[place:place] = lines[place : place + 4]
            case 2:
                lines.insert(place, draw(strategies.sampled_from(_LAYOUT_TOKENS)))
            case 3 | 4:
                key, equals, _ = (lines[place] if lines else "").partition("=")
                lines[place : place + 1] = [f"{key}{equals or '='} {draw(strategies.sampled_from(_LAYOUT_TOKENS))}"]
            case _:
                text = draw(strategies.text(max_size=8))
                lines[place : place + 1] = [(lines[place] if lines else "")[: draw(strategies.integers(0, 30))] + text]
    return "\n".join(lines)


NAMES = (
    "pilier", "axe", "action", "annee", "vue", "numero", "edition", "diffusion", "apercu", "decoupage", "sexe", "age",
    "comparateur", "depuis", "voir", "indicateur", "objectif", "embed", "inconnu",
)  # fmt: skip
VALUES = (
    "", "0", "-1", "1", "9" * 5000, "²", "٣", "1e3", "None", "../..", "restreinte", "publique", "etats", "saisie", "femmes",
    "<script>alert(1)</script>", "' OR 1=1 --", "\x00", "\ud7ff", "a" * 3000, "2016", "99999", "oui", "non", "%00", "{x}",
    "[a](b)",
)  # fmt: skip


def addresses(known: tuple[str, ...]):
    """Parameters of an address: names pages know, values they do and do not expect."""
    value = strategies.sampled_from((*VALUES, *known)) | strategies.text(max_size=12)
    values = value | strategies.lists(value, max_size=3)
    return strategies.dictionaries(strategies.sampled_from(NAMES), values, max_size=4)
