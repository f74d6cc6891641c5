"""Relations between indicators that the plan states: which of them do figures break?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.finding import Finding
from pipeline.base.sheet import number_text
from pipeline.core.decisions import InForce
from pipeline.core.facts import Line, number
from pipeline.core.series import Past
from pipeline.spec.doubts import Relation
from pipeline.spec.plan import Plan

FigureOf = Callable[[str, str], float | None]
"""The figure of an indicator code and a part, None where there is none."""

DOUBTED, WRONG, ONE_SIDED = "X01", "X02", "X03"
_FIGURES = ["numerator", "denominator", "value"]
_DECIMALS = 4
_SLACK = 1e-9  # of floating point


@dataclass(frozen=True, slots=True)
class Broken:
    """A relation that does not hold; a side without a figure is None. `parts` are words for parts."""

    relation: Relation
    left: float | None
    right: float | None
    parts: Mapping[str, str]

    @property
    def code(self) -> str:
        """The code of its finding."""
        if self.left is None or self.right is None:
            return ONE_SIDED
        return WRONG if self.relation.severity == "error" else DOUBTED

    @property
    def words(self) -> dict[str, str]:
        """The words of its message."""
        relation = self.relation
        return {
            "relation": relation.text,
            "left": f"{self._named(relation.sides[0])} {_said(self.left)}",
            "right": f"{self._named(relation.sides[1])} {_said(self.right)}",
        }

    def _named(self, side: tuple[str, str]) -> str:
        code, part = side
        return f"{code} ({self.parts[part]})"


def broken(relations: Sequence[Relation], figure_of: FigureOf, parts: Mapping[str, str]) -> Iterator[Broken]:
    """The relations that figures break, or that cannot be judged though the plan asks for it."""
    for relation in relations:
        (left_code, left_part), (right_code, right_part) = relation.sides
        left, right = figure_of(left_code, left_part), figure_of(right_code, right_part)
        if left is not None and right is not None:
            if not _holds(relation, left, right):
                yield Broken(relation, left, right, parts)
        elif relation.if_missing == "ask" and (left is None) != (right is None):
            yield Broken(relation, left, right, parts)


def form_findings(lines: Sequence[Line], unit: str, sha256: str, past: Past) -> list[tuple[Finding, str]]:
    """What a form breaks, with the code of the row that an error holds back ("" for a warning).

    `lines` are the indicator rows of the form. A row that does not count is looked up in what the unit
    sent before for the same period: relations are judged on the merged state.
    """
    own = {str(line["code"]): line for line in lines}
    standing = past.standing.get(unit, ())
    before = {str(row["indicator"]): row for row in standing if row["sha256"] != sha256}

    def figure_of(code: str, part: str) -> float | None:
        line = own.get(code)
        if line is not None and line["touched"] and not line["held"]:
            return number(line["figure" if part == "value" else part])
        return number(before[code][part]) if code in before else None

    inside = [r for r in past.doubts.relations if all(code in own for code, _ in r.sides)]
    return [
        (_finding(fault, own), fault.relation.sides[0][0] if fault.code == WRONG else "")
        for fault in broken(inside, figure_of, past.doubts.parts)
        if fault.code == WRONG or not _is_answered(fault, own)
    ]


def month_findings(
    indicators: pd.DataFrame, facts: pd.DataFrame, plan: Plan, period: str, decisions: InForce
) -> list[Broken]:
    """What the month breaks between indicators of different units, and is neither explained nor waived.

    `indicators` are the figures of the month, `facts` the current rows of the year up to it.
    """
    rows = {str(row["indicator"]): row for row in indicators.to_dict(orient="records")}
    across = [r for r in plan.doubts.relations if not _on_one_form(r, plan)]
    return [
        fault
        for fault in broken(across, lambda code, part: number(rows[code][part]), plan.doubts.parts)
        if not _is_waived(fault.relation, plan, period, decisions)
        and (fault.code == WRONG or not _is_explained(fault.relation, plan, facts, period))
    ]


def told_units(fault: Broken, plan: Plan) -> Mapping[str, str]:
    """Whom a relation between units concerns: for each unit the code of its row. A unit that owes the missing
    figure is asked for it, the other one has nothing to mend."""
    figures = zip(fault.relation.sides, (fault.left, fault.right), strict=True)
    asked = [code for (code, _), figure in figures if fault.code != ONE_SIDED or figure is None]
    return {_unit_of(code, plan): code for code in asked}


def _unit_of(code: str, plan: Plan) -> str:
    """The unit that types the figure of the lead."""
    return plan.reporters(plan.indicator_by_code[code])[0]


def _is_waived(relation: Relation, plan: Plan, period: str, decisions: InForce) -> bool:
    units = {code: _unit_of(code, plan) for code, _ in relation.sides}
    return any(decisions.spared("", unit, period).waives(relation.id, code) for code, unit in units.items())


def _is_explained(relation: Relation, plan: Plan, facts: pd.DataFrame, period: str) -> bool:
    """Whether the unit of one side explains its row, now or for these figures before."""
    for code, _ in relation.sides:
        own = facts[facts["unit"].eq(_unit_of(code, plan)) & facts["indicator"].eq(code)]
        explained = own.loc[own["explanation"].ne(""), _FIGURES]
        if not own[own["period"].eq(period)].merge(explained, on=_FIGURES).empty:
            return True
    return False


def _on_one_form(relation: Relation, plan: Plan) -> bool:
    codes = {code for code, _ in relation.sides}
    return any(codes <= {i.code for i in plan.indicators_of(unit.id)} for unit in plan.units)


def _holds(relation: Relation, left: float, right: float) -> bool:
    room = relation.tolerance * abs(right) + _SLACK * max(abs(left), abs(right), 1)
    match relation.sign:
        case "<=":
            return left <= right + room
        case ">=":
            return left >= right - room
        case "==":
            return abs(left - right) <= room


def _is_answered(fault: Broken, own: Mapping[str, Line]) -> bool:
    """Whether the unit explains one of the two rows, now or for these figures before."""
    rows = [own[code] for code, _ in fault.relation.sides]
    return any(row["explanation_text"] or row["remembered"] for row in rows)


def _finding(fault: Broken, own: Mapping[str, Line]) -> Finding:
    line = own[fault.relation.sides[0][0]]
    places = [(own[code], part) for code, part in fault.relation.sides]
    cells = [str(row[f"{'result' if part == 'value' else part}_cell"]) for row, part in places]
    return Finding(
        code=fault.code,
        sheet=str(line["sheet"]),
        cells=tuple(cell for cell in cells if cell),
        row_code=str(line["code"]),
        label=fault.relation.id,
        values=fault.words,
    )


def _said(figure: float | None) -> str:
    return "–" if figure is None else number_text(round(figure, _DECIMALS))
