"""Every number of the report stands in the workbook of the same month: the demonstration, all its months."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.base.period import Period
from pipeline.core.calendar import days_of
from pipeline.core.report.written import number
from pipeline.run.demo import PLAN_FILE, make_demo
from pipeline.run.report import write_report
from pipeline.run.workspace import Workspace
from pipeline.spec.plan import Plan
from pipeline.spec.plan_file import load_plan
from tests.consolidated_reading import HEADER, cells, load_book
from tests.word import Document

PERIODS = [Period(2026, month) for month in (8, 9, 10, 11)]
NUMBER = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?")
DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{2}:\d{2}\b")
NOT_COMPARABLE = "tính trên số đơn vị khác nhau"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minh hoa")
    make_demo(folder, lambda _: None)
    return folder


@pytest.fixture(scope="module", params=PERIODS, ids=str)
def pair(request: pytest.FixtureRequest, folder: Path) -> tuple[Plan, Period, Document, Workbook]:
    period: Period = request.param
    now = datetime(period.year, period.month, 24, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    workspace = Workspace(folder, folder / PLAN_FILE, now)
    result = write_report(workspace, period, False, lambda _: None)
    plan = load_plan("plan", (folder / PLAN_FILE).read_text(encoding="utf-8"))
    book = load_book(workspace.workbook(period).read_bytes())
    return plan, period, Document(result.document.read_bytes()), book


def table(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows of a sheet by heading."""
    heads = {cell.column: str(cell.value) for cell in sheet[HEADER] if cell.value is not None}
    return [
        {head: sheet.cell(row, column).value for column, head in heads.items()}
        for row in range(HEADER + 1, sheet.max_row + 1)
    ]


def of_indicators(book: Workbook) -> list[dict[str, object]]:
    return [row for row in table(book["Chỉ tiêu"]) if row["Mã"]]


def numbers_in(text: str) -> set[str]:
    return set(NUMBER.findall(DAY.sub(" ", text)))


def shown(value: float) -> Iterator[str]:
    """A number as the report may write it, to any of its precisions, with and without zeros at the end."""
    for decimals in (0, 1, 2, 4):
        yield number(abs(value), decimals)
        yield f"{round(abs(value) + 1e-12, decimals):,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def counts_in(text: str, words: dict[str, str]) -> dict[str, int]:
    """What is counted before each of the words: `7 chỉ tiêu chậm` is 7 of "chậm"."""
    found = {key: re.search(rf"(\d+) {re.escape(word)}", text) for key, word in words.items()}
    return {key: int(match[1]) for key, match in found.items() if match}


VERDICTS = {
    "● Đã đạt": "chỉ tiêu đã đạt mục tiêu cả năm",
    "► Đúng tiến độ": "chỉ tiêu đúng tiến độ",
    "▲ Cảnh báo": "chỉ tiêu ở mức cảnh báo",
    "▼ Chậm": "chỉ tiêu chậm",
    "◦ Chưa đủ số liệu": "chỉ tiêu chưa đủ số liệu",
    "○ Chưa có số liệu": "chỉ tiêu chưa có số liệu",
    "◊ Chưa có kết quả": "chỉ tiêu chưa có kết quả",
    "– Không phát sinh": "chỉ tiêu không phát sinh",
    "□ Chưa đến kỳ": "chỉ tiêu chưa đến kỳ",
    "▫ Không bắt buộc": "chỉ tiêu không bắt buộc",
}
MOVES = {1: "chỉ tiêu tăng", -1: "chỉ tiêu giảm", 0: "chỉ tiêu không thay đổi"}


def sign(row: dict[str, object]) -> int:
    change = round(float(str(row["Tăng, giảm"])), 2)
    return (change > 0) - (change < 0)


def moves(plan: Plan, book: Workbook) -> Counter[int]:
    """How many indicators rose, fell and stayed, of those that can be compared."""
    return Counter(
        sign(row)
        for row in of_indicators(book)
        if isinstance(row["Tăng, giảm"], int | float)
        and plan.indicator_by_code[str(row["Mã"])].entry != "yes_no"
        and NOT_COMPARABLE not in str(row["Ghi chú"])
    )


