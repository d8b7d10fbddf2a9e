"""The territories of a contract, one per quartier: a quartier, the commune or communes it lies in, its neighbours.

A contract of one quartier in one commune is declared flat. One of several quartiers has [[communes]] and [[quartiers]]:
quartiers which share a commune are compared with the same rest, that of their communes together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ozoir.catalogue.contrats import contract_folders
from ozoir.catalogue.model import Territoire, Zonage
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.errors import OzoirError, did_you_mean
from ozoir.paths import CATALOGUE

ENSEMBLE_ID = "ensemble"
_QUARTIER = re.compile(r"QP(\d{3}|02[AB])\d{3}|QN(\d{3}|02[AB])\d{2}[A-Z]")
_COMMUNE = re.compile(r"\d{5}|2[AB]\d{3}")
_COMPARATEUR = re.compile(r"QPV-(\d{2,3}|2[AB]|R\d{1,2}|FR)")


@dataclass(frozen=True)
class Commune:
    """One commune of the contract."""

    code: str
    nom: str
    alias: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quartier:
    """One quartier: its code in each zoning, the communes it lies in."""

    id: str
    nom: str
    communes: tuple[str, ...]
    zonages: tuple[Zonage, ...]
    alias: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """territoire.toml of a contract with several quartiers."""

    departement: str
    region: str
    communes: tuple[Commune, ...]
    quartiers: tuple[Quartier, ...]
    epci: str = ""
    nom_epci: str = ""
    iris: dict[str, str] = field(default_factory=dict)
    t0: dict[str, date] = field(default_factory=dict)
    comparateurs: dict[str, str] = field(default_factory=dict)


def load_territoires(path: Path) -> tuple[Territoire, ...]:
    """One territory per quartier, in order, then the whole of them when they are several and share their communes."""
    table = read_toml(path)
    if "quartiers" not in table:
        return (build(Territoire, table, path),)
    declared = build(Declaration, table, path)
    _check(declared, path)
    groups = _groups(declared.quartiers)
    each = tuple(_territory(declared, quartier, group) for group in groups for quartier in group)
    ordered = tuple(sorted(each, key=lambda found: [quartier.id for quartier in declared.quartiers].index(found.id)))
    whole = (whole_of(each),) if len(groups) == 1 and len(each) > 1 else ()
    return ordered + whole


@lru_cache(maxsize=4)
def named_communes(folder: Path = CATALOGUE) -> dict[str, str]:
    """What files may call the communes of every declared contract → their code; a name of two communes is left out.

    Reads each contract's territory: for imports of national files, which serve them all.
    """
    found: dict[str, str] = {}
    for home in contract_folders(folder).values():
        table = read_toml(home / "territoire.toml")
        for item in table.get("communes") or [_flat_commune(table)]:
            for name in (item["code"], item["nom"], *item.get("alias", ())):
                found[name] = item["code"] if found.get(name, item["code"]) == item["code"] else ""
    return {name: code for name, code in found.items() if code}


def _flat_commune(table: dict[str, Any]) -> dict[str, Any]:
    return {"code": table["code_commune"], "nom": table["nom_commune"], "alias": table.get("alias_commune", ())}


def _check_shape(shape: re.Pattern[str], code: str, kind: str, example: str, path: Path) -> None:
    """A mistyped code would never be met in a file: no figure, and no word of why."""
    if not shape.fullmatch(code):
        raise OzoirError("Code mal écrit.", f"{path.name}, {kind} «\u00a0{code}\u00a0»\u00a0: on attend par exemple {example}.")


def _check(declared: Declaration, path: Path) -> None:
    known = [commune.code for commune in declared.communes]
    for code in known:
        _check_shape(_COMMUNE, code, "code de commune", "01004 ou 2A004", path)
    for code in declared.comparateurs:
        _check_shape(_COMPARATEUR, code, "comparateur", "QPV-01 (département), QPV-R84 (région) ou QPV-FR", path)
    for quartier in declared.quartiers:
        for zonage in quartier.zonages:
            _check_shape(_QUARTIER, zonage.code, "code de quartier", "QP001001 ou QN00101M", path)
        for code in quartier.communes:
            if code not in known:
                raise OzoirError(
                    "Référence inconnue dans le contrat.",
                    f"{path.name}, quartier « {quartier.id} »\u00a0: commune « {code} ».{did_you_mean(code, known)}",
                )
        if not quartier.communes or not quartier.zonages or quartier.id == ENSEMBLE_ID:
            raise OzoirError(
                "Quartier mal déclaré.",
                f"{path.name}, quartier « {quartier.id} »\u00a0: il a au moins une commune, au moins un zonage, "
                f"et un autre identifiant que « {ENSEMBLE_ID} ».",
            )
    names = [quartier.id for quartier in declared.quartiers] + [z.code for q in declared.quartiers for z in q.zonages]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise OzoirError("Identifiant déclaré deux fois dans le contrat.", f"{path.name}\u00a0: {', '.join(twice)}.")


def _groups(quartiers: tuple[Quartier, ...]) -> list[tuple[Quartier, ...]]:
    """The quartiers which share a commune, directly or through another quartier."""
    groups: list[list[Quartier]] = []
    for quartier in quartiers:
        met = [group for group in groups if any(set(quartier.communes) & set(other.communes) for other in group)]
        groups = [group for group in groups if group not in met] + [[*(item for group in met for item in group), quartier]]
    return [tuple(group) for group in groups]


def _territory(declared: Declaration, quartier: Quartier, group: tuple[Quartier, ...]) -> Territoire:
    communes = _communes(declared, group)
    return Territoire(
        id=quartier.id,
        nom_quartier=quartier.nom,
        nom_commune=_names([commune.nom for commune in communes]),
        code_commune="+".join(commune.code for commune in communes),
        zonages=quartier.zonages,
        alias_quartier=(quartier.nom, *quartier.alias),
        alias_commune=tuple(name for commune in communes for name in (commune.nom, *commune.alias)),
        communes=tuple(commune.code for commune in communes),
        voisins=tuple(zonage.code for other in group if other is not quartier for zonage in other.zonages),
        membres=tuple(tuple(zonage.code for zonage in other.zonages) for other in group),
        noms=_names_of(declared),
        departement=declared.departement,
        region=declared.region,
        epci=declared.epci,
        nom_epci=declared.nom_epci,
        iris=declared.iris,
        t0=declared.t0,
        comparateurs=declared.comparateurs,
    )


def whole_of(group: Sequence[Territoire]) -> Territoire:
    """Quartiers together: their code in a zoning is that of all of them, where all of them have one."""
    zonings = [
        replace(zonage, code="+".join(codes))
        for zonage in group[0].zonages
        if len(codes := [z.code for item in group for z in item.zonages if z.id == zonage.id]) == len(group)
    ]
    name = f"Les {len(group)} quartiers ({_names([item.nom_quartier for item in group])})"
    return replace(group[0], id=ENSEMBLE_ID, nom_quartier=name, zonages=tuple(zonings), alias_quartier=(), voisins=())


def _communes(declared: Declaration, group: tuple[Quartier, ...]) -> list[Commune]:
    codes = {code for quartier in group for code in quartier.communes}
    return [commune for commune in declared.communes if commune.code in codes]


def _names_of(declared: Declaration) -> dict[str, str]:
    """What files may call a place → its code. A quartier is known by name when it has one zoning only: no date is needed."""
    found: dict[str, Any] = {name: item.code for item in declared.communes for name in (item.nom, *item.alias)}
    for quartier in declared.quartiers:
        if len(quartier.zonages) == 1:
            found |= dict.fromkeys((quartier.nom, *quartier.alias), quartier.zonages[0].code)
    return found


def _names(names: list[str]) -> str:
    return " et ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
