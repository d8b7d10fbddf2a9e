"""A Dossier assembled from the publication and the follow-up, for a year, a diffusion and what was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import ozoir
from ozoir.catalogue.bilan import DECRET
from ozoir.catalogue.contrat import Contrat
from ozoir.catalogue.model import Territoire
from ozoir.catalogue.saisies import TYPES_COMMENTAIRE, Besoin, Decision, Proposition
from ozoir.charts.words import figure_text
from ozoir.errors import OzoirError
from ozoir.exports.contents import (
    DIFFUSIONS,
    PUBLIQUE,
    Bloc,
    Dossier,
    FicheAction,
    ImportCite,
    Partie,
    Rubrique,
    Tableau,
    Texte,
    Titre,
    result_key,
)
from ozoir.exports.follow_up import (
    action_credits,
    actions_table,
    credit_tables,
    decisions_table,
    memory_tables,
    missing_table,
    needs_table,
    opinions_table,
    progress_of,
    progress_table,
    proposals_table,
    realisations_table,
    status_of,
)
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import LEGENDE_SIGNES, Result
from ozoir.suivi.actions import FicheAction as Fiche
from ozoir.suivi.actions import axes_of
from ozoir.suivi.bilan import Bilan, SectionRedigee, build_bilan, disclose_line
from ozoir.suivi.completude import list_missing
from ozoir.suivi.couverture import build_matrix
from ozoir.suivi.dossier import Dossier as Saisies

KEY_FIGURES = 8
# What pilots write between themselves is for the signatories; a public document keeps what succeeded.
PUBLIC_COMMENTS = ("reussites",)


@dataclass(frozen=True)
class Choix:
    """What goes in. Empty means all; indicateurs keep the order given. sans_reponse: actions nobody has answered for."""

    piliers: tuple[str, ...] = ()
    indicateurs: tuple[str, ...] = ()
    axes: bool = True
    sans_reponse: bool = True
    commentaire: str = ""


def assemble_dossier(
    publication: Publication, saisies: Saisies, annee: int, diffusion: str, edite_le: date, choix: Choix = Choix()
) -> Dossier:
    """Everything the documents of this year may say; masks of persons follow the diffusion."""
    check_request(saisies, annee, diffusion)
    contrat = saisies.cadre.contrat
    seuil = saisies.cadre.regles.seuil_personnes if diffusion == PUBLIQUE else 0
    bilan = build_bilan(publication, saisies, annee, seuil)
    results = _results(publication, annee, choix)
    actions = tuple(_actions(bilan, saisies, diffusion, seuil, choix))
    missing = list_missing(bilan, build_matrix(publication, saisies, edite_le), saisies.cadre)
    return Dossier(
        prefixe=contrat.id.split("-")[0],
        contrat=contrat.titre,
        quartier=contrat.quartier,
        commune=contrat.commune,
        annee=annee,
        diffusion=diffusion,
        edite_le=edite_le,
        version=f"Tableau de bord du contrat de ville, version {ozoir.__version__}, état {publication.state} de la base",
        fictif=publication.fictif,
        etat=publication.state,
        resultats=results,
        chiffres_cles=_key_figures(results, contrat),
        piliers=tuple(_pillars(contrat, results, actions, choix)),
        axes=tuple(_axes(contrat, results, saisies)) if choix.axes else (),
        actions=actions,
        identite=_identity(contrat, publication.catalogue.territoire, results),
        presentation=contrat.contexte,
        rubriques=tuple(_rubriques(bilan, saisies, diffusion, choix)),
        credits=credit_tables(bilan.credits, saisies.cadre, annee),
        decisions=decisions_table("Décisions demandées", _asked(bilan)),
        programme=_programme(bilan, saisies),
        manques=missing_table(missing, bilan),
        imports=tuple(_imports(publication, results)),
        signes=LEGENDE_SIGNES,
    )


def check_request(saisies: Saisies, annee: int, diffusion: str) -> None:
    """OzoirError when the year or the diffusion does not exist."""
    years = saisies.cadre.annees
    if annee not in years:
        raise OzoirError("Année hors du contrat.", f"{annee}\u00a0: le contrat est suivi de {years[0]} à {years[-1]}.")
    if diffusion not in DIFFUSIONS:
        raise OzoirError("Diffusion inconnue.", f"«\u00a0{diffusion}\u00a0»\u00a0: on attend {' ou '.join(DIFFUSIONS)}.")


def _results(publication: Publication, annee: int, choix: Choix) -> tuple[Result, ...]:
    """Totals in display order, each followed by its breakdown by sex (the decree asks for it)."""
    found = []
    for result in publication.results():
        indicateur = result.indicateur
        if choix.piliers and indicateur.pilier not in choix.piliers or choix.indicateurs and indicateur.id not in choix.indicateurs:
            continue
        found.append(until(result, annee))
        if "sexe" in indicateur.decoupages:
            found.append(until(publication.result(indicateur.id, "sexe"), annee))
    if choix.indicateurs:
        found.sort(key=lambda result: choix.indicateurs.index(result.indicateur.id))
    return tuple(found)


def until(result: Result, annee: int) -> Result:
    """The same answer as known at the end of a year: a report does not speak of what came after it."""
    series = tuple(replace(serie, points=tuple(p for p in serie.points if p.date_reference.year <= annee)) for serie in result.series)
    if all(len(kept.points) == len(serie.points) for kept, serie in zip(series, result.series, strict=True)):
        return result
    series = tuple(
        replace(serie, evolution=serie.evolution if serie.evolution and serie.evolution.fin.year <= annee else None)
        for serie in series
        if serie.points
    )
    if not series:
        return replace(result, series=(), message=result.indicateur.titre, lecture="")
    latest, before = series[0].latest, result.series[0].latest
    if before is not None and latest.date_reference == before.date_reference:
        return replace(result, series=series)
    shown = latest.qpv.is_shown
    message = f"{result.indicateur.titre}\u00a0: {figure_text(latest.qpv)} {latest.periode}" if shown else result.indicateur.titre
    return replace(result, series=series, message=message, lecture="")


def _key_figures(results: tuple[Result, ...], contrat: Contrat) -> tuple[str, ...]:
    """Main indicators with a figure, taken from each pillar in turn."""
    shown = [result for result in results if result.indicateur.principal and not result.decoupage and result.total and result.total.latest.qpv.is_shown]
    queues = [[result for result in shown if result.indicateur.pilier == pilier.id] for pilier in contrat.piliers]
    taken = [queue[rank] for rank in range(KEY_FIGURES) for queue in queues if rank < len(queue)][:KEY_FIGURES]
    return tuple(result_key(result) for result in shown if result in taken)


def _pillars(contrat: Contrat, results: tuple[Result, ...], actions: tuple[FicheAction, ...], choix: Choix) -> Iterator[Partie]:
    objectives = {objectif.id: objectif.pilier for objectif in contrat.objectifs}
    for pilier in contrat.piliers:
        if choix.piliers and pilier.id not in choix.piliers:
            continue
        own = [result for result in results if result.indicateur.pilier == pilier.id and not result.decoupage]
        if not choix.indicateurs:
            own.sort(key=lambda result: (not result.indicateur.principal, result.indicateur.ordre))
        ids = tuple(item.id for item in actions if objectives[contrat.action(item.id).objectif] == pilier.id)
        yield Partie(pilier.id, pilier.titre, pilier.titre_court, pilier.couleur, pilier.presentation, tuple(map(result_key, own)), ids)


def _axes(contrat: Contrat, results: tuple[Result, ...], saisies: Saisies) -> Iterator[Partie]:
    for axe in contrat.axes:
        keys = tuple(result_key(result) for result in results if axe.id in result.indicateur.axes and not result.decoupage)
        actions = tuple(action.id for action in contrat.actions if axe.id in axes_of(contrat, action))
        yield Partie(axe.id, axe.titre, axe.titre, "", tuple(item.texte for item in axe.engagements), keys, actions)


def _actions(bilan: Bilan, saisies: Saisies, diffusion: str, seuil: int, choix: Choix) -> Iterator[FicheAction]:
    for item in bilan.piliers:
        if choix.piliers and item.pilier.id not in choix.piliers:
            continue
        for objectif in item.objectifs:
            for fiche in objectif.fiches:
                if choix.sans_reponse or fiche.statut:
                    yield _action(fiche, saisies, diffusion, seuil)


def _action(fiche: Fiche, saisies: Saisies, diffusion: str, seuil: int) -> FicheAction:
    contrat, action, objectif = saisies.cadre.contrat, fiche.action, fiche.objectif
    titles = {axe.id: axe.titre for axe in contrat.axes}
    kinds = PUBLIC_COMMENTS if diffusion == PUBLIQUE else tuple(TYPES_COMMENTAIRE)
    comments = tuple(
        (TYPES_COMMENTAIRE[kind], text) for kind in kinds if kind in fiche.commentaires and (text := fiche.commentaires[kind].saisie.texte.strip())
    )
    entered = (disclose_line(line, seuil) for line in fiche.indicateurs if line.attendu.is_entered)
    return FicheAction(
        id=action.id,
        titre=action.titre,
        texte=action.texte,
        objectif=f"{fiche.pilier.titre_court}, objectif {objectif.numero}\u00a0: {objectif.titre}",
        pilotes=action.pilotes or objectif.pilotes,
        partenaires=action.partenaires or objectif.partenaires,
        moyens=action.moyens or objectif.moyens,
        calendrier=action.calendrier or objectif.calendrier,
        publics=action.publics,
        axes=tuple(titles[id] for id in axes_of(contrat, action)),
        statut=status_of(fiche),
        avancement=progress_of(fiche),
        commentaires=comments,
        realisations=realisations_table(f"Indicateurs de réalisation {fiche.annee}", entered),
        credits=action_credits(fiche.credits, saisies.cadre),
    )


def _identity(contrat: Contrat, territoire: Territoire, results: tuple[Result, ...]) -> tuple[tuple[str, str], ...]:
    codes = ", ".join(f"{zonage.code} ({zonage.libelle})" for zonage in territoire.zonages)
    people = next((result for result in results if result.indicateur.id == "population" and not result.is_empty), None)
    latest = people.total.latest if people else None
    rows = (
        ("Quartier", contrat.quartier),
        ("Commune", contrat.commune),
        ("Intercommunalité", contrat.epci),
        ("Codes du quartier", codes),
        ("Habitants", f"{figure_text(latest.qpv)} ({latest.periode})" if latest and latest.qpv.is_shown else ""),
        ("Contrat", f"{contrat.periode.debut}–{contrat.periode.fin}"),
        ("Piliers", ", ".join(pilier.titre_court for pilier in contrat.piliers)),
    )
    return tuple((name, value) for name, value in rows if value)


def _rubriques(bilan: Bilan, saisies: Saisies, diffusion: str, choix: Choix) -> Iterator[Rubrique]:
    clauses = {clause.id: clause.titre for clause in saisies.cadre.contrat.suivi.clauses_bilan}
    for item in bilan.sections:
        section = item.section
        parts = [f"Contrat\u00a0: {clauses[section.clause]}"] if section.clause else []
        if section.decret:
            parts.append(f"{DECRET[:1].upper()}{DECRET[1:]}, {' et '.join(f'{number}°' for number in section.decret)}")
        blocs = [*_written(item, diffusion)]
        if section.id == "observation" and choix.commentaire.strip():
            blocs.insert(0, Texte(choix.commentaire.strip(), "encadre"))
        blocs += _CONTENTS[section.contenu](bilan, saisies) if section.contenu in _CONTENTS else []
        yield Rubrique(section.id, section.titre, " · ".join(parts), tuple(blocs))


def _written(item: SectionRedigee, diffusion: str) -> Iterator[Bloc]:
    """The team's paragraphs; a text still to be written is said to the signatories only."""
    text = item.texte.strip()
    if text:
        yield from (Texte(part.strip()) for part in text.split("\n\n") if part.strip())
    elif item.section.obligatoire and diffusion != PUBLIQUE:
        yield Texte(f"À rédiger. {item.section.consigne}", "appel")