def test_verdicts_are_counted_as_on_the_sheet(pair: tuple[Plan, Period, Document, Workbook]) -> None:
    plan, _, document, book = pair
    rows = of_indicators(book)
    whole = Counter(str(row["Đánh giá"]) for row in rows)
    assert counts_in(document.find("Trong 40 chỉ tiêu").text, VERDICTS) == whole
    for group in plan.groups:
        of_group = Counter(str(r["Đánh giá"]) for r in rows if r["Nhóm"] == group.code)
        short = {verdict: verdict[2:].lower() for verdict in VERDICTS}
        heading = next(p.text for p in document.paragraphs if f") {group.name}: " in p.text)
        assert counts_in(heading.partition("(")[2], short) == of_group
        assert f"{group.name}: {of_group.total()} chỉ tiêu (" in heading
    good, reported = whole["● Đã đạt"] + whole["► Đúng tiến độ"], sum(whole[v] for v in list(VERDICTS)[:4])
    assert f"- {good}/{reported} chỉ tiêu có số liệu đã đạt" in document.text
    lagging = {verdict: VERDICTS[verdict] for verdict in ("▲ Cảnh báo", "▼ Chậm")}
    wanted = {verdict: whole[verdict] for verdict in lagging}
    assert counts_in(document.find("- Tập trung chỉ đạo").text, lagging) == wanted


def test_rises_and_falls_are_counted_as_on_the_sheet(
    pair: tuple[Plan, Period, Document, Workbook],
) -> None:
    plan, period, document, book = pair
    moved = moves(plan, book)
    if period == PERIODS[0]:
        assert not moved
        assert "so sánh được" not in document.text
    else:
        line = document.find(f"Trong {moved.total()} chỉ tiêu so sánh được với tháng {period.month - 1}")
        assert counts_in(line.text, {str(k): word for k, word in MOVES.items()}) == {
            str(k): count for k, count in moved.items()
        }


def test_tasks_are_counted_as_on_the_sheet(pair: tuple[Plan, Period, Document, Workbook]) -> None:
    plan, _, document, book = pair
    rows = [row for row in table(book["Nhiệm vụ"]) if row["Mã"]]
    planned = Counter(str(r["Tình trạng"]) for r in rows if not str(r["Mã"]).startswith("DV."))
    line = document.find("Kế hoạch có").text
    assert line.startswith(f"Kế hoạch có {len(plan.tasks)} nhiệm vụ")
    assert counts_in(line, {state: f"nhiệm vụ {state.lower()}" for state in planned}) == planned
    loose = sum(row["Đơn vị"] == "Chưa phân công" for row in rows)
    assert f"- {loose} nhiệm vụ chưa phân công đơn vị chủ trì." in document.text


def test_units_are_counted_as_on_the_sheet(pair: tuple[Plan, Period, Document, Workbook]) -> None:
    _, _, document, book = pair
    rows = [row for row in table(book["Tình trạng nộp"]) if row["Mã"]]
    usable = sum(bool(row["Thời hạn"]) for row in rows)  # what cannot be used was never in time
    on_time = sum(row["Thời hạn"] == "● Đúng hạn" for row in rows)
    share = f"có {usable}/{len(rows)} đơn vị phải báo cáo đã gửi phiếu dùng được"
    said = f"{share}, trong đó {on_time} đơn vị đúng hạn"
    assert said in document.text
    for head, state, words in (
        ("Nộp phiếu", "▼ Chưa nộp", "Chưa nộp"),
        ("Thời hạn", "▼ Trễ hạn", "Nộp trễ hạn"),
    ):
        names = [str(row["Đơn vị"]) for row in rows if row[head] == state]
        line = f"- {words} ({len(names)} đơn vị): {', '.join(names)}."
        assert (line in document.text) == bool(names)
    held = sum(int(str(row["Bị giữ lại do lỗi"] or 0)) for row in table(book["Đơn vị"]) if row["Mã"])
    assert (f"- {held} số liệu bị giữ lại" in document.text) == bool(held)


