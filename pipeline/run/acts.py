"""How each kind of step is carried out, by the action that the plan names."""

from collections.abc import Callable, Mapping

from pipeline.core.letters import DATED
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


def _write_letters(workspace: Workspace, dated: DatedStep, tell: Tell) -> None:
    """Write what is due by this step; what becomes of letters is not the step's to say."""
    from pipeline.run.mail_send import SendOrder, send_mail

    send_mail(workspace, dated.period, SendOrder(), tell)


ACTS: Mapping[str, Act] = {
    "templates": _templates,
    "run": _run,
    "final_run": _run,
    **dict.fromkeys(DATED, _write_letters),
}
