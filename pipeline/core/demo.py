"""What the demonstration's units type into their forms, and the plan that they are measured by."""

import json
import re
from datetime import date

from pipeline.spec.demo import Demo, Entries, Figure, SentFile, TaskNews, at, reporter
from pipeline.spec.plan import Confirmation, Plan
from pipeline.spec.template import TableKey, Template

_SIX = ("person", "time", "responsibility", "product", "authority")

_Content = str | float | date
_Cells = dict[str, _Content]


def entries_of(sent: SentFile, demo: Demo, plan: Plan, template: Template) -> Entries:
    """The cells of the form `sent`, slips included; a blank is left out."""
    month = demo.months.index(f"{sent.day:%Y-%m}")
    typed: dict[tuple[TableKey, str, str], _Content] = {}
    for figure in demo.figures:
        if reporter(figure, plan) == sent.unit:
            cells = _figure_cells(figure, month, demo.evidence[sent.unit], plan, template)
            typed |= {("indicators", figure.code, column): cell for column, cell in cells.items()}
    for task in demo.tasks:
        if task.unit == sent.unit:
            cells = _task_cells(task, month, demo.mark, template)
            typed |= {("tasks", task.code, column): cell for column, cell in cells.items()}
    for told in demo.narratives:
        if told.unit == sent.unit:
            typed["narratives", told.section, "text"] = f"{demo.mark} {at(told.texts, month)}"
    typed |= {(slip.table, slip.code, slip.column): slip.text for slip in sent.typed}
    return {key: cell for key, cell in typed.items() if cell != "" and key[1] not in sent.left_blank}


def plan_text(original: str, demo: Demo) -> str:
    """The text of the plan file with the demonstration's baselines and confirmations, and its mark in its
    titles."""
    text = _edited(original, r'^(short_title +)= "(.*)"\n', rf'\1= "\2 {demo.title_mark}"\n')
    text = _edited(text, r'^(subject +)= "([^"]*)"', rf'\1= "\2 {demo.title_mark}"')
    for code, baseline in demo.baselines.items():
        added = rf"\g<0>baseline          = {baseline}  # {demo.title_mark}\n"
        text = _edited(text, rf'^code += "{re.escape(code)}"\n', added)
    return text + "".join(map(_confirmation, demo.confirmations))


def _confirmation(said: Confirmation) -> str:
    """A table of the plan file; JSON's texts and lists are also those of TOML."""
    keys = {"unit": said.unit, "indicator": said.indicator, "periods": said.periods, "reason": said.reason}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
    return "\n".join(["", "[[confirmations]]", *lines, ""])


def _edited(text: str, line: str, replacement: str) -> str:
    """One line edited; a plan file that is laid out otherwise must not lose a baseline silently."""
    edited, count = re.subn(line, replacement, text, flags=re.MULTILINE)
    if count != 1:
        raise ValueError(f"{count} lines of the plan file match {line}")
    return edited


def _figure_cells(figure: Figure, month: int, evidence: str, plan: Plan, template: Template) -> _Cells:
    if month >= len(figure.results):
        label = template.types["state"].choice_label(figure.state)
        return {"state": label, "explanation": figure.explanation}
    result = figure.results[month]
    entry = plan.indicator_by_code[figure.code].entry
    of = at(figure.of, month)
    if of is not None:
        counts: _Cells = {"numerator": round(of * result / 100), "denominator": of, "evidence": evidence}
        return counts if of else {**counts, "explanation": figure.explanation}
    if entry == "yes_no":
        label = next(c.label for c in template.types["yes_no"].choices if c.number == result)
        return {"result": label, "evidence": evidence}
    return {"result": result, "evidence": evidence}


def _task_cells(task: TaskNews, month: int, mark: str, template: Template) -> _Cells:
    state, progress = at(task.states, month), at(task.progress, month)
    cells: _Cells = {key: getattr(task, key) for key in _SIX if getattr(task, key)}
    if task.work:
        cells["work"] = f"{mark} {task.work}"
    if state is not None:
        cells["state"] = template.types["task_state"].choice_label(state)
    if progress is not None:
        cells["progress"] = progress
    if progress == 100 and task.done is not None:
        cells |= {"date_done": task.done, "document": task.document}
    return cells
