"""The whole catalogue, read once: every declaration found in its folder, checked against the others."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ozoir.catalogue.contrat import Contrat
from ozoir.catalogue.contrat_loading import load_contrat
from ozoir.catalogue.model import (
    CHAMP,
    Cle,
    Dimension,
    Indicateur,
    Mesure,
    Region,
    Source,
    SourceStatistique,
    Territoire,
    parse_cle,
)
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.errors import OzoirError, did_you_mean
from ozoir.paths import CATALOGUE


@dataclass(frozen=True)
class Catalogue:
    """Everything that is declared. `sources` are layouts, `statistiques` the sources written on facts."""

    dimensions: dict[str, Dimension]
    mesures: dict[str, Mesure]
    statistiques: dict[str, SourceStatistique]
    regions: dict[str, Region]
    sources: dict[str, Source]
    indicateurs: dict[str, Indicateur]
    territoire: Territoire
    contrat: Contrat

    def modality_label(self, dimension: str, modality: str) -> str:
        """The French label of a modality; « Ensemble » for the total."""
        return self.dimensions[dimension].modalites.get(modality, "Ensemble")


@lru_cache(maxsize=4)
def load_catalogue(folder: Path = CATALOGUE, contrat: str = "") -> Catalogue:
    """The catalogue for one contract: `contrat`, else OZOIR_CONTRAT, else the only folder of `contrats/`."""
    home = _contrat_folder(folder, contrat or os.environ.get("OZOIR_CONTRAT", ""))
    catalogue = Catalogue(
        dimensions=_load_tables(folder / "dimensions.toml", Dimension),
        mesures=_load_mesures(folder / "mesures"),
        statistiques=_load_tables(folder / "statistiques.toml", SourceStatistique),
        regions=_load_tables(folder / "regions.toml", Region),
        sources=_load_files(folder / "sources", Source),
        indicateurs=_load_files(folder / "indicateurs", Indicateur),
        territoire=build(Territoire, read_toml(home / "territoire.toml"), home / "territoire.toml"),
        contrat=load_contrat(home),
    )
    check_references(catalogue)
    return catalogue


def _contrat_folder(folder: Path, name: str) -> Path:
    found = {path.name: path for path in sorted((folder / "contrats").iterdir()) if path.is_dir()}
    if not name and len(found) == 1:
        return next(iter(found.values()))
    if name in found:
        return found[name]
    raise OzoirError(
        "Contrat de ville inconnu.",
        f"OZOIR_CONTRAT vaut « {name} ».{did_you_mean(name, found)} Contrats déclarés : {', '.join(found)}.",
    )


def _load_tables(path: Path, cls):
    return {key: build(cls, table, path, key) for key, table in read_toml(path).items()}


def _load_mesures(folder: Path) -> dict[str, Mesure]:
    mesures: dict[str, Mesure] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, mesure in _load_tables(path, Mesure).items():
            if key in mesures:
                raise OzoirError("Mesure déclarée deux fois.", f"« {key} », de nouveau dans {path.name}.")
            mesures[key] = replace(mesure, id=key)
    return mesures


def _load_files(folder: Path, cls):
    loaded = {}
    for path in sorted(folder.glob("*.toml")):
        item = build(cls, read_toml(path), path)
        if item.id != path.stem:
            raise OzoirError("Identifiant et nom de fichier différents.", f"{path.name} déclare « {item.id} ».")
        loaded[item.id] = item
    return loaded


def check_references(catalogue: Catalogue) -> None:
    """Every id named by a declaration exists; raises with the declaration, the id and the nearest one."""
    for indicateur in catalogue.indicateurs.values():
        where = f"indicateurs/{indicateur.id}.toml"
        for text in filter(None, (indicateur.numerateur, indicateur.denominateur)):
            check_cle(catalogue, parse_cle(text), where)
        _check_known(indicateur.sources, catalogue.statistiques, "source statistique", where)
        _check_known(indicateur.decoupages, catalogue.dimensions, "dimension", where)
        _check_known([indicateur.pilier], {p.id for p in catalogue.contrat.piliers}, "pilier", where)
        _check_known(indicateur.objectifs, {o.id for o in catalogue.contrat.objectifs}, "objectif", where)
        _check_known(indicateur.axes, {a.id for a in catalogue.contrat.axes}, "axe", where)
    for item in (*catalogue.contrat.indicateurs, *catalogue.contrat.etat_initial):
        _check_known(item.observation, catalogue.indicateurs, "indicateur d’observation", f"contrat, {item.id}")
    for source in catalogue.sources.values():
        where = f"sources/{source.id}.toml"
        for tableau in source.tableaux:
            for bloc in tableau.blocs:
                _check_known([bloc.source], catalogue.statistiques, "source statistique", where)
                for text in bloc.colonnes.values():
                    check_cle(catalogue, parse_cle(text), where)
            for column in tableau.dimensions:
                for value in column.valeurs.values():
                    if column.dimension == "mesure":
                        check_cle(catalogue, parse_cle(value), where)
                    else:
                        _check_known([column.dimension], catalogue.dimensions, "dimension", where)
                        modalites = {*catalogue.dimensions[column.dimension].modalites, "ensemble"}
                        _check_known([value], modalites, f"modalité de « {column.dimension} »", where)
    for name, dimension in catalogue.dimensions.items():
        for group, members in dimension.regroupements.items():
            _check_known([group, *members], dimension.modalites, f"modalité de « {name} »", "dimensions.toml")
    for mesure in catalogue.mesures.values():
        where = f"mesure {mesure.id}"
        for dimension, modalites in mesure.familles.items():
            _check_known([dimension], catalogue.dimensions, "dimension", where)
            _check_known(modalites, catalogue.dimensions[dimension].modalites, f"modalité de « {dimension} »", where)
        named = filter(None, (mesure.inclus_dans, mesure.effectif, *mesure.parties))
        _check_known(named, catalogue.mesures, "mesure", where)


def check_cle(catalogue: Catalogue, cle: Cle, where: str) -> None:
    """The key's measure, dimensions and modalities are declared."""
    _check_known([cle.mesure], catalogue.mesures, "mesure", where)
    for dimension, modality in cle.breakdown.items():
        if dimension == CHAMP:  # written by `indicators.aggregates` on sums of QPV
            continue
        _check_known([dimension], catalogue.dimensions, "dimension", where)
        modalites = catalogue.dimensions[dimension].modalites
        _check_known([modality], modalites, f"modalité de « {dimension} »", where)


def _check_known(names, known, kind: str, where: str) -> None:
    for name in names:
        if name not in known:
            raise OzoirError("Référence inconnue dans le catalogue.", f"{where} : {kind} « {name} ».{did_you_mean(name, known)}")
