"""What the report says of a month worked out by hand, and how it writes numbers and days."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.period import Period
from pipeline.core.report.written import fixed, month_number, number, rounded
from pipeline.spec.report import IndicatorRow, Report
from tests.forms import PLAN
from tests.reports import built, two_months
from tests.sent import counts, sent, task, text

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="module")
def report() -> Report:
    return built(*two_months())


def everything(told: Report) -> str:
    """All lines of the body."""
    groups = [
        line
        for g in told.groups
        for line in (g.heading, *(x for v in g.verdicts for x in (v.title, v.text, *v.lines)))
    ]
    return "\n".join(
        (
            told.opening,
            *(*told.direction, *told.overall, *groups, *told.tasks, *told.highlights),
            *(*told.strengths, *told.shortfalls, *told.causes),
            *(*told.obstacles, *told.requests, *told.next_steps, told.closing),
        )
    )


def line_of(told: Report, code: str) -> str:
    lines = [line for g in told.groups for v in g.verdicts for line in v.lines]
    return next(line for line in lines if f"({code})" in line)


# --- numbers and days -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "written"), [(1, "01"), (2, "02"), (3, "3"), (9, "9"), (10, "10"), (12, "12")]
)
def test_only_january_and_february_have_a_zero(month: int, written: str) -> None:
    assert month_number(month) == written


@pytest.mark.parametrize(
    ("value", "decimals", "short", "full"),
    [
        (2.3, 2, "2,3", "2,30"),
        (100.0, 2, "100", "100,00"),
        (61.538462, 2, "61,54", "61,54"),
        (0.125, 2, "0,13", "0,13"),  # a half goes up, as in a spreadsheet
        (2.675, 2, "2,68", "2,68"),
        (1234567.0, 0, "1.234.567", "1.234.567"),
        (0.76, 4, "0,76", "0,7600"),
        (0.0, 2, "0", "0,00"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value: float, decimals: int, short: str, full: str) -> None:
    assert number(value, decimals) == short
    assert fixed(value, decimals) == full


def test_what_rounds_to_nothing_is_nothing() -> None:
    assert rounded(0.004, 2) == 0


def test_the_date_leaves_the_day_to_the_clerk() -> None:
    now = datetime(2026, 2, 24, 8, tzinfo=ZONE)
    told = built(period=Period(2026, 2), now=now)
    assert told.date == "ngày      tháng 02 năm 2026"
    assert told.subject.endswith("tháng 02 năm 2026")
    assert "Kỳ báo cáo tháng 3 năm 2026" in told.next_steps[-1]


# --- chapters -------------------------------------------------------------------------------------


def test_the_opening_names_plan_month_and_days(report: Report) -> None:
    assert report.opening.startswith(f"Thực hiện {PLAN.title}, Phòng Văn hóa - Xã hội báo cáo")
    assert "tháng 11 năm 2026 (số liệu từ ngày 15/10/2026 đến hết ngày 14/11/2026)" in report.opening


def test_who_has_sent(report: Report) -> None:
    assert report.direction[0] == (
        "Theo Kế hoạch, các đơn vị gửi báo cáo tháng trước ngày 20/11/2026. "
        "Đến 08:00 ngày 24/11/2026, có 3/9 đơn vị phải báo cáo đã gửi phiếu dùng được, "
        "trong đó 2 đơn vị đúng hạn (chi tiết tại Phụ lục III)."
    )
    said = report.shortfalls
    assert "- Nộp trễ hạn (1 đơn vị): Công an xã." in said
    assert "- Đã nộp nhưng phiếu bị trả lại hoặc để trống (1 đơn vị): Phòng Kinh tế." in said
    assert any(line.startswith("- Chưa nộp (5 đơn vị): Văn phòng HĐND và UBND xã, ") for line in said)


def test_a_fall_is_told_for_the_year_and_the_month(report: Report) -> None:
    assert line_of(report, "V.7") == (
        "- Tỷ lệ hồ sơ thủ tục hành chính xử lý trực tuyến (V.7): 60% tính từ đầu năm (riêng tháng 11: 50%), "
        "giảm 20 điểm phần trăm so với tháng 10; mục tiêu 95%, còn thiếu 35 điểm phần trăm; "
        "đơn vị chủ trì: Trung tâm Phục vụ hành chính công."
    )
    assert (
        "+ Tỷ lệ hồ sơ thủ tục hành chính xử lý trực tuyến (V.7) giảm 20 điểm phần trăm." in report.shortfalls
    )


def test_a_fall_of_a_rate_in_points(report: Report) -> None:
    assert ": 72,7%, giảm 2,3 điểm phần trăm so với tháng 10; " in line_of(report, "V.20")


def test_rises_of_rates_indices_and_counts(report: Report) -> None:
    assert "tăng 14,29 điểm phần trăm so với tháng 10" in line_of(report, "V.30")
    assert ": 0,73, tăng 0,03 điểm so với tháng 10; mục tiêu ≥\u00a00,8, còn thiếu 0,07 điểm;" in line_of(
        report, "V.1"
    )
    assert report.strengths[1] == "- Tăng nhiều nhất so với tháng 10:"
    assert report.strengths[2].startswith("+ Tỷ lệ các hệ thống thông tin phê duyệt")
    assert "2 bài báo, mục tiêu ≥\u00a02" in everything(report)


def test_what_stays_is_said_to_stay(report: Report) -> None:
    assert ": 75%, không thay đổi so với tháng 10; " in line_of(report, "V.3")


def test_a_sum_over_too_few_units_is_neither_judged_nor_compared(report: Report) -> None:
    alike = next(v for g in report.groups for v in g.verdicts if v.title.startswith("Chưa đủ số liệu"))
    assert alike.title == "Chưa đủ số liệu để đánh giá do quá ít đơn vị gửi (1 chỉ tiêu):"
    assert "(II.1) 80%, mục tiêu 100%" in alike.text
    assert report.overall[-1] == (
        "Trong 7 chỉ tiêu so sánh được với tháng 10 có 4 chỉ tiêu tăng, 2 chỉ tiêu giảm "
        "và 1 chỉ tiêu không thay đổi."
    )


def test_too_few_figures_give_no_mean(report: Report) -> None:
    assert report.overall[1].startswith("Mới có số liệu của ")
    assert "chưa đủ để đánh giá mức hoàn thành bình quân" in report.overall[1]
    assert "Mức hoàn thành bình quân" not in everything(report)


def test_missing_figures_name_indicator_unit_and_reason(report: Report) -> None:
    said = everything(report)
    assert "báo chưa có số liệu, lý do: chờ Bưu điện" in said
    group = next(g for g in report.groups if g.heading.startswith("b)"))
    titles = [v.title for v in group.verdicts]
    assert "Chưa có số liệu (3 chỉ tiêu):" in titles
    missing = next(v for v in group.verdicts if v.title.startswith("Chưa có số liệu"))
    assert "(II.2, Phòng Văn hóa - Xã hội)" in missing.text


def test_groups_are_lettered_the_vietnamese_way(report: Report) -> None:
    assert [group.heading.partition(")")[0] for group in report.groups] == ["a", "b", "c", "d", "đ"]


def test_many_alike_are_named_by_their_codes(report: Report) -> None:
    group = report.groups[-1]
    missing = next(v for v in group.verdicts if v.title.startswith("Chưa có số liệu"))
    assert missing.text.startswith("V.2, V.4, V.5, ")
    assert missing.text.endswith(" (chi tiết tại Phụ lục I).")


def test_every_indicator_is_spoken_of_once(report: Report) -> None:
    for group, shown in zip(report.groups, report.indicator_groups, strict=True):
        said = " ".join(part for v in group.verdicts for part in (v.text, *v.lines))
        for row in shown.rows:
            assert sum(said.count(f"{row.code}{end}") for end in (")", ",", " (chi tiết")) == 1, row.code


def test_tasks_are_counted_by_state(report: Report) -> None:
    assert report.tasks[0] == (
        "Kế hoạch có 11 nhiệm vụ trọng tâm: 1 nhiệm vụ đang thực hiện, chậm tiến độ; "
        "10 nhiệm vụ chưa có báo cáo tiến độ."
    )
    assert report.tasks[1] == "Các đơn vị tự đăng ký 1 nhiệm vụ: 1 nhiệm vụ hoàn thành, đúng hạn."
    assert report.tasks[2].endswith(": đang thực hiện, chậm tiến độ, tiến độ 20%.")
    assert "- 1 nhiệm vụ chậm tiến độ hoặc quá hạn." in report.shortfalls


# --- the units' own words -------------------------------------------------------------------------


def test_texts_stand_with_the_full_name_and_keep_their_paragraphs(report: Report) -> None:
    assert report.highlights == (
        "- Trung tâm Phục vụ hành chính công:",
        "+ Đã mở 2 quầy.",
        "- Quầy thứ nhất",
        "+ Quầy thứ hai",
    )


def test_equal_texts_are_said_once_with_all_units(report: Report) -> None:
    assert report.obstacles == ("- Trung tâm Phục vụ hành chính công, Công an xã: Thiếu máy quét.",)


def test_where_nobody_wrote_the_section_says_so(report: Report) -> None:
    assert report.requests[0] == "Trong tháng chưa có đơn vị nào nêu kiến nghị, đề xuất."
    assert report.next_steps[0] == "Trong tháng chưa có đơn vị nào nêu phương hướng tháng tới."


def test_places_for_the_officer_are_marked(report: Report) -> None:
    marked = [line for line in everything(report).splitlines() if "(…)" in line]
    assert [line[:4] for line in marked] == ["(…) "] * 3


# --- other months ---------------------------------------------------------------------------------


def test_a_month_in_which_nothing_came() -> None:
    told = built()
    assert "chưa có đơn vị nào trong 9 đơn vị phải báo cáo nộp phiếu" in told.direction[0]
    assert told.overall[0].startswith("Trong 40 chỉ tiêu của Kế hoạch có 38 chỉ tiêu chưa có số liệu")
    assert told.highlights == ("Trong tháng chưa có đơn vị nào nêu kết quả nổi bật.",)
    assert told.strengths == ("Số liệu đã nhận chưa cho thấy kết quả nào để nêu.",)
    assert {row.result for group in told.indicator_groups for row in group.rows} == {"–"}


def test_before_the_deadline_nobody_is_late() -> None:
    told = built(sent("PVHCC", counts("V.7", 50, 100)), now=datetime(2026, 11, 16, 8, tzinfo=ZONE))
    assert any(line.startswith("- Chưa nộp, còn trong hạn (8 đơn vị): ") for line in told.direction)
    assert "Chưa nộp (" not in everything(told)


def test_the_last_month_of_the_year_announces_none_after_it() -> None:
    told = built(period=Period(2026, 12), now=datetime(2026, 12, 24, 8, tzinfo=ZONE))
    assert not [line for line in told.next_steps if "Kỳ báo cáo" in line]


def test_never_not_reached_before_the_end_of_the_year(report: Report) -> None:
    assert "không đạt" not in everything(report).lower()


# --- appendices -----------------------------------------------------------------------------------


def row_of(told: Report, code: str) -> IndicatorRow:
    return next(row for group in told.indicator_groups for row in group.rows if row.code == code)


def test_the_appendix_of_indicators(report: Report) -> None:
    row = row_of(report, "V.6")
    assert (row.numerator, row.denominator, row.result, row.previous) == ("1.000", "1.000", "100,00", "90,00")
    assert (row.attainment, row.verdict, row.target) == ("100,0", "Đã đạt", "100%")
    assert row_of(report, "III.1").result == "Chưa"
    assert row_of(report, "V.9").remark == "1/1 đơn vị. Mẫu số bằng 0. «Không phát sinh» chờ đầu mối xác nhận"
    assert [len(group.rows) for group in report.indicator_groups] == [2, 4, 1, 3, 30]


def test_the_appendix_of_tasks_and_of_submissions(report: Report) -> None:
    assert [group.heading for group in report.task_groups][-1] == "Nhiệm vụ do các đơn vị tự đăng ký"
    assert sum(len(group.rows) for group in report.task_groups) == 12
    late = next(row for row in report.submissions if row.unit == "Công an xã")
    assert (late.receipt, late.time, late.outcome) == ("Đã nộp", "Trễ hạn", "Hợp lệ")
    assert (late.arrived, late.rows) == ("20/11/2026", "2/3")


def test_a_task_without_a_word_about_it_is_no_progress() -> None:
    told = built(sent("VHXH", task("NV.1.2", state="", progress=None), text("KQ", "Xong.")))
    row = next(row for group in told.task_groups for row in group.rows if row.code == "NV.1.2")
    assert (row.progress, row.state) == ("–", "–")
