"""Zip packages (.xlsx, .ods) judged on their central directory, then read part by part with bounded memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from ozoir.errors import OzoirError
from ozoir.ingestion.inspection import Limits
from ozoir.numbers import format_size

CHUNK = 1 << 22
XML_SUFFIXES = (".xml", ".rels", ".vml")
RESAVE = "Ouvrez-le dans Excel ou LibreOffice et enregistrez-le de nouveau, ou demandez un nouvel envoi au partenaire."


class Package:
    """An opened zip whose directory has been checked; parts are read through `stream` or `read`."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise _damaged("sa table des matières est illisible") from error
        _check_directory(self._zip.infolist(), len(data), limits)
        self.names = [info.filename for info in self._zip.infolist()]

    def stream(self, name: str) -> Iterator[bytes]:
        """The part's bytes, some megabytes at a time; a wrong checksum or a cut stream is refused."""
        is_xml = name.lower().endswith(XML_SUFFIXES)
        try:
            with self._zip.open(name) as part:
                is_first = True
                while chunk := part.read(CHUNK):
                    if is_xml:
                        _check_xml(chunk, name, is_first)
                    is_first = False
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as error:
            raise _damaged(f"la partie « {name} » est abîmée") from error

    def read(self, name: str) -> bytes:
        """The whole part: for small parts only."""
        return b"".join(self.stream(name))

    def read_rest(self, done: set[str]) -> None:
        """Every part not in `done` is read through, so that any damage shows."""
        for name in self.names:
            if name not in done and not name.endswith("/"):
                for _ in self.stream(name):
                    pass


def _damaged(reason: str) -> OzoirError:
    return OzoirError("Fichier endommagé ou incomplet.", f"Rien n’a été lu : {reason}. {RESAVE}")


def _suspect(reason: str) -> OzoirError:
    return OzoirError("Classeur anormal, refusé par prudence.", f"{reason} {RESAVE}")


def _check_directory(infos: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if len(infos) > limits.entries:
        raise _suspect(f"L’archive contient {len(infos)} fichiers ; {limits.entries} au plus sont admis.")
    seen: set[str] = set()
    offsets: set[int] = set()
    for info in infos:
        name = info.filename
        if name.casefold() in seen or info.header_offset in offsets:
            raise _suspect(f"La partie « {name} » y figure deux fois.")
        seen.add(name.casefold())
        offsets.add(info.header_offset)
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            raise _suspect(f"La partie « {name} » désigne un emplacement hors du classeur.")
        if info.flag_bits & 1:
            raise OzoirError(
                "Fichier protégé par un mot de passe.",
                "Il ne peut pas être lu. Demandez au partenaire une copie sans mot de passe, ou retirez-le dans Excel "
                "(Fichier, Informations, Protéger le classeur).",
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _suspect(f"La partie « {name} » est compressée d’une manière inhabituelle.")
        if info.file_size > 5_000_000 and info.file_size > limits.ratio * max(info.compress_size, 1):
            raise _suspect(f"La partie « {name} » se déploie {info.file_size // max(info.compress_size, 1)} fois.")
    if sum(info.compress_size for info in infos) > size:
        raise _suspect("Ses parties se recouvrent.")
    expanded = sum(info.file_size for info in infos)
    if expanded > limits.expanded:
        raise _suspect(f"Déployé, il pèserait {format_size(expanded)} ; {format_size(limits.expanded)} au plus sont lus.")


_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")


def _check_xml(chunk: bytes, name: str, is_first: bool) -> None:
    """No DOCTYPE (entity bombs, external entities) and UTF-8 only: readers go silent on anything else."""
    if b"!" in chunk and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):  # one byte is sought ten times faster than two
        raise _suspect(f"La partie « {name} » contient une déclaration DOCTYPE, absente des vrais classeurs.")
    if not is_first:
        return
    declared = _ENCODING.match(chunk.removeprefix(b"\xef\xbb\xbf")[:200])
    is_other = declared and declared.group(1).lower() not in (b"utf-8", b"us-ascii", b"ascii")
    if is_other or chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:200]:
        raise _suspect(f"La partie « {name} » n’est pas écrite en UTF-8 : elle serait lue vide.")
