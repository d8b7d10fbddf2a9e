"""The yearly report, assembled from what the base holds; and the evaluation, the same over several years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ozoir.catalogue.bilan import Plan, Section, load_plan
from ozoir.catalogue.contrat import Action, Objectif, Pilier
from ozoir.catalogue.saisies import Besoin, Credit, EtatAction, Paragraphe, Proposition, Version
from ozoir.catalogue.suivi import Cadre
from ozoir.indicators.evolution import latest_evolution
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import Evolution, Figure, Point, Result
from ozoir.suivi.actions import Avancement, FicheAction, LigneIndicateur, action_sheet, indicator_lines, measure_progress
from ozoir.suivi.credits import Montants, break_down, cross, dimensions, sum_amounts
from ozoir.suivi.diffusion import Diffusee, disclose
from ozoir.suivi.dossier import Dossier
from ozoir.suivi.gouvernance import KINDS_SUIVIS, Reports, Suivie, carried_over, list_meetings, next_programme, opinions


@dataclass(frozen=True)
class SectionRedigee:
    """A section and what the team wrote in it this year."""

    section: Section
    paragraphe: Version | None

    @property
    def texte(self) -> str:
        return self.paragraphe.saisie.texte if self.paragraphe else ""


@dataclass(frozen=True)
class Observation:
    """A main indicator at the end of the report's year: its latest date known by then, and what moved since T0.

    by_sex: when it can be broken down so.
    """

    result: Result
    point: Point | None
    evolution: Evolution | None
    by_sex: Result | None


@dataclass(frozen=True)
class LigneRealisation:
    """One realisation indicator as it may be shown, and last year's."""

    ligne: LigneIndicateur
    figures: Diffusee
    precedente: Diffusee


@dataclass(frozen=True)
class ObjectifRealise:
    """One objective in the year: its progress, its actions, every indicator below it."""

    objectif: Objectif
    avancement: Avancement
    fiches: tuple[FicheAction, ...]
    realisations: tuple[LigneRealisation, ...]


@dataclass(frozen=True)
class PilierRealise:
    pilier: Pilier
    avancement: Avancement
    objectifs: tuple[ObjectifRealise, ...]


@dataclass(frozen=True)
class Memoire:
    """Decisions, proposals or needs of a year: those it inherited, and its own."""

    reports: Reports
    nouvelles: tuple[Version, ...]


@dataclass(frozen=True)
class Credits:
    """Amounts of some years: the total, by side of the contract, by funder × pillar, by year."""

    total: Montants
    groupes: dict[str, Montants]
    financeurs: dict[str, Montants]
    piliers: dict[str, Montants]
    financeurs_piliers: dict[str, dict[str, Montants]]
    themes: dict[str, Montants]
    annees: dict[str, Montants]


@dataclass(frozen=True)
class Bilan:
    """Everything the report of one year says."""

    annee: int
    sections: tuple[SectionRedigee, ...]
    observation: tuple[Observation, ...]
    piliers: tuple[PilierRealise, ...]
    memoire: dict[type[Suivie], Memoire]
    programme: tuple[Version, ...]
    credits: Credits
    avis: tuple[Version, ...]
    reunions: tuple
    fictif: bool

    def section(self, id: str) -> SectionRedigee:
        return next(item for item in self.sections if item.section.id == id)


def build_bilan(publication: Publication, dossier: Dossier, annee: int, seuil: int | None = None) -> Bilan:
    """The report of a year. seuil: threshold for persons, that of the contract by default, 0 to mask nothing."""
    cadre = dossier.cadre
    seuil = cadre.regles.seuil_personnes if seuil is None else seuil
    return Bilan(
        annee=annee,
        sections=_sections(dossier, annee, load_plan().sections_of(cadre.contrat)),
        observation=tuple(_observe(publication, annee)),
        piliers=tuple(_realise(dossier, pilier, annee, seuil) for pilier in cadre.contrat.piliers),
        memoire={
            kind: Memoire(carried_over(dossier, kind, annee), tuple(dossier.select(kind, annee=annee))) for kind in KINDS_SUIVIS
        },
        programme=tuple(next_programme(dossier, annee)),
        credits=sum_credits(dossier, [annee]),
        avis=tuple(opinions(dossier, annee)),
        reunions=tuple(list_meetings(dossier, annee)),
        fictif=dossier.fictif,
    )


def _sections(dossier: Dossier, annee: int, sections: Sequence[Section]) -> tuple[SectionRedigee, ...]:
    return tuple(SectionRedigee(item, dossier.version(Paragraphe, annee, item.id)) for item in sections)


