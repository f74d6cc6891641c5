"""Hand writes on row by row, for a workbook whose rows leave memory once they are written."""

import re
from collections.abc import Callable
from typing import Any

from pipeline.base.sheet import address
from pipeline.edges.pen import Worksheet

_BY_ROW = {"write_string", "write_number", "write_blank", "write_formula", "write_url", "merge_range"}


class InOrder:
    """A worksheet that takes cells and row heights in any order; `flush` writes them from top to bottom."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._waiting: list[tuple[int, str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return self._keep(name) if name in _BY_ROW else getattr(self._sheet, name)

    def set_row(self, row: int, height: float) -> None:
        self._waiting.append((row + 1, "set_row", (row, height)))

    def flush(self) -> None:
        for _, name, arguments in sorted(self._waiting, key=lambda write: write[0]):
            if getattr(self._sheet, name)(*arguments):
                raise ValueError(f"not written: {self._sheet.get_name()}!{_shown(*arguments)}")

    def _keep(self, name: str) -> Callable[..., int]:
        def keep(place: int | str, *arguments: Any) -> int:
            self._waiting.append((_row(place), name, (place, *arguments)))
            return 0

        return keep


def _row(place: int | str) -> int:
    """The row, from 1, of a place by number from 0 or by address."""
    if isinstance(place, int):
        return place + 1
    digits = re.search(r"\d+", place)
    return int(digits[0]) if digits else 0


def _shown(place: int | str, *others: Any) -> str:
    return address(place + 1, others[0] + 1) if isinstance(place, int) else place
