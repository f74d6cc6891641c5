"""Write open data: one CSV file for each table, ready for Excel, and one JSON document with them all.

The CSV files are what Excel on a Vietnamese Windows opens by a double click: UTF-8 with its mark, the
decimal comma, and the semicolon, which Excel takes for the list separator where the comma is taken.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.base.batches import batched
from pipeline.base.period import Period
from pipeline.edges.open_data.rows import Rows, Value
from pipeline.spec.consolidated import Consolidated
from pipeline.spec.open_data import FILE, OpenColumn, OpenData, OpenTable

Header = Mapping[str, object]

_ROWS_OF_A_PART = 1_000
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def csv_files(
    rows: Mapping[str, Rows], spec: OpenData, looks: Consolidated
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and content, in parts, of every CSV file; keys are put into the words of the workbook."""
    for table in spec.tables:
        yield table.file, _csv(table, rows[table.key], looks)


def document(rows: Mapping[str, Rows], header: Header) -> Iterator[bytes]:
    """The JSON document, in parts, a line for each row; `header` says of which month and which versions
    it is."""
    lines = [f"{json.dumps(key)}: {_json(value)}" for key, value in {"$schema": FILE, **header}.items()]
    yield ("{\n" + ",\n".join(lines)).encode()
    for key, table in rows.items():
        yield f",\n{json.dumps(key)}: ".encode()
        yield from _array(table)
    yield b"\n}\n"


def _array(rows: Rows) -> Iterator[bytes]:
    start = "[\n"
    for part in batched(rows, _ROWS_OF_A_PART):
        yield (start + ",\n".join(map(_json, part))).encode()
        start = ",\n"
    yield b"\n]" if rows else b"[]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _csv(table: OpenTable, rows: Rows, looks: Consolidated) -> Iterator[bytes]:
    yield _lines([[column.label for column in table.columns]]).encode("utf-8-sig")
    for part in batched(rows, _ROWS_OF_A_PART):
        yield _lines(_line(table.columns, row, looks) for row in part).encode()


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _line(columns: Sequence[OpenColumn], row: Mapping[str, Value], looks: Consolidated) -> list[str]:
    return [_text(column, row[column.key], looks) for column in columns]


def _text(column: OpenColumn, value: Value, looks: Consolidated) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return looks.yes if value else looks.no
        case int():
            return str(value)
        case float():
            return (str(int(value)) if value.is_integer() else repr(value)).replace(".", ",")
        case str() if column.month:
            period = Period.parse(value)
            return looks.period_column.format(month=period.month, year=period.year)
        case str() if column.words:
            return looks.statuses[column.words][value].label
        case str():
            # Excel would run what begins like a formula; the mark makes it a text.
            return f"'{value}" if value.startswith(_FORMULA_SIGNS) else value
