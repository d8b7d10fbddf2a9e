"""Entry tables: what is typed is what is saved, nothing more; what cannot be read is said and saves nothing."""

from __future__ import annotations

from decimal import Decimal

from ozoir.catalogue.saisies import Commentaire, Credit, EtatAction, Realisation
from ozoir.suivi.tableaux import (
    credit_rows,
    indicator_rows,
    read_credits,
    read_indicators,
    read_states,
    state_rows,
)


def actions(dossier, objectif="emploi-01"):
    return dossier.cadre.contrat.objectif(objectif).actions


def test_an_untouched_table_changes_nothing(dossier):
    rows = state_rows(dossier, actions(dossier), 2016)
    assert read_states(dossier, 2016, rows) == []
    attendus = [item for item in dossier.cadre.attendus if item.is_entered]
    assert read_indicators(dossier, 2016, indicator_rows(dossier, attendus, 2016)) == ([], [])
    lines = dossier.entries(Credit, annee=2016)
    assert read_credits(dossier, 2016, lines, credit_rows(lines)) == ([], [])


def test_a_typed_status_carries_the_version_it_was_typed_over(dossier):
    rows = state_rows(dossier, actions(dossier), 2016)
    rows[1] |= {"statut": "Réalisée", "avancement": 100.0, "reussites": " Fait "}
    state, comment = read_states(dossier, 2016, rows)
    assert state.saisie == EtatAction("emploi-01-a2", 2016, "realisee", 100)
    assert state.base == dossier.version(EtatAction, "emploi-01-a2", 2016).id
    assert (comment.saisie, comment.base) == (Commentaire("emploi-01-a2", 2016, "reussites", "Fait"), 0)


def test_an_emptied_comment_is_a_change(dossier):
    rows = state_rows(dossier, actions(dossier), 2016)
    rows[0]["freins"] = None
    assert [item.saisie for item in read_states(dossier, 2016, rows)] == [Commentaire("emploi-01-a1", 2016, "freins", "")]


def test_zero_empty_and_not_concerned_are_typed_three_ways(dossier):
    attendus = [item for item in dossier.cadre.attendus if item.objet == "emploi-07-a2"]
    (row,) = indicator_rows(dossier, attendus, 2017)
    assert row["precedent"] == "3"
    answers = {}
    for text in ("", "0", "nc"):
        modifications, findings = read_indicators(dossier, 2017, [row | {"realise": text}])
        assert findings == []
        answers[text] = [item.saisie.reponse for item in modifications]
    assert answers == {"": [], "0": ["valeur"], "nc": ["non_concerne"]}


def test_text_in_a_number_is_a_finding_and_changes_nothing(dossier):
    attendus = [item for item in dossier.cadre.attendus if item.objet == "emploi-07-a2"]
    (row,) = indicator_rows(dossier, attendus, 2016)
    modifications, findings = read_indicators(dossier, 2016, [row | {"realise": "trois", "cible": "beaucoup"}])
    assert modifications == []
    assert [finding.valeur for finding in findings] == ["trois", "beaucoup"]
    assert "Jeunes aidés" in findings[0].sentence()


def test_counts_typed_beside_the_answer_are_kept(dossier):
    attendus = [item for item in dossier.cadre.attendus if item.objet == "emploi-07-a2"]
    (row,) = indicator_rows(dossier, attendus, 2016)
    row |= {"realise": "12", "cible": "20,5", "beneficiaires": 12.0, "femmes": float("nan"), "hommes": None, "texte": "été"}
    (item,), _ = read_indicators(dossier, 2016, [row])
    assert item.saisie == Realisation(
        "emploi-07-a2", "jeunes_aides_permis", 2016, realise=12.0, cible=20.5, beneficiaires=12, texte="été"
    )


def test_a_new_line_of_credits_and_a_removed_one(dossier):
    lines = dossier.entries(Credit, annee=2016)
    rows = credit_rows(lines)
    removed = rows.pop(0)
    rows.append({"objet": "emploi-10", "financeur": "caf", "nature": "droit_commun", "ligne": None, "prevu": "1 234,56",
                 "engage": None, "paye": "0", "theme": None, "commentaire": None})  # fmt: skip
    new, emptied = [item.saisie for item in read_credits(dossier, 2016, lines, rows)[0]]
    assert new == Credit("emploi-10", "caf", 2016, "droit_commun", "", Decimal("1234.56"), None, Decimal("0"))
    assert (emptied.objet, emptied.prevu, emptied.engage) == (removed["objet"], None, None)


def test_a_bad_amount_a_missing_funder_and_a_double_are_findings(dossier):
    row = {"objet": "emploi-10", "financeur": "caf", "nature": "droit_commun", "ligne": "", "prevu": "mille", "engage": "",
           "paye": "", "theme": "", "commentaire": ""}  # fmt: skip
    _, findings = read_credits(dossier, 2016, [], [row, row | {"prevu": "1"}, row | {"financeur": None, "prevu": "1"}])
    sentences = [finding.sentence() for finding in findings]
    assert len(sentences) == 3
    assert "mille" in sentences[0] and "1234,50" in sentences[0]
    assert "Ligne 2" in sentences[1] and "deux lignes" in sentences[1]
    assert "Ligne 3" in sentences[2] and "financeur" in sentences[2]


def test_an_empty_row_is_nothing(dossier):
    row = dict.fromkeys(("objet", "financeur", "nature", "ligne", "prevu", "engage", "paye", "theme", "commentaire"))
    assert read_credits(dossier, 2016, [], [row]) == ([], [])
