"""Rows of the month that `tests.tables` makes up for the looks of the consolidated workbook."""

import hashlib
from collections.abc import Hashable
from typing import Any

import pandas as pd

from pipeline.base.sheet import number_text
from pipeline.spec.consolidated import load_consolidated
from pipeline.spec.plan import Indicator
from tests.forms import EVIDENCE, PLAN, SCHEMAS

LOOKS = load_consolidated("consolidated", (SCHEMAS / "consolidated.toml").read_text(encoding="utf-8"))
PERIODS = ("2026-08", "2026-09", "2026-10", "2026-11")
FORMULAS = ("=1+1", "+84 251 000", "-", "@SUM(A1:A9)", '=HYPERLINK("http://a.example","x")')

_VERDICTS = ("met", "on_track", "warning", "behind", "met", "on_track", "missing", "on_track", "met")
_ODD = {"V.23": "not_due", "V.26": "not_owed", "V.4": "no_activity", "V.9": "no_figure"}
_SHARES = {"met": 1.04, "on_track": 0.93, "warning": 0.74, "behind": 0.41, "not_owed": 0.9}
COLOURS = {"met": "green", "on_track": "green", "warning": "yellow", "behind": "red"}
UNSENT = ("TH", "TCNS")
_STATES = ("Đang thực hiện, chậm tiến độ", "Hoàn thành, đúng hạn", "Đang thực hiện, đúng tiến độ")
FIGURES = ["numerator", "denominator", "month_value", "result", "previous", "change", "attainment"]
FIGURES += ["path", "distance"]
_FACT_COLUMNS = tuple(LOOKS.sheet_by_key["facts"].column_by_key)
_NO_FIGURE = frozenset(("missing", "not_due", "no_activity", "no_figure"))
_OBSTACLE = (
    "Hệ thống thông tin giải quyết thủ tục hành chính của tỉnh nhiều lần gián đoạn vào giờ cao điểm, hồ sơ "
    "phải nhập lại; máy quét của bộ phận tiếp nhận hỏng 02 trong 03 chiếc, việc số hóa dồn sang hôm sau."
)
REQUESTS = (
    "kiến nghị UBND xã bố trí kinh phí mua 02 máy quét tốc độ cao để số hóa hồ sơ ngay tại quầy tiếp nhận",
    "đề nghị nhà mạng hoàn thành phủ sóng 5G tại 03 ấp còn lại trước ngày 15/12/2026",
    "kiến nghị Chi nhánh Ngân hàng nhà nước cung cấp số liệu tài khoản giao dịch theo địa bàn xã hằng tháng",
    "đề nghị Công an xã phối hợp tổ chức các đợt cấp định danh lưu động tại trường học và các ấp xa",
)


def indicator_row(indicator: Indicator, number: int) -> dict[str, Any]:
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
        "carried": before if result is None else None,
        "carried_from": "",
        "points": None if result is None else min(100.0, 100 * result / target),
        "remark": _remark(indicator, verdict),
        "entry": indicator.entry,
        "no_path": indicator.baseline is None,
        "lead_id": indicator.lead,
        "bound": target,
        "weight": indicator.weight,
        "present": int(result is not None),
        "owed": int(verdict == "missing" or result is not None),
        "earned": None if result is None else min(100.0, 100 * result / target),
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


def tasks() -> pd.DataFrame:
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


def voices() -> pd.DataFrame:
    units = [unit.name for unit in PLAN.expected_units[:5]]
    done = "Tổ chức 03 lớp bồi dưỡng kỹ năng số cho 214 lượt cán bộ, công chức và người dân tại 05 ấp."
    rows = [("Kết quả nổi bật", unit, done) for unit in units]
    rows += [("Khó khăn, vướng mắc", unit, _OBSTACLE) for unit in units[:3]]
    rows += [("Kiến nghị, đề xuất", unit, text) for unit, text in zip(units, REQUESTS, strict=False)]
    rows += [("Phương hướng tháng tới", unit, text) for unit, text in zip(units, FORMULAS, strict=True)]
    frame = pd.DataFrame(rows, columns=["section", "unit", "text"])
    return frame.assign(period="11/2026")


