"""Write and change single statements of a TOML text: what surrounds a value stays as it is."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import tomlkit

_LAYOUT = re.compile(r"\s+|,(?=\s*[\]}])")
_BEFORE_VALUE = re.compile(r"\s*[^=]*=")


class NotWritable(ValueError):
    """The text is laid out in a way that is not changed here: it has to be edited by hand."""


def literal(value: Any) -> str:
    """A value in the style of the plan file, in one line."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {literal(item)}" for key, item in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case str():
            return tomlkit.item(value).as_string()
        case _:
            return repr(value)


def statement(key: str, value: Any, width: int) -> str:
    """`key  = value`, the sign after `width` letters."""
    return f"{key.ljust(width)} = {literal(value)}\n"


def table_body(values: Mapping[str, Any], aligned: bool) -> str:
    """The statements of a new table."""
    width = max(map(len, values), default=0) if aligned else 0
    return "".join(statement(key, value, width) for key, value in values.items())


def sign_column(texts: Sequence[str]) -> int:
    """How many letters stand before the " =" of aligned statements; 0 where they are not aligned."""
    keys = [found[0][:-1] for text in texts if (found := _BEFORE_VALUE.match(text))]
    widths = {len(key) for key in keys}
    return widths.pop() - 1 if len(widths) == 1 and any(key.endswith("  ") for key in keys) else 0


def with_value(text: str, key: str, value: Any) -> str:
    """The statement `text` with another value of `key`; comments stay. Raises `NotWritable`."""
    document = tomlkit.parse(text)
    before = tomllib.loads(text)[key]
    there: Any = document.item(key)
    item: str = there.as_string()
    if _holds_tables(before) and _amended(there, before, value):
        return document.as_string()
    if isinstance(before, list) and _holds_tables(before):
        return _replaced(text, item, _tables(item, before, value))
    if isinstance(before, list) and "\n" in item.strip():
        return _with_list(text, key, before, value) or _replaced(text, item, literal(value))
    return _replaced(text, item, literal(value))


def _holds_tables(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict) for v in value))


def _amended(there: Any, old: Any, new: Any) -> bool:
    """Change what differs inside a table, or a list of tables, of the same shape; False if it has another."""
    places = new.keys() if isinstance(new, dict) else range(len(new)) if isinstance(new, list) else ()
    same = (
        old.keys() == new.keys()
        if isinstance(old, dict) and isinstance(new, dict)
        else len(old) == len(places)
    )
    if type(old) is not type(new) or not same:
        return False
    for place in (p for p in places if old[p] != new[p]):
        if not _holds_tables(old[place]):
            there[place] = new[place]
        elif not _amended(there[place], old[place], new[place]):
            return False
    return True


def _tables(item: str, before: Sequence[Any], after: Any) -> str:
    """A list of tables within one value, written anew; not where it holds comments, which would be lost."""
    if _LAYOUT.sub("", item) != _LAYOUT.sub("", literal(list(before))):
        raise NotWritable(item)
    if "\n" not in item:
        return literal(after)
    return "[\n" + "".join(f"  {literal(entry)},\n" for entry in after) + "]"


def _replaced(text: str, item: str, new: str) -> str:
    """The text with another value; a comment behind it stays in its column where there is room."""
    at = text.find(item, text.index("="))
    if at < 0:  # keys with a dot
        raise NotWritable(text)
    rest = text[at + len(item) :]
    gap = len(rest) - len(rest.lstrip(" "))
    if rest.lstrip(" ").startswith("#"):
        rest = " " * max(gap + len(item) - len(new), 2) + rest.lstrip(" ")
    return text[:at] + new + rest


def _with_list(text: str, key: str, before: Sequence[Any], after: Sequence[Any]) -> str:
    """A list of several lines with texts left out and others put in; "" where it takes more than that."""
    for value in (v for v in before if v not in after):
        text = _without(text, literal(value))
    document = tomlkit.parse(text)
    array: Any = document[key]
    for place, value in enumerate(after):
        if value not in before:
            array.insert(place, value)
    changed = document.as_string()
    return changed if tomllib.loads(changed)[key] == list(after) else ""


def _without(text: str, item: str) -> str:
    """Without one text; a line that then says nothing goes with its comment."""
    lines = []
    for line in text.split("\n"):
        cut = re.sub(rf"{re.escape(item)},?[ \t]?", "", line, count=1)
        if cut == line:
            lines.append(line)
        elif cut.strip() and not cut.strip().startswith("#"):
            lines.append(cut.rstrip())
    return "\n".join(lines)
