"""Take the inbox: open, judge and keep every file, and remove it once all it holds is kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pipeline.base.finding import Finding
from pipeline.base.record import Entry, Repeat, Submission
from pipeline.core.intake import Judgement, kept_findings, refuse
from pipeline.core.moments import arrival_text
from pipeline.edges.store.inbox import Dropped, StillCopying, is_fresh, list_inbox, passed_over, remove
from pipeline.edges.unpacking.unpack import kind_of
from pipeline.run.desk import Desk
from pipeline.run.feedback import discard_feedback
from pipeline.run.judging import Case, judge_cases
from pipeline.run.keep import sealed, verdicts_of
from pipeline.run.parcels import Parcel, Piece, arrival, batches, company, pick_up, sender_of
from pipeline.run.reading import Foreign, OpenedFile, open_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Tell

_BROKEN = {"F02", "F04"}  # what half a copy of a file looks like


@dataclass(frozen=True, slots=True)
class Taken:
    """What happened to the inbox: verdicts in the order of names, and the files left lying."""

    verdicts: tuple[FileVerdict, ...]
    left: tuple[str, ...]


def take_inbox(desk: Desk, tell: Tell) -> Taken:
    """Take every file that is there; each ends in the archive and the ledger, whatever it is.

    Part by part: the originals are sealed, then recorded, and only then is the inbox cleared of them.
    """
    inbox = desk.setting.workspace.inbox
    verdicts: list[FileVerdict] = []
    left = passed_over(inbox)
    for part in batches(list_inbox(inbox)):
        taken = _take(desk, part, tell)
        verdicts += taken.verdicts
        left += taken.left
    return Taken(tuple(sorted(verdicts, key=lambda v: v.file)), tuple(sorted(left)))


def _take(desk: Desk, part: Sequence[Dropped], tell: Tell) -> Taken:
    parcels, left = pick_up(part)
    pieces = [piece for parcel in parcels for piece in parcel.pieces]
    fresh, repeated = _sorted_out(desk, pieces)
    verdicts = list(_keep_pieces(desk, fresh, pieces, tell))
    verdicts += _take_again(desk, repeated)
    done = {parcel.dropped.path: _is_done(desk, parcel) for parcel in parcels}
    verdicts += _keep_wrappings(desk, [p for p in parcels if done[p.dropped.path] and p.is_wrapping])
    for parcel in parcels:
        if done[parcel.dropped.path]:
            # A file that was saved anew meanwhile stays and is another file at the next run.
            with suppress(StillCopying):
                remove(parcel.dropped)
    left += [parcel.name for parcel in parcels if not done[parcel.dropped.path]]
    return Taken(tuple(verdicts), tuple(left))


def _sorted_out(desk: Desk, pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The pieces to be judged, each content once, and those that are known already."""
    fresh: dict[str, Piece] = {}
    repeated: list[Piece] = []
    for piece in pieces:
        if piece.sha256 in fresh or _is_settled(desk.ledger.submission(piece.sha256)):
            repeated.append(piece)
        else:
            fresh[piece.sha256] = piece
    return list(fresh.values()), repeated


def _is_settled(known: Submission | None) -> bool:
    """A refused file is judged anew: it may have come too early, or the plan has been mended since."""
    return known is not None and known.outcome != "rejected"


def _keep_pieces(
    desk: Desk, fresh: Sequence[Piece], pieces: Sequence[Piece], tell: Tell
) -> Iterator[FileVerdict]:
    """Keep the new pieces, the forms first. A broken file that may still be copied is left alone."""
    again = [piece.sha256 for piece in fresh if desk.ledger.submission(piece.sha256)]
    discard_feedback(desk.setting.workspace, again)
    opened = list(zip(fresh, _open(desk, fresh, tell), strict=True))
    by_hash = {piece.sha256: piece for piece in fresh}
    for part in judge_cases(desk, [c for piece, file in opened if (c := _case(desk, piece, file))]):
        yield from _recorded(desk, [_keep_form(desk, by_hash, case, judged) for case, judged in part])
    others = [(p, file) for p, file in opened if file.form is None and not _may_grow(p, file)]
    # A scan goes with what it came with, refused forms too: those are kept first.
    for scans in (False, True):
        chosen = [(p, file) for p, file in others if (kind_of(p.data) == "companion") is scans]
        known = _forms_by_company(desk, pieces) if scans and chosen else {}
        yield from _recorded(desk, [_keep_other(desk, piece, file, known) for piece, file in chosen])


