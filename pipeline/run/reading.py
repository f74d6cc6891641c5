"""Open foreign files and say whose they are: the way from bytes to identified forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.base.finding import Finding, Severity
from pipeline.base.period import Period
from pipeline.base.sheet import Workbook
from pipeline.core.calendar import latest_reportable
from pipeline.core.identify import identify
from pipeline.core.intake import unreadable
from pipeline.edges.reading.guard import has_macros
from pipeline.edges.reading.workbook import UnreadableWorkbook
from pipeline.edges.reading.workers import read_all
from pipeline.run.workspace import Setting
from pipeline.spec.plan import Unit


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as far as it could be understood. `is_form` tells whether its rows can be judged."""

    name: str
    workbook: Workbook | None
    unit: Unit | None
    period: Period | None
    findings: tuple[Finding, ...]
    is_form: bool


def open_files(setting: Setting, files: Sequence[tuple[str, bytes]]) -> Iterator[OpenedFile]:
    """Read and identify files, (name, content), in their order, in processes that may die of them.

    Faults of a file are findings, never exceptions.
    """
    read = read_all([data for _, data in files])
    for (name, data), outcome in zip(files, read, strict=True):
        if isinstance(outcome, UnreadableWorkbook):
            finding = unreadable(outcome.code, PurePath(name).name)
            yield OpenedFile(name, None, None, None, (finding,), is_form=False)
        else:
            yield _identified(setting, name, data, outcome)


def _identified(setting: Setting, name: str, data: bytes, workbook: Workbook) -> OpenedFile:
    latest = latest_reportable(setting.plan.calendar, setting.today)
    found = identify(workbook, setting.template, setting.plan, latest)
    findings = (*found.findings, *((Finding("F16"),) if has_macros(data) else ()))
    refused_by = [f for f in findings if setting.messages.severity(f.code) is Severity.ERROR]
    return OpenedFile(name, workbook, found.unit, found.period, findings, is_form=not refused_by)
