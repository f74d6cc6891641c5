"""The table of tasks: the plan's own, as last reported, and what units added."""

from pipeline.base.record import TaskReport
from pipeline.core.moments import day_text
from pipeline.core.month import Month
from pipeline.spec.plan import Plan, Task
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording

_SIX = ("person", "time", "responsibility", "product", "authority")
_SLOW = ("overdue", "slow")


def task_rows(month: Month, plan: Plan, template: Template, wording: Wording) -> list[dict[str, object]]:
    """One row a task: the plan's in their order, each with its latest report, then the units' own."""
    states = {choice.key: choice.label for choice in template.types["task_state"].choices}
    order = {s.sha256: s.order for s in month.kept.submissions}
    reports: dict[tuple[str, str], TaskReport] = {}
    for report in sorted(month.kept.tasks, key=lambda t: order[t.sha256]):
        reports[report.unit, report.code] = report
    planned = {task.code for task in plan.tasks}
    rows = [
        _planned(task, reports.get((task.lead or plan.coordinator, task.code)), plan, states, wording)
        for task in plan.tasks
    ]
    places = {unit.id: place for place, unit in enumerate(plan.units)}
    own = sorted(
        (r for r in reports.values() if r.code not in planned), key=lambda r: (places[r.unit], r.code)
    )
    return rows + [_own(report, plan, states) for report in own]


def slow_states(template: Template) -> frozenset[str]:
    """The states, as they stand in the table, of tasks that are overdue or behind."""
    return frozenset(c.label for c in template.types["task_state"].choices if c.key in _SLOW)


def _planned(
    task: Task, report: TaskReport | None, plan: Plan, states: dict[str, str], wording: Wording
) -> dict[str, object]:
    sections = {section.code: section.name for section in plan.sections}
    six = {key: (getattr(report, key) if report else "") or getattr(task, key) for key in _SIX}
    unassigned = not task.lead and not six["responsibility"]
    unit = plan.unit_by_id[task.lead].short_name if task.lead else ""
    return {
        "code": task.code,
        "section": sections[task.section],
        "work": task.work,
        "unit": wording.say("unassigned") if unassigned else unit or six["responsibility"],
        **six,
        **_progress(report, states),
    }


def _own(report: TaskReport, plan: Plan, states: dict[str, str]) -> dict[str, object]:
    return {
        "code": report.code,
        "section": "",
        "work": report.work,
        "unit": plan.unit_by_id[report.unit].short_name,
        **{key: getattr(report, key) for key in _SIX},
        **_progress(report, states),
    }


def _progress(report: TaskReport | None, states: dict[str, str]) -> dict[str, object]:
    if report is None:
        return {"state": "", "progress": None, "date_done": "", "document": ""}
    return {
        "state": states.get(report.state, ""),
        "progress": report.progress,
        "date_done": day_text(report.date_done),
        "document": report.document,
    }
