"""Which declared table a sheet is: the header row found, its columns named, or the nearest layout and its differences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from ozoir.ingestion.dates import replace_periods
from ozoir.ingestion.delivery import Finding
from ozoir.ingestion.grids import Grid
from ozoir.ingestion.headers import PERIOD, matches, nest, normalise, read_text, year_variants
from ozoir.ingestion.layouts import TRANSPOSE, Layout

HEAD = 30
_LONGEST_HEADER = 300  # longer, it is a note: one variant for each of its digits would take minutes
_CODE = re.compile(r"q[pn]\w{6}")  # a quartier's, as headers are compared
_NEAR = 0.5  # share of a signature from which a layout is worth naming


@dataclass(frozen=True)
class HeaderRow:
    """One row read as headers. places: normalised header, or its {aa} or {date} template → (column, its year or date)."""

    line: int
    texts: tuple[str, ...]
    places: dict[str, tuple[tuple[int, str], ...]]


@dataclass(frozen=True)
class Recognised:
    """A sheet that is a declared table.

    columns: declared header → its columns (1-based). years: « 15 » of Q215. periods: column → what stands for its {date}.
    """

    layout: Layout
    grid: Grid
    header: HeaderRow
    columns: dict[str, tuple[int, ...]]
    years: frozenset[str]
    unknown: tuple[int, ...]
    periods: dict[int, str] = field(default_factory=dict)

    @property
    def first_line(self) -> int:
        return self.header.line + 1

    def column(self, *names: str) -> int:
        """The column of the first of these headers that stands there; 0 when none does."""
        return next((self.columns[name][0] for name in names if name in self.columns), 0)

    def header_text(self, column: int) -> str:
        return self.header.texts[column - 1]


@dataclass(frozen=True)
class Unrecognised:
    """A sheet that is no declared table, or several (candidates); nearest: the layout most like it, and how it differs."""

    grid: Grid
    candidates: tuple[Layout, ...] = ()
    nearest: Layout | None = None
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    suggestions: tuple[tuple[str, str], ...] = field(default=())


def recognise(grid: Grid, layouts: list[Layout]) -> Recognised | Unrecognised:
    """The layout whose signature stands in one of the first rows and which explains most headers; a tie is no answer."""
    found: list[tuple[tuple[int, int], Recognised]] = []
    rows = _header_rows(grid, layouts)
    for layout in layouts:
        best = None
        for plain, nested in rows:
            row = nested if layout.is_nested else plain
            if row and _fits(layout, row, grid):
                candidate = _name_columns(layout, row, grid)
                score = (sum(map(len, candidate.columns.values())) + _count_labels(candidate), len(layout.signature))
                if best is None or score > best[0]:
                    best = (score, candidate)
        if best:
            found.append(best)
    if not found:
        return _describe_nearest(grid, layouts, [row for pair in rows for row in pair if row])
    top = max(score for score, _ in found)
    winners = [candidate for score, candidate in found if score == top]
    if len(winners) > 1:
        return Unrecognised(grid, candidates=tuple(winner.layout for winner in winners))
    return winners[0]


def _header_rows(grid: Grid, layouts: list[Layout]) -> list[tuple[HeaderRow, HeaderRow | None]]:
    """Each of the first rows as headers, alone and under the row above it."""
    is_nested = any(layout.is_nested for layout in layouts)
    has_years = any(layout.has_years for layout in layouts)
    has_periods = any(layout.has_periods for layout in layouts)
    rows, above = [], None
    for line, row in enumerate(grid.rows[:HEAD], 1):
        texts = [read_text(cell) for cell in row]
        nested = _header_row(line, nest(above, texts), has_years, has_periods) if is_nested and above else None
        rows.append((_header_row(line, texts, has_years, has_periods), nested))
        above = texts
    return rows


def _header_row(line: int, texts: list[str], has_years: bool, has_periods: bool) -> HeaderRow:
    places: dict[str, list[tuple[int, str]]] = {}
    for column, text in enumerate(texts, 1):
        if not text:
            continue
        header = normalise(text)
        places.setdefault(header, []).append((column, ""))
        if len(header) > _LONGEST_HEADER:
            continue
        for template, year in year_variants(header) if has_years else ():
            places.setdefault(template, []).append((column, year))
        template, period = replace_periods(header, PERIOD) if has_periods else ("", "")
        if period:
            places.setdefault(template, []).append((column, period))
    return HeaderRow(line, tuple(texts), {name: tuple(columns) for name, columns in places.items()})


def _fits(layout: Layout, row: HeaderRow, grid: Grid) -> bool:
    if layout.absent & row.places.keys():
        return False
    if layout.tableau.feuilles and grid.name and not any(matches(name, grid.name) for name in layout.tableau.feuilles):
        return False
    missing = {name for name, spellings in layout.signature if not spellings & row.places.keys()}
    if missing and not (missing <= set(layout.tableau.territoire.colonnes) and _has_coded_columns(layout, row, grid)):
        return False
    return not layout.tableau.titre or any(matches(layout.tableau.titre, text) for text in _texts_above(grid, row.line))


def _has_coded_columns(layout: Layout, row: HeaderRow, grid: Grid) -> bool:
    """A row per measure, and the codes of quartiers as headers: « QPV » would not say which one of several."""
    if layout.tableau.forme != TRANSPOSE or not any(_CODE.fullmatch(header) for header in row.places):
        return False
    _, spellings = layout.signature[0]
    labels = [cell for name in spellings for column, _ in row.places.get(name, ()) for cell in grid.column(column, row.line + 1)]
    return any(normalise(read_text(cell)) in layout.row_labels for cell in labels)


def _texts_above(grid: Grid, line: int) -> list[str]:
    """The sheet's name and what is written above a header."""
    return [grid.name, *(text for row in grid.rows[: line - 1] for cell in row if (text := read_text(cell)))]


