"""Actions: progress computed by hand, filters, a sheet that says everything, a history that forgets nothing."""

from __future__ import annotations

import pytest

from ozoir.catalogue.saisies import EtatAction, Modification
from ozoir.errors import OzoirError
from ozoir.suivi.actions import (
    Filtre,
    action_history,
    action_sheet,
    axes_of,
    filter_actions,
    measure_progress,
)
from ozoir.suivi.enregistrement import save


def test_the_progress_of_an_objective_is_the_mean_of_what_was_entered(dossier):
    progress = measure_progress(dossier, dossier.cadre.contrat.objectif("emploi-01").actions, 2016)
    assert (progress.actions, progress.renseignees) == (4, 3)
    assert progress.moyenne == 75  # (100 + 50) / 2: the abandoned action and the silent one are left out
    assert progress.par_statut["abandonnee"] == 1


def test_without_any_answer_there_is_no_mean(dossier):
    assert measure_progress(dossier, dossier.cadre.contrat.objectif("emploi-02").actions, 2016).moyenne is None


def test_years_do_not_mix(dossier):
    actions = dossier.cadre.contrat.objectif("emploi-01").actions
    assert measure_progress(dossier, actions, 2015).moyenne == 20


def test_filters_narrow_the_list(dossier):
    def ids(**fields):
        return [action.id for action in filter_actions(dossier, 2016, Filtre(**fields))]

    assert len(ids()) == len(dossier.cadre.contrat.actions)
    assert ids(statut="realisee") == ["emploi-01-a1"]
    assert ids(objectif="emploi-01", statut="non_renseigne") == ["emploi-01-a4"]
    assert all(action.startswith("emploi-0") for action in ids(orientation="emploi-o1"))
    assert "emploi-01-a1" in ids(pilote="Pôle emploi")
    assert ids(pilier="cadre-de-vie", pilote="Pôle emploi") == []


def test_an_axis_holds_its_own_actions_and_those_its_commitments_point_to(dossier):
    contrat = dossier.cadre.contrat
    assert "jeunesse" in contrat.action("emploi-01-a4").axes
    assert "jeunesse" in axes_of(contrat, contrat.action("emploi-01-a1"))  # by the commitment on emploi-01
    found = filter_actions(dossier, 2016, Filtre(axe="egalite"))
    assert contrat.action("cohesion-sociale-11-a3") in found


def test_a_sheet_gathers_the_year(dossier):
    sheet = action_sheet(dossier, "emploi-01-a1", 2016)
    assert (sheet.statut, sheet.avancement) == ("realisee", 100)
    assert sheet.commentaires["freins"].saisie.texte == "Imprimeur en retard"
    assert [credit.financeur for credit in sheet.credits] == ["etat_bop147", "ville"]
    assert [decision.suite for decision in sheet.decisions] == ["Salle trouvée"]
    assert len(sheet.indicateurs) == 5 and {line.reponse for line in sheet.indicateurs} == {"vide"}


def test_an_unknown_action_is_said_with_the_nearest(dossier):
    with pytest.raises(OzoirError, match="Vouliez-vous dire"):
        action_sheet(dossier, "emploi-01-b1", 2016)


def test_the_history_of_an_action_holds_every_version(dossier, store, cadre):
    base = dossier.base(EtatAction, "emploi-01-a1", 2016)
    save(store, cadre, [Modification(EtatAction("emploi-01-a1", 2016, "en_pause", 80), base)], "Bilal")
    history = action_history(store, "emploi-01-a1")
    assert (history[0].auteur, history[0].saisie.statut) == ("Bilal", "en_pause")
    assert [v.saisie.statut for v in history if isinstance(v.saisie, EtatAction) and v.saisie.annee == 2016] == [
        "en_pause",
        "realisee",
    ]


def test_a_refused_entry_writes_nothing_even_beside_right_ones(store, cadre):
    answer = save(
        store,
        cadre,
        [
            Modification(EtatAction("emploi-01-a1", 2016, "en_cours")),
            Modification(EtatAction("emploi-01-a2", 1999, "en_cours")),
        ],
        "Alice",
    )
    assert answer.is_refused and "1999" in answer.constats[0].sentence()
    assert action_history(store, "emploi-01-a1") == []


def test_nobody_saves_without_a_name(store, cadre):
    with pytest.raises(OzoirError, match="sans auteur"):
        save(store, cadre, [], " ")
