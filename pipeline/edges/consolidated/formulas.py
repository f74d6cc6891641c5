"""The text of formulas in cells: references by name put into addresses, and links as formulas."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from pipeline.base.sheet import address
from pipeline.base.text import fold

# A text within a formula is passed over: a file may be called `phieu[1].xlsx`.
_REFERENCE = re.compile(r'"(?:[^"]|"")*"|(\w*)\[(@?)([\w-]+)\]')
_LONGEST_LINK = 255  # Excel's limit for the place of a link in a formula


def placed(text: str, own: Mapping[str, int], row: int, name_of: Callable[[str, str], str]) -> str:
    """The formula for a cell in `row` of a table whose columns stand at `own`.

    `name_of` gives the name of a column of another table.
    """

    def put(found: re.Match[str]) -> str:
        table, same_row, key = found.groups()
        if not key:
            return found[0]
        return address(row, own[key]) if same_row else name_of(table, key)

    return _REFERENCE.sub(put, text)


def columns_used(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Table and column of every reference to a whole column."""
    for text in texts:
        found = _REFERENCE.findall(text)
        yield from ((table, key) for table, same_row, key in found if key and not same_row)


@lru_cache(maxsize=1000)
def name_for(sheet: str, label: str) -> str:
    """The name of a column in formulas: `Dữ liệu gốc`, `Tử số` → `du_lieu_goc_tu_so`."""
    return re.sub(r"[^a-z0-9]+", "_", fold(f"{sheet} {label}")).strip("_")


def jump(sheet: str, column: str, row: str, shown: str | float) -> str:
    """A link to a cell of this workbook, whose row is a formula."""
    return f'HYPERLINK("#{_inside(_quoted(sheet))}!{column}"&{row},{_shown(shown)})'


def opening(file: str, sheet: str, cell: str, shown: str) -> str:
    """A link to a cell of another workbook, at a place relative to this one; "" where Excel has no room."""
    target = f"{file}#{_quoted(sheet)}!{cell}"
    return f"HYPERLINK({literal(target)},{_shown(shown)})" if len(target) <= _LONGEST_LINK else ""


def literal(text: str) -> str:
    """A text inside a formula."""
    return f'"{_inside(text)}"'


def _quoted(sheet: str) -> str:
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


def _inside(text: str) -> str:
    return text.replace('"', '""')


def _shown(value: str | float) -> str:
    return literal(value) if isinstance(value, str) else f"{value:g}"
