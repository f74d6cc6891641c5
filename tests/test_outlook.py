"""What is needed, foreseen, carried forward and different: the pages of what comes next."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from pipeline.base.period import Period
from pipeline.base.record import Fact
from pipeline.core.month import Month, consolidate
from pipeline.core.tables import Book, tables
from pipeline.core.turns import turns
from pipeline.spec.plan import Plan, Target
from pipeline.spec.tables import Tables
from tests.forms import AFTER, MESSAGES, TEMPLATE
from tests.forms import PLAN as SHIPPED
from tests.sent import Sent, counts, figure, finding, kept, sent, word
from tests.test_tables import MADE, NOVEMBER, WORDING, row

# With a range from three months on, so that four are enough to test it.
PLAN = replace(
    SHIPPED,
    scoring=replace(SHIPPED.scoring, projection=replace(SHIPPED.scoring.projection, range_from_periods=3)),
)
MONTHS = ("2026-08", "2026-09", "2026-10", "2026-11")


def month(*files: Sent, plan: Plan = PLAN, period: Period = NOVEMBER) -> Month:
    return consolidate(plan, period, kept(*files), AFTER)


def pages(found: Month, plan: Plan = PLAN, earlier: pd.DataFrame | None = None) -> Tables:
    return tables(found, Book(plan, TEMPLATE, WORDING, MESSAGES), MADE, earlier=earlier)


def over_the_months(unit: str, *facts: Fact | None) -> list[Sent]:
    """One fact a month from August on; None sends nothing."""
    return [
        sent(unit, fact, period=m, at=f"{m}-18T08:00:00+07:00")
        for m, fact in zip(MONTHS, facts, strict=False)
        if fact
    ]


def outlook(code: str, files: Sequence[Sent], plan: Plan = PLAN) -> dict[str, Any]:
    return row(pages(month(*files, plan=plan), plan).frames["outlook"], "code", code)


# --- what is needed, and the end of the year ------------------------------------------------------


def test_a_stock_that_rises() -> None:
    """V.21, target 50 %: 10, 20, 30, 40 of 100. A day's slopes are 10 of 31, 30 and 31 days and the like."""
    found = outlook("V.21", over_the_months("VHXH", *(counts("V.21", n, 100) for n in (10, 20, 30, 40))))
    assert (found["result"], found["verdict"], found["distance"]) == (40, "warning", 10)
    assert (found["next_verdict"], found["next_distance"]) == ("met", 10)
    assert found["needed"] == pytest.approx(10 / (47 * 12 / 365))
    # slopes: 10/31, 10/30, 10/31, 20/61, 20/61, 30/92; the median lies between 30/92 and 20/61
    slope = (30 / 92 + 20 / 61) / 2
    assert found["pace"] == pytest.approx(slope * 365 / 12)
    assert found["projection"] == pytest.approx(40 + 47 * slope)
    assert (found["projection_text"], found["chance"], found["periods"]) == ("khoảng 55,2–55,5%", "Cao", 4)
    assert found["remark"] == "Còn thiếu 10 trên tổng số 100"


def test_a_flow_is_told_what_the_rest_of_the_year_needs() -> None:
    """V.7, target 95 %: 180 of 200 in two months. A third of 100 has to bring 95 % of 300 less 180: 105 %.
    V.8, target 80 %: 150 of 200; 240 less 150 are 90 of the 100 to come."""
    files = over_the_months("PVHCC", None, None, counts("V.7", 95, 100), counts("V.7", 85, 100))
    found = outlook("V.7", files)
    assert found["result"] == 90
    assert found["remark"] == (
        "Theo số lũy kế đã có: dù 1 kỳ còn lại đạt 100% cũng chưa tới mục tiêu (khối lượng như các tháng qua)"
    )
    files = over_the_months("PVHCC", None, counts("V.8", 70, 100), None, counts("V.8", 80, 100))
    assert outlook("V.8", files)["remark"].startswith("Theo số lũy kế đã có: 1 kỳ còn lại phải đạt từ 90,0%")


def test_a_flow_ends_where_its_rest_can_still_lead() -> None:
    """V.7: 0, then 60 of 100: the year stands at 30, rising by 30 a month. A hundred more make 160 of 300."""
    files = over_the_months("PVHCC", None, None, counts("V.7", 0, 100), counts("V.7", 60, 100))
    found = outlook("V.7", files)
    assert (found["result"], found["projection"]) == (30, pytest.approx(160 / 3))
    falling = over_the_months("PVHCC", None, None, counts("V.7", 100, 100), counts("V.7", 0, 100))
    assert outlook("V.7", falling)["projection"] == pytest.approx(100 / 3)


