"""Who has sent for a period, without pandas: the same register as the sheet `Tình trạng nộp`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.base.period import Period
from pipeline.base.record import Submission
from pipeline.core.calendar import days_of
from pipeline.core.decisions import in_force
from pipeline.core.register import RegisterLine, register
from pipeline.edges.store.ledger import Ledger
from pipeline.run.desk import opened_ledger
from pipeline.run.labels import labels
from pipeline.run.workspace import Outline, Workspace, outline


@dataclass(frozen=True, slots=True)
class Status:
    """Who has sent for a period; `labels` says each key of a line in the user's language, `waiting` names
    files that wait for the officer's word."""

    period: Period
    deadline: str
    lines: tuple[RegisterLine, ...]
    labels: Mapping[str, str]
    waiting: tuple[str, ...] = ()


def read_status(workspace: Workspace, period: Period | None) -> Status:
    """The status of `period`, by default the latest closed one."""
    chosen = outline(workspace, period)
    with opened_ledger(workspace) as ledger:
        return status_of(chosen, ledger)


def status_of(chosen: Outline, ledger: Ledger) -> Status:
    """The status of the period that was chosen."""
    period = str(chosen.period)
    extensions = in_force(ledger.decisions()).extensions(period)
    days = days_of(chosen.plan.calendar, chosen.period)
    submissions = ledger.submissions(period)
    findings = ledger.findings([s.sha256 for s in submissions])
    return Status(
        period=chosen.period,
        deadline=f"{days.submit_before:%d/%m/%Y}",
        lines=register(
            chosen.plan,
            chosen.period,
            submissions,
            chosen.now,
            extensions,
            findings,
            ledger.answers(period),
        ),
        labels=labels(),
        waiting=waiting(submissions),
    )


def waiting(submissions: Sequence[Submission]) -> tuple[str, ...]:
    """Files for a period that was issued, about which the officer has not decided yet."""
    return tuple(s.name for s in submissions if s.outcome == "pending")
