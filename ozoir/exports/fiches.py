"""Short documents: the quartier on two pages, the same in plain words, one action on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ozoir.charts.kinds import pick_kind
from ozoir.charts.traces import Vue
from ozoir.charts.words import figure_text, lower_first
from ozoir.exports.contents import (
    Bloc,
    Cellule,
    ChiffresCles,
    Document,
    Dossier,
    FicheAction,
    Graphique,
    Partie,
    Tableau,
    Texte,
    Titre,
)
from ozoir.exports.report import key_figures, signs_sentence
from ozoir.exports.result_tables import latest_of, summary_table
from ozoir.indicators.results import MASQUE, Point, Result

ROWS_PER_PILLAR, ROWS_PER_AXIS, CARDS = 5, 1, 6
CHART_WIDTH, CHART_HEIGHT = 0.66, 0.58  # of the usual size, so that the whole holds on two pages
PLAIN_PER_PILLAR = 3


def quartier_sheet(dossier: Dossier) -> Document:
    """Identity, key figures, pillars, axes, sources: two pages."""
    return Document(
        titre=f"{dossier.quartier}\u00a0: le quartier en {dossier.annee}",
        sous_titre=f"Fiche quartier – {dossier.commune}",
        blocs=tuple(_quartier(dossier)),
        corps=9.2,
    )


def _quartier(dossier: Dossier) -> Iterator[Bloc]:
    yield Tableau("", ("Identité", ""), tuple((Cellule(name), Cellule(value)) for name, value in dossier.identite), (1, 3))
    figures = key_figures(dossier)
    if figures.chiffres:
        yield Titre("Chiffres clés")
        yield ChiffresCles(figures.chiffres[:CARDS])
    shown: list[Result] = []
    for partie in dossier.piliers:
        results = dossier.resultats_of(partie)[:ROWS_PER_PILLAR]
        if results:
            shown += results
            yield Titre(partie.titre_court)
            yield summary_table("", results)
            drawn = next((result for result in results if _is_one_plot(result)), results[0])
            yield Graphique(drawn, f"{drawn.message.rstrip('.')}.", CHART_WIDTH, CHART_HEIGHT)
    of_axes = [(partie, result) for partie in dossier.axes for result in dossier.resultats_of(partie)[:ROWS_PER_AXIS]]
    if of_axes:
        yield Titre("Axes transversaux")
        yield _axes_table(of_axes)
    yield Titre("Sources et signes")
    yield Texte(_sources([*shown, *(result for _, result in of_axes)]), "source")
    yield Texte(signs_sentence(dossier), "source")


def _is_one_plot(result: Result) -> bool:
    """Drawn on a single scale: it stands being small."""
    kind = pick_kind(result, Vue())
    return kind is not None and kind.id != "courbes_separees" and result.total.latest.qpv.is_shown


def _axes_table(of_axes: list[tuple[Partie, Result]]) -> Tableau:
    """One table for all axes, the axis before the indicator."""
    known = [(partie, result) for partie, result in of_axes if latest_of(result)]
    table = summary_table("", [result for _, result in known])
    lines = tuple(
        (Cellule(f"{partie.titre_court}\u00a0: {lower_first(line[0].texte)}"), *line[1:])
        for (partie, _), line in zip(known, table.lignes, strict=True)
    )
    return replace(table, lignes=lines)


def _sources(results: list[Result]) -> str:
    """Each source once, whatever its editions."""
    names = dict.fromkeys(part.split(", édition")[0].strip() for result in results for part in result.source.split(";"))
    return "Sources\u00a0: " + "\u202f; ".join(filter(None, names)) + "." if names else "Aucune source chargée."


def plain_sheet(dossier: Dossier) -> Document:
    """The quartier in plain words, for the conseil citoyen: short sentences, large letters, no sign and no acronym."""
    return Document(
        titre=f"Notre quartier en {dossier.annee}",
        sous_titre=f"{dossier.quartier}, {dossier.commune} – les chiffres, avec des mots simples",
        blocs=tuple(_plain(dossier)),
        corps=13,
    )


def _plain(dossier: Dossier) -> Iterator[Bloc]:
    yield Texte(
        "Ce document présente quelques chiffres du quartier. Ils viennent d’organismes publics. "
        "Nous les comparons au reste de la ville quand c’est possible.",
        "encadre",
    )
    for partie in dossier.piliers:
        results = sorted(dossier.resultats_of(partie), key=_is_hidden)[:PLAIN_PER_PILLAR]
        if results:
            yield Titre(partie.titre_court)
        for result in results:
            yield Titre(result.indicateur.titre, 2)
            yield from (Texte(sentence) for sentence in plain_sentences(result))
            yield Texte(f"D’où vient ce chiffre\u00a0: {result.source}.", "source")
    yield Titre("Ce qui est prévu")
    if dossier.programme.lignes:
        yield from (Texte(line[0].texte, "puce") for line in dossier.programme.lignes)
    else:
        yield Texte("Le programme de l’année prochaine n’est pas encore écrit.")
    yield Titre("Pour comprendre")
    yield Texte(
        "Certains chiffres ne sont pas montrés. Quand très peu de personnes sont concernées, on pourrait les reconnaître\u00a0: "
        "la loi protège leur vie privée.",
        "puce",
    )
    yield Texte(
        "Un chiffre qui monte ou qui baisse ne veut pas dire que nos actions en sont la cause. "
        "Des habitants arrivent, d’autres partent.",
        "puce",
    )
    yield Texte("Une question, une remarque\u202f? Parlez-en au conseil citoyen.", "puce")


def _is_hidden(result: Result) -> bool:
    latest = latest_of(result)
    return latest is None or not latest.qpv.is_shown


def _plain_period(point: Point) -> str:
    """« RP 2018 » is said « au recensement de 2018 »."""
    return point.periode.replace("RP ", "au recensement de ")


def plain_sentences(result: Result) -> list[str]:
    """The latest figure, what it is beside the rest, when: each in one short sentence."""
    point = result.total.latest
    if point is None or not point.qpv.is_shown:
        hidden = "Ce chiffre n’est pas montré\u00a0: trop peu de personnes sont concernées."
        return [hidden if point and point.qpv.statut == MASQUE else "Ce chiffre n’est pas publié pour le quartier."]
    sentences = [f"Dans le quartier\u00a0: {figure_text(point.qpv)}, {_plain_period(point)}."]
    beside = _beside(point)
    return [*sentences, beside] if beside else sentences


def _beside(point: Point) -> str:
    if point.comparateur not in ("reste", "commune") or not point.ecart.is_shown:
        return ""
    other, where = (point.reste, "le reste de la ville") if point.comparateur == "reste" else (point.commune, "toute la ville")
    difference = point.ecart.valeur
    if point.ecart.marge is not None and abs(difference) <= point.ecart.marge:
        return f"C’est à peu près pareil dans {where}\u00a0: {figure_text(other)}."
    return f"C’est {'plus' if difference > 0 else 'moins'} que dans {where}\u00a0: {figure_text(other)}."


def action_document(dossier: Dossier, action: FicheAction) -> Document:
    """One action on one page."""
    return Document(
        titre=action.titre,
        sous_titre=f"Fiche action {dossier.annee} – {action.objectif}",
        blocs=tuple(_action(action)),
        corps=10,
    )


def _action(action: FicheAction) -> Iterator[Bloc]:
    if action.texte and action.texte.rstrip(".") != action.titre.rstrip("."):
        yield Texte(action.texte, "encadre")
    rows = (
        ("État", action.statut),
        ("Avancement", action.avancement),
        ("Pilotes", ", ".join(action.pilotes)),
        ("Partenaires", ", ".join(action.partenaires)),
        ("Moyens", "\n".join(action.moyens)),
        ("Calendrier", action.calendrier),
        ("Publics", ", ".join(action.publics)),
        ("Axes transversaux", ", ".join(action.axes)),
    )
    lines = tuple((Cellule(name), Cellule(value)) for name, value in rows if value)
    yield Tableau("", ("L’action", ""), lines, (1, 3.6))
    yield action.realisations
    yield action.credits
    for kind, text in action.commentaires:
        yield Titre(kind)
        yield Texte(text)


def action_sheets(dossier: Dossier) -> Iterator[tuple[FicheAction, Document]]:
    """Every action, in the order of the contract."""
    for action in dossier.actions:
        yield action, action_document(dossier, action)
