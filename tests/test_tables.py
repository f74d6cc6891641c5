"""The pages of a small month, number by number."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from pipeline.base.period import Period
from pipeline.core.month import concerned, consolidate
from pipeline.core.tables import Book, tables
from pipeline.spec.plan import Plan
from pipeline.spec.tables import Tables
from pipeline.spec.wording import load_wording
from tests.entries import a_submission
from tests.forms import AFTER, MESSAGES, PLAN, SCHEMAS, TEMPLATE
from tests.sent import Sent, counts, figure, finding, kept, sent, task, text, word

NOVEMBER = Period(2026, 11)
WORDING = load_wording("wording", (SCHEMAS / "wording.toml").read_text(encoding="utf-8"))
MADE = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
LATE = "2026-11-20T00:00:00+07:00"


def pages(*files: Sent, plan: Plan = PLAN) -> Tables:
    month = consolidate(plan, NOVEMBER, kept(*files), AFTER)
    return tables(month, Book(plan, TEMPLATE, WORDING, MESSAGES), MADE)


def row(frame: pd.DataFrame, column: str, key: str) -> dict[str, Any]:
    (found,) = (
        frame[frame[column].eq(key)].astype(object).where(frame.notna(), None).to_dict(orient="records")
    )
    return {str(k): v for k, v in found.items()}


def by_hand() -> tuple[Sent, ...]:
    """October and November of four units; V.7: 40/50 then 50/100; CA late, with an error in V.28."""
    return (
        sent("PVHCC", counts("V.7", 40, 50), period="2026-10"),
        sent("PVHCC", counts("V.7", 50, 100), counts("V.9", 0, 0), word("V.8", "no_data", "chờ Bưu điện")),
        sent("CA", counts("V.20", 72, 100), finding("R03", "V.28"), at=LATE, outcome="partial"),
        sent(
            "VHXH", counts("II.1", 9, 10), figure("I.1", 66.0), counts("II.4", 45, 50), figure("III.1", 0.0)
        ),
        sent("CQ", counts("II.1", 20, 40)),
        sent("TYT", counts("II.4", 30, 50), outcome="warned"),
        sent("KT", figure("V.23", 18.0)),
        sent("VP", outcome="rejected"),
    )


@pytest.fixture(scope="module")
def month() -> Tables:
    return pages(*by_hand())


# --- indicators -----------------------------------------------------------------------------------


def test_the_forty_stand_in_the_order_of_the_plan(month: Tables) -> None:
    frame = month.frames["indicators"]
    assert frame["code"].tolist() == [i.code for i in PLAN.indicators]
    assert len(frame) == 40


def test_a_flow_shows_the_month_and_the_year(month: Tables) -> None:
    found = row(month.frames["indicators"], "code", "V.7")
    assert (found["numerator"], found["denominator"], found["month_value"]) == (90, 150, 50)
    assert (found["result"], found["previous"], found["change"]) == (60, 80, -20)  # 90/150, never 65
    assert found["attainment"] == pytest.approx(63.1578947)  # of 95 %
    assert (found["verdict"], found["distance"]) == ("behind", 35)


@pytest.mark.parametrize(
    ("code", "result", "attainment", "verdict", "share"),
    [
        ("V.20", 72, 90, "warning", "1/1 đơn vị"),
        ("II.1", 58, 58, "behind", "2/2 đơn vị"),
        ("II.4", 90, 100, "met", "1/1 đơn vị"),
        ("II.3", None, None, "missing", "0/2 đơn vị"),
        ("I.1", 66, 110, "met", "1/1 đơn vị"),
        ("III.1", 0, 0, "behind", "1/1 đơn vị"),
        ("V.8", None, None, "missing", "0/1 đơn vị"),
        ("V.9", None, None, "no_figure", "1/1 đơn vị"),
        ("V.23", 18, 100, "met", "1/1 đơn vị"),
        ("V.26", None, None, "not_owed", "0/1 đơn vị"),
        ("V.28", None, None, "missing", "0/1 đơn vị"),
    ],
)
def test_figures_of_indicators(
    month: Tables, code: str, result: float | None, attainment: float | None, verdict: str, share: str
) -> None:
    found = row(month.frames["indicators"], "code", code)
    assert (found["result"], found["verdict"], found["reported_units"]) == (result, verdict, share)
    assert found["attainment"] == (None if attainment is None else pytest.approx(attainment))


def test_remarks_say_why(month: Tables) -> None:
    said = {c: row(month.frames["indicators"], "code", c)["remark"] for c in PLAN.indicator_by_code}
    assert said["V.28"] == "Số liệu kỳ này bị giữ lại do lỗi (R03)"
    assert said["V.8"] == "Đơn vị báo chưa có số liệu: chờ Bưu điện"
    assert said["V.9"] == "Mẫu số bằng 0. «Không phát sinh» chờ đầu mối xác nhận"
    assert said["V.23"] == "Vượt cận trên, đề nghị xác minh"
    assert said["I.1"] == "Chỉ có tỷ lệ công bố, không có tử số và mẫu số"
    assert said["II.4"] == "Đối chiếu: Trạm Y tế 60,00"
    assert said["V.26"] == "Số liệu của Chi nhánh NHNN, do Phòng VH-XH nhập"
    assert said["V.20"] == "Chưa có mốc"
    assert said["V.17"] == ""


def test_a_change_between_other_units_is_shown_with_care_and_without_a_change_nothing_is_said() -> None:
    """II.1 is summed over units: one sent in October, two in November."""
    plan = replace(PLAN, scoring=replace(PLAN.scoring, enough_reported="1/2"))
    november = [sent("VHXH", counts("II.1", 30, 50)), sent("CQ", counts("II.1", 20, 50))]

    def told(first: float) -> tuple[object, bool]:
        fact = counts("II.1", 20, 50) if first else word("II.1", "no_data", "chờ")
        october = sent("VHXH", fact, period="2026-10", at="2026-10-18T08:00:00+07:00")
        found = row(pages(october, *november, plan=plan).frames["indicators"], "code", "II.1")
        return found["change"], (
            "Tăng, giảm so với tháng trước tính trên số đơn vị khác nhau: "
            "tháng trước 1 đơn vị gửi, tháng này 2" in str(found["remark"])
        )

    assert told(20) == (10, True)
    assert told(0) == (None, False)


def test_a_rate_that_cannot_be_added_is_no_zero_denominator() -> None:
    """Of two bodies only the contributor sent, and a bare rate."""
    found = row(pages(sent("CQ", figure("II.1", 50.0))).frames["indicators"], "code", "II.1")
    assert (found["result"], found["verdict"]) == (None, "insufficient")
    assert "Mẫu số bằng 0" not in found["remark"]
    assert "Chỉ có tỷ lệ công bố" in found["remark"]


def test_a_rate_among_counted_months_is_named_as_not_added() -> None:
    """V.7 is summed over the year: October's bare rate stands in no sum, and nobody shall think it does."""
    files = [
        sent("PVHCC", counts("V.7", 80, 100), period="2026-09", at="2026-09-18T08:00:00+07:00"),
        sent("PVHCC", figure("V.7", 99.0), period="2026-10", at="2026-10-18T08:00:00+07:00"),
        sent("PVHCC", counts("V.7", 60, 100), period="2026-11", at="2026-11-18T08:00:00+07:00"),
    ]
    found = row(pages(*files).frames["indicators"], "code", "V.7")
    assert found["result"] == 70
    assert "Lũy kế chưa cộng tháng 10: chỉ có tỷ lệ, không có tử số và mẫu số" in found["remark"]