def test_every_number_of_the_report_stands_in_the_workbook(
    pair: tuple[Plan, Period, Document, Workbook],
) -> None:
    plan, _, document, book = pair
    assert plan.report is not None
    values = [cell.value for sheet in book.worksheets for cell in cells(sheet)]
    known = {text for v in values if isinstance(v, int | float) for text in shown(float(v))}
    known |= {text for value in values if isinstance(value, str) for text in numbers_in(value)}
    known |= {text.replace(".", ",") for text in known if text.count(".") == 1}  # a target as printed
    known |= numbers_in(plan.title + plan.report.subject)
    moved = moves(plan, book)
    known |= {str(count) for count in (moved.total(), *moved.values())}
    numbered = [row[0] for row in document.rows(len(document.tables) - 1)[1:]]
    assert numbered == [str(n) for n in range(1, len(numbered) + 1)]
    headings = re.compile(r"^(?:[IVX]+|\d|Phụ lục [IVX]+)\. |mục (?:II\.2|IV\.1)\.?")
    for paragraph in document.paragraphs:
        text = headings.sub("", paragraph.text.replace("\u00a0", " "))
        assert not numbers_in(text) - known, text


def test_every_day_of_the_report_is_of_the_calendar_or_of_the_workbook(
    pair: tuple[Plan, Period, Document, Workbook],
) -> None:
    plan, period, document, book = pair
    known = {
        day for sheet in book.worksheets for cell in cells(sheet) for day in DAY.findall(str(cell.value))
    }
    for of in (period, period.shift(1)):
        days = days_of(plan.calendar, of)
        known |= {
            f"{day:%d/%m/%Y}" for day in (days.first, days.closing, days.submit_before, days.report_before)
        }
    known.add(f"31/12/{plan.year - 1}")
    assert set(DAY.findall(document.text)) <= known


def test_the_appendix_shows_the_figures_of_each_indicator(
    pair: tuple[Plan, Period, Document, Workbook],
) -> None:
    plan, _, document, book = pair
    appendix = {row[0]: row for row in document.rows(2) if row[0] in plan.indicator_by_code}
    assert len(appendix) == len(plan.indicators)
    heads = ("Tử số", "Mẫu số", "Kết quả", "Tháng trước", "Hoàn thành (%)")
    for row in of_indicators(book):
        code = str(row["Mã"])
        indicator = plan.indicator_by_code[code]
        for head, text in zip(heads, appendix[code][4:9], strict=True):
            value = row[head]
            if not isinstance(value, int | float):
                assert text == "–", (code, head)
            elif indicator.entry == "yes_no" and head in ("Kết quả", "Tháng trước"):
                assert text == ("Có" if value else "Chưa")
            else:
                assert text in set(shown(float(value))), (code, head)
        assert str(row["Đánh giá"]).endswith(appendix[code][9])


def test_a_sentence_about_an_indicator_quotes_its_own_row(
    pair: tuple[Plan, Period, Document, Workbook],
) -> None:
    _, period, document, book = pair
    told = 0
    for row in of_indicators(book):
        if row["Đánh giá"] not in ("▲ Cảnh báo", "▼ Chậm") or row["Mã"] == "III.1":
            continue
        line = next(
            p.text for p in document.paragraphs if p.text.startswith("- ") and f"({row['Mã']}):" in p.text
        )
        figures = line.partition(f"({row['Mã']}): ")[2]
        assert NUMBER.match(figures)[0] in set(shown(float(str(row["Kết quả"])))), line  # type: ignore[index]
        missing = figures.partition("còn thiếu ")[2]
        assert NUMBER.match(missing)[0] in set(shown(float(str(row["Còn thiếu so mục tiêu"])))), line  # type: ignore[index]
        if "tăng " in figures or "giảm " in figures:
            change = float(str(row["Tăng, giảm"]))
            word = "tăng" if change > 0 else "giảm"
            by = re.search(rf"{word} ({NUMBER.pattern}) .*so với tháng {period.month - 1};", figures)
            assert by is not None, line
            assert by[1] in set(shown(change)), line
        told += 1
    assert told >= 10


def test_means_are_those_of_the_overview(pair: tuple[Plan, Period, Document, Workbook]) -> None:
    _, _, document, book = pair
    sheet = book["Tổng quan"]
    label = next(c for c in cells(sheet) if c.value == "Toàn kế hoạch")
    means = [c.value for c in sheet[label.row] if isinstance(c.value, float)][-2:]
    line = next(p.text for p in document.paragraphs if p.text.startswith("Mức hoàn thành bình quân so với"))
    assert re.findall(r"([\d,]+)%", line) == [number(float(str(mean)), 1) for mean in means]
