"""Sheets of a workbook: typed cells, styles made once, native charts, everything needed to read and to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ozoir.charts.theme import ROLES
from ozoir.exports.cleaning import cell_content, plain_text, sheet_name, shorten
from ozoir.exports.contents import Cellule, Dossier, Tableau
from ozoir.exports.native import FRENCH, LINE, NativeChart
from ozoir.indicators.results import LEGENDE_SIGNES

HEADER_ROW = 3  # counted from 0: banner, title, blank line, then the headers
WIDEST, NARROWEST = 42, 9  # columns, in characters
LINE_HEIGHT, MAX_LINES = 13.5, 25  # points; Excel allows 409 points
CHART_ROWS, CHART_DATA_COLUMN = 17, 7
_SIGNS = frozenset(sign for sign, _ in LEGENDE_SIGNES)
_FORMATS = {"%": '{}"\u202f%"', "€": '{}"\u202f€"', "points": '+{0}"\u00a0pts";\u2212{0}"\u00a0pts";0"\u00a0pts"'}
_DASHES = {"solid": "solid", "dash": "dash", "dot": "round_dot", "dashdot": "dash_dot"}
_MARKS = {"circle": "circle", "square": "square", "diamond": "diamond", "triangle-up": "triangle"}


@dataclass
class Styles:
    """Formats of the workbook, made once each."""

    book: Workbook

    def __post_init__(self) -> None:
        self.kept: dict[tuple, Any] = {}

    def get(self, **properties: Any):
        key = tuple(sorted(properties.items()))
        if key not in self.kept:
            base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
            self.kept[key] = self.book.add_format({**base, **properties})
        return self.kept[key]

    def number(self, decimals: int, unit: str):
        """A French number with its unit: the value stays a number."""
        number = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        return self.get(num_format=FRENCH + _FORMATS.get(unit, "{}").format(number), align="right")

    @property
    def text(self):
        return self.get(text_wrap=True, indent=1)

    @property
    def day(self):
        return self.get(num_format="dd/mm/yyyy", align="left", indent=1)

    @property
    def header(self):
        return self.header_of(False)

    def header_of(self, is_right: bool):
        """The header of a column of texts or of numbers."""
        side = "right" if is_right else "left"
        return self.get(
            bold=True,
            text_wrap=True,
            bg_color="#EEF3FB",
            bottom=1,
            border_color="#4B5563",
            valign="vcenter",
            align=side,
            indent=0 if is_right else 1,
        )


class Sheets:
    """Sheets written one after the other, each ready to print."""

    def __init__(self, book: Workbook, dossier: Dossier) -> None:
        self.book, self.dossier, self.styles = book, dossier, Styles(book)
        self.names: set[str] = set()
        self.widths: dict[str, dict[int, float]] = {}
        self.wrapped: dict[str, dict[int, list[tuple[int, str]]]] = {}

    def begin(self, name: str, title: str) -> tuple[Worksheet, int]:
        """A sheet with banner and title, and the row where its content begins."""
        sheet = self.book.add_worksheet(sheet_name(name, self.names))
        sheet.write_string(0, 0, cell_content(self.dossier.bandeau), self.styles.get(bold=True, font_color="#4B5563"))
        sheet.write_string(1, 0, cell_content(title), self.styles.get(bold=True, font_size=14, font_color="#0B57D0"))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.7, 0.6)
        banner = self.dossier.bandeau.replace("&", "&&")[:120]
        sheet.set_header(f"&L&8{plain_text(banner)}")
        sheet.set_footer("&L&8&A&R&8&P\u202f/\u202f&N")
        self.widths[sheet.get_name()], self.wrapped[sheet.get_name()] = {}, {}
        return sheet, HEADER_ROW

    def finish(self, sheet: Worksheet, last_row: int, is_one_table: bool = False, last_printed: int = 1000) -> None:
        """Column widths, frozen head (with the header when the sheet is one table), print area up to a column."""
        widths = self.widths[sheet.get_name()]
        for column, width in widths.items():
            sheet.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))
        self._set_heights(sheet)
        frozen = HEADER_ROW + is_one_table
        sheet.freeze_panes(frozen, 1 if is_one_table else 0)
        sheet.repeat_rows(0, frozen - 1)
        sheet.print_area(0, 0, max(last_row, HEADER_ROW + 1), min(max(widths, default=0), last_printed))

    def _set_heights(self, sheet: Worksheet) -> None:
        """Rows as high as their wrapped texts: a file has no automatic height."""
        widths = self.widths[sheet.get_name()]
        for row, cells in self.wrapped[sheet.get_name()].items():
            lines = max(
                sum(ceil(max(len(line), 1) * 0.9 / min(max(widths[column], NARROWEST), WIDEST)) for line in text.split("\n"))
                for column, text in cells
            )
            if lines > 1:
                sheet.set_row(row, min(lines, MAX_LINES) * LINE_HEIGHT)

    def _put_text(self, sheet: Worksheet, row: int, column: int, text: str, style=None) -> None:
        """A wrapped text, remembered to give its row its height."""
        sheet.write_string(row, column, cell_content(text), style or self.styles.text)
        self.wrapped[sheet.get_name()].setdefault(row, []).append((column, text))

    def add_tables(self, name: str, title: str, tables: Iterable[Tableau]) -> None:
        sheet, row = self.begin(name, title)
        for table in tables:
            row = self.put(sheet, row, table)
        self.finish(sheet, row)

    def add_table(self, name: str, table: Tableau) -> None:
        """A sheet of one table, with filters."""
        sheet, row = self.begin(name, table.titre)
        end = self.put(sheet, row, table, has_title=False)
        if table.lignes:
            sheet.autofilter(row, 0, row + len(table.lignes), len(table.colonnes) - 1)
        self.finish(sheet, end, is_one_table=True)

    def put(self, sheet: Worksheet, row: int, table: Tableau, has_title: bool = True) -> int:
        """Title, header, lines, source; the row after a blank one."""
        if has_title and table.titre:
            sheet.write_string(row, 0, cell_content(table.titre), self.styles.get(bold=True))
            row += 1
        if not table.lignes:
            sheet.write_string(row, 0, cell_content(table.vide or "Aucune ligne."), self.styles.get(italic=True))
            self._widen(sheet, 0, "x" * 20)
            return row + 2
        self._put_header(sheet, row, table.colonnes, table.droite)
        for line in table.lignes:
            row += 1
            for column, cell in enumerate(line):
                self._put_cell(sheet, row, column, cell)
        for note in (*table.notes, *([table.source] if table.source else [])):
            row += 1
            sheet.write_string(row, 0, cell_content(note), self.styles.get(italic=True, font_color="#4B5563"))
        return row + 2

    def _put_header(self, sheet: Worksheet, row: int, columns: Sequence[str], right: tuple[int, ...] = ()) -> None:
        for column, name in enumerate(columns):
            self._widen(sheet, column, name, share=0.7)
            self._put_text(sheet, row, column, name, self.styles.header_of(column in right))

    def _put_cell(self, sheet: Worksheet, row: int, column: int, cell: Cellule) -> None:
        self._widen(sheet, column, cell.texte)
        if cell.valeur is None:
            style = self.styles.get(align="right") if cell.texte in _SIGNS and column else self.styles.text
            self._put_text(sheet, row, column, cell.texte, style)
        else:
            sheet.write_number(row, column, cell.valeur, self.styles.number(cell.decimales, cell.unite))

    def _widen(self, sheet: Worksheet, column: int, text: str, share: float = 1.0) -> None:
        widths = self.widths[sheet.get_name()]
        longest = max((len(line) for line in text.split("\n")), default=0) * share
        widths[column] = max(widths.get(column, 0), longest)

    def add_rows(self, name: str, title: str, columns: Sequence[str], rows: Sequence[tuple]) -> None:
        """A long table of typed values, filters on."""
        sheet, row = self.begin(name, title)
        self._put_header(sheet, row, columns)
        for number, line in enumerate(rows, row + 1):
            for column, value in enumerate(line):
                self._put_value(sheet, number, column, value)
        sheet.autofilter(row, 0, row + max(len(rows), 1), len(columns) - 1)
        self.finish(sheet, row + len(rows), is_one_table=True)

    def _put_value(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool | str):
            self._widen(sheet, column, str(value))
            self._put_text(sheet, row, column, str(value))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime.combine(value, time()), self.styles.day)
            self._widen(sheet, column, "00/00/0000")
        else:
            decimals = 0 if float(value).is_integer() else 2
            sheet.write_number(row, column, value, self.styles.number(decimals, ""))

    def add_chart(self, sheet: Worksheet, row: int, native: NativeChart, alt: str) -> None:
        """An editable chart under its table; what it draws stands beside it, in plain sight."""
        first, name = CHART_DATA_COLUMN, sheet.get_name()
        style = self.styles.number(native.decimales, native.unite)
        sheet.write_string(row, first, "Données du graphique", self.styles.header)
        self._widen(sheet, first, "Données du graphique")
        for rank, label in enumerate(native.categories, row + 1):
            sheet.write_string(rank, first, label, self.styles.text)
            self._widen(sheet, first, label)
        kind = "line" if native.genre == LINE else "bar"
        chart = self.book.add_chart({"type": kind})
        last = row + len(native.categories)
        for place, serie in enumerate(native.series, first + 1):
            sheet.write_string(row, place, serie.nom, self.styles.header)
            self._widen(sheet, place, serie.nom, share=0.7)
            for rank, value in enumerate(serie.valeurs, row + 1):
                if value is not None:
                    sheet.write_number(rank, place, value, style)
            chart.add_series(
                {
                    "name": [name, row, place],
                    "categories": [name, row + 1, first, last, first],
                    "values": [name, row + 1, place, last, place],
                    "data_labels": {
                        "value": True,
                        "num_format": native.format,
                        "position": _label_position(kind, place == first + 1),
                    },
                    **_look(kind, serie.role, native.overlap),
                }
            )
        _set_axes(chart, native, kind)
        sheet.insert_chart(row, 0, chart, {"description": plain_text(alt), "object_position": 1})


def _label_position(kind: str, is_first: bool) -> str:
    return "outside_end" if kind == "bar" else "above" if is_first else "below"


def _look(kind: str, role: str, overlap: int) -> dict[str, Any]:
    look = ROLES[role]
    if kind == "bar":
        return {"fill": {"color": look.couleur}, "gap": 60, "overlap": overlap}
    return {
        "line": {"color": look.couleur, "width": look.largeur - 0.5, "dash_type": _DASHES[look.tirets]},
        "marker": {"type": _MARKS[look.symbole], "size": 7, "fill": {"color": look.couleur}, "border": {"color": look.couleur}},
        "smooth": False,
    }


def _set_axes(chart, native: NativeChart, kind: str) -> None:
    chart.set_title({"name": shorten(native.titre, 90), "name_font": {"size": 11, "color": "#1F2937"}, "overlay": False})
    chart.set_legend({"none": True} if native.is_self_named else {"position": "bottom"})
    values = {"num_format": native.format, "major_gridlines": {"visible": kind == "line", "line": {"color": "#D1D5DB"}}}
    shown = [value for serie in native.series for value in serie.valeurs if value is not None]
    if min(shown, default=0) >= 0:
        values["min"] = 0
    if kind == "bar":  # the library swaps the axes of horizontal bars
        chart.set_x_axis({**values, "visible": False})
        chart.set_y_axis({"reverse": True})
    else:
        chart.set_y_axis(values)
    chart.show_blanks_as("gap")
    chart.set_size({"width": 560, "height": 300})
