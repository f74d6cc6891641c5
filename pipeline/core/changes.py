"""What a unit's later files of one month changed, cell by cell, and what they left standing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from pipeline.base.record import Fact, Narrative, Submission, TaskReport
from pipeline.base.sheet import number_text
from pipeline.core.month import Kept
from pipeline.spec.plan import Plan
from pipeline.spec.template import Table, Template

Row = TypeVar("Row", Fact, TaskReport, Narrative)
Place = tuple[str, str]
"""Unit and code of a row."""

_TASK_FIELDS = (
    *("work", "person", "time", "responsibility", "product", "authority"),
    *("state", "progress", "date_done", "document"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that a later file gives otherwise, with the place of that file in the archive and the sheet;
    for rows that it leaves standing, `after` and `sheet` are empty."""

    unit: str
    rows: str
    label: str
    cell: str
    before: str
    after: str
    file_before: str
    file: str
    arrived_at: str
    archived_as: str
    sheet: str = ""
    kept: bool = False


def changes(kept: Kept, period: str, plan: Plan, template: Template) -> list[Change]:
    """The changes of `period`, by unit, file and row."""
    files = {s.sha256: s for s in kept.submissions}
    indicators, tasks = template.table("indicators"), template.table("tasks")
    found = [
        *_of(
            _by_place(kept.facts, period, files, lambda f: f.indicator),
            files,
            lambda one, two: _fact_cells(one, two, indicators, template),
        ),
        *_of(
            _by_place(kept.tasks, period, files, lambda t: t.code),
            files,
            lambda one, two: _task_cells(one, two, tasks, template),
        ),
        *_of(
            _by_place(kept.narratives, period, files, lambda n: n.section),
            files,
            lambda one, two: _text_cells(one, two, template),
        ),
        *_left_standing(kept, period, files),
    ]
    places = {unit.id: place for place, unit in enumerate(plan.units)}
    return sorted(found, key=lambda c: (places.get(c.unit, len(places)), c.arrived_at, c.file, c.kept))


def _by_place(
    rows: Sequence[Row], period: str, files: Mapping[str, Submission], code_of: Callable[[Row], str]
) -> dict[Place, list[Row]]:
    """The accepted versions of each row of the period, the earliest first."""
    versions: dict[Place, list[Row]] = {}
    for row in sorted((r for r in rows if r.period == period), key=lambda r: files[r.sha256].order):
        versions.setdefault((row.unit, code_of(row)), []).append(row)
    return versions


_Cells = Iterator[tuple[str, str, str, str]]
"""Label and address of a cell, and what it says before and after."""


def _of(
    versions: Mapping[Place, Sequence[Row]],
    files: Mapping[str, Submission],
    cells: Callable[[Row, Row], _Cells],
) -> Iterator[Change]:
    for (unit, code), rows in versions.items():
        for one, two in pairwise(rows):
            old, new = files[one.sha256], files[two.sha256]
            where = (old.name, new.name, new.arrived_at, new.archived_as, two.sheet)
            for label, cell, before, after in cells(one, two):
                if before != after:
                    yield Change(unit, code, label, cell, before, after, *where)


def _fact_cells(one: Fact, two: Fact, table: Table, template: Template) -> _Cells:
    states = template.types["state"]
    yield _label(table, "state"), "", states.choice_label(one.state), states.choice_label(two.state)
    for key in ("numerator", "denominator"):
        cell = getattr(two, f"{key}_cell") or getattr(one, f"{key}_cell")
        yield _label(table, key), cell, _number(getattr(one, key)), _number(getattr(two, key))
    if one.value_cell or two.value_cell:
        yield _label(table, "result"), two.value_cell or one.value_cell, one.value_raw, two.value_raw
    for key in ("evidence", "explanation"):
        yield _label(table, key), "", getattr(one, key), getattr(two, key)


def _task_cells(one: TaskReport, two: TaskReport, table: Table, template: Template) -> _Cells:
    for key in _TASK_FIELDS:
        before, after = getattr(one, key), getattr(two, key)
        if key == "progress":
            before, after = _number(before), _number(after)
        if key == "state":
            labels = {c.key: c.label for c in template.types["task_state"].choices}
            before, after = labels.get(before, ""), labels.get(after, "")
        yield _label(table, key), two.cell if key == "state" else "", before, after


def _text_cells(one: Narrative, two: Narrative, template: Template) -> _Cells:
    label = next(s.label for s in template.sections if s.code == one.section)
    yield label, two.cell, one.text, two.text


def _left_standing(kept: Kept, period: str, files: Mapping[str, Submission]) -> Iterator[Change]:
    """For each later file of a unit the rows that it leaves blank or faulty: the earlier ones stand."""
    facts: dict[str, dict[str, Fact]] = {}
    for fact in kept.facts:
        if fact.period == period:
            facts.setdefault(fact.sha256, {})[fact.indicator] = fact
    standing: dict[str, dict[str, Fact]] = {}
    returned = (s for s in kept.submissions if s.period == period and s.is_return and s.unit)
    for file in sorted(returned, key=lambda s: s.order):
        own, before = facts.get(file.sha256, {}), standing.setdefault(file.unit, {})
        missing: dict[str, list[str]] = {}
        for code, fact in before.items():
            if code not in own:
                missing.setdefault(files[fact.sha256].name, []).append(code)
        for name, codes in missing.items():
            where = (name, file.name, file.arrived_at, file.archived_as)
            yield Change(file.unit, ", ".join(codes), "", "", "", "", *where, kept=True)
        before.update(own)


def _label(table: Table, key: str) -> str:
    return table.column_by_key[key].label


def _number(value: float | None) -> str:
    return "" if value is None else number_text(value)