def test_the_big_figures_say_how_they_moved_since_last_month() -> None:
    """V.7 of 95 %: 80 in October (84.2 points), 140 of 200 in November (73.7), of 37 owed: 2.3 and 2.0.
    V.20 of 80 %: met in November only."""
    before = sent("PVHCC", counts("V.7", 80, 100), period="2026-10", at="2026-10-18T08:00:00+07:00")
    now = sent("PVHCC", counts("V.7", 60, 100), period="2026-11", at="2026-11-18T08:00:00+07:00")
    page = pages(before, now).overview
    assert page.details["mean"] == ""  # too few figures for a mean, and so for its change
    assert page.details["with_missing"] == "giảm 0,3 điểm so với tháng 10"
    assert page.details["met"] == "bằng tháng 10"
    police = sent("CA", counts("V.20", 90, 100), period="2026-11", at="2026-11-18T08:00:00+07:00")
    assert pages(before, now, police).overview.details["met"] == "tăng 1 so với tháng 10"
    assert set(pages(now).overview.details) == {"sent"}  # nothing to compare with


# --- other tables ---------------------------------------------------------------------------------


def test_facts_lead_to_their_cells(month: Tables) -> None:
    frame = month.frames["facts"]
    facts = frame[frame["indicator"].eq("II.1")]
    assert facts["unit"].tolist() == ["Các cơ quan", "Phòng VH-XH"]
    found = row(frame, "indicator", "V.20")
    assert (found["numerator_cell"], found["numerator_raw"], found["sheet"]) == ("F9", "3", "Chỉ tiêu")
    assert (found["arrived_at"], found["state"]) == ("20/11/2026", "Có số liệu")
    assert len(found["sha256"]) == 64
    assert found["archived_as"].startswith("2026-11/CA/")
    assert row(frame, "indicator", "V.23")["value_cell"] == "M9"
    assert "V.7" in set(frame["indicator"])
    assert len(frame) == 12
    flow = frame[frame["indicator"].eq("V.7")]
    assert flow["period"].tolist() == ["2026-11", "2026-10"]  # the year so far is summed from both
    assert set(frame[frame["indicator"].ne("V.7")]["period"]) == {"2026-11"}


