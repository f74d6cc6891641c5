"""The demonstration as frozen objects, from `schemas/demo.toml`: illustrative figures, texts and files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from pipeline.base.errors import SpecError
from pipeline.base.period import Period
from pipeline.spec.plan import Confirmation, Plan
from pipeline.spec.shape import Faults, build, read_toml
from pipeline.spec.template import TableKey, Template

T = TypeVar("T")

Entries = Mapping[tuple[TableKey, str, str], str | float | date]
"""What is typed into a form, by table, code of the row, and column."""


@dataclass(frozen=True)
class Figure:
    """What `unit` (the reporter of the lead, if empty) has for an indicator, month by month.

    A ratio counts `of` things, and `results` percent of them. A month beyond the end of `results` has
    the `state` instead; `explanation` says why there is no figure then, or none can be computed.
    """

    code: str
    results: tuple[float, ...]
    unit: str = ""
    of: tuple[int, ...] = ()
    state: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class TaskNews:
    """How a task goes, month by month; `work` is given for a task of the unit's own."""

    unit: str
    code: str
    states: tuple[str, ...]
    progress: tuple[float, ...]
    work: str = ""
    person: str = ""
    time: str = ""
    responsibility: str = ""
    product: str = ""
    authority: str = ""
    document: str = ""
    done: date | None = None


@dataclass(frozen=True)
class Told:
    """What a unit writes in a section, month by month."""

    unit: str
    section: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    """A text typed over what would be right; "" leaves the cell blank."""

    code: str
    column: str
    text: str
    table: TableKey = "indicators"


@dataclass(frozen=True)
class Damage:
    """What a careless unit does to a sheet: a new name, a row above the table, a hidden column."""

    what: Literal["rename_sheet", "insert_row", "hide_column"]
    table: TableKey
    text: str = ""
    column: str = ""


@dataclass(frozen=True)
class SentFile:
    """A file in the inbox: the form of `unit`, a copy, a workbook of other `rows`, or any `content`."""

    day: date
    name: str
    unit: str = ""
    empty: bool = False
    typed: tuple[Slip, ...] = ()
    left_blank: tuple[str, ...] = ()
    damages: tuple[Damage, ...] = ()
    copy_of: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    content: str = ""

    @property
    def place(self) -> str:
        """Where it lies, relative to the inbox."""
        return f"{self.day}/{self.name}"


@dataclass(frozen=True)
class Demo:
    """The whole demonstration. `mark` stands before what units write, `note` in the folder.

    `title_mark` ends the title of its plan, and so stands on the first page of the workbook.
    """

    mark: str
    title_mark: str
    note: str
    months: tuple[str, ...]
    issued_on: tuple[int, ...]
    runs_on: tuple[int, ...]
    hour: int
    baselines: dict[str, float]
    confirmations: tuple[Confirmation, ...]
    evidence: dict[str, str]
    figures: tuple[Figure, ...]
    tasks: tuple[TaskNews, ...]
    narratives: tuple[Told, ...]
    files: tuple[SentFile, ...]

    @property
    def periods(self) -> tuple[Period, ...]:
        return tuple(Period.parse(month) for month in self.months)

    def files_of(self, period: Period) -> tuple[SentFile, ...]:
        return tuple(file for file in self.files if Period.of(file.day) == period)


def at(entries: Sequence[T], month: int) -> T | None:
    """The entry for a month (counted from 0); the last one stands for the months after it."""
    return entries[min(month, len(entries) - 1)] if entries else None


def load_demo(file: str, text: str, plan: Plan, template: Template) -> Demo:
    """The demonstration in `text`, for `plan`. Raises `SpecError` with every fault."""
    faults = Faults()
    demo = build(Demo, read_toml(file, text), "", faults)
    if demo is not None:
        faults += _faults(demo, plan, template)
    if demo is None or faults:
        raise SpecError(file, faults)
    return demo


def _faults(demo: Demo, plan: Plan, template: Template) -> Iterator[str]:
    yield from _months_faults(demo, plan)
    yield from _figure_faults(demo, plan)
    yield from _file_faults(demo, template)
    codes, units = set(plan.indicator_by_code), {unit.id for unit in plan.expected_units}
    yield from (f"baselines: không có chỉ tiêu {code}" for code in sorted(set(demo.baselines) - codes))
    named = {*demo.evidence, *(t.unit for t in demo.tasks), *(n.unit for n in demo.narratives)}
    named |= {sent.unit for sent in demo.files if sent.unit}
    yield from (f"không có đơn vị phải nộp {unit}" for unit in sorted(named - units))
    yield from (f"evidence: thiếu đơn vị {unit}" for unit in sorted(units - set(demo.evidence)))


def _months_faults(demo: Demo, plan: Plan) -> Iterator[str]:
    for month in demo.months:
        try:
            period = Period.parse(month)
        except ValueError:
            yield f"months: «{month}» không phải là kỳ, dạng 2026-11"
            continue
        if period.year != plan.year:
            yield f"months: kỳ {month} không thuộc kế hoạch năm {plan.year}"
    if len(demo.issued_on) != len(demo.months):
        yield "issued_on: mỗi tháng một ngày"


def _figure_faults(demo: Demo, plan: Plan) -> Iterator[str]:
    """Each row of each unit's form is to be filled, and no other."""
    wanted = {(u.id, i.code) for u in plan.expected_units for i in plan.indicators_of(u.id)}
    given = {(reporter(figure, plan), figure.code) for figure in demo.figures}
    yield from (f"figures: thiếu {code} của {unit}" for unit, code in sorted(wanted - given))
    yield from (f"figures: {unit} không báo cáo {code}" for unit, code in sorted(given - wanted))
    for figure in demo.figures:
        if len(figure.results) < len(demo.months) and not figure.state:
            yield f"figures({figure.code}): thiếu results của tháng cuối, hoặc thiếu state"


def reporter(figure: Figure, plan: Plan) -> str:
    """The unit that types a figure."""
    indicator = plan.indicator_by_code.get(figure.code)
    return figure.unit or (plan.reporters(indicator)[0] if indicator else "")


def _file_faults(demo: Demo, template: Template) -> Iterator[str]:
    earlier: set[str] = set()
    for sent in demo.files:
        place = f"files({sent.place})"
        if sum(map(bool, (sent.unit, sent.copy_of, sent.rows, sent.content))) != 1:
            yield f"{place}: cần đúng một trong unit, copy_of, rows, content"
        if sent.copy_of and sent.copy_of not in earlier:
            yield f"{place}.copy_of: trước đó không có tệp {sent.copy_of}"
        if sent.place in earlier or str(Period.of(sent.day)) not in demo.months:
            yield f"{place}: tên trùng, hoặc ngày ngoài các tháng minh họa"
        touched = [(slip.table, slip.column) for slip in sent.typed]
        touched += [(damage.table, damage.column) for damage in sent.damages if damage.column]
        for table, column in touched:
            if column not in template.table(table).column_by_key:
                yield f"{place}: bảng {table} không có cột {column}"
        earlier.add(sent.place)
