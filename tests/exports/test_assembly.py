"""A real base → a dossier → documents: masks by diffusion, what was known then, editions that outlive imports."""

from __future__ import annotations

import importlib.util
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ozoir.__main__ import main
from ozoir.catalogue.diffusions import PUBLIQUE, RESTREINTE
from ozoir.catalogue.saisies import Commentaire, EtatAction, Modification
from ozoir.catalogue.suivi import load_cadre
from ozoir.errors import OzoirError
from ozoir.exports.assembly import Choix, assemble_dossier
from ozoir.exports.comparison import compare_dossiers
from ozoir.exports.contents import Tableau
from ozoir.exports.editions import freeze_edition, open_edition
from ozoir.exports.formats import FORMATS, export
from ozoir.exports.gap_tables import gap_changes_table
from ozoir.exports.sheets import HEADER_ROW
from ozoir.indicators.gaps import list_gap_changes
from ozoir.indicators.publication import publish
from ozoir.ingestion.reading import receive
from ozoir.paths import RAW
from ozoir.store.base import open_store
from ozoir.store.imports import load_delivery, restore_import, withdraw_import
from ozoir.store.suivi import save_entries
from ozoir.suivi.dossier import load_dossier
from tests.indicators.states import Y15, Y20
from tests.indicators.test_gaps import rsa

SERIES = RAW / "series_publiees.csv"
TODAY = date(2021, 3, 12)
pytestmark = pytest.mark.skipif(not SERIES.exists(), reason="séries publiées absentes")

# The worked year of the follow-up: its figures are computed by hand in tests/suivi.
_spec = importlib.util.spec_from_file_location("worked_year", Path(__file__).parent.parent / "suivi" / "conftest.py")
worked_year = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(worked_year)


@pytest.fixture(scope="module")
def base(tmp_path_factory, catalogue) -> Path:
    """The shipped series and the worked year."""
    path = tmp_path_factory.mktemp("documents") / "contract.duckdb"
    store = open_store(path, create=True)
    load_delivery(store, receive(SERIES, catalogue), None, "socle")
    save_entries(store, [Modification(entry) for entry in worked_year.ENTRIES], "Alice")
    store.close()
    return path


@pytest.fixture
def opened(base, catalogue):
    """store, publication, follow-up."""
    store = open_store(base)
    yield store, publish(store, catalogue), load_dossier(store, load_cadre(catalogue.contrat))
    store.close()


def texts_of(table: Tableau) -> set[str]:
    return {cell.texte for line in table.lignes for cell in line}


def test_small_counts_of_persons_are_masked_in_public_and_shown_to_signatories(opened):
    """Three young people helped, of whom one woman: masked below five."""
    _, publication, entries = opened
    shown = {}
    for diffusion in (PUBLIQUE, RESTREINTE):
        dossier = assemble_dossier(publication, entries, 2016, diffusion, TODAY)
        (line,) = [line for line in dossier.action("emploi-07-a2").realisations.lignes if line[2].texte in ("3", "s")]
        shown[diffusion] = [cell.texte for cell in line[2:9]]
    assert shown[PUBLIQUE][0] == "s" and "3" not in shown[PUBLIQUE] and "1" not in shown[PUBLIQUE]
    assert shown[RESTREINTE][0] == "3" and {"1", "2"} <= set(shown[RESTREINTE])


def test_what_pilots_say_between_themselves_is_left_out_in_public(opened):
    _, publication, entries = opened
    said = {
        diffusion: assemble_dossier(publication, entries, 2016, diffusion, TODAY).action("emploi-01-a1").commentaires
        for diffusion in (PUBLIQUE, RESTREINTE)
    }
    assert said[PUBLIQUE] == () and said[RESTREINTE] == (("Freins", "Imprimeur en retard"),)


def test_credits_are_exact_and_partial_sums_say_so(opened):
    """EPCI and Ville 2016: 5 000,20 + 2 500,00 planned; engaged 5 000,20, one line unknown."""
    _, publication, entries = opened
    by_side = assemble_dossier(publication, entries, 2016, PUBLIQUE, TODAY).credits[0]
    (line,) = [line for line in by_side.lignes if line[0].texte == "EPCI et Ville"]
    assert [cell.texte for cell in line[1:3]] == ["7\u202f500,20\u202f€", "5\u202f000,20\u202f€\u00a0+"]
    assert line[1].valeur == 7500.20 and "minimum" in by_side.notes[0]


