"""A base of any released schema opens in today's program, nothing lost, and one may go back."""

from __future__ import annotations

import json
from datetime import datetime

import duckdb
import pytest

from ozoir.catalogue.contrats import contract_folder
from ozoir.catalogue.saisies import EtatAction
from ozoir.store.backups import list_backups, read_everything_in, restore_backup
from ozoir.store.base import open_store
from ozoir.store.journal import journal_digest
from ozoir.store.schema import MIGRATIONS, schema_version
from ozoir.store.suivi import current_entries
from ozoir.store.verification import verify_base

FACT = (1, "defm_abc", "QP077018", "QP2015", "2020-12-31", "ensemble", "ensemble", "", 194.0, "connu", "insee_pole_emploi")
MOMENT = datetime(2024, 3, 1, 10, 0)


def old_base(path, version: int) -> None:
    """As the program of that time left it: one import, one fact, one journal line, one entry when there were entries."""
    with duckdb.connect(str(path)) as connection:
        for statements in MIGRATIONS[:version]:
            connection.execute(statements)
        connection.execute("INSERT INTO base VALUES ('schema', ?), ('fictif', 'non')", [str(version)])
        connection.execute("UPDATE base SET valeur = '1' WHERE cle = 'etat'")
        connection.execute(
            "INSERT INTO imports (id, empreinte, fichier, taille, layout, edition, auteur, charge_le, statut, faits, dates, "
            "constats, lecture, conserve) VALUES (1, 'e', 'IPRO_2021.csv', 10, 'insee_ipro', '2021', 'essai', ?, 'charge', 1, "
            "'{}', '[]', '{}', true)",
            [MOMENT],
        )
        connection.execute(
            "INSERT INTO faits (import_id, mesure, territoire, zonage, date_reference, sexe, age, "
            "detail, valeur, statut, source, "
            "edition, feuille, ligne, colonne, entete, origine, qpv_publies, qpv_non_diffuses) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '2021', '', 954, 16, 'ABC', '', 0, 0)",
            list(FACT),
        )
        details = json.dumps({"faits": 1})
        digest = journal_digest("", MOMENT, "essai", "import", "e", details)
        connection.execute(
            "INSERT INTO journal (id, fait_le, auteur, acte, objet, details, precedente, empreinte) "
            "VALUES (1, ?, 'essai', 'import', 'e', ?, '', ?)",
            [MOMENT, details, digest],
        )
        if version >= 2:
            connection.execute(
                "INSERT INTO etats_actions (id, auteur, saisi_le, depot, action, annee, statut, avancement) "
                "VALUES (1, 'Espace social', ?, 0, 'action-1', 2020, 'en_cours', 40)",
                [MOMENT],
            )
        if version >= 6:
            connection.execute("UPDATE etats_actions SET contrat = ?", [contract_folder("").name])


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_base_of_each_released_schema_opens_with_all_it_held(tmp_path, version):
    path = tmp_path / "contract.duckdb"
    old_base(path, version)
    before = read_everything_in(path)
    store = open_store(path)
    assert store.setting("schema") == str(len(MIGRATIONS))
    after = read_everything_in_store(store)
    compared = before.keys() - {"base", "imports", "faits", "etats_actions"}
    assert {name: after[name] for name in compared} == {name: before[name] for name in compared}
    if version >= 2:
        (entry,) = current_entries(store, EtatAction)
        assert (entry.auteur, entry.saisie.statut, entry.saisie.avancement) == ("Espace social", "en_cours", 40)
    assert store.cursor().execute("SELECT valeur, fichier FROM faits_courants").fetchall() == [(194.0, "IPRO_2021.csv")]
    assert verify_base(store) == []
    with store.transaction("essai", "saisie", "après"):
        pass
    assert verify_base(store) == []
    store.close()


def read_everything_in_store(store):
    from ozoir.store.backups import read_everything

    return read_everything(store.cursor())


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_one_may_go_back_to_the_former_program(tmp_path, version):
    """The base as it was before the upgrade is kept byte for byte; restored, it is at its former schema."""
    path = tmp_path / "contract.duckdb"
    old_base(path, version)
    before = path.read_bytes()
    open_store(path).close()
    (kept,) = list_backups(path)
    assert kept.motif == f"avant-schema-{len(MIGRATIONS)}" and kept.path.read_bytes() == before
    restore_backup(path, kept.path)
    with duckdb.connect(str(path), read_only=True) as connection:
        assert schema_version(connection) == version


def test_an_upgraded_base_has_the_same_tables_as_a_new_one(tmp_path):
    def shape(path):
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(
                "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
            ).fetchall()

    old_base(tmp_path / "ancienne.duckdb", 1)
    open_store(tmp_path / "ancienne.duckdb").close()
    open_store(tmp_path / "neuve" / "contract.duckdb", create=True).close()
    assert shape(tmp_path / "ancienne.duckdb") == shape(tmp_path / "neuve" / "contract.duckdb")
