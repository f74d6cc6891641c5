"""Put what happened to the plan into lines."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.cli import plan_texts, texts
from pipeline.cli.lines import harmless, short_path

if TYPE_CHECKING:
    from pipeline.core.plan_book.compare import Change
    from pipeline.run.plan_book import PlanExport, PlanImport


def export_lines(result: "PlanExport") -> Iterator[str]:
    """Where the workbook is, and what to do with it."""
    workbook = short_path(result.workbook)
    yield plan_texts.EXPORTED.format(plan=result.plan.name, workbook=workbook)
    if result.kept:
        yield plan_texts.KEPT.format(file=short_path(result.kept))
    yield plan_texts.THEN_IMPORT.format(command=texts.PROGRAM, workbook=workbook)


def import_lines(result: "PlanImport") -> Iterator[str]:
    """Each change by its sheet, what to know, and what was written."""
    yield from _changes(result)
    for note in result.notes:
        yield plan_texts.NOTE.format(note=note)
    if result.written:
        yield plan_texts.WRITTEN.format(file=short_path(result.written))
        if result.copy:
            yield plan_texts.COPY.format(file=short_path(result.copy))
        yield plan_texts.THEN_LOOK.format(command=texts.PROGRAM)
    elif result.changes:
        option = f"--out {short_path(result.next_file)}" if result.next_file else "--write"
        yield plan_texts.NOT_WRITTEN.format(option=option)


def _changes(result: "PlanImport") -> Iterator[str]:
    if not result.changes:
        yield plan_texts.NO_CHANGE.format(plan=result.plan.name)
        return
    counts = Counter({"changed": 0, "added": 0, "removed": 0}) + Counter(c.kind for c in result.changes)
    numbers = {kind: counts[kind] for kind in ("changed", "added", "removed")}
    yield plan_texts.COUNTS.format(plan=result.plan.name, **numbers)
    for sheet in dict.fromkeys(change.spot.sheet for change in result.changes):
        yield plan_texts.SHEET.format(sheet=sheet)
        yield from (_line(change) for change in result.changes if change.spot.sheet == sheet)


def _line(change: "Change") -> str:
    words = {
        "cell": change.spot.cell,
        "entry": harmless(change.entry),
        "label": change.label,
        "before": harmless(change.before),
        "after": harmless(change.after),
    }
    if change.kind == "changed":
        words["entry"] += " · " if change.entry else ""
        return plan_texts.CHANGED.format(**words)
    return (plan_texts.ADDED if change.kind == "added" else plan_texts.REMOVED).format(**words)
