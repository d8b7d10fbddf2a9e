"""Editions: frozen whole, reopened as they were, compared with today."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from ozoir.errors import OzoirError
from ozoir.exports.comparison import compare_dossiers, revisions_table
from ozoir.exports.contents import ImportCite
from ozoir.exports.editions import freeze_edition, open_edition
from ozoir.exports.formats import export
from ozoir.exports.freezing import freeze, thaw
from ozoir.indicators.results import MASQUE, Figure
from tests.exports import dossiers


@pytest.mark.parametrize("name", dossiers.ALL)
def test_a_frozen_dossier_comes_back_whole(name):
    dossier = dossiers.ALL[name]()
    text = freeze(dossier)
    assert thaw(text) == dossier and freeze(thaw(text)) == text


def test_a_text_of_a_later_program_is_refused():
    text = json.dumps({"format": 99, "dossier": {}})
    with pytest.raises(OzoirError, match="plus récente"):
        thaw(text)


def test_a_text_cannot_bring_another_class():
    with pytest.raises(KeyError):
        thaw(json.dumps({"format": 1, "dossier": {"#": "Path", "args": ["/"]}}))


def test_an_edition_reopened_gives_the_same_documents(store, dossier):
    edition = freeze_edition(store, dossier, "COPIL du 12/03/2020", "cheffe de projet")
    first = {name: export(open_edition(store, "COPIL du 12/03/2020"), name) for name in ("xlsx", "pdf", "csv")}
    freeze_edition(store, replace(dossier, resultats=()), "COPIL suivant", "cheffe de projet")
    again = {name: export(open_edition(store, str(edition.id)), name) for name in ("xlsx", "pdf", "csv")}
    assert first == again
    assert "Édition «\u00a0COPIL du 12/03/2020\u00a0»" in open_edition(store, edition.nom).bandeau
    assert f"edition-{edition.id}" in first["xlsx"].nom and f":e{edition.id}" in first["csv"].contenu.decode("utf-8-sig")


def revised(dossier, figure: Figure, import_id: int = 2):
    """The same dossier, its first figure changed by a later import."""
    result = dossier.resultats[0]
    serie = result.series[0]
    place = replace(serie.points[0].qpv.provenances[0], import_id=import_id, fichier="IPRO_2022.csv")
    point = replace(serie.points[0], qpv=replace(figure, provenances=(place,) if figure.is_shown else ()))
    changed = replace(result, series=(replace(serie, points=(point, *serie.points[1:])),))
    cite = ImportCite(import_id, "IPRO_2022.csv", "insee_ipro", "2022", date(2021, 1, 15), "cd" * 32)
    return replace(dossier, resultats=(changed, *dossier.resultats[1:]), imports=(*dossier.imports, cite))


def test_nothing_changed_is_said(dossier):
    assert compare_dossiers(dossier, dossier) == []
    assert "tous les chiffres sont les mêmes" in revisions_table([]).vide


def test_a_revision_says_before_after_and_the_import_that_brought_it(dossier):
    today = revised(dossier, Figure(53.0, unite="%", decimales=1))
    (found,) = compare_dossiers(replace(dossier, numero=1), today)
    assert (found.nature, found.avant.valeur, found.apres.valeur) == ("révisé", 52.6, 53.0)
    assert [cite.id for cite in found.imports] == [2] and found.reference == "defm_femmes:2016-12-31:i1:e1"
    (line,) = revisions_table([found]).lignes
    assert [cell.texte for cell in line][4:6] == ["52,6\u202f%", "53,0\u202f%"]
    assert "import n°\u00a02 («\u00a0IPRO_2022.csv\u00a0», 15/01/2021)" in line[6].texte


def test_a_figure_masked_since_is_told_without_its_value_of_today(dossier):
    (found,) = compare_dossiers(dossier, revised(dossier, Figure(None, MASQUE, "Effectif trop faible.")))
    assert found.nature == "masqué depuis" and found.apres.valeur is None


def test_figures_that_came_or_went_are_told(dossier):
    fewer = replace(dossier, resultats=dossier.resultats[1:])
    assert {item.nature for item in compare_dossiers(dossier, fewer)} == {"retiré"}
    assert {item.nature for item in compare_dossiers(fewer, dossier)} == {"nouveau"}
