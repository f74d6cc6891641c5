"""Put the results of the commands into lines and into JSON."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.base.finding import Severity
from pipeline.base.period import Period
from pipeline.base.record import KeptFinding
from pipeline.cli import texts
from pipeline.cli.lines import console_room, harmless, short_path, table
from pipeline.cli.status_report import INDENT, Labels, held_lines, indented, label, period_line, standing
from pipeline.core.grouping import FindingGroup, enumerated, grouped
from pipeline.core.register import RegisterLine
from pipeline.run.results import DemoResult, FileVerdict, MonthResult, ReportResult, TemplatesResult
from pipeline.run.status import Status
from pipeline.spec.wording import Wording

# --- run and templates ----------------------------------------------------------------------------


def month_lines(result: MonthResult) -> Iterator[str]:
    """A run: the register, the files, the workbooks."""
    labels = result.status.labels
    yield ""
    yield period_line(result.status)
    yield ""
    yield from _register(result.status)
    yield ""
    yield from _taken(result.verdicts, labels)
    if result.left:
        yield texts.LEFT.format(count=len(result.left))
        yield from indented(harmless(name) for name in result.left)
    yield texts.WORKBOOKS if result.workbooks else texts.NO_WORKBOOK
    yield from indented(short_path(path) for path in result.workbooks)
    for heading, folders in ((texts.OPEN_DATA, result.open_data), (texts.SEND_BACK, result.feedback)):
        if folders:
            yield heading
            yield from indented(short_path(folder) for folder in folders)


def opened_lines(folder: Path, is_open: bool) -> Iterator[str]:
    """Where the results of a run lie."""
    yield (texts.OPENED if is_open else texts.NOT_OPENED).format(folder=short_path(folder))


def template_lines(result: TemplatesResult) -> Iterator[str]:
    """The forms that were written."""
    period, folder = result.period.short, short_path(result.folder)
    yield texts.FORMS.format(count=len(result.files), period=period, folder=folder)
    yield from indented(path.name for path in result.files)


def _register(status: Status) -> list[str]:
    head = (texts.UNIT, texts.RECEIPT, texts.TIME, texts.OUTCOME, texts.ERRORS, texts.WARNINGS)
    rows = [(*standing(line, status.labels), *_counts(line)) for line in status.lines]
    return table(head, rows, numbers=(4, 5), room=console_room())


def _counts(line: RegisterLine) -> tuple[str, str]:
    """Errors and warnings in the file that the unit's outcome speaks of, if there is one."""
    return (str(line.errors), str(line.warnings)) if line.files else ("", "")


def _taken(verdicts: Sequence[FileVerdict], labels: Labels) -> Iterator[str]:
    if not verdicts:
        yield texts.NOTHING_TAKEN
        return
    yield texts.TAKEN.format(count=len(verdicts))
    yield from verdict_table(verdicts, labels)
    yield from held_lines([verdict.file for verdict in verdicts if verdict.outcome == "pending"])


def verdict_table(verdicts: Sequence[FileVerdict], labels: Labels) -> Iterator[str]:
    """Files with what was decided about each."""
    head = (texts.FILE_NAME, texts.UNIT_ID, texts.FILE_PERIOD, texts.OUTCOME)
    rows = [
        (
            harmless(v.file),
            v.unit or texts.UNKNOWN,
            _month(v.period) or texts.UNKNOWN,
            texts.REPEATED if v.repeated else label(labels, "outcome", v.outcome),
        )
        for v in verdicts
    ]
    yield from indented(table(head, rows, room=max(0, console_room() - len(INDENT))))


# --- check ----------------------------------------------------------------------------------------


def check_lines(verdicts: Sequence[FileVerdict], labels: Labels, wording: Wording) -> Iterator[str]:
    """Each file with its findings, errors first; one sentence for findings that say the same."""
    if not verdicts:
        yield texts.NOTHING_TO_CHECK
    for number, verdict in enumerate(verdicts):
        if number:
            yield ""
        yield _checked(verdict, labels)
        told = [_sentence(group, labels, wording) for group in grouped(verdict.findings)]
        yield from indented(told or [texts.NO_FINDING])


def check_json(verdicts: Sequence[FileVerdict]) -> list[dict[str, Any]]:
    """One object for each finding of each file."""
    return [_finding_json(verdict, finding) for verdict in verdicts for finding in verdict.findings]


def has_errors(verdicts: Sequence[FileVerdict]) -> bool:
    """Whether a finding holds something back."""
    return any(verdict.count(Severity.ERROR.value) for verdict in verdicts)


def _checked(verdict: FileVerdict, labels: Labels) -> str:
    words = {"file": harmless(verdict.file), "outcome": label(labels, "outcome", verdict.outcome)}
    if verdict.outcome == "opened":
        return texts.CHECKED_WRAPPING.format(**words)
    month = _month(verdict.period)
    period = texts.CHECKED_PERIOD.format(period=month) if month else texts.UNKNOWN_PERIOD
    return texts.CHECKED.format(unit=verdict.unit or texts.UNKNOWN_UNIT, period=period, **words)


def _sentence(group: FindingGroup, labels: Labels, wording: Wording) -> str:
    first, rows = group.first, enumerated(group.rows, wording, "more_rows")
    return harmless(
        texts.FINDING.format(
            severity=label(labels, "severity", first.severity),
            code=first.code,
            place=_place(first.sheet, enumerated(group.cells, wording, "more_cells")),
            rows=f" ({rows})" if rows else "",
            title=first.title,
            found=first.found,
            mend=first.mend,
            example=texts.EXAMPLE.format(example=first.example) if first.example else "",
        )
    )


def _place(sheet: str, cells: str) -> str:
    where = "!".join(part for part in (sheet, cells) if part)
    return f" {where}" if where else ""


def _finding_json(verdict: FileVerdict, finding: KeptFinding) -> dict[str, Any]:
    return {
        "file": verdict.file,
        "unit": verdict.unit,
        "period": verdict.period,
        "sheet": finding.sheet,
        "cells": list(finding.addresses),
        "code": finding.code,
        "severity": finding.severity,
        "row_code": finding.row_code,
        "label": finding.label,
        "title": finding.title,
        "found": finding.found,
        "expected": finding.expected,
        "mend": finding.mend,
        "example": finding.example,
    }


# --- report ---------------------------------------------------------------------------------------


def report_lines(result: ReportResult) -> Iterator[str]:
    """Where the report is, and what is left for the officer to do."""
    yield texts.REPORT_DONE.format(period=result.period.label, file=short_path(result.document))
    if result.kept is not None:
        yield texts.REPORT_KEPT.format(file=short_path(result.kept))
    if result.pdf != "not_asked":
        file = short_path(result.document.with_suffix(".pdf"))
        yield texts.PDF_OUTCOMES[result.pdf].format(file=file)
    if result.unused:
        yield texts.REPORT_UNUSED.format(names=", ".join(result.unused))
    yield texts.REPORT_TO_FILL


# --- demo -----------------------------------------------------------------------------------------


def demo_lines(result: DemoResult) -> Iterator[str]:
    """Where to look: the latest workbook first."""
    yield ""
    yield texts.DEMO_DONE.format(folder=short_path(result.folder))
    yield from indented([short_path(path) for path in reversed(result.workbooks)])


# --- shared ---------------------------------------------------------------------------------------


def _month(period: str) -> str:
    """A period of the data as people write it; "" stays ""."""
    return Period.parse(period).short if period else ""
