"""What goes under the figures: the source line, the footnotes, and who must send what when there is nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur, Source
from ozoir.catalogue.territoires import ENSEMBLE_ID
from ozoir.indicators.periods import period_label
from ozoir.indicators.results import MASQUE, NON_CALCULE, NON_DIFFUSE, PROVISOIRE, Point, Serie
from ozoir.indicators.wording import enumerate_words, lower_first, upper_first
from ozoir.numbers import NARROW, NBSP, format_date, format_number

_VERBS = ("Télécharger", "Exporter", "Demander", "Relever")


def write_source(catalogue: Catalogue, series: tuple[Serie, ...]) -> str:
    """« France Travail…, éditions 2020 et 2021 ; … » for all the figures shown, denominators included."""
    editions: dict[str, set[str]] = defaultdict(set)
    for serie in series:
        for point in serie.points:
            for name in filter(None, (point.source, point.source_denominateur)):
                editions[name]  # a source whose cells are all masked is still named
            for figure in (point.qpv, point.commune):
                editions[point.source].update(cell.edition for cell in figure.provenances if cell.edition)
    return f"{NARROW}; ".join(_source_with_editions(catalogue, name, found) for name, found in editions.items())


def _source_with_editions(catalogue: Catalogue, name: str, editions: set[str]) -> str:
    titre = catalogue.statistiques[name].titre
    if not editions:
        return titre
    ordered = sorted(editions)
    if len(ordered) > 3:
        return f"{titre}, éditions {ordered[0]} à {ordered[-1]}"
    return f"{titre}, édition{'s' if len(ordered) > 1 else ''} {enumerate_words(ordered)}"


def waiting_sentence(catalogue: Catalogue, indicateur: Indicateur) -> str:
    """« Pas encore de donnée : Pôle emploi doit envoyer le classeur trimestriel… »"""
    counted = catalogue.mesures[indicateur.cle_numerateur.mesure].nature == "effectif"
    if catalogue.territoire.id == ENSEMBLE_ID and not counted:
        return f"Ne s’additionne pas d’un quartier à l’autre{NBSP}: choisissez un quartier."
    layouts = [layout for name in indicateur.sources for layout in _layouts_of(catalogue, name)]
    if not layouts:
        names = enumerate_words(catalogue.statistiques[name].titre for name in indicateur.sources)
        return f"Pas encore de donnée{NBSP}: source attendue, {names}."
    layout = layouts[0]
    wanted = layout.demande.strip()
    if not wanted:
        return f"Pas encore de donnée{NBSP}: {_sender(layout)} envoyer le fichier «{NBSP}{layout.titre}{NBSP}»."
    if wanted.startswith(_VERBS):
        return f"Pas encore de donnée. À faire{NBSP}: {lower_first(wanted)}"
    return f"Pas encore de donnée{NBSP}: {_sender(layout)} envoyer {lower_first(wanted)}"


def _sender(layout: Source) -> str:
    """« la Caf doit »: the partner as a subject, articles included when the name wants them, and its verb."""
    subjects = {
        "Caf": "la Caf doit",
        "Mission Locale": "la Mission Locale doit",
        "Bailleur social": "le bailleur social doit",
        "Ville et communauté de communes": "la Ville et la communauté de communes doivent",
    }
    return subjects.get(layout.producteur, f"{layout.producteur} doit")


def _layouts_of(catalogue: Catalogue, statistique: str) -> list[Source]:
    return [
        layout
        for layout in catalogue.sources.values()
        if any(bloc.source == statistique for tableau in layout.tableaux for bloc in tableau.blocs)
    ]


def write_notes(catalogue: Catalogue, indicateur: Indicateur, decoupage: str, series: tuple[Serie, ...]) -> tuple[str, ...]:
    """Cautions of the indicator and of its sources, breaks met, what is missing and why: each once."""
    points = series[0].points
    found = list(indicateur.precautions)
    sources = dict.fromkeys(name for point in points for name in (point.source, point.source_denominateur) if name)
    found += [catalogue.statistiques[name].precaution for name in sources]
    found += _breaks(catalogue, indicateur, points)
    found += _denominators(catalogue, points)
    if decoupage:
        found += _breakdown_notes(catalogue, decoupage, series)
    found += _reasons(series)
    return tuple(dict.fromkeys(filter(None, found)))


def _breaks(catalogue: Catalogue, indicateur: Indicateur, points: tuple[Point, ...]) -> Iterator[str]:
    if points:
        first, last = points[0].date_reference, points[-1].date_reference
        for rupture in indicateur.ruptures:
            if first < rupture.date <= last:
                yield f"Rupture de série le {format_date(rupture.date)}{NBSP}: {rupture.texte}"
    zonages = list(dict.fromkeys(point.zonage for point in points if point.zonage))
    if len(zonages) > 1:
        names = {zonage.id: zonage for zonage in catalogue.territoire.zonages}
        starts = [names[name].debut.year for name in zonages if name in names]
        yield (
            f"Le périmètre du quartier change avec la géographie prioritaire ({enumerate_words(map(str, starts))})"
            f"{NBSP}: les valeurs d’un zonage ne se comparent pas à celles de l’autre."
        )
    sources = list(dict.fromkeys(point.source for point in points))
    if len(sources) > 1:
        yield f"Plusieurs sources se suivent{NBSP}: la courbe est interrompue là où la source change."


def _denominators(catalogue: Catalogue, points: tuple[Point, ...]) -> Iterator[str]:
    older = [point for point in points if point.date_denominateur and point.date_denominateur != point.date_reference]
    if older:
        days = dict.fromkeys(point.date_denominateur for point in older)
        source = catalogue.statistiques[older[-1].source_denominateur].titre
        labels = enumerate_words(str(day.year) for day in days)
        yield f"Dénominateur{NBSP}: dernière valeur connue à la date, {labels} ({source})."


def _breakdown_notes(catalogue: Catalogue, decoupage: str, series: tuple[Serie, ...]) -> Iterator[str]:
    total, *parts = series
    titre = lower_first(catalogue.dimensions[decoupage].titre)
    whole = total.cle_denominateur
    is_whole = whole and parts and all(serie.cle_denominateur == whole for serie in parts)
    if is_whole and decoupage not in whole.breakdown:
        yield f"Le dénominateur n’est pas connu par modalité ({titre}){NBSP}: chaque modalité est rapportée à l’ensemble."
    groups = catalogue.dimensions[decoupage].regroupements
    if any(serie.modalite in groups for serie in parts):
        yield "Des modalités sont regroupées\u00a0: leurs effectifs sont trop faibles pour être diffusés un à un."
    yield from _sum_note(catalogue, decoupage, total, parts)


def _sum_note(catalogue: Catalogue, decoupage: str, total: Serie, parts: list[Serie]) -> Iterator[str]:
    """Published parts that do not add up to the published total: said at the latest date where it happens."""
    family = catalogue.mesures[total.cle.mesure].familles.get(decoupage, ())
    members = [serie for serie in parts if serie.modalite in family]
    if total.cle_denominateur or not family or len(members) < len(family):
        return
    for point in reversed(total.points):
        same = [other.qpv for serie in members for other in serie.points if other.date_reference == point.date_reference]
        if point.qpv.is_shown and len(same) == len(family) and all(figure.is_shown for figure in same):
            gap = point.qpv.valeur - sum(figure.valeur for figure in same)
            if gap:
                when = upper_first(period_label(point.date_reference, catalogue.mesures[total.cle.mesure].periode))
                yield (
                    f"{when}, la somme des modalités diffère du total de {format_number(abs(gap))}{NBSP}: le producteur ne "
                    "connaît pas la modalité de tous."
                )
                return


def _reasons(series: tuple[Serie, ...]) -> Iterator[str]:
    """Why figures are missing, each reason once, masks first."""
    figures = [
        figure
        for serie in series
        for point in serie.points
        for figure in (point.qpv, point.reste, point.commune, point.ecart, point.rapport)
    ]
    for statut in (MASQUE, NON_DIFFUSE, NON_CALCULE):
        yield from dict.fromkeys(
            figure.raison for figure in figures if figure.statut == statut and not _is_plain(figure.raison)
        )
    if any(figure.statut == PROVISOIRE for figure in figures):
        yield "Donnée provisoire, marquée p."


def _is_plain(raison: str) -> bool:
    """« Sans objet… » goes without a footnote."""
    return raison.startswith("Sans objet")
