"""« L’écart se réduit-il ? » as a table: one line per indicator, what may be said of its gap and why not."""

from __future__ import annotations

from collections.abc import Sequence

from ozoir.catalogue.loading import Catalogue
from ozoir.exports.contents import Cellule, Tableau
from ozoir.indicators.gaps import COLUMNS, GapChange, gap_rows
from ozoir.numbers import format_number

_NUMBERS = ("ecart_debut", "ecart_fin", "delta", "marge")


def gap_changes_table(changes: Sequence[GapChange], catalogue: Catalogue) -> Tableau:
    """The whole synthesis, for a sheet: numbers are unrounded, shown with the decimals of the gap."""
    lines = tuple(
        tuple(_cell(row, name, item) for name in COLUMNS)
        for item, row in zip(changes, gap_rows(changes, catalogue), strict=True)
    )
    return Tableau(
        titre="L’écart se réduit-il\u202f?",
        colonnes=tuple(COLUMNS.values()),
        lignes=lines,
        droite=tuple(rank for rank, name in enumerate(COLUMNS) if name in _NUMBERS),
        notes=(
            "Écart\u00a0: taux du quartier moins celui du comparateur. Une évolution plus petite que sa marge à 95\u202f% "
            "n’est pas significative (n.s.). C’est une évolution observée, pas l’effet du contrat.",
        ),
        vide="Aucun indicateur dans ce dossier.",
    )


def _cell(row: dict, name: str, item: GapChange) -> Cellule:
    if name not in _NUMBERS:
        return Cellule(row[name])
    value, figure = row[name], item.fin.ecart if item.fin else item.delta
    text = "" if value is None else format_number(value, figure.decimales)
    return Cellule(text, value, figure.decimales, figure.unite)
