"""Decide about a batch of returned forms of one period: outcome, findings, and what is accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.base.finding import Finding, Severity
from pipeline.base.record import Fact, KeptFinding, Narrative, Outcome, TaskReport
from pipeline.base.sheet import Workbook
from pipeline.core.check import Checked, check
from pipeline.core.decisions import NOTHING_SPARED, Spared
from pipeline.core.facts import Line, fact_of, narrative_of, task_of, with_results
from pipeline.core.read_form import ReadForm, ReadRow, read_form
from pipeline.core.relations import form_findings
from pipeline.core.series import Past, doubtful, with_past
from pipeline.core.values import value_frame
from pipeline.spec.form import FormContent
from pipeline.spec.messages import Messages
from pipeline.spec.template import Table, TableKey, Template

_EMPTY_FORM = "F14"
_OF_CHECKS = ("_problem", "_readings", "_type")
_WORKBOOKS = frozenset({"xlsx", "xlsm", "xls", "ods"})


@dataclass(frozen=True, slots=True)
class Returned:
    """A form that came back and was identified, with the form as it was issued and what the officer
    spares it."""

    sha256: str
    workbook: Workbook
    issued: FormContent
    findings: tuple[Finding, ...] = ()
    spared: Spared = NOTHING_SPARED


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
    """For each form, whether others of its unit came at the same moment, so that neither their arrival
    nor the run that took them tells them apart: which counts must be said.

    The last in order wins where rows differ, as in `merge.latest`.
    """
    together: dict[tuple[str, str, str], list[Arrived]] = {}
    for form in forms:
        together.setdefault((form.unit, *form.order[:2]), []).append(form)
    return [_said_together(together[form.unit, *form.order[:2]]) for form in forms]


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


def judge(
    batch: Sequence[Returned], template: Template, messages: Messages, past: Past | None = None
) -> list[Judgement]:
    """Judge forms of one period together, so that each schema runs once; one judgement a form, in their
    order. Without a `past` no figure is doubted for what it was before."""
    forms = [read_form(form.workbook, template, form.issued) for form in batch]
    findings: list[list[Finding]] = [
        [*form.findings, *read.findings] for form, read in zip(batch, forms, strict=True)
    ]
    lines: dict[TableKey, list[list[Line]]] = {}
    for table in template.tables:
        frame = with_results(value_frame(_numbered(forms, table.key), table, template), table, template)
        judged = _judged(frame, batch, table, template, messages, past)
        for form_number, finding in judged.findings:
            findings[form_number].append(finding)
        lines[table.key] = _by_form(judged.frame, len(batch))
    if past:
        related = [_related(form, part, past) for form, part in zip(batch, lines["indicators"], strict=True)]
        lines["indicators"] = [part for part, _ in related]
        findings = [[*said, *more] for said, (_, more) in zip(findings, related, strict=True)]
    return [
        _judgement(form, {key: lines[key][i] for key in lines}, findings[i], messages)
        for i, form in enumerate(batch)
    ]


def _judged(
    frame: pd.DataFrame,
    batch: Sequence[Returned],
    table: Table,
    template: Template,
    messages: Messages,
    past: Past | None,
) -> Checked:
    """The rows of one table, checked alone and, where they are figures, against earlier months."""
    spared = [form.spared for form in batch]
    if table.key != "indicators" or past is None:
        return check(frame, table, template, messages, spared)
    units = [form.issued.unit.id for form in batch]
    checked = check(with_past(frame, units, past), table, template, messages, spared)
    doubts = doubtful(checked.frame, table, past.doubts, spared)
    return Checked(checked.frame, (*checked.findings, *doubts))


def _related(form: Returned, lines: list[Line], past: Past) -> tuple[list[Line], list[Finding]]:
    """The lines of a form, and what they break of the relations between them. Such an error hangs on another
    row too: only a word about this very file lets it in."""
    said = [
        (finding, code)
        for finding, code in form_findings(lines, form.issued.unit.id, form.sha256, past)
        if not form.spared.waives(finding.label, finding.row_code)
    ]
    by = {code: form.spared.accepted.get(code, 0) for _, code in said if code}
    findings = [replace(finding, decision=by.get(code, 0)) for finding, code in said]
    held = {code for code, decision in by.items() if not decision}
    return [{**line, "held": line["held"] or line["code"] in held} for line in lines], findings


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
                decision=finding.decision,
            )
        )
    return tuple(kept)


def _numbered(forms: Sequence[ReadForm], key: TableKey) -> list[tuple[int, ReadRow]]:
    return [(n, row) for n, form in enumerate(forms) for row in form.rows if row.issued.table == key]


def _by_form(frame: pd.DataFrame, count: int) -> list[list[Line]]:
    """The lines of each form, with None for what is missing; without what only the checks look at."""
    kept = frame[[name for name in frame.columns if not name.endswith(_OF_CHECKS)]]
    plain = kept.astype(object).where(kept.notna(), None)
    names = plain.columns.tolist()
    lines: list[list[Line]] = [[] for _ in range(count)]
    for values in zip(*(plain[name].tolist() for name in names), strict=True):
        line = dict(zip(names, values, strict=True))
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
    outcome = _outcome(bool(facts or tasks or texts), {messages.severity_of(f) for f in findings})
    return Judgement(outcome, tuple(findings), facts, tasks, texts)


def _outcome(anything: bool, severities: set[Severity]) -> Outcome:
    if not anything:
        return "rejected"
    if Severity.ERROR in severities:
        return "partial"
    return "warned" if Severity.WARNING in severities else "valid"
