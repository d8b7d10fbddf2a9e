"""What a yearly report still lacks, and who must send it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ozoir.catalogue.saisies import INSTANCES_AVIS, NON_CONCERNE, VIDE, Proposition
from ozoir.catalogue.suivi import Cadre
from ozoir.suivi.bilan import Bilan, LigneRealisation
from ozoir.suivi.couverture import AWAITED, EQUIPE, OBSERVATION, Ligne
from ozoir.suivi.credits import ETAPES
from ozoir.typography import alphabetical


@dataclass(frozen=True)
class Manque:
    """One thing missing from a section, and who can provide it."""

    section: str
    quoi: str
    qui: tuple[str, ...]


def list_missing(bilan: Bilan, couverture: Iterable[Ligne], cadre: Cadre) -> list[Manque]:
    """Everything missing, in the order of the sections."""
    found = [
        *_missing_observation(bilan, couverture),
        *_missing_actions(bilan),
        *_missing_programme(bilan, cadre),
        *_missing_credits(bilan, cadre),
        *_missing_opinions(bilan),
        *_missing_paragraphs(bilan),
    ]
    order = [item.section.id for item in bilan.sections]
    return sorted(found, key=lambda item: order.index(item.section))


def by_sender(missing: Iterable[Manque]) -> dict[str, list[Manque]]:
    """Who → what they must send; who owes most comes first."""
    found: dict[str, list[Manque]] = {}
    for item in missing:
        for name in item.qui:
            found.setdefault(name, []).append(item)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), alphabetical(pair[0]))))


def _missing_observation(bilan: Bilan, couverture: Iterable[Ligne]) -> Iterator[Manque]:
    principal = {item.result.indicateur.id for item in bilan.observation}
    for row in couverture:
        if row.genre == OBSERVATION and row.id in principal and row.etats.get(bilan.annee) in AWAITED:
            yield Manque("observation", f"{row.libelle}\u00a0: aucune valeur pour {bilan.annee}", row.partenaires)


def _missing_actions(bilan: Bilan) -> Iterator[Manque]:
    for pilier in bilan.piliers:
        for objectif in pilier.objectifs:
            for fiche in objectif.fiches:
                if not fiche.statut:
                    what = f"État de l’action «\u00a0{fiche.action.titre}\u00a0»"
                    yield Manque("actions", what, fiche.action.pilotes or (EQUIPE,))
            for line in objectif.realisations:
                if what := _missing_answer(line):
                    label = line.ligne.attendu.indicateur.libelle
                    yield Manque("actions", f"{what}\u00a0: {label}", line.ligne.attendu.pilotes or (EQUIPE,))


def _missing_answer(line: LigneRealisation) -> str:
    """What an indicator's answer lacks, empty when nothing."""
    if line.ligne.reponse == NON_CONCERNE or line.ligne.attendu.indicateur.alimentation == "a_definir":
        return ""
    if line.ligne.reponse == VIDE:
        return "Valeur de l’année"
    entry = line.ligne.realisation
    if line.ligne.attendu.indicateur.sexe and None in (entry.femmes, entry.hommes):
        return "Répartition entre femmes et hommes"
    return ""


def _missing_programme(bilan: Bilan, cadre: Cadre) -> Iterator[Manque]:
    if not bilan.programme and bilan.annee < cadre.annees[-1]:
        yield Manque("ajustements", f"Programme {bilan.annee + 1}\u00a0: aucune action proposée", (EQUIPE,))
    held = {meeting.version.saisie.instance for meeting in bilan.reunions}
    for instance in cadre.contrat.gouvernance.instances:
        if instance.frequence and instance.id not in held:
            yield Manque("ajustements", f"Réunion {bilan.annee}\u00a0: {instance.titre} ({instance.frequence})", (EQUIPE,))
    for version in bilan.memoire[Proposition].nouvelles:
        if version.saisie.statut == "proposee":
            yield Manque("ajustements", f"Suite donnée à la proposition {version.saisie.reference}", ("Comité de pilotage",))


def _missing_credits(bilan: Bilan, cadre: Cadre) -> Iterator[Manque]:
    if not bilan.credits.total.lignes:
        yield Manque("credits", f"Crédits {bilan.annee}\u00a0: aucun montant saisi", (EQUIPE,))
    for financeur, montants in bilan.credits.financeurs.items():
        titre = cadre.financements.financeurs[financeur].titre
        for etape in ("prevu", "engage"):
            unknown = getattr(montants, etape).inconnus
            if unknown:
                lines = "une ligne" if unknown == 1 else f"{unknown} lignes"
                yield Manque("credits", f"{titre}\u00a0: montant {ETAPES[etape].lower()} inconnu pour {lines}", (titre,))


def _missing_opinions(bilan: Bilan) -> Iterator[Manque]:
    given = {version.saisie.instance for version in bilan.avis if version.saisie.sens != "attendu"}
    for instance, titre in INSTANCES_AVIS.items():
        if instance not in given:
            yield Manque("avis", f"Avis sur le rapport {bilan.annee}", (titre,))


def _missing_paragraphs(bilan: Bilan) -> Iterator[Manque]:
    for item in bilan.sections:
        if item.section.obligatoire and not item.texte.strip():
            yield Manque(item.section.id, "Texte à rédiger", (EQUIPE,))
