"""The officer's decisions as the workbook prints them: what was decided, why, and whether it holds."""

from collections.abc import Mapping
from datetime import date

from pipeline.base.period import Period
from pipeline.base.record import Decision, Submission
from pipeline.core.decisions import in_force
from pipeline.core.moments import moment_text
from pipeline.core.month import Month
from pipeline.spec.plan import Plan
from pipeline.spec.wording import Wording


def decision_rows(month: Month, plan: Plan, wording: Wording) -> list[dict[str, object]]:
    """One row for each decision that concerns the month or one of its files, by number."""
    files = {s.sha256: s for s in month.kept.submissions}
    every = {d.number: d for d in month.kept.decisions}
    holding = {d.number for d in in_force(month.kept.decisions).decisions}
    return [
        {
            "number": decision.number,
            "kind": decision.kind,
            "day": decision.decided_at[:10],
            "decided_at": moment_text(decision.decided_at),
            "what": _with_files(decision, month, decision_text(decision, files, plan, wording), wording),
            "reason": decision.reason,
            "standing": "in_force" if decision.number in holding else "revoked",
        }
        for decision in month.kept.decisions
        if _concerns(every.get(decision.revokes, decision), month, files)
    ]


def _concerns(decision: Decision, month: Month, files: Mapping[str, Submission]) -> bool:
    if decision.period:
        return decision.period == str(month.period)
    file = files.get(decision.sha256)
    return file is not None and file.period in ("", str(month.period))


def _with_files(decision: Decision, month: Month, said: str, wording: Wording) -> str:
    """The sentence of a decision, with the other files in which it lets a row in."""
    let_in = {f.sha256 for f in month.kept.findings if f.decision == decision.number}
    others = [f for f in month.kept.submissions if f.sha256 in let_in - {decision.sha256}]
    names = ", ".join(f"«{file.name}»" for file in sorted(others, key=lambda f: f.order))
    return wording.say("decision_also", said=said, files=names) if names else said


def decision_text(decision: Decision, files: Mapping[str, Submission], plan: Plan, wording: Wording) -> str:
    """What was decided, in one sentence."""
    file = files.get(decision.sha256)
    unit = plan.unit_by_id.get(decision.unit)
    words = {
        "file": file.name if file else decision.sha256[:12],
        "unit": unit.short_name if unit else decision.unit,
        "period": Period.parse(decision.period).label if decision.period else "",
        "row": decision.row_code,
        "rule": decision.rule,
        "until": f"{date.fromisoformat(decision.until):%d/%m/%Y}" if decision.until else "",
        "number": decision.revokes,
    }
    row = "_row" if decision.kind == "waive" and decision.row_code else ""
    return wording.say(f"decision_{decision.kind}{row}", **words)
