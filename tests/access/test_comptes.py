"""The file of people: read again at once, written whole, never emptied of its last administrator."""

from __future__ import annotations

import stat

import pytest

from ozoir.access.comptes import Comptes, Personne, accounts_path, grant, is_address, read_accounts, revoke
from ozoir.access.identites import roles_within
from ozoir.errors import OzoirError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "acces.toml"


def test_without_a_file_nobody_has_a_role(path):
    assert read_accounts(path) == Comptes()


def test_what_is_granted_is_read_back(path):
    grant(path, Personne("Prenom.Nom@Exemple.fr ", frozenset({"analyste", "lecteur"}), nom='Prénom « Nom » "\\'))
    (person,) = read_accounts(path).personnes
    assert (person.courriel, person.roles, person.nom) == (
        "prenom.nom@exemple.fr",
        {"analyste", "lecteur"},
        'Prénom « Nom » "\\',
    )


def test_the_file_is_this_account_s_alone(path):
    grant(path, Personne("a@exemple.fr", frozenset({"lecteur"})))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_granting_again_replaces_the_roles(path):
    grant(path, Personne("a@exemple.fr", frozenset({"lecteur"})))
    grant(path, Personne("A@exemple.fr", frozenset({"analyste"})))
    assert [person.roles for person in read_accounts(path).personnes] == [{"analyste"}]


def test_a_revoked_person_is_gone(path):
    grant(path, Personne("a@exemple.fr", frozenset({"lecteur"})))
    revoke(path, "a@exemple.fr")
    assert roles_within(read_accounts(path).attributions_of("a@exemple.fr", "", {}), "") == frozenset()


def test_the_last_administrator_stays(path):
    grant(path, Personne("a@exemple.fr", frozenset({"administrateur"})))
    for attempt in (
        lambda: revoke(path, "a@exemple.fr"),
        lambda: grant(path, Personne("a@exemple.fr", frozenset({"lecteur"}))),
    ):
        with pytest.raises(OzoirError, match="Dernier administrateur"):
            attempt()
    assert read_accounts(path).has_administrator


@pytest.mark.parametrize(
    "address", ["", "nom", "@exemple.fr", "nom@", "a b@exemple.fr", 'a"@exemple.fr', "a@exemple\n.fr", "a@<b>.fr"]
)
def test_a_malformed_address_is_refused(path, address):
    assert not is_address(address)
    with pytest.raises(OzoirError, match="Adresse mal formée"):
        grant(path, Personne(address, frozenset({"lecteur"})))


def test_a_claim_gives_its_roles_to_a_group(path):
    path.write_text('[[revendications]]\nnom = "groups"\nvaleur = "contrat"\nroles = ["signataire"]\n', "utf-8")
    accounts = read_accounts(path)
    assert roles_within(accounts.attributions_of("x@exemple.fr", "", {"groups": ["autres", "contrat"]}), "") == {"signataire"}
    assert roles_within(accounts.attributions_of("x@exemple.fr", "", {"groups": "contrat"}), "") == {"signataire"}
    assert roles_within(accounts.attributions_of("x@exemple.fr", "", {"groups": ["contrat-bis"]}), "") == frozenset()


def test_a_person_may_be_known_by_the_provider_s_identifier(path):
    path.write_text('[[personnes]]\nidentifiant = "sub-42"\nroles = ["lecteur"]\n', "utf-8")
    assert roles_within(read_accounts(path).attributions_of("", "sub-42", {}), "") == {"lecteur"}
    assert roles_within(read_accounts(path).attributions_of("", "", {}), "") == frozenset()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[personnes]]\ncourriel = "a@b.fr"\nroles = ["analiste"]', "Vouliez-vous dire « analyste »"),
        ('[[personnes]]\ncouriel = "a@b.fr"', "Vouliez-vous dire « courriel »"),
        ('[[personnes]]\nroles = ["lecteur"]', "un courriel ou un identifiant"),
        ("duree_session_heures = 0", "de 1 à 720"),
        ("pas du TOML", "personne n’entre"),
    ],
)
def test_a_file_not_understood_lets_nobody_in(path, text, said):
    path.write_text(text, "utf-8")
    with pytest.raises(OzoirError, match=said):
        read_accounts(path)


def test_a_change_by_hand_counts_at_once(path):
    grant(path, Personne("a@exemple.fr", frozenset({"lecteur"})))
    read_accounts(path)
    path.write_text(path.read_text("utf-8").replace("lecteur", "analyste"), "utf-8")
    assert roles_within(read_accounts(path).attributions_of("a@exemple.fr", "", {}), "") == {"analyste"}


def test_the_file_lies_beside_the_base_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("OZOIR_ACCES", raising=False)
    assert accounts_path(tmp_path / "contract.duckdb") == tmp_path / "acces.toml"
    monkeypatch.setenv("OZOIR_ACCES", str(tmp_path / "ailleurs.toml"))
    assert accounts_path(tmp_path / "contract.duckdb") == tmp_path / "ailleurs.toml"
