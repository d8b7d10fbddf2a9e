"""The contract's follow-up as tables: actions and realisations, credits, decisions, proposals, needs, opinions, gaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ozoir.catalogue.saisies import (
    INSTANCES_AVIS,
    NATURES_BESOIN,
    NON_CONCERNE,
    SENS_AVIS,
    STATUTS_ACTION,
    STATUTS_BESOIN,
    STATUTS_DECISION,
    STATUTS_PROPOSITION,
    Avis,
    Besoin,
    Decision,
    Proposition,
    Version,
)
from ozoir.catalogue.suivi import Cadre
from ozoir.exports.contents import Cellule, Tableau
from ozoir.exports.credit_tables import amount_cell
from ozoir.exports.result_tables import figure_cell
from ozoir.indicators.results import Figure
from ozoir.numbers import NARROW, format_date, format_number
from ozoir.suivi.actions import FicheAction
from ozoir.suivi.bilan import Bilan, LigneRealisation, Memoire, PilierRealise, women_share
from ozoir.suivi.completude import Manque, by_sender
from ozoir.suivi.reponses import write_answer

NOT_ANSWERED = "Non renseignée"


def progress_table(piliers: Iterable[PilierRealise]) -> Tableau:
    """One line per pillar: how many actions, where they stand."""
    lines = []
    for item in piliers:
        progress = item.avancement
        mean = f"{format_number(progress.moyenne)}{NARROW}%" if progress.moyenne is not None else "…"
        lines.append(
            (
                Cellule(item.pilier.titre_court),
                _count(progress.actions),
                *(_count(progress.par_statut[statut]) for statut in STATUTS_ACTION),
                _count(progress.actions - progress.renseignees),
                Cellule(mean, progress.moyenne, 0, "%"),
            )
        )
    columns = ("Pilier", "Actions", *STATUTS_ACTION.values(), "Non renseignées", "Avancement moyen")
    return Tableau("État des actions par pilier", columns, tuple(lines), droite=tuple(range(1, len(columns))))


def _count(value: int) -> Cellule:
    return Cellule(format_number(value), float(value))


def status_of(fiche: FicheAction) -> str:
    return STATUTS_ACTION.get(fiche.statut, NOT_ANSWERED)


def progress_of(fiche: FicheAction) -> str:
    return f"{fiche.avancement}{NARROW}%" if fiche.avancement is not None else ""


def actions_table(item: PilierRealise) -> Tableau:
    """Every action of a pillar under its objective."""
    lines = tuple(
        (
            Cellule(str(objectif.objectif.numero)),
            Cellule(fiche.action.titre),
            Cellule(", ".join(fiche.action.pilotes)),
            Cellule(status_of(fiche)),
            Cellule(progress_of(fiche)),
        )
        for objectif in item.objectifs
        for fiche in objectif.fiches
    )
    return Tableau(
        f"{item.pilier.titre_court}\u00a0: actions",
        ("Obj.", "Action", "Pilotes", "État", "Avancement"),
        lines,
        droite=(4,),
        vide="Aucune action.",
    )


def realisations_table(title: str, lines: Iterable[LigneRealisation], is_full: bool = True) -> Tableau:
    """Realised and target values, beneficiaries, of which QPV, by sex; masked as the diffusion wants.

    is_full: lines without an answer too.
    """
    rows = tuple(_realisation(line) for line in lines if is_full or line.ligne.reponse != "vide")
    return Tableau(
        title,
        (
            "Indicateur",
            "Unité",
            "Réalisé",
            "Cible",
            "Année préc.",
            "Bénéficiaires",
            "dont QPV",
            "Femmes",
            "Hommes",
            "Part femmes",
        ),
        rows,
        droite=tuple(range(2, 10)),
        vide="Aucune réponse pour cette année.",
    )


def _realisation(line: LigneRealisation) -> tuple[Cellule, ...]:
    indicateur, figures = line.ligne.attendu.indicateur, line.figures
    realised = figure_cell(figures.realise)
    if line.ligne.reponse == NON_CONCERNE:
        realised = Cellule("non concerné")
    elif line.ligne.realisation and indicateur.nature in ("texte", "oui_non"):
        realised = Cellule(write_answer(line.ligne.realisation, indicateur) or "…")
    persons = (figures.beneficiaires, figures.dont_qpv, figures.femmes, figures.hommes)
    known = any(figure.is_shown or figure.statut == "masque" for figure in persons)
    return (
        Cellule(indicateur.libelle),
        Cellule(indicateur.unite),
        realised,
        _shown(figures.cible),
        _shown(line.precedente.realise),
        *((figure_cell(figure) if known else Cellule("")) for figure in persons),
        figure_cell(women_share(figures)) if known else Cellule(""),
    )


def _shown(figure: Figure) -> Cellule:
    """A number, its mask, or nothing: what nobody was asked is not « missing »."""
    return figure_cell(figure) if figure.is_shown or figure.statut == "masque" else Cellule("")


def _day(day: date | None) -> str:
    return format_date(day) if day else ""


def decisions_table(title: str, versions: Iterable[Version]) -> Tableau:
    lines = tuple(_decision(version.saisie) for version in versions)
    return Tableau(
        title,
        ("Décision", "Responsable", "Échéance", "État", "Suite donnée"),
        lines,
        (4, 1.8, 1.4, 1.1, 2),
        vide="Aucune décision saisie.",
    )


def _decision(item: Decision) -> tuple[Cellule, ...]:
    words = (item.texte, item.responsable, _day(item.echeance), STATUTS_DECISION.get(item.statut, item.statut), item.suite)
    return tuple(Cellule(word) for word in words)


def proposals_table(title: str, versions: Iterable[Version], cadre: Cadre, vide: str) -> Tableau:
    lines = tuple(_proposal(version.saisie, cadre) for version in versions)
    return Tableau(
        title, ("Proposition", "Objet", "Responsable", "Échéance", "État"), lines, (4, 2.4, 1.7, 1.4, 1.2), vide=vide
    )


def _proposal(item: Proposition, cadre: Cadre) -> tuple[Cellule, ...]:
    words = (
        item.texte,
        cadre.titres.get(item.objet, ""),
        item.responsable,
        _day(item.echeance),
        STATUTS_PROPOSITION.get(item.statut, item.statut),
    )
    return tuple(Cellule(word) for word in words)


def needs_table(title: str, versions: Iterable[Version]) -> Tableau:
    lines = tuple(_need(version.saisie) for version in versions)
    return Tableau(
        title,
        ("Nature", "Besoin", "Public", "Demandeur", "Coût", "État"),
        lines,
        (1.1, 3.4, 1.5, 1.5, 1, 1.1),
        (4,),
        vide="Aucun besoin saisi.",
    )


def _need(item: Besoin) -> tuple[Cellule, ...]:
    cost = Cellule("") if item.cout is None else amount_cell(item.cout)
    return (
        Cellule(NATURES_BESOIN.get(item.nature, item.nature)), *map(Cellule, (item.texte, item.public, item.demandeur)), cost,
        Cellule(STATUTS_BESOIN.get(item.statut, item.statut)),
    )  # fmt: skip


def opinions_table(versions: Iterable[Version]) -> Tableau:
    lines = tuple(_opinion(version.saisie) for version in versions)
    return Tableau(
        "Avis rendus sur le rapport",
        ("Instance", "Transmis le", "Rendu le", "Avis", "Texte"),
        lines,
        (1.6, 1.1, 1.1, 1.6, 3.4),
        vide="Aucun avis reçu à ce jour.",
    )


def _opinion(item: Avis) -> tuple[Cellule, ...]:
    words = (
        INSTANCES_AVIS.get(item.instance, item.instance),
        _day(item.transmis_le),
        _day(item.rendu_le),
        SENS_AVIS.get(item.sens, item.sens),
        item.texte,
    )
    return tuple(Cellule(word) for word in words)


def memory_tables(memory: Memoire, make, titles: tuple[str, str, str]) -> list[Tableau]:
    """This year's, those still open, those closed during the year: the empty ones left out, except the first."""
    groups = zip(titles, (memory.nouvelles, memory.reports.ouverts, memory.reports.clos), strict=True)
    return [make(title, items) for rank, (title, items) in enumerate(groups) if items or rank == 0]


def missing_table(missing: Iterable[Manque], bilan: Bilan) -> Tableau:
    """What is awaited, sender by sender."""
    titles = {item.section.id: item.section.titre for item in bilan.sections}
    lines = tuple(
        (Cellule(sender), Cellule(item.quoi), Cellule(titles.get(item.section, "")))
        for sender, items in by_sender(missing).items()
        for item in items
    )
    return Tableau(
        "Éléments attendus",
        ("De qui", "Quoi", "Pour la partie"),
        lines,
        (1.8, 4, 2.4),
        vide="Rien ne manque\u00a0: le bilan est complet.",
    )
