"""A Result as tables and sentences: what is printed beside its chart, and the complete list of its figures."""

from __future__ import annotations

from collections.abc import Iterable

from ozoir.charts.words import cell_text, figure_text, lower_first, margin_text
from ozoir.exports.contents import Cellule, ChiffreCle, Tableau
from ozoir.exports.references import refer
from ozoir.indicators.results import MASQUE, NON_DIFFUSE, Evolution, Figure, Point, Result

MAX_DATES = 6
_ROLES = (("qpv", "Quartier"), ("reste", "Reste de la commune"), ("commune", "Commune entière"))
_TOLD = (MASQUE, NON_DIFFUSE)  # signs which say something; « sans objet » everywhere only empties a column


def title_with_unit(result: Result) -> str:
    """« Demandeurs d’emploi (personnes) »; an index has no unit."""
    return f"{result.indicateur.titre} ({result.indicateur.unite})" if result.indicateur.unite else result.indicateur.titre


def figure_cell(figure: Figure, sign: bool = False) -> Cellule:
    """What is read, and the number behind; a masked figure has neither."""
    return Cellule(cell_text(figure, sign), figure.valeur, figure.decimales, figure.unite)


def gap_cell(point: Point) -> Cellule:
    """« +3,2 pts », with its margin."""
    cell = figure_cell(point.ecart, sign=True)
    margin = margin_text(point.ecart)
    return Cellule(f"{cell.texte} ({margin})" if margin else cell.texte, cell.valeur, cell.decimales, cell.unite)


def latest_table(result: Result, edition: int = 0) -> Tableau | None:
    """Modalities at their latest date, or the latest dates of the total; None when nothing is known."""
    if result.decoupage:
        rows = [(serie.libelle, serie.latest) for serie in result.series if serie.latest]
        first = "Ventilation"
    else:
        rows = [(result.period_of(point), point) for point in (result.total.points if result.total else ())[-MAX_DATES:]]
        first = "Période"
    if not rows:
        return None
    points = [point for _, point in rows]
    roles = [(role, title) for role, title in _ROLES if role == "qpv" or _is_told(points, role)]
    has_gap = any(point.ecart.is_shown or point.ecart.statut in _TOLD for point in points)
    columns = [first, *(["Date"] if result.decoupage else []), *(title for _, title in roles), *(["Écart"] if has_gap else [])]
    lines = tuple(
        (
            Cellule(label),
            *([Cellule(point.periode)] if result.decoupage else []),
            *(figure_cell(getattr(point, role)) for role, _ in roles),
            *([gap_cell(point)] if has_gap else []),
        )
        for label, point in rows
    )
    texts = 2 if result.decoupage else 1
    return Tableau(
        titre=title_with_unit(result),
        colonnes=tuple(columns),
        lignes=lines,
        largeurs=(2.0, *([1.3] if result.decoupage else []), *[1.3] * len(roles), *([1.7] if has_gap else [])),
        droite=tuple(range(texts, len(columns))),
        source=source_text(result, edition),
        notes=reasons(points),
    )


def _is_told(points: list[Point], role: str) -> bool:
    figures = [getattr(point, role) for point in points]
    return any(figure.is_shown or figure.statut in _TOLD for figure in figures)


def reasons(points: list[Point]) -> tuple[str, ...]:
    """Why figures are missing, once each."""
    figures = [figure for point in points for figure in (point.qpv, point.reste, point.commune, point.ecart)]
    said = {
        f"{figure.signe}\u00a0: {lower_first(figure.raison)}": None
        for figure in figures
        if figure.raison and not figure.is_shown
    }
    return tuple(said)[:3]


def source_text(result: Result, edition: int = 0) -> str:
    """Source, champ and reference, in one paragraph."""
    parts = [f"Source\u00a0: {result.source}."] if result.source else []
    if result.champ:
        parts.append(f"Champ\u00a0: {result.champ.rstrip('.')}.")
    serie = result.total
    if serie and serie.latest:
        parts.append(f"Réf.\u00a0{refer(result, serie, serie.latest, edition)}")
    return " ".join(part.replace("..", ".") for part in parts)


def key_figure(result: Result, edition: int = 0) -> ChiffreCle | None:
    """The latest figure of the quartier, its comparator, its evolution."""
    serie = result.total
    point = serie.latest if serie else None
    if point is None:
        return None
    return ChiffreCle(
        libelle=result.indicateur.titre,
        valeur=figure_text(point.qpv),
        periode=result.period_of(point),
        comparaison=comparison_text(point),
        evolution=evolution_text(serie.evolution),
        reference=str(refer(result, serie, point, edition)),
    )


def comparison_text(point: Point) -> str:
    """« Reste de la commune : 51,2 % » ; the gap when it is computed."""
    for role, title in _ROLES[1:]:
        figure = getattr(point, role)
        if figure.is_shown:
            gap = (
                f" (écart\u00a0: {figure_text(point.ecart, sign=True)})"
                if point.ecart.is_shown and point.comparateur == role
                else ""
            )
            return f"{title}\u00a0: {figure_text(figure)}{gap}"
    for area in point.comparateurs:
        if area.figure.is_shown and area.figure.unite in ("%", "€"):
            return f"{area.libelle}\u00a0: {figure_text(area.figure)}"
    return ""


