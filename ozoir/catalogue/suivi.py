"""What the follow-up stands on: the contract's objects, the indicators each one answers for, funders, themes, years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from ozoir.catalogue.contrat import Action, Contrat, IndicateurRealisation, Objectif, Pilier
from ozoir.catalogue.contrats import contract_folder
from ozoir.catalogue.toml_reading import build, read_toml
from ozoir.errors import OzoirError, did_you_mean
from ozoir.paths import CATALOGUE
from ozoir.typography import alphabetical

INSTANCES_LIBRES = {"conseil_citoyen": "Conseil citoyen", "conseil_municipal": "Conseil municipal", "autre": "Autre réunion"}


@dataclass(frozen=True)
class Financeur:
    """Who funds, and on which side of the contract (a key of `groupes`)."""

    titre: str
    groupe: str


@dataclass(frozen=True)
class Financements:
    """credits.toml: groups, funders and themes, in display order; id → title, funder, title."""

    groupes: dict[str, str]
    financeurs: dict[str, Financeur]
    themes: dict[str, str]


@dataclass(frozen=True)
class Regles:
    """suivi.toml of a contract: last year followed, threshold for persons, objective → theme of its credits.

    partenaires: partner of a source → its name in the contract.
    """

    derniere_annee: int
    seuil_personnes: int
    themes: dict[str, str]
    partenaires: dict[str, str]
    prolongation: str = ""


@dataclass(frozen=True)
class Attendu:
    """One answer expected every year: an indicator of the contract, at the action or the objective that carries it."""

    objectif: Objectif
    action: Action | None
    indicateur: IndicateurRealisation
    mention: str

    @property
    def objet(self) -> str:
        return (self.action or self.objectif).id

    @property
    def pilotes(self) -> tuple[str, ...]:
        return (self.action or self.objectif).pilotes or self.objectif.pilotes

    @property
    def is_entered(self) -> bool:
        """False when partner statistics feed it: nobody types it."""
        return self.indicateur.alimentation != "observation"


@dataclass(frozen=True, eq=False)
class Cadre:
    """The contract as the follow-up sees it."""

    contrat: Contrat
    financements: Financements
    regles: Regles

    @property
    def annees(self) -> tuple[int, ...]:
        """From the contract's first year to the last one of its extension."""
        return tuple(range(self.contrat.periode.debut, self.regles.derniere_annee + 1))

    @cached_property
    def attendus(self) -> tuple[Attendu, ...]:
        """Each indicator at each place of the contract, once (the contract repeats some)."""
        seen = {}
        for mention in self.contrat.mentions:
            attendu = Attendu(*mention)
            seen.setdefault((attendu.objet, attendu.indicateur.id), attendu)
        return tuple(seen.values())

    @cached_property
    def titres(self) -> dict[str, str]:
        """Pillars, orientations, objectives, actions: id → title, in the contract's order."""
        titles = {}
        for pilier in self.contrat.piliers:
            titles[pilier.id] = pilier.titre_court
            titles.update((orientation.id, orientation.titre) for orientation in pilier.orientations)
            for objectif in pilier.objectifs:
                titles[objectif.id] = f"{objectif.numero}. {objectif.titre}"
                titles.update((action.id, action.titre) for action in objectif.actions)
        return titles

    @cached_property
    def _objectifs(self) -> dict[str, str]:
        """Action or objective → its objective."""
        return {item.id: objectif.id for objectif in self.contrat.objectifs for item in (objectif, *objectif.actions)}

    @cached_property
    def _piliers(self) -> dict[str, Pilier]:
        """Any object of the contract → its pillar."""
        return {
            id: pilier
            for pilier in self.contrat.piliers
            for id in (
                pilier.id,
                *(orientation.id for orientation in pilier.orientations),
                *(item.id for objectif in pilier.objectifs for item in (objectif, *objectif.actions)),
            )
        }

    @cached_property
    def instances(self) -> dict[str, str]:
        """The contract's own instances, then those a contract always meets: id → title."""
        return {item.id: item.titre for item in self.contrat.gouvernance.instances} | INSTANCES_LIBRES

    def pilier_of(self, objet: str) -> Pilier:
        """The pillar of an action, objective, orientation or pillar."""
        self.check_objet(objet)
        return self._piliers[objet]

    def objectif_of(self, objet: str) -> str:
        """The objective of an action (or of itself); empty for a pillar or an orientation."""
        return self._objectifs.get(objet, "")

    def theme_of(self, objet: str) -> str:
        """The theme of its credits when none is given; empty for a pillar or an orientation."""
        return self.regles.themes.get(self.objectif_of(objet), "")

    def attendus_of(self, action: Action) -> tuple[Attendu, ...]:
        """What an action answers for: its own indicators, then those of its objective which serve it."""
        cited = {cite.id for cite in self.contrat.objectif(action.objectif).indicators_of(action)}
        carriers = (action.id, action.objectif)
        return tuple(item for item in self.attendus if item.objet in carriers and item.indicateur.id in cited)

    def attendu(self, objet: str, indicateur: str) -> Attendu:
        for item in self.attendus:
            if (item.objet, item.indicateur.id) == (objet, indicateur):
                return item
        raise OzoirError("Indicateur inconnu à cet endroit du contrat.", f"« {indicateur} » n’est pas suivi sous « {objet} ».")

    def check_objet(self, objet: str) -> None:
        if objet not in self.titres:
            raise OzoirError("Référence inconnue dans le contrat.", f"« {objet} ».{did_you_mean(objet, self.titres)}")

    def pilotes(self) -> tuple[str, ...]:
        """Every pilot of an action or an objective, in alphabetical order."""
        names = {name for item in (*self.contrat.objectifs, *self.contrat.actions) for name in item.pilotes}
        return tuple(sorted(names, key=alphabetical))


def load_financements(folder: Path = CATALOGUE) -> Financements:
    """Groups, funders and themes: the same for every contract."""
    return build(Financements, read_toml(folder / "credits.toml"), folder / "credits.toml")


@lru_cache(maxsize=32)
def load_cadre(contrat: Contrat, folder: Path = CATALOGUE) -> Cadre:
    """Funders and themes of the catalogue, rules of this contract; each reference is checked."""
    path = contract_folder(contrat.id, folder) / "suivi.toml"
    financements = load_financements(folder)
    cadre = Cadre(contrat, financements, build(Regles, read_toml(path), path))
    _check_known((financeur.groupe for financeur in financements.financeurs.values()), financements.groupes, "groupe")
    _check_known(cadre.regles.themes, {objectif.id for objectif in contrat.objectifs}, "objectif")
    _check_known(cadre.regles.themes.values(), financements.themes, "thème")
    return cadre


def _check_known(names: Iterable[str], known, kind: str) -> None:
    for name in names:
        if name not in known:
            raise OzoirError("Référence inconnue dans suivi.toml.", f"{kind} « {name} ».{did_you_mean(name, known)}")
