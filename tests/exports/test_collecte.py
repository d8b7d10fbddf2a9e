"""The generated workbook: what is locked, what is offered, what is asked of whom, and texts that stay texts."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from ozoir.catalogue.classeur import CONSIGNES, LISTES, SANS_PILOTE, TECHNIQUE, actions_of, attendus_of, pilots
from ozoir.catalogue.saisies import STATUTS_ACTION, Commentaire, Credit, EtatAction, Modification, Realisation
from ozoir.catalogue.suivi import load_cadre
from ozoir.exports.collecte import workbook_name, write_workbook
from ozoir.store.suivi import save_entries
from tests.collecte import FIRST_ROW, PILOTE, compose, place

ENTRIES = (
    EtatAction("emploi-01-a1", 2015, "en_cours", 40),
    Realisation("emploi-08-a4", "jeunes_stage_trouve", 2015, realise=0.0, cible=20.0),
    Credit("emploi-01-a1", "etat_bop147", 2016, "specifique", "", Decimal("1234567.89")),
    Credit("emploi-01-a1", "ville", 2015, "droit_commun", "", paye=Decimal("499.99")),
)


@pytest.fixture(scope="module")
def cadre(catalogue):
    return load_cadre(catalogue.contrat)


@pytest.fixture
def classeur(store, cadre):
    save_entries(store, [Modification(entry) for entry in ENTRIES], "Alice")
    return compose(store, cadre)


@pytest.fixture
def book(classeur):
    return load_workbook(io.BytesIO(write_workbook(classeur)))


def offered(book, sheet: str, cell: str) -> list[str]:
    """The values of a cell's drop-down list."""
    for rule in book[sheet].data_validations.dataValidation:
        if rule.type == "list" and cell in rule.sqref:
            left, top, _, bottom = range_boundaries(rule.formula1.split("!")[1].replace("$", ""))
            return [book[LISTES].cell(row, left).value for row in range(top, bottom + 1)]
    return []


def rule_of(book, sheet: str, cell: str):
    return next(rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref)


def test_sheets_are_in_order_and_the_technical_ones_hidden(book):
    assert book.sheetnames == [CONSIGNES, "Actions", "Indicateurs", "Crédits", TECHNIQUE, LISTES]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 4 + ["hidden"] * 2


def test_only_the_cells_to_fill_are_unlocked_and_no_password_is_asked(book):
    for sheet in book:
        assert sheet.protection.sheet
        assert not sheet.protection.password
    row = book["Actions"][FIRST_ROW]
    assert [cell.protection.locked for cell in row] == [True] * 5 + [False] * 6
    row = book["Indicateurs"][FIRST_ROW]
    assert [cell.protection.locked for cell in row] == [True] * 6 + [False] * 8
    assert [cell.protection.locked for cell in book["Crédits"][FIRST_ROW]] == [True] * 6 + [False] * 4
    free = book["Crédits"][FIRST_ROW + 3]
    assert [cell.protection.locked for cell in free] == [True] + [False] * 4 + [True] + [False] * 4
    assert book.security.lockStructure


def test_the_row_ids_are_in_a_hidden_column(book):
    sheet = book["Actions"]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.cell(FIRST_ROW, 1).value == "2016|emploi-01-a1"


def test_lists_offer_exactly_what_is_accepted(book, classeur, cadre):
    assert offered(book, *place(classeur, "emploi-01-a1", "statut")) == list(STATUTS_ACTION.values())
    row = f"{FIRST_ROW + 4}"
    assert offered(book, "Crédits", f"C{row}") == [item.titre for item in cadre.financements.financeurs.values()]
    assert offered(book, "Crédits", f"B{row}") == list(classeur.objets.values())
    assert offered(book, "Indicateurs", f"M{FIRST_ROW}") == ["Non concerné"]


