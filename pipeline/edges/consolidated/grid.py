"""Which rows and columns every table sheet has, where they stand, and which row a link leads to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, overload

from pipeline.base.period import Period
from pipeline.base.sheet import address, column_letters, number_text
from pipeline.edges.consolidated.formulas import columns_used, jump, literal, name_for
from pipeline.spec.consolidated import Column, Consolidated, Sheet
from pipeline.spec.tables import Tables

if TYPE_CHECKING:
    import pandas as pd

BACK_ROW, TITLE_ROW, INTRO_ROW, LEGEND_ROW, HEADER_ROW = 1, 2, 3, 4, 5
FIRST_ROW = HEADER_ROW + 1

_ALWAYS = (("indicators", "code"), ("indicators", "group"), ("units", "unit"), ("units", "total"))

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
    formulas: Mapping[str, Sequence[str]]  # by column, of each row; "" is a value
    notices: tuple[str, ...] = ()  # what a reader must know before all else

    @property
    def last_row(self) -> int:
        """The last row that is written: one says so where there is nothing."""
        return HEADER_ROW + max(len(self.rows), 1)

    @property
    def last_column(self) -> int:
        return len(self.columns)

    @cached_property
    def shown(self) -> int:
        """How many columns are in view; the folded ones stand after them."""
        return sum(not column.folded for column in self.columns)

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

    def name(self, key: str) -> str:
        """What formulas call a column."""
        return name_for(self.sheet.name, self.sheet.column_by_key[key].label)

    def column_area(self, key: str) -> str:
        """The fixed address of a column's cells, for its name."""
        letters, name = column_letters(self.place[key]), self.sheet.name.replace("'", "''")
        return f"'{name}'!${letters}${FIRST_ROW}:${letters}${self.last_row}"

    def jump(self, key: str, value: str, shown: str | float) -> str:
        """A link to the first row whose column `key` holds `value`, wherever that row is by then."""
        row = f"MATCH({literal(value)},{self.name(key)},0)+{HEADER_ROW}"
        return jump(self.sheet.name, column_letters(self.place[key]), row, shown)

    def formula(self, key: str, number: int) -> str:
        """The formula of a cell, "" where it holds a value."""
        texts = self.formulas.get(key)
        return texts[number - FIRST_ROW] if texts else ""

    def holds(self, key: str, value: Value) -> bool:
        """Whether a row has `value` in this column."""
        if key not in self._known:
            self._known[key] = {row.get(key) for row in self.rows}
        return value in self._known[key]

    @cached_property
    def _known(self) -> dict[str, set[Value]]:
        return {}


def grids(tables: Tables, spec: Consolidated) -> dict[str, Grid]:
    """The grid of every sheet, by its key."""
    count = len(tables.frames["facts"])
    facts = tables.frames["facts"] if count <= spec.limits.sheet_facts else tables.frames["facts"].iloc[:0]
    rows: dict[str, Sequence[Row]] = {
        key: _Records(frame) for key, frame in ({**tables.frames, "facts": facts}).items()
    }
    periods = tuple(str(name) for name in tables.frames["history"].columns if name != "code")
    rows["indicators"] = _joined(rows["indicators"], rows["history"])
    rows["history"] = _joined(rows["history"], rows["indicators"])
    entries = {str(row["code"]): str(row["entry"]) for row in rows["indicators"]}
    made = {sheet.key: _grid(spec, sheet, rows[sheet.key], periods, entries) for sheet in spec.sheets}
    notices = _notices(count, spec)
    live = is_live(tables, spec)
    return {
        key: replace(
            grid, formulas=tables.formulas.get(key, {}) if live else {}, notices=notices.get(key, ())
        )
        for key, grid in made.items()
    }


def names(tables: Tables, grids: Mapping[str, Grid]) -> dict[str, str]:
    """Name and area of every column that formulas and links look into, by name."""
    texts = {text for columns in tables.formulas.values() for rows in columns.values() for text in rows}
    used = {*columns_used(texts), *_ALWAYS}
    links = (column.link for grid in grids.values() for column in grid.columns if column.link)
    used |= {(link.sheet, link.column) for link in links}
    return {grids[table].name(key): grids[table].column_area(key) for table, key in sorted(used)}


def is_live(tables: Tables, spec: Consolidated) -> bool:
    """Whether formulas are written: with very many facts a workbook would open slowly."""
    return len(tables.frames["facts"]) <= spec.limits.live_facts


def _notices(facts: int, spec: Consolidated) -> dict[str, tuple[str, ...]]:
    limits = spec.limits
    said: dict[str, tuple[str, ...]] = {}
    if facts > limits.live_facts:
        text = limits.not_live.format(facts=number_text(facts, 0), limit=number_text(limits.live_facts, 0))
        said = dict.fromkeys(("indicators", "units", "facts"), (text,))
    if facts > limits.sheet_facts:
        words = {"facts": number_text(facts, 0), "limit": number_text(limits.sheet_facts, 0)}
        said["facts"] = (limits.in_file.format(**words),)
    return said


class _Records(Sequence[Row]):
    """The rows of a frame as plain Python values, with None for every kind of missing value.

    Each is made when it is asked for: a table may have a million.
    """

    def __init__(self, frame: "pd.DataFrame") -> None:
        self._columns = {str(name): frame[name].tolist() for name in frame.columns}
        self._count = len(frame)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(self._count))]
        if not 0 <= at < self._count:
            raise IndexError(at)
        return {name: _plain(values[at]) for name, values in self._columns.items()}


def _plain(value: Value) -> Value:
    return None if value is None or value != value else value


def _joined(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    """Rows with what `others` know of the same code."""
    known = {row["code"]: row for row in others}
    return [{**known.get(row["code"], {}), **row} for row in rows]


def _grid(
    spec: Consolidated,
    sheet: Sheet,
    rows: Sequence[Row],
    periods: tuple[str, ...],
    entries: Mapping[str, str],
) -> Grid:
    shown = periods if sheet.periods else ()
    folded = sheet.periods == "last"
    months = tuple(_month_column(spec, Period.parse(name), folded) for name in shown)
    columns = sorted(sheet.columns + months, key=lambda column: column.folded)
    pieces = [piece for row in rows for piece in _pieces(sheet, row)] if sheet.splits else rows
    return Grid(sheet, tuple(columns), shown, pieces, entries, {})


def _month_column(spec: Consolidated, period: Period, folded: bool) -> Column:
    label = spec.period_column.format(month=period.month, year=period.year)
    return Column(key=str(period), label=label, width=spec.period_width, kind="by_entry", folded=folded)


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
