"""Write what goes back to the units: a form to be mended and a text to paste, for each faulty file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.base.record import KeptFinding, Submission
from pipeline.core.calendar import days_of
from pipeline.core.feedback import feedback
from pipeline.core.feedback_text import Receipt, feedback_text
from pipeline.core.intake import Returned, judge
from pipeline.edges.form.writer import write_template
from pipeline.edges.store.files import read_bytes, write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.labels import labels
from pipeline.run.previous import forms
from pipeline.run.reading import OpenedFile, open_files
from pipeline.run.workspace import Setting, Tell, in_zone
from pipeline.spec.wording import Wording

_SHORT = 8  # characters of the sha256 in a name
TOLD = ("error", "warning")  # severities that a unit hears of


def write_feedback(
    chosen: Setting, wording: Wording, submissions: Sequence[Submission], ledger: Ledger, tell: Tell
) -> None:
    """Write the feedback on each of `submissions` that has something to mend and none written yet.

    It is made from the archive and the ledger alone, so that a run that was cut is completed by the
    next one. A unit's original is never saved anew.
    """
    due = [
        (submission, feedback_path(chosen, submission), told)
        for submission in submissions
        if (told := [f for f in ledger.findings({submission.sha256}) if f.severity in TOLD])
    ]
    due = [one for one in due if not one[1].exists()]
    archive = chosen.workspace.archive
    originals = [(s.name, read_bytes(archive / s.archived_as)) for s, _, _ in due]
    for (submission, path, told), file in zip(due, open_files(chosen, originals), strict=True):
        tell(f"Phản hồi {submission.name}")
        form = _write_form(chosen, submission, file, path.with_suffix(".xlsx"), ledger)
        text = _text(chosen, wording, submission, told, form, ledger)
        write_atomically(path, text.encode("utf-8-sig"))


def feedback_path(chosen: Setting, submission: Submission) -> Path:
    """Where the text about a file lies; the form to be mended, if there is one, lies beside it."""
    stem = f"{submission.unit or 'khong-ro'}-{chosen.period}-{submission.sha256[:_SHORT]}"
    return chosen.workspace.outbox(chosen.period) / "phan-hoi" / f"{stem}.txt"


def _write_form(
    chosen: Setting, submission: Submission, file: OpenedFile, path: Path, ledger: Ledger
) -> Path | None:
    """The form to be mended, or None for a file that is no form of a known unit and period."""
    if not (file.is_form and file.workbook and file.unit and file.period):
        return None
    issued = forms(chosen, file.period, ledger)[file.unit.id]
    returned = Returned(submission.sha256, file.workbook, issued, file.findings)
    judged = judge([returned], chosen.template, chosen.messages)[0]
    answer = feedback(returned, judged.findings, chosen.template, chosen.messages)
    created = in_zone(chosen, submission.decided_at)
    written = write_template(
        issued, chosen.template, chosen.messages, chosen.plan, created, answer.contents, answer.lines
    )
    write_atomically(path, written)
    return path


def _text(
    chosen: Setting,
    wording: Wording,
    submission: Submission,
    told: Sequence[KeptFinding],
    form: Path | None,
    ledger: Ledger,
) -> str:
    facts = ledger.facts(chosen.period.year, str(chosen.period))
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