def evolution_text(evolution: Evolution | None) -> str:
    """« +3,2 pts depuis 2016 », or that it is not significant."""
    if evolution is None or not evolution.qpv.is_shown:
        return ""
    return f"{_moved(evolution.qpv, evolution.is_noise)} depuis {evolution.debut.year}"


def _moved(figure: Figure, is_noise: bool) -> str:
    return cell_text(figure, sign=True) + (" (n.s.)" if is_noise else "")


def latest_of(result: Result) -> Point | None:
    """The latest point of the total."""
    return result.total.latest if result.total else None


def comparators_of(results: Iterable[Result]) -> list[str]:
    """Roles or areas with a figure beside the quartier's at its latest date: local ones first, then the nearest area."""
    points = [point for result in results if (point := latest_of(result))]
    local = [role for role, _ in _ROLES[1:] if any(getattr(point, role).is_shown for point in points)]
    areas = [area.libelle for point in points for area in point.comparateurs if _is_comparable(area.figure)]
    return [*local, *list(dict.fromkeys(areas))[:1]]


def _is_comparable(figure: Figure) -> bool:
    """A sum of many QPV does not stand beside one count."""
    return figure.is_shown and figure.unite in ("%", "€")


def figure_beside(point: Point, name: str) -> Figure | None:
    """What a comparator says at this point: « reste », « commune » or the label of an area."""
    if name in ("reste", "commune"):
        return getattr(point, name)
    return next((area.figure for area in point.comparateurs if area.libelle == name and _is_comparable(area.figure)), None)


def comparator_title(name: str) -> str:
    return dict(_ROLES).get(name, name)


def summary_table(titre: str, results: Iterable[Result], is_printed: bool = True) -> Tableau:
    """One line per indicator: its latest figure, those it is compared with, the gap, the evolution.

    is_printed: one column for the rest and the whole commune, the latter named in the cell; a workbook keeps them apart.
    """
    results = [result for result in results if latest_of(result)]
    names = comparators_of(results)
    if is_printed and {"reste", "commune"} <= set(names):
        names.remove("commune")
    has_gap = any(latest_of(result).ecart.is_shown for result in results)
    columns = ["Indicateur", "Date", "Quartier", *map(comparator_title, names), *(["Écart"] if has_gap else []), "Évolution"]
    return Tableau(
        titre=titre,
        colonnes=tuple(columns),
        lignes=tuple(_summary(result, names, has_gap, is_printed) for result in results),
        largeurs=(3.0, 1.6, 1.2, *[1.5] * len(names), *([1.8] if has_gap else []), 2.0),
        droite=tuple(range(2, len(columns) - 1)),
        vide="Aucun chiffre disponible pour cette partie.",
    )


def _summary(result: Result, names: list[str], has_gap: bool, is_printed: bool) -> tuple[Cellule, ...]:
    point = latest_of(result)
    return (
        Cellule(result.indicateur.titre if result.indicateur.unite in ("%", "€") else title_with_unit(result)),
        Cellule(point.periode),
        figure_cell(point.qpv),
        *(beside_cell(point, name, is_printed) for name in names),
        *([gap_cell(point)] if has_gap else []),
        Cellule(evolution_text(result.total.evolution)),
    )


def beside_cell(point: Point, name: str, is_printed: bool) -> Cellule:
    """The comparator's figure; in print, the whole commune stands in for a rest that is not computed, and says so."""
    figure = figure_beside(point, name)
    if is_printed and name == "reste" and not figure.is_shown and point.commune.is_shown:
        return Cellule(f"{cell_text(point.commune)} (commune)")
    return figure_cell(figure) if figure else Cellule("")


def gaps_table(results: Iterable[Result]) -> Tableau:
    """How each gap with the rest moved between its first date and its latest one, inside one run of comparable dates."""
    lines = []
    for result in results:
        last = latest_of(result)
        run = [point for point in result.total.points if point.segment == last.segment and point.ecart.is_shown]
        evolution = result.total.evolution
        moved = _moved(evolution.ecart, evolution.is_noise) if evolution and evolution.ecart.is_shown else "///"
        first = run[0]
        is_same = first.date_reference == last.date_reference
        lines.append(
            (
                Cellule(result.indicateur.titre),
                Cellule("" if is_same else f"{cell_text(first.ecart, sign=True)} ({first.date_reference.year})"),
                Cellule(f"{cell_text(last.ecart, sign=True)} ({last.date_reference.year})"),
                Cellule("une seule date" if is_same else moved),
            )
        )
    columns = ("Indicateur", "Premier écart connu", "Dernier écart", "Évolution de l’écart")
    return Tableau("Évolution des écarts", columns, tuple(lines), (3.5, 1.6, 1.6, 1.6), (1, 2, 3), vide="Aucun écart.")


def provenance_rows(result: Result, edition: int = 0) -> list[tuple]:
    """Where each shown figure was read: reference, role, value, file, sheet, cell, header, edition, import."""
    rows = []
    for serie in result.series:
        for point in serie.points:
            reference = str(refer(result, serie, point, edition))
            for role, title in _ROLES:
                figure = getattr(point, role)
                if figure.is_shown:
                    rows += [
                        (reference, result.indicateur.titre, serie.libelle, point.date_reference, title, figure.valeur, item)
                        for item in figure.provenances
                    ]
    return rows
