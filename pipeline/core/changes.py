"""What a unit's later files of one month changed or added, cell by cell, and what they left standing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from pipeline.base.record import Fact, KeptFinding, Narrative, Submission, TaskReport
from pipeline.base.sheet import number_text
from pipeline.core.moments import day_text
from pipeline.core.month import Kept
from pipeline.spec.plan import Plan
from pipeline.spec.template import Table, Template
from pipeline.spec.wording import Wording

Row = TypeVar("Row", Fact, TaskReport, Narrative)
Place = tuple[str, str]
"""Unit and code of a row."""
_Held = Mapping[tuple[str, str], tuple[KeptFinding, ...]]
"""The errors that hold a row back, by the sha256 of its file and its code."""

_TASK_FIELDS = (
    *("work", "person", "time", "responsibility", "product", "authority"),
    *("state", "progress", "date_done", "document"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that a later file gives otherwise, or first: then `before` is empty. `archived_as` and `sheet`
    lead to it in the archive. Of rows that a later file leaves standing (`kept`) nothing is quoted. `held`
    are the errors for which a row did not count: that of the earlier file, or of the later one where the
    earlier stands.
    """

    unit: str
    rows: str
    label: str
    cell: str
    before: str
    after: str
    file_before: str
    file: str
    arrived_at: str
    arrival_source: str
    archived_as: str
    sheet: str = ""
    held: tuple[KeptFinding, ...] = ()
    kept: bool = False


def changes(kept: Kept, period: str, plan: Plan, template: Template) -> list[Change]:
    """The changes of `period`, by unit, file and row, rows in the plan's order."""
    files = {s.sha256: s for s in kept.submissions}
    indicators, tasks, held = template.table("indicators"), template.table("tasks"), _held(kept)
    found = [
        *_of(
            _by_place(kept.facts, period, files, lambda f: f.indicator),
            files,
            held,
            lambda one, two: _fact_cells(one, two, indicators, template),
        ),
        *_of(
            _by_place(kept.tasks, period, files, lambda t: t.code),
            files,
            held,
            lambda one, two: _task_cells(one, two, tasks, template),
        ),
        *_of(
            _by_place(kept.narratives, period, files, lambda n: n.section),
            files,
            held,
            lambda one, two: _narrative_cells(one, two, template),
        ),
        *_left_standing(kept, period, files, held),
    ]
    places = {unit.id: place for place, unit in enumerate(plan.units)}
    codes = (*(i.code for i in plan.indicators), *(t.code for t in plan.tasks))
    rows = {code: place for place, code in enumerate(codes)}

    def order(change: Change) -> tuple[int, str, str, bool, int]:
        place = places.get(change.unit, len(places))
        return place, change.arrived_at, change.file, change.kept, rows.get(change.rows, len(rows))

    return sorted(found, key=order)


def words_of(change: Change, wording: Wording) -> dict[str, str]:
    """What is said instead of a text: of a row that stands, and of one that was held back."""
    if change.kept:
        label = wording.say("left_held" if change.held else "left_standing")
        return {"label": label, "after": _held_text(change.held, wording)}
    if change.before or not change.held:
        return {}
    at_cell = tuple(f for f in change.held if change.cell in f.addresses)
    codes = ", ".join(sorted({finding.code for finding in change.held}))
    return {"before": _held_text(at_cell, wording) or wording.say("held_row", codes=codes)}


def _held_text(held: Sequence[KeptFinding], wording: Wording) -> str:
    faults = [wording.say("held_fault", code=f.code, found=f.found.rstrip(".")) for f in held]
    return wording.say("held_cell", faults="; ".join(faults)) if faults else ""


