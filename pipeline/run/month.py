"""The monthly run: inbox to ledger, ledger to consolidated workbooks."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.base.period import Period
from pipeline.core.month import Kept, concerned, consolidate
from pipeline.core.tables import Book, tables
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.edges.store.files import lock, make_folder, read_text, write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.feedback import write_feedback
from pipeline.run.labels import consolidated_spec
from pipeline.run.results import FileVerdict, MonthResult
from pipeline.run.status import status_of
from pipeline.run.take import take_inbox
from pipeline.run.workspace import SCHEMAS, Setting, Tell, Workspace, setting
from pipeline.spec.wording import load_wording


def run_month(workspace: Workspace, period: Period | None, tell: Tell) -> MonthResult:
    """Take the inbox, then write the workbook of `period` and of every other period that got a file."""
    chosen = setting(workspace, period)
    make_folder(workspace.inbox)
    with lock(workspace.lock), Ledger(workspace.ledger) as ledger:
        taken = take_inbox(chosen, ledger, tell)
        periods = _periods_to_write(chosen, taken.verdicts)
        workbooks = tuple(_write_month(replace(chosen, period=p), ledger, tell) for p in periods)
        status = status_of(chosen, ledger.submissions(str(chosen.period)))
    return MonthResult(status, taken.verdicts, taken.left, workbooks)


def _periods_to_write(chosen: Setting, verdicts: Sequence[FileVerdict]) -> list[Period]:
    """The period asked for, and from the first that got a file on: later months build on earlier ones."""
    touched = {Period.parse(v.period) for v in verdicts if v.period and not v.repeated}
    first = min({p for p in touched if p.year == chosen.plan.year} | {chosen.period})
    last = max({p for p in touched if p.year == chosen.plan.year} | {chosen.period})
    return [Period(chosen.plan.year, month) for month in range(first.month, last.month + 1)]


def _write_month(chosen: Setting, ledger: Ledger, tell: Tell) -> Path:
    workspace, period = chosen.workspace, chosen.period
    tell(f"Tổng hợp {period.label}")
    wording = load_wording("wording.toml", read_text(SCHEMAS / "wording.toml"))
    month = consolidate(chosen.plan, period, _kept(chosen, ledger), chosen.now)
    pages = tables(month, Book(chosen.plan, chosen.template, wording), workspace.now)
    # First what units wait for: a workbook that is open in Excel must not hold it up.
    told = [s for s in month.kept.submissions if s.period in ("", str(period))]
    write_feedback(chosen, wording, told, ledger, tell)
    path = workspace.workbook(period)
    write_atomically(path, write_consolidated(pages, consolidated_spec(), workspace.now))
    return path


def _kept(chosen: Setting, ledger: Ledger) -> Kept:
    """What the ledger holds for the month."""
    period = str(chosen.period)
    submissions = concerned(chosen.plan, chosen.period, ledger.submissions())
    told = {s.sha256 for s in submissions}
    return Kept(
        submissions=tuple(submissions),
        facts=tuple(ledger.facts(chosen.period.year, period)),
        tasks=tuple(ledger.tasks(period)),
        narratives=tuple(ledger.narratives(period)),
        findings=tuple(ledger.findings(told)),
    )
