"""Change a TOML text so that it says something else: comments, order and layout of the rest stay."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.core.plan_book.toml_parts import Part, Path, Statement, join, split
from pipeline.core.plan_book.toml_values import NotWritable, sign_column, statement, table_body, with_value

Table = Mapping[str, Any]
Origins = Mapping[Path, Sequence[int | None]]


def rewrite(text: str, new: Table, origins: Origins) -> str:
    """The text that says `new`; unchanged where it says so already. Raises `NotWritable`.

    `origins` tells for each entry of a list of tables, by its path, which one of the old it was, or None for
    a new one. Old entries keep their order.
    """
    old = tomllib.loads(text)
    if old == new:
        return text
    ended = text if text.endswith("\n") else f"{text}\n"
    written = join(_table(split(ended), (), old, new, origins))
    try:
        said = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise NotWritable(str(error)) from error
    if said != new:
        raise NotWritable("the text does not say what was asked for")
    return written


def _table(parts: Sequence[Part], path: Path, old: Table, new: Table, origins: Origins) -> list[Part]:
    """The parts of a table, and of those below it, that say `new`."""
    done = list(parts)
    for key in (*new, *(k for k in old if k not in new)):
        if old.get(key) != new.get(key) or type(old.get(key)) is not type(new.get(key)):
            done = _key(done, (*path, key), old.get(key), new, origins)
    return done


def _key(parts: list[Part], path: Path, before: Any, new: Table, origins: Origins) -> list[Part]:
    key, after = path[-1], new.get(path[-1])
    if path in origins and (_is_below(parts, path) or not before):
        cleared = parts if _is_below(parts, path) else _stated(parts, path[:-1], key, None, new)
        return _entries(cleared, path, before or [], after or [], origins)
    if not _is_below(parts, path):
        if isinstance(after, dict) and before is None and len(path) == 1:
            return _with_new_table(parts, path, after)
        return _stated(parts, path[:-1], key, after, new)
    if isinstance(after, dict):
        return _table(parts, path, before, after, origins)
    kept: list[Part] = []
    for part in parts:
        kept = _dropped(kept, [part]) if _is_in(part, path) else [*kept, part]
    return kept if after is None else _stated(kept, path[:-1], key, after, new)


def _is_in(part: Part, path: Path) -> bool:
    return part.path[: len(path)] == path


def _is_below(parts: Iterable[Part], path: Path) -> bool:
    return any(_is_in(part, path) for part in parts)


def _stated(parts: list[Part], path: Path, key: str, value: Any, new: Table) -> list[Part]:
    """With the statement of a key of the table `path` changed, put in, or left out where `value` is None."""
    at = next((n for n, part in enumerate(parts) if part.path == path), None)
    if at is None:
        if value is None:
            return parts
        raise NotWritable(".".join(path))
    body = list(parts[at].body)
    place = next((n for n, s in enumerate(body) if s.key == key), None)
    if place is None and value is not None:
        place = _place(body, key, new)
        width = sign_column([s.text for s in body if s.key])
        body.insert(place, Statement(key, statement(key, value, width)))
    elif place is not None and value is None:
        del body[place]
    elif place is not None:
        body[place] = Statement(key, with_value(body[place].text, key, value))
    return [*parts[:at], replace(parts[at], body=tuple(body)), *parts[at + 1 :]]


def _place(body: Sequence[Statement], key: str, new: Table) -> int:
    """Behind the statement of the nearest key that stands before it in `new`."""
    order = list(new)
    before = set(order[: order.index(key)])
    return max((n + 1 for n, s in enumerate(body) if s.key in before), default=0)


def _entries(
    parts: list[Part], path: Path, before: Sequence[Table], after: Sequence[Table], origins: Origins
) -> list[Part]:
    """With the entries of a list of tables changed, left out, and put in behind their neighbours."""
    kept = {old: entry for entry, old in zip(after, origins[path], strict=True) if old is not None}
    fresh = _behind(after, origins[path])
    if not before:
        return _appended(parts, path, fresh.get(-1, []))
    done: list[Part] = []
    number = -1
    for group in _groups(parts, path):
        if not (group[0].path == path and group[0].many):
            done += group
            continue
        if number == -1:
            made = _made(path, fresh.get(-1, []), group[0])
            done += [replace(part, tail="\n") for part in made]
        number += 1
        if number in kept:
            done += _table(group, path, before[number], kept[number], origins)
            done = _followed(done, _made(path, fresh.get(number, []), group[0]))
        else:
            done = _dropped(done, group)
    return done


def _behind(after: Sequence[Table], old: Sequence[int | None]) -> dict[int, list[Table]]:
    """New entries by the number of the old one that they follow, -1 at the beginning."""
    fresh: dict[int, list[Table]] = {}
    last = -1
    for entry, number in zip(after, old, strict=True):
        if number is None:
            fresh.setdefault(last, []).append(entry)
        else:
            last = number
    return fresh


def _groups(parts: Iterable[Part], path: Path) -> list[list[Part]]:
    """Each entry of the list with the tables in it; parts between them stand alone."""
    groups: list[list[Part]] = []
    for part in parts:
        inside = _is_in(part, path) and len(part.path) > len(path)
        if inside and groups and _is_in(groups[-1][0], path):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _made(path: Path, entries: Iterable[Table], like: Part | None) -> list[Part]:
    """New entries, aligned unless their neighbour is not."""
    stated = [s.text for s in like.body if s.key] if like else []
    aligned = len(stated) < 2 or sign_column(stated) > 0
    header = f"[[{'.'.join(path)}]]\n"
    return [Part(path, True, header, body=(Statement("", table_body(entry, aligned)),)) for entry in entries]


def _followed(parts: list[Part], fresh: Sequence[Part]) -> list[Part]:
    """New parts after the last one: what followed it follows them, such as the heading of a section."""
    if not fresh:
        return parts
    *first, last = parts
    between = [replace(part, tail="\n") for part in (last, *fresh[:-1])]
    return [*first, *between, replace(fresh[-1], tail=last.tail)]


def _appended(parts: list[Part], path: Path, entries: Sequence[Table]) -> list[Part]:
    """The first entries of a list: behind what belongs to the same table, or at the end of the file."""
    fresh = _made(path, entries, None)
    if len(path) > 1 and fresh:
        at = max((n for n, part in enumerate(parts) if _is_in(part, path[:-1])), default=len(parts) - 1)
        return [*_followed(parts[: at + 1], fresh), *parts[at + 1 :]]
    return _at_the_end(parts, fresh)


def _with_new_table(parts: list[Part], path: Path, values: Table) -> list[Part]:
    body = (Statement("", table_body(values, aligned=True)),)
    return _at_the_end(parts, [Part(path, False, f"[{'.'.join(path)}]\n", body=body)])


def _at_the_end(parts: list[Part], fresh: Sequence[Part]) -> list[Part]:
    if not fresh:
        return parts
    *first, last = parts
    heading = last.tail.rstrip("\n")
    spaced = replace(last, tail=f"{heading}\n\n" if heading else "\n")
    return [*first, spaced, *(replace(part, tail="\n") for part in fresh[:-1]), replace(fresh[-1], tail="")]


def _dropped(done: list[Part], group: Sequence[Part]) -> list[Part]:
    """Without `group`; the heading that followed it stays, and follows what stood before."""
    *first, last = done
    above = last.tail.rstrip("\n")
    above = f"{above}\n" if above else ""
    return [*first, replace(last, tail=above + group[-1].tail)]
