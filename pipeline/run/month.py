"""The monthly run: inbox to ledger, ledger to consolidated workbooks."""

from dataclasses import replace
from pathlib import Path

from pipeline.base.period import Period
from pipeline.core.month import Kept, concerned, consolidate
from pipeline.core.tables import Book, tables
from pipeline.edges.consolidated_writer import write_consolidated
from pipeline.edges.files import lock, make_folder, read_text, write_atomically
from pipeline.edges.ledger import Ledger
from pipeline.run.feedback import write_feedback
from pipeline.run.labels import consolidated_spec
from pipeline.run.results import MonthResult
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
        touched = {Period.parse(v.period) for v in taken.verdicts if v.period and not v.repeated}
        periods = sorted({p for p in touched if p.year == chosen.plan.year} | {chosen.period})
        workbooks = tuple(_write_month(replace(chosen, period=p), ledger, tell) for p in periods)
        status = status_of(chosen, ledger.submissions(str(chosen.period)))
    return MonthResult(status, taken.verdicts, taken.left, workbooks)


def _write_month(chosen: Setting, ledger: Ledger, tell: Tell) -> Path:
    workspace, period = chosen.workspace, chosen.period
    tell(f"Tổng hợp {period.label}")
    wording = load_wording("wording.toml", read_text(SCHEMAS / "wording.toml"))
    month = consolidate(chosen.plan, period, _kept(chosen, ledger))
    pages = tables(month, Book(chosen.plan, chosen.template, wording), workspace.now)
    path = workspace.workbook(period)
    write_atomically(path, write_consolidated(pages, consolidated_spec(), workspace.now))
    told = [s for s in month.kept.submissions if s.period in ("", str(period))]
    write_feedback(chosen, wording, told, ledger, tell)
    return path


def _kept(chosen: Setting, ledger: Ledger) -> Kept:
    """What the ledger holds for the month."""
    period = str(chosen.period)
    submissions = concerned(chosen.plan, chosen.period, ledger.submissions())
    told = {s.sha256 for s in submissions if s.period in ("", period)}
    return Kept(
        submissions=tuple(submissions),
        facts=tuple(ledger.facts(chosen.period.year, period)),
        tasks=tuple(ledger.tasks(period)),
        narratives=tuple(ledger.narratives(period)),
        findings=tuple(ledger.findings(told)),
    )
