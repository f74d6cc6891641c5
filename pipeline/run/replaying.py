"""Produce a period again as it stood at a moment, from the ledger and the archive alone."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.edges.store.archive import Archive
from pipeline.edges.store.files import write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.figures import kept_of
from pipeline.run.month import edition_of, workbook_of
from pipeline.run.workspace import Setting, Workspace, setting
from pipeline.spec.plan_file import load_plan


def replay(workspace: Workspace, period: Period | None, as_of: datetime) -> Path:
    """Write the workbook of `period` as a run at `as_of` would have written it, beside the others.

    The plan is the one that was last used before that moment, unless one is given. It lies where the run
    writes, so that its links to the archive are the same and hold.
    """
    if not Ledger.exists(workspace.ledger):
        raise OperatorError(f"Chưa có sổ theo dõi {workspace.ledger}: chưa có gì để xem lại.")
    chosen = setting(replace(workspace, now=as_of), period)
    with Ledger(workspace.ledger, as_of=chosen.now.isoformat(timespec="seconds")) as ledger:
        chosen = _with_plan_of_then(chosen, ledger)
        edition = edition_of(ledger, chosen.period)
        _, data = workbook_of(chosen, kept_of(chosen, ledger), edition)
    name = f"tong-hop-{chosen.period}-luc-{chosen.now:%Y%m%d-%H%M%S}.xlsx"
    path = workspace.outbox(chosen.period) / name
    write_atomically(path, data)
    return path


def _with_plan_of_then(chosen: Setting, ledger: Ledger) -> Setting:
    used = [plan for plan in ledger.plans() if plan.year == chosen.period.year]
    if chosen.workspace.plan_file or not used:
        return chosen
    text = Archive(chosen.workspace.archive).read(used[-1].archived_as).decode()
    return replace(chosen, plan=load_plan(used[-1].archived_as, text), plan_text=text)
