"""Whose form is this, and for which month: by the hidden sheet, else by the visible cells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.base.finding import Finding
from pipeline.base.period import Period
from pipeline.base.sheet import Cell, Sheet, Workbook
from pipeline.base.text import clean, fold
from pipeline.core.legacy_text import in_unicode
from pipeline.spec.plan import Plan
from pipeline.spec.roster import Unit
from pipeline.spec.template import Identity, Template

Templates = Mapping[int, Template]
"""Every form that can be read, by version."""

PlanOf = Callable[[Period | None], Plan]
"""The plan that a period is judged by; of no period, the one in use."""

_REACH = 8  # how many columns to the right of a label its value may stand


@dataclass(frozen=True, slots=True)
class Claim:
    """What a form says it is; `unit` and `period` as written."""

    unit: str
    period: str
    plan: str = ""
    version: str = ""
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """The outcome: unit and period when known, and what has to be said. An error refuses the file.

    `template` is that of the form, `checksum` what its hidden sheet says of its locked texts.
    """

    unit: Unit | None
    period: Period | None
    findings: tuple[Finding, ...]
    template: Template
    checksum: str = ""


def identify(workbook: Workbook, templates: Templates, plan_of: PlanOf, latest: Period) -> Identified:
    """Identify a form; `latest` is the last period that may be reported at this moment."""
    template = newest(templates)
    workbook = in_unicode(workbook, template).workbook
    hidden = _hidden_claim(workbook, template.identity)
    visible = _visible_claims(workbook, template.identity)
    if hidden is None and not visible:
        return Identified(None, None, (Finding("F06"),), template)
    claim = hidden or visible[0]
    period = _period(claim.period)
    plan = plan_of(period)
    findings = _contradictions(claim, visible, plan)
    if hidden is None:
        findings.append(Finding("F10"))
    else:
        findings += _check_origin(hidden, templates, plan)
    unit = plan.unit_named(claim.unit)
    if unit is None:
        findings.append(Finding("F07", found=claim.unit, values={"known": ", ".join(plan.unit_by_id)}))
    elif not (plan.indicators_of(unit.id) or plan.tasks_of(unit.id) or unit.expected):
        findings.append(Finding("F17", found=unit.name))
    if period is None or period.year != plan.year or period > latest:
        findings.append(Finding("F08", found=_shown(claim.period), values={"year": str(plan.year)}))
        period = None
    return Identified(unit, period, tuple(findings), _template(claim, templates), claim.checksum)


def assigned(workbook: Workbook, templates: Templates, unit: Unit, period: Period) -> Identified:
    """A form of which the officer said whose it is: nothing that it says of itself is asked."""
    claim = _hidden_claim(workbook, newest(templates).identity) or Claim("", "")
    said = Finding("F22", found=f"{unit.name}, {period.label}")
    return Identified(unit, period, (said,), _template(claim, templates), claim.checksum)


def newest(templates: Templates) -> Template:
    """The form that is issued."""
    return templates[max(templates)]


def _hidden_claim(workbook: Workbook, identity: Identity) -> Claim | None:
    for sheet in workbook.sheets:
        first = sheet.cells.get((1, 1))
        if first is None or first.text.strip() != identity.kind:
            continue
        values = {c.text.strip(): _right_of(sheet, c) for c in sheet.cells.values() if c.column == 1}
        return Claim(
            unit=values.get(identity.unit, ""),
            period=values.get(identity.period, ""),
            plan=values.get(identity.plan, ""),
            version=values.get(identity.version, ""),
            checksum=values.get(identity.checksum, ""),
        )
    return None


def _visible_claims(workbook: Workbook, identity: Identity) -> list[Claim]:
    """One claim for each sheet that shows both cells; equal ones once."""
    claims: dict[Claim, None] = {}
    for sheet in workbook.sheets:
        unit = _labelled(sheet, identity.visible_unit)
        period = _labelled(sheet, identity.visible_period)
        if unit and period:
            claims[Claim(unit, period)] = None
    return list(claims)


def _labelled(sheet: Sheet, label: str) -> str:
    wanted = fold(label)
    for cell in sheet.cells.values():
        if isinstance(cell.value, str) and fold(cell.value).rstrip(" :") == wanted:
            return _right_of(sheet, cell)
    return ""


def _right_of(sheet: Sheet, cell: Cell) -> str:
    for column in range(cell.column + 1, cell.column + 1 + _REACH):
        neighbour = sheet.cells.get((cell.row, column))
        if neighbour is not None and neighbour.text.strip():
            return clean(neighbour.text)
    return ""


def _contradictions(claim: Claim, visible: list[Claim], plan: Plan) -> list[Finding]:
    ours = (plan.unit_named(claim.unit), _period(claim.period))
    for other in visible:
        theirs = (plan.unit_named(other.unit), _period(other.period))
        if theirs != ours:
            words = {
                "hidden": f"{claim.unit}, kỳ {_shown(claim.period)}",
                "visible": f"{other.unit}, kỳ {_shown(other.period)}",
            }
            return [Finding("F11", values=words)]
    return []


def _check_origin(claim: Claim, templates: Templates, plan: Plan) -> list[Finding]:
    findings = []
    if claim.plan != plan.id:
        findings.append(Finding("F13", found=claim.plan, values={"known": plan.id}))
    in_use = str(newest(templates).version)
    if claim.version != in_use:
        code = "F19" if claim.version in map(str, templates) else "F09"
        findings.append(Finding(code, found=claim.version, values={"known": in_use}))
    return findings


def _template(claim: Claim, templates: Templates) -> Template:
    """The template of the version that a form says it has, if it can be read; else the newest."""
    return next((t for v, t in templates.items() if str(v) == claim.version), newest(templates))


def _period(text: str) -> Period | None:
    try:
        return Period.read(text)
    except ValueError:
        return None


def _shown(text: str) -> str:
    """A period as people write it, where it is one."""
    period = _period(text)
    return period.short if period else text
