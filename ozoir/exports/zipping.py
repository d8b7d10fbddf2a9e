"""Zip files that say nothing of the moment they were made: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def make_zip(files: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """Names and contents, in this order, all dated that day."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()


def settle_zip(content: bytes, day: date) -> bytes:
    """The same archive (.pptx, .docx, .xlsx are zip files), its entries dated that day; workbooks inside charts too."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    return make_zip([(name, _settled(name, data, day)) for name, data in files], day)


def _settled(name: str, data: bytes, day: date) -> bytes:
    if name.endswith(".xlsx"):
        return settle_zip(data, day)
    if name == "docProps/core.xml":
        return _MOMENT.sub(rb"\g<1>" + f"{day.isoformat()}T12:00:00Z".encode(), data)
    return data