def _held(kept: Kept) -> _Held:
    held: dict[tuple[str, str], tuple[KeptFinding, ...]] = {}
    for finding in kept.findings:
        if finding.severity == "error" and finding.row_code:
            row = finding.sha256, finding.row_code
            held[row] = (*held.get(row, ()), finding)
    return held


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
    held: _Held,
    cells: Callable[[Row | None, Row], _Cells],
) -> Iterator[Change]:
    returned = sorted((f for f in files.values() if f.is_return), key=lambda f: f.order, reverse=True)
    first = {(file.unit, file.period): file for file in returned}
    for (unit, code), rows in versions.items():
        begun = first.get((unit, rows[0].period), files[rows[0].sha256])
        is_new = begun.sha256 != rows[0].sha256  # the first file had nothing that counted in this row
        pairs: list[tuple[Row | None, Row]] = [(None, rows[0])] if is_new else []
        pairs += pairwise(rows)
        for one, two in pairs:
            old, new = files[one.sha256] if one else begun, files[two.sha256]
            where = (old.name, new.name, new.arrived_at, new.arrival_source, new.archived_as, two.sheet)
            faults = () if one else held.get((begun.sha256, code), ())
            for label, cell, was, is_now in cells(one, two):
                if was != is_now:
                    yield Change(unit, code, label, cell, was, is_now, *where, held=faults)


def _fact_cells(one: Fact | None, two: Fact, table: Table, template: Template) -> _Cells:
    labels = {choice.key: choice.label for choice in template.types["state"].choices}
    yield _label(table, "state"), "", labels.get(_text(one, "state"), ""), labels[two.state]
    for key in ("numerator", "denominator"):
        cell = getattr(two, f"{key}_cell") or _text(one, f"{key}_cell")
        yield _label(table, key), cell, _text(one, key), _text(two, key)
    if _text(one, "value_cell") or two.value_cell:
        cell = two.value_cell or _text(one, "value_cell")
        yield _label(table, "result"), cell, _text(one, "value_raw"), two.value_raw
    for key in ("evidence", "explanation"):
        yield _label(table, key), "", _text(one, key), _text(two, key)


def _task_cells(one: TaskReport | None, two: TaskReport, table: Table, template: Template) -> _Cells:
    labels = {choice.key: choice.label for choice in template.types["task_state"].choices}
    for key in _TASK_FIELDS:
        before, after = _text(one, key), _text(two, key)
        if key == "state":
            before, after = labels.get(before, ""), labels.get(after, "")
        elif key == "date_done":
            before, after = day_text(before), day_text(after)
        yield _label(table, key), two.cell if key == "state" else "", before, after


def _narrative_cells(one: Narrative | None, two: Narrative, template: Template) -> _Cells:
    label = next(s.label for s in template.sections if s.code == two.section)
    yield label, two.cell, _text(one, "text"), two.text


def _text(row: Fact | TaskReport | Narrative | None, key: str) -> str:
    """A field as it is quoted; of a row that was not there, nothing."""
    value = getattr(row, key) if row else ""
    return number_text(value) if isinstance(value, float) else str(value or "")


def _left_standing(kept: Kept, period: str, files: Mapping[str, Submission], held: _Held) -> Iterator[Change]:
    """For each later file of a unit the rows that it leaves blank or faulty: the earlier ones stand."""
    facts: dict[str, dict[str, Fact]] = {}
    for fact in kept.facts:
        if fact.period == period:
            facts.setdefault(fact.sha256, {})[fact.indicator] = fact
    standing: dict[str, dict[str, Fact]] = {}
    returned = (s for s in kept.submissions if s.period == period and s.is_return and s.unit)
    for file in sorted(returned, key=lambda s: s.order):
        own, before = facts.get(file.sha256, {}), standing.setdefault(file.unit, {})
        missing: dict[tuple[str, tuple[KeptFinding, ...]], list[str]] = {}
        for code, fact in before.items():
            if code not in own:
                faults = held.get((file.sha256, code), ())
                missing.setdefault((files[fact.sha256].name, faults), []).append(code)
        for (name, faults), codes in missing.items():
            where = (name, file.name, file.arrived_at, file.arrival_source, file.archived_as)
            yield Change(file.unit, ", ".join(codes), "", "", "", "", *where, held=faults, kept=True)
        before.update(own)


def _label(table: Table, key: str) -> str:
    return table.column_by_key[key].label