def _observe(publication: Publication, annee: int) -> list[Observation]:
    """Main indicators, pillar by pillar, as they stood at the end of the year."""
    found = []
    for result in publication.results():
        if not result.indicateur.principal:
            continue
        points = result.total.points if result.total else ()
        known = [point for point in points if point.date_reference <= date(annee, 12, 31)]
        shown = [point for point in known if point.qpv.is_shown]
        evolution = latest_evolution(known, result.indicateur, publication.catalogue)
        has_sex = "sexe" in result.indicateur.decoupages
        by_sex = publication.result(result.indicateur.id, "sexe") if has_sex else None
        found.append(Observation(result, shown[-1] if shown else None, evolution, by_sex))
    order = {pilier.id: pilier.ordre for pilier in publication.catalogue.contrat.piliers}
    return sorted(found, key=lambda item: (order[item.result.indicateur.pilier], item.result.indicateur.ordre))


def _realise(dossier: Dossier, pilier: Pilier, annee: int, seuil: int) -> PilierRealise:
    actions = [action for objectif in pilier.objectifs for action in objectif.actions]
    return PilierRealise(
        pilier,
        measure_progress(dossier, actions, annee),
        tuple(_realise_objective(dossier, objectif, annee, seuil) for objectif in pilier.objectifs),
    )


def _realise_objective(dossier: Dossier, objectif: Objectif, annee: int, seuil: int) -> ObjectifRealise:
    attendus = [item for item in dossier.cadre.attendus if item.objectif.id == objectif.id and item.is_entered]
    return ObjectifRealise(
        objectif,
        measure_progress(dossier, objectif.actions, annee),
        tuple(action_sheet(dossier, action.id, annee) for action in objectif.actions),
        tuple(disclose_line(line, seuil) for line in indicator_lines(dossier, attendus, annee)),
    )


def disclose_line(line: LigneIndicateur, seuil: int) -> LigneRealisation:
    """This year's and last year's figures under the same rule."""
    indicateur = line.attendu.indicateur
    return LigneRealisation(line, disclose(line.realisation, indicateur, seuil), disclose(line.precedente, indicateur, seuil))


def women_share(figures: Diffusee) -> Figure:
    """Women among those whose sex is known (%); withheld when one of the two counts is."""
    for figure in (figures.femmes, figures.hommes):
        if not figure.is_shown:
            return figure
    known = figures.femmes.valeur + figures.hommes.valeur
    if not known:
        return Figure(None, "sans_objet", "aucune personne")
    return Figure(100 * figures.femmes.valeur / known, unite="%", decimales=0 if known < 100 else 1)


def sum_credits(dossier: Dossier, annees: Sequence[int]) -> Credits:
    """The credits of these years under every angle of the report."""
    return sum_lines(dossier.cadre, [entry for entry in dossier.entries(Credit) if entry.annee in annees])


def sum_lines(cadre: Cadre, lines: Sequence[Credit]) -> Credits:
    """The same for any lines."""
    ways = dimensions(cadre)
    return Credits(
        total=sum_amounts(lines),
        groupes=break_down(lines, ways["groupe"]),
        financeurs=break_down(lines, ways["financeur"]),
        piliers=break_down(lines, ways["pilier"]),
        financeurs_piliers=cross(lines, ways["financeur"], ways["pilier"]),
        themes=break_down(lines, ways["theme"]),
        annees=break_down(lines, ways["annee"]),
    )


@dataclass(frozen=True)
class Parcours:
    """An action over the years: year → status, empty when nobody answered."""

    action: Action
    statuts: dict[int, str]


@dataclass(frozen=True)
class Evaluation:
    """The same over several years, compared with the initial state (each source's own T0)."""

    annees: tuple[int, ...]
    sections: tuple[SectionRedigee, ...]
    observation: tuple[Observation, ...]
    parcours: tuple[Parcours, ...]
    credits: Credits
    propositions: tuple[Version, ...]
    besoins: tuple[Version, ...]


def build_evaluation(publication: Publication, dossier: Dossier, debut: int, fin: int) -> Evaluation:
    """What changed, what was done, what it cost, what remains open, from the first to the last of these years."""
    annees = tuple(annee for annee in dossier.cadre.annees if debut <= annee <= fin)
    plan: Plan = load_plan()
    return Evaluation(
        annees,
        _sections(dossier, fin, plan.evaluation),
        tuple(_observe(publication, fin)),
        tuple(
            Parcours(action, {a: (e.statut if (e := dossier.entry(EtatAction, action.id, a)) else "") for a in annees})
            for action in dossier.cadre.contrat.actions
        ),
        sum_credits(dossier, annees),
        tuple(version for version in dossier.select(Proposition) if version.saisie.annee in annees),
        tuple(version for version in dossier.select(Besoin) if version.saisie.annee in annees),
    )
