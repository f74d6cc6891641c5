"""Judge kept files anew after a decision of the officer: what counts follows from what holds now."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.base.batches import batched
from pipeline.base.record import Entry, Submission
from pipeline.core.intake import Judgement, refuse
from pipeline.run.desk import Desk
from pipeline.run.judging import Case, judge_cases
from pipeline.run.keep import entry_of
from pipeline.run.reading import Foreign, OpenedFile, open_files

_AT_ONCE = 200  # files that are open at the same time


def rejudged(desk: Desk, submissions: Sequence[Submission]) -> list[Entry]:
    """New entries for those files about which something else is decided than before."""
    entries = [e for part in batched(submissions, _AT_ONCE) for e in _judged(desk, part)]
    return [entry for entry in entries if _differs(desk, entry)]


def rejudge_later(desk: Desk, changed: Sequence[Submission]) -> list[Entry]:
    """Judge anew, and keep, what units of `changed` files sent for later months of the year: their
    figures are seen beside earlier ones."""
    first: dict[tuple[str, str], str] = {}
    for file in changed:
        if file.unit and file.period:
            key = file.unit, file.period[:4]
            first[key] = min(first.get(key, file.period), file.period)
    later = [
        s
        for s in desk.ledger.submissions()
        if s.is_return and s.period > first.get((s.unit, s.period[:4]), s.period)
    ]
    entries = rejudged(desk, later)
    desk.keep(*entries)
    return entries


def _judged(desk: Desk, submissions: Sequence[Submission]) -> Iterator[Entry]:
    kept = [s for s in submissions if not desk.decisions.is_withdrawn(s.sha256)]
    for submission in submissions:
        if submission not in kept:
            yield entry_of(desk, _now(desk, submission), Judgement("withdrawn", ()))
    originals = [Foreign(s.name, desk.archive.read(s.archived_as, s.sha256), s.sha256) for s in kept]
    opened = dict(
        zip((s.sha256 for s in kept), open_files(desk.setting, originals, desk.decisions), strict=True)
    )
    by_hash = {s.sha256: s for s in kept}
    for submission in kept:
        file = opened[submission.sha256]
        if file.form is None:
            yield entry_of(desk, _named(desk, submission, file), refuse(file.findings))
    for part in judge_cases(desk, [c for s in kept if (c := _case(s, opened[s.sha256]))]):
        for case, judgement in part:
            submission = replace(_now(desk, by_hash[case.sha256]), unit=case.form.unit.id, period=case.period)
            yield entry_of(desk, submission, judgement)


def _case(submission: Submission, file: OpenedFile) -> Case | None:
    if file.form is None:
        return None
    waits = submission.outcome == "pending"
    moment, sender = submission.arrived_at, submission.sender
    return Case(submission.sha256, submission.name, moment, sender, file, file.form, waits)


def _now(desk: Desk, submission: Submission) -> Submission:
    return replace(submission, decided_at=desk.now)


def _named(desk: Desk, submission: Submission, file: OpenedFile) -> Submission:
    unit = file.unit.id if file.unit else ""
    return replace(_now(desk, submission), unit=unit, period=str(file.period) if file.period else "")


def _differs(desk: Desk, entry: Entry) -> bool:
    before = desk.ledger.entry(entry.submission.sha256)
    return before is None or _content(before) != _content(entry)


def _content(entry: Entry) -> tuple[object, ...]:
    """What an entry says, whenever it was decided and in whatever order."""
    rows = (entry.findings, entry.facts, entry.tasks, entry.narratives)
    return replace(entry.submission, decided_at=""), *(frozenset(part) for part in rows)
