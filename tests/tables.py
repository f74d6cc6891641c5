"""A month for tests of the consolidated workbook: the real plan with figures made up for looks."""

import hashlib
from collections import Counter
from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd

from pipeline.base.sheet import number_text
from pipeline.spec.consolidated import load_consolidated
from pipeline.spec.plan import Indicator
from pipeline.spec.tables import GroupFigures, Overview, Tables
from tests.forms import EVIDENCE, PLAN, SCHEMAS
from tests.tables_ahead import next_frames, unit_frame

LOOKS = load_consolidated("consolidated", (SCHEMAS / "consolidated.toml").read_text(encoding="utf-8"))
MADE = datetime(2026, 11, 25, 8, 0)
PERIODS = ("2026-08", "2026-09", "2026-10", "2026-11")
FORMULAS = ("=1+1", "+84 251 000", "-", "@SUM(A1:A9)", '=HYPERLINK("http://a.example","x")')

_VERDICTS = ("met", "on_track", "warning", "behind", "met", "on_track", "missing", "on_track", "met")
_ODD = {"V.23": "not_due", "V.26": "not_owed", "V.4": "no_activity", "V.9": "no_figure"}
_SHARES = {"met": 1.04, "on_track": 0.93, "warning": 0.74, "behind": 0.41, "not_owed": 0.9}
_COLOURS = {"met": "green", "on_track": "green", "warning": "yellow", "behind": "red"}
_UNSENT = ("TH", "TCNS")
_STATES = ("Đang thực hiện, chậm tiến độ", "Hoàn thành, đúng hạn", "Đang thực hiện, đúng tiến độ")
_FIGURES = ["numerator", "denominator", "month_value", "result", "previous", "change", "attainment"]
_FIGURES += ["path", "distance"]
_FACT_COLUMNS = tuple(LOOKS.sheet_by_key["facts"].column_by_key)
_NO_FIGURE = frozenset(("missing", "not_due", "no_activity", "no_figure"))
_OBSTACLE = (
    "Hệ thống thông tin giải quyết thủ tục hành chính của tỉnh nhiều lần gián đoạn vào giờ cao điểm, hồ sơ "
    "phải nhập lại; máy quét của bộ phận tiếp nhận hỏng 02 trong 03 chiếc, việc số hóa dồn sang hôm sau."
)
_REQUESTS = (
    "kiến nghị UBND xã bố trí kinh phí mua 02 máy quét tốc độ cao để số hóa hồ sơ ngay tại quầy tiếp nhận",
    "đề nghị nhà mạng hoàn thành phủ sóng 5G tại 03 ấp còn lại trước ngày 15/12/2026",
    "kiến nghị Chi nhánh Ngân hàng nhà nước cung cấp số liệu tài khoản giao dịch theo địa bàn xã hằng tháng",
    "đề nghị Công an xã phối hợp tổ chức các đợt cấp định danh lưu động tại trường học và các ấp xa",
)


def month() -> Tables:
    """November with verdicts of every kind, two units that did not send, and texts of every length."""
    indicators = pd.DataFrame([_indicator(i, n) for n, i in enumerate(PLAN.indicators)])
    frames = {
        "indicators": indicators,
        **next_frames(indicators),
        "units": unit_frame(_UNSENT),
        "tasks": _tasks(),
        "voices": _voices(),
        "register": _register(),
        "findings": _findings(),
        "facts": _facts(indicators),
        "history": _history(indicators),
        "methods": _methods(),
    }
    return Tables(_overview(indicators), frames)


def nothing_sent() -> Tables:
    """The first month, before any form has come in."""
    full = month()
    indicators = full.frames["indicators"].assign(verdict="missing", reported_units="0/1 đơn vị", remark="")
    indicators[_FIGURES] = float("nan")
    register = full.frames["register"].assign(receipt="not_sent", time="", outcome="", arrived_at="", file="")
    frames = {key: frame.iloc[:0] for key, frame in full.frames.items()}
    frames |= next_frames(indicators) | {"changes": full.frames["changes"].iloc[:0]}
    frames |= {"indicators": indicators, "register": register, "history": pd.DataFrame(columns=["code"])}
    frames |= {key: full.frames[key] for key in ("units", "methods")}
    changed: dict[str, Any] = {
        **_standing(indicators),
        "units_sent": 0,
        "units_on_time": 0,
        "not_sent": tuple(unit.short_name for unit in PLAN.expected_units),
        "late": (),
        "attention": (),
        "requests": (),
        "trend": (("Tháng 11", None, 0.0),),
    }
    return Tables(replace(full.overview, **changed), frames)


