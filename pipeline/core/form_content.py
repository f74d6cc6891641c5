"""What stands in the locked cells of one unit's form for one period."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pipeline.base.period import Period
from pipeline.base.sheet import Workbook, number_text
from pipeline.core.calendar import days_of, is_open, is_owed, next_deadline
from pipeline.core.read_form import read_form
from pipeline.spec.form import FormContent, FormRow
from pipeline.spec.plan import Indicator, Plan, Task
from pipeline.spec.roster import Unit
from pipeline.spec.template import Table, TableKey, Template


def form_content(
    plan: Plan,
    template: Template,
    unit: Unit,
    period: Period,
    previous: Mapping[str, float],
) -> FormContent:
    """The form of `unit` for `period`; `previous` maps indicator codes to last accepted values."""
    rows: dict[TableKey, tuple[FormRow, ...]] = {
        "indicators": tuple(
            _indicator_row(plan, template, i, period, previous.get(i.code))
            for i in plan.indicators_of(unit.id)
        ),
        "tasks": _task_rows(plan, template, unit),
        "narratives": tuple(
            FormRow(
                "narratives",
                s.code,
                {"code": s.code, "section": s.label, "help": s.help},
                frozenset({"text"}),
                {},
            )
            for s in template.sections
        ),
    }
    identity = _identity(plan, template, unit, period, rows)
    deadline = deadline_text(days_of(plan.calendar, period).submit_before, template)
    return FormContent(unit, period, identity, _head(plan, template, unit, period, deadline), rows)


def sent_back(content: FormContent, plan: Plan, template: Template, day: date) -> FormContent:
    """The form as it goes back on `day` to be mended, with the deadline that can still be met."""
    deadline = deadline_text(next_deadline(plan.calendar, content.period, day), template)
    return replace(content, head=_head(plan, template, content.unit, content.period, deadline))


def deadline_text(day: date | None, template: Template) -> str:
    """A deadline in words; None for one that has passed."""
    words = template.words
    return words.before.format(day=f"{day:%d/%m/%Y}") if day else words.overdue


def checksum(rows: Mapping[TableKey, tuple[FormRow, ...]]) -> str:
    """A fingerprint of all locked texts, kept on the hidden sheet."""
    content = [[table, row.code, sorted(row.locked.items())] for table, part in rows.items() for row in part]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def with_issued_texts(content: FormContent, issued: Workbook, template: Template) -> FormContent:
    """The form with the locked texts of the sealed one that was `issued`, to compare a return with."""
    texts: dict[tuple[TableKey, str], dict[str, str]] = {
        (row.issued.table, row.issued.code): {
            key: row.cells[key].text if key in row.cells else "" for key in row.issued.locked
        }
        for row in read_form(issued, template, content).rows
    }
    rows = {
        table: tuple(replace(row, as_issued=texts.get((table, row.code))) for row in part)
        for table, part in content.rows.items()
    }
    return replace(content, rows=rows)


def value_text(indicator: Indicator, template: Template, value: float | None) -> str:
    """A result as people write it: `57,32%` without the sign, `1`, `0,82`, `Có`."""
    if value is None or value != value:
        return template.words.no_value
    if indicator.entry == "yes_no":
        return next(c.label for c in template.types["yes_no"].choices if c.number == value)
    decimals = {"ratio": 2, "share": 2, "index": 4, "count": 0}[indicator.entry]
    return number_text(round(value, decimals), decimals)


def _indicator_row(
    plan: Plan, template: Template, indicator: Indicator, period: Period, previous: float | None
) -> FormRow:
    name = indicator.name
    lead = plan.unit_by_id[indicator.lead]
    if lead.entered_by:
        name = f"{name} (số liệu của {lead.name})"
    columns = frozenset(template.entries[indicator.entry].types) | {"state", "evidence", "explanation"}
    if not is_open(indicator, period):
        months = ", ".join(map(str, sorted(indicator.due_months)))
        name, columns = f"{name} ({template.words.not_due.format(months=months)})", frozenset[str]()
    return FormRow(
        table="indicators",
        code=indicator.code,
        locked={
            "code": indicator.code,
            "name": name,
            "measure": indicator.measure,
            "target": indicator.target.shown,
            "numerator_label": indicator.numerator_label,
            "denominator_label": indicator.denominator_label,
        },
        open=columns,
        attributes={
            "entry": indicator.entry,
            "basis": indicator.basis,
            "combine": indicator.combine,
            "target_kind": indicator.target.kind,
            "owed": "yes" if is_owed(plan, indicator, period) else "no",
        },
        entry=indicator.entry,
        previous=previous,
    )


def _task_rows(plan: Plan, template: Template, unit: Unit) -> tuple[FormRow, ...]:
    table = template.table("tasks")
    columns = frozenset(c.key for c in table.entry_columns)
    planned = tuple(_task_row(template, task, columns) for task in plan.tasks_of(unit.id))
    own = tuple(
        FormRow("tasks", code, {"code": code}, columns, {"origin": "own", "assigned": "yes"})
        for code in own_codes(table)
    )
    return planned + own


def own_codes(table: Table) -> tuple[str, ...]:
    """Codes of the blank rows at the end of the task table."""
    return tuple(f"{table.own_prefix}{n}" for n in range(1, table.own_rows + 1))


def _task_row(template: Template, task: Task, columns: frozenset[str]) -> FormRow:
    known = {
        key: text
        for key in ("person", "time", "responsibility", "product", "authority")
        if (text := getattr(task, key))
    }
    if not task.lead:
        known.setdefault("responsibility", template.words.unassigned)
    return FormRow(
        table="tasks",
        code=task.code,
        locked={"code": task.code, "work": task.work},
        open=columns - {"work"},
        attributes={"origin": "plan", "assigned": "yes" if task.lead else "no"},
        prefilled=known,
    )


def _identity(
    plan: Plan,
    template: Template,
    unit: Unit,
    period: Period,
    rows: Mapping[TableKey, tuple[FormRow, ...]],
) -> tuple[tuple[str, str], ...]:
    names = template.identity
    return (
        (names.kind, str(template.version)),
        (names.plan, plan.id),
        (names.unit, unit.id),
        (names.period, str(period)),
        (names.version, str(template.version)),
        (names.checksum, checksum(rows)),
    )


def _head(
    plan: Plan, template: Template, unit: Unit, period: Period, deadline: str
) -> tuple[tuple[str, str], ...]:
    days = days_of(plan.calendar, period)
    names, words = template.identity, template.words
    return (
        (words.unit, unit.name),
        (names.visible_unit, unit.id),
        (names.visible_period, period.short),
        (words.closing, f"từ {days.first:%d/%m/%Y} đến {days.closing:%d/%m/%Y}"),
        (words.deadline, deadline),
    )
