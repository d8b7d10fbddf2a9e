"""The whole catalogue, read once: every declaration found in its folder, checked against the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ozoir.catalogue.contrat import Contrat
from ozoir.catalogue.contrat_loading import load_contrat
from ozoir.catalogue.contrats import contract_folder
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
from ozoir.catalogue.territoires import load_territoires
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.errors import OzoirError, did_you_mean
from ozoir.paths import CATALOGUE

CONTRACTS_KEPT = 32  # those last asked for


@dataclass(frozen=True)
class Observation:
    """Where a contract places one indicator of the common catalogue."""

    indicateur: str
    pilier: str
    objectifs: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()


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
    territoires: tuple[Territoire, ...] = ()

    @property
    def quartier(self) -> str:
        """What the contract calls its quartier, or the name of the one looked at when it has several."""
        return self.contrat.quartier if len(self.territoires) < 2 else self.territoire.nom_quartier

    @property
    def prefixe(self) -> str:
        """How the names of its files begin: the contract, then the quartier when it has several."""
        return self.contrat.id if len(self.territoires) < 2 else f"{self.contrat.id}-{self.territoire.id}"

    def modality_label(self, dimension: str, modality: str) -> str:
        """The French label of a modality; « Ensemble » for the total."""
        return self.dimensions[dimension].modalites.get(modality, "Ensemble")


def load_catalogue(folder: Path = CATALOGUE, contrat: str = "", quartier: str = "") -> Catalogue:
    """The catalogue for one contract (`contrat`, else OZOIR_CONTRAT, else the only one declared) and one of its quartiers."""
    home = contract_folder(contrat, folder)
    return _of_quartier(folder, home, quartier) if quartier else _load(folder, home)


@lru_cache(maxsize=CONTRACTS_KEPT)
def _load(folder: Path, home: Path) -> Catalogue:
    common = _load_common(folder)
    territoires = load_territoires(home / "territoire.toml")
    declared = replace(common, territoire=territoires[0], territoires=territoires, contrat=load_contrat(home), sources={})
    if declared.contrat.id != home.name:
        raise OzoirError(
            "Identifiant et nom de dossier différents.", f"{home.name}/contrat.toml déclare « {declared.contrat.id} »."
        )
    catalogue = with_sources(declared, common.sources)
    catalogue = replace(catalogue, indicateurs=place_indicators(catalogue, home / "observations.toml"))
    check_references(catalogue)
    return catalogue


@lru_cache(maxsize=4)
def _load_common(folder: Path) -> Catalogue:
    """What serves every contract, read once: all but the contract and its territory."""
    return Catalogue(
        dimensions=_load_tables(folder / "dimensions.toml", Dimension),
        mesures=_load_mesures(folder / "mesures"),
        statistiques=_load_tables(folder / "statistiques.toml", SourceStatistique),
        regions=_load_tables(folder / "regions.toml", Region),
        sources=_load_files(folder / "sources", Source),
        indicateurs=_load_files(folder / "indicateurs", Indicateur),
        territoire=None,
        contrat=None,
    )


def known_indicators(folder: Path = CATALOGUE) -> dict[str, Indicateur]:
    """Every observation indicator a contract may follow."""
    return _load_common(folder).indicateurs


@lru_cache(maxsize=4 * CONTRACTS_KEPT)
def _of_quartier(folder: Path, home: Path, quartier: str) -> Catalogue:
    catalogue = _load(folder, home)
    found = next((item for item in catalogue.territoires if item.id == quartier), None)
    if found is None:
        known = [item.id for item in catalogue.territoires]
        raise OzoirError(
            "Quartier inconnu.",
            f"«\u00a0{quartier}\u00a0».{did_you_mean(quartier, known)} Quartiers du contrat\u00a0: {', '.join(known)}.",
        )
    return catalogue if found is catalogue.territoire else replace(catalogue, territoire=found)


def place_indicators(catalogue: Catalogue, path: Path) -> dict[str, Indicateur]:
    """Those which the contract follows, under its own pillars: observations.toml lists them; without it, as they ship."""
    indicateurs, contrat = catalogue.indicateurs, catalogue.contrat
    if not path.exists():
        own = {item.id for item in (*contrat.piliers, *contrat.objectifs, *contrat.axes)}
        if any({item.pilier, *item.objectifs, *item.axes} - own for item in indicateurs.values()):
            raise OzoirError(
                "Déclaration absente.",
                f"{path} n’existe pas\u00a0: ce fichier dit quels indicateurs le contrat suit, et sous quels piliers.",
            )
        return indicateurs
    placed = {}
    for table in read_toml(path).get("observations", []):
        place = build(Observation, table, path)
        _check_known([place.indicateur], indicateurs, "indicateur d’observation", path.name)
        placed[place.indicateur] = replace(
            indicateurs[place.indicateur], pilier=place.pilier, objectifs=place.objectifs, axes=place.axes
        )
    return placed


def with_sources(catalogue: Catalogue, sources: dict[str, Source]) -> Catalogue:
    """The catalogue with these layouts too, and what they declare besides; not yet checked."""
    statistiques, mesures = dict(catalogue.statistiques), dict(catalogue.mesures)
    indicateurs = dict(catalogue.indicateurs)
    for source in sources.values():
        _declare(statistiques, source.statistiques, source)
        _declare(mesures, {key: replace(mesure, id=key) for key, mesure in source.mesures.items()}, source)
        _declare(indicateurs, {item.id: item for item in source.indicateurs}, source)
    return replace(
        catalogue,
        sources={**catalogue.sources, **sources},
        statistiques=statistiques,
        mesures=mesures,
        indicateurs=indicateurs,
    )


def _declare(known: dict, added: dict, source: Source) -> None:
    """Two layouts may bring the same thing, not two things of one name."""
    for key, item in added.items():
        if known.setdefault(key, item) != item:
            raise OzoirError(
                "Deux déclarations du même nom.", f"«\u00a0{key}\u00a0», de nouveau et autrement dans sources/{source.id}.toml."
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
    _check_known(catalogue.territoire.t0, catalogue.statistiques, "source statistique de [t0]", "territoire.toml")
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
        nested = (*dimension.regroupements.items(), *dimension.sommes.items(), *dimension.inclusions.items())
        for group, members in nested:
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
            raise OzoirError(
                "Référence inconnue dans le catalogue.", f"{where} : {kind} « {name} ».{did_you_mean(name, known)}"
            )
