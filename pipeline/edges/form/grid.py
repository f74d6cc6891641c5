"""Where things stand on the sheets of the form: head lines, hidden tags, header, data rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.base.sheet import address, column_letters
from pipeline.edges.text_fit import width_needed
from pipeline.spec.form import FormContent, FormRow
from pipeline.spec.template import Table, TableKey, Template

AUTHORITY_ROW = 1
TITLE_ROW = 2
HEAD_ROW = 3

Columns = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HeadPair:
    """A label and, right of it, its text; each with its first and last column."""

    row: int
    label: str
    label_columns: Columns
    text: str
    text_columns: Columns


@dataclass(frozen=True, slots=True)
class Grid:
    """The places of one table. Rows and columns count from 1."""

    table: Table
    rows: tuple[FormRow, ...]
    head: tuple[HeadPair, ...]

    @property
    def status_row(self) -> int:
        """Whether the form is ready, and what to do on this sheet."""
        return self.head[-1].row + 1

    @property
    def tag_row(self) -> int:
        return self.status_row + 1

    @property
    def header_row(self) -> int:
        return self.tag_row + 1

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        return self.header_row + len(self.rows)

    @property
    def last_column(self) -> int:
        return len(self.table.columns)

    def row(self, code: str) -> int:
        return self.first_row + [row.code for row in self.rows].index(code)

    def column(self, key: str) -> int:
        return self.table.places[key]

    def cell(self, key: str, row: int) -> str:
        return address(row, self.column(key))

    def stretch(self, key: str) -> str:
        """The data cells of a column as other sheets name them: `'Chỉ tiêu'!$O$7:$O$30`."""
        sheet = self.table.sheet.replace("'", "''")
        letters = column_letters(self.column(key))
        return f"'{sheet}'!${letters}${self.first_row}:${letters}${self.last_row}"


def grids(template: Template, content: FormContent) -> Mapping[TableKey, Grid]:
    """The places of every table of this form."""
    return {
        table.key: Grid(table, content.rows[table.key], _head_pairs(content, table))
        for table in template.tables
    }


def _head_pairs(content: FormContent, table: Table) -> tuple[HeadPair, ...]:
    """Lay the pairs side by side over the columns of the table, as many to a row as fit."""
    widths = [column.width for column in table.columns]
    pairs: list[HeadPair] = []
    row, column = HEAD_ROW, 1
    for label, text in content.head:
        places = _places(widths, column, label, text)
        if places is None:
            row, column = row + 1, 1
            places = _places(widths, column, label, text) or ((1, 1), (2, len(widths)))
        pairs.append(HeadPair(row, label, places[0], text, places[1]))
        column = places[1][1] + 1
    return tuple(pairs)


def _places(widths: list[float], column: int, label: str, text: str) -> tuple[Columns, Columns] | None:
    label_columns = _stretch(widths, column, width_needed(label, bold=False))
    if label_columns is None:
        return None
    text_columns = _stretch(widths, label_columns[1] + 1, width_needed(text))
    return None if text_columns is None else (label_columns, text_columns)


def _stretch(widths: list[float], first: int, needed: float) -> Columns | None:
    """The fewest columns from `first` on that are together wide enough."""
    for last in range(first, len(widths) + 1):
        if sum(widths[first - 1 : last]) >= needed:
            return first, last
    return None