def _name_columns(layout: Layout, row: HeaderRow, grid: Grid) -> Recognised:
    columns: dict[str, list[int]] = {}
    years: set[str] = set()
    periods: dict[int, str] = {}
    named: set[int] = set()
    for spelling, name in layout.spellings.items():
        for column, year in row.places.get(spelling, ()):
            columns.setdefault(name, []).append(column)
            named.add(column)
            if year and PERIOD in spelling:
                periods[column] = year
            elif year:
                years.add(year)
    unknown = tuple(column for column, text in enumerate(row.texts, 1) if text and column not in named)
    ordered = {name: tuple(sorted(set(places))) for name, places in columns.items()}
    return Recognised(layout, grid, row, ordered, frozenset(years), unknown, periods)


def _count_labels(candidate: Recognised) -> int:
    """Of a table with a row per measure: how many of its row labels are known."""
    if candidate.layout.tableau.forme != TRANSPOSE:
        return 0
    cells = candidate.grid.column(candidate.column(candidate.layout.tableau.signature[0]), candidate.first_line)
    return sum(normalise(read_text(cell)) in candidate.layout.row_labels for cell in cells)


def _describe_nearest(grid: Grid, layouts: list[Layout], rows: list[HeaderRow]) -> Unrecognised:
    best: tuple[float, int, Layout, HeaderRow] | None = None
    for layout in layouts:
        for row in rows:
            share = sum(bool(spellings & row.places.keys()) for _, spellings in layout.signature) / len(layout.signature)
            explained = len(layout.spellings.keys() & row.places.keys())
            if share >= _NEAR and (best is None or (share, explained) > best[:2]):
                best = (share, explained, layout, row)
    if best is None:
        return Unrecognised(grid)
    _, _, layout, row = best
    named = _name_columns(layout, row, grid)
    unknown = tuple(named.header_text(column) for column in named.unknown)
    missing = tuple(name for name, spellings in layout.signature if not spellings & row.places.keys())
    suggestions = tuple((text, near) for text in unknown if (near := suggest(text, missing)))
    return Unrecognised(grid, nearest=layout, missing=missing, unknown=unknown, suggestions=suggestions)


def suggest(text: str, names) -> str:
    """The name nearest to a text, or nothing when none is near."""
    by_spelling = {normalise(name): name for name in names}
    near = get_close_matches(normalise(text), by_spelling, n=1, cutoff=0.6)
    return by_spelling[near[0]] if near else ""


def describe_unrecognised(sheet: Unrecognised, gravite: str) -> Finding:
    """The question to the analyst: what it may be, how it differs, what to do."""
    name = sheet.grid.name
    if sheet.candidates:
        titles = " ; ".join(f"{layout.title} (--source {layout.source.id})" for layout in sheet.candidates)
        return Finding(gravite, f"Plusieurs mises en page conviennent aussi bien : {titles}. Dites laquelle.", name)
    if sheet.nearest is None:
        message = "Aucune mise en page connue : aucune ligne d’en-tête reconnue dans les 30 premières lignes."
        return Finding(gravite, message, name)
    parts = [f"Mise en page inconnue, proche de {sheet.nearest.title}."]
    parts.append(f"Colonnes attendues absentes : {', '.join(f'« {text} »' for text in sheet.missing)}.")
    if sheet.unknown:
        parts.append(f"Colonnes inconnues : {', '.join(f'« {text} »' for text in sheet.unknown[:10])}.")
    parts += [f"Pour « {text} », vouliez-vous dire « {near} » ?" for text, near in sheet.suggestions]
    return Finding(gravite, " ".join(parts), name)
