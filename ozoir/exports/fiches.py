"""Short documents: the quartier on two pages, the same in plain words, one action on one page."""

from __future__ import annotations

from collections.abc import Iterator

from ozoir.charts.words import figure_text
from ozoir.exports.contents import Bloc, Cellule, Document, Dossier, FicheAction, Graphique, Tableau, Texte, Titre
from ozoir.exports.report import key_figures, signs_sentence
from ozoir.exports.result_tables import summary_table
from ozoir.indicators.results import MASQUE, Point, Result

ROWS_PER_PILLAR = 6
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
        yield figures
    for partie in dossier.piliers:
        results = dossier.resultats_of(partie)
        if not results:
            continue
        yield Titre(partie.titre_court)
        yield summary_table("", results[:ROWS_PER_PILLAR], dossier.numero)
        yield Graphique(results[0], f"{results[0].message.rstrip('.')}. Source\u00a0: {results[0].source}.", 0.62)
    shown = [(partie, dossier.resultats_of(partie)) for partie in dossier.axes]
    if any(results for _, results in shown):
        yield Titre("Axes transversaux")
        for partie, results in shown:
            if results:
                yield summary_table(partie.titre_court, results[:3], dossier.numero)
    yield Titre("Sources et signes")
    yield Texte(_sources(dossier), "source")
    yield Texte(signs_sentence(dossier), "source")


def _sources(dossier: Dossier) -> str:
    names = dict.fromkeys(result.source for result in dossier.resultats if not result.is_empty and result.source)
    return "Sources\u00a0: " + "\u202f; ".join(names) + "." if names else "Aucune source chargée."


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
        results = dossier.resultats_of(partie)[:PLAIN_PER_PILLAR]
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
        "Certains chiffres ne sont pas montrés. Quand très peu de personnes sont concernées, on pourrait les reconnaître\u00a0: la loi protège leur vie privée.",
        "puce",
    )
    yield Texte(
        "Un chiffre qui monte ou qui baisse ne veut pas dire que nos actions en sont la cause. Des habitants arrivent, d’autres partent.",
        "puce",
    )
    yield Texte("Une question, une remarque\u202f? Parlez-en au conseil citoyen.", "puce")


def plain_sentences(result: Result) -> list[str]:
    """The latest figure, what it is beside the rest, when: each in one short sentence."""
    point = result.total.latest
    if point is None or not point.qpv.is_shown:
        hidden = "Ce chiffre n’est pas montré\u00a0: trop peu de personnes sont concernées."
        return [hidden if point and point.qpv.statut == MASQUE else "Ce chiffre n’est pas publié pour le quartier."]
    sentences = [f"Dans le quartier\u00a0: {figure_text(point.qpv)}, {point.periode}."]
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
