"""What is late: indicators that are behind, tasks that are slow, units that have not sent."""

import pandas as pd

from pipeline.core.page.indicators import spark_of
from pipeline.core.page.sources import Sources, bar, parted
from pipeline.core.remarks import distance_text
from pipeline.core.rows import Row, rows_of
from pipeline.core.tasks import slow_states
from pipeline.spec.page import Late, Units

_UNUSABLE = ("rejected", "empty", "pending")


def late(src: Sources) -> tuple[tuple[Late, ...], str]:
    """The indicators that are behind, in the order of the workbook's overview, and what was left out."""
    rows = {row["code"]: row for row in src.indicators}
    codes, _ = parted([code for code, _ in src.overview.attention], src.words.limits.late)
    left = src.overview.verdict_counts.get("behind", 0) - len(codes)
    return tuple(_late(src, rows[code]) for code in codes), src.more("more_late", left, "indicators")


def tasks(src: Sources) -> tuple[tuple[str, ...], str]:
    """The tasks that are overdue or behind, and what was left out."""
    frame = src.pages.frames["tasks"]
    rows, left = parted(
        rows_of(frame[frame["state"].isin(slow_states(src.book.template))]), src.words.limits.tasks
    )
    return tuple(_task(src, row) for row in rows), src.more("more_tasks", left, "tasks")


def submission(src: Sources) -> str:
    """How many units have sent something usable, and how many in time."""
    overview = src.overview
    if not overview.units_expected:
        return src.looks.overview.none_expected
    return src.words.say(
        "submission",
        reported=overview.units_reported,
        expected=overview.units_expected,
        on_time=overview.units_on_time,
    )


def units(src: Sources) -> tuple[Units, ...]:
    """Those that have not sent, are waited for, were late, or sent nothing usable; a line for each."""
    frame = src.pages.frames["register"]
    sent = frame["receipt"].eq("sent")
    parts = [("receipt", key, frame["receipt"].eq(key)) for key in ("not_sent", "waiting")]
    parts.append(("time", "late", sent & frame["time"].eq("late")))
    parts += [("outcome", key, sent & frame["outcome"].eq(key)) for key in _UNUSABLE]
    return tuple(_units(src, kind, key, frame[where]) for kind, key, where in parts if where.any())


def _late(src: Sources, row: Row) -> Late:
    indicator = src.book.plan.indicator_by_code[row["code"]]
    distance = ""
    if row["distance"] == row["distance"] and indicator.entry != "yes_no":
        distance = src.words.say("distance", distance=distance_text(indicator, row["distance"]))
    return Late(
        code=indicator.code,
        name=indicator.name,
        lead=row["lead"],
        result=src.result(indicator, row["result"]),
        target=row["target"],
        distance=distance,
        bar=bar(row["attainment"]),
        spark=spark_of(src, indicator),
    )


def _task(src: Sources, row: Row) -> str:
    return src.words.say(
        "slow_task",
        code=row["code"],
        work=src.said(row["work"]),
        unit=src.said(row["unit"]),
        state=row["state"].lower(),
    )


def _units(src: Sources, kind: str, key: str, rows: pd.DataFrame) -> Units:
    return Units(src.chip(kind, key), len(rows), src.names(rows["short_name"].tolist()))
