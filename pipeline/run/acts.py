"""How each kind of step is carried out, by the action that the plan names."""

from collections.abc import Callable, Mapping

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


ACTS: Mapping[str, Act] = {"templates": _templates, "run": _run, "final_run": _run}