def test_the_register_counts_rows(month: Tables) -> None:
    found = row(month.frames["register"], "unit", "CA")
    assert (found["receipt"], found["time"], found["outcome"]) == ("sent", "late", "partial")
    assert (found["errors"], found["warnings"], found["rows_accepted"], found["rows_owed"]) == (1, 0, 1, 3)
    assert found["arrived_at"] == "20/11/2026"  # the day of a folder has no hour


def test_mended_errors_are_not_counted_against_the_unit() -> None:
    first = sent("CA", counts("V.20", 8, 10), finding("R03", "V.28"), outcome="partial")
    second = sent("CA", counts("V.28", 1, 2), at=LATE)
    found = row(pages(first, second).frames["register"], "unit", "CA")
    assert (found["outcome"], found["time"], found["errors"]) == ("valid", "on_time", 0)


def test_the_history_holds_the_scored_results(month: Tables) -> None:
    found = row(month.frames["history"], "code", "V.7")
    assert found == {"code": "V.7", "2026-10": 80, "2026-11": 60}


def test_findings_name_unit_and_file(month: Tables) -> None:
    (found,) = month.frames["findings"].to_dict(orient="records")
    assert (found["unit"], found["code"], found["row_code"]) == ("Công an xã", "R03", "V.28")
    assert found["places"] == 1


def test_equal_voices_are_merged_and_the_latest_of_a_unit_counts() -> None:
    frame = pages(
        sent("VHXH", text("KK", "Thiếu máy.")),
        sent("PVHCC", text("KK", "Thiếu máy tính.")),
        sent("PVHCC", text("KK", "Thiếu  máy. "), at=LATE),
        sent("CA", text("KQ", "Đã tập huấn."), text("KK", "Thiếu người.")),
    ).frames["voices"]
    assert set(frame["period"]) == {"11/2026"}
    assert list(frame[["section", "unit", "text"]].itertuples(index=False, name=None)) == [
        ("Kết quả nổi bật", "Công an xã", "Đã tập huấn."),
        ("Khó khăn, vướng mắc", "Phòng VH-XH, TT PVHCC", "Thiếu máy."),
        ("Khó khăn, vướng mắc", "Công an xã", "Thiếu người."),
    ]


def test_tasks_of_the_plan_and_of_units() -> None:
    frame = pages(
        sent("VHXH", task("NV.1.1", state="slow", progress=40.0, responsibility="")),
        sent("CA", task("DV.1", state="done", progress=100.0, date_done="2026-11-05", work="Rà soát")),
    ).frames["tasks"]
    assert frame["code"].tolist() == [t.code for t in PLAN.tasks] + ["DV.1"]
    planned = row(frame, "code", "NV.1.1")
    assert (planned["unit"], planned["state"], planned["progress"]) == (
        "Chưa phân công",
        "Đang thực hiện, chậm tiến độ",
        40,
    )
    own = row(frame, "code", "DV.1")
    assert (own["unit"], own["work"], own["date_done"]) == ("Công an xã", "Rà soát", "05/11/2026")