def test_in_december_a_flow_stands_as_it_is() -> None:
    """No period is left that could add to it."""
    files = [
        sent("PVHCC", counts("V.7", n, 100), period=m, at=f"{m}-18T08:00:00+07:00")
        for n, m in ((10, "2026-11"), (90, "2026-12"))
    ]
    found = row(pages(month(*files, period=Period(2026, 12))).frames["outlook"], "code", "V.7")
    assert (found["projection"], found["chance"]) == (50, "Thấp")


def test_in_december_no_period_is_left() -> None:
    files = [sent("PVHCC", counts("V.8", 70, 100), period="2026-12", at="2026-12-18T08:00:00+07:00")]
    found = pages(month(*files, period=Period(2026, 12))).frames["outlook"]
    assert row(found, "code", "V.8")["remark"] == "Cần từ 2 tháng có số mới dự báo được"


def test_counts_end_at_whole_things() -> None:
    found = outlook("IV.2", over_the_months("VHXH", *(figure("IV.2", n) for n in (0.0, 0.0, 1.0, 1.0))))
    assert (found["next_verdict"], found["next_distance"]) == ("met", 1)
    assert found["needed"] == 0.6  # one paper in 1.55 months
    assert found["projection_text"].startswith("khoảng 1")


def test_an_index_has_two_decimals_and_no_sign_of_percent() -> None:
    found = outlook("V.1", over_the_months("VHXH", *(figure("V.1", n) for n in (0.6, 0.65, 0.7, 0.75))))
    assert found["projection_text"] == "khoảng 0,83"
    assert found["chance"] == "Cao"


def test_at_most_needs_a_fall() -> None:
    plan = replace(
        PLAN,
        indicators=tuple(
            replace(i, target=Target("at_most", "≤ 20%", value=20)) if i.code == "V.21" else i
            for i in PLAN.indicators
        ),
    )
    found = outlook(
        "V.21", over_the_months("VHXH", *(counts("V.21", n, 100) for n in (60, 50, 40, 30))), plan
    )
    assert (found["next_verdict"], found["next_distance"]) == ("warning", 5)
    assert found["needed"] == pytest.approx(-10 / (47 * 12 / 365))
    assert (found["chance"], found["remark"]) == ("Cao", "")


@pytest.mark.parametrize(
    ("code", "files", "remark"),
    [
        ("III.1", over_the_months("VHXH", figure("III.1", 0.0), figure("III.1", 0.0)), None),
        ("III.1", over_the_months("VHXH", *(figure("III.1", 0.0),) * 4), "Có/Chưa: không dự báo"),
        ("V.20", [], None),
        ("V.20", over_the_months("CA", *(counts("V.20", 5, 10),) * 3, word("V.20", "no_data")), None),
        ("II.1", over_the_months("VHXH", *(counts("II.1", 5, 10),) * 4), None),
    ],
)
def test_where_nothing_is_foreseen_the_reason_stands(
    code: str, files: list[Sent], remark: str | None
) -> None:
    """Yes/no, nothing this month, and a sum that lacks one of its two units."""
    found = outlook(code, files)
    assert (found["projection"], found["needed"], found["chance"]) == (None, None, None)
    assert found["remark"] == (remark or "Tháng này chưa có số được tính điểm nên không dự báo")


def test_a_month_of_too_few_units_is_no_point_of_the_line() -> None:
    """II.1 with both units in September and November, with one in October: two points."""
    lead = over_the_months("VHXH", None, *(counts("II.1", n, 10) for n in (4, 9, 6)))
    other = over_the_months("CQ", None, counts("II.1", 4, 10), None, counts("II.1", 6, 10))
    found = outlook("II.1", [*lead, *other])
    assert found["periods"] == 2
    assert found["pace"] == pytest.approx(20 / 61 * 365 / 12)


# --- carried forward ------------------------------------------------------------------------------


