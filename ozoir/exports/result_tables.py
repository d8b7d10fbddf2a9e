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
        rows = [(point.periode, point) for point in (result.total.points if result.total else ())[-MAX_DATES:]]
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
        periode=point.periode,
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
    """« Évolution observée depuis 2016 : +3,2 pts », or that it is not significant."""
    if evolution is None or not evolution.qpv.is_shown:
        return ""
    moved = figure_text(evolution.qpv, sign=True)
    suffix = "" if evolution.is_significant else " (n.s.)"
    return f"Depuis {evolution.debut.year}\u00a0: {moved}{suffix}"


def summary_table(titre: str, results: Iterable[Result], edition: int = 0) -> Tableau:
    """One line per indicator: its latest figure, what it is compared with, the gap, the evolution."""
    lines = []
    for result in results:
        serie = result.total
        point = serie.latest if serie else None
        if point is None:
            continue
        beside = next((title for role, title in _ROLES[1:] if getattr(point, role).is_shown), "")
        other = next((getattr(point, role) for role, _ in _ROLES[1:] if getattr(point, role).is_shown), point.reste)
        title = result.indicateur.titre if result.indicateur.unite in ("%", "€") else title_with_unit(result)
        lines.append(
            (
                Cellule(title),
                Cellule(point.periode),
                figure_cell(point.qpv),
                Cellule(
                    f"{cell_text(other)}{' (commune)' if beside == 'Commune entière' else ''}",
                    other.valeur,
                    other.decimales,
                    other.unite,
                ),
                gap_cell(point),
                Cellule(evolution_text(serie.evolution)),
            )
        )
    return Tableau(
        titre=titre,
        colonnes=("Indicateur", "Date", "Quartier", "Reste de la commune", "Écart", "Évolution"),
        lignes=tuple(lines),
        largeurs=(3.5, 1.55, 1.1, 1.25, 1.45, 1.5),
        droite=(2, 3, 4),
        vide="Aucun chiffre disponible pour cette partie.",
    )


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