def test_counts_and_amounts_cannot_be_negative_nor_text(book, classeur):
    counts = rule_of(book, "Indicateurs", f"I{FIRST_ROW}")
    assert (counts.type, counts.operator, counts.formula1) == ("whole", "greaterThanOrEqual", "0")
    progress = rule_of(book, *place(classeur, "emploi-01-a1", "avancement"))
    assert (progress.type, progress.formula1, progress.formula2) == ("whole", "0", "100")
    amounts = rule_of(book, "Crédits", f"G{FIRST_ROW}")
    assert (amounts.type, amounts.formula1) == ("decimal", "0")
    assert all(rule.showErrorMessage and rule.error for sheet in book for rule in sheet.data_validations.dataValidation)


def test_last_year_is_recalled_zero_included(book, classeur):
    sheet = book["Actions"]
    assert [sheet[place(classeur, "emploi-01-a1", name)[1]].value for name in ("statut_precedent", "avancement_precedent")] == [
        "En cours",
        40,
    ]
    key = "emploi-08-a4|jeunes_stage_trouve"
    former = [book["Indicateurs"][place(classeur, key, name)[1]].value for name in ("realise_precedent", "cible_precedente")]
    assert former == [0, 20]


def test_credits_of_this_year_and_the_last_are_laid_out_to_the_cent(book):
    rows = [[cell.value for cell in row[1:9]] for row in book["Crédits"].iter_rows(min_row=FIRST_ROW, max_row=FIRST_ROW + 1)]
    assert [row[1:3] for row in rows] == [["État – BOP 147", "Crédits spécifiques"], ["Ville", "Droit commun"]]
    assert rows[0][5] == 1234567.89
    assert (rows[1][4], rows[1][5]) == (499.99, None)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "=cmd|'/C calc'!A0"])
def test_a_text_that_starts_like_a_formula_stays_a_text(store, cadre, start):
    text = f"{start}HYPERLINK(1)"
    save_entries(store, [Modification(Commentaire("emploi-01-a1", 2016, "freins", text))], "Alice")
    classeur = compose(store, cadre)
    sheet, cell = place(classeur, "emploi-01-a1", "freins")
    written = load_workbook(io.BytesIO(write_workbook(classeur)))[sheet][cell]
    assert written.data_type == "s"
    assert written.quotePrefix
    assert written.value.strip() == text.strip()


def test_no_cell_of_the_workbook_is_a_formula(book):
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_sheets_print_on_a4_landscape_one_page_wide_headers_repeated(book):
    for name in ("Actions", "Indicateurs", "Crédits"):
        sheet = book[name]
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.freeze_panes
        assert "signataires" in sheet.oddFooter.center.text


def test_properties_say_what_the_file_is(book):
    assert book.properties.title == f"Classeur de collecte 2016 – {PILOTE}"
    assert book.properties.language == "fr-FR"


def test_indicators_computed_from_partners_files_are_named_not_asked(book, classeur, cadre):
    computed = [item.indicateur.libelle for item in attendus_of(cadre, PILOTE) if not item.is_entered]
    asked = [line.cellules["indicateur"] for line in classeur.lignes["indicateurs"]]
    assert computed and asked
    assert not set(computed) & set(asked)
    text = "\n".join(str(row[0].value) for row in book[CONSIGNES].iter_rows())
    assert all(f"– {label}" in text for label in computed)


def test_every_action_and_every_indicator_to_fill_is_asked_of_somebody(cadre):
    names = pilots(cadre)
    assert SANS_PILOTE in names
    assert {action.id for name in names for action in actions_of(cadre, name)} == {
        action.id for action in cadre.contrat.actions
    }
    asked = {(item.objet, item.indicateur.id) for name in names for item in attendus_of(cadre, name)}
    assert asked == {(item.objet, item.indicateur.id) for item in cadre.attendus}


def test_a_pilot_spelled_in_several_ways_receives_one_workbook(cadre):
    spellings = {spelling for acteur in cadre.contrat.acteurs for spelling in acteur.graphies}
    names = {acteur.nom for acteur in cadre.contrat.acteurs}
    assert spellings
    assert not (spellings - names) & set(pilots(cadre))


def test_a_file_name_has_neither_accent_nor_space(store, cadre):
    assert workbook_name(compose(store, cadre, "Pôle emploi")) == "collecte-2016-pole-emploi.xlsx"
    assert workbook_name(compose(store, cadre, SANS_PILOTE)) == "collecte-2016-actions-sans-pilote-designe.xlsx"
