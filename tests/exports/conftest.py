"""Dossiers made by hand, and the documents made from them, once each."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import lru_cache

import pytest

from ozoir.exports.formats import File, export
from tests.exports import dossiers


@lru_cache(maxsize=64)
def exported(name: str, format_id: str) -> File:
    """The document of one of the hand-made dossiers."""
    return export(dossiers.ALL[name](), format_id)


def unpacked(content: bytes) -> list[bytes]:
    """Every byte a reader could reach: archives opened at every depth, streams of a PDF inflated."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [part for entry in archive.infolist() for part in (entry.filename.encode(), *unpacked(archive.read(entry)))]
    if content[:5] == b"%PDF-":
        return [content, *_streams(content)]
    return [content]


def _streams(content: bytes) -> list[bytes]:
    found = []
    for piece in content.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return found


@pytest.fixture
def dossier():
    return dossiers.ordinary()
