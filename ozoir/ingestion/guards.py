"""The bytes of a received file, judged before any parser sees them."""

from __future__ import annotations

import re
from pathlib import PurePath

from ozoir.errors import OzoirError
from ozoir.ingestion.biff import inspect_biff
from ozoir.ingestion.compound import MAGIC as OLE_MAGIC
from ozoir.ingestion.delivery import AVERTISSEMENT, INFORMATION, Finding, name_cells
from ozoir.ingestion.inspection import Inspection, Limits, SheetScan
from ozoir.ingestion.ooxml import inspect_ooxml
from ozoir.ingestion.opendocument import inspect_opendocument
from ozoir.ingestion.packages import Package
from ozoir.numbers import format_size

ACCEPTED = ".xlsx, .xlsm, .xls, .ods, .csv, .txt"
_KINDS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".ods": "ods", ".csv": "texte", ".txt": "texte"}
_NAMES = {
    "xlsx": "un classeur Excel (.xlsx)",
    "xls": "un ancien classeur Excel (.xls)",
    "ods": "un classeur LibreOffice (.ods)",
    "texte": "du texte",
    "html": "une page HTML",
    "xml": "un classeur XML 2003",
    "pdf": "un document PDF",
    "image": "une image",
    "archive": "une archive compressée",
    "zip": "une archive zip",
    "ole": "un ancien document Office",
}
_SAVE_AS = "Ouvrez-le dans Excel ou LibreOffice, puis « Enregistrer sous » au format « Classeur Excel (.xlsx) »."
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
)


def inspect_file(data: bytes, name: str, limits: Limits) -> Inspection:
    """What the file is and what its sheets hold; raises OzoirError when it must not be parsed."""
    extension = PurePath(name).suffix.lower()
    if extension not in _KINDS:
        raise OzoirError(
            "Format de fichier non accepté.",
            f"« {name} » : les formats acceptés sont {ACCEPTED}. {_SAVE_AS}",
        )
    if len(data) > limits.size:
        raise OzoirError(
            "Fichier trop volumineux.",
            f"Il pèse {format_size(len(data))} ; {format_size(limits.size)} au plus sont lus. "
            "Retirez les feuilles, images et colonnes inutiles, ou partagez-le en plusieurs fichiers.",
        )
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise OzoirError("Fichier vide.", "Il ne contient rien. Demandez un nouvel envoi au partenaire.")
    kind = recognise_kind(data)
    _check_extension(kind, extension)
    if kind in ("zip", "xlsx", "ods"):
        package = Package(data, limits)
        inspection = inspect_opendocument(package) if extension == ".ods" else inspect_ooxml(package)
    elif kind == "ole":
        inspection = inspect_biff(data, limits)
    elif kind in ("html", "xml"):
        inspection = Inspection(kind)
    else:
        _check_text(data)
        inspection = Inspection("texte")
    inspection.findings += [finding for scan in inspection.sheets for finding in _describe(scan)]
    return inspection


def recognise_kind(data: bytes) -> str:
    """What the bytes are, whatever the file is called: a key of the table of kinds."""
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        if b"application/vnd.oasis.opendocument.spreadsheet" in data[:200]:
            return "ods"
        return "xlsx" if b"xl/workbook" in data[-20_000:] or b"xl/workbook" in data[:200_000] else "zip"
    if data.startswith(OLE_MAGIC):
        return "ole"
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    head = data[:4000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"mso-application" in head:
        return "xml"  # before HTML: both may be named .xls and start with a tag
    if re.match(rb"<(?:!doctype html|html|head|body|table|meta|\?xml[^>]*>\s*<!doctype html)", head):
        return "html"
    return "texte"


def _check_extension(kind: str, extension: str) -> None:
    expected = _KINDS[extension]
    if kind == "ole" and expected in ("xls", "xlsx", "ods"):
        return  # an encrypted .xlsx is an OLE file: the record reader says so
    if kind == expected or (kind == "zip" and expected in ("xlsx", "ods")):
        return
    if kind in ("html", "xml") and extension == ".xls":
        return  # exported so by many programs: read when it is one plain table
    if kind in ("html", "xml"):
        raise OzoirError(
            f"Ce fichier {extension} est en réalité {_NAMES[kind]}.",
            f"Certains logiciels exportent ainsi leurs tableaux. {_SAVE_AS}",
        )
    if kind in ("xlsx", "ods", "ole") or kind == "texte":
        right = {"xlsx": ".xlsx", "ods": ".ods", "ole": ".xls", "texte": ".csv"}[kind]
        advice = f"Si le contenu est bien celui attendu, renommez-le en {right} ; sinon demandez un nouvel envoi."
    else:
        advice = f"Les formats acceptés sont {ACCEPTED} : demandez au partenaire le tableau lui-même."
    raise OzoirError("Le contenu ne correspond pas à l’extension.", f"Ce fichier {extension} contient {_NAMES[kind]}. {advice}")


def _check_text(data: bytes) -> None:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_wide and b"\x00" in data:
        raise OzoirError(
            "Ce fichier n’est pas du texte.",
            "Il contient des octets nuls : il est binaire, ou écrit en UTF-16 sans marque. "
            "Enregistrez-le de nouveau au format « CSV UTF-8 ».",
        )


def _describe(scan: SheetScan) -> list[Finding]:
    """What a reader would have blanked or hidden in silence, said with its cells."""
    findings = []
    if scan.is_hidden:
        message = "Feuille masquée : elle n’est pas chargée. Affichez-la dans le classeur si elle doit l’être."
        findings.append(Finding(AVERTISSEMENT, message, scan.name))
    if scan.hidden_rows:
        message = f"Lignes masquées dans le classeur ({scan.hidden_rows}) : elles sont lues comme les autres."
        findings.append(Finding(INFORMATION, message, scan.name))
    if scan.errors:
        texts = ", ".join(sorted(set(scan.errors.values())))
        message = f"Cellules en erreur ({texts}) : elles sont lues comme manquantes, jamais comme zéro."
        findings.append(Finding(AVERTISSEMENT, message, scan.name, name_cells(scan.errors)))
    if scan.unvalued:
        message = "Formules enregistrées sans leur résultat : ouvrez le classeur, recalculez-le et enregistrez-le."
        findings.append(Finding(AVERTISSEMENT, message, scan.name, name_cells(scan.unvalued)))
    if scan.linked:
        message = "Formules liées à un autre classeur : la dernière valeur enregistrée est lue."
        findings.append(Finding(AVERTISSEMENT, message, scan.name, name_cells(scan.linked)))
    return findings
