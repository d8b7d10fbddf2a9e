"""OLE compound files (.xls): the directory, and one stream out of its chain of sectors."""

from __future__ import annotations

import struct

from ozoir.errors import OzoirError
from ozoir.ingestion.packages import RESAVE

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors


class CompoundFile:
    """The streams of an OLE file by name; a chain that leaves the file or loops is refused."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._read_directory()
        except (struct.error, IndexError, UnicodeDecodeError, ValueError) as error:
            raise damaged() from error

    def _read_directory(self) -> None:
        data = self._data
        self._sector = 1 << struct.unpack_from("<H", data, 30)[0]
        self._mini_sector = 1 << struct.unpack_from("<H", data, 32)[0]
        if self._sector not in (512, 4096) or self._mini_sector != 64:
            raise damaged()
        fat_count, directory = struct.unpack_from("<II", data, 44)
        self._cutoff, mini_fat, mini_fat_count, difat, difat_count = struct.unpack_from("<IIIII", data, 56)
        fat_sectors = list(struct.unpack_from("<109I", data, 76))
        for _ in range(min(difat_count, len(data) // self._sector)):
            *sectors, difat = struct.unpack(f"<{self._sector // 4}I", self._at(difat))
            fat_sectors += sectors
        table = b"".join(self._at(sector) for sector in fat_sectors[:fat_count] if sector < _LAST)
        self._fat = struct.unpack(f"<{len(table) // 4}I", table)
        entries = self._chain(directory)
        self.streams: dict[str, tuple[int, int]] = {}
        mini_start = _LAST
        for position in range(0, len(entries) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries, position + 64)
            name = entries[position : position + max(length - 2, 0)].decode("utf-16-le")
            start, size = struct.unpack_from("<II", entries, position + 116)
            if kind == 5:
                mini_start = start
            elif kind in (1, 2):
                self.streams[name] = (start, size)
        self._mini_stream = self._chain(mini_start) if mini_start < _LAST else b""
        table = self._chain(mini_fat) if mini_fat_count and mini_fat < _LAST else b""
        self._mini_fat = struct.unpack(f"<{len(table) // 4}I", table)

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        piece = self._data[start : start + self._sector]
        if (len(piece) < self._sector and start + len(piece) != len(self._data)) or not piece:
            raise damaged()
        return piece.ljust(self._sector, b"\0")

    def _chain(self, sector: int) -> bytes:
        pieces = []
        while sector < _LAST:
            pieces.append(self._at(sector))
            if len(pieces) > len(self._fat):
                raise damaged()
            sector = self._fat[sector]
        return b"".join(pieces)

    def read(self, name: str) -> bytes:
        """The whole stream."""
        start, size = self.streams[name]
        try:
            content = self._chain(start) if size >= self._cutoff else self._mini_chain(start)
        except (struct.error, IndexError) as error:
            raise damaged() from error
        if len(content) < size:
            raise damaged()
        return content[:size]

    def _mini_chain(self, sector: int) -> bytes:
        pieces = []
        while sector < _LAST:
            pieces.append(self._mini_stream[sector * 64 : sector * 64 + 64])
            if len(pieces) > len(self._mini_fat):
                raise damaged()
            sector = self._mini_fat[sector]
        return b"".join(pieces)


def damaged() -> OzoirError:
    """An .xls that cannot be followed to its end."""
    return OzoirError("Fichier endommagé ou incomplet.", f"Le classeur .xls est coupé ou abîmé. {RESAVE}")
