"""The yearly report: the contract's clauses and the decree's items in order, figures and tables, annexes."""

from __future__ import annotations

from collections.abc import Iterator

from ozoir.charts.words import lower_first
from ozoir.exports.contents import (
    Bloc,
    Cellule,
    ChiffresCles,
    Document,
    Dossier,
    Graphique,
    Partie,
    SautDePage,
    Tableau,
    Texte,
    Titre,
)
from ozoir.exports.result_tables import figure_cell, key_figure, latest_table, summary_table, title_with_unit
from ozoir.indicators.results import Result

FULL_CHARTS = 4  # of a pillar: the others have their line in the table and their figures in the workbook


def yearly_report(dossier: Dossier) -> Document:
    """The whole report."""
    return Document(
        titre=dossier.titre,
        sous_titre=f"Rapport annuel politique de la ville – {dossier.quartier}, {dossier.commune}",
        blocs=tuple(_blocs(dossier)),
        is_long=True,
    )


def _blocs(dossier: Dossier) -> Iterator[Bloc]:
    for rank, rubrique in enumerate(dossier.rubriques, 1):
        yield Titre(f"{rank}. {rubrique.titre}")
        if rubrique.clause:
            yield Texte(rubrique.clause, "clause")
        yield from rubrique.blocs
        if not rubrique.blocs and rubrique.id != "observation":
            yield Texte("Partie non renseignée à ce jour.", "source")
        if rubrique.id == "observation":
            yield from observation(dossier)
    yield SautDePage()
    yield Titre("Annexe A. Données par sexe")
    yield from _by_sex(dossier)
    yield Titre("Annexe B. Ce qui manque, et de qui on l’attend")
    yield dossier.manques
    yield Titre("Annexe C. Sources et signes")
    yield from sources(dossier)


def observation(dossier: Dossier) -> Iterator[Bloc]:
    """Key figures, then pillar by pillar: the table of all indicators, the charts of the first ones."""
    figures = key_figures(dossier)
    if figures.chiffres:
        yield Titre("Le quartier en chiffres", 2)
        yield figures
        yield Texte(
            "Chaque chiffre est comparé au reste de la commune quand les deux termes sont publiés "
            "à la même date, sur le même champ.",
            "source",
        )
    for partie in (*dossier.piliers, *dossier.axes):
        yield from _part(dossier, partie)


def key_figures(dossier: Dossier) -> ChiffresCles:
    """The key figures which can be shown or whose absence is said."""
    results = (dossier.resultat(key) for key in dossier.chiffres_cles)
    found = (key_figure(result, dossier.numero) for result in results if result)
    return ChiffresCles(tuple(figure for figure in found if figure))


def _part(dossier: Dossier, partie: Partie) -> Iterator[Bloc]:
    results = dossier.resultats_of(partie)
    if not results:
        return
    is_axis = partie in dossier.axes
    yield Titre(f"{'Axe transversal' if is_axis else 'Pilier'}\u00a0: {partie.titre}", 2)
    yield summary_table(f"{partie.titre_court}\u00a0: derniers chiffres connus", results)
    if is_axis:
        return
    for result in results[:FULL_CHARTS]:
        yield from result_blocs(result, dossier.numero)


def result_blocs(result: Result, edition: int) -> Iterator[Bloc]:
    """One indicator: its message, its chart, its reading, its table."""
    yield Titre(result.message.rstrip("."), 3)
    yield Graphique(result)
    if result.lecture:
        yield Texte(result.lecture, "lecture")
    table = latest_table(result, edition)
    if table:
        yield table
    for note in result.notes[:2]:
        yield Texte(note, "source")


def _by_sex(dossier: Dossier) -> Iterator[Bloc]:
    results = [result for result in dossier.resultats if result.decoupage == "sexe" and not result.is_empty]
    if results:
        yield sex_table(results)
        yield Texte(
            "Les réalisations par sexe sont dans la partie sur les actions\u202f; les dates antérieures dans le classeur.",
            "source",
        )
    else:
        yield Texte("Aucune donnée par sexe ne peut être montrée à ce jour.", "appel")


def sex_table(results: list[Result]) -> Tableau:
    """The quartier's figures, one column per modality, at the latest date of each indicator."""
    names = list(dict.fromkeys(serie.libelle for result in results for serie in result.series))
    lines = []
    for result in results:
        latest = {serie.libelle: serie.latest for serie in result.series if serie.latest}
        day = max(point.date_reference for point in latest.values())
        period = next(point.periode for point in latest.values() if point.date_reference == day)
        cells = (latest.get(name) for name in names)
        figures = (figure_cell(point.qpv) if point and point.date_reference == day else Cellule("…") for point in cells)
        lines.append((Cellule(title_with_unit(result)), Cellule(period), *figures))
    columns = ("Indicateur", "Date", *names)
    return Tableau("Quartier, par sexe", columns, tuple(lines), (3.6, 1.5, *[1.0] * len(names)), tuple(range(2, len(columns))))


def sources(dossier: Dossier) -> Iterator[Bloc]:
    """Files behind the figures, and what each sign means."""
    yield imports_table(dossier)
    yield signs_table(dossier)


def imports_table(dossier: Dossier) -> Tableau:
    return Tableau(
        titre="Fichiers dont viennent les chiffres",
        colonnes=("Import", "Fichier", "Édition", "Chargé le"),
        lignes=tuple(
            (Cellule(f"n°\u00a0{item.id}"), Cellule(item.fichier), Cellule(item.edition), Cellule(f"{item.charge_le:%d/%m/%Y}"))
            for item in dossier.imports
        ),
        largeurs=(1, 4, 1, 1.2),
        vide="Aucun fichier chargé.",
    )


def signs_table(dossier: Dossier) -> Tableau:
    return Tableau(
        titre="Signes conventionnels",
        colonnes=("Signe", "Signification"),
        lignes=tuple((Cellule(sign), Cellule(text)) for sign, text in dossier.signes),
        largeurs=(1, 7),
    )


def signs_sentence(dossier: Dossier) -> str:
    """The signs on one line, for short documents."""
    return "Signes\u00a0: " + "\u202f; ".join(f"{sign}\u00a0: {lower_first(text)}" for sign, text in dossier.signes) + "."
