"""Open foreign files and say whose they are: the way from bytes to identified forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.base.finding import Finding, Severity
from pipeline.base.period import Period
from pipeline.base.sheet import Workbook
from pipeline.core.calendar import latest_reportable
from pipeline.core.decisions import InForce
from pipeline.core.identify import Identified, assigned, identify
from pipeline.core.intake import unreadable
from pipeline.edges.reading.ahead import read_all
from pipeline.edges.reading.guard import UnreadableWorkbook, has_macros
from pipeline.run.workspace import Setting
from pipeline.spec.plan import Plan
from pipeline.spec.roster import Unit
from pipeline.spec.template import Template


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file as it came: its name, its bytes, their sha256."""

    name: str
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Form:
    """A file that is a form of a known unit and period: its rows can be judged.

    `checksum` is what it says of its locked texts.
    """

    workbook: Workbook
    unit: Unit
    period: Period
    template: Template
    checksum: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file as far as it could be understood; `form` is None where nothing of it can be judged."""

    name: str
    unit: Unit | None
    period: Period | None
    findings: tuple[Finding, ...]
    form: Form | None


def open_files(setting: Setting, files: Sequence[Foreign], decisions: InForce) -> Iterator[OpenedFile]:
    """Read and identify files in their order, in processes that may die of them.

    Faults of a file are findings, never exceptions.
    """
    read = read_all([file.data for file in files])
    for file, outcome in zip(files, read, strict=True):
        if isinstance(outcome, UnreadableWorkbook):
            finding = unreadable(outcome.code, PurePath(file.name).name)
            yield OpenedFile(file.name, None, None, (finding,), None)
        else:
            yield _opened(setting, file, outcome, _identified(setting, file, outcome, decisions))


def _identified(setting: Setting, file: Foreign, workbook: Workbook, decisions: InForce) -> Identified:
    def plan_of(period: Period | None) -> Plan:
        return setting.of(period).plan if period else setting.plan

    given = decisions.assigned(file.sha256)
    if given:
        unit, period = given[0], Period.parse(given[1])
        return assigned(workbook, setting.templates, plan_of(period).unit_by_id[unit], period)
    latest = latest_reportable(setting.plan.calendar, setting.today)
    return identify(workbook, setting.templates, plan_of, latest)


def _opened(setting: Setting, file: Foreign, workbook: Workbook, found: Identified) -> OpenedFile:
    findings = (*found.findings, *((Finding("F16"),) if has_macros(file.data) else ()))
    refused = any(setting.messages.severity(f.code) is Severity.ERROR for f in findings)
    form = None
    if found.unit and found.period and not refused:
        form = Form(workbook, found.unit, found.period, found.template, found.checksum)
    return OpenedFile(file.name, found.unit, found.period, findings, form)
