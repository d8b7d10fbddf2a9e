"""Comments of old Excel workbooks (.xls), which no reader gives: their texts, or a refusal when they cannot be read."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ozoir.errors import OzoirError
from ozoir.ingestion.compound import CompoundFile, damaged

_NOTE, _TXO, _CONTINUE, _BOF, _UNICODE = 0x1C, 0x1B6, 0x3C, 0x809, 0x600


def read_notes(data: bytes) -> list[str]:
    """The texts of all comments and drawn boxes; OzoirError when there are more comments than texts."""
    compound = CompoundFile(data)
    name = next((name for name in ("Workbook", "Book") if name in compound.streams), "")
    return read_note_records(compound.read(name)) if name else []


def read_note_records(stream: bytes) -> list[str]:
    """The same, in the workbook's stream. Excel 95 writes a comment in its record; later ones, in the box that draws it."""
    texts, notes, is_unicode = [], 0, True
    records = list(_records(stream))
    try:
        for rank, (kind, body) in enumerate(records):
            if kind == _BOF:
                is_unicode = struct.unpack_from("<H", body)[0] == _UNICODE
            elif kind == _NOTE and not is_unicode:
                texts.append(body[6 : 6 + struct.unpack_from("<H", body, 4)[0]].decode("cp1252", "replace"))
            elif kind == _NOTE:
                notes += 1
            elif kind == _TXO and (length := struct.unpack_from("<H", body, 10)[0]):
                texts.append(_join([more for other, more in _following(records, rank)], length))
    except struct.error as error:
        raise damaged() from error
    if notes > len(texts):
        raise OzoirError(
            "Commentaires illisibles.",
            f"Ce classeur .xls contient {notes} commentaires dont le texte ne peut pas être vérifié\u00a0: "
            "il pourrait nommer des personnes. Ouvrez-le dans Excel, supprimez les commentaires (Révision, Supprimer), puis enregistrez-le en .xlsx.",
        )
    return texts


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind in (_NOTE, _TXO, _CONTINUE, _BOF):
            yield kind, stream[position + 4 : position + 4 + length]
        elif length or kind:
            yield kind, b""
        position += 4 + length


def _following(records: list[tuple[int, bytes]], rank: int) -> Iterator[tuple[int, bytes]]:
    """The continuations just after a record."""
    for kind, body in records[rank + 1 :]:
        if kind != _CONTINUE:
            return
        yield kind, body


def _join(pieces: list[bytes], length: int) -> str:
    """Text cut in pieces, each with a first byte that says how wide its letters are; formats follow the text."""
    text = ""
    for piece in pieces:
        if len(text) >= length or not piece:
            break
        text += piece[1:].decode("utf-16-le" if piece[0] & 1 else "latin-1", "replace")
    return text[:length]