def _indicator(indicator: Indicator, number: int) -> dict[str, Any]:
    verdict = _ODD.get(indicator.code, _VERDICTS[number % len(_VERDICTS)])
    result = _result(indicator, verdict)
    counted = indicator.entry == "ratio" and result is not None
    total = 137 * (number + 3) * (number + 1)
    target = indicator.target.value or indicator.target.lower or 1.0
    before = None if result is None or number % 7 == 3 else _before(indicator, result, number)
    return {
        "group": indicator.group,
        "group_name": next(g.name for g in PLAN.groups if g.code == indicator.group),
        "code": indicator.code,
        "name": indicator.name,
        "measure": indicator.measure,
        "target": indicator.target.as_printed,
        "lead": PLAN.unit_by_id[indicator.lead].short_name,
        "numerator": round(total * (result or 0) / 100) if counted else None,
        "denominator": total if counted else None,
        "month_value": result if indicator.basis == "flow" else None,
        "result": result,
        "previous": before,
        "change": None if result is None or before is None else result - before,
        "attainment": None if result is None else 100 * result / target,
        "verdict": verdict,
        "path": target * 0.91 if indicator.baseline is not None else None,
        "distance": None if result is None else max(target - result, 0.0),
        "reported_units": f"{0 if result is None else 1}/{1 + len(indicator.contributors)} đơn vị",
        "remark": _remark(indicator, verdict),
        "entry": indicator.entry,
        "no_path": indicator.baseline is None,
    }


def _result(indicator: Indicator, verdict: str) -> float | None:
    if verdict in _NO_FIGURE:
        return None
    if indicator.entry == "yes_no":
        return 1.0 if verdict == "met" else 0.0
    result = (indicator.target.value or 15.6) * _SHARES[verdict]
    return round(result) if indicator.entry == "count" else round(min(result, 100.0), 4)


def _before(indicator: Indicator, result: float, number: int) -> float:
    share = 1 - 0.02 * (number % 3 - number % 2)
    return round(result * share, 4 if indicator.entry == "index" else 0 if indicator.entry == "count" else 2)


def _remark(indicator: Indicator, verdict: str) -> str:
    remarks = ["chưa có mốc"] if indicator.baseline is None else []
    if verdict == "behind":
        remarks.append("lũy kế từ đầu năm; đơn vị chủ trì giải trình nguyên nhân trước ngày 30/11/2026")
    return "; ".join(remarks)


def _tasks() -> pd.DataFrame:
    assigned = {
        "unit": "Phòng VH-XH",
        "person": "Chuyên viên phụ trách chuyển đổi số",
        "time": "Quý IV/2026",
        "responsibility": "Chủ trì tham mưu",
        "product": "Kế hoạch của UBND xã",
        "authority": "Chủ tịch UBND xã",
        "date_done": "12/11/2026",
        "document": "Kế hoạch số 112/KH-UBND ngày 12/11/2026",
    }
    sections = {section.code: section.name for section in PLAN.sections}
    rows = []
    for number, task in enumerate(PLAN.tasks):
        row: dict[str, Any] = {"code": task.code, "section": sections[task.section], "work": task.work}
        bare = {**dict.fromkeys(assigned, ""), "unit": "Chưa phân công", "state": "", "progress": None}
        state = {"state": _STATES[number % len(_STATES)], "progress": 15.0 * number % 101}
        rows.append(row | (assigned | state if number % 2 else bare))
    return pd.DataFrame(rows)


def _voices() -> pd.DataFrame:
    units = [unit.name for unit in PLAN.expected_units[:5]]
    done = "Tổ chức 03 lớp bồi dưỡng kỹ năng số cho 214 lượt cán bộ, công chức và người dân tại 05 ấp."
    rows = [("Kết quả nổi bật", unit, done) for unit in units]
    rows += [("Khó khăn, vướng mắc", unit, _OBSTACLE) for unit in units[:3]]
    rows += [("Kiến nghị, đề xuất", unit, text) for unit, text in zip(units, _REQUESTS, strict=False)]
    rows += [("Phương hướng tháng tới", unit, text) for unit, text in zip(units, FORMULAS, strict=True)]
    frame = pd.DataFrame(rows, columns=["section", "unit", "text"])
    return frame.assign(period="11/2026")


def _register() -> pd.DataFrame:
    rows = []
    for number, unit in enumerate(PLAN.units):
        owed = len(PLAN.indicators_of(unit.id)) + len(PLAN.tasks_of(unit.id))
        sent = unit.expected and unit.id not in _UNSENT
        row: dict[str, Any] = {"unit": unit.id, "name": unit.name, "short_name": unit.short_name}
        row["rows_owed"] = owed if unit.expected else 0
        row["receipt"] = "sent" if sent else "not_sent" if unit.expected else "not_expected"
        row["time"] = ("on_time", "late", "on_time", "extended")[number % 4] if sent else ""
        row["outcome"] = ("partial", "warned", "valid", "rejected", "empty")[number % 5] if sent else ""
        row["arrived_at"] = "18/11/2026 16:42" if sent else ""
        row["arrival_source"] = "Thư mục ngày cán bộ đặt" if sent else ""
        row["file"] = _file(unit.id) if sent else ""
        row |= {"latest_at": "", "latest_file": ""}
        row |= {"errors": number % 3, "warnings": number % 4, "rows_accepted": max(owed - number % 3, 0)}
        rows.append(row if sent else row | {"errors": 0, "warnings": 0, "rows_accepted": 0})
    return pd.DataFrame(rows)


