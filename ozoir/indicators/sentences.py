"""What the figures say, in French: the title of a block, its reading sentence in Insee style, or why there is no figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import Indicateur, Mesure
from ozoir.indicators.formulas import count_change_margin, exceeds_margin, relative_change
from ozoir.indicators.notes import waiting_sentence, write_notes, write_source
from ozoir.indicators.periods import is_year_later, period_phrase, since_phrase
from ozoir.indicators.results import MASQUE, NON_DIFFUSE, PROVISOIRE, SANS_OBJET, Evolution, Figure, Point, Result, Serie
from ozoir.indicators.wording import (
    agree,
    counted_phrase,
    indicator_phrase,
    is_clear,
    is_for_a_hundred,
    is_null,
    lower_first,
    more_or_less,
    number,
    upper_first,
    value,
)
from ozoir.numbers import NARROW, NBSP, format_number

BESIDE = {"reste": "dans le reste de la commune", "commune": "dans la commune entière"}
THAN = {"reste": "que dans le reste de la commune", "commune": "que dans la commune entière"}
WITH = {"reste": "avec le reste de la commune", "commune": "avec la commune entière"}


def write_result(
    catalogue: Catalogue,
    indicateur: Indicateur,
    decoupage: str,
    series: tuple[Serie, ...],
    filtres: Mapping[str, str],
    is_fictif: bool,
) -> Result:
    """The Result with all its words."""
    total = series[0]
    mesure = catalogue.mesures[total.cle.mesure]
    is_empty = not any(point.qpv.is_shown or point.commune.is_shown for serie in series for point in serie.points)
    waiting = "" if total.points else waiting_sentence(catalogue, indicateur)
    titre = indicateur.titre + filter_label(catalogue, filtres)
    return Result(
        indicateur=indicateur,
        decoupage=decoupage,
        series=series,
        message=write_message(indicateur, titre, mesure, total),
        lecture=waiting or write_reading(catalogue, indicateur, titre, mesure, total),
        source=write_source(catalogue, series),
        champ=indicateur.champ,
        notes=write_notes(catalogue, indicateur, decoupage, series),
        attente=waiting if is_empty else "",
        fictif=is_fictif,
        producteurs=_producers(catalogue, total),
    )


def _producers(catalogue: Catalogue, total: Serie) -> tuple[tuple[str, str], ...]:
    names = {point.source: catalogue.statistiques[point.source].producteur for point in total.points}
    return tuple(names.items()) if len(set(names.values())) > 1 else ()


def filter_label(catalogue: Catalogue, filtres: Mapping[str, str]) -> str:
    """« , femmes, moins de 25 ans » after a title."""
    labels = [lower_first(catalogue.modality_label(name, modality)) for name, modality in filtres.items()]
    return "".join(f", {label}" for label in labels)


def write_message(indicateur: Indicateur, titre: str, mesure: Mesure, serie: Serie) -> str:
    """The title of a block: one sentence, without final stop."""
    point = serie.latest
    if point is None:
        return f"{titre}{NBSP}: pas encore de donnée"
    if not point.qpv.is_shown:
        return f"{titre}{NBSP}: {_refusal_in_title(point)}"
    when = period_phrase(point.date_reference, mesure.periode)
    if indicateur.nature == "effectif":
        return f"{titre}{NBSP}: {number(point.qpv)} dans le quartier {when}{_moved(serie.evolution, point, mesure)}"
    figure = number(point.qpv) if is_for_a_hundred(indicateur) else value(point.qpv)
    return f"{titre}{NBSP}: {figure} dans le quartier {when}{_beside(indicateur, point)}"


def _refusal_in_title(point: Point) -> str:
    if point.qpv.statut == MASQUE:
        return "chiffre du quartier couvert par le secret statistique"
    if point.qpv.statut == NON_DIFFUSE:
        return "chiffre du quartier non diffusé par le producteur"
    if point.qpv.statut == SANS_OBJET:
        return "sans objet à cette date"
    if point.commune.is_shown:
        return f"chiffre du quartier non disponible, {value(point.commune)} dans la commune"
    return "chiffre du quartier non disponible"


def _beside(indicateur: Indicateur, point: Point) -> str:
    """How the quartier stands, points first; a gap within its margin is not called a gap."""
    gap = _bare_if_for_a_hundred(indicateur, point.ecart)
    if not gap.is_shown or not point.comparateur:
        return ""
    if gap.marge is not None and not is_clear(gap):
        return f", sans écart significatif {WITH[point.comparateur]}"
    if is_null(gap):
        return f", comme {BESIDE[point.comparateur]}"
    return f", {more_or_less(gap)} {THAN[point.comparateur]}"


def _bare_if_for_a_hundred(indicateur: Indicateur, gap: Figure) -> Figure:
    """« 2,4 de plus » pour 100 habitants, not « 2,4 points »."""
    return replace(gap, unite="") if is_for_a_hundred(indicateur) else gap


def _moved(evolution: Evolution | None, point: Point, mesure: Mesure) -> str:
    if evolution is None or not evolution.qpv.is_shown or evolution.fin != point.date_reference:
        return ""
    if not is_clear(evolution.qpv):
        return f", sans évolution significative {since_phrase(evolution.debut, mesure.periode)}"
    return f", {more_or_less(evolution.qpv)} {_than_at(evolution.debut, mesure)}"


def write_reading(catalogue: Catalogue, indicateur: Indicateur, titre: str, mesure: Mesure, serie: Serie) -> str:
    """One full sentence that shows how to read the latest figure, or why there is none."""
    point = serie.latest
    if point is None:
        return ""
    when = upper_first(period_phrase(point.date_reference, mesure.periode))
    if not point.qpv.is_shown:
        return _refusal(catalogue, point, when)
    if indicateur.nature == "effectif":
        text = _read_count(catalogue, indicateur, titre, mesure, serie, point, when)
    else:
        text = _read_rate(indicateur, titre, mesure, serie, point, when)
    return f"{text}{_read_break(serie, point)}{' (donnée provisoire)' if point.qpv.statut == PROVISOIRE else ''}."


def _read_break(serie: Serie, point: Point) -> str:
    """Said when what came before is shown and does not compare."""
    before = [other for other in serie.points if other.date_reference < point.date_reference and other.qpv.is_shown]
    if not before or any(other.segment == point.segment for other in before):
        return ""
    return f"{NARROW}; rupture de série, cette valeur ne se compare pas aux précédentes"


def _refusal(catalogue: Catalogue, point: Point, when: str) -> str:
    beside = ""
    if point.commune.is_shown:
        is_count = point.commune.unite not in ("%", "€", "€/m²", "")
        beside = f"{NARROW}; la commune compte " if is_count else f"{NARROW}; dans la commune entière{NBSP}: "
        beside += value(point.commune)
    if point.qpv.statut == MASQUE:
        return (
            f"{when}, le chiffre du quartier n’est pas montré{NBSP}: secret statistique (effectif trop faible, ou qui "
            f"permettrait d’en retrouver un){beside}."
        )
    if point.qpv.statut == NON_DIFFUSE:
        producer = catalogue.statistiques[point.source].producteur
        return f"{when}, le producteur ({producer}) ne diffuse pas le chiffre du quartier, et il n’est pas reconstitué{beside}."
    if point.qpv.statut == SANS_OBJET:
        return f"{when}, ce chiffre est sans objet pour le quartier{beside}."
    return f"{when}, le chiffre du quartier n’est pas disponible{beside}."


def _read_count(
    catalogue: Catalogue, indicateur: Indicateur, titre: str, mesure: Mesure, serie: Serie, point: Point, when: str
) -> str:
    count = point.qpv.valeur
    if titre == indicateur.titre and count >= 2:
        start = f"{when}, le quartier compte {number(point.qpv)} {counted_phrase(indicateur)}"
    else:
        start = f"{titre}{NBSP}: {lower_first(when)}, le quartier en compte {number(point.qpv)}"
    share = ""
    if point.part.is_shown and count:
        share = f", soit {value(point.part)} du total de la commune"
    before = _reference(catalogue, serie, point)
    return f"{start}{share}{_read_change(before, point, mesure, share) if before else ''}"


def _read_change(before: Point, point: Point, mesure: Mesure, share: str) -> str:
    """« , soit 4 de moins qu’un an plus tôt ; évolution non significative », else since the first comparable date."""
    change = point.qpv.valeur - before.qpv.valeur
    than = (
        "qu’un an plus tôt"
        if is_year_later(before.date_reference, point.date_reference)
        else _than_at(before.date_reference, mesure)
    )
    link = f"{NARROW}; c’est" if share else ", soit"
    if change == 0:
        return f"{link} autant {than}"
    size = format_number(abs(change), point.qpv.decimales)
    text = f"{link} {size} de {'plus' if change > 0 else 'moins'} {than}"
    if not exceeds_margin(change, count_change_margin(before.qpv.valeur, point.qpv.valeur)):
        return f"{text}{NARROW}; évolution non significative"
    percent = relative_change(before.qpv.valeur, point.qpv.valeur)
    return text if percent is None else f"{text} ({format_number(percent, 1, sign=True)}{NARROW}%)"


def _than_at(day: date, mesure: Mesure) -> str:
    """« que fin 2016 », « qu’en 2018 »."""
    phrase = period_phrase(day, mesure.periode)
    return f"qu’{phrase}" if phrase[0] in "aeiou" else f"que {phrase}"


def _reference(catalogue: Catalogue, serie: Serie, point: Point) -> Point | None:
    """A year earlier in the same segment, where years compare; else the first comparable date."""
    before = [other for other in serie.points if other.segment == point.segment and other.date_reference < point.date_reference]
    shown = [other for other in before if other.qpv.is_shown]
    if catalogue.statistiques[point.source].annees_entre_evolutions <= 1:
        year_before = [other for other in shown if is_year_later(other.date_reference, point.date_reference)]
        if year_before:
            return year_before[-1]
    evolution = serie.evolution
    if evolution is None or evolution.fin != point.date_reference:
        return None
    return next((other for other in shown if other.date_reference == evolution.debut), None)


def _read_rate(indicateur: Indicateur, titre: str, mesure: Mesure, serie: Serie, point: Point, when: str) -> str:
    subject = indicator_phrase(titre)
    if is_for_a_hundred(indicateur):
        text = f"{when}, le quartier compte {number(point.qpv)} {lower_first(titre)}"
        shown = number
    else:
        comma = "," if "," in titre else ""  # « la part des logements vacants, tous parcs, est de… »
        text = f"{when}, {subject}{comma} est de {value(point.qpv)} dans le quartier"
        shown = value
    if point.qpv.numerateur is not None and point.qpv.denominateur is not None:
        text += f" ({format_number(point.qpv.numerateur)} sur {format_number(point.qpv.denominateur)})"
    text += _read_gap(point, _bare_if_for_a_hundred(indicateur, point.ecart), shown)
    return f"{text}{_read_gap_change(serie, point, mesure)}"


def _read_gap(point: Point, gap: Figure, shown: Callable[[Figure], str]) -> str:
    if point.comparateur and gap.is_shown:
        other = point.reste if point.comparateur == "reste" else point.commune
        text = f", contre {shown(other)} {BESIDE[point.comparateur]}"
        if is_null(gap):
            return text
        text += f"{NBSP}: {_size(gap)} de {'plus' if gap.valeur > 0 else 'moins'}"
        return text if gap.marge is None or is_clear(gap) else f"{text}, écart non significatif"
    if point.comparateurs:
        nearest = point.comparateurs[0]
        return f", contre {shown(nearest.figure)} pour l’{lower_first(nearest.libelle)}"
    return ""


def _size(figure: Figure) -> str:
    return f"{format_number(abs(figure.valeur), figure.decimales)}{_unit(figure)}"


def _unit(figure: Figure) -> str:
    if figure.unite == "€":
        return f"{NARROW}€"
    return f"{NBSP}{agree(figure.unite, figure.valeur, figure.decimales)}" if figure.unite else ""


def _read_gap_change(serie: Serie, point: Point, mesure: Mesure) -> str:
    """« ; l’écart s’est réduit de 2,1 points depuis fin 2016 », only when that exceeds the margin."""
    evolution = serie.evolution
    if evolution is None or evolution.fin != point.date_reference or not evolution.ecart.is_shown:
        return ""
    since = since_phrase(evolution.debut, mesure.periode)
    if evolution.ecart.marge is None:
        return ""
    if not is_clear(evolution.ecart):
        return f"{NARROW}; l’écart n’a pas évolué de façon significative {since}"
    first = next(item for item in serie.points if item.date_reference == evolution.debut)
    change = abs(point.ecart.valeur) - abs(first.ecart.valeur)
    verb = "s’est creusé" if change > 0 else "s’est réduit"
    if (point.ecart.valeur > 0) != (first.ecart.valeur > 0):
        return f"{NARROW}; l’écart a changé de sens {since}"
    return f"{NARROW}; l’écart {verb} de {_size(evolution.ecart)} {since}"
