"""Try the shadow rules of the form on what was sent before: what would they have said?"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.base.batches import batched
from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.base.record import Submission
from pipeline.core.intake import Returned, judge, kept_findings
from pipeline.run.desk import Desk, glance
from pipeline.run.previous import facts_of, forms
from pipeline.run.reading import Foreign, open_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Tell, Workspace, setting
from pipeline.spec.template import Template

_AT_ONCE = 200  # files that are open at the same time


def try_shadow_rules(workspace: Workspace, period: Period | None, tell: Tell) -> list[FileVerdict]:
    """For each kept form of the year up to `period` what the shadow rules would have said of it; forms
    of which they say nothing are left out. Nothing is recorded."""
    chosen = setting(workspace, period)
    codes = {rule.code for table in chosen.template.tables for rule in table.rules if rule.shadow}
    if not codes:
        raise OperatorError("Mẫu phiếu không có quy tắc chạy thử nào (shadow = true).")
    trial = _with_shadows(chosen.template)
    with glance(chosen) as desk:
        returns = [s for s in desk.ledger.submissions() if _is_meant(s, chosen.period)]
        found = [v for part in batched(returns, _AT_ONCE) for v in _tried(desk, part, trial, codes, tell)]
    return sorted(found, key=lambda verdict: (verdict.period, verdict.unit, verdict.file))


def _is_meant(submission: Submission, until: Period) -> bool:
    if not (submission.is_return and submission.unit and submission.period):
        return False
    period = Period.parse(submission.period)
    return period.year == until.year and period <= until


def _with_shadows(template: Template) -> Template:
    tables = (
        replace(table, rules=tuple(replace(rule, shadow=False) for rule in table.rules))
        for table in template.tables
    )
    return replace(template, tables=tuple(tables))


def _tried(
    desk: Desk, submissions: Sequence[Submission], trial: Template, codes: set[str], tell: Tell
) -> list[FileVerdict]:
    originals = [Foreign(s.name, desk.archive.read(s.archived_as, s.sha256), s.sha256) for s in submissions]
    verdicts = []
    opened = open_files(desk.setting, originals, desk.decisions)
    for submission, file in zip(submissions, opened, strict=True):
        tell(f"Thử {submission.name}")
        if file.form is None:
            continue
        unit, period = file.form.unit.id, file.form.period
        facts = facts_of(desk.ledger, period, [unit])
        issued = forms(desk.setting, period, [unit], facts, trial)[unit]
        (judged,) = judge(
            [Returned(submission.sha256, file.form.workbook, issued)], trial, desk.setting.messages
        )
        said = [finding for finding in judged.findings if finding.code in codes]
        if said:
            kept = kept_findings(submission.sha256, said, desk.setting.messages)
            verdicts.append(FileVerdict(submission.name, unit, str(period), submission.outcome, kept))
    return verdicts
