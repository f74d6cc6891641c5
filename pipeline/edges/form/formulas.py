"""The live formulas of the form: results, what is wrong with a row, whether the form is ready.

Only functions that Excel 2010 and LibreOffice both have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.edges.form.grid import Grid
from pipeline.edges.form.lists import Labels, all_labels
from pipeline.edges.form.rows import is_error, open_types, rules_of, typed_columns
from pipeline.spec.form import FormRow
from pipeline.spec.messages import Messages
from pipeline.spec.template import Column, Template, ValueType, Words

SEPARATOR = "; "
EARLIEST_DATE = 36526  # 1 January 2000: Excel would take a small number for a day of 1900

# Where errors begin, warnings begin, and all ends, before the joins are made readable.
_ERRORS, _WARNINGS, _END = "[1]", "[2]", "[3]"


@dataclass(frozen=True, slots=True)
class _RowCells:
    """How the expressions of the template name the cells of one row."""

    template: Template
    grid: Grid
    row: FormRow
    number: int

    def cell(self, column: str) -> str:
        return self.grid.cell(column, self.number)

    def choice(self, column: str, key: str) -> str:
        value_type = self.template.type_of(self.grid.table, column, self.row.entry)
        return value_type.choice_label(key) if value_type else ""


def result_formula(template: Template, grid: Grid, row: FormRow, number: int) -> str:
    """The computed result of an indicator row that stands in sheet row `number`."""
    cells = _RowCells(template, grid, row, number)
    return template.entries[row.entry].result_expression.to_excel(cells)


def check_formula(
    template: Template,
    messages: Messages,
    lists: Mapping[Labels, str],
    grid: Grid,
    row: FormRow,
    number: int,
) -> str:
    """All that is wrong with a row: errors, then warnings, else that it is done."""
    cells = _RowCells(template, grid, row, number)
    types = open_types(template, grid.table, row)
    errors = [_type_check(cells.cell(key), grid.table.column_by_key[key], types[key], lists) for key in types]
    warnings: list[str] = []
    for rule in rules_of(grid.table, row):
        # a cell with an error value has its own text; a rule that cannot judge it stays silent
        part = f'IFERROR(IF({rule.expression.to_excel(cells)},"",{_quoted(SEPARATOR + rule.short)}),"")'
        (errors if is_error(messages, rule) else warnings).append(part)
    typed = ",".join(cells.cell(key) for key in typed_columns(grid.table, row))
    done = f'IF(COUNTA({typed})=0,"",{_quoted(template.words.row_done)})'
    parts = [_quoted(_ERRORS), *errors, _quoted(_WARNINGS), *warnings, _quoted(_END)]
    return _readable("&".join(parts), done, template.words)


def readiness_formula(words: Words, grids: Iterable[Grid]) -> str:
    """Ready, or how many rows of all tables have an error."""
    count = "+".join(
        f"SUMPRODUCT(--(LEFT({grid.stretch('check')},{len(words.row_error)})={_quoted(words.row_error)}))"
        for grid in checked(grids)
    )
    before, _, after = words.not_ready.partition("{count}")
    return f"IF({count}=0,{_quoted(words.ready)},{_quoted(before)}&({count})&{_quoted(after)})"


def checked(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    """The tables that have rows and a check column."""
    return tuple(grid for grid in grids if grid.rows and "check" in grid.table.column_by_key)


def _type_check(cell: str, column: Column, value_type: ValueType, lists: Mapping[Labels, str]) -> str:
    wrong = _quoted(SEPARATOR + value_type.short.format(label=column.label))
    out_of_range = _quoted(SEPARATOR + value_type.range_short.format(label=column.label))
    match value_type.base:
        case "number":
            whole = f",INT({cell})={cell}" if value_type.whole else ""
            inside = _inside(cell, value_type)
            good = f'IF(AND(ISNUMBER({cell}){whole}),IF({inside},"",{out_of_range}),{wrong})'
        case "choice":
            good = f'IF(SUMPRODUCT(--({lists[all_labels(value_type)]}=TRIM({cell})))=0,{wrong},"")'
        case "date":
            good = f'IF(AND(ISNUMBER({cell}),N({cell})>={EARLIEST_DATE}),"",{wrong})'
        case "text":
            good = f'IF(LEN({cell})<={value_type.longest},"",{wrong})'
    return f'IFERROR(IF(LEN(TRIM({cell}))=0,"",{good}),{wrong})'


def _inside(cell: str, value_type: ValueType) -> str:
    bounds = [
        f"{cell}{sign}{bound:.15g}"
        for sign, bound in ((">=", value_type.minimum), ("<=", value_type.maximum))
        if bound is not None
    ]
    return f"AND({','.join(bounds)})" if bounds else "TRUE"


def _readable(parts: str, done: str, words: Words) -> str:
    """Turn `[1]; a; b[2]; c[3]` into `Lỗi: a; b. Cần giải thích: c`, each part written only once."""
    text = f"SUBSTITUTE({parts},{_quoted(_ERRORS + _WARNINGS + _END)},{done})"
    for marks, replacement in (
        (_ERRORS + _WARNINGS + SEPARATOR, words.row_warning),
        (_ERRORS + SEPARATOR, words.row_error),
        (_WARNINGS + SEPARATOR, f". {words.row_warning}"),
        (_WARNINGS + _END, ""),
        (_END, ""),
    ):
        text = f"SUBSTITUTE({text},{_quoted(marks)},{_quoted(replacement)})"
    return text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
