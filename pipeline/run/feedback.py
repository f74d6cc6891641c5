"""Write what goes back to the units: a form to be mended and a text to paste, for each faulty file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.base.period import Period
from pipeline.base.record import KeptFinding, Submission
from pipeline.core.calendar import days_of
from pipeline.core.feedback import feedback
from pipeline.core.feedback_text import Receipt, feedback_text
from pipeline.edges.form.writer import write_template
from pipeline.edges.store.files import write_atomically
from pipeline.run.batches import batched
from pipeline.run.desk import Desk
from pipeline.run.labels import labels
from pipeline.run.previous import facts_of, forms
from pipeline.run.reading import Foreign, OpenedFile, open_files
from pipeline.run.workspace import Setting, Tell, in_zone
from pipeline.spec.wording import Wording

_SHORT = 8  # characters of the sha256 in a name
_TOLD = ("error", "warning")
_AT_ONCE = 200  # files that are open at the same time


def write_feedback(
    desk: Desk, period: Period, wording: Wording, submissions: Sequence[Submission], tell: Tell
) -> None:
    """Write the feedback on each of `submissions` that has something to mend and none written yet.

    It is made from the archive and the ledger alone, so that a run that was cut is completed by the
    next one. A unit's original is never saved anew.
    """
    chosen = replace(desk.setting, period=period)
    folder = chosen.workspace.outbox(period) / "phan-hoi"
    due = [
        (submission, path)
        for submission in submissions
        if not (path := folder / f"{_stem(chosen, submission)}.txt").exists()
    ]
    findings: dict[str, list[KeptFinding]] = {}
    for finding in desk.ledger.findings([submission.sha256 for submission, _ in due]):
        findings.setdefault(finding.sha256, []).append(finding)
    faulty = [
        (submission, path, told)
        for submission, path in due
        if (told := [f for f in findings.get(submission.sha256, ()) if f.severity in _TOLD])
    ]
    for part in batched(faulty, _AT_ONCE):
        originals = [Foreign(s.name, desk.archive.read(s.archived_as), s.sha256) for s, _, _ in part]
        for (submission, path, told), file in zip(
            part, open_files(chosen, originals, desk.decisions), strict=True
        ):
            tell(f"Phản hồi {submission.name}")
            form = _write_form(desk, chosen, file, findings[submission.sha256], submission, path)
            text = _text(desk, chosen, wording, submission, told, form)
            write_atomically(path, text.encode("utf-8-sig"))


def _stem(chosen: Setting, submission: Submission) -> str:
    return f"{submission.unit or 'khong-ro'}-{chosen.period}-{submission.sha256[:_SHORT]}"


def _write_form(
    desk: Desk,
    chosen: Setting,
    file: OpenedFile,
    findings: Sequence[KeptFinding],
    submission: Submission,
    path: Path,
) -> Path | None:
    """The form to be mended, or None for a file that is no form of a known unit and period."""
    if file.form is None:
        return None
    unit, period = file.form.unit.id, file.form.period
    facts = facts_of(desk.ledger, period, [unit])
    sent_as = forms(chosen, period, [unit], facts, file.form.template)[unit]
    answer = feedback(file.form.workbook, sent_as, findings, file.form.template)
    written = write_template(
        forms(chosen, period, [unit], facts, chosen.template)[unit],
        chosen.template,
        chosen.messages,
        chosen.plan,
        in_zone(chosen, submission.decided_at),
        answer.contents,
        answer.lines,
    )
    answered = path.with_suffix(".xlsx")
    write_atomically(answered, written)
    return answered


def _text(
    desk: Desk,
    chosen: Setting,
    wording: Wording,
    submission: Submission,
    told: Sequence[KeptFinding],
    form: Path | None,
) -> str:
    facts = desk.ledger.facts(chosen.period.year, str(chosen.period), [submission.unit])
    receipt = Receipt(
        period=chosen.period.label,
        deadline=f"{_next_deadline(chosen, submission):%d/%m/%Y}",
        accepted=sum(fact.sha256 == submission.sha256 for fact in facts),
        owed=len(chosen.plan.indicators_of(submission.unit)),
        answer=form.name if form else "",
    )
    return feedback_text(submission, told, receipt, chosen.plan, wording, labels())


def _next_deadline(chosen: Setting, submission: Submission) -> date:
    """Until when a mended form is of use: the deadline, or once it has passed the office's own."""
    days = days_of(chosen.plan.calendar, chosen.period)
    decided = in_zone(chosen, submission.decided_at).date()
    return days.submit_before if decided < days.submit_before else days.report_before
