"""Text files (.csv, .txt) become a grid: encoding and separator are found, ghost columns dropped."""

from __future__ import annotations

import codecs
import csv
import io
import re

from ozoir.errors import OzoirError
from ozoir.ingestion.delivery import INFORMATION, Finding
from ozoir.ingestion.headers import normalise
from ozoir.ingestion.inspection import Limits

SEPARATORS = (";", ",", "\t")
HEAD = 30
_LONGEST_LINE = 1_000_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def read_text_grid(data: bytes, known: set[str], limits: Limits) -> tuple[list[list[str]], list[Finding]]:
    """The rows of a text file and what was cleaned; `known` holds the normalised headers of every layout."""
    text, findings = _decode(data)
    if _CONTROL.search(text):
        text, count = _CONTROL.subn("", text)
        findings.append(Finding(INFORMATION, f"Caractères invisibles retirés du texte ({count})."))
    csv.field_size_limit(_LONGEST_LINE)
    longest = max(map(len, text[:_LONGEST_LINE].splitlines()), default=0)
    if longest >= _LONGEST_LINE:
        raise OzoirError(
            "Ligne de texte démesurée.",
            "Une ligne dépasse un million de signes\u00a0: ce n’est pas un tableau. "
            "Demandez au partenaire le tableau lui-même.",
        )
    separator = find_separator(text, known)
    if text.count(separator, 0, max(text.find("\n"), 0)) > 10 * limits.columns:
        raise OzoirError("Trop de colonnes.", f"{limits.columns} au plus sont lues. Supprimez les colonnes inutiles.")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise OzoirError(
            "Fichier texte mal formé.",
            "Un guillemet ouvert n’est sans doute jamais refermé. "
            "Ouvrez le fichier dans un tableur et enregistrez-le au format « CSV UTF-8 ».",
        ) from error
    return _without_ghosts(rows, limits), findings


def _decode(data: bytes) -> tuple[str, list[Finding]]:
    """UTF-8 first, then cp1252, then latin-1 (which reads anything)."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), []
        except UnicodeDecodeError as error:
            raise OzoirError(
                "Fichier texte endommagé.", "Son codage UTF-16 est interrompu. Demandez un nouvel envoi au partenaire."
            ) from error
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, [Finding(INFORMATION, "Le texte n’est pas en UTF-8 : il est lu comme un fichier Windows (cp1252).")]


def find_separator(text: str, known: set[str]) -> str:
    """The separator that makes known headers appear in one of the first rows; else the one that splits most evenly."""
    lines = text[:200_000].splitlines()[:HEAD]

    def score(separator: str) -> tuple[int, int]:
        rows = list(csv.reader(lines, delimiter=separator))
        headers = max((sum(normalise(cell) in known for cell in row) for row in rows), default=0)
        widths = [len(row) for row in rows if len(row) > 1]
        even = max((widths.count(width) for width in set(widths)), default=0)
        return headers, even

    return max(SEPARATORS, key=score)


def _without_ghosts(rows: list[list[str]], limits: Limits) -> list[list[str]]:
    """The rows cut at the last column which holds something (an Excel re-save may add a thousand empty ones)."""
    width = 0
    for row in rows:
        if len(row) > width and any(row[width:]):
            width = max(rank for rank, cell in enumerate(row, 1) if cell)
    if width > limits.columns:
        raise OzoirError("Trop de colonnes.", f"Le fichier en a {width} ; {limits.columns} au plus sont lues.")
    return [row[:width] if len(row) >= width else row + [""] * (width - len(row)) for row in rows]
