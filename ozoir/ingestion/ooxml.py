"""Excel workbooks (.xlsx, .xlsm) judged before they are parsed: sheets, styles, shared texts, macros, links."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import AVERTISSEMENT, INFORMATION, Finding
from ozoir.ingestion.inspection import Inspection, SheetScan
from ozoir.ingestion.packages import RESAVE, Package
from ozoir.ingestion.sheet_scanning import SheetScanner, stream_cells, without_prefix

_SHARED = re.compile(rb't="s"[^>]*>\s*<v>(\d+)</v>')
_INLINE = re.compile(rb"<is>(.*?)</is>", re.DOTALL)
_TEXT = re.compile(rb"<t[^>/]*>([^<]*)</t>")
_WHITE_VALUE = re.compile(rb"<v[^>/]*>\s*</v>")
_LONGEST_TEXT = 20_000_000


def attribute(tag: bytes, name: str) -> str:
    """The value of one attribute of a tag, unescaped; empty when absent."""
    found = re.search(rb"[\s:]" + name.encode() + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    return unescape((found.group(1) or found.group(2) or b"").decode("utf-8", "replace")) if found else ""


def inspect_ooxml(package: Package) -> Inspection:
    """Every sheet counted, every part read through; raises OzoirError on what must not be parsed."""
    inspection = Inspection("xlsx")
    names = _part_names(package)
    workbook = without_prefix(package.read(names["xl/workbook.xml"]))
    percent_styles = _percent_styles(package, names.get("xl/styles.xml", ""))
    is_linked = any(name.startswith("xl/externallinks/") for name in names)
    strings = names.get("xl/sharedstrings.xml", "")
    done = {names["xl/workbook.xml"], names.get("xl/styles.xml", ""), strings}
    for name, is_hidden, part in _sheets(package, workbook, names):
        scanner = SheetScanner(SheetScan(name, is_hidden), percent_styles, is_linked, package.limits)
        scanner.read(package, part)
        done.add(part)
        inspection.sheets.append(scanner.scan)
    if strings:
        _check_strings(package, strings, sum(scan.cells for scan in inspection.sheets))
    package.read_rest(done)
    _remark(inspection, workbook, names, is_linked)
    return inspection


def _part_names(package: Package) -> dict[str, str]:
    """Parts by lower-case name, the required ones present."""
    names = {name.casefold(): name for name in package.names}
    if "xl/workbook.bin" in names:
        raise OzoirError(
            "Classeur binaire .xlsb non accepté.",
            "Ouvrez-le dans Excel et enregistrez-le au format « Classeur Excel (.xlsx) ».",
        )
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise OzoirError(
            "Ce fichier n’est pas un classeur Excel.",
            f"C’est une archive à laquelle manquent les parties d’un classeur. {RESAVE}",
        )
    return names


def count_blank_texts(package: Package) -> dict[str, int]:
    """By sheet, how many cells hold an empty or white text: counted as filled, yet read as nothing."""
    names = _part_names(package)
    strings = names.get("xl/sharedstrings.xml", "")
    texts = without_prefix(package.read(strings)).split(b"<si")[1:] if strings else []
    blank = {rank for rank, text in enumerate(texts) if not b"".join(_TEXT.findall(text)).strip()}
    counts: dict[str, int] = {}
    for name, _, part in _sheets(package, without_prefix(package.read(names["xl/workbook.xml"])), names):
        counts[name] = 0
        for piece in stream_cells(package, part, name):
            counts[name] += sum(int(rank) in blank for rank in _SHARED.findall(piece))
            counts[name] += sum(not b"".join(_TEXT.findall(inline)).strip() for inline in _INLINE.findall(piece))
            counts[name] += len(_WHITE_VALUE.findall(piece))
    return counts


def _sheets(package: Package, workbook: bytes, names: dict[str, str]) -> list[tuple[str, bool, str]]:
    """(name, hidden, part) of each worksheet, in the workbook's order."""
    links = package.read(names["xl/_rels/workbook.xml.rels"]) if "xl/_rels/workbook.xml.rels" in names else b""
    targets = {attribute(tag, "Id"): attribute(tag, "Target") for tag in re.findall(rb"<[^<>]*Relationship\s[^>]*>", links)}
    found, seen = [], set()
    for tag in re.findall(rb"<sheet\s[^>]*>", workbook):
        name, target = attribute(tag, "name"), targets.get(attribute(tag, "id"), "")
        if name.casefold() in seen:
            raise OzoirError(
                "Deux feuilles portent le même nom.",
                f"La feuille « {name} » figure deux fois : l’une serait lue à la place de l’autre. {RESAVE}",
            )
        seen.add(name.casefold())
        part = names.get((target[1:] if target.startswith("/") else f"xl/{target}").casefold(), "")
        if "worksheets/" in part.casefold():
            found.append((name, attribute(tag, "state") in ("hidden", "veryHidden"), part))
    if not found:
        raise OzoirError("Classeur sans feuille de calcul.", f"Aucune feuille ne peut y être lue. {RESAVE}")
    if len(found) > package.limits.sheets:
        raise OzoirError(
            "Trop de feuilles dans le classeur.",
            f"Il en contient {len(found)} ; {package.limits.sheets} au plus sont lues. Gardez celles qui portent des données.",
        )
    return found


