"""Cut a TOML text into its tables, so that each line belongs to one of them, and put it together again."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

Path = tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """A key with its value, over as many lines as it takes; without a key, a comment or a blank line."""

    key: str
    text: str


@dataclass(frozen=True)
class Part:
    """A table as it is written: the comment directly above its header, the header, its statements.

    `tail` is what follows after a blank line, up to the comment of the next table: headings of sections,
    which stay where their table is removed. The top of a file has no header.
    """

    path: Path
    many: bool
    header: str
    lead: str = ""
    body: tuple[Statement, ...] = ()
    tail: str = ""

    @property
    def text(self) -> str:
        return self.lead + self.header + "".join(s.text for s in self.body) + self.tail


@dataclass
class _Open:
    """A part that is still being read."""

    path: Path
    many: bool
    header: str
    lead: str
    body: list[Statement] = field(default_factory=list)

    def close(self, with_lead: bool) -> tuple[Part, str]:
        """The part, and the comment at its end that belongs to the next header."""
        stated = [s for s in self.body if s.key]
        end = self.body.index(stated[-1]) + 1 if stated else 0
        rest = [s.text for s in self.body[end:]]
        run = list(takewhile(lambda line: line.strip(), reversed(rest))) if with_lead else []
        rest = rest[: len(rest) - len(run)]
        own = list(takewhile(lambda line: line.strip(), rest)) if self.header or stated else rest
        body = (*self.body[:end], *(Statement("", line) for line in own))
        tail = "".join(rest[len(own) :])
        return Part(self.path, self.many, self.header, self.lead, body, tail), "".join(reversed(run))


def split(text: str) -> list[Part]:
    """The parts of a well-formed text, in their order; joined they give the text."""
    parts: list[Part] = []
    current = _Open((), many=False, header="", lead="")
    for item in _items(text):
        if item.key or not item.text.lstrip().startswith("["):
            current.body.append(item)
            continue
        part, lead = current.close(with_lead=True)
        parts.append(part)
        path, many = _header(item.text)
        current = _Open(path, many, item.text, lead)
    return [*parts, current.close(with_lead=False)[0]]


def join(parts: Iterable[Part]) -> str:
    """The text of the parts."""
    return "".join(part.text for part in parts)


def _items(text: str) -> Iterator[Statement]:
    """Statements, headers, comments and blank lines; the last three without a key."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    while lines:
        bare = lines[0].strip()
        if not bare or bare[0] in "#[":
            line = lines.pop(0)
            if line:
                yield Statement("", line)
            continue
        statement = lines.pop(0)
        while (said := _parsed(statement)) is None:
            statement += lines.pop(0)
        yield Statement(next(iter(said)), statement)


def _parsed(text: str) -> dict[str, Any] | None:
    """A value that goes on in the next line is not well formed yet."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _header(line: str) -> tuple[Path, bool]:
    """`[[calendar.steps]]` → (calendar, steps), True."""
    path: list[str] = []
    node: Any = tomllib.loads(line)
    while isinstance(node, dict) and node:
        key, node = next(iter(node.items()))
        path.append(key)
    return tuple(path), isinstance(node, list)
