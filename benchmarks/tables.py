"""Write what was measured into the README of the benchmarks: one table a part, between two marks."""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

README = Path(__file__).resolve().parent / "README.md"


@dataclass(frozen=True, slots=True)
class Table:
    """What a part has found: texts and figures by row, and what is to be said below."""

    head: tuple[str, ...]
    rows: Sequence[Sequence[str | float | int]]
    notes: tuple[str, ...] = ()


def written(name: str, table: Table, command: str, load: float, keep: bool) -> str:
    """The table of a part as text; to `keep`, put into the README in place of the former one."""
    text = f"{_markdown(table)}\n\n{_circumstances(command, load)}"
    if keep:
        _put(name, text)
    return text


def _put(name: str, text: str) -> None:
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    pattern = re.compile(f"(?<={re.escape(start)}).*(?={re.escape(end)})", re.DOTALL)
    readme, count = pattern.subn(lambda _: f"\n\n{text}\n\n", README.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{README} has no place for the part {name}")
    README.write_text(readme, encoding="utf-8")


def _markdown(table: Table) -> str:
    lines = [table.head, ["---"] + ["---:"] * (len(table.head) - 1), *table.rows]
    shown = "\n".join(f"| {' | '.join(map(_shown, line))} |" for line in lines)
    return "\n\n".join((shown, *table.notes))


def _shown(value: str | float | int) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value


def _circumstances(command: str, load: float) -> str:
    machine = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    today = f"{datetime.now().astimezone():%d/%m/%Y}"
    return f"{today}, {machine}; load of the machine at the start {load:.1f}. `{command}`"
