"""The rows that leave the house: the tables of the workbook, cut to the columns of the published schema."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.base.text import without_contacts
from pipeline.spec.open_data import OpenColumn, OpenData, OpenTable
from pipeline.spec.tables import Tables

Value = str | float | int | bool | None
Rows = list[dict[str, Value]]


def open_rows(tables: Tables, spec: OpenData) -> dict[str, Rows]:
    """The rows of every table by its key, in their order; None is "no figure", "" is "no text"."""
    return {table.key: _rows(table, tables) for table in spec.tables}


def _rows(table: OpenTable, tables: Tables) -> Rows:
    if table.key == "groups":
        groups = (*tables.overview.groups, tables.overview.total)
        return [_row(table, vars(group)) for group in groups]
    if table.key == "history":
        return [_row(table, row) for row in _months(tables)]
    frame = tables.frames[table.key]
    columns = [frame[column.key].tolist() for column in table.columns]
    keys = [column.key for column in table.columns]
    return [_row(table, dict(zip(keys, row, strict=True))) for row in zip(*columns, strict=True)]


def _months(tables: Tables) -> Iterable[Mapping[str, Any]]:
    """The table of months in its long form: one row for each indicator and month."""
    wide = tables.frames["history"]
    periods = [str(name) for name in wide.columns if name != "code"]
    for row in wide.to_dict(orient="records"):
        yield from ({"code": row["code"], "period": period, "result": row[period]} for period in periods)


def _row(table: OpenTable, row: Mapping[str, Any]) -> dict[str, Value]:
    return {column.key: _value(column, row[column.key]) for column in table.columns}


def _value(column: OpenColumn, value: Any) -> Value:
    missing = value is None or value != value
    match column.kind:
        case "string":
            text = "" if missing else str(value)
            return without_contacts(text) if column.free_text else text
        case "integer":
            return None if missing else int(value)
        case "boolean":
            return bool(value)
        case _:
            return None if missing else float(value)