def register() -> pd.DataFrame:
    rows = []
    for number, unit in enumerate(PLAN.units):
        owed = len(PLAN.indicators_of(unit.id)) + len(PLAN.tasks_of(unit.id))
        sent = unit.expected and unit.id not in UNSENT
        row: dict[str, Any] = {"unit": unit.id, "name": unit.name, "short_name": unit.short_name}
        row["rows_owed"] = owed if unit.expected else 0
        row["receipt"] = "sent" if sent else "not_sent" if unit.expected else "not_expected"
        row["time"] = ("on_time", "late", "on_time", "extended")[number % 4] if sent else ""
        row["outcome"] = ("partial", "warned", "valid", "rejected", "empty")[number % 5] if sent else ""
        row["arrived_at"] = "18/11/2026 16:42" if sent else ""
        row["arrival_source"] = "Thư mục ngày cán bộ đặt" if sent else ""
        row["file"] = _file(unit.id) if sent else ""
        row |= {"latest_at": "", "latest_file": "", "latest_sha256": unit.id}
        row |= {"errors": number % 3, "warnings": number % 4, "rows_accepted": max(owed - number % 3, 0)}
        rows.append(row if sent else row | {"errors": 0, "warnings": 0, "rows_accepted": 0})
    return pd.DataFrame(rows)


def findings() -> pd.DataFrame:
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
        | {"places": 1, "errors_of": unit if fault[0] == "error" else ""}
        | {"warnings_of": unit if fault[0] == "warning" else ""}
        for unit in ("VHXH", "PVHCC", "CA")
        for fault in faults
    ]
    return pd.DataFrame(rows)


def changes() -> pd.DataFrame:
    place = {"sheet": "Chỉ tiêu", "archived_as": "2026-11/CA/2026-11_CA_0123456789ab.xlsx"}
    head = {"unit": "Công an xã", "file_before": _file("CA"), "file": "ca sua.xlsx"} | place
    replaced = {"rows": "V.20", "label": "Tử số", "cell": "G9", "before": "27799", "after": "27999"}
    left = {"rows": "V.28, V.30", "label": "Dòng trống hoặc có lỗi: giữ số đã nhận", "cell": ""}
    rows = [head | replaced, head | left | {"before": "", "after": "", "sheet": ""}]
    return pd.DataFrame(rows).assign(arrived_at="19/11/2026 08:30")


def decisions() -> pd.DataFrame:
    what = "Trạm Y tế được gia hạn nộp tháng 11/2026 đến hết ngày 23/11/2026"
    row = {"number": 1, "decided_at": "18/11/2026 08:30", "what": what, "reason": "Mất điện"}
    return pd.DataFrame([row | {"standing": "in_force"}, row | {"number": 2, "standing": "revoked"}])


def facts(indicators: pd.DataFrame) -> pd.DataFrame:
    rows = [
        _fact(row, unit, at)
        for at, row in enumerate(indicators.to_dict(orient="records"), 12)
        for unit in PLAN.reporters(PLAN.indicator_by_code[row["code"]])
        if unit not in UNSENT and row["verdict"] not in _NO_FIGURE
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
        "month": 11,
        "role": "Chủ trì",
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


def history(indicators: pd.DataFrame) -> pd.DataFrame:
    history = indicators[["code"]].copy()
    for back, period in enumerate(reversed(PERIODS)):
        history[period] = indicators["result"] * (1 - 0.07 * back)
    history.loc[[3, 9], PERIODS[1]] = float("nan")
    return history[["code", *PERIODS]]


def methods() -> pd.DataFrame:
    texts = {
        "Kế hoạch và quy tắc": f"{PLAN.title}. Tệp kế hoạch {PLAN.id}, bản {PLAN.version}.",
        "Kết quả": "Tỷ lệ bằng tử số chia mẫu số, nhân 100; không bao giờ lấy trung bình các tỷ lệ.",
        "Mức hoàn thành": "Kết quả chia mục tiêu, nhân 100.\nGhi đúng số thật; khi tính điểm lấy tối đa 100.",
    }
    return pd.DataFrame({"heading": texts.keys(), "text": texts.values()})


def _file(unit: str) -> str:
    return f"bao cao thang 11 {unit} (1) moi nhat.xlsx"