def _open(desk: Desk, pieces: Sequence[Piece], tell: Tell) -> Iterator[OpenedFile]:
    files = [Foreign(piece.name, piece.data, piece.sha256) for piece in pieces]
    for file in open_files(desk.setting, files, desk.decisions):
        tell(f"Đọc {file.name}")
        yield file


def _case(desk: Desk, piece: Piece, file: OpenedFile) -> Case | None:
    if file.form is None:
        return None
    moment, _ = arrival(desk.setting, piece)
    waits = str(file.form.period) in desk.issued
    arrived = moment.isoformat(timespec="seconds")
    return Case(piece.sha256, piece.name, arrived, sender_of(piece), file, file.form, waits)


def _keep_form(desk: Desk, pieces: Mapping[str, Piece], case: Case, judgement: Judgement) -> Entry:
    return sealed(desk, pieces[case.sha256], case.form.unit.id, case.period, judgement)


def _may_grow(piece: Piece, file: OpenedFile) -> bool:
    broken = {finding.code for finding in file.findings} <= _BROKEN and file.form is None
    return broken and not piece.parent and is_fresh(piece.dropped)


def _forms_by_company(desk: Desk, pieces: Sequence[Piece]) -> Mapping[tuple[str, str], Submission]:
    """The first form of each company of files that came together."""
    forms: dict[tuple[str, str], Submission] = {}
    for piece in pieces:
        known = desk.ledger.submission(piece.sha256)
        if known is not None and known.unit and known.outcome not in ("opened", "companion"):
            forms.setdefault(company(piece), known)
    return forms


def _keep_other(
    desk: Desk, piece: Piece, file: OpenedFile, forms: Mapping[tuple[str, str], Submission]
) -> Entry:
    """Keep what is no usable form: a scan as the companion of the form it came with, else refused."""
    form = forms.get(company(piece))
    if form is not None and kind_of(piece.data) == "companion":
        return sealed(desk, piece, form.unit, form.period, Judgement("companion", ()))
    unit = file.unit.id if file.unit else ""
    period = str(file.period) if file.period else ""
    return sealed(desk, piece, unit, period, refuse(file.findings))


def _recorded(desk: Desk, entries: Sequence[Entry]) -> list[FileVerdict]:
    desk.keep(*entries)
    return verdicts_of(entries)


def _is_done(desk: Desk, parcel: Parcel) -> bool:
    """Whether all that a dropped file holds is kept, so that it can go."""
    if not parcel.pieces:
        return not is_fresh(parcel.dropped)
    return all(desk.ledger.submission(piece.sha256) for piece in parcel.pieces)


def _keep_wrappings(desk: Desk, parcels: Sequence[Parcel]) -> Iterator[FileVerdict]:
    """Keep mails and archives, after what was in them."""
    new = {parcel.sha256: parcel for parcel in parcels if not desk.ledger.submission(parcel.sha256)}
    entries = []
    for parcel in new.values():
        faults = tuple(Finding(fault.code, found=fault.name) for fault in parcel.faults)
        entries.append(sealed(desk, parcel, "", "", Judgement("opened", faults)))
    yield from _recorded(desk, entries)
    yield from _take_again(desk, [p for p in parcels if new.get(p.sha256) is not p])


def _take_again(desk: Desk, files: Sequence[Piece | Parcel]) -> Iterator[FileVerdict]:
    """The same bytes as before: said, noted, and counted once."""
    # The first of its kind may itself have been left to the next run.
    known = [(file, first) for file in files if (first := desk.ledger.submission(file.sha256))]
    desk.keep(*(Repeat(file.sha256, file.name, desk.now) for file, _ in known))
    for file, first in known:
        said = Finding("F12", found=arrival_text(first.arrived_at, first.arrival_source))
        findings = kept_findings(file.sha256, [said], desk.setting.messages)
        yield FileVerdict(file.name, first.unit, first.period, first.outcome, findings, repeated=True)
