"""Check any file as the monthly run would, without taking or writing anything."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pipeline.base.finding import Finding
from pipeline.core.intake import Judgement, kept_findings, refuse
from pipeline.edges.store.files import read_bytes
from pipeline.edges.unpacking.unpack import unpack
from pipeline.run.desk import Desk, glance
from pipeline.run.judging import Case, judge_cases
from pipeline.run.reading import Foreign, OpenedFile, open_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting, Workspace, setting


def check_files(workspace: Workspace, paths: Sequence[Path]) -> tuple[FileVerdict, ...]:
    """The verdict on each file, in the order given.

    A mail or an archive gives one for each file in it, and one for each that could not be taken out.
    """
    chosen = setting(workspace, None)
    files: list[Foreign] = []
    broken: list[FileVerdict] = []
    for path in paths:
        data = read_bytes(path)
        inside = unpack(path.name, data)
        files += [
            _foreign(str(path) if m.data == data else f"{path}/{m.name}", m.data) for m in inside.members
        ]
        faults = (refuse([Finding(fault.code, found=fault.name)]) for fault in inside.faults)
        broken += [_verdict(chosen, str(path), "", "", judgement) for judgement in faults]
    with glance(chosen) as desk:
        opened = open_files(chosen, files, desk.decisions)
        return (*(_check(desk, file, one) for file, one in zip(files, opened, strict=True)), *broken)


def _foreign(name: str, data: bytes) -> Foreign:
    return Foreign(name, data, hashlib.sha256(data).hexdigest())


def _check(desk: Desk, file: Foreign, opened: OpenedFile) -> FileVerdict:
    unit = opened.unit.id if opened.unit else ""
    period = str(opened.period) if opened.period else ""
    if opened.form is None:
        return _verdict(desk.setting, file.name, unit, period, refuse(opened.findings))
    waits = str(opened.form.period) in desk.issued
    case = Case(file.sha256, file.name, "", opened, opened.form, waits)
    ((_, judgement),) = next(judge_cases(desk, [case]))
    return _verdict(desk.setting, file.name, unit, period, judgement)


def _verdict(chosen: Setting, name: str, unit: str, period: str, judgement: Judgement) -> FileVerdict:
    findings = kept_findings("", judgement.findings, chosen.messages)
    return FileVerdict(name, unit, period, judgement.outcome, findings)
