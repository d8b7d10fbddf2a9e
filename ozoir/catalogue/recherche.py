"""Finding what is declared by words typed in a hurry: accents, case, plurals, everyday words and typing errors forgiven."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from math import log

from ozoir.catalogue.toml_reading import read_toml
from ozoir.paths import CATALOGUE

_WORD = re.compile(r"[a-z0-9]+")
_EMPTY_WORDS = (
    "a au aux avec ce ces d dans de des du elle en et il ils l la le les leur leurs lui m n ne on ou par parmi pas pour qu "
    "que qui quel quelle s sa se ses son sur un une vers y"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
# Where a word was found → what it is worth.
_SIGLE, _TITLE, _BREAKDOWN, _TEXT = 6.0, 4.0, 1.6, 1.0
_EXACT, _BEGINNING, _SYNONYM, _NEAR = 1.0, 0.8, 0.7, 0.5
_SHORTEST_BEGINNING, _SHORTEST_NEAR = 3, 4
_LIKENESS = 0.79  # one slip in a word of five letters, two letters swapped in one of six
_WHOLE_PHRASE = 8.0


@dataclass(frozen=True)
class Fiche:
    """One thing that can be found.

    texte: shown under the title; sigle: short names; mots: searched besides; detail: breakdown → its words.
    """

    genre: str
    id: str
    titre: str
    texte: str = ""
    mots: str = ""
    sigle: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouvaille:
    """A record and how well it answers; decoupage: the breakdown under which it shows a word of the question."""

    fiche: Fiche
    score: float
    decoupage: str = ""


def words_of(text: str) -> list[str]:
    """The words that count, without accent, case or plural."""
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [_singular(word) for word in _WORD.findall(plain) if word not in _EMPTY]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


@lru_cache(maxsize=1)
def load_synonyms() -> dict[str, list[list[str]]]:
    """Everyday word → the expressions, as words, which say it here."""
    declared = read_toml(CATALOGUE / "recherche.toml")["synonymes"]
    return {word: [words_of(text) for text in texts] for word, texts in declared.items()}


class Index:
    """Records, ready to be searched: each word of each record with what it is worth there."""

    def __init__(self, fiches: Iterable[Fiche]) -> None:
        self._fiches = tuple(fiches)
        self._titles = [" ".join(words_of(fiche.titre)) for fiche in self._fiches]
        self._places: list[dict[str, tuple[float, str]]] = [_places(fiche) for fiche in self._fiches]
        self._counts = Counter(word for places in self._places for word in places)

    def search(self, question: str) -> list[Trouvaille]:
        """The best first. All its words are asked for; when nothing has them all, as many as possible, half at least."""
        asked = list(dict.fromkeys(words_of(question)))[:12]
        if not asked:
            return []
        readings = [self._readings(word) for word in asked]
        found = []
        for rank, places in enumerate(self._places):
            hits = [hit for reading in readings if (hit := _best(reading, places))]
            if hits:
                score = sum(value for value, _ in hits) + (_WHOLE_PHRASE if " ".join(asked) in self._titles[rank] else 0.0)
                detail = next((name for _, name in hits if name), "")
                found.append((len(hits), Trouvaille(self._fiches[rank], score, detail)))
        most = max((count for count, _ in found), default=0)
        if most * 2 < len(asked):
            return []
        return sorted((item for count, item in found if count == most), key=lambda item: (-item.score, item.fiche.titre))

    def _readings(self, word: str) -> list[tuple[list[str], float]]:
        """What a typed word may stand for: words to be found together, and how far that is from what was typed."""
        readings = [([word], _EXACT * self._rarity(word))] if word in self._counts else []
        if len(word) >= _SHORTEST_BEGINNING:
            longer = [known for known in self._counts if known != word and known.startswith(word)]
            readings += [([known], _BEGINNING * self._rarity(known)) for known in longer]
        words = [word]
        if not readings:
            words = self._near(word)
            readings = [([known], _NEAR * self._rarity(known)) for known in words if known in self._counts]
        for known in words:
            for phrase in load_synonyms().get(known, []):
                readings.append((phrase, _SYNONYM * max((self._rarity(part) for part in phrase), default=0.0)))
        return readings

    def _near(self, word: str) -> list[str]:
        if len(word) < _SHORTEST_NEAR:
            return []
        vocabulary = {*self._counts, *load_synonyms()}
        alike = [known for known in vocabulary if abs(len(known) - len(word)) <= 2 and known[0] in word[:2]]
        return get_close_matches(word, sorted(alike), n=3, cutoff=_LIKENESS)

    def _rarity(self, word: str) -> float:
        """A word which is everywhere tells little."""
        return 0.5 + log(1 + len(self._fiches) / (1 + self._counts[word]))


def _places(fiche: Fiche) -> dict[str, tuple[float, str]]:
    """Word → its best place in the record, and the breakdown that shows it."""
    places: dict[str, tuple[float, str]] = {}
    texts: Sequence[tuple[str, float, str]] = (
        (fiche.sigle, _SIGLE, ""),
        (fiche.titre, _TITLE, ""),
        *((words, _BREAKDOWN, name) for name, words in fiche.detail.items()),
        (f"{fiche.texte} {fiche.mots}", _TEXT, ""),
    )
    for text, weight, name in texts:
        for word in words_of(text):
            places.setdefault(word, (weight, name))
    return places


def _best(reading: list[tuple[list[str], float]], places: dict[str, tuple[float, str]]) -> tuple[float, str] | None:
    """The most valuable way this record answers one typed word: value and breakdown."""
    values = []
    for phrase, quality in reading:
        hits = [places[part] for part in phrase if part in places]
        if len(hits) == len(phrase):
            worst = min(hits)
            values.append((worst[0] * quality, worst[1]))
    return max(values, default=None)
