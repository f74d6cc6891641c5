"""Check any file as the monthly run would, without taking or writing anything."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.core.intake import Judgement, Returned, judge, kept_findings, refuse
from pipeline.edges.files import read_bytes
from pipeline.edges.ledger import Ledger
from pipeline.run.previous import forms
from pipeline.run.reading import OpenedFile, open_file
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting, Workspace, setting


def check_files(workspace: Workspace, paths: Sequence[Path]) -> tuple[FileVerdict, ...]:
    """The verdict on each file, in the order given."""
    chosen = setting(workspace, None)
    return tuple(_check(chosen, path) for path in paths)


def _check(chosen: Setting, path: Path) -> FileVerdict:
    file = open_file(chosen, path.name, read_bytes(path))
    judgement = _judge(chosen, file)
    return FileVerdict(
        file=str(path),
        unit=file.unit.id if file.unit else "",
        period=str(file.period) if file.period else "",
        outcome=judgement.outcome,
        findings=kept_findings("", judgement.findings, chosen.messages),
    )


def _judge(chosen: Setting, file: OpenedFile) -> Judgement:
    if not (file.is_form and file.workbook and file.unit and file.period):
        return refuse(file.findings)
    if Ledger.exists(chosen.workspace.ledger):
        with Ledger(chosen.workspace.ledger) as ledger:
            issued = forms(chosen, file.period, ledger)
    else:
        issued = forms(chosen, file.period, None)
    form = Returned("", file.workbook, issued[file.unit.id], file.findings)
    return judge([form], chosen.template, chosen.messages)[0]