def test_the_last_figure_is_shown_and_never_scored() -> None:
    """V.20 met in September; nothing in October, and "no data" in November."""
    files = over_the_months("CA", None, counts("V.20", 9, 10), None, word("V.20", "no_data", "chờ số"))
    found = month(*files, sent("CA", counts("V.28", 9, 10), at="2026-11-18T07:00:00+07:00"))
    shown = row(pages(found).frames["indicators"], "code", "V.20")
    assert (shown["carried"], shown["carried_from"]) == (90, "2026-09")
    assert (shown["result"], shown["verdict"], shown["attainment"]) == (None, "missing", None)
    assert shown["remark"] == (
        "Đơn vị báo chưa có số liệu: chờ số. "
        "Số tháng trước (9/2026): 90,00%, mang sang để xem, không tính điểm"
    )
    assert (found.total.reported, found.total.mean_reported) == (1, 90)
    assert found.total.mean_with_missing == pytest.approx(90 / 38)  # 38 owe a figure; V.20 earns nothing


def test_nothing_is_carried_over_a_figure_or_out_of_nothing() -> None:
    files = over_the_months("CA", None, None, counts("V.20", 9, 10), counts("V.20", 8, 10))
    frame = pages(month(*files)).frames["indicators"]
    assert frame["carried"].isna().all()
    assert set(frame["carried_from"]) == {""}


def test_what_is_said_of_a_sum_over_the_year_that_lacks_a_month() -> None:
    files = over_the_months("PVHCC", counts("V.7", 9, 10), None, word("V.7", "no_data"), counts("V.7", 9, 10))
    remark = row(pages(month(*files)).frames["indicators"], "code", "V.7")["remark"]
    assert "Lũy kế thiếu số tháng 9, 10" in remark


# --- what has changed -----------------------------------------------------------------------------


def two_months() -> Month:
    """V.20 met → warning; V.28 warning → met; V.30 scored → missing; V.13 missing → scored;
    V.14 and V.3 stay behind, one farther and one nearer; I.1 stays as it is."""
    october = [
        sent("CA", counts("V.20", 80, 100), counts("V.28", 90, 100), counts("V.30", 1, 10), period="2026-10"),
        sent("VP", counts("V.14", 3, 10), period="2026-10"),
        sent("PVHCC", counts("V.3", 3, 10), word("V.4", "no_data"), period="2026-10"),
        sent("VHXH", counts("I.1", 5, 10), period="2026-10"),
    ]
    november = [
        sent("CA", counts("V.20", 70, 100), counts("V.28", 100, 100)),
        sent("VP", counts("V.14", 2, 10), counts("V.13", 1, 10)),
        sent("PVHCC", counts("V.3", 4, 10), word("V.4", "no_activity")),
        sent("VHXH", counts("I.1", 5, 10)),
    ]
    return month(*october, *november)


def test_what_got_worse_stands_first() -> None:
    frame = pages(two_months()).frames["turns"]
    assert list(zip(frame["turn"], frame["code"], strict=True)) == [
        ("worse", "V.20"),
        ("lost", "V.30"),
        ("better", "V.28"),
        ("new", "V.13"),
        ("other", "V.4"),
        ("down", "V.14"),
        ("up", "V.3"),
    ]
    assert set(frame["compared"]) == {"Tháng trước"}
    found = row(frame, "code", "V.20")
    assert (found["verdict_before"], found["verdict"]) == ("met", "warning")
    assert (found["result_before"], found["result"], found["change"]) == (80, 70, -10)
    assert (found["attainment_before"], found["attainment"]) == (100, 87.5)
    assert found["points_change"] == -12.5
    assert (found["lead"], found["entry"]) == ("Công an xã", "ratio")


def test_points_are_capped() -> None:
    """From 125 % to 112.5 % of the target: the result falls, the points do not."""
    files = over_the_months("CA", None, None, counts("V.20", 100, 100), counts("V.20", 90, 100))
    found = row(pages(month(*files)).frames["turns"], "code", "V.20")
    assert (found["turn"], found["change"], found["points_change"]) == ("down", -10, 0)


def test_less_is_better_where_little_is_asked() -> None:
    plan = replace(
        PLAN,
        indicators=tuple(
            replace(i, target=Target("at_most", "≤ 20%", value=20)) if i.code == "V.20" else i
            for i in PLAN.indicators
        ),
    )
    files = over_the_months("CA", None, None, counts("V.20", 90, 100), counts("V.20", 80, 100))
    assert row(pages(month(*files, plan=plan), plan).frames["turns"], "code", "V.20")["turn"] == "up"


def test_the_first_month_has_nothing_to_be_compared_with() -> None:
    assert pages(month(sent("CA", counts("V.20", 80, 100)))).frames["turns"].empty


