"""A contract's folder becomes one checked `Contrat`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ozoir.catalogue.contrat import (
    ALIMENTATIONS,
    LOGOS,
    NATURES,
    ORIGINES,
    PRECISIONS,
    TERRITOIRES,
    TYPES_MOYENS,
    Action,
    Apparence,
    Contrat,
    IndicateurRealisation,
    Objectif,
    Pilier,
)
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.errors import OzoirError, did_you_mean

# One file per list, named after it, beside contrat.toml: file and key in the file → field of Contrat.
LISTES = {
    "axes": "axes",
    "indicateurs": "indicateurs",
    "acteurs": "acteurs",
    "termes": "glossaire",
    "notes": "notes",
    "chiffres": "etat_initial",
}
# What an action takes from its objective when it says nothing itself.
HERITES = ("pilotes", "partenaires", "moyens", "types_moyens", "calendrier")


def load_contrat(folder: Path) -> Contrat:
    """The contract of one folder, every reference checked."""
    table = read_toml(folder / "contrat.toml")
    for key, name in LISTES.items():
        path = folder / f"{name}.toml"
        content = read_toml(path)
        if list(content) != [key]:
            raise OzoirError("Déclaration mal formée.", f"{path.name} : seules des tables [[{key}]] sont attendues.")
        table[name] = content[key]
    table["piliers"] = sorted(
        (_read_pilier(path.parent) for path in folder.glob("*/pilier.toml")), key=lambda pilier: pilier.get("ordre", 0)
    )
    contrat = build(Contrat, table, folder / "contrat.toml")
    check_contrat(contrat)
    return contrat


def _read_pilier(folder: Path) -> dict[str, Any]:
    table = read_toml(folder / "pilier.toml")
    paths = sorted(path for path in folder.glob("*.toml") if path.name != "pilier.toml")
    table["objectifs"] = [_read_objectif(path, folder.name) for path in paths]
    build(Pilier, table, folder / "pilier.toml")
    if table["id"] != folder.name:
        raise OzoirError("Identifiant et nom de dossier différents.", f"{folder.name}/pilier.toml déclare « {table['id']} ».")
    return table


def _read_objectif(path: Path, pilier: str) -> dict[str, Any]:
    table = read_toml(path)
    table["pilier"] = pilier
    for action in table.get("actions", []):
        action["objectif"] = table.get("id", "")
        for key in HERITES:
            if key in table:
                action.setdefault(key, table[key])
    objectif = build(Objectif, table, path)
    expected = f"{pilier}-{objectif.numero:02d}"
    if objectif.id != expected or not path.name.startswith(f"{objectif.numero:02d}_"):
        raise OzoirError(
            "Identifiant et nom de fichier différents.",
            f"{pilier}/{path.name} : on attend l’identifiant « {expected} » et un nom en « {objectif.numero:02d}_… ».",
        )
    return table


def check_contrat(contrat: Contrat) -> None:
    """Identifiers are unique, and every one that is named exists."""
    every_id = _every_id(contrat)
    _check_unique(every_id)
    for note in contrat.notes:
        _check_known(note.references, every_id, "référence", f"note {note.id}")
    for pilier in contrat.piliers:
        _check_orientations(pilier)
    for item in (*contrat.objectifs, *contrat.actions):
        _check_carrier(contrat, item)
    for objectif in contrat.objectifs:
        own = [action.id for action in objectif.actions]
        for cite in objectif.indicateurs:
            _check_known(cite.actions, own, "action de l’objectif", f"{objectif.id}, indicateur {cite.id}")
    _check_axes(contrat)
    for indicateur in contrat.indicateurs:
        _check_indicateur(indicateur)
    _check_etat_initial(contrat)
    for terme in contrat.glossaire:
        _check_known([terme.origine], ORIGINES, "origine", terme.sigle)
    _check_apparence(contrat.apparence)


def _check_apparence(look: Apparence) -> None:
    """A colour a page understands, an image a browser shows."""
    if look.couleur and not re.fullmatch(r"#[0-9a-fA-F]{6}", look.couleur):
        raise OzoirError("Couleur illisible.", f"apparence.couleur vaut « {look.couleur} » ; écrire par exemple « #0b57d0 ».")
    if look.logo:
        _check_known([Path(look.logo).suffix.lower()], LOGOS, "format d’image", "apparence.logo")


def _check_orientations(pilier: Pilier) -> None:
    listed = {}
    for orientation in pilier.orientations:
        _check_known([orientation.diagnostic], _ids(pilier.diagnostics), "diagnostic", orientation.id)
        _check_known(orientation.objectifs, _ids(pilier.objectifs), "objectif", orientation.id)
        listed.update(dict.fromkeys(orientation.objectifs, orientation.id))
    for objectif in pilier.objectifs:
        if listed.get(objectif.id) != objectif.orientation:
            raise OzoirError(
                "Orientation et objectif ne se répondent pas.",
                f"{objectif.id} déclare « {objectif.orientation} » ; pilier.toml le range sous « {listed.get(objectif.id)} ».",
            )


def _check_carrier(contrat: Contrat, item: Objectif | Action) -> None:
    """What objectives and actions have alike: actors, kinds of means, indicators, cross-references."""
    _check_known((*item.pilotes, *item.partenaires), [acteur.nom for acteur in contrat.acteurs], "acteur", item.id)
    _check_known(item.types_moyens, TYPES_MOYENS, "type de moyens", item.id)
    _check_known([cite.id for cite in item.indicateurs], _ids(contrat.indicateurs), "indicateur", item.id)
    _check_known(item.renvois, _ids((*contrat.objectifs, *contrat.actions)), "renvoi", item.id)


def _check_axes(contrat: Contrat) -> None:
    for action in contrat.actions:
        _check_known(action.axes, _ids(contrat.axes), "axe", action.id)
    for axe in contrat.axes:
        for engagement in axe.engagements:
            _check_known(engagement.piliers_cites, _ids(contrat.piliers), "pilier", engagement.id)
            _check_known(engagement.objectifs, _ids(contrat.objectifs), "objectif", engagement.id)


def _check_indicateur(indicateur: IndicateurRealisation) -> None:
    _check_known([indicateur.nature], NATURES, "nature", indicateur.id)
    _check_known([indicateur.alimentation], ALIMENTATIONS, "alimentation", indicateur.id)
    if (indicateur.alimentation == "observation") != bool(indicateur.observation):
        raise OzoirError(
            "Indicateur du contrat mal déclaré.",
            f"{indicateur.id} : « observation » se remplit si, et seulement si, l’alimentation est « observation ».",
        )


def _check_etat_initial(contrat: Contrat) -> None:
    for chiffre in contrat.etat_initial:
        _check_known([chiffre.precision], PRECISIONS, "précision", chiffre.id)
        _check_known([chiffre.territoire], TERRITOIRES, "territoire", chiffre.id)
        _check_known([chiffre.pilier] if chiffre.pilier else [], _ids(contrat.piliers), "pilier", chiffre.id)
        _check_known(chiffre.indicateurs, _ids(contrat.indicateurs), "indicateur", chiffre.id)


def _ids(items: Iterable) -> list[str]:
    return [item.id for item in items]


def _every_id(contrat: Contrat) -> list[str]:
    groups: Iterable = (
        contrat.piliers,
        contrat.orientations,
        contrat.objectifs,
        contrat.actions,
        contrat.axes,
        contrat.indicateurs,
        contrat.notes,
        contrat.etat_initial,
        contrat.annexes,
        contrat.gouvernance.instances,
        contrat.gouvernance.conseil_citoyen,
        *(axe.engagements for axe in contrat.axes),
        *(pilier.diagnostics for pilier in contrat.piliers),
    )
    return [item.id for group in groups for item in group]


def _check_unique(ids: list[str]) -> None:
    twice = sorted(id for id, count in Counter(ids).items() if count > 1)
    if twice:
        raise OzoirError("Identifiant déclaré deux fois dans le contrat.", f"{', '.join(twice)}.")


def _check_known(names: Iterable[str], known: Iterable[str], kind: str, where: str) -> None:
    for name in names:
        if name not in known:
            raise OzoirError("Référence inconnue dans le contrat.", f"{where} : {kind} « {name} ».{did_you_mean(name, known)}")