def _findings() -> pd.DataFrame:
    columns = ("severity", "code", "cells", "row_code", "label", "title", "found")
    faults = (
        ("error", "C03", "G17", "V.5", "Tử số", "Có chữ trong ô số", "Ô ghi «trên 98%»."),
        ("warning", "R05", "G17, H17", "V.7", "Tử số", "Tử số lớn hơn mẫu số", "Tử số 215, mẫu số 205."),
        ("error", "B02", "I21", "V.11", "Tỷ lệ công bố", "Con số đọc được hai cách", "Ô ghi «1.688»."),
        ("note", "N01", "", "", "", "Tệp gửi lại", "=cmd|'/c calc'!A1"),
    )
    words = {
        "sheet": "Chỉ tiêu",
        "expected": "Một con số, không kèm chữ, dấu % hay dấu so sánh.",
        "mend": "Xóa chữ và dấu, chỉ để lại con số đếm được tại ngày chốt số liệu 14/11/2026.",
        "example": "1688 hoặc 98,5",
    }
    rows = [
        {"unit": PLAN.unit_by_id[unit].short_name, "file": _file(unit), "mending": "open", **words}
        | dict(zip(columns, fault, strict=True))
        for unit in ("VHXH", "PVHCC", "CA")
        for fault in faults
    ]
    return pd.DataFrame(rows)


def _facts(indicators: pd.DataFrame) -> pd.DataFrame:
    rows = [
        _fact(row, unit, at)
        for at, row in enumerate(indicators.to_dict(orient="records"), 12)
        for unit in PLAN.reporters(PLAN.indicator_by_code[row["code"]])
        if unit not in _UNSENT and row["verdict"] not in _NO_FIGURE
    ]
    return pd.DataFrame(rows, columns=list(_FACT_COLUMNS))


def _fact(row: dict[Hashable, Any], unit: str, at: int) -> dict[str, Any]:
    digest = hashlib.sha256(unit.encode()).hexdigest()
    raw = {"value_cell": f"J{at}", "value_raw": number_text(row["result"])}
    if row["entry"] == "ratio":
        raw = {"numerator_cell": f"G{at}", "numerator_raw": number_text(row["numerator"])}
        raw |= {"denominator_cell": f"H{at}", "denominator_raw": f"{row['denominator']:.0f}"}
    return {
        "unit": PLAN.unit_by_id[unit].short_name,
        "indicator": row["code"],
        "period": "2026-11",
        "state": "Có số liệu",
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "value": row["result"],
        **raw,
        "evidence": EVIDENCE,
        "sheet": "Chỉ tiêu",
        "file": _file(unit),
        "archived_as": f"2026-11/{unit}/2026-11_{unit}_{digest[:12]}.xlsx",
        "arrived_at": "18/11/2026 16:42",
        "sha256": digest,
    }


def _history(indicators: pd.DataFrame) -> pd.DataFrame:
    history = indicators[["code"]].copy()
    for back, period in enumerate(reversed(PERIODS)):
        history[period] = indicators["result"] * (1 - 0.07 * back)
    history.loc[[3, 9], PERIODS[1]] = float("nan")
    return history[["code", *PERIODS]]


def _methods() -> pd.DataFrame:
    texts = {
        "Kế hoạch và quy tắc": f"{PLAN.title}. Tệp kế hoạch {PLAN.id}, bản {PLAN.version}.",
        "Kết quả": "Tỷ lệ bằng tử số chia mẫu số, nhân 100; không bao giờ lấy trung bình các tỷ lệ.",
        "Mức hoàn thành": "Kết quả chia mục tiêu, nhân 100.\nGhi đúng số thật; khi tính điểm lấy tối đa 100.",
    }
    return pd.DataFrame({"heading": texts.keys(), "text": texts.values()})


def _overview(indicators: pd.DataFrame) -> Overview:
    attention = tuple(
        f"{row['code']}. {row['name']}: {number_text(row['result'], 2)} %, mục tiêu {row['target']}; "
        f"còn thiếu {number_text(row['distance'], 2)} điểm phần trăm ({row['lead']})"
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
        status="Bản tạm",
        **_standing(indicators),
        units_expected=len(units),
        units_sent=len(units) - len(_UNSENT),
        units_on_time=5,
        not_sent=tuple(PLAN.unit_by_id[unit].short_name for unit in _UNSENT),
        late=("TT PVHCC", "Các cơ quan"),
        attention=attention[:8],
        requests=tuple(f"{unit}: {text}." for unit, text in zip(units, _REQUESTS, strict=False)),
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
    )


def _standing(indicators: pd.DataFrame) -> dict[str, Any]:
    """Figures of the whole plan and its groups, with counts of verdicts and colours."""
    groups = [(g.code, g.name, indicators[indicators["group"] == g.code]) for g in PLAN.groups]
    return {
        "total": _group("", "", indicators),
        "groups": tuple(_group(code, name, rows) for code, name, rows in groups),
        "verdict_counts": Counter(indicators["verdict"]),
        "colour_counts": Counter(_COLOURS.get(verdict, "grey") for verdict in indicators["verdict"]),
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


def _file(unit: str) -> str:
    return f"bao cao thang 11 {unit} (1) moi nhat.xlsx"
