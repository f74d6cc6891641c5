"""Build frozen dataclasses from TOML tables: strict types, no unknown keys, all faults at once.

A fault is a line with its place (`indicators[3].weight: …`), in the language of the person who
edits the file. Values are never coerced, save that a whole number serves where a decimal is asked.
"""

import math
import re
import tomllib
import types
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pipeline.base.errors import SpecError

T = TypeVar("T")

read_once = lru_cache(maxsize=8)
"""For what makes frozen objects of a text: a run asks for each of them several times."""
KEY_MISSING = "thiếu khóa này"
"""Said of a key that is needed and not there."""

_UNKNOWN = "khóa lạ"
_BEFORE_A_TABLE = re.compile(r"^(?=[ \t]*\[)", re.MULTILINE)
_TABLE = re.compile(r"[ \t]*\[\[?([\w-]+)(?:\.[\w-]+)*\]\]?[ \t]*(?:#.*)?$", re.MULTILINE)
_LONG_TEXT = re.compile("\"{3}|'{3}")  # may hold lines that look like tables
_PLACE = re.compile(r"line (\d+), column (\d+)")
_LARGEST, _SMALLEST = 1e15, 1e-9  # what a workbook and its arithmetic hold exactly enough
_NAMES = {
    str: "chữ (đặt trong ngoặc kép)",
    float: "số",
    int: "số nguyên",
    bool: "true hoặc false",
    date: "ngày (ví dụ 2026-11-18)",
}


class Faults(list[str]):
    """The faults of one data file, in reading order."""

    def add(self, place: str, text: str) -> None:
        self.append(f"{place}: {text}")

    def unique(self, place: str, keys: Iterable[str]) -> None:
        """Add a fault for each key that stands more than once."""
        for key, count in Counter(keys).items():
            if count > 1:
                self.add(place, f"«{key}» có {count} lần")


def read_toml(file: str, text: str) -> dict[str, Any]:
    """Parse TOML text; `SpecError` names the line where it is not well formed."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 figures, brackets without end
        found = _PLACE.search(str(error))
        where = f"dòng {found[1]}, cột {found[2]}" if found else "cuối tệp"
        raise SpecError(file, [f"{where}: không đúng cú pháp TOML"]) from error


def read_part(file: str, text: str, keys: Collection[str]) -> dict[str, Any]:
    """These keys of TOML text. The tables of others are passed over, unseen, since parsing takes time."""
    head, *tables = _BEFORE_A_TABLE.split(text)
    wanted = [table for table in tables if (name := _TABLE.match(table)) is None or name[1] in keys]
    try:
        found = read_toml(file, text if _LONG_TEXT.search(text) else head + "".join(wanted))
    except SpecError:
        found = read_toml(file, text)  # which knows the line
    return {key: value for key, value in found.items() if key in keys}


def build(cls: type[T], data: Mapping[str, Any], place: str, faults: Faults) -> T | None:
    """An instance of the dataclass `cls`, or None where a fault leaves nothing to build.

    An unknown key is reported to `faults` like any other, but stops nothing.
    """
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]  # T is a dataclass
    for key in [k for k in data if k not in known]:
        faults.add(_join(place, key), f"{_UNKNOWN}; các khóa dùng được: {', '.join(known)}")
    before = len(faults) - _unknown_keys(faults)
    hints = _hints(cls)  # type: ignore[arg-type]  # every class is hashable
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in data:
            values[name] = _convert(hints[name], data[name], _join(place, name), faults)
        elif _required(field):
            faults.add(_join(place, name), KEY_MISSING)
    return None if len(faults) - _unknown_keys(faults) > before else cls(**values)


def _unknown_keys(faults: Faults) -> int:
    return sum(_UNKNOWN in fault for fault in faults)


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _convert(hint: Any, value: Any, place: str, faults: Faults) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not types.NoneType]
        return _convert(inner[0], value, place, faults)
    if origin is Literal:
        return _choice(get_args(hint), value, place, faults)
    if origin is tuple:
        return _sequence(get_args(hint)[0], value, place, faults)
    if origin in (dict, Mapping) or hint is Mapping:
        return _mapping(get_args(hint)[1], value, place, faults)
    if is_dataclass(hint):
        if not isinstance(value, dict):
            faults.add(place, "phải là một bảng [..]")
            return None
        return build(hint, value, place, faults)  # type: ignore[arg-type]  # a class, not an instance
    return _scalar(hint, value, place, faults)


def _choice(allowed: tuple[Any, ...], value: Any, place: str, faults: Faults) -> Any:
    if value not in allowed:
        faults.add(place, f"«{value}» không dùng được; chọn một trong: {', '.join(map(str, allowed))}")
    return value


def _sequence(hint: Any, value: Any, place: str, faults: Faults) -> tuple[Any, ...]:
    if not isinstance(value, list):
        faults.add(place, "phải là một danh sách [..]")
        return ()
    return tuple(_convert(hint, item, f"{place}[{i}]", faults) for i, item in enumerate(value, 1))


def _mapping(hint: Any, value: Any, place: str, faults: Faults) -> dict[str, Any]:
    if not isinstance(value, dict):
        faults.add(place, "phải là một bảng [..]")
        return {}
    return {key: _convert(hint, item, _join(place, key), faults) for key, item in value.items()}


def _is_usable(number: float) -> bool:
    return number == 0 or _SMALLEST <= abs(number) <= _LARGEST


def _scalar(hint: Any, value: Any, place: str, faults: Faults) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        faults.add(place, "phải là số hữu hạn")
    elif isinstance(value, int | float) and hint in (int, float) and not _is_usable(value):
        faults.add(place, "số quá lớn hoặc quá gần 0")
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        faults.add(place, f"phải là {_NAMES[hint]}, đang là «{value}»")
    return value
