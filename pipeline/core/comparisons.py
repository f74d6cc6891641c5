"""What a unit is told where its figures and those of another unit do not agree: the two figures, no more."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.base.finding import Finding
from pipeline.core.month import Month
from pipeline.core.relations import Broken, told_units
from pipeline.spec.messages import Messages
from pipeline.spec.plan import Plan
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording

_SHORT = 8  # characters of the fingerprint in a name
_Told = Sequence[tuple[Broken, str]]
"""The relations that a unit hears of, each with the code of its own row."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The text to one unit. `about` is made of what it compares, so that nothing is said twice."""

    unit: str
    about: str
    text: str


def comparisons(
    month: Month,
    plan: Plan,
    template: Template,
    messages: Messages,
    wording: Wording,
    labels: Mapping[str, str],
    deadline: str,
) -> tuple[Comparison, ...]:
    """One text for each unit that a broken relation between units concerns, in the plan's order.

    `labels` put `severity.warning` into words; `deadline` is said as it stands in a sentence. The other unit
    is not named, nor is anything of its form beside the figure compared.
    """
    told: dict[str, list[tuple[Broken, str]]] = {}
    for fault in month.broken:
        for unit_id, code in told_units(fault, plan).items():
            told.setdefault(unit_id, []).append((fault, code))
    found = []
    for unit in (unit for unit in plan.units if unit.id in told):
        lines = _lines(told[unit.id], template, messages, wording, labels)
        about = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_SHORT]
        head = [
            wording.say("feedback_head", unit=unit.name),
            wording.say("comparison_intro", period=month.period.label),
        ]
        close = wording.say("comparison_close", deadline=deadline)
        found.append(Comparison(unit.id, about, "\n".join([*head, "", *lines, "", close, ""])))
    return tuple(found)


def _lines(
    told: _Told, template: Template, messages: Messages, wording: Wording, labels: Mapping[str, str]
) -> list[str]:
    sheet, lines = template.table("indicators").sheet, []
    for number, (fault, code) in enumerate(told, 1):
        said = messages.say(Finding(fault.code, row_code=code, values=fault.words))
        lines.append(
            wording.say(
                "comparison_line",
                number=number,
                kind=labels[f"severity.{said.severity.value}"],
                where=wording.say("feedback_row_only", sheet=sheet, rows=code, column=""),
                title=said.title,
                found=said.found,
            )
        )
    return lines
