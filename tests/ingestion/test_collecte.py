"""A filled workbook read back: what was typed, and everything that is wrong with its cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ozoir.catalogue.classeur import TECHNIQUE
from ozoir.catalogue.saisies import Commentaire, Credit, EtatAction, Modification, Realisation
from ozoir.catalogue.suivi import load_cadre
from ozoir.errors import OzoirError
from ozoir.exports.collecte import write_workbook
from ozoir.ingestion.collecte import receive_collecte
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT
from ozoir.store.base import open_store
from ozoir.store.suivi import save_entries
from tests.collecte import FIRST_ROW, PILOTE, compose, edit, fill, place, read

ACTION = "emploi-01-a1"
STAGES, TAUX, SONDAGE = (
    "emploi-08-a4|jeunes_stage_trouve",
    "emploi-01|taux_frequentation_structures",
    "emploi-08-a3|questionnaire_journee_jobs",
)
CREDIT = f"{ACTION}|etat_bop147|specifique|"
ENTRIES = (
    EtatAction(ACTION, 2016, "en_cours", 40),
    Credit(ACTION, "etat_bop147", 2016, "specifique", "", Decimal("1000.10"), Decimal("0.20")),
)
FREE = FIRST_ROW + 1  # the first empty row of credits


@pytest.fixture(scope="module")
def cadre(catalogue):
    return load_cadre(catalogue.contrat)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("base") / "contract.duckdb", create=True)
    save_entries(store, [Modification(entry) for entry in ENTRIES], "Alice")
    yield store
    store.close()


@pytest.fixture(scope="module")
def classeur(base, cadre):
    return compose(base, cadre)


@pytest.fixture(scope="module")
def written(classeur):
    return write_workbook(classeur)


def only(collecte, gravite: str = BLOQUANT):
    """The one finding of this gravity."""
    (finding,) = [item for item in collecte.findings if item.gravite == gravite]
    return finding


def test_a_workbook_returned_as_it_was_sent_changes_nothing(written, cadre):
    collecte = read(written, cadre)
    assert (collecte.findings, collecte.filled) == ((), [])
    assert (collecte.entete.pilote, collecte.entete.annee, collecte.entete.genere_le) == (PILOTE, 2016, date(2016, 11, 3))
    assert any(reponse.lue == ENTRIES[0] for reponse in collecte.reponses)


def test_what_is_typed_is_read(classeur, cadre):
    typed = {
        place(classeur, ACTION, "statut"): "Réalisée",
        place(classeur, ACTION, "avancement"): 100,
        place(classeur, ACTION, "reussites"): "Deux forums\ntenus",
        place(classeur, STAGES, "realise"): 12,
        place(classeur, STAGES, "cible"): 20,
        place(classeur, STAGES, "beneficiaires"): 12,
        place(classeur, STAGES, "dont_qpv"): 5,
        place(classeur, STAGES, "femmes"): 7,
        place(classeur, STAGES, "hommes"): 5,
        place(classeur, TAUX, "realise"): 45.5,
        place(classeur, SONDAGE, "texte"): "Trois quarts de satisfaits",
        place(classeur, CREDIT, "engage"): 1000.1,
    }
    collecte = read(fill(classeur, typed), cadre)
    assert collecte.findings == ()
    assert [reponse.lue for reponse in collecte.filled] == [
        EtatAction(ACTION, 2016, "realisee", 100),
        Commentaire(ACTION, 2016, "reussites", "Deux forums\ntenus"),
        Realisation("emploi-01", "taux_frequentation_structures", 2016, realise=45.5),
        Realisation("emploi-08-a3", "questionnaire_journee_jobs", 2016, texte="Trois quarts de satisfaits"),
        Realisation("emploi-08-a4", "jeunes_stage_trouve", 2016, False, 12.0, 20.0, 12, 5, 7, 5),
        Credit(ACTION, "etat_bop147", 2016, "specifique", "", Decimal("1000.10"), Decimal("1000.10")),
    ]


def test_empty_zero_and_not_concerned_are_three_things(classeur, cadre):
    other = "emploi-08-a3|jeunes_participant_journee_jobs"
    typed = {place(classeur, STAGES, "realise"): 0, place(classeur, other, "non_concerne"): "non concerné"}
    answers = {
        reponse.lue.indicateur: reponse.lue.reponse
        for reponse in read(fill(classeur, typed), cadre).reponses
        if isinstance(reponse.lue, Realisation)
    }
    assert answers["jeunes_stage_trouve"] == "valeur"
    assert answers["jeunes_participant_journee_jobs"] == "non_concerne"
    assert answers["questionnaire_journee_jobs"] == "vide"


def test_a_new_line_of_credits_is_read_to_the_cent(classeur, cadre):
    label = classeur.objets["emploi-08-a4"]
    values = {"B": label, "C": "Ville", "D": "Droit commun", "E": "Prêt de salle", "G": "1 234,56 €", "H": 0.1, "I": 0}
    collecte = read(fill(classeur, {("Crédits", f"{letter}{FREE + 2}"): value for letter, value in values.items()}), cadre)
    (reponse,) = collecte.filled
    assert reponse.lue == Credit(
        "emploi-08-a4", "ville", 2016, "droit_commun", "Prêt de salle", Decimal("1234.56"), Decimal("0.1"), Decimal("0")
    )
    assert not collecte.findings


CASES = [
    # (key or row, field, value typed, words of the finding, suggestion)
    (STAGES, "realise", -3, "négative", ""),
    (STAGES, "beneficiaires", -1, "négatif", ""),
    (STAGES, "realise", "12 jeunes", "un nombre est attendu", "12"),
    (STAGES, "beneficiaires", "une dizaine", "un nombre est attendu", ""),
    (STAGES, "realise", 3.5, "nombre entier", ""),
    (STAGES, "realise", "nc", "non concerné", ""),
    (STAGES, "beneficiaires", date(2016, 5, 12), "date", ""),
    (STAGES, "beneficiaires", True, "valeur logique", ""),
    (STAGES, "realise", "=A1*2", "sans résultat", ""),
    (STAGES, "realise", "1.234", "milliers ou décimales", ""),
    (STAGES, "non_concerne", "peut-être", "liste", ""),
    (ACTION, "statut", "En cour", "liste", "En cours"),
    (ACTION, "avancement", 140, "de 0 à 100", ""),
    (ACTION, "avancement", 33.3, "nombre entier", ""),
    (CREDIT, "engage", 10.005, "deux décimales", ""),
    (CREDIT, "paye", -1, "négatif", ""),
    (CREDIT, "prevu", "mille euros", "un nombre est attendu", ""),
]


@pytest.mark.parametrize(("key", "field", "value", "words", "suggestion"), CASES)
def test_a_wrong_cell_is_named_with_what_is_expected(classeur, cadre, key, field, value, words, suggestion):
    sheet, cell = place(classeur, key, field)
    finding = only(read(fill(classeur, {(sheet, cell): value}), cadre))
    assert (finding.feuille, finding.cellule, finding.suggestion) == (sheet, cell, suggestion)
    assert words in finding.message


def test_the_text_that_was_typed_is_quoted(classeur, cadre):
    finding = only(read(fill(classeur, {place(classeur, STAGES, "realise"): "12 jeunes"}), cadre))
    assert finding.valeur == "12 jeunes"
    assert "«\u00a012\u00a0»" in finding.sentence()


@pytest.mark.parametrize(
    ("counts", "gravite", "field"),
    [
        ({"beneficiaires": 10, "dont_qpv": 11}, BLOQUANT, "dont_qpv"),
        ({"beneficiaires": 10, "femmes": 6, "hommes": 5}, BLOQUANT, "femmes"),
        ({"beneficiaires": 10, "femmes": 4, "hommes": 5}, AVERTISSEMENT, "femmes"),
        ({"femmes": 4}, AVERTISSEMENT, "beneficiaires"),
    ],
)
def test_counts_of_persons_must_hold_together(classeur, cadre, counts, gravite, field):
    typed = {place(classeur, STAGES, name): value for name, value in counts.items()}
    finding = only(read(fill(classeur, typed), cadre), gravite)
    assert (finding.feuille, finding.cellule) == place(classeur, STAGES, field)


def test_not_concerned_and_a_value_contradict_each_other(classeur, cadre):
    typed = {place(classeur, STAGES, "realise"): 3, place(classeur, STAGES, "non_concerne"): "Non concerné"}
    finding = only(read(fill(classeur, typed), cadre))
    assert (finding.feuille, finding.cellule) == place(classeur, STAGES, "non_concerne")


def test_a_rate_under_one_percent_is_asked_again_and_a_percentage_is_understood(classeur, cadre):
    sheet, cell = place(classeur, TAUX, "realise")
    doubtful = read(fill(classeur, {(sheet, cell): 0.45}), cadre)
    assert "45\u202f%" in only(doubtful, AVERTISSEMENT).message
    assert doubtful.filled[0].lue.realise == 0.45

    def type_percentage(book):
        book[sheet][cell] = 0.455
        book[sheet][cell].number_format = "0.0%"

    understood = read(edit(write_workbook(classeur), type_percentage), cadre)
    assert (understood.findings, understood.filled[0].lue.realise) == ((), 45.5)


def test_a_text_that_points_to_a_person_is_said_without_being_quoted(classeur, cadre):
    sheet, cell = place(classeur, ACTION, "freins")
    number = "2 84 05 77 350 112 " + f"{97 - 2840577350112 % 97:02d}"
    refused = only(read(fill(classeur, {(sheet, cell): f"Attend le dossier {number}"}), cadre))
    assert (refused.cellule, refused.valeur) == (cell, "")
    assert "sécurité sociale" in refused.message
    for text in ("Joindre le 06 12 34 56 78", "Écrire à une.personne@exemple.fr"):
        refused = only(read(fill(classeur, {(sheet, cell): text}), cadre))
        assert (refused.cellule, refused.valeur) == (cell, "")
        assert text.split()[-1] not in refused.message
    plain = read(fill(classeur, {(sheet, cell): "Budget de 284 057 735 euros, 12 réunions en 2016"}), cadre)
    assert plain.findings == ()


def test_a_list_of_persons_on_an_added_sheet_is_refused(written, cadre):
    def add_list(book):
        sheet = book.create_sheet("Inscrits")
        for row in (["Nom", "Prénom", "Téléphone"], ["A", "B", "0612345678"]):
            sheet.append(row)

    assert read(edit(written, add_list), cadre).blocking


def test_an_altered_label_is_refused_with_the_right_one(classeur, cadre):
    sheet, cell = place(classeur, ACTION, "action")
    finding = only(read(fill(classeur, {(sheet, cell): "Plaquette"}), cadre))
    assert (finding.feuille, finding.cellule, finding.valeur) == (sheet, cell, "Plaquette")
    assert finding.suggestion == "Plaquette des acteurs de la formation et de l’emploi"


def test_an_altered_id_is_refused(classeur, cadre):
    findings = read(fill(classeur, {("Actions", "A5"): "2016|emploi-01-a9"}), cadre).blocking
    assert [finding.cellule for finding in findings] == ["A5", ""]
    assert "n’appartient pas" in findings[0].message
    assert "supprimée" in findings[1].message


def test_last_year_s_values_are_not_corrected_here(classeur, cadre):
    collecte = read(fill(classeur, {place(classeur, STAGES, "realise_precedent"): 12}), cadre)
    assert "ignoré" in only(collecte, AVERTISSEMENT).message
    assert not collecte.blocking and not collecte.filled


def test_a_row_pasted_from_another_pilot_s_workbook_is_refused_with_the_pilot_s_name(base, cadre, classeur):
    other = compose(base, cadre, "Direction des sports et de la culture")

    finding = only(read(edit(write_workbook(classeur), lambda book: book["Actions"].append(copied_row(other))), cadre))
    assert finding.cellule == f"A{FIRST_ROW + len(classeur.lignes['actions'])}"
    assert "autre classeur" in finding.message and "Direction des sports et de la culture" in finding.message


def copied_row(classeur) -> list:
    """The first row of actions, as copied with its hidden column."""
    line = classeur.lignes["actions"][0]
    return [line.cle, *line.cellules.values()]


def test_labels_pasted_over_another_row_are_recognised(base, cadre, classeur):
    other = compose(base, cadre, "Direction des sports et de la culture")
    sheet, cell = place(classeur, ACTION, "action")
    finding = only(read(fill(classeur, {(sheet, cell): other.lignes["actions"][0].cellules["action"]}), cadre))
    assert finding.cellule == cell
    assert "Direction des sports et de la culture" in finding.message


def test_a_deleted_row_and_a_duplicated_one_are_refused(classeur, cadre):
    deleted = read(edit(write_workbook(classeur), lambda book: book["Actions"].delete_rows(FIRST_ROW + 1)), cadre)
    assert "Boîtage sur le quartier" in only(deleted).message
    duplicated = read(edit(write_workbook(classeur), lambda book: book["Actions"].append(copied_row(classeur))), cadre)
    finding = only(duplicated)
    assert "en double" in finding.message and f"ligne {FIRST_ROW}" in finding.message


def test_a_line_of_credits_entered_twice_is_refused(classeur, cadre):
    values = {"B": classeur.objets[ACTION], "C": "État – BOP 147", "D": "Crédits spécifiques", "G": 5}
    finding = only(read(fill(classeur, {("Crédits", f"{letter}{FREE}"): value for letter, value in values.items()}), cadre))
    assert "existe déjà" in finding.message
    assert finding.cellule == f"B{FREE}"


def test_a_new_line_of_credits_says_what_is_missing(classeur, cadre):
    half = read(fill(classeur, {("Crédits", f"B{FREE}"): classeur.objets[ACTION], ("Crédits", f"G{FREE}"): 5}), cadre)
    assert [finding.cellule for finding in half.blocking] == [f"C{FREE}", f"D{FREE}"]
    values = {"B": classeur.objets[ACTION], "C": "Ville", "D": "Droit commun"}
    empty = read(fill(classeur, {("Crédits", f"{letter}{FREE}"): value for letter, value in values.items()}), cadre)
    assert "sans montant" in only(empty, AVERTISSEMENT).message
    assert not empty.filled


def test_credits_of_another_pilot_s_action_are_refused(classeur, cadre):
    values = {
        "B": "Rénovation globale du bâti, intérieur et extérieur [cadre-de-vie-01-a1]",
        "C": "Ville",
        "D": "Droit commun",
        "G": 5,
    }
    finding = only(read(fill(classeur, {("Crédits", f"{letter}{FREE}"): value for letter, value in values.items()}), cadre))
    assert finding.cellule == f"B{FREE}"
    assert "liste" in finding.message


def test_the_workbook_of_another_year_is_refused(written, cadre):
    finding = only(read(written, cadre, annee=2017))
    assert "2016" in finding.message and finding.suggestion == "2017"


def test_a_header_moved_to_another_year_is_refused(classeur, cadre):
    finding = only(read(fill(classeur, {("Indicateurs", "G4"): "Réalisé 2017"}), cadre))
    assert (finding.feuille, finding.cellule, finding.suggestion) == ("Indicateurs", "G4", "Réalisé 2016")
    assert "mauvaise année" in finding.message


def test_everything_wrong_is_said_at_once(classeur, cadre):
    wrong = {
        ("Indicateurs", "G4"): "Réalisé 2017",
        place(classeur, STAGES, "realise"): "12 jeunes",
        place(classeur, ACTION, "statut"): "Fini",
    }
    cells = {(finding.feuille, finding.cellule) for finding in read(fill(classeur, wrong), cadre).blocking}
    assert cells == set(wrong)


def test_a_row_of_last_year_s_workbook_is_refused(base, cadre, classeur):
    former = copied_row(compose(base, cadre, annee=2015))
    finding = only(read(edit(write_workbook(classeur), lambda book: book["Actions"].append(former)), cadre))
    assert "2015" in finding.message and "mauvaise année" in finding.message


def test_a_workbook_whose_hidden_sheet_was_changed_is_refused(written, cadre):
    def change_year(book):
        cells = {row[0].value: row[1] for row in book[TECHNIQUE].iter_rows(max_row=8)}
        cells["annee"].value = "2017"

    with pytest.raises(OzoirError, match="altéré"):
        read(edit(written, change_year), cadre, annee=2017)


def test_a_file_that_is_no_collection_workbook_is_refused(written, cadre):
    with pytest.raises(OzoirError, match="pas un classeur de collecte"):
        read(edit(written, lambda book: book.remove(book[TECHNIQUE])), cadre)


def test_a_renamed_sheet_is_refused_and_an_added_one_left_out(written, cadre):
    def rename(book):
        book["Actions"].title = "Action"

    assert "Vouliez-vous dire" in only(read(edit(written, rename), cadre)).message
    added = read(edit(written, lambda book: book.create_sheet("Notes").append(["Bonjour"])), cadre)
    assert (only(added, AVERTISSEMENT).feuille, added.blocking) == ("Notes", [])


def test_a_workbook_of_another_contract_is_refused(classeur, cadre):
    foreign = write_workbook(replace(classeur, entete=replace(classeur.entete, contrat="ailleurs")))
    assert "autre contrat" in only(read(foreign, cadre)).message


def test_a_reworded_catalogue_does_not_refuse_workbooks_already_sent(classeur, cadre):
    old = [
        replace(line, cellules=line.cellules | {"action": f"Ancien titre {rank}"})
        for rank, line in enumerate(classeur.lignes["actions"])
    ]
    sent = write_workbook(replace(classeur, lignes=classeur.lignes | {"actions": tuple(old)}))
    assert read(sent, cadre).findings == ()


def test_an_uploaded_workbook_is_read_in_a_limited_process(classeur, cadre):
    data = fill(
        classeur, {place(classeur, ACTION, "avancement"): date(2016, 5, 12), place(classeur, STAGES, "realise"): "=1/0"}
    )
    apart = receive_collecte(data, "retour.xlsx", cadre, 2016)
    here = read(data, cadre)
    assert (apart.findings, apart.reponses) == (here.findings, here.reponses)
    assert len(apart.blocking) == 2
    with pytest.raises(OzoirError, match="Format de fichier non accepté"):
        receive_collecte(data, "retour.docx", cadre, 2016)
