"""Made-up pages of what is needed, what has turned, and of the units, for tests of the workbook."""

from collections.abc import Container, Hashable
from typing import Any

import pandas as pd

from tests.forms import PLAN

_STEPS = {"behind": "warning", "warning": "on_track", "on_track": "met"}
_CHANCES = ("Cao", "Khá", "Thấp", "Rất thấp")
_TURNS = ("worse", "lost", "better", "new", "other", "down", "up")
_LONG = "Theo số lũy kế đã có: dù 1 kỳ còn lại đạt 100% cũng chưa tới mục tiêu (khối lượng như các tháng qua)"


def next_frames(indicators: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The frames `outlook`, `turns` and `unit_months` that go with a frame of indicators."""
    rows = indicators.to_dict(orient="records")
    return {
        "outlook": pd.DataFrame([_outlook(row, n) for n, row in enumerate(rows)]),
        "turns": pd.DataFrame([_turn(row, n) for n, row in enumerate(rows[:21])]),
        "unit_months": pd.DataFrame(
            [_unit_month(name.short_name, month) for name in PLAN.expected_units for month in (10, 11)]
        ),
    }


def unit_frame(unsent: Container[str]) -> pd.DataFrame:
    """The frame `units`, with nothing from some."""
    return pd.DataFrame([_unit(number, unsent) for number in range(len(PLAN.units))])


def _outlook(row: dict[Hashable, Any], number: int) -> dict[str, Any]:
    known = row["result"] == row["result"] and row["result"] is not None and row["entry"] != "yes_no"
    step = _STEPS.get(row["verdict"], "")
    return {
        **{key: row[key] for key in ("group", "code", "name", "target", "result", "verdict", "distance")},
        "next_verdict": step if known else "",
        "next_distance": row["distance"] if known and step else None,
        "needed": row["distance"] if known else None,
        "pace": 1.5 if known else None,
        "projection": 95.0 if known else None,
        "projection_low": 88.6 if known else None,
        "projection_high": 100.0 if known else None,
        "periods": 4 if known else None,
        "projection_text": "khoảng 88,6–100,0%" if known else "",
        "chance": _CHANCES[number % len(_CHANCES)] if known else "",
        "remark": _LONG if known else "Tháng này chưa có số được tính điểm nên không dự báo",
    }


def _turn(row: dict[Hashable, Any], number: int) -> dict[str, Any]:
    return {
        "compared": "Tháng trước" if number < 14 else "Bản đã phát hành của tháng này",
        "turn": _TURNS[number % len(_TURNS)],
        **{key: row[key] for key in ("code", "name", "lead", "verdict", "result", "change", "entry")},
        "verdict_before": "missing" if number % 3 else "warning",
        "result_before": row["previous"],
        "points_change": -12.5 if number % 2 else 3.0,
    }


def _unit_month(name: str, month: int) -> dict[str, Any]:
    scores = {"quality": 87.5, "timeliness": 50.0, "results": 71.5, "total": 76.4}
    return {
        "name": name,
        "period": f"{month}/2026",
        "time": "late" if month == 10 else "on_time",
        **{"rows": 23, "clean": 20, "warned": 1, "faulty": 2},
        **scores,
        "quality_change": None if month == 10 else -12.5,
        "rank": "2–3",
    }


def _unit(number: int, unsent: Container[str]) -> dict[str, Any]:
    unit = PLAN.units[number]
    owed = len(PLAN.indicators_of(unit.id)) if unit.expected else 0
    sent = unit.expected and unit.id not in unsent
    scored = {"results": 62.5 + 4 * number, "timeliness": 100.0 if number != 1 else 50.0, "quality": 88.0}
    return {
        "unit": unit.id,
        "name": unit.name,
        "short_name": unit.short_name,
        "expected": unit.expected,
        "owed": owed,
        "met": max(owed - 2, 0) if sent else 0,
        "reported": max(owed - 1, 0) if sent else 0,
        "held": 1 if sent and owed > 4 else 0,
        "no_activity": 0,
        "missing": owed if unit.expected and not sent else 0,
        **(scored if sent else dict.fromkeys(scored)),
        "enough": sent if unit.expected else None,
        "results_reported": 70.5 + 2 * number if sent else None,
        "pending": 0,
        **dict.fromkeys(("rank_first", "range_first"), number + 1 if sent else None),
        **dict.fromkeys(("rank_last", "range_last"), number + 2 if sent else None),
        "rank": f"{number + 1}–{number + 2}" if sent else "",
        "rank_range": f"1–{len(PLAN.units)}" if sent else "",
        "total": 68.0 + 3 * number if sent else None,
        "grade": "Hoàn thành tốt nhiệm vụ" if sent else "",
        "remark": "" if unit.expected else "Không thuộc diện nộp phiếu; số do Phòng VH-XH nhập thay.",
    }
