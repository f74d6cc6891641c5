"""Who has sent for a period, without pandas: the same register as the sheet `Tình trạng nộp`."""

from pipeline.base.period import Period
from pipeline.core.calendar import days_of
from pipeline.core.register import register
from pipeline.edges.store.ledger import Ledger
from pipeline.run.labels import labels
from pipeline.run.results import Status
from pipeline.run.workspace import Setting, Workspace, setting


def read_status(workspace: Workspace, period: Period | None) -> Status:
    """The status of `period`, by default the latest closed one."""
    chosen = setting(workspace, period)
    if not Ledger.exists(workspace.ledger):
        return status_of(chosen, None)
    with Ledger(workspace.ledger) as ledger:
        return status_of(chosen, ledger)


def status_of(chosen: Setting, ledger: Ledger | None) -> Status:
    """The status of the setting's period; without a ledger nothing has come yet."""
    days = days_of(chosen.plan.calendar, chosen.period)
    submissions = ledger.submissions(str(chosen.period)) if ledger else []
    findings = ledger.findings([s.sha256 for s in submissions]) if ledger else []
    return Status(
        period=chosen.period,
        deadline=f"{days.submit_before:%d/%m/%Y}",
        lines=register(chosen.plan, chosen.period, submissions, chosen.now, findings),
        labels=labels(),
    )
