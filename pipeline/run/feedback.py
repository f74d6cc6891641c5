"""Write what goes back to the units: a form to be mended and a text to paste, for each faulty file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.base.batches import batched
from pipeline.base.period import Period
from pipeline.base.record import KeptFinding, Submission
from pipeline.core.calendar import next_deadline, open_rows
from pipeline.core.feedback import feedback
from pipeline.core.feedback_text import Receipt, feedback_text
from pipeline.core.form_content import deadline_text, sent_back
from pipeline.core.register import replaced
from pipeline.edges.form.writer import write_template
from pipeline.edges.store.files import delete, write_atomically
from pipeline.run.desk import Desk
from pipeline.run.labels import labels
from pipeline.run.previous import facts_of, forms
from pipeline.run.reading import Foreign, OpenedFile, open_files
from pipeline.run.workspace import FEEDBACK, Setting, Tell, Workspace, in_zone
from pipeline.spec.wording import Wording

_SHORT = 8  # characters of the sha256 in a name
TOLD = ("error", "warning")  # severities that a unit hears of
_AT_ONCE = 200  # files that are open at the same time


@dataclass(frozen=True, slots=True)
class _Due:
    """A file that is owed an answer: all its findings, and where its text will lie."""

    submission: Submission
    findings: tuple[KeptFinding, ...]
    path: Path

    @property
    def told(self) -> list[KeptFinding]:
        """What the text tells: a note asks for nothing."""
        return [finding for finding in self.findings if finding.severity in TOLD]

    @property
    def may_be_form(self) -> bool:
        """Without unit or period it was refused as it is, and one that waits for the officer is not asked
        for again: there is nothing to mend in it."""
        waits = self.submission.outcome == "pending"
        return bool(self.submission.unit and self.submission.period) and not waits


def write_feedback(
    desk: Desk, period: Period, wording: Wording, submissions: Sequence[Submission], tell: Tell
) -> None:
    """Write the feedback on each of `submissions` that has something to mend and none written yet; remove
    that on forms that a later one has taken the place of, lest it be sent after all.

    It is made from the archive and the ledger alone, so that a run that was cut is completed by the
    next one. A unit's original is never saved anew, and opened again only where it may be a form.
    """
    chosen = desk.setting.of(period)
    gone = replaced(submissions, period)
    _clear(feedback_path(chosen, one) for one in submissions if one.sha256 in gone)
    due = _due(desk, chosen, [one for one in submissions if one.sha256 not in gone])
    if not due:
        return
    units = {one.submission.unit for one in due}
    accepted = Counter(fact.sha256 for fact in desk.ledger.facts(period.year, str(period), units))
    words = labels()
    for one, form in _with_forms(desk, chosen, due):
        tell(f"Phản hồi {one.submission.name}")
        receipt = _receipt(chosen, one.submission, accepted[one.submission.sha256], form)
        text = feedback_text(one.submission, one.told, receipt, chosen.plan, wording, words)
        write_atomically(one.path, text.encode("utf-8-sig"))


def _clear(texts: Iterable[Path]) -> None:
    for text in texts:
        if text.exists():
            delete(text.with_suffix(".xlsx"))
            delete(text)


def _due(desk: Desk, chosen: Setting, submissions: Sequence[Submission]) -> list[_Due]:
    paths = {s.sha256: feedback_path(chosen, s) for s in submissions}
    waiting = [s for s in submissions if not paths[s.sha256].exists()]
    findings: dict[str, list[KeptFinding]] = {}
    for finding in desk.ledger.findings({s.sha256 for s in waiting}):
        findings.setdefault(finding.sha256, []).append(finding)
    due = [_Due(s, tuple(findings.get(s.sha256, ())), paths[s.sha256]) for s in waiting]
    return [one for one in due if one.told]


def discard_feedback(workspace: Workspace, sha256s: Iterable[str]) -> None:
    """Remove what was written about files on which something else has been decided since."""
    for sha256 in sha256s:
        for path in (workspace.root / "outbox").glob(f"*/{FEEDBACK}/*-{sha256[:_SHORT]}.*"):
            delete(path)


def feedback_path(chosen: Setting, submission: Submission) -> Path:
    """Where the text about a file lies; the form to be mended, if there is one, lies beside it."""
    stem = f"{submission.unit or 'khong-ro'}-{chosen.period}-{submission.sha256[:_SHORT]}"
    return chosen.workspace.feedback(chosen.period) / f"{stem}.txt"


def _with_forms(desk: Desk, chosen: Setting, due: Sequence[_Due]) -> Iterator[tuple[_Due, Path | None]]:
    """Each answer that is due, with the form to be mended once it is written, None where there is none.

    Forms come first: their units wait for them.
    """
    for part in batched([one for one in due if one.may_be_form], _AT_ONCE):
        files = [
            Foreign(s.name, desk.archive.read(s.archived_as, s.sha256), s.sha256)
            for s in (one.submission for one in part)
        ]
        facts = facts_of(desk.ledger, chosen.period, {one.submission.unit for one in part})
        for one, file in zip(part, open_files(chosen, files, desk.decisions), strict=True):
            yield one, _write_form(chosen, one, file, facts)
    yield from ((one, None) for one in due if not one.may_be_form)


def _write_form(chosen: Setting, one: _Due, file: OpenedFile, facts: pd.DataFrame) -> Path | None:
    """Write the form to be mended; None for a file that is no form after all. `facts` as by `facts_of`."""
    if file.form is None:
        return None
    unit, template = file.form.unit.id, chosen.template
    own = facts[facts["unit"].eq(unit)]
    sent_as = forms(chosen, file.form.period, [unit], own, file.form.template)[unit]
    answer = feedback(file.form.workbook, sent_as, one.findings, file.form.template)
    created = in_zone(chosen, one.submission.decided_at)
    fresh = forms(chosen, file.form.period, [unit], own, template)[unit]
    written = write_template(
        sent_back(fresh, chosen.plan, template, created.date()),
        template,
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
        owed=len(open_rows(chosen.plan, submission.unit, chosen.period)),
        answer=form.name if form else "",
    )


def _next_deadline(chosen: Setting, submission: Submission) -> date | None:
    decided = in_zone(chosen, submission.decided_at).date()
    return next_deadline(chosen.plan.calendar, chosen.period, decided)
