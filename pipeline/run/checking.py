"""Check any file as the monthly run would, without taking or writing anything."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from pipeline.base.finding import Finding
from pipeline.core.intake import Judgement, Returned, judge, kept_findings, refuse
from pipeline.edges.store.files import read_bytes
from pipeline.edges.store.ledger import Ledger
from pipeline.edges.unpacking.unpack import unpack
from pipeline.run.previous import forms
from pipeline.run.reading import OpenedFile, open_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting, Workspace, setting


def check_files(workspace: Workspace, paths: Sequence[Path]) -> tuple[FileVerdict, ...]:
    """The verdict on each file, in the order given.

    A mail or an archive gives one for each file in it, and one for each that could not be taken out.
    """
    chosen = setting(workspace, None)
    files: list[tuple[str, bytes]] = []
    broken: list[FileVerdict] = []
    for path in paths:
        data = read_bytes(path)
        inside = unpack(path.name, data)
        files += [(str(path) if m.data == data else f"{path}/{m.name}", m.data) for m in inside.members]
        faults = (refuse([Finding(fault.code, found=fault.name)]) for fault in inside.faults)
        broken += [_verdict(chosen, str(path), "", "", judgement) for judgement in faults]
    with ExitStack() as stack:
        known = Ledger.exists(workspace.ledger)
        ledger = stack.enter_context(Ledger(workspace.ledger)) if known else None
        return (*(_check(chosen, file, ledger) for file in open_files(chosen, files)), *broken)


def _check(chosen: Setting, file: OpenedFile, ledger: Ledger | None) -> FileVerdict:
    unit = file.unit.id if file.unit else ""
    period = str(file.period) if file.period else ""
    if not (file.is_form and file.workbook and file.unit and file.period):
        return _verdict(chosen, file.name, unit, period, refuse(file.findings))
    issued = forms(chosen, file.period, ledger)[unit]
    form = Returned("", file.workbook, issued, file.findings)
    return _verdict(chosen, file.name, unit, period, judge([form], chosen.template, chosen.messages)[0])


def _verdict(chosen: Setting, name: str, unit: str, period: str, judgement: Judgement) -> FileVerdict:
    findings = kept_findings("", judgement.findings, chosen.messages)
    return FileVerdict(name, unit, period, judgement.outcome, findings)
