"""A month for tests of the consolidated workbook: the real plan with figures made up for looks."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd

from pipeline.base.sheet import number_text
from pipeline.spec.tables import GroupFigures, Overview, Tables
from tests import table_rows as rows_of
from tests.forms import PLAN
from tests.tables_ahead import next_frames, unit_frame

MADE = datetime(2026, 11, 25, 8, 0)


def month() -> Tables:
    """November with verdicts of every kind, two units that did not send, and texts of every length."""
    indicators = pd.DataFrame([rows_of.indicator_row(i, n) for n, i in enumerate(PLAN.indicators)])
    frames = {
        "indicators": indicators,
        **next_frames(indicators),
        "units": unit_frame(rows_of.UNSENT),
        "tasks": rows_of.tasks(),
        "voices": rows_of.voices(),
        "register": rows_of.register(),
        "findings": rows_of.findings(),
        "changes": rows_of.changes(),
        "decisions": rows_of.decisions(),
        "facts": rows_of.facts(indicators),
        "history": rows_of.history(indicators),
        "methods": rows_of.methods(),
    }
    return Tables(_overview(indicators), frames)


def nothing_sent() -> Tables:
    """The first month, before any form has come in."""
    full = month()
    indicators = full.frames["indicators"].assign(verdict="missing", reported_units="0/1 đơn vị", remark="")
    indicators[rows_of.FIGURES] = float("nan")
    register = full.frames["register"].assign(receipt="not_sent", time="", outcome="", arrived_at="", file="")
    frames = {key: frame.iloc[:0] for key, frame in full.frames.items()}
    frames |= next_frames(indicators) | {"turns": full.frames["turns"].iloc[:0]}
    frames |= {"indicators": indicators, "register": register, "history": pd.DataFrame(columns=["code"])}
    frames |= {"units": full.frames["units"].assign(total=None), "methods": full.frames["methods"]}
    changed: dict[str, Any] = {
        **_standing(indicators),
        "units_sent": 0,
        "waiting": (),
        "units_reported": 0,
        "units_on_time": 0,
        "not_sent": tuple(unit.short_name for unit in PLAN.expected_units),
        "late": (),
        "attention": (),
        "requests": (),
        "trend": (("Tháng 11", None, 0.0),),
        "group_trend": (("Tháng 11", (None,) * len(PLAN.groups)),),
    }
    return Tables(replace(full.overview, **changed), frames)


def _overview(indicators: pd.DataFrame) -> Overview:
    attention = tuple(
        (
            row["code"],
            f"{row['code']}. {row['name']}: {number_text(row['result'], 2)}%, mục tiêu {row['target']}; "
            f"còn thiếu {number_text(row['distance'], 2)} điểm phần trăm ({row['lead']})",
        )
        for row in indicators.to_dict(orient="records")
        if row["verdict"] == "behind"
    )
    units = [unit.short_name for unit in PLAN.expected_units]
    return Overview(
        title="Kết quả thực hiện Kế hoạch Nghị quyết 57-NQ/TW năm 2026",
        authority=PLAN.authority,
        period_label="tháng 11 năm 2026",
        closing_text="Số liệu từ 15/10/2026 đến 14/11/2026",
        made_at="08:00 ngày 25/11/2026",
        made_text="Lập lúc 08:00 ngày 25/11/2026",
        status="Bản tạm",
        **_standing(indicators),
        units_expected=len(units),
        units_sent=len(units) - len(rows_of.UNSENT),
        units_reported=len(units) - len(rows_of.UNSENT),
        waiting=(),
        units_on_time=5,
        not_sent=tuple(PLAN.unit_by_id[unit].short_name for unit in rows_of.UNSENT),
        late=("TT PVHCC", "Các cơ quan"),
        attention=attention[:8],
        requests=tuple(f"{unit}: {text}." for unit, text in zip(units, rows_of.REQUESTS, strict=False)),
        remarks=(
            "Kế hoạch ghi 54 chỉ tiêu, bảng liệt kê 40: tính theo 40 chỉ tiêu được liệt kê.",
            "38 chỉ tiêu chưa có mốc đầu năm: đánh giá so với mục tiêu cuối năm.",
            "V.23 là số liệu năm, chưa đến kỳ, không tính là thiếu.",
        ),
        trend=(
            ("08/2026", 71.2, 48.5),
            ("09/2026", 76.9, 60.1),
            ("10/2026", 80.3, 66.0),
            ("11/2026", 84.3, 75.2),
        ),
        group_trend=tuple(
            (month, tuple(float(60 + 5 * number + 4 * at) for at in range(len(PLAN.groups))))
            for number, month in enumerate(("08/2026", "09/2026", "10/2026", "11/2026"))
        ),
    )


def _standing(indicators: pd.DataFrame) -> dict[str, Any]:
    """Figures of the whole plan and its groups, with counts of verdicts and colours."""
    groups = [(g.code, g.name, indicators[indicators["group"] == g.code]) for g in PLAN.groups]
    return {
        "total": _group("", "", indicators),
        "groups": tuple(_group(code, name, rows) for code, name, rows in groups),
        "verdict_counts": Counter(indicators["verdict"]),
        "colour_counts": Counter(rows_of.COLOURS.get(verdict, "grey") for verdict in indicators["verdict"]),
    }


def _group(code: str, name: str, rows: pd.DataFrame) -> GroupFigures:
    verdicts, scored = Counter(rows["verdict"]), rows["attainment"].clip(upper=100).dropna()
    missing = verdicts["missing"]
    owed = len(scored) + missing
    return GroupFigures(
        code=code,
        name=name,
        listed=len(rows),
        met=verdicts["met"],
        reported=len(scored),
        missing=missing,
        no_activity=verdicts["no_activity"],
        not_due=verdicts["not_due"],
        mean_reported=float(scored.mean()) if len(scored) else None,
        mean_with_missing=float(scored.sum() / owed) if owed else None,
        enough=len(scored) * 3 >= owed * 2 and len(scored) > 0,
    )
