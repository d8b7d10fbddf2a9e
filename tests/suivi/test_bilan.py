"""The yearly report: what the base holds under each clause, what is missing and from whom; the evaluation over years."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ozoir.catalogue.saisies import Besoin, Decision, EtatAction, Modification, Proposition, Realisation
from ozoir.indicators.results import MASQUE, Figure
from ozoir.suivi.bilan import build_bilan, build_evaluation, women_share
from ozoir.suivi.chaine import build_chain, list_breaks
from ozoir.suivi.completude import by_sender, list_missing
from ozoir.suivi.couverture import build_matrix
from ozoir.suivi.diffusion import Diffusee
from ozoir.suivi.dossier import load_dossier
from ozoir.suivi.enregistrement import save


@pytest.fixture
def bilan(publication, dossier):
    return build_bilan(publication, dossier, 2016)


@pytest.fixture
def missing(bilan, publication, dossier):
    return list_missing(bilan, build_matrix(publication, dossier, date(2022, 6, 1)), dossier.cadre)


def texts(versions):
    return [version.saisie.texte for version in versions]


def test_the_observation_is_that_of_the_end_of_the_year(publication, dossier):
    def seen(annee):
        (found,) = [o for o in build_bilan(publication, dossier, annee).observation if o.result.indicateur.id == "defm_abc"]
        return found

    assert seen(2015).point is None
    assert seen(2016).point.date_reference == date(2016, 12, 31)
    assert seen(2016).evolution is None  # one date only
    assert (seen(2017).evolution.debut, seen(2017).evolution.qpv.valeur) == (date(2016, 12, 31), -10)
    assert seen(2018).point.date_reference == date(2017, 12, 31)  # 2018 was withheld
    assert seen(2022).evolution.qpv.valeur == -30


def test_the_observation_comes_by_sex(bilan):
    (seen,) = [o for o in bilan.observation if o.result.indicateur.id == "defm_abc"]
    assert [serie.modalite for serie in seen.by_sex.series if serie.modalite] == ["femmes", "hommes"]


def test_actions_are_counted_by_pillar(bilan):
    emploi = bilan.piliers[0]
    assert emploi.pilier.id == "emploi"
    assert (emploi.avancement.renseignees, emploi.avancement.moyenne) == (3, 75)
    assert emploi.avancement.par_statut["realisee"] == 1


def test_beneficiaries_are_masked_in_the_report(bilan):
    lines = {line.ligne.attendu.indicateur.id: line for p in bilan.piliers for o in p.objectifs for line in o.realisations}
    assert lines["participants_qpv_ateliers_numeriques"].figures.femmes.valeur == 18
    assert lines["jeunes_aides_permis"].figures.realise.statut == MASQUE
    assert women_share(lines["participants_qpv_ateliers_numeriques"].figures).valeur == pytest.approx(60)  # 18 of 30
    assert women_share(lines["jeunes_aides_permis"].figures).statut == MASQUE


def test_nothing_is_masked_for_those_who_enter(publication, dossier):
    lines = [
        line for p in build_bilan(publication, dossier, 2016, seuil=0).piliers for o in p.objectifs for line in o.realisations
    ]
    assert not any(line.figures.is_masked for line in lines)


def test_women_share_of_nobody_is_not_a_number():
    zero = Figure(0.0)
    assert not women_share(Diffusee(zero, zero, zero, zero, zero, zero)).is_shown


def test_memory_programme_credits_and_needs(bilan):
    assert texts(bilan.memoire[Decision].nouvelles) == ["Relancer la mission locale"]
    assert texts(bilan.memoire[Decision].reports.clos) == ["Trouver une salle"]
    assert len(bilan.memoire[Proposition].nouvelles) == 2 and texts(bilan.programme) == ["Ouvrir le samedi"]
    assert texts(bilan.memoire[Besoin].nouvelles) == ["Lire un tableau statistique"]
    assert bilan.credits.groupes["epci_ville"].engage.montant == Decimal("5000.20")
    assert bilan.section("observation").texte.startswith("Le chômage")


def test_what_is_missing_is_said_with_who_must_send_it(missing):
    senders = by_sender(missing)
    assert [item.quoi for item in senders["Conseil municipal"]] == ["Avis sur le rapport 2016"]
    assert "Conseil citoyen" not in senders
    assert "État de l’action «\u00a0Permanences régulières de la Mission locale à l’Espace social\u00a0»" in [
        item.quoi for item in senders["Service emploi intercommunal"]
    ]
    assert [item.quoi for item in senders["EPCI"]] == ["EPCI\u00a0: montant engagé inconnu pour une ligne"]
    assert any(item.quoi == "Suite donnée à la proposition P1" for item in senders["Comité de pilotage"])
    team = [(item.section, item.quoi) for item in senders["Équipe projet"]]
    assert ("actions", "Texte à rédiger") in team and ("observation", "Texte à rédiger") not in team


def test_a_missing_split_by_sex_is_asked_for(missing, publication, dossier, store, cadre):
    assert "Répartition entre femmes et hommes\u00a0: Passages de jeunes aux demi-journées d’information" in [
        m.quoi for m in missing
    ]
    key = ("emploi-04-a3", "passages_jeunes", 2016)
    full = Realisation(*key, realise=0.0, beneficiaires=0, femmes=0, hommes=0)
    save(store, cadre, [Modification(full, dossier.base(Realisation, *key))], "Alice")
    later = load_dossier(store, cadre)
    again = list_missing(build_bilan(publication, later, 2016), build_matrix(publication, later, date(2022, 6, 1)), cadre)
    assert len(again) == len(missing) - 1


def test_an_unfed_main_statistic_is_asked_to_its_partner(missing):
    observation = [item for item in missing if item.section == "observation"]
    assert observation and all(item.qui for item in observation)
    assert not any("Demandeurs d’emploi de catégories A, B et C" in item.quoi for item in observation)


def test_the_meeting_the_contract_asks_for_is_checked(publication, dossier, cadre):
    bilan = build_bilan(publication, dossier, 2017)
    found = [item.quoi for item in list_missing(bilan, [], cadre)]
    assert "Réunion 2017\u00a0: Comité de pilotage (au moins une fois par an)" in found


def test_the_evaluation_covers_the_years_asked(publication, dossier):
    evaluation = build_evaluation(publication, dossier, 2015, 2017)
    assert evaluation.annees == (2015, 2016, 2017)
    (plaquette,) = [item for item in evaluation.parcours if item.action.id == "emploi-01-a1"]
    assert plaquette.statuts == {2015: "en_cours", 2016: "realisee", 2017: ""}
    assert evaluation.credits.total.prevu.montant == Decimal("117501.30")
    assert evaluation.credits.annees["2017"].prevu.montant == Decimal("1.00")
    assert len(evaluation.propositions) == 2


def test_the_chain_goes_from_objective_to_credits(catalogue, dossier):
    chain = {link.objectif.id: link for link in build_chain(catalogue, dossier, 2016)}
    first = chain["emploi-01"]
    assert "defm_abc" in first.observation
    assert first.credits.engage.montant == Decimal("13000.25")  # 8 000,05 + 5 000,20
    assert first.actions[0].credits.lignes == 2
    assert chain["emploi-06"].indicateurs[0].realisation.realise == 30
    assert set(chain) == {objectif.id for objectif in dossier.cadre.contrat.objectifs}


def test_the_breaks_of_the_contract_are_listed(catalogue, dossier):
    breaks = list_breaks(build_chain(catalogue, dossier, 2016))
    assert [item.objet for item in breaks["sans_pilote"]] == ["cohesion-sociale-03-a3"]
    assert {"cohesion-sociale-08-a1", "cohesion-sociale-12-a1"} <= {item.objet for item in breaks["sans_indicateur"]}
    assert {item.objet for item in breaks["a_definir"]} == {"emploi-02", "cohesion-sociale-11"}
    assert "emploi-01" not in [item.objet for item in breaks["sans_credit"]]
    assert "sans_source" not in breaks  # each statistic the contract asks for is declared


def test_a_break_mended_by_an_answer_disappears(catalogue, dossier, store, cadre):
    def silent(current):
        return {(b.objet, b.texte) for b in list_breaks(build_chain(catalogue, current, 2016))["sans_valeur"]}

    before = silent(dossier)
    answer = Realisation("emploi-05", "heures_insertion", 2016, realise=120.0)
    save(store, cadre, [Modification(answer), Modification(EtatAction("emploi-05-a1", 2016, "en_cours"))], "Alice")
    assert before - silent(load_dossier(store, cadre)) == {("emploi-05", "Heures d’insertion")}
