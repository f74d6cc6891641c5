"""The monthly run: inbox to ledger, ledger to consolidated workbooks."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.base.period import Period
from pipeline.edges.consolidated.writer import write_consolidated
from pipeline.edges.store.files import lock, make_folder, write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.feedback import write_feedback
from pipeline.run.figures import book_of, figures_of
from pipeline.run.labels import consolidated_spec
from pipeline.run.results import FileVerdict, MonthResult
from pipeline.run.status import status_of
from pipeline.run.take import take_inbox
from pipeline.run.workspace import Setting, Tell, Workspace, setting


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
    book = book_of(chosen)
    month, pages = figures_of(chosen, book, ledger)
    # First what units wait for: a workbook that is open in Excel must not hold it up.
    told = [s for s in month.kept.submissions if s.period in ("", str(period))]
    write_feedback(chosen, book.wording, told, ledger, tell)
    path = workspace.workbook(period)
    write_atomically(path, write_consolidated(pages, consolidated_spec(), workspace.now))
    return path
