"""Check any file as the monthly run would, without taking or writing anything."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from pipeline.base.finding import Finding
from pipeline.core.intake import Judgement, kept_findings, refuse
from pipeline.edges.store.files import read_bytes
from pipeline.edges.store.inbox import list_any
from pipeline.edges.unpacking.unpack import kind_of
from pipeline.run.desk import Desk, glance
from pipeline.run.judging import Case, judge_cases
from pipeline.run.parcels import Parcel, Piece, company, open_parcel, sender_of
from pipeline.run.reading import Foreign, OpenedFile, open_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting, Workspace, setting


def check_files(workspace: Workspace, paths: Sequence[Path]) -> tuple[FileVerdict, ...]:
    """The verdict on each file, in the order given; a folder stands for all files in and below it.

    A mail or an archive gives one for each file in it, then one for itself.
    """
    chosen = setting(workspace, None)
    dropped = {file.path: file for path in paths for file in list_any(path)}
    parcels = [open_parcel(file, read_bytes(file.path)) for file in dropped.values()]
    pieces = [piece for parcel in parcels for piece in parcel.pieces]
    files = [Foreign(piece.name, piece.data, piece.sha256) for piece in pieces]
    with glance(chosen) as desk:
        opened = list(open_files(chosen, files, desk.decisions))
        judgements = _judgements(desk, pieces, opened)
    verdicts = [_verdict(chosen, file, judged) for file, judged in zip(opened, judgements, strict=True)]
    return tuple(_by_parcel(chosen, parcels, _with_companions(pieces, verdicts)))


def _judgements(desk: Desk, pieces: Sequence[Piece], opened: Sequence[OpenedFile]) -> list[Judgement]:
    """One for each file, in their order; the forms of a period are judged together."""
    cases = {
        piece.sha256: Case(
            piece.sha256, piece.name, "", sender_of(piece), file, file.form, str(file.period) in desk.issued
        )
        for piece, file in zip(pieces, opened, strict=True)
        if file.form
    }
    judged = {
        case.sha256: judgement for part in judge_cases(desk, list(cases.values())) for case, judgement in part
    }
    return [
        judged.get(piece.sha256) or refuse(file.findings) for piece, file in zip(pieces, opened, strict=True)
    ]


def _verdict(chosen: Setting, file: OpenedFile, judgement: Judgement) -> FileVerdict:
    unit = file.unit.id if file.unit else ""
    period = str(file.period) if file.period else ""
    findings = kept_findings("", judgement.findings, chosen.messages)
    return FileVerdict(file.name, unit, period, judgement.outcome, findings)


def _with_companions(pieces: Sequence[Piece], verdicts: Sequence[FileVerdict]) -> Iterator[FileVerdict]:
    """The verdicts, where a scan is the companion of the form that it came with."""
    of_forms: dict[tuple[str, str], FileVerdict] = {}
    for piece, verdict in zip(pieces, verdicts, strict=True):
        if verdict.unit:
            of_forms.setdefault(company(piece), verdict)
    for piece, verdict in zip(pieces, verdicts, strict=True):
        form = of_forms.get(company(piece))
        if form and kind_of(piece.data) == "companion":
            yield FileVerdict(verdict.file, form.unit, form.period, "companion", ())
        else:
            yield verdict


def _by_parcel(
    chosen: Setting, parcels: Iterable[Parcel], verdicts: Iterator[FileVerdict]
) -> Iterator[FileVerdict]:
    """The verdicts on the pieces, each wrapping after what was in it."""
    for parcel in parcels:
        yield from islice(verdicts, len(parcel.pieces))
        if parcel.is_wrapping:
            faults = [Finding(fault.code, found=fault.name) for fault in parcel.faults]
            yield FileVerdict(
                parcel.dropped.name, "", "", "opened", kept_findings("", faults, chosen.messages)
            )
