"""How each kind of step is carried out, by the action that the plan names."""

from collections.abc import Callable, Mapping

from pipeline.base.post import Kind
from pipeline.core.steps import DatedStep
from pipeline.run.workspace import Tell, Workspace

# Carries out a step; what stands in its way is an exception.
Act = Callable[[Workspace, DatedStep, Tell], None]


def _templates(workspace: Workspace, dated: DatedStep, tell: Tell) -> None:
    from pipeline.run.templates import issue_templates

    issue_templates(workspace, dated.period, tell)


def _run(workspace: Workspace, dated: DatedStep, tell: Tell) -> None:
    from pipeline.run.month import run_month

    run_month(workspace, dated.period, tell)


def _letters(*kinds: Kind) -> Act:
    """Write the letters of some kinds; the officer, or `mail send --send`, hands them on."""

    def write(workspace: Workspace, dated: DatedStep, tell: Tell) -> None:
        from pipeline.run.mail_send import SendOrder, send_mail

        send_mail(workspace, dated.period, SendOrder(kinds=frozenset(kinds)), tell)

    return write


ACTS: Mapping[str, Act] = {
    "templates": _templates,
    "run": _run,
    "final_run": _run,
    "remind": _letters("reminder"),
    "remind_late": _letters("overdue"),
    "escalate": _letters("escalation"),
}
