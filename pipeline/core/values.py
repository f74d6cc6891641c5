"""Turn the cells of returned rows into one frame of typed values, ready to be checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipeline.base.sheet import Cell, CellKind
from pipeline.base.text import SOFT_HYPHEN, clean, fold
from pipeline.core.dates import read_date
from pipeline.core.legacy_text import sample, suspected
from pipeline.core.numbers import read_number
from pipeline.core.read_form import ReadRow
from pipeline.spec.form import CellContent
from pipeline.spec.messages import CLOSED_CELL
from pipeline.spec.template import Table, Template, ValueType

_BROKEN = {CellKind.ERROR: "C02", CellKind.UNCALCULATED: "C10"}


@dataclass(frozen=True, slots=True)
class _Value:
    """A cell as understood: `value` is a number, a date, a text, or the key of a choice."""

    value: object = None
    text: str = ""
    problem: str | None = None
    readings: tuple[str, ...] = ()


_NOTHING = _Value()


def read_value(row: ReadRow, column: str, value_type: ValueType, template: Template) -> CellContent:
    """An open cell for a fresh form: a number or date where it is one, else its text."""
    cell = row.cells.get(column)
    if cell is None:
        return ""
    value = _read_open(cell, value_type, _placeholder(row, column, template))
    if value.problem is None and isinstance(value.value, (float, date)) and value_type.base != "choice":
        return value.value
    return value.text


def value_frame(rows: Iterable[tuple[int, ReadRow]], table: Table, template: Template) -> pd.DataFrame:
    """One line per row; `rows` come with the number of their form in the batch.

    Columns: `form`, `code`, `sheet`, `row`, `touched` (whether the unit wrote anything into it), the
    attributes of the row, `entry`, `previous`, `locked` (the plan's own texts by column), and for
    each entry column `x`: `x` (value, or None), `x_text` (raw, "" if blank), `x_problem` (finding
    code or None), `x_readings`, `x_type` (name of the value type, "" if closed), `x_cell` (address);
    for each column of results `x_typed`, a number that was typed over its formula.
    """
    return pd.DataFrame([_line(form, row, table, template) for form, row in rows], columns=_columns(table))


def _columns(table: Table) -> list[str]:
    fixed = ["form", "code", "sheet", "row", "touched", "entry", "locked", "previous", "previous_text"]
    attributes = {
        "indicators": ["basis", "combine", "target_kind", "owed"],
        "tasks": ["origin", "assigned"],
        "narratives": list[str](),
    }
    parts = ("", "_text", "_problem", "_readings", "_type", "_cell")
    typed = [f"{c.key}_typed" for c in table.columns if c.source == "formula"]
    return fixed + attributes[table.key] + typed + [c.key + p for c in table.entry_columns for p in parts]


def _line(form: int, row: ReadRow, table: Table, template: Template) -> dict[str, object]:
    issued = row.issued
    line: dict[str, object] = {
        "form": form,
        "code": issued.code,
        "sheet": row.sheet,
        "row": row.row,
        **issued.attributes,
        "entry": issued.entry,
        "locked": issued.locked,
        "previous": issued.previous,
        "previous_text": "" if issued.previous is None else str(issued.previous),
    }
    for column in table.entry_columns:
        is_open = column.key in issued.open
        name = template.type_name(table, column.key, issued.entry) if is_open else ""
        is_computed = column.source == "formula" and not is_open and bool(issued.open)
        fixed = is_computed or column.key in issued.locked
        value = _read(row, column.key, name, template, ignore=fixed)
        if column.source == "formula":
            line[f"{column.key}_typed"] = _typed_over(row.cells.get(column.key)) if is_computed else None
        line |= {
            column.key: value.value,
            f"{column.key}_text": value.text,
            f"{column.key}_problem": value.problem,
            f"{column.key}_readings": value.readings,
            f"{column.key}_type": name,
            f"{column.key}_cell": row.addresses.get(column.key, ""),
        }
    # A wrong entry is an entry, also in a cell that the row does not use.
    wrong = any(line[f"{column.key}_problem"] for column in table.entry_columns)
    return line | {"touched": wrong or _touched(row)}


def _typed_over(cell: Cell | None) -> float | None:
    if cell is None or cell.formula is not None or not isinstance(cell.value, float):
        return None
    return cell.value


def _touched(row: ReadRow) -> bool:
    offered = row.issued.prefilled or {}
    written = ((key, clean(cell.text)) for key, cell in row.cells.items() if key in row.issued.open)
    return any(text and text != clean(offered.get(key, "")) for key, text in written)


def _read(row: ReadRow, column: str, type_name: str, template: Template, ignore: bool) -> _Value:
    cell = row.cells.get(column)
    if cell is None:
        return _NOTHING
    if not type_name:
        return _closed(cell, ignore)
    return _read_open(cell, template.types[type_name], _placeholder(row, column, template))


def _placeholder(row: ReadRow, column: str, template: Template) -> str:
    """The word with which a cell was issued that says as much as a blank one, or ""."""
    offered = (row.issued.prefilled or {}).get(column, "")
    return offered if offered == template.words.unassigned else ""


def _read_open(cell: Cell, value_type: ValueType, placeholder: str) -> _Value:
    match value_type.base:
        case "number":
            number = read_number(
                cell, value_type.whole, value_type.percent, value_type.minimum, value_type.maximum
            )
            return _Value(number.value, number.text, number.problem, number.readings)
        case "date":
            day = read_date(cell, value_type.earliest, value_type.latest)
            return _Value(day.value, day.text, day.problem, day.readings)
        case "choice":
            return _read_choice(cell, value_type)
        case "text":
            return _read_text(cell, value_type, placeholder)


def _closed(cell: Cell, ignore: bool) -> _Value:
    """Something in a cell that this row does not use: said, never counted, invisible to the rules.

    `readings` keeps what was there for the message.
    """
    text = clean(cell.text)
    if ignore or not text:
        return _Value()
    return _Value(problem=CLOSED_CELL, readings=(text,))


def _read_choice(cell: Cell, value_type: ValueType) -> _Value:
    if cell.kind in _BROKEN:
        return _Value(text=cell.text or (cell.formula or ""), problem=_BROKEN[cell.kind])
    text = clean(cell.text)
    wanted = fold(text)
    for choice in value_type.choices:
        if wanted in {fold(t) for t in (choice.label, *choice.aliases)}:
            return _Value(choice.key if choice.number is None else choice.number, text)
    return _Value(text=text, problem="C08" if text else None)


def _read_text(cell: Cell, value_type: ValueType, placeholder: str) -> _Value:
    if cell.kind in _BROKEN:
        return _Value(text=cell.text or (cell.formula or ""), problem=_BROKEN[cell.kind])
    text = clean(cell.text)
    if not text or fold(text) == fold(placeholder):
        return _Value()
    if len(text) > value_type.longest:
        return _Value(text, text, "C11")
    reading = suspected(cell.text)
    if reading is None:
        return _Value(text, text)
    kept = clean(cell.text, keep=SOFT_HYPHEN)  # without them nobody could convert the text any more
    return _Value(kept, kept, "C16", (sample(kept), sample(reading)))
