"""A frozen edition beside today's figures: what was revised since, what came or went, and by which import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ozoir.charts.words import figure_text
from ozoir.exports.contents import Cellule, Dossier, ImportCite, Tableau, result_key
from ozoir.exports.references import refer
from ozoir.indicators.results import Figure, Point, Result, Serie

_ROLES = {"qpv": "Quartier", "reste": "Reste de la commune", "commune": "Commune entière", "ecart": "Écart"}
REVISE, APPARU, DISPARU, MASQUE, DEMASQUE = "révisé", "nouveau", "retiré", "masqué depuis", "montré depuis"


@dataclass(frozen=True)
class Revision:
    """One figure which is no longer what was frozen. imports: those today's figure comes from and the former did not."""

    nature: str
    reference: str
    indicateur: str
    modalite: str
    periode: str
    territoire: str
    avant: Figure | None
    apres: Figure | None
    imports: tuple[ImportCite, ...]
    partis: tuple[ImportCite, ...]


def compare_dossiers(frozen: Dossier, today: Dossier) -> list[Revision]:
    """Figure by figure, in the order of the frozen edition, then what is new."""
    before, after = dict(_figures(frozen)), dict(_figures(today))
    files = {item.id: item for item in (*frozen.imports, *today.imports)}
    found = []
    for key in dict.fromkeys((*before, *after)):
        nature = _nature(before.get(key), after.get(key))
        if nature:
            found.append(_revision(nature, before.get(key), after.get(key), key[-1], files))
    return found


@dataclass(frozen=True)
class _Place:
    """A figure where it stands."""

    result: Result
    serie: Serie
    point: Point
    figure: Figure
    edition: int


def _figures(dossier: Dossier) -> Iterator[tuple[tuple, _Place]]:
    for result in dossier.resultats:
        for serie in result.series:
            for point in serie.points:
                for role in _ROLES:
                    key = (result_key(result), serie.modalite, point.date_reference, point.source, point.zonage, role)
                    yield key, _Place(result, serie, point, getattr(point, role), dossier.numero)


def _nature(before: _Place | None, after: _Place | None) -> str:
    """What happened to a figure; empty when nothing that can be read changed."""
    was, now = _told(before), _told(after)
    if was == now:
        return ""
    if before is None or after is None:
        place = before or after
        if not place.figure.is_shown and place.figure.statut != "masque":
            return ""
        return APPARU if before is None else DISPARU
    if before.figure.is_shown and after.figure.is_shown:
        return REVISE
    if before.figure.is_shown:
        return MASQUE if after.figure.statut == "masque" else DISPARU
    if after.figure.is_shown:
        return DEMASQUE if before.figure.statut == "masque" else APPARU
    return ""


def _told(place: _Place | None) -> tuple | None:
    return (place.figure.valeur, place.figure.statut) if place else None


def _revision(nature: str, before: _Place | None, after: _Place | None, role: str, files: dict[int, ImportCite]) -> Revision:
    place = before or after
    olds, news = _imports(before), _imports(after)
    return Revision(
        nature=nature,
        reference=str(refer(place.result, place.serie, place.point, place.edition)),
        indicateur=place.result.indicateur.titre,
        modalite=place.serie.libelle if place.serie.modalite else "",
        periode=place.point.periode,
        territoire=_ROLES[role],
        avant=before.figure if before else None,
        apres=after.figure if after else None,
        imports=tuple(files[id] for id in sorted(news - olds) if id in files),
        partis=tuple(files[id] for id in sorted(olds - news) if id in files),
    )


def _imports(place: _Place | None) -> set[int]:
    if place is None:
        return set()
    figures = (place.figure, place.point.qpv, place.point.commune)
    return {item.import_id for figure in figures for item in figure.provenances}


def revisions_table(revisions: list[Revision], limit: int = 0) -> Tableau:
    """For the page and the report: what, before, after, why."""
    kept = revisions[:limit] if limit else revisions
    lines = tuple(
        (
            Cellule(item.indicateur + (f" – {item.modalite}" if item.modalite else "")),
            Cellule(item.periode),
            Cellule(item.territoire),
            Cellule(item.nature),
            Cellule(_text(item.avant, item.territoire)),
            Cellule(_text(item.apres, item.territoire)),
            Cellule(_why(item)),
        )
        for item in kept
    )
    return Tableau(
        "Ce qui a changé depuis l’édition",
        ("Indicateur", "Date", "Territoire", "Nature", "Édition", "Aujourd’hui", "Pourquoi"),
        lines,
        (2.6, 1.2, 1.3, 0.9, 1, 1, 2.6),
        (4, 5),
        vide="Rien n’a changé depuis l’édition\u00a0: tous les chiffres sont les mêmes.",
    )


def _text(figure: Figure | None, territoire: str) -> str:
    if figure is None:
        return "–"
    return figure_text(figure, sign=territoire == _ROLES["ecart"])


def _why(item: Revision) -> str:
    parts = [f"import n°\u00a0{cite.id} («\u00a0{cite.fichier}\u00a0», {cite.charge_le:%d/%m/%Y})" for cite in item.imports]
    if not parts and item.partis:
        parts = [f"retrait de l’import n°\u00a0{cite.id} («\u00a0{cite.fichier}\u00a0»)" for cite in item.partis]
    return ", ".join(parts) or "règle de calcul ou de masquage, ou autre import du même fichier"
