"""A real LibreOffice fills a workbook as a person would: it opens it, types in cells, and saves it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

SOFFICE = shutil.which("soffice")
_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}

_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">'
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">'
    "{code}</script:module>"
)


def type_and_save(source: Path, typed: Mapping[tuple[str, str], str], target: Path, profile: Path) -> None:
    """Open `source`, type each text in (sheet, cell), save as `target` (.xlsx or .ods); `profile` is a folder of its own."""
    lines = [
        f'document.Sheets.getByName("{_basic(sheet)}").getCellRangeByName("{cell}").{_call(text)}'
        for (sheet, cell), text in typed.items()
    ]
    code = "\n".join(
        [
            "Sub Main",
            "Dim hidden(0) As New com.sun.star.beans.PropertyValue",
            'hidden(0).Name = "Hidden" : hidden(0).Value = True',
            f'document = StarDesktop.loadComponentFromURL("{source.as_uri()}", "_blank", 0, hidden())',
            *lines,
            "Dim filter(0) As New com.sun.star.beans.PropertyValue",
            f'filter(0).Name = "FilterName" : filter(0).Value = "{_FILTERS[target.suffix]}"',
            f'document.storeToURL("{target.as_uri()}", filter())',
            "document.close(True)",
            "End Sub",
        ]
    )
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    if not module.exists():
        _run(profile, "--terminate_after_init")  # a new profile brings its own empty Module1
    module.write_text(_MODULE.format(code=_escape(code)), "utf-8")
    _run(profile, "macro:///Standard.Module1.Main")
    if not target.exists():
        raise AssertionError("LibreOffice saved nothing")


def _run(profile: Path, order: str) -> None:
    command = [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", order]
    subprocess.run(command, check=True, timeout=120, capture_output=True)


def _call(text: str) -> str:
    """A number is typed as a number, anything else as the text it is."""
    try:
        return f"setValue({float(text)!r})"
    except ValueError:
        return f'setString("{_basic(text)}")'


def _basic(text: str) -> str:
    return text.replace('"', '""').replace("\n", '" & Chr(10) & "')


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
