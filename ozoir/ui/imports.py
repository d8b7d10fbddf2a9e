"""What feeds the indicators: which file, when, how old; and what was found in each file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import streamlit as st

from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Result
from ozoir.numbers import format_date, format_number, format_size, plural
from ozoir.typography import alphabetical
from ozoir.ui.tables import period_cell, table_html
from ozoir.ui.texts import raw, safe

GRAVITES = {"bloquant": "Bloquant", "avertissement": "Avertissement", "information": "Information"}
FINDINGS_SHOWN = 40
ALL_FINDINGS = "<code>python -m ozoir verifier</code> les donne tous."


def age_text(day: date, today: date) -> str:
    """« 4 ans », « 7 mois »."""
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    return plural(months // 12, "an") if months >= 12 else f"{max(months, 0)}\u00a0mois"


def show_coverage(publication: Publication, results: Sequence[Result], today: date) -> None:
    """One row per indicator: fed or not, its latest date and its age, its source."""
    fed = [result for result in results if not result.is_empty]
    st.html(
        f'<h2 class="oz-theme">Les indicateurs alimentés<small>{len(fed)} sur {plural(len(results), "indicateur")}</small></h2>'
    )
    rows = [
        _coverage_row(result, today)
        for result in sorted(results, key=lambda result: (result.is_empty, alphabetical(result.indicateur.titre)))
    ]
    heads = ["Indicateur", "État", "Dernière date", "Ancienneté", "Imports", "Source ou attente"]
    st.html(table_html("Indicateurs et ce qui les alimente", heads, rows, "oz-texte"))


def _coverage_row(result: Result, today: date) -> tuple[str, ...]:
    titre = safe(result.indicateur.titre)
    point = result.total.latest if result.total else None
    if result.is_empty or point is None:
        state = "En attente" if result.attente else "Masqué"
        return titre, state, "–", "–", "–", safe(result.attente or result.source or "–")
    numbers = sorted({item.import_id for item in result.provenances})
    imports = ", ".join(f"n°\u00a0{text}" for text in ranges(numbers)) or "–"
    return titre, "Alimenté", period_cell(point), age_text(point.date_reference, today), imports, safe(result.source)


def ranges(numbers: Sequence[int]) -> list[str]:
    """Neighbours together: [1, 2, 3, 7] → « 1 à 3 », « 7 »."""
    texts = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in group]
        texts.append(f"{members[0]} à {members[-1]}" if len(members) > 2 else ", ".join(map(str, members)))
    return texts


def show_imports(imports: Sequence) -> None:
    """The files, the latest first; what each one revealed is folded under its line."""
    st.html(f'<h2 class="oz-theme">Les fichiers chargés<small>{plural(len(imports), "import")}</small></h2>')
    if not imports:
        st.html(
            '<p class="oz-vide">Aucun fichier n’est chargé. La page «\u00a0Import\u00a0» permet d’en déposer.</p>'
        )
        return
    rows = [
        (
            f"n°\u00a0{item.id}",
            f"{raw(item.fichier)} <small>({format_size(item.taille)})</small>",
            safe(item.layout),
            safe(item.edition or "–"),
            format_date(item.charge_le),
            safe(item.auteur),
            format_number(item.faits),
            "Retiré" if item.statut == "retire" else "Chargé",
            plural(len(item.constats), "constat"),
        )
        for item in imports
    ]
    heads = ["Import", "Fichier", "Modèle", "Édition", "Chargé le", "Par", "Faits", "État", "Constats"]
    st.html(table_html("Fichiers chargés", heads, rows, "oz-texte"))
    if found := "".join(_findings(item) for item in imports if item.constats):
        st.html(found)  # an empty block is an error


def _findings(item) -> str:
    """Dates read, then what is to be known about the file, cell by cell."""
    rows = [
        (
            GRAVITES.get(finding.get("gravite", ""), ""),
            raw(" ".join(filter(None, (finding.get("feuille"), finding.get("cellule")))) or "–"),
            raw(finding.get("valeur") or "–"),
            safe(finding.get("message", ""))
            + (f" Vouliez-vous dire «\u00a0{raw(near)}\u00a0»\u202f?" if (near := finding.get("suggestion")) else ""),
        )
        for finding in item.constats[:FINDINGS_SHOWN]
    ]
    more = len(item.constats) - FINDINGS_SHOWN
    rest = f"<p>Et {plural(more, 'autre constat', 'autres constats')}\u00a0: {ALL_FINDINGS}</p>" if more > 0 else ""
    heads = ["Gravité", "Feuille et cellule", "Valeur", "Constat"]
    table = table_html(f"Constats sur {item.fichier}", heads, rows, "oz-texte")
    summary = f"Import n°\u00a0{item.id}, {raw(item.fichier)}\u00a0: {plural(len(item.constats), 'constat')}"
    return f"<details><summary>{summary}</summary>{table}{rest}</details>"
