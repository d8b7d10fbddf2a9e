"""The people: a TOML file beside the base, read again as soon as it changes. It holds the agents' addresses, nothing else.

duree_session_heures = 10
[[personnes]]
courriel = "prenom.nom@exemple.fr"      # or identifiant = "…": the provider's « sub »
roles = ["analyste", "chef_de_projet"]
contrats = ["une-ville"]                 # their roles hold on these contracts only; all of them when absent
[[revendications]]                       # a claim of the provider gives roles to a whole group
nom = "groups"
valeur = "contrat-de-ville"
roles = ["lecteur"]
"""

from __future__ import annotations

import json
import os
import threading
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ozoir.access.actes import ROLES
from ozoir.access.identites import Attribution
from ozoir.errors import OzoirError, did_you_mean

SESSION_HEURES = 10
_WRITING = threading.Lock()
_KEYS = {
    "": {"duree_session_heures", "personnes", "revendications"},
    "personnes": {"courriel", "identifiant", "nom", "roles", "contrats"},
    "revendications": {"nom", "valeur", "roles", "contrats"},
}


@dataclass(frozen=True)
class Personne:
    """Known by address, or by the provider's own identifier when it gives no address.

    contrats: where the roles hold, everywhere when empty; one person may stand several times, with other contracts.
    """

    courriel: str
    roles: frozenset[str]
    identifiant: str = ""
    nom: str = ""
    contrats: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Revendication:
    """Whoever the provider gives this value of this claim has these roles."""

    nom: str
    valeur: str
    roles: frozenset[str]
    contrats: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Comptes:
    """All that the file says."""

    personnes: tuple[Personne, ...] = ()
    revendications: tuple[Revendication, ...] = ()
    duree_session_heures: int = SESSION_HEURES

    def person(self, courriel: str, identifiant: str = "") -> Personne | None:
        return next((item for item in self.personnes if _is_same(item, courriel, identifiant)), None)

    def attributions_of(self, courriel: str, identifiant: str, claims: Mapping[str, Any]) -> tuple[Attribution, ...]:
        """The person's own roles and those their claims give, with the contracts they hold on; none for a stranger."""
        own = [item for item in self.personnes if _is_same(item, courriel, identifiant)]
        own += [item for item in self.revendications if item.valeur in _values(claims.get(item.nom))]
        return tuple(Attribution(item.roles, item.contrats) for item in own if item.roles)

    @property
    def has_administrator(self) -> bool:
        return any("administrateur" in item.roles and not item.contrats for item in (*self.personnes, *self.revendications))


def accounts_path(base: Path) -> Path:
    """The file of people of a base: OZOIR_ACCES when set, else `acces.toml` beside the base."""
    return Path(os.environ.get("OZOIR_ACCES") or base.parent / "acces.toml").resolve()


