"""« Parmi les quartiers »: one indicator, the quartier's place, the others as dots, the comparable ones by name."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ozoir.catalogue.comparables import load_comparables
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Source
from ozoir.charts.figures import build_dots, build_standing
from ozoir.charts.words import cell_text, figure_text, lower_first
from ozoir.indicators.publication import Publication
from ozoir.indicators.quartiers import VOISINS, Classement, Etape, Position, locate, ordinal, rankable, survey
from ozoir.indicators.results import Figure
from ozoir.indicators.voisinage import Voisinage
from ozoir.numbers import NARROW, format_number, plural
from ozoir.ui.blocks import linked_title, show_chart
from ozoir.ui.filters import pick
from ozoir.ui.session import current_store, keep
from ozoir.ui.tables import table_html
from ozoir.ui.texts import capitalise, safe

STYLE = Path(__file__).with_name("ecarts.css")
PARTENAIRE = "insee"
HEADS = ("Parmi les", "Rang", "Quartiers publiés", "Non diffusés", "Ont une valeur inférieure", "Médiane", "Écart à la médiane")
CLE = "Point gris\u00a0: un quartier. Trait\u00a0: la médiane. Point bleu\u00a0: le quartier du contrat."
LECTURE = (
    "Le rang va de la valeur la plus élevée (1er) à la plus faible\u202f; les ex æquo ont le même rang. Seules les valeurs "
    "publiées par les producteurs sont classées\u00a0: une valeur non diffusée est comptée à part, jamais estimée. Un rang "
    "n’est ni une note ni l’effet d’une politique\u202f: de petits effectifs le font bouger d’une année à l’autre."
)
RANGS = (
    "Part des autres quartiers qui ont une valeur inférieure\u202f; 50\u202f%\u00a0: le milieu. Chaque date se lit en "
    "elle-même\u00a0: un changement de méthode touche tous les quartiers à la fois, mais le nombre de quartiers publiés varie."
)
MARGE = (
    "Sous le rang\u00a0: ceux que donnerait le taux du quartier à sa marge près (±\u00a0{marge}). "
    "Dans un large intervalle, le rang ne dit presque rien."
)
SANS_FICHIERS = "Les fichiers nationaux ne sont pas chargés."
A_CHARGER = (
    "Les séries livrées avec le projet ne contiennent que des sommes de quartiers\u00a0: aucun autre quartier n’y a sa propre "
    "valeur. Pour situer le quartier, chargez sur la page «\u00a0Import\u00a0» au moins un fichier de l’Insee qui donne tous "
    "les quartiers\u00a0:"
)
CIRCULAIRE = "Cet indicateur sert aussi à choisir les quartiers comparables\u00a0: le rang parmi eux n’apprend rien de plus."
METHODE = (
    "Les {nombre} quartiers les plus proches, parmi {candidats} dont toutes ces valeurs sont publiées ({ecartes} n’en "
    "ont qu’une partie)\u00a0: {variables}. Chaque écart est mesuré en écarts-types de l’ensemble des quartiers, mis au "
    "carré et pondéré\u202f; la distance est la racine de leur moyenne\u00a0: 1 veut dire un écart-type en moyenne. Ces "
    "variables sont déclarées dans «\u00a0comparables.toml\u00a0»."
)


def show_place(publication: Publication) -> None:
    """The choice of an indicator, then its place; or which files would give it."""
    st.html(STYLE)
    store, catalogue = current_store(), publication.catalogue
    terrain = keep(publication, ("terrain",), lambda: survey(store, catalogue, load_comparables()))
    if terrain is None:
        _show_missing(catalogue)
        return
    options = {item.id: item.titre for item in rankable(terrain, catalogue)}
    identifiant = pick("indicateur", "Indicateur", options)
    classement = keep(publication, ("classement", identifiant), lambda: locate(store, publication, terrain, identifiant))
    st.html(f'<h2 class="oz-theme">{linked_title(classement.indicateur)}</h2>')
    if classement.raison:
        st.html(f'<p class="oz-vide">{safe(classement.raison)}</p>')
    else:
        _show_ranks(publication, classement)
        _show_path(publication, classement)
    _show_neighbours(terrain.voisinage, classement)


def _show_missing(catalogue: Catalogue) -> None:
    """Which files to load: the producer's national ones; the shipped series hold sums only."""
    wanted = [layout for layout in catalogue.sources.values() if layout.partenaire == PARTENAIRE and _holds_quartiers(layout)]
    items = "".join(f"<li>{safe(layout.demande)}</li>" for layout in wanted)
    st.html(f'<div class="oz-vide"><strong>{safe(SANS_FICHIERS)}</strong><p>{safe(A_CHARGER)}</p><ul>{items}</ul></div>')


def _holds_quartiers(layout: Source) -> bool:
    return bool(layout.demande) and "quartier" in f"{layout.titre} {layout.description}".lower()


def _show_ranks(publication: Publication, classement: Classement) -> None:
    etape = classement.derniere
    titre = f"{classement.indicateur.titre}, {etape.periode}"
    chart = keep(
        publication, ("quartiers", classement.indicateur.id), lambda: build_dots(classement, titre, publication.fictif)
    )
    st.html(f'<h3 class="oz-message">{safe(classement.lecture)}</h3>')
    show_chart(chart, "quartiers")
    st.html(f'<p class="oz-source">{CLE}</p>')
    rows = [_row(place, etape) for place in etape.positions]
    st.html(table_html(f"Rangs du quartier, {titre}", HEADS, rows, "oz-ecarts"))
    source = publication.catalogue.statistiques[classement.source]
    margin = "" if etape.figure.marge is None else f"<p class='oz-source'>{safe(_margin(etape))}</p>"
    st.html(
        f'<p class="oz-source"><b>Source</b>\u00a0: {safe(source.titre)}. <b>Date</b>\u00a0: {safe(etape.periode)}. '
        f"<b>Champ</b>\u00a0: {safe(classement.indicateur.champ)}.</p>{margin}"
        f'<p class="oz-source">{safe(LECTURE)}</p>'
    )