def test_units_say_what_they_owe(month: Tables) -> None:
    said = {u: row(month.frames["units"], "unit", u) for u in ("CA", "CQ", "TH", "TYT")}
    assert (said["CA"]["owed"], said["CA"]["missing"], said["CA"]["remark"]) == (3, 1, "Còn thiếu 2 chỉ tiêu")
    assert (said["CA"]["enough"], said["CA"]["results_reported"], said["CA"]["results"]) == (False, None, 30)
    assert (said["CQ"]["enough"], said["CQ"]["results_reported"]) == (True, 50)
    assert said["CQ"]["remark"] == ""
    assert said["TH"]["remark"] == "Chưa gửi báo cáo"
    assert (said["TYT"]["results"], said["TYT"]["enough"]) == (None, None)


def test_the_text_about_method_quotes_the_plan(month: Tables) -> None:
    text_of = {r["heading"]: r["text"] for r in month.frames["methods"].to_dict(orient="records")}
    assert "trước ngày 20" in text_of["Kỳ báo cáo và hạn nộp"]
    assert "từ 85% quãng đường" in text_of["Đánh giá theo lộ trình"]
    assert not [said for said in text_of.values() if "{" in said or "}" in said]


# --- overview -------------------------------------------------------------------------------------


def test_overview_figures(month: Tables) -> None:
    page = month.overview
    assert (page.units_expected, page.units_sent, page.units_on_time) == (9, 7, 5)
    assert page.units_reported == 6  # the seventh sent a form that was returned
    assert page.details["sent"] == "1 đơn vị gửi phiếu trống hoặc bị trả lại"
    assert page.not_sent == ("Các trường học", "Tổ CNS cộng đồng")
    assert page.late == ("Công an xã",)
    assert (page.total.listed, page.total.met, page.total.reported) == (40, 3, 7)
    assert page.verdict_counts["behind"] == 3
    assert sum(page.verdict_counts.values()) == sum(page.colour_counts.values()) == 40
    assert page.trend[0][0] == "10/2026"
    assert page.trend[0][1] == pytest.approx(84.2105263)  # V.7 alone: 80 of 95


def test_overview_sentences(month: Tables) -> None:
    page = month.overview
    assert page.period_label == "tháng 11 năm 2026"
    assert page.closing_text == "Số liệu từ 15/10/2026 đến 14/11/2026"
    assert page.made_at == "08:30 ngày 24/11/2026"  # by the plan's clock, not by UTC
    assert [code for code, _ in page.attention] == ["III.1", "II.1", "V.7"]
    assert page.attention[2][1] == (
        "V.7. Tỷ lệ hồ sơ thủ tục hành chính xử lý trực tuyến: 60,00%, mục tiêu 95%; "
        "còn thiếu 35,00 điểm phần trăm (TT PVHCC)"
    )
    assert page.remarks[0].startswith("Kế hoạch ghi 54 chỉ tiêu nhưng bảng chỉ liệt kê 40")
    assert "37 chỉ tiêu chưa có số gốc 31/12/2025" in page.remarks[1]
    assert "11 nhiệm vụ" in page.remarks[2]
    assert "1 đơn vị đã nộp nhưng phiếu bị trả lại hoặc trống: VP HĐND-UBND." in page.remarks


def test_nobody_is_called_behind_before_saying_anything() -> None:
    page = pages().overview
    assert (page.attention, page.late, page.total.reported) == ((), (), 0)
    assert len(page.not_sent) == 9
    assert page.total.mean_reported is None


def test_a_month_looks_at_its_year_and_at_what_nobody_could_identify_meanwhile() -> None:
    submissions = [
        a_submission("cũ", "CA", "2026-10", arrived_at="2026-10-18T08:00:00+07:00"),
        a_submission("nay", "CA", "2026-11", arrived_at="2026-11-18T08:00:00+07:00"),
        a_submission("sau", "CA", "2026-12", arrived_at="2026-12-18T08:00:00+07:00"),
        a_submission("lạ 14", "", "", arrived_at="2026-11-14T23:59:59+07:00"),
        a_submission("lạ 15", "", "", arrived_at="2026-11-15T00:00:00+07:00"),
        a_submission("lạ 12", "", "", arrived_at="2026-12-14T12:00:00+07:00"),
    ]
    names = [s.name.partition("/")[2] for s in concerned(PLAN, NOVEMBER, submissions)]
    assert names == ["cũ.xlsx", "nay.xlsx", "lạ 15.xlsx", "lạ 12.xlsx"]
