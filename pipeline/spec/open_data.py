"""The open data as frozen objects: which tables and columns leave the house, and under which names.

Loaded from `schemas/open-data.schema.json`, the published JSON Schema: what it does not name is left out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.base.errors import SpecError

FILE = "open-data.schema.json"


@dataclass(frozen=True)
class OpenColumn:
    """A column: its key, its heading in the CSV file, and how its values are written.

    A `month` is written in words in the CSV file, where Excel would make a day of it. `words` names
    the vocabulary that puts keys into words there. In `free_text`, written by units, the ways to reach
    a person are left out.
    """

    key: str
    label: str
    kind: str
    month: bool = False
    words: str = ""
    free_text: bool = False


@dataclass(frozen=True)
class OpenTable:
    """A table, with the name of its CSV file."""

    key: str
    file: str
    columns: tuple[OpenColumn, ...]


@dataclass(frozen=True)
class OpenData:
    """All tables, and the text of the schema as it is published."""

    tables: tuple[OpenTable, ...]
    text: str


def load_open_data(file: str, text: str) -> OpenData:
    """The tables of the JSON Schema in `text`. Raises `SpecError` where it is not as expected."""
    try:
        schema = json.loads(text)
        tables = tuple(
            _table(key, array, schema["$defs"][key])
            for key, array in schema["properties"].items()
            if array.get("type") == "array"
        )
    except json.JSONDecodeError as error:
        raise SpecError(file, [f"dòng {error.lineno}, cột {error.colno}: không đúng cú pháp JSON"]) from error
    except KeyError as error:
        raise SpecError(file, [f"thiếu khóa {error}"]) from error
    return OpenData(tables, text)


def _table(key: str, array: Mapping[str, Any], definition: Mapping[str, Any]) -> OpenTable:
    columns = (_column(name, column) for name, column in definition["properties"].items())
    return OpenTable(key, array["x-csv"], tuple(columns))


def _column(key: str, column: Mapping[str, Any]) -> OpenColumn:
    kind = column["type"] if isinstance(column["type"], str) else column["type"][0]
    free_text = bool(column.get("x-free-text", False))
    month = column.get("format") == "year-month"
    return OpenColumn(key, column["title"], kind, month, column.get("x-words", ""), free_text)
