"""Which rows and columns every table sheet has, where they stand, and which row a link leads to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.base.period import Period
from pipeline.base.sheet import address
from pipeline.edges.consolidated.page import Target
from pipeline.spec.consolidated import Column, Consolidated, Link, Sheet
from pipeline.spec.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

BACK_ROW, TITLE_ROW, INTRO_ROW, LEGEND_ROW, HEADER_ROW = 1, 2, 3, 4, 5
FIRST_ROW = HEADER_ROW + 1

Value = str | float | bool | None
Row = Mapping[str, Value]


@dataclass(frozen=True)
class Grid:
    """A sheet with its columns, those of the months among them, and the rows below its header."""

    sheet: Sheet
    columns: tuple[Column, ...]
    periods: tuple[str, ...]
    rows: Sequence[Row]
    entries: Mapping[str, str]  # kind of entry by code of the indicator

    @property
    def last_row(self) -> int:
        """The last row that is written: one says so where there is nothing."""
        return HEADER_ROW + max(len(self.rows), 1)

    @property
    def last_column(self) -> int:
        return len(self.columns)

    @cached_property
    def place(self) -> dict[str, int]:
        """Column numbers by key."""
        return {column.key: at for at, column in enumerate(self.columns, 1)}

    def area(self, first: int, last: int) -> str:
        """The address of the data cells in columns `first` to `last`."""
        return f"{address(FIRST_ROW, first)}:{address(self.last_row, last)}"

    def entry(self, row: Row) -> str:
        """What kind of figure a row holds."""
        return self.entries[str(row.get("indicator") or row["code"])]

    def find(self, link: Link, value: Value) -> Target | None:
        """The first row where one of the columns of `link` holds `value`."""
        row = self._first_rows(link.columns).get(value) if value else None
        return (self.sheet.name, address(row, 1)) if row else None

    def _first_rows(self, keys: tuple[str, ...]) -> dict[Value, int]:
        if keys not in self._indexes:
            numbered = list(enumerate(self.rows, FIRST_ROW))
            self._indexes[keys] = {row.get(key): at for at, row in reversed(numbered) for key in keys}
        return self._indexes[keys]

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], dict[Value, int]]:
        return {}


def grids(tables: Tables, spec: Consolidated) -> dict[str, Grid]:
    """The grid of every sheet, by its key."""
    rows = {key: _records(frame) for key, frame in tables.frames.items()}
    periods = tuple(str(name) for name in tables.frames["history"].columns if name != "code")
    rows["indicators"] = _joined(rows["indicators"], rows["history"])
    rows["history"] = _joined(rows["history"], rows["indicators"])
    entries = {str(row["code"]): str(row["entry"]) for row in rows["indicators"]}
    return {sheet.key: _grid(spec, sheet, rows[sheet.key], periods, entries) for sheet in spec.sheets}


def _records(frame: "pd.DataFrame") -> list[Row]:
    """Rows of plain Python values, with None for every kind of missing value."""
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    values = zip(*columns.values(), strict=True)
    return [dict(zip(columns, map(_plain, row), strict=True)) for row in values]


def _plain(value: Value) -> Value:
    return None if value is None or value != value else value


def _joined(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Rows with what `others` know of the same code."""
    known = {row["code"]: row for row in others}
    return [{**known.get(row["code"], {}), **row} for row in rows]


def _grid(
    spec: Consolidated, sheet: Sheet, rows: list[Row], periods: tuple[str, ...], entries: Mapping[str, str]
) -> Grid:
    shown = periods if sheet.periods else ()
    months = tuple(_month_column(spec, Period.parse(name)) for name in shown)
    pieces = [piece for row in rows for piece in _pieces(sheet, row)] if sheet.splits else rows
    return Grid(sheet, sheet.columns + months, shown, pieces, entries)


def _month_column(spec: Consolidated, period: Period) -> Column:
    label = spec.period_column.format(month=period.month, year=period.year)
    return Column(key=str(period), label=label, width=spec.period_width, kind="by_entry")


def _pieces(sheet: Sheet, row: Row) -> Iterator[Row]:
    """The row, or several where its long text has to be spread."""
    piece = ""
    for line in str(row[sheet.splits] or "").splitlines(keepends=True):
        for word in line.split(" "):
            longer = f"{piece} {word}" if piece and not piece.endswith("\n") else piece + word
            if len(longer) > sheet.longest and piece:
                yield {**row, sheet.splits: piece.rstrip()}
                longer = word
            piece = longer
    yield {**row, sheet.splits: piece.rstrip()}