def test_what_has_changed_since_the_month_was_issued() -> None:
    """A later file mends V.20: the earlier issue is compared with what is known now."""
    first = sent("CA", counts("V.20", 10, 100))
    issued = month(first)
    now = month(first, sent("CA", counts("V.20", 90, 100), at="2026-11-21T08:00:00+07:00"))
    earlier = issued.of_period(issued.indicators)
    frame = pages(now, earlier=earlier).frames["turns"]
    assert frame[["compared", "turn", "code", "result_before", "result"]].to_numpy().tolist() == [
        ["Bản đã phát hành của tháng này", "better", "V.20", 10, 90]
    ]
    assert pages(issued, earlier=earlier).frames["turns"].empty


def test_an_indicator_that_only_one_of_them_has_is_left_out() -> None:
    found = two_months()
    now = found.of_period(found.indicators)
    assert turns(now[now["indicator"].ne("V.20")], now, PLAN).empty


# --- units ----------------------------------------------------------------------------------------


def test_each_unit_month_by_month() -> None:
    files = over_the_months("CA", None, counts("V.20", 8, 10), None, counts("V.20", 8, 10))
    files.append(sent("CA", counts("V.28", 1, 1), counts("V.30", 1, 1), at="2026-11-18T09:00:00+07:00"))
    frame = pages(month(*files)).frames["unit_months"]
    rows = frame[frame["name"].eq("Công an xã")].astype(object).where(frame.notna(), None)
    keys = ["period", "time", "rows", "clean", "faulty", "quality", "quality_change", "results"]
    assert rows[keys].to_numpy().tolist() == [
        ["09/2026", "on_time", 3, 1, 2, pytest.approx(100 / 3), None, pytest.approx(100 / 3)],
        ["10/2026", "", 3, 0, 3, 0, pytest.approx(-100 / 3), 0],
        ["11/2026", "on_time", 3, 3, 0, 100, 100, 100],
    ]
    assert len(frame) == 3 * len(PLAN.expected_units)


def test_what_was_wrong_in_an_earlier_month_is_told_there_and_counted_here() -> None:
    """V.28 was held back in October: its finding is October's, and so is the row that it spoils."""
    files = [
        sent("CA", counts("V.20", 8, 10), finding("R03", "V.28"), period="2026-10", outcome="partial"),
        sent("CA", counts("V.20", 8, 10)),
    ]
    found = month(*files)
    frames = pages(found).frames
    assert frames["findings"].empty
    assert (row(frames["units"], "unit", "CA")["held"], row(frames["units"], "unit", "CA")["missing"]) == (
        0,
        2,
    )
    cards = found.cards[found.cards["unit"].eq("CA")]
    assert cards[["rows_held", "rows_absent"]].to_numpy().tolist() == [[1, 1], [0, 2]]


def test_ranks_are_said_in_words() -> None:
    frame = pages(month(sent("CA", *(counts(c, 1, 1) for c in ("V.20", "V.28", "V.30"))))).frames["units"]
    said = {
        u: (row(frame, "unit", u)["rank"], row(frame, "unit", u)["rank_range"]) for u in ("CA", "VP", "KT")
    }
    assert said == {"CA": ("1", "1"), "VP": ("2–6", "2–6"), "KT": ("", "")}


def test_a_word_that_waits_is_named_to_officer_and_unit() -> None:
    found = pages(month(sent("PVHCC", word("V.4", "no_activity"), counts("V.7", 1, 1))))
    assert row(found.frames["units"], "unit", "PVHCC")["remark"].endswith(
        "«Không phát sinh» chờ xác nhận, tạm tính là chưa có số liệu: V.4"
    )
    assert "«Không phát sinh» chờ đơn vị đầu mối đối chiếu, xác nhận: V.4." in found.overview.remarks
    assert (
        row(found.frames["indicators"], "code", "V.4")["remark"] == "«Không phát sinh» chờ đầu mối xác nhận"
    )


def test_words_that_wait_are_named_in_the_order_of_the_plan() -> None:
    """V.4 before V.11, as people count."""
    found = pages(month(sent("PVHCC", word("V.11", "no_activity"), word("V.4", "no_activity"))))
    assert row(found.frames["units"], "unit", "PVHCC")["remark"].endswith("chưa có số liệu: V.4, V.11")
    assert "«Không phát sinh» chờ đơn vị đầu mối đối chiếu, xác nhận: V.4, V.11." in found.overview.remarks
