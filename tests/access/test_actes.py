"""Who may do what: every act against every role, and no way around the one door to the base."""

from __future__ import annotations

import ast

import pytest

from ozoir.access.actes import ACTES, PORTEES, ROLES
from ozoir.access.identites import LOCAL, Identite, acting_as, current_identity, is_allowed, require
from ozoir.errors import OzoirError
from ozoir.paths import ROOT

# Written a second time, by hand, from the roles' description.
# L lecteur, S signataire, A analyste, C chef de projet, D administrateur.
EXPECTED = {
    "consulter": "LSACD",
    "export public": "LSACD",
    "lecture restreinte": "SAC",
    "export restreint": "SAC",
    "lecture du journal": "CD",
    "import": "A",
    "correspondance": "A",
    "alerte levée": "A",
    "retrait d’import": "A",
    "rétablissement d’import": "A",
    "contestation": "AC",
    "levée de contestation": "AC",
    "saisie": "C",
    "dépôt de classeur": "C",
    "retrait de classeur": "C",
    "rétablissement de classeur": "C",
    "édition figée": "C",
    "seuil": "D",
    "réglage": "D",
    "personnes": "D",
    "effacement d’identité": "D",
    "sauvegarde": "D",
    "restauration": "D",
    "reconstruction": "D",
    "connexion": "",
    "connexion refusée": "",
    "déconnexion": "",
    "personnes modifiées hors de l’application": "",
    "conservation échue": "",
    "nettoyage": "",
}
LETTERS = dict(zip("LSACD", ROLES, strict=True))


def person(*roles: str) -> Identite:
    return Identite("Une personne", frozenset(roles), "une.personne@exemple.fr", "agent-00000001")


def test_the_table_of_acts_is_the_expected_one():
    assert set(ACTES) == set(EXPECTED)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("acte", EXPECTED)
def test_each_act_against_each_role(acte, role):
    expected = role in {LETTERS[letter] for letter in EXPECTED[acte]}
    assert is_allowed(person(role), acte) is expected
    if not expected:
        with pytest.raises(OzoirError, match="Action refusée"):
            require(person(role), acte)


@pytest.mark.parametrize("acte", EXPECTED)
def test_a_person_without_a_role_may_do_nothing(acte):
    assert not is_allowed(person(), acte)


@pytest.mark.parametrize("acte", [name for name, roles in EXPECTED.items() if roles])
def test_the_local_user_may_do_everything(acte):
    assert is_allowed(LOCAL, acte)


def test_no_act_has_two_rows():
    text = (ROOT / "ozoir" / "access" / "actes.py").read_text("utf-8")
    assert text.count("    Acte(") == len(ACTES)


def test_every_role_is_described():
    assert set(PORTEES) == set(ROLES)


def test_a_refusal_says_which_role_is_asked_and_which_one_has():
    with pytest.raises(OzoirError, match="chef de projet") as refusal:
        require(person("lecteur"), "saisie")
    assert "Vous avez\u00a0: lecteur" in refusal.value.message


def test_an_act_outside_the_table_is_refused_to_the_local_user_too():
    with pytest.raises(ValueError, match="no row"):
        require(LOCAL, "inventer")


def test_acting_as_someone_ends_with_the_block():
    before = current_identity()
    with acting_as(person("lecteur")):
        assert current_identity().roles == {"lecteur"}
    assert current_identity() == before


def test_the_base_itself_refuses_the_wrong_role(store):
    """One base for all acts and roles: its state counts those which went through."""
    through = 0
    store.is_kept = False  # no backup before each import here
    for acte in (row for row in ACTES.values() if not row.is_automatic):
        for role in ROLES:
            with acting_as(person(role)):
                if role in acte.roles:
                    through += 1
                    with store.transaction("agent-00000001", acte.id, "essai"):
                        pass
                else:
                    with (
                        pytest.raises(OzoirError, match="Action refusée"),
                        store.transaction("agent-00000001", acte.id, "essai"),
                    ):
                        pytest.fail("the block must not run")
            assert store.state() == through


def test_a_signed_in_person_cannot_sign_for_somebody_else(store):
    with (
        acting_as(person("chef_de_projet")),
        pytest.raises(OzoirError, match="Auteur refusé"),
        store.transaction("Le préfet", "saisie", ""),
    ):
        pytest.fail("the block must not run")
    assert store.cursor().execute("SELECT count(*) FROM journal").fetchone() == (0,)


# Calls which name an act, and the place of its name among their arguments.
NAMING = {"transaction": 1, "record": 1, "require": 1, "is_allowed": 1, "reserve": 0}
# Places where the act is a variable, with the acts which it may be.
VARIABLES = {
    "access/identites.py": (),  # the check itself
    "exploitation/reglages.py": ("seuil", "réglage"),
    "exploitation/sessions.py": ("connexion", "connexion refusée"),
    "store/base.py": (),  # the door itself
    "store/conservation.py": ("conservation échue",),
    "store/contestations.py": ("contestation", "levée de contestation"),
    "store/imports.py": ("retrait d’import", "rétablissement d’import"),
    "store/reglages.py": ("seuil", "réglage"),
    "store/suivi.py": ("retrait de classeur", "rétablissement de classeur"),
    "ui/menu.py": (),  # which pages the menu shows
    "ui/portier.py": ("import", "dépôt de classeur"),
    "ui/telechargements.py": (),  # the act that `reserve` was given
}


def _acts_named_in_code() -> tuple[set[str], set[str]]:
    """Literal acts of every write and every check; the files where an act is a variable."""
    literal, variable = set(), set()
    for path in [*(ROOT / "ozoir").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in NAMING or len(node.args) <= NAMING[name]:
                continue
            given = node.args[NAMING[name]]
            if isinstance(given, ast.Constant):
                literal.add(given.value)
            else:
                variable.add(path.relative_to(ROOT / "ozoir").as_posix())
    return literal, variable


def test_every_write_and_every_check_names_an_act_of_the_table_and_every_act_has_one():
    """A write or a restricted read with an act of its own cannot come in, nor an act go, without the table saying so."""
    literal, variable = _acts_named_in_code()
    assert variable == set(VARIABLES)
    named = literal | {acte for actes in VARIABLES.values() for acte in actes}
    assert named == set(ACTES) - {"export public"}  # whoever may read may export so: « consulter » is checked before


def test_nothing_else_than_the_base_begins_a_transaction():
    """Writing goes through Store.transaction or Store.record, where the right is checked.

    The others copy or upgrade whole bases, or only hold the lock.
    """
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "ozoir").rglob("*.py")
        if '"BEGIN' in path.read_text("utf-8") or "'BEGIN" in path.read_text("utf-8")
    ]
    assert sorted(found) == [
        "ozoir/store/backups.py",
        "ozoir/store/base.py",
        "ozoir/store/lake.py",
        "ozoir/store/schema.py",
        "ozoir/store/transfer.py",
    ]
