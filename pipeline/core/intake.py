"""Decide about a batch of returned forms of one period: outcome, findings, and what is accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.finding import Finding, Severity
from pipeline.base.record import Fact, KeptFinding, Narrative, Outcome, TaskReport
from pipeline.base.sheet import Workbook
from pipeline.core.check import check
from pipeline.core.facts import Line, fact_of, narrative_of, task_of, with_results
from pipeline.core.read_form import ReadForm, ReadRow, read_form
from pipeline.core.values import value_frame
from pipeline.spec.form import FormContent
from pipeline.spec.messages import Messages
from pipeline.spec.template import TableKey, Template

_EMPTY_FORM = "F14"
_WORKBOOKS = frozenset({"xlsx", "xlsm", "xls", "ods"})


@dataclass(frozen=True, slots=True)
class Returned:
    """A form that came back and was identified, with the form as it was issued."""

    sha256: str
    workbook: Workbook
    issued: FormContent
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided about one form."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...] = ()
    tasks: tuple[TaskReport, ...] = ()
    narratives: tuple[Narrative, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """What tells apart two forms of one unit that came in together."""

    unit: str
    order: tuple[str, str, str]
    name: str


def simultaneous(forms: Sequence[Arrived]) -> list[tuple[Finding, ...]]:
    """For each form, whether others of its unit arrived at the same moment: which counts must be said.

    The last in order wins where rows differ, as in `merge.latest`.
    """
    together: dict[tuple[str, str], list[Arrived]] = {}
    for form in forms:
        together.setdefault((form.unit, form.order[0]), []).append(form)
    return [_said_together(together[form.unit, form.order[0]]) for form in forms]


def _said_together(group: Sequence[Arrived]) -> tuple[Finding, ...]:
    if len(group) == 1:
        return ()
    ordered = sorted(group, key=lambda form: form.order)
    names = "; ".join(sorted(form.name for form in group))
    words = {"count": str(len(group)), "wins": ordered[-1].name}
    return (Finding("F18", found=names, values=words),)


def refuse(findings: Sequence[Finding]) -> Judgement:
    """The judgement on a file that could not be opened or identified."""
    return Judgement("rejected", tuple(findings))


def unreadable(code: str, name: str) -> Finding:
    """The finding for a file that no reader takes; a file that never was a workbook is told so."""
    suffix = name.rpartition(".")[2].lower()
    return Finding("F01" if code == "F02" and suffix not in _WORKBOOKS else code, found=name)


def judge(batch: Sequence[Returned], template: Template, messages: Messages) -> list[Judgement]:
    """Judge forms together, so that each schema runs once; one judgement a form, in their order."""
    forms = [read_form(form.workbook, template, form.issued) for form in batch]
    findings: list[list[Finding]] = [
        [*form.findings, *read.findings] for form, read in zip(batch, forms, strict=True)
    ]
    frames: dict[TableKey, pd.DataFrame] = {}
    for table in template.tables:
        frame = value_frame(_numbered(forms, table.key), table, template)
        if table.key == "indicators":
            frame = with_results(frame, template)
        checked = check(frame, table, template, messages)
        frames[table.key] = checked.frame
        for form_number, finding in checked.findings:
            findings[form_number].append(finding)
    lines = {key: _by_form(frame, len(batch)) for key, frame in frames.items()}
    return [
        _judgement(form, {key: lines[key][i] for key in lines}, findings[i], messages)
        for i, form in enumerate(batch)
    ]


def kept_findings(sha256: str, findings: Sequence[Finding], messages: Messages) -> tuple[KeptFinding, ...]:
    """Findings put into words, as they are told and kept."""
    kept = []
    for place, finding in enumerate(findings, 1):
        said = messages.say(finding)
        kept.append(
            KeptFinding(
                sha256=sha256,
                number=place,
                code=finding.code,
                severity=said.severity.value,
                sheet=finding.sheet,
                cells=", ".join(finding.cells),
                row_code=finding.row_code,
                label=finding.label,
                title=said.title,
                found=said.found,
                expected=said.expected,
                mend=said.mend,
                example=said.example,
            )
        )
    return tuple(kept)


def _numbered(forms: Sequence[ReadForm], key: TableKey) -> list[tuple[int, ReadRow]]:
    return [(n, row) for n, form in enumerate(forms) for row in form.rows if row.issued.table == key]


def _by_form(frame: pd.DataFrame, count: int) -> list[list[Line]]:
    """The lines of each form, with None for what is missing."""
    lines: list[list[Line]] = [[] for _ in range(count)]
    for line in frame.astype(object).where(frame.notna(), None).to_dict(orient="records"):
        lines[line["form"]].append(line)
    return lines


def _judgement(
    form: Returned, lines: Mapping[TableKey, list[Line]], findings: list[Finding], messages: Messages
) -> Judgement:
    if any(lines.values()) and not any(line["touched"] for part in lines.values() for line in part):
        # Every blank row would only say once more what "empty form" says.
        return Judgement("empty", (*form.findings, Finding(_EMPTY_FORM)))
    whose = (form.sha256, form.issued.unit.id, str(form.issued.period))
    good = {key: [line for line in part if not line["held"]] for key, part in lines.items()}
    facts = tuple(f for line in good["indicators"] if (f := fact_of(line, *whose)) is not None)
    tasks = tuple(t for line in good["tasks"] if (t := task_of(line, *whose)) is not None)
    texts = tuple(n for line in good["narratives"] if (n := narrative_of(line, *whose)) is not None)
    outcome = _outcome(bool(facts or tasks or texts), {messages.severity(f.code) for f in findings})
    return Judgement(outcome, tuple(findings), facts, tasks, texts)


def _outcome(anything: bool, severities: set[Severity]) -> Outcome:
    if not anything:
        return "rejected"
    if Severity.ERROR in severities:
        return "partial"
    return "warned" if Severity.WARNING in severities else "valid"