def read_accounts(path: Path) -> Comptes:
    """What the file says now; nobody when there is no file. A file which is not understood lets nobody in."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return Comptes()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _moment: int, _size: int) -> Comptes:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error)) from error
    _check_keys(path, "", data)
    hours = data.get("duree_session_heures", SESSION_HEURES)
    if not isinstance(hours, int) or not 1 <= hours <= 720:
        raise _wrong(path, "duree_session_heures est un nombre d’heures, de 1 à 720.")
    return Comptes(
        tuple(_person(path, item) for item in data.get("personnes", ())),
        tuple(_claim(path, item) for item in data.get("revendications", ())),
        hours,
    )


def _person(path: Path, item: dict) -> Personne:
    _check_keys(path, "personnes", item)
    if not item.get("courriel") and not item.get("identifiant"):
        raise _wrong(path, "chaque personne a un courriel ou un identifiant.")
    return Personne(
        clean_address(str(item.get("courriel", ""))),
        _roles(path, item),
        str(item.get("identifiant", "")),
        str(item.get("nom", "")),
        _contracts(path, item),
    )


def _claim(path: Path, item: dict) -> Revendication:
    _check_keys(path, "revendications", item)
    if not item.get("nom") or not item.get("valeur"):
        raise _wrong(path, "chaque revendication a un nom et une valeur.")
    return Revendication(str(item["nom"]), str(item["valeur"]), _roles(path, item), _contracts(path, item))


def _contracts(path: Path, item: dict) -> frozenset[str]:
    """An empty list would open every contract where none was meant."""
    names = item.get("contrats")
    if names is None:
        return frozenset()
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        raise _wrong(path, "contrats est une liste de noms de contrats\u00a0; sans elle, les rôles valent pour tous.")
    return frozenset(names)


def _roles(path: Path, item: dict) -> frozenset[str]:
    roles = item.get("roles", [])
    for role in roles if isinstance(roles, list) else [roles]:
        if role not in ROLES:
            raise _wrong(path, f"«\u00a0{role}\u00a0» n’est pas un rôle ({', '.join(ROLES)}).{did_you_mean(str(role), ROLES)}")
    return frozenset(roles)


def _check_keys(path: Path, table: str, item: dict) -> None:
    for key in item:
        if key not in _KEYS[table]:
            raise _wrong(path, f"clé inconnue «\u00a0{key}\u00a0».{did_you_mean(key, _KEYS[table])}")


def _wrong(path: Path, why: str) -> OzoirError:
    return OzoirError("Fichier des accès illisible.", f"{path}\u00a0: {why} Tant qu’il n’est pas corrigé, personne n’entre.")


def grant(path: Path, person: Personne) -> Comptes:
    """Add this person, or replace the roles they have on the same contracts."""
    if not person.identifiant and not is_address(person.courriel):
        raise OzoirError(
            "Adresse mal formée.", f"«\u00a0{person.courriel}\u00a0»\u00a0: écrivez une adresse comme prenom.nom@exemple.fr."
        )
    with _WRITING:
        former = read_accounts(path)
        others = [
            item
            for item in former.personnes
            if not _is_same(item, person.courriel, person.identifiant) or item.contrats != person.contrats
        ]
        cleaned = replace(person, courriel=clean_address(person.courriel), nom=_printable(person.nom))
        return _write(path, replace(former, personnes=(*others, cleaned)))


def revoke(path: Path, courriel: str, identifiant: str = "") -> Comptes:
    """This person no longer comes in, from their next click on. The last administrator stays."""
    with _WRITING:
        former = read_accounts(path)
        left = replace(former, personnes=tuple(p for p in former.personnes if not _is_same(p, courriel, identifiant)))
        return _write(path, left)


def _write(path: Path, comptes: Comptes) -> Comptes:
    former = read_accounts(path)
    if former.has_administrator and not comptes.has_administrator:
        raise OzoirError(
            "Dernier administrateur.",
            "Donnez d’abord ce rôle à une autre personne\u00a0: sans lui, plus personne ne gère les accès.",
        )
    part = path.with_name(path.name + ".ecriture")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(_toml(comptes))
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    return comptes


def _toml(comptes: Comptes) -> str:
    lines = [
        "# Qui entre dans l’application, avec quels rôles. Lu à chaque clic : un retrait prend effet aussitôt.",
        f"duree_session_heures = {comptes.duree_session_heures}",
    ]
    for item in comptes.personnes:
        fields = {"courriel": item.courriel, "identifiant": item.identifiant, "nom": item.nom}
        lines += _table("personnes", fields, item.roles, item.contrats)
    for claim in comptes.revendications:
        lines += _table("revendications", {"nom": claim.nom, "valeur": claim.valeur}, claim.roles, claim.contrats)
    return "\n".join(lines) + "\n"


def _table(name: str, fields: Mapping[str, str], roles: Iterable[str], contrats: Iterable[str]) -> list[str]:
    # A JSON string without control characters is a TOML basic string.
    written = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value]
    ordered = [role for role in ROLES if role in roles]
    limits = [f"contrats = {json.dumps(sorted(contrats), ensure_ascii=False)}"] if contrats else []
    return ["", f"[[{name}]]", *written, f"roles = {json.dumps(ordered)}", *limits]


def _is_same(person: Personne, courriel: str, identifiant: str) -> bool:
    by_address = bool(courriel) and person.courriel == clean_address(courriel)
    return by_address or (bool(identifiant) and person.identifiant == identifiant)


def _values(claim: Any) -> set[str]:
    """A claim is one value or a list of them."""
    return {str(value) for value in claim} if isinstance(claim, list | tuple) else {str(claim)} if claim is not None else set()


def _printable(text: str) -> str:
    return "".join(mark for mark in text if mark.isprintable()).strip()[:80]


def clean_address(text: str) -> str:
    """As addresses are compared: no blanks around, no capitals."""
    return text.strip().casefold()


def is_address(text: str) -> bool:
    name, at, domain = clean_address(text).partition("@")
    return bool(name and at and "." in domain) and not any(
        mark.isspace() or not mark.isprintable() or mark in '<>"\\' for mark in text.strip()
    )
