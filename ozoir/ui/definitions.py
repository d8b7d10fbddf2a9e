"""The words behind the figures: signs, formulas, territories, sources, definitions, glossary."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Territoire
from ozoir.indicators.results import LEGENDE_SIGNES
from ozoir.indicators.wording import enumerate_words
from ozoir.numbers import format_date
from ozoir.ui.tables import table_html
from ozoir.ui.texts import safe

FORMULAS = (
    ("Taux", "100 × effectif concerné ÷ effectif de référence, pour le même territoire, la même source et la même date."),
    (
        "Reste de la commune",
        "Commune moins quartier, pour l’effectif concerné et pour l’effectif de référence, jamais pour un taux.",
    ),
    (
        "Écart",
        "Taux du quartier moins taux du reste de la commune, en points (pts). À défaut d’effectifs, avec la commune entière.",
    ),
    ("Rapport", "Taux du quartier ÷ taux du reste de la commune. Il n’est pas donné quand ce dernier est très faible."),
    ("Part du quartier", "100 × effectif du quartier ÷ effectif de la commune."),
    ("À rattraper", "Effectif du quartier moins ce qu’il serait au taux du reste de la commune."),
    (
        "Évolution observée",
        "Dernière date comparable moins date de départ. "
        "Ce n’est pas l’effet du contrat\u202f: des habitants arrivent et partent.",
    ),
    (
        "Évolution d’un écart",
        "Écart à la dernière date comparable moins écart au départ (le T0 de la source), avec sa marge. L’écart se réduit ou "
        "se creuse seulement si cette évolution dépasse sa marge.",
    ),
    (
        "Rang parmi les quartiers",
        "1 + nombre de quartiers dont la valeur publiée est plus élevée\u202f; les ex æquo ont le même rang. Une valeur non "
        "diffusée n’est pas classée.",
    ),
    (
        "Quartiers comparables",
        "Les plus proches sur la population, la part des jeunes, la taille des ménages et la pauvreté\u00a0: racine de la "
        "moyenne pondérée des carrés des écarts, en écarts-types.",
    ),
    ("Marge", "± 1,96 × racine de p(1 − p) ÷ n. Aide à la lecture\u202f: sur de petits effectifs, un taux bouge par hasard."),
    (
        "Non significatif (n.s.)",
        "L’évolution ou l’écart ne dépasse pas ce que le hasard peut produire\u202f: aucune flèche, aucun commentaire.",
    ),
)
RULES = (
    "Deux chiffres ne sont comparés que s’ils ont la même source, la même date, la même définition et le même périmètre.",
    "Un écart est calculé sur les valeurs non arrondies, puis arrondi une fois\u00a0: il peut différer d’un dixième de la "
    "différence des chiffres affichés.",
    "Une médiane, un décile, un indice ou un taux dont les parties sont inconnues ne se soustrait pas\u202f: "
    "il est mis à côté de « commune entière ».",
    "L’année d’un fichier n’est pas celle de ses chiffres\u202f: chaque bloc de colonnes porte sa propre date de référence.",
    "Une ligne n’est jamais tracée à travers un changement de périmètre, de source ou de définition.",
    "Une case vide d’un producteur veut dire « non diffusé », jamais zéro.",
    "Quand un effectif est masqué, tout ce qui permettrait de le retrouver l’est aussi\u202f: reste de la commune, "
    "taux, écart, part.",
)


def _section(titre: str, body: str) -> None:
    st.html(f'<h2 class="oz-theme">{safe(titre)}</h2>{body}')


def show_signs() -> None:
    rows = [(f"<b>{sign}</b>", safe(text)) for sign, text in LEGENDE_SIGNES]
    _section("Les signes", table_html("Signes conventionnels", ["Signe", "Ce qu’il veut dire"], rows, "oz-texte"))


def show_formulas() -> None:
    rows = [(safe(name), safe(text)) for name, text in FORMULAS]
    rules = "".join(f"<li>{safe(rule)}</li>" for rule in RULES)
    table = table_html("Formules", ["Grandeur", "Calcul"], rows, "oz-texte")
    _section("Les calculs", f"{table}<ul>{rules}</ul>")


def show_territories(catalogue: Catalogue) -> None:
    """The quartier's perimeters and what it is set beside."""
    territoire = catalogue.territoire
    rows = [
        (
            safe(zonage.libelle),
            safe(zonage.codes),
            f"du {format_date(zonage.debut)}" + (f" au {format_date(zonage.fin)}" if zonage.fin else ", en vigueur"),
        )
        for zonage in territoire.zonages
    ]
    table = table_html("Périmètres du quartier", ["Périmètre", "Code", "Validité"], rows, "oz-texte")
    others = ", ".join(safe(name) for name in territoire.comparateurs.values())
    text = (
        f"<p>{_commune_text(territoire)} "
        f"Autres quartiers prioritaires\u00a0: {others}. Leur taux est celui de l’ensemble des quartiers qui ont publié.</p>"
    )
    _section("Les territoires", table + text)


def _commune_text(territoire: Territoire) -> str:
    """Which commune, or which ones « la commune » stands for everywhere else."""
    if len(territoire.communes) < 2:
        return f"Commune\u00a0: {safe(territoire.nom_commune)} (code {safe(territoire.code_commune)})."
    codes = enumerate_words(territoire.communes)
    return f"«\u00a0La commune\u00a0» veut dire ici {safe(territoire.nom_commune)} ensemble (codes {safe(codes)})."


def show_sources(catalogue: Catalogue) -> None:
    rows = [
        (safe(source.titre), safe(source.producteur), f"{source.seuil}", safe(source.precaution or "–"))
        for source in sorted(catalogue.statistiques.values(), key=lambda source: source.titre)
    ]
    heads = ["Source statistique", "Producteur", "Plus petit effectif diffusé", "À savoir"]
    _section("Les sources", table_html("Sources statistiques", heads, rows, "oz-texte"))


def show_definitions(catalogue: Catalogue) -> None:
    """Every indicator, by theme, folded."""
    ordered = sorted(catalogue.indicateurs.values(), key=lambda item: (item.theme, item.ordre, item.titre))
    parts = []
    for theme, members in groupby(ordered, key=lambda item: item.theme):
        entries = "".join(
            f"<dt><b>{safe(item.titre)}</b> ({safe(item.unite)})</dt><dd>{safe(item.definition)}"
            + (f" Champ\u00a0: {safe(item.champ)}" if item.champ else "")
            + "".join(f" {safe(caution)}" for caution in item.precautions)
            + "</dd>"
            for item in members
        )
        parts.append(f"<details><summary>{safe(theme or 'Autres indicateurs')}</summary><dl>{entries}</dl></details>")
    _section("Les indicateurs", "".join(parts))


def show_glossary(catalogue: Catalogue) -> None:
    rows = [
        (f"<b>{safe(term.sigle)}</b>", safe(term.definition) + (f" <small>{safe(term.note)}</small>" if term.note else ""))
        for term in sorted(catalogue.contrat.glossaire, key=lambda term: term.sigle)
    ]
    _section("Glossaire", table_html("Glossaire", ["Sigle", "Signification"], rows, "oz-texte"))