def _row(place: Position, etape: Etape) -> tuple[str, ...]:
    equal = f"<small>{plural(place.ex_aequo, 'ex æquo', 'ex æquo')}</small>" if place.ex_aequo > 1 else ""
    gap = etape.figure.valeur - place.mediane
    unit = "points" if etape.figure.unite == "%" else etape.figure.unite
    return (
        safe(capitalise(place.libelle)),
        f"<b>{ordinal(place.rang)}</b>{_range(place)}{equal}",
        format_number(place.publies),
        format_number(place.non_diffuses),
        f"{format_number(place.part_inferieurs)}{NARROW}%",
        cell_text(Figure(place.mediane, unite=etape.figure.unite, decimales=etape.figure.decimales)),
        cell_text(Figure(gap, unite=unit, decimales=etape.figure.decimales), sign=True),
    )


def _range(place: Position) -> str:
    if place.rang_haut is None or place.rang_haut == place.rang_bas:
        return ""
    return f"<small>de {ordinal(place.rang_haut)} à {ordinal(place.rang_bas)}</small>"


def _margin(etape: Etape) -> str:
    return MARGE.format(marge=figure_text(Figure(etape.figure.marge, unite="points", decimales=etape.figure.decimales)))


def _show_path(publication: Publication, classement: Classement) -> None:
    """Ranks at every date since the first edition."""
    if len(classement.etapes) < 2:
        return
    titre = f"{classement.indicateur.titre}, place du quartier depuis la première édition"
    chart = keep(
        publication, ("rangs", classement.indicateur.id), lambda: build_standing(classement, titre, publication.fictif)
    )
    st.html('<h2 class="oz-theme">Depuis la première édition</h2>')
    show_chart(chart, "rangs")
    areas = classement.derniere.positions
    heads = ("Date", "Quartier", *(capitalise(place.libelle) for place in areas))
    rows = [
        (
            safe(etape.periode).replace(" ", "\u00a0"),
            cell_text(etape.figure),
            *(_rank_at(etape, place.aire) for place in areas),
        )
        for etape in reversed(classement.etapes)
    ]
    st.html(table_html(titre, heads, rows, "oz-ecarts oz-dates"))
    st.html(f'<p class="oz-source">{safe(RANGS)}</p>')


def _rank_at(etape: Etape, area: str) -> str:
    place = next((place for place in etape.positions if place.aire == area), None)
    return f"{ordinal(place.rang)}<small>sur {format_number(place.publies)}</small>" if place else "…"


def _show_neighbours(voisinage: Voisinage, classement: Classement) -> None:
    """The list of comparable quartiers, on what they are compared, and their own figure."""
    st.html('<h2 class="oz-theme">Les quartiers comparables</h2>')
    if voisinage.raison:
        st.html(f'<p class="oz-vide">{safe(voisinage.raison)}</p>')
        return
    st.html(f'<p class="oz-source">{safe(_explain(voisinage))}</p>')
    values = {item.code: item.valeur for item in (classement.autres or {}).get(VOISINS, ())}
    is_variable = classement.indicateur.numerateur in {item.cle for item in voisinage.variables}
    figure = classement.derniere.figure if classement.etapes and not is_variable else None
    if is_variable:
        st.html(f'<p class="oz-source">{safe(CIRCULAIRE)}</p>')
    heads = (
        "Quartier",
        "Distance",
        *(f"{item.titre}, {when}" for item, when in zip(voisinage.variables, voisinage.dates, strict=True)),
    )
    own = ("<b>Quartier du contrat</b>", "0", *_variables(voisinage, voisinage.propre))
    rows = [own] + [
        (
            f"{safe(item.nom)}<br><small>{safe(', '.join(filter(None, (item.commune, item.code))))}</small>",
            format_number(item.distance, 2),
            *_variables(voisinage, item.valeurs),
        )
        for item in voisinage.voisins
    ]
    if figure is not None:
        heads = (*heads, f"{classement.indicateur.titre}, {classement.derniere.periode}")
        known = [figure.valeur, *(values.get(item.code) for item in voisinage.voisins)]
        rows = [(*row, _cell(figure, item)) for row, item in zip(rows, known, strict=True)]
    st.html(table_html("Quartiers comparables", heads, rows, "oz-haute"))


def _cell(figure: Figure, value: float | None) -> str:
    return "nd" if value is None else cell_text(Figure(value, unite=figure.unite, decimales=figure.decimales))


def _variables(voisinage: Voisinage, values: tuple[float, ...]) -> tuple[str, ...]:
    return tuple(
        cell_text(Figure(value, unite=item.unite, decimales=item.decimales))
        for item, value in zip(voisinage.variables, values, strict=True)
    )


def _explain(voisinage: Voisinage) -> str:
    variables = ", ".join(
        f"{lower_first(item.titre)} (poids\u00a0{format_number(item.poids)}{', en logarithme' if item.logarithme else ''})"
        for item in voisinage.variables
    )
    return METHODE.format(
        nombre=len(voisinage.voisins),
        candidats=format_number(voisinage.candidats),
        ecartes=format_number(voisinage.ecartes),
        variables=variables,
    )
