"""Files about persons are refused before anything is kept; a finding gives the column, never a value.

The layouts' allow-list comes first: a declared header is never suspected, an undeclared column is never stored. This is
the second fence, for a whole file that should not have been sent: hidden sheets, comments and pivot caches included.
What only looks like persons (a name, an address) may be answered for by a named person; what has their very numbers not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ozoir.ingestion.delivery import BLOQUANT, Finding, cell_name
from ozoir.ingestion.grids import Cell, Grid
from ozoir.ingestion.headers import normalise, read_text
from ozoir.ingestion.person_lists import find_headless_list, looks_like_persons
from ozoir.ingestion.personal_values import (
    BORN,
    CIVILITY,
    EMAIL,
    MOBILE,
    birth_share,
    has_valid_key,
    holds_nir,
    is_address,
    is_age,
    is_capitals,
    is_initials,
    is_jobseeker_number,
    is_person_name,
    is_phone,
    nir_digits,
)
from ozoir.ingestion.recognition import HEAD, Recognised, Unrecognised

_PERSON = (
    r"(?:locataires?|titulaire|jeunes?|allocataires?|demandeurs?|beneficiaires?|conjoint|enfants?|usagers?|referent|famille|"
    r"naissance|usage|individu|personne|assure|adherent|participant|parent|mere|pere)"
)
_BODY = r"(?:securite sociale|secu|ss|insee|caf|pe|pole emploi|france travail|i-?milo|dossier|identifiant pole emploi)"
_HEADERS = re.compile(
    rf"(?:nom|noms|prenom|prenoms)(?: (?:du |de la |de l'|de |d'|des )?{_PERSON}.*| patronymique| marital| usuel| complet| de jeune fille)?"
    r"|(?:nom|prenom)s? (?:et|/|-|,) ?(?:nom|prenom)s?|(?:nom|prenom) ?/ ?(?:nom|prenom)|nom prenom|prenom nom|patronyme|identite|civilite|initiales"
    r"|(?:date|dt|d)\.? ?(?:de |d')?naiss(?:ance)?\b.*|ne\(?e?\)? le|ddn|datenaissance"
    rf"|nir|(?:n°|no|num|numero|id|identifiant|code|matricule)\.? ?(?:de |d'|du |de l'|de la )?(?:{_BODY}|{_PERSON})(?: {_BODY}|{_PERSON})?"
    r"|matricule"
    r"|(?:n°|no|num|numero)?\.? ?(?:de )?(?:tel|telephone|portable|mobile|gsm)(?: .*)?"
    r"|(?:e-?mail|mail|courriel|adresse (?:mail|e-?mail|electronique))(?: .*)?"
    r"|adresse(?: (?:postale|complete|personnelle|du (?:locataire|jeune|domicile)).*)?"
)
_CONTACT = re.compile(
    r"(?:n°|no|num|numero)?\.? ?(?:de )?(?:tel|portable|mobile|e-?mail|mail|courriel|adresse|contact|service|fonction|structure|nom|prenom)"
)
_PLACE = re.compile(
    r".*\b(?:residence|immeuble|batiment|groupe|ecole|college|lycee|etablissement|equipement|structure|association|organisme|"
    r"employeur|entreprise|antenne|agence|quartier|qpv|secteur|iris|commune|programme|operation|ensemble immobilier|lieu|site)s?\b.*"
)
_NOT_BIRTH = re.compile(
    r".*\b(?:dpe|conv|convention|bail|construction|effet|entree|livraison|acquisition|mise|signature|depart|relocation|travaux|situation)\b.*"
)
_CODES = re.compile(r".*\b(?:siren|siret|uai|rne|code|finess|rna|montant|loyer)\b.*")
_SENTENCE_WORD = re.compile(r"^(?:de|des|du|dont|ayant|percevant|sans|avec|par|moins|plus|au|aux|en)$")
_TERRITORY = re.compile(r"Q[PN]\w{6}|\d{5}|2[AB]\d{3}|\d{9}")
_FEW, _LIST, _HALF, _MOST = 3, 10, 0.5, 0.8
_SAMPLE = 2000
_ADVICE = "Le fichier est refusé et n’est pas gardé\u00a0: demandez au partenaire des totaux, sans aucune donnée nominative."


@dataclass(frozen=True)
class Suspicion:
    """What is said of a column; is_sure: its cells have the very form of identifiers, nobody may answer for it."""

    finding: Finding
    is_sure: bool


def find_personal_data(grids: Iterable[Grid], sheets: Sequence[Recognised | Unrecognised]) -> list[Finding]:
    """One blocking finding per suspected column, on every sheet, hidden ones included."""
    return [suspicion.finding for suspicion in find_suspicions(grids, sheets)]


def find_suspicions(grids: Iterable[Grid], sheets: Sequence[Recognised | Unrecognised]) -> list[Suspicion]:
    """The same, with what may be answered for."""
    declared = {sheet.grid.name: sheet for sheet in sheets if isinstance(sheet, Recognised)}
    return [suspicion for grid in grids for suspicion in _inspect_sheet(grid, declared.get(grid.name))]


def _inspect_sheet(grid: Grid, sheet: Recognised | None) -> Iterator[Suspicion]:
    known = {column for columns in sheet.columns.values() for column in columns} if sheet else set()
    said: set[int] = set()
    for line, column in _nominative_headers(grid, sheet):
        if column not in known and column not in said:
            said.add(column)
            message = f"la colonne «\u00a0{grid.rows[line - 1][column - 1]}\u00a0» désigne des personnes. {_ADVICE}"
            yield Suspicion(Finding(BLOQUANT, message, grid.name, cell_name(line, column)), is_sure=False)
    distinct = set().union(*grid.rows)  # most files: their distinct values settle what millions of cells would
    for column, (kind, count) in sorted(_identifiers(grid, distinct).items()):
        yield _describe_column(grid, column, f"{count} cellules de cette colonne ont la forme {kind}.", is_sure=True)
    for column, (kind, is_sure) in _Columns(grid, known, sheet).suspects():
        if column not in said:
            yield _describe_column(grid, column, f"les cellules de cette colonne ont la forme {kind}.", is_sure)
    yield from _told_in_words(grid, distinct, known)


def _describe_column(grid: Grid, column: int, message: str, is_sure: bool) -> Suspicion:
    return Suspicion(Finding(BLOQUANT, f"{message} {_ADVICE}", grid.name, cell_name(1, column)), is_sure)


def _nominative_headers(grid: Grid, sheet: Recognised | None) -> Iterator[tuple[int, int]]:
    """Cells of the header row (of the first rows when it is not known) that read like a person's field, with cells below."""
    lines = [sheet.header.line] if sheet else range(1, min(HEAD, len(grid.rows)) + 1)
    for line in lines:
        row = grid.rows[line - 1]
        for column, cell in enumerate(row, 1):
            if not _is_nominative(cell):  # before the column below it is gathered: 100 000 cells each
                continue
            below = [value for value in grid.column(column, line + 1) if value != ""]
            if not below or _is_contact_line(grid, line) or _is_innocent(cell, row, below[:_SAMPLE]):
                continue
            if not (_is_place_name(cell) and _is_beside_codes(grid, line, column)):
                yield line, column


