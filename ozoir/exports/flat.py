"""Every figure of a Dossier laid flat, one line per indicator, modality and date: the CSV files and the workbook's list."""

from __future__ import annotations

from ozoir.exports.contents import Dossier
from ozoir.exports.references import refer
from ozoir.indicators.tables import COLUMNS, result_rows

# Column of `indicators.tables` → its French header in what people open; the tidy file keeps the first.
HEADERS = {
    "indicateur": "Identifiant",
    "titre": "Indicateur",
    "unite": "Unité",
    "decoupage": "Ventilation",
    "modalite": "Modalité (code)",
    "libelle_modalite": "Modalité",
    "date_reference": "Date de référence",
    "periode": "Période",
    "source": "Source",
    "zonage": "Zonage",
    "qpv": "Quartier",
    "reste": "Reste de la commune",
    "commune": "Commune entière",
    "ecart": "Écart",
    "rapport": "Rapport",
    "part": "Part du quartier (%)",
    "sur_representation": "Sur-représentation",
    "a_rattraper": "À rattraper",
    "qpv_numerateur": "Quartier – numérateur",
    "qpv_denominateur": "Quartier – dénominateur",
    "qpv_marge": "Quartier – marge (95\u202f%)",
    "comparateur": "Comparateur de l’écart",
    "comparateurs": "Autres quartiers prioritaires",
    "evolution_sens": "Sens de l’évolution",
}


def tidy_columns() -> tuple[str, ...]:
    """Names for programs."""
    return (*COLUMNS, "reference", "diffusion", "fictif")


def figure_columns() -> tuple[str, ...]:
    """Names for people, same order."""
    return (*(_header(name) for name in COLUMNS), "Référence", "Diffusion", "Fictif")


def _header(name: str) -> str:
    for suffix, word in (("_statut", "statut"), ("_raison", "raison")):
        if name.endswith(suffix):
            return f"{HEADERS[name.removesuffix(suffix)]} – {word}"
    return HEADERS[name]


def figure_rows(dossier: Dossier) -> list[tuple]:
    """Values in the order of the columns; a figure that may not be shown is None, its status says why."""
    rows = []
    for result in dossier.resultats:
        references = [str(refer(result, serie, point, dossier.numero)) for serie in result.series for point in serie.points]
        for row, reference in zip(result_rows(result), references, strict=True):
            if row["qpv"] is None:  # what a hidden figure was made of stays hidden with it
                row |= dict.fromkeys(("qpv_numerateur", "qpv_denominateur", "qpv_marge"))
            values = (row[name] for name in COLUMNS)
            rows.append((*values, reference, dossier.diffusion, "oui" if dossier.fictif else "non"))
    return rows


# What fits on a printed page: the other columns are in the CSV files.
SHOWN = (
    "titre", "unite", "libelle_modalite", "date_reference", "periode", "qpv", "qpv_statut", "reste", "reste_statut",
    "commune", "commune_statut", "ecart", "ecart_statut", "rapport", "part", "source", "zonage",
)  # fmt: skip
PEOPLE_COLUMNS = (*(_header(name) for name in SHOWN), "Raison", "Référence")


def people_rows(dossier: Dossier) -> list[tuple]:
    """The same lines with fewer columns, and the reason of the first missing figure."""
    columns = {name: rank for rank, name in enumerate(tidy_columns())}
    rows = []
    for row in figure_rows(dossier):
        reasons = (row[columns[f"{name}_raison"]] for name in ("qpv", "reste", "commune", "ecart"))
        rows.append((*(row[columns[name]] for name in SHOWN), next(filter(None, reasons), ""), row[columns["reference"]]))
    return rows
