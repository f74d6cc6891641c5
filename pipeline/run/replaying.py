"""Produce a period again as it stood at a moment, from the ledger and the archive alone."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.edges.store.files import write_atomically
from pipeline.edges.store.ledger import Ledger
from pipeline.run.figures import issued_before, kept_of, with_kept_plan
from pipeline.run.month import edition_of, workbook_of
from pipeline.run.workspace import Workspace, setting


def replay(workspace: Workspace, period: Period | None, as_of: datetime) -> Path:
    """Write the workbook of `period` as a run at `as_of` would have written it, beside the others; but its
    heading says that it is a replay. A moment that has not come is refused: nobody knows how it will stand.

    The plan is the one that was last used before that moment, unless one is given. It lies where the run
    writes, so that its links to the archive are the same and hold.
    """
    if not Ledger.exists(workspace.ledger):
        raise OperatorError(f"Chưa có sổ theo dõi {workspace.ledger}: chưa có gì để xem lại.")
    if as_of > workspace.now:
        raise OperatorError(f"{as_of:%H:%M ngày %d/%m/%Y} chưa đến: --as-of phải là một lúc đã qua.")
    chosen = setting(replace(workspace, now=as_of), period)
    with Ledger(workspace.ledger, as_of=chosen.now.isoformat(timespec="seconds")) as ledger:
        chosen = chosen if workspace.plan_file else with_kept_plan(chosen, ledger)
        edition = edition_of(ledger, chosen.period)
        earlier = issued_before(chosen, ledger, edition)
        shown = replace(edition, replayed=True)
        _, data = workbook_of(chosen, kept_of(chosen, ledger), shown, earlier)
    name = f"tong-hop-{chosen.period}-luc-{chosen.now:%Y%m%d-%H%M%S}.xlsx"
    path = workspace.outbox(chosen.period) / name
    write_atomically(path, data)
    return path
