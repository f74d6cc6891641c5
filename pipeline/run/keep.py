"""Seal a file and say what the ledger learns of it. Sealed first, recorded after: nothing is lost."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.base.record import Entry, Submission
from pipeline.core.intake import Judgement, kept_findings
from pipeline.edges.store.archive import archived_name
from pipeline.run.desk import Desk
from pipeline.run.parcels import Parcel, Piece, arrival, letter_of
from pipeline.run.results import FileVerdict


def sealed(desk: Desk, file: Piece | Parcel, unit: str, period: str, judgement: Judgement) -> Entry:
    """Seal a file; `unit` and `period` are "" where they are not known. The entry is to be recorded."""
    arrived, source = arrival(desk.setting, file)
    letter = letter_of(file)
    submission = Submission(
        sha256=file.sha256,
        name=file.name,
        size=len(file.data),
        arrived_at=arrived.isoformat(timespec="seconds"),
        arrival_source=source,
        decided_at=desk.now,
        unit=unit,
        period=period,
        outcome=judgement.outcome,
        archived_as=_place(desk, file, unit, period),
        parent=file.parent if isinstance(file, Piece) else "",
        sender=letter.sender if letter else "",
        sent_at=letter.date_header if letter else "",
    )
    return entry_of(desk, submission, judgement)


def _place(desk: Desk, file: Piece | Parcel, unit: str, period: str) -> str:
    """Where the file is sealed; what was refused before, and is judged anew, lies where it lay."""
    known = desk.ledger.submission(file.sha256)
    if known is not None and desk.archive.holds(known.archived_as):
        return known.archived_as
    folder, _, name = archived_name(period, unit, file.sha256, file.name).rpartition("/")
    return desk.archive.seal(file.data, folder, name)


def entry_of(desk: Desk, submission: Submission, judgement: Judgement) -> Entry:
    """What was decided about a file, in words."""
    findings = kept_findings(submission.sha256, judgement.findings, desk.setting.messages)
    decided = replace(submission, outcome=judgement.outcome)
    return Entry(decided, findings, judgement.facts, judgement.tasks, judgement.narratives)


def verdicts_of(entries: Sequence[Entry]) -> list[FileVerdict]:
    """The verdicts on files that were recorded."""
    return [
        FileVerdict(
            e.submission.name, e.submission.unit, e.submission.period, e.submission.outcome, e.findings
        )
        for e in entries
    ]
