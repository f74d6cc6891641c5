"""What the live formulas of the form give for the contents it is written with.

Stored beside the formulas, for programs that show a workbook without calculating it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.base.finding import Severity
from pipeline.base.sheet import serial_day
from pipeline.base.text import clean
from pipeline.edges.form.formulas import SEPARATOR, checked
from pipeline.edges.form.grid import Grid
from pipeline.edges.form.rows import open_types, rules_of, typed_columns
from pipeline.spec.form import CellContent, Contents, FormContent, FormRow, Place
from pipeline.spec.messages import Messages
from pipeline.spec.template import Rule, Table, TableKey, Template, ValueType, Words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Cached:
    """By sheet order of the rows: the computed result ("" where there is none), the check's text."""

    results: Sequence[str | float]
    checks: Sequence[str]


def cell_contents(content: FormContent, values: Contents) -> Contents:
    """What is written into the open cells: `values`, else the prefilled texts; blanks left out."""
    contents: dict[Place, CellContent] = {}
    for table, rows in content.rows.items():
        for row in rows:
            for key in row.open:
                cell = values.get((table, row.code, key), (row.prefilled or {}).get(key, ""))
                if cell != "":
                    contents[table, row.code, key] = cell
    return contents


def cached(template: Template, messages: Messages, grid: Grid, contents: Contents) -> Cached:
    """Evaluate the rows of one table."""
    if not checked([grid]):
        return Cached([""] * len(grid.rows), [""] * len(grid.rows))
    typed = _frame(template, grid, contents)
    results = _results(template, grid, typed)
    frame = _with_results(typed, results)
    holds = {rule.code: rule.expression.holds(frame).tolist() for rule in grid.table.live_rules}
    checks = []
    for at, row in enumerate(grid.rows):
        broken = [rule for rule in rules_of(grid.table, row) if not holds[rule.code][at]]
        checks.append(_check_text(template, messages, grid.table, row, broken, contents))
    return Cached(results, checks)


def readiness(words: Words, tables: Mapping[TableKey, Cached]) -> str:
    """The head cell for these checks."""
    count = sum(text.startswith(words.row_error) for table in tables.values() for text in table.checks)
    return words.not_ready.format(count=count) if count else words.ready


def _frame(template: Template, grid: Grid, contents: Contents) -> "pd.DataFrame":
    """Columns `x` (number, key of a choice, or None) and `x_text`, as the rules ask for them."""
    import pandas as pd  # late: pandas takes half a second to load

    types = [open_types(template, grid.table, row) for row in grid.rows]
    data: dict[str, list[object]] = {}
    for column in grid.table.columns:
        cells = [_cell(grid.table, row, column.key, contents) for row in grid.rows]
        data[column.key] = [_value(cell, t.get(column.key)) for cell, t in zip(cells, types, strict=True)]
        data[f"{column.key}_text"] = [clean(str(cell)) for cell in cells]
    return pd.DataFrame(data, dtype=object)


def _cell(table: Table, row: FormRow, key: str, contents: Contents) -> CellContent:
    if key == "previous":
        return "" if row.previous is None else row.previous
    return contents.get((table.key, row.code, key), "")


def _value(cell: CellContent, value_type: ValueType | None) -> object:
    if value_type and value_type.base == "choice":
        wanted = str(cell).strip().casefold()
        choice = next((c for c in value_type.choices if c.label.casefold() == wanted), None)
        return choice and (choice.key if choice.number is None else choice.number)
    if not isinstance(cell, (int, float)) or (value_type and value_type.whole and cell % 1):
        return None
    return cell


def _results(template: Template, grid: Grid, frame: "pd.DataFrame") -> list[str | float]:
    """The results that a formula computes; "" for rows where the unit types the result in."""
    results: list[str | float] = [""] * len(grid.rows)
    for name, kind in template.entries.items():
        places = [at for at, row in enumerate(grid.rows) if row.entry == name and "result" not in row.open]
        if places:
            numbers = kind.result_expression.number(frame.iloc[places])
            for at, number in zip(places, numbers, strict=True):
                results[at] = "" if number != number else float(number)
    return results


def _with_results(frame: "pd.DataFrame", results: list[str | float]) -> "pd.DataFrame":
    """The frame with the computed results in place; they are nothing that was typed."""
    if "result" not in frame:
        return frame
    known = zip(results, frame["result"], strict=True)
    return frame.assign(result=[typed if result == "" else result for result, typed in known])


def _check_text(
    template: Template,
    messages: Messages,
    table: Table,
    row: FormRow,
    broken: Sequence[Rule],
    contents: Contents,
) -> str:
    words, types = template.words, open_types(template, table, row)
    cells = {key: contents.get((table.key, row.code, key), "") for key in types}
    faults = [_fault(cells[key], types[key], table.column_by_key[key].label) for key in types]
    said = {
        severity: [r.short for r in broken if messages.severity(r.code) is severity] for severity in Severity
    }
    parts = [
        prefix + SEPARATOR.join(texts)
        for prefix, texts in (
            (words.row_error, [f for f in faults if f] + said[Severity.ERROR]),
            (words.row_warning, said[Severity.WARNING]),
        )
        if texts
    ]
    worked_on = any(clean(str(cells[key])) for key in typed_columns(table, row))
    return ". ".join(parts) or (words.row_done if worked_on else "")


def _fault(cell: CellContent, value_type: ValueType, label: str) -> str:
    """The live check of one cell, as `cell_formulas` writes it for a spreadsheet."""
    if not clean(str(cell)):
        return ""
    good, inside = True, True
    match value_type.base:
        case "number":
            good = _value(cell, value_type) is not None
            inside = isinstance(cell, (int, float)) and _inside(cell, value_type)
        case "choice":
            good = _value(cell, value_type) is not None
        case "date":
            good = _is_day(cell, value_type)
        case "text":
            good = len(re.sub(" +", " ", str(cell)).strip(" ")) <= value_type.longest
    text = value_type.range_short if good and not inside else value_type.short
    return "" if good and inside else text.format(label=label)


def _inside(number: float, value_type: ValueType) -> bool:
    low, high = value_type.minimum, value_type.maximum
    return (low is None or number >= low) and (high is None or number <= high)


def _is_day(cell: CellContent, value_type: ValueType) -> bool:
    """Whether a date, or the number by which a spreadsheet keeps it, lies within the limits."""
    if isinstance(cell, str):
        return False
    serial = cell if isinstance(cell, (int, float)) else serial_day(cell)
    low, high = value_type.earliest, value_type.latest
    return (not low or serial >= serial_day(low)) and (not high or serial < serial_day(high) + 1)
