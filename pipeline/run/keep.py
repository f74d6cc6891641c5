"""Keep one file: seal the original, record what was decided. In this order, so that nothing is lost."""

from pipeline.base.record import Entry, Submission
from pipeline.core.intake import Judgement, kept_findings
from pipeline.edges.store.archive import Archive, archived_name
from pipeline.edges.store.ledger import Ledger
from pipeline.run.parcels import Parcel, Piece, arrival, outermost
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting


def keep(
    setting: Setting, ledger: Ledger, file: Piece | Parcel, unit: str, period: str, judgement: Judgement
) -> FileVerdict:
    """Seal and record a file; `unit` and `period` are "" where they are not known."""
    arrived, source = arrival(setting, file)
    letter = outermost(file.letter) if isinstance(file, Piece) else None
    submission = Submission(
        sha256=file.sha256,
        name=_name(file),
        size=len(file.data),
        arrived_at=arrived.isoformat(timespec="seconds"),
        arrival_source=source,
        decided_at=setting.now.isoformat(timespec="seconds"),
        unit=unit,
        period=period,
        outcome=judgement.outcome,
        archived_as=_seal(setting, file, unit, period),
        parent=file.parent if isinstance(file, Piece) else "",
        sender=letter.sender if letter else "",
        sent_at=letter.date_header if letter else "",
    )
    findings = kept_findings(file.sha256, judgement.findings, setting.messages)
    entry = Entry(submission, findings, judgement.facts, judgement.tasks, judgement.narratives)
    if ledger.submission(file.sha256):
        ledger.revise(entry)
    else:
        ledger.record(entry)
    return FileVerdict(submission.name, unit, period, judgement.outcome, findings)


def _seal(setting: Setting, file: Piece | Parcel, unit: str, period: str) -> str:
    folder, _, name = archived_name(period, unit, file.sha256, _name(file)).rpartition("/")
    return Archive(setting.workspace.archive).seal(file.data, folder, name)


def _name(file: Piece | Parcel) -> str:
    return file.name if isinstance(file, Piece) else file.dropped.name
