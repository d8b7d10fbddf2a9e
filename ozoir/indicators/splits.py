"""Which indicators are known by sex and by age, which are not, and who could give it.

The yearly report on the contract must present its data by sex (décret 2015-1118); the contract adds its youth axis.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import MASQUE, NON_DIFFUSE, Serie
from ozoir.indicators.results import SANS_OBJET as RIEN

CRITERES = {"sexe": "par sexe", "age": "par âge"}
COMPLET, PARTIEL, MASQUES, RETENU = "complet", "partiel", "masque", "non_diffuse"
ABSENT, PORTE, SANS_OBJET, SANS_DONNEES = "absent", "porte", "sans_objet", "sans_donnees"
ETATS = {
    COMPLET: "Disponible",
    PARTIEL: "En partie",
    MASQUES: "Masqué",
    RETENU: "Non diffusé",
    ABSENT: "Manquant",
    PORTE: "Porte déjà sur ce critère",
    SANS_OBJET: "Sans objet",
    SANS_DONNEES: "Indicateur non alimenté",
}
LEGENDE = {
    COMPLET: "le détail est connu et montré sur les pages",
    PARTIEL: "une partie des modalités seulement est connue ou montrée",
    MASQUES: "secret statistique\u00a0: les effectifs sont trop faibles",
    RETENU: "le producteur ne diffuse pas le détail pour le quartier",
    ABSENT: "aucun fichier reçu ne donne ce détail",
    PORTE: "l’indicateur mesure lui-même ce critère",
    SANS_OBJET: "on compte des logements, des foyers ou des euros, pas des personnes, ou le dispositif n’existait pas",
    SANS_DONNEES: "aucune valeur reçue\u00a0: le détail est à demander en même temps que le total",
}
MISSING = (ABSENT, SANS_DONNEES)  # what asking a partner may mend
PERSONNES = ("personnes", "habitants", "jeunes", "enfants", "élèves", "prescriptions")
_HIDDEN = ((MASQUE, MASQUES), (NON_DIFFUSE, RETENU), (RIEN, SANS_OBJET))
_PEOPLE = re.compile(r"(personnes (?!des ménages)|population|habitants|étrangers|femmes|jeunes|élèves)", re.IGNORECASE)
_BEARS = {"sexe": re.compile(r"\bfemmes?\b", re.IGNORECASE), "age": re.compile(r"\bans\b|\bjeun|\benfants?\b", re.IGNORECASE)}


@dataclass(frozen=True)
class Detail:
    """One indicator, one criterion. connues, manquantes: labels of modalities; partenaire: who could give the rest."""

    indicateur: Indicateur
    critere: str
    etat: str
    connues: tuple[str, ...] = ()
    manquantes: tuple[str, ...] = ()
    partenaire: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether someone may be asked: what is masked or withheld is known, and stays hidden."""
        return bool(self.partenaire)


def list_details(publication: Publication, indicateurs: Iterable[Indicateur] | None = None) -> list[Detail]:
    """Every indicator (or those given) by sex, then by age."""
    chosen = publication.catalogue.indicateurs.values() if indicateurs is None else indicateurs
    return [examine(publication, indicateur, critere) for indicateur in chosen for critere in CRITERES]


def examine(publication: Publication, indicateur: Indicateur, critere: str) -> Detail:
    """What the published figures hold of one criterion."""
    catalogue = publication.catalogue
    series = _series(publication, indicateur, critere)
    if not series:
        etat = _why_none(publication, indicateur, critere)
        partner = find_partner(indicateur, catalogue) if etat in MISSING else ""
        return Detail(
            indicateur, critere, etat, manquantes=_expected(catalogue, critere) if partner else (), partenaire=partner
        )
    shown = tuple(serie.libelle for serie in series if serie.latest.qpv.is_shown)
    missing = _missing(catalogue, critere, series)
    if shown:
        is_whole = len(shown) == len(series) and not missing
        etat = COMPLET if is_whole else PARTIEL
    else:
        statuts = {serie.latest.qpv.statut for serie in series}
        etat = next((etat for statut, etat in _HIDDEN if statut in statuts), SANS_DONNEES)
    hidden = tuple(serie.libelle for serie in series if serie.libelle not in shown)
    partner = find_partner(indicateur, catalogue) if missing or etat == SANS_DONNEES else ""
    return Detail(indicateur, critere, etat, shown, (*hidden, *missing), partner)


def _series(publication: Publication, indicateur: Indicateur, critere: str) -> list[Serie]:
    if critere not in indicateur.decoupages:
        return []
    return [serie for serie in publication.result(indicateur.id, critere).series[1:] if serie.points]


def _missing(catalogue: Catalogue, critere: str, series: list[Serie]) -> tuple[str, ...]:
    """Both sexes are wanted; bands of age differ from one producer to the other, none is wanted more than another."""
    if critere != "sexe":
        return ()
    known = {serie.modalite for serie in series}
    return tuple(label for name, label in catalogue.dimensions[critere].modalites.items() if name not in known)


def _expected(catalogue: Catalogue, critere: str) -> tuple[str, ...]:
    return tuple(catalogue.dimensions[critere].modalites.values()) if critere == "sexe" else ("tranches d’âge",)


def _why_none(publication: Publication, indicateur: Indicateur, critere: str) -> str:
    if critere in indicateur.cle_numerateur.breakdown:
        return PORTE
    if not is_about_people(indicateur, publication.catalogue):
        return SANS_OBJET
    if _BEARS[critere].search(f"{indicateur.titre} {indicateur.champ}"):
        return PORTE
    return SANS_DONNEES if publication.result(indicateur.id).is_empty else ABSENT


def is_about_people(indicateur: Indicateur, catalogue: Catalogue) -> bool:
    """Whether a sex and an age can be asked of what is counted."""
    if indicateur.nature != "valeur":
        return catalogue.mesures[indicateur.cle_numerateur.mesure].unite in PERSONNES
    return bool(_PEOPLE.match(indicateur.champ))


def find_partner(indicateur: Indicateur, catalogue: Catalogue) -> str:
    """A local partner first: it can be asked for a detail; a national producer publishes what it publishes."""
    sources = sorted(indicateur.sources, key=lambda name: catalogue.statistiques[name].protegee)
    return catalogue.statistiques[sources[0]].producteur


def count_states(details: Iterable[Detail], critere: str) -> Counter[str]:
    """State → how many indicators, for one criterion."""
    return Counter(detail.etat for detail in details if detail.critere == critere)
