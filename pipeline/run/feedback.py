"""Write what goes back to the units: a form to be mended and a text to paste, for each faulty file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.base.record import KeptFinding, Submission
from pipeline.core.calendar import next_deadline
from pipeline.core.feedback import feedback
from pipeline.core.feedback_text import Receipt, feedback_text
from pipeline.core.form_content import deadline_text, sent_back
from pipeline.core.intake import Returned, judge
from pipeline.edges.form.writer import write_template
from pipeline.edges.store.files import read_bytes, write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.labels import labels
from pipeline.run.previous import forms
from pipeline.run.reading import OpenedFile, open_files
from pipeline.run.workspace import Setting, Tell, in_zone
from pipeline.spec.form import FormContent
from pipeline.spec.wording import Wording

_SHORT = 8  # characters of the sha256 in a name
_TOLD = ("error", "warning")


@dataclass(frozen=True, slots=True)
class _Due:
    """A file that is owed an answer: what it is told, and where its text will lie."""

    submission: Submission
    told: tuple[KeptFinding, ...]
    path: Path

    @property
    def may_be_form(self) -> bool:
        """Without unit or period it was refused as it is: there is nothing to mend in it."""
        return bool(self.submission.unit and self.submission.period)


def write_feedback(
    chosen: Setting, wording: Wording, submissions: Sequence[Submission], ledger: Ledger, tell: Tell
) -> None:
    """Write the feedback on each of `submissions` that has something to mend and none written yet.

    It is made from the archive and the ledger alone, so that a run that was cut is completed by the
    next one. A unit's original is never saved anew, and opened again only where it may be a form.
    """
    due = _due(chosen, submissions, ledger)
    if not due:
        return
    accepted = Counter(fact.sha256 for fact in ledger.facts(chosen.period.year, str(chosen.period)))
    words = labels()
    for one, form in _with_forms(chosen, due, ledger):
        tell(f"Phản hồi {one.submission.name}")
        receipt = _receipt(chosen, one.submission, accepted[one.submission.sha256], form)
        text = feedback_text(one.submission, one.told, receipt, chosen.plan, wording, words)
        write_atomically(one.path, text.encode("utf-8-sig"))


def _due(chosen: Setting, submissions: Sequence[Submission], ledger: Ledger) -> list[_Due]:
    folder = chosen.workspace.outbox(chosen.period) / "phan-hoi"
    paths = {s.sha256: folder / f"{_stem(chosen, s)}.txt" for s in submissions}
    waiting = [s for s in submissions if not paths[s.sha256].exists()]
    told: dict[str, list[KeptFinding]] = {}
    for finding in ledger.findings({s.sha256 for s in waiting}):
        if finding.severity in _TOLD:
            told.setdefault(finding.sha256, []).append(finding)
    return [_Due(s, tuple(told[s.sha256]), paths[s.sha256]) for s in waiting if s.sha256 in told]


def _stem(chosen: Setting, submission: Submission) -> str:
    return f"{submission.unit or 'khong-ro'}-{chosen.period}-{submission.sha256[:_SHORT]}"


def _with_forms(chosen: Setting, due: Sequence[_Due], ledger: Ledger) -> Iterator[tuple[_Due, Path | None]]:
    """Each answer that is due, with the form to be mended once it is written, None where there is none.

    Forms come first: their units wait for them.
    """
    returned = [one for one in due if one.may_be_form]
    issued = forms(chosen, chosen.period, ledger) if returned else {}
    archive = chosen.workspace.archive
    originals = [(one.submission.name, read_bytes(archive / one.submission.archived_as)) for one in returned]
    for one, file in zip(returned, open_files(chosen, originals), strict=True):
        yield one, _write_form(chosen, one, file, issued)
    yield from ((one, None) for one in due if not one.may_be_form)


def _write_form(
    chosen: Setting, one: _Due, file: OpenedFile, issued: Mapping[str, FormContent]
) -> Path | None:
    """Write the form to be mended; None for a file that is no form after all."""
    if not (file.is_form and file.workbook and file.unit):
        return None
    form = issued[file.unit.id]
    returned = Returned(one.submission.sha256, file.workbook, form, file.findings)
    judged = judge([returned], chosen.template, chosen.messages)[0]
    answer = feedback(returned, judged.findings, chosen.template, chosen.messages)
    created = in_zone(chosen, one.submission.decided_at)
    written = write_template(
        sent_back(form, chosen.plan, chosen.template, created.date()),
        chosen.template,
        chosen.messages,
        chosen.plan,
        created,
        answer.contents,
        answer.lines,
    )
    path = one.path.with_suffix(".xlsx")
    write_atomically(path, written)
    return path


def _receipt(chosen: Setting, submission: Submission, accepted: int, form: Path | None) -> Receipt:
    return Receipt(
        period=chosen.period.label,
        deadline=deadline_text(_next_deadline(chosen, submission), chosen.template),
        accepted=accepted,
        owed=len(chosen.plan.indicators_of(submission.unit)),
        answer=form.name if form else "",
    )


def _next_deadline(chosen: Setting, submission: Submission) -> date | None:
    decided = in_zone(chosen, submission.decided_at).date()
    return next_deadline(chosen.plan.calendar, chosen.period, decided)
