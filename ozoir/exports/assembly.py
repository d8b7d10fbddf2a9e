"""A Dossier assembled from the publication and the follow-up, for a year, a diffusion and what was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ozoir
from ozoir.catalogue.contrat import Contrat
from ozoir.catalogue.diffusions import PUBLIQUE, check_diffusion
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.saisies import TYPES_COMMENTAIRE, Decision
from ozoir.charts.words import figure_text
from ozoir.errors import OzoirError
from ozoir.exports.clauses import programme_table, rubriques
from ozoir.exports.contents import Dossier, FicheAction, ImportCite, Partie, Tableau, result_key
from ozoir.exports.credit_tables import action_credits, credit_tables
from ozoir.exports.follow_up import (
    decisions_table,
    missing_table,
    progress_of,
    realisations_table,
    status_of,
)
from ozoir.exports.gap_tables import gap_changes_table
from ozoir.indicators.evolution import latest_evolution
from ozoir.indicators.gaps import list_gap_changes
from ozoir.indicators.publication import Publication
from ozoir.indicators.results import LEGENDE_SIGNES, Result, Serie
from ozoir.indicators.sentences import write_result
from ozoir.suivi.actions import FicheAction as Fiche
from ozoir.suivi.actions import axes_of
from ozoir.suivi.bilan import Bilan, build_bilan, disclose_line
from ozoir.suivi.completude import list_missing
from ozoir.suivi.couverture import build_matrix
from ozoir.suivi.diffusion import COMMENTAIRES_PUBLICS
from ozoir.suivi.dossier import Dossier as Saisies
from ozoir.suivi.enregistrement import check_free_text

KEY_FIGURES = 8


@dataclass(frozen=True)
class Choix:
    """What goes in. Empty means all; indicateurs keep the order given. sans_reponse: actions nobody has answered for."""

    piliers: tuple[str, ...] = ()
    indicateurs: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    axes: bool = True
    sans_reponse: bool = True
    commentaire: str = ""


def assemble_dossier(
    publication: Publication, saisies: Saisies, annee: int, diffusion: str, edite_le: date, choix: Choix = Choix()
) -> Dossier:
    """Everything the documents of this year may say; masks of figures and of persons follow the diffusion."""
    check_request(saisies, annee, diffusion)
    check_free_text(choix.commentaire)
    publication = publication.diffused(diffusion)
    contrat = saisies.cadre.contrat
    seuil = saisies.cadre.regles.seuil_personnes if diffusion == PUBLIQUE else 0
    bilan = build_bilan(publication, saisies, annee, seuil)
    results = _results(publication, annee, choix)
    actions = tuple(_actions(bilan, saisies, diffusion, seuil, choix))
    missing = list_missing(bilan, build_matrix(publication, saisies, edite_le), saisies.cadre)
    return Dossier(
        prefixe=publication.catalogue.prefixe,
        contrat=contrat.titre,
        quartier=publication.catalogue.quartier,
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
        identite=_identity(publication.catalogue, results),
        presentation=contrat.contexte,
        rubriques=tuple(rubriques(bilan, saisies, diffusion, choix.commentaire)),
        credits=credit_tables(bilan.credits, saisies.cadre, annee),
        decisions=decisions_table("Décisions demandées", _asked(bilan)),
        programme=programme_table(bilan, saisies),
        manques=missing_table(missing, bilan),
        imports=tuple(_imports(publication, results)),
        signes=LEGENDE_SIGNES,
        ecarts=_gaps(publication.catalogue, results),
    )


def _gaps(catalogue: Catalogue, results: Sequence[Result]) -> Tableau:
    changes = list_gap_changes([result for result in results if not result.decoupage], catalogue)
    return gap_changes_table(changes, catalogue)


def check_request(saisies: Saisies, annee: int, diffusion: str) -> None:
    """OzoirError when the year or the diffusion does not exist."""
    years = saisies.cadre.annees
    if annee not in years:
        raise OzoirError("Année hors du contrat.", f"{annee}\u00a0: le contrat est suivi de {years[0]} à {years[-1]}.")
    check_diffusion(diffusion)


def _results(publication: Publication, annee: int, choix: Choix) -> tuple[Result, ...]:
    """Totals in display order, each followed by its breakdown by sex (the decree asks for it)."""
    found = []
    for result in publication.results():
        indicateur = result.indicateur
        if (choix.piliers and indicateur.pilier not in choix.piliers) or (
            choix.indicateurs and indicateur.id not in choix.indicateurs
        ):
            continue
        found.append(until(publication.catalogue, result, annee))
        if "sexe" in indicateur.decoupages:
            found.append(until(publication.catalogue, publication.result(indicateur.id, "sexe"), annee))
    if choix.indicateurs:
        found.sort(key=lambda result: choix.indicateurs.index(result.indicateur.id))
    return tuple(found)


def until(catalogue: Catalogue, result: Result, annee: int) -> Result:
    """The same answer as known at the end of a year, evolution and sentences included: nothing of later dates."""
    kept = tuple(
        replace(serie, points=tuple(p for p in serie.points if p.date_reference.year <= annee)) for serie in result.series
    )
    if all(len(serie.points) == len(whole.points) for serie, whole in zip(kept, result.series, strict=True)):
        return result
    series = tuple(_evolved(catalogue, result, serie) for rank, serie in enumerate(kept) if serie.points or rank == 0)
    return write_result(catalogue, result.indicateur, result.decoupage, series, {}, result.fictif)


def _evolved(catalogue: Catalogue, result: Result, serie: Serie) -> Serie:
    """Its evolution between the dates left."""
    if not serie.points:
        return replace(serie, evolution=None)
    return replace(serie, evolution=latest_evolution(serie.points, result.indicateur, catalogue))


def _is_shown(result: Result) -> bool:
    latest = result.total.latest if result.total else None
    return latest is not None and latest.qpv.is_shown


def _key_figures(results: tuple[Result, ...], contrat: Contrat) -> tuple[str, ...]:
    """Main indicators with a figure, taken from each pillar in turn."""
    shown = [result for result in results if result.indicateur.principal and not result.decoupage and _is_shown(result)]
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
        yield Partie(
            pilier.id, pilier.titre, pilier.titre_court, pilier.couleur, pilier.presentation, tuple(map(result_key, own)), ids
        )


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
                is_wanted = not choix.actions or fiche.action.id in choix.actions
                if is_wanted and (choix.sans_reponse or fiche.statut):
                    yield _action(fiche, saisies, diffusion, seuil)


def _action(fiche: Fiche, saisies: Saisies, diffusion: str, seuil: int) -> FicheAction:
    contrat, action, objectif = saisies.cadre.contrat, fiche.action, fiche.objectif
    titles = {axe.id: axe.titre for axe in contrat.axes}
    kinds = COMMENTAIRES_PUBLICS if diffusion == PUBLIQUE else tuple(TYPES_COMMENTAIRE)
    comments = tuple(
        (TYPES_COMMENTAIRE[kind], text)
        for kind in kinds
        if kind in fiche.commentaires and (text := fiche.commentaires[kind].saisie.texte.strip())
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


def _identity(catalogue: Catalogue, results: tuple[Result, ...]) -> tuple[tuple[str, str], ...]:
    contrat, territoire = catalogue.contrat, catalogue.territoire
    codes = ", ".join(f"{zonage.codes} ({zonage.libelle})" for zonage in territoire.zonages)
    people = next((result for result in results if result.indicateur.id == "population" and not result.is_empty), None)
    latest = people.total.latest if people else None
    rows = (
        ("Quartier", catalogue.quartier),
        ("Commune", contrat.commune),
        ("Intercommunalité", contrat.epci),
        ("Codes du quartier", codes),
        ("Habitants", f"{figure_text(latest.qpv)} ({latest.periode})" if latest and latest.qpv.is_shown else ""),
        ("Contrat", f"{contrat.periode.debut}–{contrat.periode.fin}"),
    )
    return tuple((name, value) for name, value in rows if value)


def _asked(bilan: Bilan) -> list:
    """What the committee is asked: decisions of the year still to be carried out, and those left open."""
    memory = bilan.memoire[Decision]
    return [
        version for version in (*memory.nouvelles, *memory.reports.ouverts) if version.saisie.statut in ("a_faire", "en_cours")
    ]


def _imports(publication: Publication, results: tuple[Result, ...]) -> Iterator[ImportCite]:
    """Those a shown figure comes from, in order."""
    used = {place.import_id for result in results for place in result.provenances}
    for item in sorted(publication.imports(), key=lambda item: item.id):
        if item.id in used:
            yield ImportCite(item.id, item.fichier, item.layout, item.edition, item.charge_le.date(), item.empreinte)
