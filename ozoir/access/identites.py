"""The person on whose behalf the program acts, and the one check of what they may do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from ozoir.access.actes import ACTES, ROLES
from ozoir.errors import OzoirError

POSTE_LOCAL = "poste local"


@dataclass(frozen=True)
class Attribution:
    """Roles held on some contracts; on all of them when none is named."""

    roles: frozenset[str]
    contrats: frozenset[str] = frozenset()

    def is_for(self, contrat: str) -> bool:
        return not self.contrats or contrat in self.contrats


def roles_within(attributions: Iterable[Attribution], contrat: str) -> frozenset[str]:
    """Every role held on this contract; with "", those held on all of them."""
    return frozenset().union(*(item.roles for item in attributions if item.is_for(contrat)))


@dataclass(frozen=True)
class Identite:
    """auteur: what the base and the journal keep of a signed-in person, a reference without a name.

    roles: those held on the contract being looked at. attributions: all that the person holds, contract by contract;
    none for whoever has the same roles everywhere.
    is_local: the one user of a machine without sign-in, who says who writes. motif: why there is no role, in French.
    """

    nom: str
    roles: frozenset[str]
    courriel: str = ""
    auteur: str = ""
    is_local: bool = False
    motif: str = ""
    attributions: tuple[Attribution, ...] = ()

    def within(self, contrat: str) -> Identite:
        """The same person, with the roles they have on this contract."""
        return replace(self, roles=roles_within(self.attributions, contrat)) if self.attributions else self

    def anywhere(self) -> Identite:
        """The same person, with every role they have on some contract."""
        roles = frozenset().union(self.roles, *(item.roles for item in self.attributions))
        return replace(self, roles=roles)


LOCAL = Identite("Poste local", frozenset(ROLES), auteur=POSTE_LOCAL, is_local=True)

_ACTING: ContextVar[Identite | None] = ContextVar("acting", default=None)
_resolvers: list[Callable[[], Identite]] = []


def resolve_with(resolver: Callable[[], Identite]) -> None:
    """Who acts is asked to this function from now on: the application's sign-in. Once per process, at its start."""
    _resolvers[:] = [resolver]


def current_identity() -> Identite:
    """Whoever is acting now: named by the command, else by the sign-in, else the local user."""
    acting = _ACTING.get()
    if acting is not None:
        return acting
    return _resolvers[0]() if _resolvers else LOCAL


@contextmanager
def acting_as(identite: Identite) -> Iterator[None]:
    """Everything inside is done on behalf of this person."""
    token = _ACTING.set(identite)
    try:
        yield
    finally:
        _ACTING.reset(token)


def is_allowed(identite: Identite, acte: str) -> bool:
    """True when one of the person's roles gives this act."""
    row = _row(acte)
    roles = roles_within(identite.attributions, "") if row.is_of_base and identite.attributions else identite.roles
    return bool(roles & row.roles)


def require(identite: Identite, acte: str) -> None:
    """OzoirError unless this person may do this; said with the roles which may."""
    if is_allowed(identite, acte):
        return
    row = _row(acte)
    who = ", ".join(ROLES[role].lower() for role in ROLES if role in row.roles)
    raise OzoirError(
        "Action refusée.",
        f"«\u00a0{row.titre}\u00a0» demande l’un de ces rôles\u00a0: {who}. "
        f"{_roles_of(identite)} Demandez ce rôle à la personne qui administre l’application.",
    )


def _roles_of(identite: Identite) -> str:
    held = ", ".join(ROLES[role].lower() for role in ROLES if role in identite.roles)
    return f"Vous avez\u00a0: {held}." if held else identite.motif or "Vous n’avez aucun rôle."


def _row(acte: str):
    if acte not in ACTES:
        raise ValueError(f"« {acte} » has no row in ozoir/access/actes.py")
    return ACTES[acte]
