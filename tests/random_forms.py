"""Forms filled by a seeded hand: legal rows, boundary values, slips, notations, and cells that are closed.

A row is filled in one of a few manners, so that many rows break one rule alone, and some break many.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from pipeline.base.sheet import CellKind
from pipeline.spec.form import FormContent, FormRow, Place
from pipeline.spec.template import Table
from tests.forms import EVIDENCE, TEMPLATE, valid
from tests.packs import Typed

PERCENT, DAY = "0.00%", "dd/mm/yyyy"
NBSP, ZERO_WIDTH = "\u00a0", "\u200b"


def text(content: str) -> Typed:
    return Typed(content)


def number(value: float, number_format: str = "") -> Typed:
    return Typed(value, CellKind.NUMBER, number_format)


def day(value: date, number_format: str = DAY) -> Typed:
    return Typed(value, CellKind.DATE, number_format)


def formula(words: str, value: float | str | None = None) -> Typed:
    kind = CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER
    return Typed(value, CellKind.UNCALCULATED if value is None else kind, formula=words)


BLANKS = (
    *map(text, (" ", "   ", NBSP, f" {NBSP} ", ZERO_WIDTH, "\n", "\t", "\ufeff", "\u3000", "\u2007\u202f")),
    formula('""', ""),
)
BROKEN = (
    Typed("#N/A", CellKind.ERROR),
    Typed("#DIV/0!", CellKind.ERROR),
    formula("1/0"),
    formula('"không rõ"', "không rõ"),
)
NO_NUMBERS = tuple(
    map(
        text,
        ("-", "x", "40 hồ sơ", "trên 98%", "khoảng 40", "≥80", "40-50", "#N/A", "1,2,3", "1e3", "5²", "Có"),
    )
)
NUMBERS_AS_TEXT = tuple(
    map(
        text, ("40", " 50 ", "1.688", "1 688", f"1{NBSP}688", "40,0", "'40", "４０", f"40{ZERO_WIDTH}", "+40")
    )
)
PERCENTS_AS_TEXT = tuple(
    map(text, ("85,5%", "85.5", "80", "98,4 %", "0,855", "100%", "101%", "-1", "688.123"))
)
LIMITS = tuple(map(number, (0, -1, 1, 100, 100.1, 101, 1e9, 1e9 + 1, 0.5, -0.5, 1e-9, 99.9999999)))
SLIPS = (
    *BROKEN,
    *NO_NUMBERS,
    *BLANKS,
    *LIMITS,
    *NUMBERS_AS_TEXT,
    *PERCENTS_AS_TEXT,
    *(number(n, PERCENT) for n in (0.8, 0.855, 1, 1.5, 0, 80, 0.005)),
    *(number(n, "0%") for n in (0.4, 1)),
    *map(number, (1.688, 2945.5, 40.0000000001, 1.23456789012345e14)),
    day(date(2026, 11, 5)),
    Typed(True, CellKind.BOOLEAN),
    formula("20+20"),
    formula("20+20", 40.0),
    formula("0.1+0.2"),
    formula("3*0.1*10"),
)


def other_spellings(label: str) -> tuple[Typed, ...]:
    decomposed = unicodedata.normalize("NFD", label)
    return tuple(
        map(text, (f" {label} ", label.upper(), label.replace(" ", "  "), f"{label}{NBSP}", decomposed))
    )


def _choices(type_name: str) -> tuple[Typed, ...]:
    choices = TEMPLATE.types[type_name].choices
    labels = [text(choice.label) for choice in choices]
    spelled = [typed for choice in choices for typed in other_spellings(choice.label)]
    aliases = [text(alias) for choice in choices for alias in choice.aliases]
    plain = [text("Co so lieu"), text("chua co"), text("hoàn thành"), text("Đạt"), text("x"), number(1)]
    return (*labels * 6, *spelled, *aliases, *plain, *BROKEN, *BLANKS)


def _texts(longest: int) -> tuple[Typed, ...]:
    lengths = (longest - 1, longest, longest + 1)
    long = (
        *(text("ệ" * n) for n in lengths),
        text("a" + " " * longest + "b"),
        text("a" + NBSP * longest + "b"),
        text(unicodedata.normalize("NFD", "ệ" * (longest - 5))),
        text("📈" * (longest - 5)),
    )
    plain = (*map(text, (EVIDENCE, "Chờ tỉnh", "Chưa phân công", "=1+1", "0")), number(45), number(0.5))
    return (*plain * 3, *long, *BROKEN, *BLANKS, day(date(2026, 11, 5)), formula('"theo "&"báo cáo"'))


DATES = (
    *(day(date(2026, 11, n)) for n in (1, 5, 14)),
    *map(day, (date(1999, 12, 31), date(2000, 1, 1), date(2099, 12, 31), date(2100, 1, 1))),
    day(date(2026, 11, 5), "d/m/yy hh:mm"),
    *map(number, (46331, 46331.5, 5, 36525, 36526, 73050, 73051, 2026, -46331)),
    *(number(n, "General") for n in (46331, 46331.25, 36525.5, 73050.5, 73051)),
    *(number(n, "#,##0") for n in (46331, 5)),
    *(number(n, "hh:mm") for n in (0.5, 1.5)),
    *map(text, ("05/11/2026", "5/11/2026", "ngày 05 tháng 11 năm 2026", "2026-11-05", "31/02/2026")),
    *map(text, ("tháng 11", "05/11", "hôm qua", "-", "11/25/2026", "05/11/1999", "46331")),
    formula("DATE(2026,11,5)"),
    *BROKEN,
    *BLANKS,
)
POOLS: Mapping[str, Sequence[Typed]] = {
    "count": (*SLIPS, *map(number, (40, 50, 80, 3))),
    "percent": (*SLIPS, *map(number, (80, 85.5, 15.6))),
    "progress": (*SLIPS, *map(number, (40, 100, 0))),
    "index": (*SLIPS, *map(number, (0.82, 0.7612)), *map(text, ("0,82", "0.820", "0,7"))),
    "yes_no": _choices("yes_no"),
    "state": _choices("state"),
    "task_state": _choices("task_state"),
    "text": _texts(TEMPLATE.types["text"].longest),
    "paragraph": _texts(TEMPLATE.types["paragraph"].longest),
    "date": DATES,
}
# Values that meet each other in the rules; nothing is left out of the cell as often as something else.
PLAUSIBLE: Mapping[str, Sequence[Typed]] = {
    "count": tuple(map(number, (0, 0, 1, 2, 3, 40, 40, 50, 50, 51))),
    "percent": (
        *map(number, (0, 0.5, 0.99, 1, 15.6, 50.1, 79.9, 80, 80.1, 80.2, 100, 100)),
        *(number(n, PERCENT) for n in (0.8, 0.801, 0.005, 0.01)),
    ),
    "progress": (*map(number, (0, 40, 99, 99.5, 100, 100)), number(1, "0%"), number(0.4, PERCENT)),
    "index": tuple(map(number, (0, 0.82, 1))),
}
CLOSED = (number(40), text("40"), text(NBSP), text(" "), Typed("#N/A", CellKind.ERROR), text("x"))
MANNERS = {"legal": 4, "blank": 2, "plausible": 7, "one figure": 6, "one slip": 6, "wild": 4}


@dataclass(frozen=True, slots=True)
class Hand:
    """Fills forms; the same seed fills them alike."""

    random: Random

    def form(self, content: FormContent) -> dict[Place, Typed]:
        """What is typed, by table, code of the row, and column."""
        rows = [row for part in content.rows.values() for row in part]
        return {place: typed for row in rows for place, typed in self._row(row).items()}

    def _row(self, row: FormRow) -> dict[Place, Typed]:
        (manner,) = self.random.choices(tuple(MANNERS), tuple(MANNERS.values()))
        cells: dict[str, Typed] = {}
        if manner in ("legal", "one figure", "one slip"):
            cells = {key: typed(value) for key, value in valid(row).items()}
        elif manner == "plausible":
            cells = self._drawn(row, PLAUSIBLE, 0.6)
        elif manner == "wild":
            cells = self._drawn(row, {}, 0.6)
        if manner in ("one figure", "one slip"):
            pools = PLAUSIBLE if manner == "one figure" else POOLS
            keys = [key for key in sorted(row.open) if type_of(row, key) in pools]
            if keys:
                key = self.random.choice(keys)
                cells[key] = self.random.choice(pools[type_of(row, key)])
        if self.random.random() < 0.06:
            cells |= self._beside(row)
        return {(row.table, row.code, key): value for key, value in cells.items()}

    def _drawn(self, row: FormRow, pools: Mapping[str, Sequence[Typed]], share: float) -> dict[str, Typed]:
        cells: dict[str, Typed] = {}
        for key in sorted(row.open):
            kind = type_of(row, key)
            if self.random.random() < share:
                cells[key] = self.random.choice(pools.get(kind) or self._gentle(kind, bool(pools)))
        return cells

    def _gentle(self, kind: str, plausible: bool) -> Sequence[Typed]:
        choices = TEMPLATE.types[kind].choices
        if not plausible:
            return POOLS[kind]
        if choices:
            return [text(choice.label) for choice in choices]
        return [day(date(2026, 11, 5))] if kind == "date" else [text(EVIDENCE)]

    def _beside(self, row: FormRow) -> dict[str, Typed]:
        """Something in cells that the row does not use, or in what the form computes by itself."""
        closed = closed_columns(row)
        return {key: self.random.choice(CLOSED) for key in closed if self.random.random() < 0.5}


def typed(value: str | float | date) -> Typed:
    if isinstance(value, str):
        return text(value)
    return day(value, "") if isinstance(value, date) else number(value)


def table_of(row: FormRow) -> Table:
    return TEMPLATE.table(row.table)


def type_of(row: FormRow, column: str) -> str:
    return TEMPLATE.type_name(table_of(row), column, row.entry)


def closed_columns(row: FormRow) -> list[str]:
    """Columns whose cell is locked in this row, and holds nothing of the plan's own."""
    columns = [column.key for column in table_of(row).entry_columns] + ["previous"] * bool(row.entry)
    return [key for key in columns if key not in row.open and not row.locked.get(key)]