def _is_place_name(header: Cell) -> bool:
    """« Nom », « Nom usuel »: also what the name of a territory is called."""
    return _plain(header) in ("nom", "noms", "nom complet", "nom usuel")


def _is_nominative(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) < 60 and bool(_HEADERS.fullmatch(_plain(cell)))


def _plain(cell: Cell) -> str:
    return normalise(read_text(cell).replace("_", " ")).strip(" :*.")


def _is_contact_line(grid: Grid, line: int) -> bool:
    """« Téléphone : 01 64 … » among the titles: a label and its value, followed by another or by nothing."""
    filled = [cell for cell in grid.rows[line - 1] if cell != ""]
    if len(filled) != 2:
        return False
    if any(is_phone(cell) or is_address(cell) or EMAIL.search(read_text(cell)) for cell in filled):
        return True
    following = next((cell for cell in (grid.rows[line] if line < len(grid.rows) else ()) if cell != ""), "")
    return not _is_nominative(filled[1]) and (following == "" or bool(_CONTACT.fullmatch(_plain(following))))


def _is_beside_codes(grid: Grid, line: int, column: int) -> bool:
    """Next to a column of territories' codes, never twice the same, nor twice one name: a row is a territory, not a person."""
    names = [cell for cell in grid.column(column, line + 1)[:_SAMPLE] if cell != ""]
    for beside in (column - 1, column + 1):
        if not 1 <= beside <= grid.width or len(set(names)) < len(names):
            continue
        cells = [read_text(cell).upper() for cell in grid.column(beside, line + 1)[:_SAMPLE] if cell != ""]
        codes = [cell for cell in cells if _TERRITORY.fullmatch(cell)]
        if len(codes) >= 2 and len(codes) >= _HALF * len(cells) and len(set(codes)) == len(codes):
            return True
    return False


