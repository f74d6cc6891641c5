"""Take the inbox: open, judge and keep every file, and remove it once all it holds is kept."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from pipeline.base.finding import Finding
from pipeline.base.record import Repeat, Submission
from pipeline.core.intake import Arrived, Judgement, Returned, judge, kept_findings, refuse, simultaneous
from pipeline.core.tables import moment_text
from pipeline.edges.store.inbox import StillCopying, is_fresh, passed_over, remove
from pipeline.edges.store.ledger import Ledger
from pipeline.edges.unpacking.unpack import kind_of
from pipeline.run.keep import keep
from pipeline.run.parcels import Parcel, Piece, arrival, beside, pick_up
from pipeline.run.previous import forms
from pipeline.run.reading import OpenedFile, open_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting, Tell

_BROKEN = {"F02", "F04"}  # what half a copy of a file looks like


@dataclass(frozen=True, slots=True)
class Taken:
    """What happened to the inbox: verdicts in the order of names, and the files left lying."""

    verdicts: tuple[FileVerdict, ...]
    left: tuple[str, ...]


def take_inbox(setting: Setting, ledger: Ledger, tell: Tell) -> Taken:
    """Take every file that is there; each ends in the archive and the ledger, whatever it is.

    A dropped file is removed only after all its pieces, and then it itself, are in the ledger.
    """
    parcels, left = pick_up(setting.workspace.inbox)
    left += passed_over(setting.workspace.inbox)
    by_path = {parcel.dropped.path: parcel for parcel in parcels}
    waiting = {path: len(parcel.pieces) for path, parcel in by_path.items()}
    verdicts: list[FileVerdict] = []
    for piece, verdict in _keep_pieces(setting, ledger, parcels, tell):
        if verdict is None:
            left.append(piece.name)
            continue
        verdicts.append(verdict)
        waiting[piece.dropped.path] -= 1
        if not waiting[piece.dropped.path]:
            verdicts += _finish(setting, ledger, by_path[piece.dropped.path])
    for parcel in parcels:
        if not parcel.pieces and is_fresh(parcel.dropped):
            left.append(parcel.dropped.name)
        elif not parcel.pieces:
            verdicts += _finish(setting, ledger, parcel)
    return Taken(tuple(sorted(verdicts, key=lambda v: v.file)), tuple(left))


def _keep_pieces(
    setting: Setting, ledger: Ledger, parcels: Sequence[Parcel], tell: Tell
) -> Iterator[tuple[Piece, FileVerdict | None]]:
    """Each piece with its verdict, once it is kept: the new ones, then those that were known.

    No verdict for a broken file that may still be copied: it is left to the next run.
    """
    pieces = [piece for parcel in parcels for piece in parcel.pieces]
    fresh: dict[str, Piece] = {}
    repeated: list[Piece] = []
    for piece in pieces:
        if piece.sha256 in fresh or _is_settled(ledger.submission(piece.sha256)):
            repeated.append(piece)
        else:
            fresh[piece.sha256] = piece
    opened = list(zip(fresh.values(), _open(setting, list(fresh.values()), tell), strict=True))
    forms_only = [(piece, file) for piece, file in opened if file.is_form]
    # Earlier periods first: what they bring is "the last accepted value" of later ones.
    forms_only.sort(key=lambda pair: str(pair[1].period))
    for _, part in groupby(forms_only, key=lambda pair: pair[1].period):
        yield from _judge_period(setting, ledger, list(part))
    for piece, file in opened:
        if _may_grow(piece, file):
            yield piece, None
        elif not file.is_form:
            yield piece, _keep_other(setting, ledger, piece, file, pieces)
    for piece in repeated:
        # The first of its kind may itself have been left to the next run.
        known = ledger.submission(piece.sha256) is not None
        yield piece, _take_again(setting, ledger, piece.sha256, piece.name) if known else None


def _is_settled(known: Submission | None) -> bool:
    """A refused file is judged anew: it may have come too early, or the plan has been mended since."""
    return known is not None and known.outcome != "rejected"


def _may_grow(piece: Piece, file: OpenedFile) -> bool:
    broken = {finding.code for finding in file.findings} <= _BROKEN and not file.is_form
    return broken and not piece.parent and is_fresh(piece.dropped)


def _open(setting: Setting, pieces: Sequence[Piece], tell: Tell) -> Iterator[OpenedFile]:
    for file in open_files(setting, [(piece.name, piece.data) for piece in pieces]):
        tell(f"Đọc {file.name}")
        yield file


def _judge_period(
    setting: Setting, ledger: Ledger, batch: list[tuple[Piece, OpenedFile]]
) -> Iterator[tuple[Piece, FileVerdict]]:
    period = batch[0][1].period
    if period is None:
        raise ValueError("a form without a period is refused before it is judged")
    issued = forms(setting, period, ledger)
    known = [(piece, file.unit.id) for piece, file in batch if file.unit]
    together = simultaneous([_arrived(setting, piece, unit) for piece, unit in known])
    returned = [
        Returned(piece.sha256, file.workbook, issued[file.unit.id], (*file.findings, *also))
        for (piece, file), also in zip(batch, together, strict=True)
        if file.workbook and file.unit
    ]
    judgements = judge(returned, setting.template, setting.messages)
    for (piece, _), form, judgement in zip(batch, returned, judgements, strict=True):
        unit, month = form.issued.unit.id, str(form.issued.period)
        yield piece, keep(setting, ledger, piece, unit, month, judgement)


def _arrived(setting: Setting, piece: Piece, unit: str) -> Arrived:
    moment, _ = arrival(setting, piece)
    now = setting.now.isoformat(timespec="seconds")
    return Arrived(unit, (moment.isoformat(timespec="seconds"), now, piece.sha256), piece.name)


def _keep_other(
    setting: Setting, ledger: Ledger, piece: Piece, file: OpenedFile, others: Sequence[Piece]
) -> FileVerdict:
    """Keep what is no usable form: a scan as the companion of the form it came with, else refused."""
    if kind_of(piece.data) == "companion":
        for neighbour in beside(piece, others):
            form = ledger.submission(neighbour.sha256)
            if form is not None and form.unit and form.is_return:
                return keep(setting, ledger, piece, form.unit, form.period, Judgement("companion", ()))
    unit = file.unit.id if file.unit else ""
    period = str(file.period) if file.period else ""
    return keep(setting, ledger, piece, unit, period, refuse(file.findings))


def _finish(setting: Setting, ledger: Ledger, parcel: Parcel) -> Iterator[FileVerdict]:
    """Keep the wrapping after what was in it, then remove the dropped file."""
    if parcel.is_wrapping:
        if ledger.submission(parcel.sha256):
            yield _take_again(setting, ledger, parcel.sha256, parcel.dropped.name)
        else:
            faults = tuple(Finding(fault.code, found=fault.name) for fault in parcel.faults)
            yield keep(setting, ledger, parcel, "", "", Judgement("opened", faults))
    # A file that was saved anew meanwhile stays and is another file at the next run.
    with suppress(StillCopying):
        remove(parcel.dropped)


def _take_again(setting: Setting, ledger: Ledger, sha256: str, name: str) -> FileVerdict:
    """The same bytes as before: said, noted, and counted once."""
    first = ledger.submission(sha256)
    if first is None:
        raise ValueError("a repeated file is in the ledger")
    ledger.repeat(Repeat(sha256, name, setting.now.isoformat(timespec="seconds")))
    said = Finding("F12", found=moment_text(first.arrived_at))
    findings = kept_findings(sha256, [said], setting.messages)
    return FileVerdict(name, first.unit, first.period, first.outcome, findings, repeated=True)
