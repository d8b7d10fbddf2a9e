"""The commands: what they answer, in French, and their exit codes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from ozoir.paths import ROOT


def run(*arguments: str) -> subprocess.CompletedProcess:
    """One command, as typed."""
    return subprocess.run([sys.executable, "-m", "ozoir", *arguments], cwd=ROOT, capture_output=True, text=True)


COMMANDS = (
    "importer verifier faits indicateurs catalogue reconstruire series-publiees audit-secret exporter retirer retablir"
    " sauvegarder restaurer administrateur effacer-identite sante".split()
)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_french_help(command):
    answer = run(command, "--help")
    assert answer.returncode == 0 and "--base CHEMIN" in answer.stdout
    assert not {"usage:", "positional", "show this help", "optional"} & set(answer.stdout.replace("\n", " ").split())


def test_wrong_usage_exits_with_two_and_says_what_is_missing():
    answer = run("importer")
    assert answer.returncode == 2 and "il manque : FICHIER" in answer.stderr
    assert run("inventer").returncode == 2


def test_an_absent_base_is_refused_without_a_traceback(tmp_path):
    answer = run("faits", "--base", str(tmp_path / "rien.duckdb"))
    assert answer.returncode == 1 and "Base absente" in answer.stderr and "Traceback" not in answer.stderr


@pytest.fixture(scope="module")
def base(tmp_path_factory, shared_data):
    """A base holding what ships and IPRO_2021."""
    path = tmp_path_factory.mktemp("base") / "contract.duckdb"
    answer = run("importer", str(shared_data / "insee_qpv" / "IPRO_2021.csv"), "--base", str(path), "--json")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    (report,) = json.loads(answer.stdout)
    assert report["charge"] and report["source"] == "insee_ipro" and report["edition"] == "2021"
    return path


def rows_of(*arguments: str) -> list[dict]:
    answer = run(*arguments)
    assert answer.returncode == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout), delimiter=";"))


def test_facts_tell_value_status_and_cell(base):
    """QP077018, DEFM ABC at 31/12/2020: 194, of which 96 women, read in IPRO_2021.csv line 954."""
    rows = rows_of("faits", "--base", str(base), "--mesure", "defm_abc")
    found = {
        row["sexe"]: row
        for row in rows
        if (row["territoire"], row["date_reference"], row["age"], row["detail"]) == ("QP077018", "2020-12-31", "ensemble", "")
        and row["source"] == "insee_pole_emploi"
    }
    assert (found["ensemble"]["valeur"], found["femmes"]["valeur"], found["hommes"]["valeur"]) == ("194", "96", "98")
    assert found["ensemble"]["fichier"] == "IPRO_2021.csv" and found["ensemble"]["ligne"] == "954"


def test_the_same_file_again_is_refused_with_exit_code_one(base, shared_data):
    answer = run("importer", str(shared_data / "insee_qpv" / "IPRO_2021.csv"), "--base", str(base))
    assert answer.returncode == 1 and "déjà chargé" in answer.stdout


def test_verifying_a_file_loads_nothing(base, shared_data):
    before = len(rows_of("faits", "--base", str(base)))
    answer = run("verifier", str(shared_data / "insee_qpv" / "DEMO_2021.csv"), "--base", str(base))
    assert answer.returncode == 0 and "rien n’a été chargé" in answer.stdout
    assert len(rows_of("faits", "--base", str(base))) == before


def test_verifying_the_base_says_it_is_whole(base):
    answer = run("verifier", "--base", str(base))
    assert answer.returncode == 0 and "intacte" in answer.stdout


def test_indicators_tell_the_quartier_and_why_there_is_no_rest(base):
    rows = rows_of("indicateurs", "--base", str(base), "--indicateur", "defm_abc")
    (row,) = [row for row in rows if row["date_reference"] == "2020-12-31" and row["modalite"] == ""]
    assert row["qpv"] == "194" and row["reste"] == "" and row["reste_raison"]


def test_rebuilding_gives_the_same_facts(base):
    before = rows_of("faits", "--base", str(base))
    answer = run("reconstruire", "--base", str(base))
    assert answer.returncode == 0, answer.stderr
    after = rows_of("faits", "--base", str(base))
    without_number = [{k: v for k, v in row.items() if k not in ("import_id", "charge_le")} for row in before]
    assert [{k: v for k, v in row.items() if k not in ("import_id", "charge_le")} for row in after] == without_number


def test_the_catalogue_is_told_in_json_and_in_french():
    summary = json.loads(run("catalogue", "--json").stdout)
    assert summary["comptes"]["objectifs"] == 28 and summary["comptes"]["orientations"] == 15
    assert "Sources reconnues" in run("catalogue").stdout


def test_an_unreadable_file_is_refused_with_exit_code_one(base, tmp_path):
    path = tmp_path / "IPRO_2030.xlsx"
    path.write_bytes(b"PK\x03\x04 rien de bon")
    answer = run("importer", str(path), "--base", str(base))
    assert answer.returncode == 1 and "REFUSÉ" in answer.stdout and "Traceback" not in answer.stdout + answer.stderr
