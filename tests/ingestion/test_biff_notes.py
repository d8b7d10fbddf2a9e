"""Comments of old workbooks are read, or the file is refused: nothing about a person hides there."""

from __future__ import annotations

import struct

import pytest

from ozoir.errors import OzoirError
from ozoir.ingestion.biff_notes import read_note_records

BIFF8, BIFF5 = 0x600, 0x500


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def start(version: int) -> bytes:
    return record(0x809, struct.pack("<HHI", version, 0x10, 0))


def box(text: str, cut: int = 9_000) -> bytes:
    """A drawn text: its length, then its letters in pieces, one byte each, then its formats."""
    pieces = [text[at : at + cut] for at in range(0, len(text), cut)]
    letters = b"".join(record(0x3C, b"\0" + piece.encode("latin-1")) for piece in pieces)
    return record(0x1B6, struct.pack("<HHHHHHI", 0, 0, 0, 0, 0, len(text), 16)) + letters + record(0x3C, bytes(16))


NOTE = record(0x1C, struct.pack("<HHHH", 1, 1, 0, 1))


def test_a_comment_is_read_whole_across_its_pieces():
    text = "née le 12/03/1987 " * 30
    assert read_note_records(start(BIFF8) + box(text, 100) + NOTE) == [text]


def test_a_comment_of_excel_95_stands_in_its_own_record():
    text = "Mme Durand".encode("cp1252")
    assert read_note_records(start(BIFF5) + record(0x1C, struct.pack("<HHH", 1, 1, len(text)) + text)) == ["Mme Durand"]


def test_a_comment_whose_text_is_nowhere_refuses_the_file():
    with pytest.raises(OzoirError, match="Commentaires illisibles"):
        read_note_records(start(BIFF8) + NOTE)


def test_a_sheet_without_comment_has_none():
    assert read_note_records(start(BIFF8) + record(0x203, bytes(14))) == []