def _orientations(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    blocs: list[Bloc] = []
    for pilier in saisies.cadre.contrat.piliers:
        blocs.append(Titre(pilier.titre, 2))
        blocs += [Texte(orientation.titre, "puce") for orientation in pilier.orientations]
    return blocs


def _actions_blocs(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    blocs: list[Bloc] = [progress_table(bilan.piliers)]
    for item in bilan.piliers:
        blocs += [Titre(item.pilier.titre_court, 2), actions_table(item)]
        answers = [line for objectif in item.objectifs for line in objectif.realisations]
        blocs.append(realisations_table(f"{item.pilier.titre_court}\u00a0: indicateurs de réalisation", answers, is_full=False))
    return blocs


def _ajustements(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    def proposals(title: str, items) -> Tableau:
        return proposals_table(title, items, saisies.cadre, "Aucune proposition saisie.")

    annee = bilan.annee
    return [
        Titre("Propositions d’ajustement", 2),
        *memory_tables(bilan.memoire[Proposition], proposals, (f"Propositions {annee}", "Propositions encore ouvertes", "Propositions closes dans l’année")),
        Titre("Décisions", 2),
        *memory_tables(bilan.memoire[Decision], decisions_table, (f"Décisions {annee}", "Décisions encore ouvertes", "Décisions closes dans l’année")),
        Titre(f"Programme {annee + 1}", 2),
        _programme(bilan, saisies),
    ]


def _programme(bilan: Bilan, saisies: Saisies) -> Tableau:
    title = f"Actions proposées au programme {bilan.annee + 1}"
    return proposals_table(title, bilan.programme, saisies.cadre, "Aucune action n’est encore proposée au programme.")


def _credits(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    return list(credit_tables(bilan.credits, saisies.cadre, bilan.annee))


def _besoins(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    return memory_tables(bilan.memoire[Besoin], needs_table, (f"Besoins {bilan.annee}", "Besoins encore ouverts", "Besoins clos dans l’année"))


def _avis(bilan: Bilan, saisies: Saisies) -> list[Bloc]:
    return [opinions_table(bilan.avis)]


_CONTENTS = {
    "orientations": _orientations,
    "actions": _actions_blocs,
    "ajustements": _ajustements,
    "credits": _credits,
    "besoins": _besoins,
    "avis": _avis,
}


def _asked(bilan: Bilan) -> list:
    """What the committee is asked: decisions of the year still to be carried out, and those left open."""
    memory = bilan.memoire[Decision]
    return [version for version in (*memory.nouvelles, *memory.reports.ouverts) if version.saisie.statut in ("a_faire", "en_cours")]


def _imports(publication: Publication, results: tuple[Result, ...]) -> Iterator[ImportCite]:
    """Those a shown figure comes from, in order."""
    used = {place.import_id for result in results for place in result.provenances}
    for item in sorted(publication.imports(), key=lambda item: item.id):
        if item.id in used:
            yield ImportCite(item.id, item.fichier, item.layout, item.edition, item.charge_le.date(), item.empreinte)
