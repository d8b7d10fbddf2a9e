"""What a column probably holds, best first: from its header, its cells, and every layout known so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import zip_longest

from ozoir.catalogue.libelles import describe_cle
from ozoir.catalogue.loading import Catalogue
from ozoir.catalogue.model import ENSEMBLE, parse_cle
from ozoir.ingestion.dates import ImpossibleDate, mark_periods, parse_date
from ozoir.ingestion.headers import PERIOD, nest, normalise, read_text, year_variants
from ozoir.ingestion.mapping import (
    COMMUNE,
    DATE,
    DEPARTEMENT,
    DIMENSION,
    EPCI,
    FRANCE,
    LIBELLE,
    MESURE,
    QUARTIER,
    REGION,
    TERRITOIRE,
)
from ozoir.ingestion.previews import SheetPreview
from ozoir.numbers import parse_number

_HEAD, _KEPT = 30, 5
_CODE = re.compile(r"Q[PN]\w{6}|\d{5}|2[AB]\d{3}|\d{9}")
_SHORT_CODE = re.compile(r"\d{1,2}|2[AB]|97\d")
_CODE_HEADER = re.compile(r"\b(?:code|codgeo|dep|departement|reg|region)\b")
_PLACE_HEADERS = {"commune", "territoire", "quartier", "qpv", "zone", "departement", "region", "epci", "secteur"}
_NOISE = {
    "de",
    "des",
    "du",
    "la",
    "le",
    "les",
    "l",
    "d",
    "et",
    "en",
    "au",
    "aux",
    "a",
    "nombre",
    "nb",
    "effectif",
    "dont",
    "total",
    "ensemble",
    "par",
    "sur",
    "pour",
}
_ABBREVIATIONS = {
    "f": "femmes",
    "h": "hommes",
    "defm": "demandeurs",
    "de": "de",
    "alloc": "allocataires",
    "lgt": "logements",
    "lgts": "logements",
    "tx": "taux",
    "pop": "population",
    "nb": "nombre",
}
_SAME, _ENOUGH, _VAGUE, _ALIKE = 100.0, 30.0, 40.0, 0.7


@dataclass(frozen=True)
class Suggestion:
    """contenu: as in mapping.Colonne. raison: why, in French."""

    contenu: str
    score: float
    raison: str


@dataclass(frozen=True)
class Proposal:
    """One column of a sheet: its header, some of its cells, and what it may hold."""

    rang: int
    entete: str
    exemples: tuple[str, ...]
    textes: tuple[str, ...]  # distinct texts, when the column holds words
    suggestions: tuple[Suggestion, ...]


def guess_header(sheet: SheetPreview) -> int:
    """The line which reads most like a header: many different words, numbers below."""
    best, chosen = -1.0, 1
    rows = [row for row in sheet.lignes if row[0] <= _HEAD]
    for (line, texts), (_, below) in zip(rows, [*rows[1:], (0, ())], strict=True):
        texts = _periods_as_words(texts)
        words = [text for text in texts if text and parse_number(text) is None]
        numbers = sum(parse_number(text) is not None for text in below if text)
        score = (
            len(set(words)) + 1.5 * min(numbers, len(words)) - 2 * sum(parse_number(text) is not None for text in texts if text)
        )
        if len(words) >= 2 and score > best:
            best, chosen = score, line
    return chosen


def _periods_as_words(texts: Sequence[str]) -> Sequence[str]:
    """« 2018 | 2019 | 2020 » are headers: all the numbers of the line are years which follow one another."""
    numbers = [text for text in texts if text and parse_number(text) is not None]
    years = [int(text) for text in numbers if re.fullmatch(r"(?:19|20)\d{2}", text)]
    if len(years) != len(numbers) or len(years) < 2:
        return texts
    distinct = list(dict.fromkeys(years))
    is_series = distinct == sorted(distinct) and distinct[-1] - distinct[0] < 40
    return [f"année {text}" if text in numbers else text for text in texts] if is_series else texts


def read_headers(sheet: SheetPreview, line: int, is_nested: bool) -> list[str]:
    """The headers of the columns; two lines of them make « Femmes > Moins de 25 ans »."""
    width = min(sheet.largeur, max((len(texts) for _, texts in sheet.lignes), default=0))
    texts = [*sheet.rows.get(line, ()), *[""] * width][:width]
    above = [*sheet.rows.get(line - 1, ()), *[""] * width][:width]
    return nest(above, texts) if is_nested and line > 1 else texts


def propose(sheet: SheetPreview, line: int, is_nested: bool, catalogue: Catalogue, statistique: str) -> list[Proposal]:
    """One proposal per column which has a header."""
    headers = read_headers(sheet, line, is_nested)
    below = [texts for number, texts in sheet.lignes if number > line]
    known = _Known(catalogue, statistique)
    columns = [[cell for cell in column if cell] for column in zip_longest(*below, fillvalue="")]
    has_places = any(
        known.place_of(header) and _share(cells, _is_number) >= 0.4 and not _are_codes(header, cells)
        for header, cells in zip(headers, columns, strict=False)
    )
    known.has_codes = any(map(known.holds_territories, columns))
    above = [text for number, texts in sheet.lignes if number < line for text in texts if text]
    known.title = above[0] if above else sheet.nom
    is_dated = sum(mark_periods(header, PERIOD).strip() == PERIOD for header in headers) >= 2
    if is_dated and not has_places and not known.has_codes:
        known.whole = known.place_in([sheet.nom, *above])
        has_places = True
    proposals = []
    for rank, header in enumerate(headers, 1):
        cells = [texts[rank - 1] for texts in below if rank <= len(texts) and texts[rank - 1]]
        if not header or not cells:
            continue
        words = tuple(dict.fromkeys(cell for cell in cells if parse_number(cell) is None))
        suggestions = known.rank(header, cells, has_places)
        proposals.append(Proposal(rank, header, tuple(cells[:3]), words[:40], suggestions))
    return proposals


def suggest_key(text: str, catalogue: Catalogue, statistique: str, cells: Sequence[str] = ()) -> tuple[Suggestion, ...]:
    """Fact keys a label may stand for, best first."""
    return _Known(catalogue, statistique).keys(text, cells)


def match_modalities(texts: Iterable[str], dimension: str, catalogue: Catalogue) -> dict[str, str]:
    """Text → modality (or « ensemble »), for those the catalogue or a known layout reads."""
    accepted = _accepted(catalogue, dimension)
    return {text: accepted[normalise(text)] for text in texts if normalise(text) in accepted}


def list_keys(catalogue: Catalogue) -> list[str]:
    """Every fact key that a layout or a measure names, in the order of their words."""
    keys = {
        str(parse_cle(cle))
        for source in catalogue.sources.values()
        for tableau in source.tableaux
        for bloc in tableau.blocs
        for cle in bloc.colonnes.values()
    }
    keys |= set(catalogue.mesures)
    return sorted(keys, key=lambda key: normalise(describe_cle(catalogue, parse_cle(key))))


def _accepted(catalogue: Catalogue, dimension: str) -> dict[str, str]:
    accepted: dict[str, str] = {}
    for source in catalogue.sources.values():
        for tableau in source.tableaux:
            for column in tableau.dimensions:
                if column.dimension == dimension:
                    accepted |= {normalise(text): target for text, target in column.valeurs.items()}
    if dimension != MESURE:
        labels = catalogue.dimensions[dimension].modalites
        accepted |= {normalise(word): modality for modality, label in labels.items() for word in (modality, label)}
        accepted |= dict.fromkeys(("ensemble", "total", "tous", "toutes"), ENSEMBLE)
    return accepted


class _Known:
    """What is known so far, indexed for one question after another."""

    def __init__(self, catalogue: Catalogue, statistique: str) -> None:
        self.catalogue = catalogue
        self.statistique = statistique
        self.headers: dict[
            str, list[tuple[str, str, str]]
        ] = {}  # normalised header → (key, statistical source, layout's title)
        for source in catalogue.sources.values():
            for tableau in source.tableaux:
                for bloc in tableau.blocs:
                    for name, cle in [
                        *bloc.colonnes.items(),
                        *((old, bloc.colonnes.get(new, "")) for old, new in bloc.anciens_noms.items()),
                    ]:
                        if cle:
                            self.headers.setdefault(normalise(name), []).append(
                                (str(parse_cle(cle)), bloc.source, source.titre)
                            )
        keys = list_keys(catalogue)
        spellings = {key: {_words(describe_cle(catalogue, parse_cle(key))), _words(re.sub(r"\w+=", " ", key))} for key in keys}
        for header, named in self.headers.items():
            for key, _, _ in named:
                spellings[key].add(_words(header))
        self.labels = {key: [words for words in found if words] for key, found in spellings.items()}
        self.own = {key for found in self.headers.values() for key, owner, _ in found if owner == statistique}
        territoire = catalogue.territoire
        self._places = {
            _place_name(name): QUARTIER
            for name in ("qpv", "quartier", territoire.nom_quartier, *territoire.alias_quartier, *territoire.codes_quartier)
        }
        self._places |= {
            _place_name(name): COMMUNE
            for name in ("commune", territoire.nom_commune, *territoire.alias_commune, territoire.code_commune)
        }
        self._places |= {_place_name(name): EPCI for name in ("epci", territoire.nom_epci) if name}
        self._places |= {"departement": DEPARTEMENT, "region": REGION, "france": FRANCE, "france entiere": FRANCE}
        self.whole = ""  # the territory of a table whose columns are dates
        self.has_codes = False  # a column of codes says which territory a row speaks of
        self.title = ""  # what is written above the header
        self._breakdown_words = {
            word for name in ("sexe", "age") for text in catalogue.dimensions[name].modalites.values() for word in _words(text)
        }

    def place_of(self, header: str) -> str:
        """One of LIEUX when a header is its name, with or without a date."""
        parts = [part.strip(" >:–-") for part in mark_periods(header, PERIOD).split(PERIOD)]
        return self._places.get(_place_name(header)) or self._places.get(_place_name(" ".join(parts)), "")

    def place_in(self, texts: Iterable[str]) -> str:
        """The territory that titles speak of; the quartier when they name none."""
        plain = " ".join(map(_place_name, texts))
        named = [place for name, place in self._places.items() if re.search(rf"\b{re.escape(name)}\b", plain)]
        return next((place for place in (QUARTIER, COMMUNE, EPCI, DEPARTEMENT, REGION, FRANCE) if place in named), QUARTIER)

    def holds_territories(self, cells: Sequence[str]) -> bool:
        """Codes or names in most cells, the total and the notes under the table apart."""
        found = sum(bool(_CODE.fullmatch(cell.upper().replace(" ", ""))) or bool(self.place_of(cell)) for cell in cells)
        return found >= 0.6 * len(cells) or (found >= 2 and found >= 0.35 * len(cells)) if cells else False

    def rank(self, header: str, cells: Sequence[str], has_places: bool) -> tuple[Suggestion, ...]:
        found = [*self._structure(header, cells, has_places), *self.keys(header, cells)]
        return tuple(sorted(found, key=lambda item: -item.score)[:_KEPT])

    def _structure(self, header: str, cells: Sequence[str], has_places: bool) -> Iterable[Suggestion]:
        """Territory, date, breakdown: what the cells themselves show."""
        is_coded = _are_codes(header, cells)
        if place := self.place_of(header):
            if _share(cells, _is_number) >= 0.4 and not is_coded:
                yield Suggestion(place, 120.0, "l’intitulé est le nom du territoire, les cellules sont des nombres")
        elif self.whole and mark_periods(header, PERIOD).strip() == PERIOD:
            yield Suggestion(self.whole, 105.0, "une colonne par date, un seul territoire")
        if self.holds_territories(cells) or is_coded:
            yield Suggestion(TERRITOIRE, 130.0 if is_coded else 110.0, "des codes ou des noms de territoires")
        elif not self.has_codes and normalise(header) in _PLACE_HEADERS and any(map(self.place_of, cells)):
            yield Suggestion(TERRITOIRE, 100.0, "l’intitulé d’une colonne de territoires")
        if _share(cells, _is_date) >= 0.8 and len(set(cells)) <= max(12, len(cells) // 2):
            yield Suggestion(DATE, 100.0, "des dates ou des années")
        texts = {cell for cell in cells if parse_number(cell) is None}
        if texts and len(texts) >= 0.5 * len(set(cells)):
            yield from self._dimensions(texts, has_places)

    def _dimensions(self, texts: set[str], has_places: bool) -> Iterable[Suggestion]:
        for dimension in (*self.catalogue.dimensions, MESURE):
            share = len(match_modalities(texts, dimension, self.catalogue)) / len(texts)
            if share >= 0.5:
                content = MESURE if dimension == MESURE else DIMENSION + dimension
                title = "mesures" if dimension == MESURE else self.catalogue.dimensions[dimension].titre
                yield Suggestion(content, 95.0 * share, f"des modalités connues\u00a0: {title}")
        if has_places:
            yield Suggestion(LIBELLE, 90.0, "des libellés, à côté de colonnes de territoires")

    def keys(self, header: str, cells: Sequence[str]) -> tuple[Suggestion, ...]:
        """Fact keys for a header of numbers: known headers first, then words in common."""
        if cells and _share(cells, _is_number) < 0.3:
            return ()
        plain = normalise(header)
        scores: dict[str, tuple[float, str]] = {}
        for spelling in (plain, *(template for template, _ in year_variants(plain))):
            for key, owner, title in self.headers.get(spelling, ()):
                score = _SAME + (15 if owner == self.statistique else 0)
                scores[key] = max(scores.get(key, (0.0, "")), (score, f"même intitulé dans «\u00a0{title}\u00a0»"))
        asked = _words(mark_periods(header, " ")) or _words(mark_periods(self.title, " "))
        ceiling = 92.0 if set(asked) - self._breakdown_words else _VAGUE  # « Femmes » alone: of what?
        for key, spellings in self.labels.items():
            score = max((_likeness(asked, words) for words in spellings), default=0.0)
            score += (8 if key in self.own else 0) + (2 if ";" not in key else 0)
            if score >= _ENOUGH:
                scores[key] = max(scores.get(key, (0.0, "")), (min(score, ceiling), "intitulé proche"))
        fitting = [Suggestion(key, score - self._misfit(key, cells), reason) for key, (score, reason) in scores.items()]
        return tuple(sorted((item for item in fitting if item.score > 0), key=lambda item: (-item.score, item.contenu))[:_KEPT])

    def _misfit(self, key: str, cells: Sequence[str]) -> float:
        """Points lost when the cells contradict the measure's nature."""
        numbers = [number for cell in cells[:200] if (number := parse_number(cell)) is not None]
        nature = self.catalogue.mesures[parse_cle(key).mesure].nature
        has_decimals = any(number != int(number) for number in numbers)
        if nature == "effectif" and has_decimals:
            return 40.0
        if nature == "taux" and numbers and (max(numbers) > 100 or (not has_decimals and max(numbers) > 60)):
            return 25.0
        return 0.0


