"""How each row of a unit's form stands: clean, warned, waiting for a confirmation, held back, or absent."""

from typing import Literal

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import KeptFinding, Submission
from pipeline.core.calendar import is_owed
from pipeline.core.claims import unconfirmed
from pipeline.spec.plan import Plan

Mark = Literal["clean", "warned", "pending", "held", "absent"]
Order = tuple[str, str, str]
Row = tuple[str, str]
"""Unit and indicator."""


def held_rows(
    submissions: tuple[Submission, ...], findings: tuple[KeptFinding, ...], facts: pd.DataFrame
) -> dict[Row, list[str]]:
    """Codes of the errors that held a row back, where no accepted row of the period stands instead.

    `facts` are the current rows of the period, as by `merge.latest`.
    """
    units = {s.sha256: s.unit for s in submissions}
    present = set(zip(facts["unit"], facts["indicator"], strict=True))
    held: dict[Row, list[str]] = {}
    for finding in findings:
        row = units[finding.sha256], finding.row_code
        if finding.severity == "error" and finding.row_code and row not in present:
            held.setdefault(row, []).append(finding.code)
    return held


def mended_findings(
    plan: Plan,
    submissions: tuple[Submission, ...],
    findings: tuple[KeptFinding, ...],
    facts: pd.DataFrame,
) -> set[tuple[str, int]]:
    """The findings, by sha256 and number, that a later file of the unit has made good.

    About an indicator: the row that counts now (`facts`, as by `merge.latest`) comes from a later file.
    About anything else: a later file of the unit for the period reports something.
    """
    files = {s.sha256: s for s in submissions}
    answers: dict[tuple[str, str, str], Order] = {
        (str(period), str(unit), str(code)): files[str(sha256)].order
        for period, unit, code, sha256 in zip(
            facts["period"], facts["unit"], facts["indicator"], facts["sha256"], strict=True
        )
    }
    for file in sorted(submissions, key=lambda s: s.order):
        if file.outcome in ("valid", "warned", "partial"):
            answers[file.period, file.unit, ""] = file.order
    mended = set()
    for finding in findings:
        file = files[finding.sha256]
        row = finding.row_code if finding.row_code in plan.indicator_by_code else ""
        if answers.get((file.period, file.unit, row), file.order) > file.order:
            mended.add((finding.sha256, finding.number))
    return mended


def row_marks(
    plan: Plan,
    period: Period,
    submissions: tuple[Submission, ...],
    findings: tuple[KeptFinding, ...],
    facts: pd.DataFrame,
) -> dict[str, dict[str, Mark]]:
    """The marks of the indicator rows that each expected unit owes, or gave a figure for all the same,
    by unit and code.

    Warnings are those of the file whose row counts. "Chưa có số liệu" is absent like a blank, and
    "không phát sinh" waits until it is confirmed: a word must not raise a score.
    """
    waiting = facts[unconfirmed(facts, plan)]
    waits = set(zip(waiting["unit"], waiting["indicator"], strict=True))
    held = held_rows(submissions, findings, facts)
    # An error stands beside a row that counts where the officer accepted it.
    warned = {(f.sha256, f.row_code) for f in findings if f.severity in ("warning", "error")}
    answers = {
        (str(unit), str(code)): (str(state), str(sha256))
        for unit, code, state, sha256 in zip(
            facts["unit"], facts["indicator"], facts["state"], facts["sha256"], strict=True
        )
    }

    def mark(row: Row) -> Mark:
        state, sha256 = answers.get(row, ("missing", ""))
        if state in ("missing", "no_data"):
            return "held" if row in held else "absent"
        if row in waits:
            return "pending"
        return "warned" if (sha256, row[1]) in warned else "clean"

    return {
        unit.id: {
            i.code: mark((unit.id, i.code))
            for i in plan.indicators_of(unit.id)
            if is_owed(plan, i, period) or answers.get((unit.id, i.code), ("",))[0] == "reported"
        }
        for unit in plan.expected_units
    }
