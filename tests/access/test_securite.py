"""Hostile names and texts: nothing leaves its folder, nothing runs, nothing refused is kept."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from ozoir.access.comptes import Personne, accounts_path, grant
from ozoir.errors import OzoirError
from ozoir.exploitation.commandes import opened_base
from ozoir.exploitation.registre import Filtre, read_journal
from ozoir.paths import ROOT
from ozoir.store.base import open_store
from ozoir.store.imports import list_imports, load_delivery, withdraw_import
from ozoir.store.journal import read_lines
from ozoir.store.verification import verify_base
from ozoir.ui.texts import label, raw, safe
from tests.store.test_imports import deliver

NAMES = (
    "../../../evasion.csv",
    "/etc/cron.d/evasion.csv",
    "..\\..\\evasion.csv",
    "C:\\evasion.csv",
    "'; DROP TABLE faits; --.csv",
    "evasion.csv/../../../evasion.csv",
    "<script>alert(1)</script>.csv",
    "\u202efichier\u202d.csv",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_file_name_stays_a_text(store, tmp_path, name):
    received = tmp_path / "recu" / "a.csv"
    received.parent.mkdir()
    received.write_bytes(b"contenu")
    delivery = replace(deliver("a.csv", {"QP077018": 194.0}), fichier=name, empreinte=hashlib.sha256(b"contenu").hexdigest())
    before = set(tmp_path.rglob("*"))
    load_delivery(store, delivery, received)
    made = [path.relative_to(tmp_path) for path in set(tmp_path.rglob("*")) - before]
    assert {path.parts[0] for path in made} <= {"raw", "contract.duckdb.wal"}
    assert not any("evasion" in str(path) for path in made)
    assert list_imports(store)[0].fichier == name
    assert verify_base(store) == []


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "\\", "'; DELETE FROM journal; --", "\x00", "🙂" * 30])
def test_a_search_in_the_journal_is_only_a_text(store, text):
    with store.transaction("essai", "saisie", "objet"):
        pass
    assert read_journal(store, Filtre(texte=text)) == []
    assert len(read_journal(store, Filtre(texte="objet"))) == 1


def test_a_reason_which_reaches_somebody_is_refused_and_kept_nowhere(store):
    """The journal cannot be corrected afterwards."""
    loaded = load_delivery(store, deliver("a.csv", {"QP077018": 194.0}))
    with pytest.raises(OzoirError, match="une adresse électronique") as refusal:
        withdraw_import(store, loaded.id, "essai", "vu avec claire.petit@exemple.fr")
    assert "claire" not in refusal.value.message
    assert [line.acte for line in read_lines(store.cursor())] == ["import"]


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "[lien](javascript:alert(1))",
    "![image](https://exemple.fr/x.png)",
    ":red[rouge] $\\href{javascript:alert(1)}{x}$ `code` **gras**",
    "</style><script>alert(1)</script>",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_partner_wrote_is_shown_as_text(text):
    for written in (safe(text), raw(text)):
        assert "<" not in written and ">" not in written
        assert '"' not in written and "'" not in written
    bare = label(text)
    for mark in "[]<>$`*:!(":
        assert mark not in bare.replace(f"\\{mark}", "")


def test_a_refused_file_leaves_no_byte_behind(tmp_path):
    """A file that names persons: neither its content nor its names anywhere beside the base, nor in what is printed."""
    base = tmp_path / "base" / "contract.duckdb"
    marks = ("MARQUEURNOM", "1850578006048")
    received = tmp_path / "liste.csv"
    received.write_text(
        "Nom;Prénom;NIR;Adresse\n" + "".join(f"{marks[0]};Camille;{marks[1]}61;3 rue\n" for _ in range(3)), "utf-8"
    )
    code = (
        "import sys; from pathlib import Path; from ozoir.store.base import open_store; from ozoir.__main__ import main\n"
        "open_store(Path(sys.argv[2]), create=True).close()\n"
        "sys.exit(main(['importer', sys.argv[1], '--base', sys.argv[2]]))"
    )
    answer = subprocess.run([sys.executable, "-c", code, str(received), str(base)], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    kept = b"".join(path.read_bytes() for path in base.parent.rglob("*") if path.is_file())
    for mark in marks:
        assert mark.encode() not in kept and mark not in answer.stdout + answer.stderr


def test_the_service_file_is_well_formed_and_closed(tmp_path):
    text = (ROOT / "deploy" / "ozoir.service").read_text("utf-8")
    for line in ("UMask=0077", "ProtectSystem=strict", "NoNewPrivileges=yes", "User=ozoir"):
        assert line in text.splitlines()
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd absent")
    unit = tmp_path / "ozoir.service"
    text = text.replace("/srv/ozoir/.venv/bin/python", sys.executable).replace("/srv/ozoir/.venv/bin/streamlit", sys.executable)
    unit.write_text(text, "utf-8")
    answer = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
    assert "ozoir.service" not in answer.stderr, answer.stderr


def test_an_act_named_by_an_address_has_that_person_s_roles(tmp_path):
    """`--auteur` with the address of a lecteur does not load files; an unknown address does nothing at all."""
    base = tmp_path / "contract.duckdb"
    open_store(base, create=True).close()
    grant(accounts_path(base), Personne("lecteur@exemple.fr", frozenset({"lecteur"})))
    grant(accounts_path(base), Personne("analyste@exemple.fr", frozenset({"analyste"})))
    for address, refusal in (("lecteur@exemple.fr", "Action refusée"), ("inconnu@exemple.fr", "Personne inconnue")):
        options = SimpleNamespace(base=base, auteur=address)
        with pytest.raises(OzoirError, match=refusal), opened_base(options) as store:
            load_delivery(store, deliver("a.csv", {"QP077018": 194.0}), None, options.auteur)
    options = SimpleNamespace(base=base, auteur="analyste@exemple.fr")
    with opened_base(options) as store:
        assert load_delivery(store, deliver("a.csv", {"QP077018": 194.0}), None, options.auteur).auteur == "analyste@exemple.fr"
        assert "@" not in store.cursor().execute("SELECT auteur FROM imports").fetchone()[0]
