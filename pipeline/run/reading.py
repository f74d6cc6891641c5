"""Open a foreign file and say whose it is: the way from bytes to an identified form."""

from dataclasses import dataclass
from pathlib import PurePath

from pipeline.base.finding import Finding, Severity
from pipeline.base.period import Period
from pipeline.base.sheet import Workbook
from pipeline.core.calendar import latest_reportable
from pipeline.core.identify import identify
from pipeline.core.intake import unreadable
from pipeline.edges.guard import has_macros
from pipeline.edges.readers import UnreadableWorkbook, read_workbook
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


def open_file(setting: Setting, name: str, data: bytes) -> OpenedFile:
    """Read and identify one file; faults of the file are findings, never exceptions."""
    try:
        workbook = read_workbook(data)
    except UnreadableWorkbook as refused:
        finding = unreadable(refused.code, PurePath(name).name)
        return OpenedFile(name, None, None, None, (finding,), is_form=False)
    latest = latest_reportable(setting.plan.calendar, setting.today)
    found = identify(workbook, setting.template, setting.plan, latest)
    findings = (*found.findings, *((Finding("F16"),) if has_macros(data) else ()))
    refused_by = [f for f in findings if setting.messages.severity(f.code) is Severity.ERROR]
    return OpenedFile(name, workbook, found.unit, found.period, findings, is_form=not refused_by)