def test_a_report_knows_nothing_of_what_came_after_its_year(opened):
    """DEFM ABC of the quartier: 232 at 31/12/2016, 214 at 31/12/2018 (IPRO files)."""
    _, publication, entries = opened
    result = assemble_dossier(publication, entries, 2018, PUBLIQUE, TODAY).resultat("defm_abc")
    assert result.total.latest.date_reference == date(2018, 12, 31) and result.total.latest.qpv.valeur == 214
    assert "2018" in result.message and "2020" not in result.message + result.lecture
    assert result.total.evolution is None or result.total.evolution.fin.year <= 2018


def test_the_report_answers_every_section_of_the_plan(opened):
    _, publication, entries = opened
    dossier = assemble_dossier(publication, entries, 2016, RESTREINTE, TODAY)
    assert [rubrique.id for rubrique in dossier.rubriques][:3] == ["orientations", "observation", "actions"]
    written = {
        rubrique.id: [bloc for bloc in rubrique.blocs if getattr(bloc, "style", "") == "corps"]
        for rubrique in dossier.rubriques
    }
    assert written["observation"][0].texte == "Le chômage baisse moins vite que dans le reste de la commune."
    assert "Relancer la mission locale" in texts_of(dossier.decisions)
    assert "Ouvrir le samedi" in texts_of(dossier.programme) and "Supprimer le boîtage" not in texts_of(dossier.programme)
    assert dossier.manques.lignes


def test_what_is_chosen_goes_in_and_nothing_else(opened):
    _, publication, entries = opened
    choix = Choix(indicateurs=("part_femmes_defm", "defm_abc"), axes=False, sans_reponse=False, commentaire="Un mot.")
    dossier = assemble_dossier(publication, entries, 2016, PUBLIQUE, TODAY, choix)
    assert [result.indicateur.id for result in dossier.resultats if not result.decoupage] == ["part_femmes_defm", "defm_abc"]
    assert dossier.axes == () and {action.id for action in dossier.actions} == {"emploi-01-a1", "emploi-01-a2", "emploi-01-a3"}
    assert any(getattr(bloc, "texte", "") == "Un mot." for rubrique in dossier.rubriques for bloc in rubrique.blocs)


def test_a_comment_which_says_how_to_reach_somebody_enters_no_document(opened):
    _, publication, entries = opened
    with pytest.raises(OzoirError, match="numéro de téléphone"):
        assemble_dossier(publication, entries, 2016, PUBLIQUE, TODAY, Choix(commentaire="Joindre le 06 12 34 56 78"))


def test_actions_are_chosen_one_by_one(opened):
    _, publication, entries = opened
    dossier = assemble_dossier(publication, entries, 2016, PUBLIQUE, TODAY, Choix(actions=("emploi-01-a2", "emploi-02-a1")))
    assert [action.id for action in dossier.actions] == ["emploi-01-a2", "emploi-02-a1"]


@pytest.mark.parametrize(
    ("annee", "diffusion", "words"), [(1999, PUBLIQUE, "de 2015 à"), (2019, "secrète", "publique ou restreinte")]
)
def test_a_year_or_a_diffusion_that_does_not_exist_is_refused(opened, annee, diffusion, words):
    _, publication, entries = opened
    with pytest.raises(OzoirError, match=words):
        assemble_dossier(publication, entries, annee, diffusion, TODAY)


def test_an_edition_outlives_the_imports_it_was_made_from(opened, catalogue):
    """Frozen, then its import withdrawn: same documents; the comparison names the import; restored: nothing changed."""
    store, publication, entries = opened
    frozen = freeze_edition(store, assemble_dossier(publication, entries, 2020, PUBLIQUE, TODAY), "COPIL", "Alice")
    before = export(open_edition(store, "COPIL"), "csv").contenu
    withdraw_import(store, 1, "Alice", "essai")

    def today():
        return assemble_dossier(publish(store, catalogue), load_dossier(store, entries.cadre), 2020, PUBLIQUE, TODAY)

    assert export(open_edition(store, str(frozen.id)), "csv").contenu == before
    revisions = compare_dossiers(open_edition(store, "COPIL"), today())
    assert revisions and {item.nature for item in revisions} == {"retiré"} and revisions[0].partis[0].id == 1
    restore_import(store, 1, "Alice")
    assert compare_dossiers(open_edition(store, "COPIL"), today()) == []


