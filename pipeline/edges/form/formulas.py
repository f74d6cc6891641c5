"""The live formulas of the form: results, what is wrong with a row, whether the form is ready.

Only functions that Excel 2010 and LibreOffice both have.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.base.finding import Severity
from pipeline.base.sheet import column_letters
from pipeline.edges.form.cell_formulas import (
    in_points,
    is_blank,
    is_day,
    is_inside,
    is_listed,
    is_number,
    is_short,
    quoted,
)
from pipeline.edges.form.grid import Grid
from pipeline.edges.form.lists import Labels, all_labels
from pipeline.edges.form.rows import closed_columns, open_types, rules_of, typed_columns
from pipeline.spec.form import FormRow
from pipeline.spec.messages import CLOSED_CELL, Messages
from pipeline.spec.template import Table, Template, ValueType, Words

SEPARATOR = "; "

# What stands for the number of the row, and for its last value, until `in_place` puts them in.
_ROW, _PREVIOUS = "\ue000", "\ue001"

# Where errors begin, warnings begin, and all ends, before the joins are made readable.
_ERRORS, _WARNINGS, _END = "[1]", "[2]", "[3]"


@dataclass(frozen=True, slots=True)
class RowFormulas:
    """The formulas of a row and of all others of its `kind`, wherever on the sheet they stand.

    Rules look at open cells only: what somebody writes over a lock counts for nothing here either.
    """

    template: Template
    messages: Messages
    lists: Mapping[Labels, str]
    table: Table
    row: FormRow

    def result(self) -> str:
        """The computed result of an indicator row."""
        return self.template.entries[self.row.entry].result_expression.to_excel(self)

    def check(self) -> str:
        """All that is wrong with the row: errors, then warnings, else that it is done."""
        parts: dict[Severity, list[str]] = {severity: [] for severity in Severity}
        for column, value_type in open_types(self.template, self.table, self.row).items():
            parts[Severity.ERROR].append(self._type_check(column, value_type))
        for column in closed_columns(self.table, self.row):
            parts[self.messages.severity(CLOSED_CELL)].append(self._closed_check(column))
        for rule in rules_of(self.table, self.row):
            holds = rule.expression.to_excel(self)
            if holds != "TRUE":  # else nothing in this row can break it
                parts[self.messages.severity(rule.code)].append(_unless(holds, rule.short))
        return self._readable(parts[Severity.ERROR], parts[Severity.WARNING])

    def cell(self, column: str) -> str:
        value_type = self._types.get(column)
        if value_type and value_type.base == "number":  # one of another kind is no number to any rule
            return f'IF({is_number(self._address(column), value_type)},{self._address(column)},"")'
        if value_type:
            return self._address(column)
        if column == "previous":
            return "" if self.row.previous is None else _PREVIOUS
        is_computed = self.table.column_by_key[column].source == "formula" and bool(self.row.open)
        return self.result() if is_computed else ""

    def number(self, column: str) -> str:
        value_type = self._types.get(column)
        if value_type is None:
            return self.cell(column)
        return in_points(self._address(column)) if value_type.percent else self._address(column)

    def blank(self, columns: Sequence[str]) -> str:
        cells = [self._address(column) for column in columns if column in self.row.open]
        return is_blank(*cells) if cells else "TRUE"

    def is_choice(self, column: str, key: str) -> str:
        return f"TRIM({self._address(column)})={quoted(self._types[column].choice_label(key))}"

    def is_any_choice(self, column: str) -> str:
        return is_listed(self._address(column), self.lists[all_labels(self._types[column])])

    @property
    def _types(self) -> Mapping[str, ValueType]:
        return open_types(self.template, self.table, self.row)

    def _address(self, column: str) -> str:
        return f"{column_letters(self.table.places[column])}{_ROW}"

    def _type_check(self, column: str, value_type: ValueType) -> str:
        cell, label = self._address(column), self.table.column_by_key[column].label
        wrong = quoted(SEPARATOR + value_type.short.format(label=label))
        out_of_range = quoted(SEPARATOR + value_type.range_short.format(label=label))
        right = '""'
        match value_type.base:
            case "number":
                good = is_number(cell, value_type)
                right = f'IF({is_inside(cell, value_type)},"",{out_of_range})'
            case "choice":
                good = self.is_any_choice(column)
            case "date":
                good = is_day(cell, value_type)
            case "text":
                good = is_short(cell, value_type)
        return f'IFERROR(IF({is_blank(cell)},"",IF({good},{right},{wrong})),{wrong})'

    def _closed_check(self, column: str) -> str:
        label = self.table.column_by_key[column].label
        blank = f"IFERROR({is_blank(self._address(column))},FALSE)"
        return _unless(blank, self.template.words.row_closed.format(label=label))

    def _readable(self, errors: list[str], warnings: list[str]) -> str:
        """Turn `[1]; a; b[2]; c[3]` into `Lỗi: a; b. Cần giải thích: c`, each part written only once."""
        words = self.template.words
        untouched = self.blank(typed_columns(self.table, self.row))
        done = f'IF(IFERROR({untouched},FALSE),"",{quoted(words.row_done)})'
        parts = "&".join([quoted(_ERRORS), *errors, quoted(_WARNINGS), *warnings, quoted(_END)])
        text = f"SUBSTITUTE({parts},{quoted(_ERRORS + _WARNINGS + _END)},{done})"
        for marks, replacement in (
            (_ERRORS + _WARNINGS + SEPARATOR, words.row_warning),
            (_ERRORS + SEPARATOR, words.row_error),
            (_WARNINGS + SEPARATOR, f". {words.row_warning}"),
            (_WARNINGS + _END, ""),
            (_END, ""),
        ):
            text = f"SUBSTITUTE({text},{quoted(marks)},{quoted(replacement)})"
        return text


def kind(row: FormRow) -> Hashable:
    """What the formulas of a row hang on: those of one kind have the same, but for `in_place`."""
    told = frozenset(key for key, text in row.locked.items() if text)
    attributes = frozenset(row.attributes.items())
    return row.entry, row.open, attributes, told, frozenset(row.prefilled or ()), row.previous is None


def in_place(formula: str, row: FormRow, number: int) -> str:
    """The formula for a row that stands in row `number` of its sheet."""
    placed = formula.replace(_ROW, str(number))
    return placed if row.previous is None else placed.replace(_PREVIOUS, f"{row.previous:.15G}")


def readiness_formula(words: Words, grids: Iterable[Grid]) -> str:
    """Ready, or how many rows of all tables have an error."""
    count = "+".join(
        f"SUMPRODUCT(--(LEFT({grid.stretch('check')},{len(words.row_error)})={quoted(words.row_error)}))"
        for grid in checked(grids)
    )
    before, _, after = words.not_ready.partition("{count}")
    return f"IF({count}=0,{quoted(words.ready)},{quoted(before)}&({count})&{quoted(after)})"


def checked(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    """The tables that have rows and a check column."""
    return tuple(grid for grid in grids if grid.rows and "check" in grid.table.column_by_key)


def _unless(holds: str, text: str) -> str:
    return f'IF({holds},"",{quoted(SEPARATOR + text)})'
