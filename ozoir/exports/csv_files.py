"""CSV for French spreadsheets (`;`, decimal comma, BOM), and a tidy UTF-8 table with its data-package descriptor."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

from ozoir.catalogue.diffusions import DIFFUSIONS
from ozoir.exports.cleaning import cell_content, plain_text
from ozoir.exports.contents import Dossier
from ozoir.exports.flat import figure_columns, figure_rows, tidy_columns
from ozoir.exports.naming import file_name
from ozoir.exports.zipping import make_zip

_NUMBERS = frozenset(
    [
        "qpv",
        "reste",
        "commune",
        "ecart",
        "rapport",
        "part",
        "sur_representation",
        "a_rattraper",
        "qpv_numerateur",
        "qpv_denominateur",
        "qpv_marge",
    ]
)


def render_csv(dossier: Dossier) -> bytes:
    """What a French spreadsheet opens with a double click. The banner is in its columns, so that each line keeps it."""
    return _write(figure_columns(), figure_rows(dossier), ";", _french).encode("utf-8-sig")


def render_package(dossier: Dossier) -> bytes:
    """A zip: the tidy table (comma, decimal point, ISO dates) and datapackage.json, which describes each column."""
    table = _write(tidy_columns(), figure_rows(dossier), ",", _plain).encode("utf-8")
    descriptor = json.dumps(_descriptor(dossier), ensure_ascii=False, indent=1).encode("utf-8")
    return make_zip([("datapackage.json", descriptor), ("indicateurs.csv", table)], dossier.edite_le)


def _write(columns: tuple[str, ...], rows: list[tuple], delimiter: str, write) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([write(value) for value in row] for row in rows)
    return stream.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return cell_content(value)
    return value.isoformat() if isinstance(value, date) else f"{value:.12g}"


def _french(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    text = _plain(value)
    return text if isinstance(value, str) else text.replace(".", ",")


def _descriptor(dossier: Dossier) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "title": title,
            "type": "number" if name in _NUMBERS else "date" if name == "date_reference" else "string",
        }
        for name, title in zip(tidy_columns(), figure_columns(), strict=True)
    ]
    return {
        "name": file_name(dossier, "indicateurs", "x").removesuffix(".x"),
        "title": plain_text(f"{dossier.titre} – indicateurs"),
        "description": plain_text(dossier.bandeau),
        "created": f"{dossier.edite_le.isoformat()}T12:00:00Z",
        "version": dossier.version,
        "diffusion": DIFFUSIONS[dossier.diffusion],
        "sources": [{"title": plain_text(item.fichier), "path": f"sha256:{item.empreinte}"} for item in dossier.imports],
        "missingValues": [""],
        "resources": [
            {
                "name": "indicateurs",
                "path": "indicateurs.csv",
                "format": "csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n"},
                "schema": {
                    "fields": fields,
                    "primaryKey": ["indicateur", "decoupage", "modalite", "date_reference", "source", "zonage"],
                },
            }
        ],
        "signes": dict(dossier.signes),
    }
