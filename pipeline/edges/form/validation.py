"""What Excel lets a unit type into a cell, and what it says before and after."""

from collections.abc import Mapping
from typing import Any

from pipeline.edges.form.lists import Labels, offered_labels
from pipeline.spec.form import FormRow
from pipeline.spec.template import Column, Table, Template, ValueType

_LARGEST = 1e15  # Excel keeps 15 digits


def validation(
    template: Template,
    lists: Mapping[Labels, str],
    table: Table,
    row: FormRow,
    column: Column,
    value_type: ValueType,
) -> dict[str, Any]:
    """The options of xlsxwriter's data validation for one open cell."""
    faults = [value_type.short, value_type.range_short]
    return {
        **_limits(value_type, lists.get(offered_labels(table, row, column.key, value_type), "")),
        **_help(template, row, column),
        "error_type": "stop",
        "error_title": template.words.refused,
        "error_message": "\n".join(f"{text.format(label=column.label)}." for text in faults if text),
    }


def _limits(value_type: ValueType, list_name: str) -> dict[str, Any]:
    match value_type.base:
        case "number":
            return {
                "validate": "integer" if value_type.whole else "decimal",
                "criteria": "between",
                "minimum": _bound(value_type.minimum, -_LARGEST),
                "maximum": _bound(value_type.maximum, _LARGEST),
            }
        case "choice":
            return {"validate": "list", "source": f"={list_name}"}
        case "date":
            days = {"minimum": value_type.earliest, "maximum": value_type.latest}
            return {"validate": "date", "criteria": "between", **days}
        case "text":
            return {"validate": "length", "criteria": "<=", "value": value_type.longest}


def _bound(limit: float | None, otherwise: float) -> str:
    return f"{otherwise if limit is None else limit:.15g}"


def _help(template: Template, row: FormRow, column: Column) -> dict[str, Any]:
    """The kind of indicator may explain a cell better than its column does."""
    kind = template.entries.get(row.entry)
    text = kind.help.get(column.key, column.help) if kind else column.help
    return {"input_title": column.label, "input_message": text} if text else {}