def _is_innocent(header: Cell, row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """A header which may also name places or indicators, over cells which do."""
    plain = _plain(header)
    if plain.startswith(("nom", "noms")) and " " not in plain:
        return sum(map(_reads_like_a_label, below)) >= 0.6 * len(below)
    if (plain.startswith("adresse") and "mail" not in plain and "electronique" not in plain) or re.match(
        r"(?:n° de |numero de )?tel", plain
    ):
        others = [_plain(cell) for cell in row if cell is not header]
        is_of_places = any(_PLACE.fullmatch(text) for text in others)
        return is_of_places and not any(_HEADERS.fullmatch(text) and not _CONTACT.match(text) for text in others if text)
    return False


def _reads_like_a_label(cell: Cell) -> bool:
    """A place or an indicator: digits, a word of a sentence, four words or more, or a place's first word."""
    words = _plain(cell).split()
    if is_person_name(cell):
        return False
    has_sentence = any(_SENTENCE_WORD.match(word) for word in words[1:]) or len(words) >= 4
    return has_sentence or any(letter.isdigit() for letter in read_text(cell)) or bool(_PLACE.fullmatch(" ".join(words)))


def _identifiers(grid: Grid, distinct: set[Cell]) -> dict[int, tuple[str, int]]:
    """Column → (what its cells look like, how many): social security numbers, e-mail addresses."""
    like_nir: dict[int, list[bool]] = {}
    emails: dict[int, int] = {}
    if not any(map(_may_identify, distinct)):
        return {}
    for row in grid.rows:
        for column, cell in enumerate(row, 1):
            kind = type(cell)
            if kind is str and len(cell) >= 6:
                if "@" in cell and EMAIL.search(cell):
                    emails[column] = emails.get(column, 0) + 1
                elif len(cell) >= 15 and cell[0] in "123478" and (digits := nir_digits(cell)):
                    like_nir.setdefault(column, []).append(has_valid_key(digits))
            elif kind is float and cell >= 1e14 and (digits := nir_digits(cell)):
                like_nir.setdefault(column, []).append(has_valid_key(digits))
    # a contact or two at the foot of a table is no list of persons
    found = {column: ("d’adresses électroniques", count) for column, count in emails.items() if count >= _FEW}
    # one number in two hundred has a right key by chance: a column of other identifiers stays below half
    found |= {
        column: ("de numéros de sécurité sociale", sum(valid))
        for column, valid in like_nir.items()
        if 2 * sum(valid) > len(valid)
    }
    return found


def _may_identify(cell: Cell) -> bool:
    """Whether a value could be counted below: an at sign, or fifteen digits and more."""
    if type(cell) is str:
        return "@" in cell or (len(cell) >= 15 and cell[0] in "123478")
    return type(cell) is float and cell >= 1e14


class _Columns:
    """The undeclared columns of a sheet, judged on their first cells and, when it is there, on their header."""

    def __init__(self, grid: Grid, known: set[int], sheet: Recognised | None) -> None:
        self.grid, self.sheet = grid, sheet
        self.columns = [column for column in range(1, min(grid.width, 300) + 1) if column not in known]
        self.first = sheet.header.line + 1 if sheet else 1
        self.cells = {column: [cell for cell in self._sample(column) if cell != ""] for column in self.columns}

    def _sample(self, column: int) -> list[Cell]:
        return [row[column - 1] for row in self.grid.rows[self.first - 1 : self.first - 1 + _SAMPLE]]

    def _heads(self, column: int) -> list[str]:
        """The texts above the cells: the header when it is known, else the first texts of the column."""
        lines = [self.sheet.header.line] if self.sheet else range(1, min(HEAD, len(self.grid.rows)) + 1)
        texts = [_plain(cell) for line in lines if isinstance(cell := self.grid.rows[line - 1][column - 1], str) and cell]
        return texts[:3]

    def suspects(self) -> Iterator[tuple[int, tuple[str, bool]]]:
        ages = [column for column in self.columns if self._is_age_column(column)]
        for column in self.columns:
            kind = self._kind(column, bool(set(ages) - {column}))
            if kind:
                yield column, kind
        if not self.sheet and (sexes := self._one_row_per_person(ages)):
            yield sexes, ("d’une liste de personnes (un sexe et un âge par ligne, aucun effectif)", False)
        if not self.sheet and (names := find_headless_list(self.cells)):
            yield names, ("d’une liste de noms sans en-tête, sans rien de compté", False)

    def _kind(self, column: int, has_ages: bool) -> tuple[str, bool] | None:
        if len(self.cells[column]) < _FEW:
            return None
        heads = self._heads(column)
        is_of_places, is_coded = any(map(_PLACE.fullmatch, heads)), any(map(_CODES.fullmatch, heads))
        if not is_of_places and self._share(column, is_person_name) >= _HALF and self._distinct(column, is_person_name) >= _FEW:
            return "de noms de personnes", False
        if not is_of_places and not self._has_place_column() and looks_like_persons(self.cells[column]):
            return "de noms de famille", False
        if self._share(column, is_phone) >= _HALF and not is_coded and not is_of_places and not self._has_place_column():
            return "de numéros de téléphone", True
        if self._share(column, is_jobseeker_number) >= _HALF and not is_coded and not is_of_places:
            return "d’identifiants de demandeurs d’emploi", True
        if not any(map(_NOT_BIRTH.fullmatch, heads)) and birth_share(self.cells[column]) >= 0.6:
            return "de dates de naissance", False
        if self._share(column, is_address) >= _HALF and not is_of_places and not self._has_place_column():
            return "d’adresses", False
        if self._share(column, is_initials) >= _HALF:
            return "d’initiales", False
        if (
            has_ages
            and self._share(column, is_capitals) >= 0.6
            and self._distinct(column, is_capitals) >= 0.6 * len(self.cells[column])
        ):
            return "d’initiales, avec des âges à côté", False
        return None

    def _share(self, column: int, test: Callable[[Cell], bool]) -> float:
        cells = self.cells[column]
        return sum(map(test, cells)) / len(cells)

    def _distinct(self, column: int, test: Callable[[Cell], bool]) -> int:
        return len({cell for cell in self.cells[column] if test(cell)})

    def _has_place_column(self) -> bool:
        return any(_PLACE.fullmatch(head) for column in self.columns for head in self._heads(column)[:1])

    def _is_age_column(self, column: int) -> bool:
        cells = self.cells[column]
        is_named = any(re.fullmatch(r"age(?: .*)?", head) for head in self._heads(column))
        return (
            len(cells) >= _FEW
            and self._share(column, is_age) >= (0.6 if is_named else 0.95)
            and (is_named or self._is_headless(column))
        )

    def _is_headless(self, column: int) -> bool:
        return is_age(self.cells[column][0])

    def _one_row_per_person(self, ages: list[int]) -> int:
        """The column of sexes of a sheet whose only other numbers are ages; 0 when there is none."""
        words = {"f", "h", "m", "femme", "homme", "feminin", "masculin", "femmes", "hommes"}
        sexes = [
            column
            for column in self.columns
            if len(self.cells[column]) >= _LIST and self._share(column, lambda cell: _plain(cell) in words) >= _MOST
        ]
        counted = [
            column
            for column in self.columns
            if column not in ages
            and self.cells[column]
            and self._share(column, lambda cell: isinstance(cell, (int, float))) >= _HALF
        ]
        return sexes[0] if sexes and ages and not counted else 0


def _told_in_words(grid: Grid, distinct: set[Cell], known: set[int]) -> Iterator[Suspicion]:
    """Sentences about persons in undeclared cells, comments or notes: a number with its key, a birth, people named in numbers."""
    telling = {cell: kind for cell in distinct if type(cell) is str and len(cell) >= 10 and (kind := _personal_words(cell))}
    if not telling:
        return
    named: dict[str, list[str]] = {_CIVIL: [], _MOBILE: []}
    for line, row in enumerate(grid.rows, 1):
        for column, cell in enumerate(row, 1):
            if type(cell) is not str or cell not in telling or column in known:
                continue
            kinds, place = telling[cell], cell_name(line, column)
            if _NIR in kinds:
                message = f"ce texte contient un numéro de sécurité sociale. {_ADVICE}"
                yield Suspicion(Finding(BLOQUANT, message, grid.name, place), is_sure=True)
            elif _BIRTH in kinds:
                message = f"ce texte donne une date de naissance. {_ADVICE}"
                yield Suspicion(Finding(BLOQUANT, message, grid.name, place), is_sure=False)
            for kind in kinds & named.keys():
                named[kind].append(place)
    civil, mobiles = map(len, named.values())
    if civil >= _FEW or mobiles >= _FEW or (civil and mobiles and grid.is_hidden):
        where = (named[_CIVIL] or named[_MOBILE])[0]
        yield Suspicion(Finding(BLOQUANT, f"des textes nomment des personnes. {_ADVICE}", grid.name, where), is_sure=False)


_NIR, _BIRTH, _CIVIL, _MOBILE = "nir", "naissance", "civilité", "mobile"


def _personal_words(text: str) -> set[str]:
    """What a text says of persons: the first of a number with its key or a birth, else how it names them."""
    if len(text) > 15 and holds_nir(text) and not nir_digits(text):
        return {_NIR}
    if len(text) > 12 and BORN.search(normalise(text)):
        return {_BIRTH}
    kinds = {_CIVIL} if "M" in text and CIVILITY.search(text) else set()
    return kinds | ({_MOBILE} if len(text) > 10 and MOBILE.search(text) and not is_phone(text) else set())
