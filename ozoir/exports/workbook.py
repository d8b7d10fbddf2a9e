"""The workbook: summary, pillars, actions, credits, every figure, where each was read, metadata, signs.

Numbers are numbers with French formats, texts are typed texts; each sheet prints on whole pages with the banner.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, time

import xlsxwriter

from ozoir.exports.cleaning import property_text
from ozoir.exports.contents import Cellule, Dossier, Partie, Tableau
from ozoir.exports.flat import PEOPLE_COLUMNS, people_rows
from ozoir.exports.native import native_charts
from ozoir.exports.report import imports_table, signs_table
from ozoir.exports.result_tables import latest_table, provenance_rows, summary_table
from ozoir.exports.sheets import CHART_DATA_COLUMN, CHART_ROWS, HEADER_ROW, Sheets
from ozoir.exports.zipping import settle_zip

PAGE_ROWS, PAGE_SCALE = 56, 55  # of a printed page of charts, so that none is cut


def render_workbook(dossier: Dossier) -> bytes:
    """The file's bytes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    )
    book.set_properties(
        {
            "title": property_text(dossier.titre),
            "subject": property_text(dossier.bandeau),
            "author": property_text(dossier.contrat),
            "comments": dossier.version,
            "created": datetime.combine(dossier.edite_le, time(12)),
        }
    )
    sheets = Sheets(book, dossier)
    sheets.add_tables("Synthèse", dossier.titre, _summary(dossier))
    for partie in (*dossier.piliers, *dossier.axes):
        _add_part(sheets, dossier, partie)
    if dossier.ecarts:
        sheets.add_table("Écarts", dossier.ecarts)
    sheets.add_table("Actions", actions_table(dossier))
    sheets.add_tables("Crédits", f"Crédits {dossier.annee}", dossier.credits)
    sheets.add_tables(
        "Décisions et programme", "Décisions demandées et programme", (dossier.decisions, dossier.programme, dossier.manques)
    )
    sheets.add_rows("Chiffres", "Tous les chiffres, une ligne par modalité et par date", PEOPLE_COLUMNS, people_rows(dossier))
    sheets.add_rows("Faits", "Où chaque chiffre a été lu", FACT_COLUMNS, fact_rows(dossier))
    sheets.add_rows("Métadonnées", "Définitions des indicateurs", METADATA_COLUMNS, metadata_rows(dossier))
    sheets.add_table("Imports", imports_table(dossier))
    sheets.add_table("Signes", signs_table(dossier))
    book.close()
    return settle_zip(stream.getvalue(), dossier.edite_le)


def _summary(dossier: Dossier) -> Iterable[Tableau]:
    yield Tableau("Identité", ("Élément", "Valeur"), tuple((Cellule(name), Cellule(value)) for name, value in dossier.identite))
    for partie in dossier.piliers:
        yield summary_table(partie.titre, dossier.resultats_of(partie), is_printed=False)


def _add_part(sheets: Sheets, dossier: Dossier, partie: Partie) -> None:
    """Summary, then each indicator's table with its chart beside."""
    results = dossier.resultats_of(partie)
    sheet, row = sheets.begin(partie.titre_court, partie.titre)
    row = sheets.put(sheet, row, summary_table("Derniers chiffres connus", results, is_printed=False))
    breaks, top = [], 0
    for result in results if partie in dossier.piliers else ():
        table = latest_table(result, dossier.numero)
        if table is None:
            continue
        start, row = row, sheets.put(sheet, row, table) - 1
        for native in native_charts(result):
            sheets.add_chart(sheet, row, native, result.message)
            row += max(CHART_ROWS, len(native.categories) + 3)
        row += 1
        if row - top > PAGE_ROWS and start > top + HEADER_ROW:
            breaks.append(start)
            top = start
    sheets.finish(sheet, row, last_printed=CHART_DATA_COLUMN - 1)  # the charts already write their figures
    if breaks:
        sheet.set_print_scale(PAGE_SCALE)  # instead of a width: Excel ignores page breaks in a fitted sheet
        sheet.set_h_pagebreaks(breaks)


def actions_table(dossier: Dossier) -> Tableau:
    """One line per action, with the contract's words and what was entered."""
    return Tableau(
        f"Actions {dossier.annee}",
        ("Identifiant", "Action", "Objectif", "Pilotes", "Partenaires", "Calendrier", "État", "Avancement", "Commentaires"),
        tuple(
            tuple(
                Cellule(text)
                for text in (
                    action.id,
                    action.titre,
                    action.objectif,
                    ", ".join(action.pilotes),
                    ", ".join(action.partenaires),
                    action.calendrier,
                    action.statut,
                    action.avancement,
                    "\n".join(f"{kind}\u00a0: {text}" for kind, text in action.commentaires),
                )
            )
            for action in dossier.actions
        ),
        vide="Aucune action dans ce dossier.",
    )


FACT_COLUMNS = (
    "Référence",
    "Indicateur",
    "Modalité",
    "Date de référence",
    "Territoire",
    "Valeur",
    "Fichier",
    "Feuille",
    "Cellule",
    "En-tête",
    "Édition",
    "Import",
)
METADATA_COLUMNS = (
    "Identifiant",
    "Indicateur",
    "Unité",
    "Nature",
    "Définition",
    "Champ",
    "Source",
    "Sens souhaité",
    "Précautions",
    "Lecture",
)


def fact_rows(dossier: Dossier) -> list[tuple]:
    """One line per cell a shown figure was made from."""
    return [
        (*told, place.fichier, place.feuille, place.cellule, place.entete, place.edition, place.import_id)
        for result in dossier.resultats
        for *told, place in provenance_rows(result, dossier.numero)
    ]


def metadata_rows(dossier: Dossier) -> list[tuple]:
    """One line per indicator."""
    return [
        (
            result.indicateur.id,
            result.indicateur.titre,
            result.indicateur.unite,
            result.indicateur.nature,
            result.indicateur.definition,
            result.champ,
            result.source,
            result.indicateur.sens,
            "\n".join(result.indicateur.precautions),
            result.lecture,
        )
        for result in dossier.resultats
        if not result.decoupage
    ]