def _are_codes(header: str, cells: Sequence[str]) -> bool:
    """Codes of territories, short ones included when the header says that they are."""
    is_said = bool(_CODE_HEADER.search(normalise(header)))
    coded = _share(cells, lambda cell: bool(_CODE.fullmatch(cell.upper()) or (is_said and _SHORT_CODE.fullmatch(cell))))
    return is_said and coded >= 0.6


def _is_number(cell: str) -> bool:
    return parse_number(cell) is not None


def _share(cells: Sequence[str], test) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _is_date(cell: str) -> bool:
    try:
        return parse_date(cell) is not None
    except ImpossibleDate:
        return False


def _place_name(text: str) -> str:
    return " ".join(normalise(text).replace("-", " ").split())


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    """The words which count, without their plural."""
    found = re.findall(r"[a-z0-9]+", normalise(read_text(text)).replace("_", " "))
    spelled = [_ABBREVIATIONS.get(word, word) for word in found]
    return tuple(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in spelled if word not in _NOISE)


def _likeness(asked: tuple[str, ...], words: tuple[str, ...]) -> float:
    """0 to 90: words in common, near spellings counted for a part."""
    if not asked or not words:
        return 0.0
    common = 0.0
    for word in asked:
        if word in words:
            common += 1
        elif len(word) >= 4:
            near = max((SequenceMatcher(None, word, other).ratio() for other in words if other[:2] == word[:2]), default=0.0)
            common += 0.8 * near if near >= _ALIKE else 0.0
    return 90 * 2 * common / (len(asked) + len(words))
