"""Who has sent for a period, without pandas: the same register as the sheet `Tình trạng nộp`."""

from pipeline.base.period import Period
from pipeline.base.record import Submission
from pipeline.core.calendar import days_of
from pipeline.core.register import register
from pipeline.edges.store.ledger import Ledger
from pipeline.run.labels import labels
from pipeline.run.results import Status
from pipeline.run.workspace import Setting, Workspace, setting


def read_status(workspace: Workspace, period: Period | None) -> Status:
    """The status of `period`, by default the latest closed one."""
    chosen = setting(workspace, period)
    submissions: list[Submission] = []
    if Ledger.exists(workspace.ledger):
        with Ledger(workspace.ledger) as ledger:
            submissions = ledger.submissions(str(chosen.period))
    return status_of(chosen, submissions)


def status_of(chosen: Setting, submissions: list[Submission]) -> Status:
    """The status of the setting's period from the submissions of the ledger."""
    days = days_of(chosen.plan.calendar, chosen.period)
    return Status(
        period=chosen.period,
        deadline=f"{days.submit_before:%d/%m/%Y}",
        lines=register(chosen.plan, chosen.period, submissions, chosen.now),
        labels=labels(),
    )