def _percent_styles(package: Package, part: str) -> str:
    """« 3|7 »: the style numbers which show a number as a percentage; empty when there is none."""
    if not part:
        return ""
    content = without_prefix(package.read(part))
    formats = {"9", "10"}
    for tag in re.findall(rb"<numFmt\s[^>]*>", content):
        if "%" in re.sub(r'"[^"]*"|\\.', "", attribute(tag, "formatCode")):
            formats.add(attribute(tag, "numFmtId"))
    cells = re.search(rb"<cellXfs.*?</cellXfs>", content, re.DOTALL)
    tags = re.findall(rb"<xf\s[^>]*>", cells.group()) if cells else []
    return "|".join(str(rank) for rank, tag in enumerate(tags) if attribute(tag, "numFmtId") in formats)


def _check_strings(package: Package, part: str, cells: int) -> None:
    """Not too many shared texts, and none so long that its repetitions fill the memory."""
    limits, count, longest, waiting = package.limits, 0, 0, b""
    for chunk in package.stream(part):
        pieces = (waiting + chunk).split(b"<si")
        waiting = pieces.pop()
        count += len(pieces)
        longest = max([longest, *map(len, pieces)])
        if count > limits.strings or len(waiting) > _LONGEST_TEXT:
            raise OzoirError(
                "Trop de textes dans le classeur.",
                f"{limits.strings // 1_000_000} millions de textes différents au plus sont lus. {RESAVE}",
            )
    if max(longest, len(waiting)) * cells > limits.text:
        _check_repetitions(package, part)


def _check_repetitions(package: Package, part: str) -> None:
    lengths = [len(text) for text in package.read(part).split(b"<si")[1:]]
    uses: Counter[int] = Counter()
    for name in package.names:
        if name.casefold().startswith("xl/worksheets/") and name.casefold().endswith(".xml"):
            for piece in stream_cells(package, name, name):
                uses.update(map(int, _SHARED.findall(piece)))
    if sum(times * lengths[rank] for rank, times in uses.items() if rank < len(lengths)) > package.limits.text:
        raise OzoirError(
            "Textes répétés démesurés.",
            f"De longs textes y sont répétés des milliers de fois : les lire remplirait la mémoire. {RESAVE}",
        )


def _remark(inspection: Inspection, workbook: bytes, names: dict[str, str], is_linked: bool) -> None:
    """Macros, links and the 1904 calendar are said, not obeyed."""
    if any(name.endswith("vbaproject.bin") for name in names):
        inspection.findings.append(Finding(INFORMATION, "Le classeur contient des macros : elles sont ignorées."))
    if re.search(rb"date1904\s*=\s*[\"'](?:1|true)", workbook):
        inspection.findings.append(Finding(INFORMATION, "Le classeur compte ses dates depuis 1904 : elles sont converties."))
    if is_linked and not any(scan.linked for scan in inspection.sheets):
        message = "Le classeur est lié à d’autres fichiers : seules ses valeurs enregistrées sont lues."
        inspection.findings.append(Finding(AVERTISSEMENT, message))
