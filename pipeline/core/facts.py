"""From checked rows to what is kept: figures, task reports and narratives with their source cells."""

import json
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any, cast

import pandas as pd

from pipeline.base.record import Fact, Narrative, State, TaskReport
from pipeline.spec.template import Table, Template

Line = Mapping[Hashable, Any]
_SIX = ("person", "time", "responsibility", "product", "authority")


def with_results(frame: pd.DataFrame, table: Table, template: Template) -> pd.DataFrame:
    """The frame, if of indicators with the result of each row by its kind: in `figure`, NaN if none, and in
    `result`.

    What a person typed stays in `result` as it was read; rules see it and a computed result alike.
    """
    if table.key != "indicators":
        return frame
    figure = pd.Series(float("nan"), index=frame.index)
    for entry, kind in template.entries.items():
        chosen = frame["entry"].eq(entry)
        if chosen.any():
            figure = figure.where(~chosen, kind.result_expression.number(frame))
    return frame.assign(figure=figure, result=frame["result"].where(frame["result"].notna(), figure))


def fact_of(line: Line, sha256: str, unit: str, period: str) -> Fact | None:
    """The fact in one accepted line of `with_results`, or None for a row that was left blank."""
    if not line["touched"]:
        return None
    direct = "result" if line["result_text"] else "rate"
    state = line["state"] or ("reported" if _has_figure(line) else None)
    if state is None:
        return None
    return Fact(
        sha256=sha256,
        unit=unit,
        period=period,
        indicator=str(line["code"]),
        state=cast(State, state),
        numerator=number(line["numerator"]),
        denominator=number(line["denominator"]),
        value=number(line["figure"]),
        sheet=str(line["sheet"]),
        numerator_cell=_cell(line, "numerator"),
        numerator_raw=line["numerator_text"],
        denominator_cell=_cell(line, "denominator"),
        denominator_raw=line["denominator_text"],
        value_cell=_cell(line, direct),
        value_raw=line[f"{direct}_text"],
        evidence=line["evidence"] or "",
        explanation=line["explanation"] or "",
    )


def task_of(line: Line, sha256: str, unit: str, period: str) -> TaskReport | None:
    """The report in one accepted task line, or None where the unit wrote nothing."""
    if not line["touched"]:
        return None
    done = line["date_done"]
    return TaskReport(
        sha256=sha256,
        unit=unit,
        period=period,
        code=str(line["code"]),
        work=line["work"] or line["locked"].get("work", ""),
        **{key: line[key] or "" for key in _SIX},
        state=line["state"] or "",
        progress=number(line["progress"]),
        date_done=done.isoformat() if isinstance(done, date) else "",
        document=line["document"] or "",
        sheet=str(line["sheet"]),
        cell=str(line["state_cell"]),
    )


def narrative_of(line: Line, sha256: str, unit: str, period: str) -> Narrative | None:
    """The text of one section, or None where it is blank."""
    if not line["text"]:
        return None
    return Narrative(
        sha256=sha256,
        unit=unit,
        period=period,
        section=str(line["code"]),
        text=str(line["text"]),
        sheet=str(line["sheet"]),
        cell=str(line["text_cell"]),
    )


def figures_of_line(line: Line) -> str:
    """The figures that a unit typed into a line of `with_results`, as one text to compare them by; "" for a
    line of another table."""
    if "figure" not in line:
        return ""
    state = line["state"] if isinstance(line["state"], str) else "reported"
    parts = [number(line[key]) for key in ("numerator", "denominator", "figure")]
    return _figures(state, *parts, raw=str(line["rate_text"]))


def figures_of_fact(fact: Fact) -> str:
    """As `figures_of_line`, of a row that was accepted."""
    return _figures(fact.state, fact.numerator, fact.denominator, fact.value, raw=fact.value_raw)


def _figures(state: str, *parts: float | None, raw: str) -> str:
    """A rate beside counts is no part of the result, so that it is compared as it was typed."""
    beside_counts = raw if parts[0] is not None else ""
    return json.dumps([state, *parts, beside_counts], ensure_ascii=False)


def number(value: object) -> float | None:
    """A float, or None for None and NaN (which pandas uses for None)."""
    return float(value) if isinstance(value, (int, float)) and value == value else None


def _has_figure(line: Line) -> bool:
    return any(line[f"{key}_text"] for key in ("numerator", "denominator", "rate", "result"))


def _cell(line: Line, key: str) -> str:
    return str(line[f"{key}_cell"]) if line[f"{key}_text"] else ""