def test_an_entry_changed_since_does_not_change_an_edition(opened, catalogue):
    store, publication, entries = opened
    freeze_edition(store, assemble_dossier(publication, entries, 2017, RESTREINTE, TODAY), "Suivi 2017", "Alice")
    save_entries(
        store,
        [
            Modification(EtatAction("emploi-01-a1", 2017, "realisee", 100)),
            Modification(Commentaire("emploi-01-a1", 2017, "freins", "Salle fermée")),
        ],
        "Alice",
    )
    again = load_dossier(store, entries.cadre)
    assert open_edition(store, "Suivi 2017").action("emploi-01-a1").statut == "Non renseignée"
    assert (
        assemble_dossier(publish(store, catalogue), again, 2017, RESTREINTE, TODAY).action("emploi-01-a1").statut == "Réalisée"
    )


@pytest.mark.parametrize(
    "item", [item for item in FORMATS if item.id not in ("pack", "fiches-actions-docx", "png")], ids=lambda item: item.id
)
def test_the_command_writes_every_format_under_a_name_that_speaks(base, tmp_path, item, capsys):
    assert main(["exporter", item.id, "--base", str(base), "--annee", "2018", "--sortie", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    assert path.name.startswith(f"ozoir-la-ferriere_{item.nom}_2018_publique_") and path.stat().st_size > 500
    assert path.name in capsys.readouterr().out


def test_the_command_freezes_then_exports_the_edition(base, tmp_path):
    arguments = ["exporter", "csv", "--base", str(base), "--sortie"]
    assert main([*arguments, str(tmp_path / "a.csv"), "--annee", "2018", "--figer", "Ligne de commande"]) == 0
    assert main([*arguments, str(tmp_path / "b.csv"), "--edition", "ligne de commande"]) == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert main([*arguments, str(tmp_path / "c.csv"), "--edition", "inconnue"]) == 1


def test_the_workbook_holds_the_published_count_and_the_cell_it_was_read_in(opened):
    """DEFM ABC at 31/12/2020: 194 (IPRO_2021.csv)."""
    _, publication, entries = opened
    dossier = assemble_dossier(publication, entries, 2020, PUBLIQUE, TODAY)
    book = openpyxl.load_workbook(
        io.BytesIO(export(replace(dossier, resultats=(dossier.resultat("defm_abc"),)), "xlsx").contenu)
    )
    rows = [
        row
        for row in book["Faits"].iter_rows(min_row=HEADER_ROW + 2, values_only=True)
        if row[0].startswith("defm_abc:2020-12-31")
    ]
    assert [(row[4], row[5]) for row in rows] == [("Quartier", 194)]
    assert rows[0][6] == "series_publiees.csv"


def test_the_workbook_has_a_sheet_of_gaps_as_the_page_tells_them(opened, catalogue):
    """One line per indicator of the dossier, numbers where the verdict has two dates, a reason elsewhere."""
    _, publication, entries = opened
    dossier = assemble_dossier(publication, entries, 2020, PUBLIQUE, TODAY)
    results = [result for result in dossier.resultats if not result.decoupage]
    changes = list_gap_changes(results, publication.catalogue)
    content = export(replace(dossier, resultats=results[:1], piliers=(), axes=()), "xlsx").contenu
    (head, *lines) = openpyxl.load_workbook(io.BytesIO(content))["Écarts"].iter_rows(min_row=HEADER_ROW + 1, values_only=True)
    assert head[0] == "Indicateur" and "Verdict" in head
    rows = [dict(zip(head, line, strict=True)) for line in lines[: len(changes)]]
    assert [row["Indicateur"] for row in rows] == [item.indicateur.titre for item in changes]
    told = [None if row["Δ écart"] == "" else row["Δ écart"] for row in rows]
    assert told == [item.delta.valeur and pytest.approx(item.delta.valeur) for item in changes]
    assert all(value is not None or row["Raison"] for value, row in zip(told, rows, strict=True))


def test_a_line_of_the_sheet_of_gaps_by_hand(catalogue):
    """27,7 points in 2015 and 9,9 in 2020, as in tests/indicators/test_gaps.py: 17,8 points fewer."""
    table = gap_changes_table([rsa(catalogue, (Y15, (130, 500), (330, 3500)), (Y20, (70, 500), (300, 3500)))], catalogue)
    (line,) = table.lignes
    cells = dict(zip(table.colonnes, line, strict=True))
    assert [cells[name].texte for name in ("Écart au départ", "Écart à l’arrivée", "Δ écart")] == ["27,7", "9,9", "−17,8"]
    assert (cells["Verdict"].texte, cells["Δ écart"].unite) == ("se réduit", "points")
    assert cells["Δ écart"].valeur == pytest.approx(cells["Écart à l’arrivée"].valeur - cells["Écart au départ"].valeur)
