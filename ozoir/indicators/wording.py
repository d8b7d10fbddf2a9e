"""Pieces of French sentences: numbers with their unit, indicators with their article, changes with their direction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ozoir.catalogue.model import Indicateur
from ozoir.indicators.formulas import exceeds_margin
from ozoir.indicators.results import Figure
from ozoir.numbers import NARROW, NBSP, format_number, round_half_up

_ARTICLES = {
    "Part": "la part",
    "Taux": "le taux",
    "Indice": "l’indice",
    "Rapport": "le rapport",
    "Revenu": "le revenu",
    "Premier": "le premier",
    "Loyer": "le loyer",
    "Nombre": "le nombre",
    "Évolution": "l’évolution",
    "Montant": "le montant",
    "Écart": "l’écart",
}
_FOR_A_HUNDRED = " pour 100 "
_SHARE_OF_THE_QUARTIER = " et part du quartier"
_ATTACHED = {"%": f"{NARROW}%", "€": f"{NARROW}€"}


def number(figure: Figure, sign: bool = False) -> str:
    return format_number(figure.valeur, figure.decimales, sign)


def value(figure: Figure) -> str:
    """« 48,6 % », « 16 170 € », « 2,3 points », « 4,66 €/m² »; the unit agrees with the number as it is written."""
    return f"{number(figure)}{unit_after(figure)}"


def unit_after(figure: Figure) -> str:
    """The unit as it follows the number."""
    if not figure.unite:
        return ""
    return _ATTACHED.get(figure.unite) or NBSP + agree(figure.unite, figure.valeur, figure.decimales)


def agree(unit: str, count: float, decimals: int = 0) -> str:
    """The unit in the singular under 2, as French does: « 1,9 point », « 0 jeune », « 2 jeunes »."""
    if abs(round_half_up(count, decimals)) >= 2 or "/" in unit:
        return unit
    return re.sub(r"s\b", "", unit)


def lower_first(text: str) -> str:
    """« Part des… » → « part des… »; an acronym keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def indicator_phrase(titre: str) -> str:
    """« la part des femmes parmi… », « l’indice de jeunesse »: the indicator as the subject of a sentence."""
    first, _, rest = titre.partition(" ")
    article = _ARTICLES.get(first)
    return f"{article} {rest}".strip() if article else f"l’indicateur «{NBSP}{titre}{NBSP}»"


def is_for_a_hundred(indicateur: Indicateur) -> bool:
    """« Entrées en emploi pour 100 jeunes accompagnés »: said as a count, not as a percentage."""
    return _FOR_A_HUNDRED in indicateur.titre


def counted_phrase(indicateur: Indicateur) -> str:
    """What a count counts: « demandeurs d’emploi de catégories A, B et C », or the unit when the title is no plural noun."""
    titre = indicateur.titre.replace(_SHARE_OF_THE_QUARTIER, "")
    first = titre.partition(" ")[0]
    return lower_first(titre) if first.endswith(("s", "x")) else indicateur.unite


def is_clear(change: Figure) -> bool:
    """Whether a change or a gap exceeds its margin."""
    return change.is_shown and exceeds_margin(change.valeur, change.marge)


def more_or_less(figure: Figure) -> str:
    """« 4 de moins », « 2,3 points de plus »: units of counts go without saying."""
    unit = unit_after(figure) if figure.unite in ("points", "€", "€/m²") else ""
    size = format_number(abs(figure.valeur), figure.decimales)
    return f"{size}{unit} de {'plus' if figure.valeur > 0 else 'moins'}"


def is_null(figure: Figure) -> bool:
    """Zero once rounded as it will be written."""
    return round_half_up(figure.valeur, figure.decimales) == 0


def enumerate_words(words: Iterable[str]) -> str:
    """« a », « a et b », « a, b et c »."""
    *others, last = list(words)
    return f"{', '.join(others)} et {last}" if others else last
