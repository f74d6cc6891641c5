"""A made-up plan of another shape, from its forms to the report, by the commands; the figures by hand."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.period import Period
from pipeline.base.text import fold
from pipeline.cli.main import main
from pipeline.edges.form.filler import fill_form
from tests.consolidated_reading import cell_at, load_book
from tests.forms import INDICATORS, TEMPLATE, cell_of, load
from tests.second_plan import (
    APRIL,
    JUNE,
    MARCH,
    PLAN,
    PLAN_FILE,
    UNITS,
    cells_of,
    figures_of,
    filled_form,
)
from tests.word import Document

# Days of the folders in the inbox. Last good days that fall on Sundays move, to 5 April and to 5 July.
CAME = {MARCH: "2027-04-05", APRIL: "2027-05-02", JUNE: "2027-07-02"}
ODD = {(JUNE, "T37"): "2027-07-05", (JUNE, "T38"): "2027-07-06", (APRIL, "T38"): ""}  # "": never
RUN_AT = {MARCH: "2027-04-06T08:00", APRIL: "2027-05-06T08:00", JUNE: "2027-07-06T08:00"}

FOREIGN = ("phước an", "đồng nai", "57-nq", "vhxh", "văn hóa - xã hội", "ubnd")

NOT_DUE = "□ Chưa đến kỳ"
# By month and code: result, attainment, verdict. Every unit has 10 people, 20 dossiers, 50 households.
BY_HAND: dict[Period, dict[str, tuple[float | str | None, float | None, str]]] = {
    MARCH: {
        "HT.1": (50, 62.5, "► Đúng tiến độ"),  # 5 of 10; the path asks for 40 + 40 * 90 / 365 = 49.86
        "HT.2": (0, 0, "▼ Chậm"),
        "HT.3": (None, None, NOT_DUE),
        "HT.4": (None, None, NOT_DUE),
        "PV.1": (85, 8500 / 90, "▲ Cảnh báo"),  # 17 of 20, against 90
        "PV.2": (8, 62.5, "▼ Chậm"),  # 5 / 8; yellow up to 5 / 0.8 = 6.25
        "PV.3": (4, 50, "► Đúng tiến độ"),  # 2 of 50; the path allows 5 - 3 * 90 / 365 = 4.26
        "PV.4": (1, 100, "● Đã đạt"),
        "PV.5": (20, 25, "► Đúng tiến độ"),  # every other unit one; the path asks for 80 * 90 / 365 = 19.7
        "NL.1": (60, 60, "▼ Chậm"),
        "NL.2": (6, 50, "▼ Chậm"),
        "NL.3": (50, 5000 / 60, "▲ Cảnh báo"),  # the lead's 30 of 60, against 60
    },
    APRIL: {  # 39 of 40 units
        "HT.1": (21400 / 390, 21400 / 390 / 0.8, "► Đúng tiến độ"),  # 20 * 5 + 19 * 6; path 53.15
        "HT.2": (0, 0, "▼ Chậm"),
        "HT.3": (None, None, NOT_DUE),
        "HT.4": (None, None, NOT_DUE),
        "PV.1": (142100 / 1580, 142100 / 1580 / 0.9, "▲ Cảnh báo"),  # 40 * 17 + 39 * 19 of 40 * 20 + 39 * 20
        "PV.2": (None, None, NOT_DUE),
        "PV.3": (None, None, NOT_DUE),
        "PV.4": (4, 75, "▼ Chậm"),  # one more than 3
        "PV.5": (39, 48.75, "► Đúng tiến độ"),
        "NL.1": (80, 80, "▲ Cảnh báo"),
        "NL.2": (None, None, NOT_DUE),
        "NL.3": (60, 100, "● Đã đạt"),
    },
    JUNE: {
        "HT.1": (80, 100, "● Đã đạt"),
        "HT.2": (1, 100, "● Đã đạt"),
        "HT.3": (0.56, 80, "▲ Cảnh báo"),  # 0.56 / 0.7
        "HT.4": (None, None, NOT_DUE),
        "PV.1": (214100 / 2380, 214100 / 2380 / 0.9, "▲ Cảnh báo"),  # 40 * 18 of 40 * 20 more
        "PV.2": (3, 100, "● Đã đạt"),  # two quarters: 8 + 4 of 100 + 300
        "PV.3": (3, 200 / 3, "► Đúng tiến độ"),  # 20 * 1 + 20 * 2 of 40 * 50; the path allows 3.51
        "PV.4": (4, 75, "▼ Chậm"),
        "PV.5": (40, 50, "► Đúng tiến độ"),  # the path asks for 80 * 181 / 365 = 39.7
        "NL.1": (100, 100, "● Đã đạt"),
        "NL.2": (12, 100, "● Đã đạt"),
        "NL.3": (75, 100, "● Đã đạt"),  # above the range
    },
}


@dataclass(frozen=True)
class Made:
    """The workspace after three months, and what the commands have told."""

    root: Path
    told: str

    def outbox(self, period: Period) -> Path:
        return self.root / "outbox" / str(period)

    def book(self, period: Period) -> Any:
        return load_book((self.outbox(period) / f"tong-hop-{period}.xlsx").read_bytes())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = tmp_path_factory.mktemp("second") / "xã Mẫu"
    root.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr("builtins.print", lambda *words, **_: lines.append(" ".join(map(str, words))))
        run(root, "calendar")
        run(root, "templates", "--period", str(APRIL), "--now", "2027-04-02T08:00")
        for period, moment in RUN_AT.items():
            send(root, period)
            when = ("--period", str(period), "--now", moment)
            run(root, "run", *when)
            run(root, "report", *when)
        run(root, "status", "--period", str(JUNE), "--now", RUN_AT[JUNE])
        run(root, "mail", "send", "--period", str(JUNE), "--now", RUN_AT[JUNE])
    return Made(root, "\n".join(lines))


def run(root: Path, *words: str) -> None:
    assert main([*words, "--workspace", str(root), "--plan", str(PLAN_FILE)]) == 0, words


def send(root: Path, period: Period) -> None:
    for unit in UNITS:
        day = ODD.get((period, unit), CAME[period])
        if day:
            folder = root / "inbox" / day
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{unit}.xlsx").write_bytes(form_of(root, unit, period))


def form_of(root: Path, unit: str, period: Period) -> bytes:
    """One form is filled as it was handed out: by a hamlet that lifts the lock of a row that is not due."""
    if (unit, period) != ("T01", APRIL):
        return filled_form(unit, period)
    issued = (root / "outbox" / str(APRIL) / "mau" / "T01-2027-04.xlsx").read_bytes()
    entries = cells_of({**figures_of(unit, period), "PV.3": (9, 50)})
    return fill_form(issued, entries, (), TEMPLATE)


def test_the_plan_is_of_another_shape() -> None:
    assert (len(PLAN.indicators), len(PLAN.units), len(PLAN.groups)) == (12, 40, 3)
    assert {i.target.kind for i in PLAN.indicators} == {"at_least", "at_most", "range", "yes_no"}
    assert {i.basis for i in PLAN.indicators} == {"stock", "flow", "year_to_date"}
    assert {i.entry for i in PLAN.indicators} == {"ratio", "count", "index", "share", "yes_no"}
    assert {i.due_months for i in PLAN.indicators} == {(), (3, 6, 9, 12), (6, 12), (12,)}


@pytest.mark.parametrize("period", BY_HAND, ids=str)
def test_each_indicator_is_as_worked_by_hand(made: Made, period: Period) -> None:
    sheet = made.book(period)["Chỉ tiêu"]
    assert list(BY_HAND[period]) == [i.code for i in PLAN.indicators]
    for code, (result, attainment, verdict) in BY_HAND[period].items():
        found = [cell_at(sheet, code, label).value for label in ("Kết quả", "Hoàn thành (%)", "Đánh giá")]
        wanted = [None if v is None else pytest.approx(v) for v in (result, attainment)]
        assert [value if value != "" else None for value in found] == [*wanted, verdict], code


def test_groups_leave_out_what_is_not_due(made: Made) -> None:
    """April: HT (68.59 + 0) / 2, PV (99.93 + 75 + 48.75) / 3, NL (2 * 80 + 100) / 3."""
    rows = {row[0]: row[1:7] for row in made.book(APRIL)["Tổng quan"].iter_rows(values_only=True)}
    ht, pv = 21400 / 390 / 0.8 / 2, (142100 / 1580 / 0.9 + 75 + 48.75) / 3
    for name, listed, met, reported, mean in (
        ("HT. Hạ tầng số", 4, 0, 2, ht),
        ("PV. Phục vụ người dân", 5, 0, 3, pv),
        ("NL. Nguồn lực", 3, 1, 2, 260 / 3),
    ):
        assert rows[name] == (listed, met, reported, 0, pytest.approx(mean), pytest.approx(mean))


def test_a_quarter_is_set_beside_the_quarter_before(made: Made) -> None:
    book = made.book(JUNE)
    sheet = book["Chỉ tiêu"]
    for code, before in {"PV.2": 8, "PV.3": 4, "NL.2": 6, "HT.1": None}.items():  # nobody sent in May
        assert cell_at(sheet, code, "Tháng trước").value in (before, *([""] if before is None else []))
    turned = {r[2]: r[:2] for r in book["Biến động"].iter_rows(min_row=6, values_only=True)}
    assert turned["PV.2"] == ("Kỳ 03/2027", "● Tốt lên")
    assert turned["PV.3"] == ("Kỳ 03/2027", "◊ Cùng mức, tiến")  # it fell, as it should
    assert turned["HT.1"][0] == "Tháng trước"
    said = str(cell_at(sheet, "PV.1", "Ghi chú").value)
    assert said.startswith("Lũy kế từ tháng 3. Lũy kế thiếu số tháng 5")
    assert "thiếu số" not in str(cell_at(sheet, "PV.2", "Ghi chú").value)  # April and May were not due


def test_charts_draw_no_zero_for_a_month_without_figures_and_say_that_units_are_left_out(made: Made) -> None:
    sheet = made.book(JUNE)["Biểu đồ"]
    header = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Tháng")
    names = ("HT. Hạ tầng số", "PV. Phục vụ người dân", "NL. Nguồn lực", "Toàn Kế hoạch")
    assert tuple(value for value in header if value) == ("Tháng", *names)
    rows = {row[0]: row[1:5] for row in sheet.iter_rows(values_only=True)}
    assert rows["05/2027"] == (None, None, None, None)
    assert rows["04/2027"][2] == pytest.approx(260 / 3)
    texts = [str(row[0]) for row in sheet.iter_rows(values_only=True)]
    assert [text for text in texts if text.startswith("Tổng điểm đề xuất: 30 trong 40 đơn vị")]


def test_what_is_not_due_has_not_turned(made: Made) -> None:
    turned = {r[2] for r in made.book(APRIL)["Biến động"].iter_rows(min_row=6, values_only=True)}
    assert turned == {"HT.1", "PV.1", "PV.4", "PV.5", "NL.1", "NL.3"}


def test_the_row_that_is_not_due_is_closed_and_says_why(made: Made) -> None:
    book = load((made.outbox(APRIL) / "mau" / "T01-2027-04.xlsx").read_bytes())
    assert cell_of(book, INDICATORS, "PV.3", "name").value == (
        "Tỷ lệ hộ chưa có thiết bị thông minh (chưa đến kỳ: báo cáo tháng 3, 6, 9, 12)"
    )
    assert cell_of(book, INDICATORS, "PV.3", "numerator").protection.locked
    assert not cell_of(book, INDICATORS, "PV.1", "numerator").protection.locked


def test_what_is_typed_there_all_the_same_is_told_and_does_not_count(made: Made) -> None:
    rows = list(made.book(APRIL)["Lỗi dữ liệu"].iter_rows(min_row=6, values_only=True))
    assert {tuple(v for v in row if v in ("Thôn 1", "C13", "PV.3")) for row in rows} == {
        ("Thôn 1", "PV.3", "C13")
    }
    assert cell_at(made.book(APRIL)["Chỉ tiêu"], "PV.3", "Đơn vị có số liệu").value == "0/40 đơn vị"


def test_deadlines_of_the_next_month_move_off_sundays(made: Made) -> None:
    sheet = made.book(JUNE)["Tình trạng nộp"]
    rows = {str(row[0]): " ".join(map(str, row)) for row in sheet.iter_rows(min_row=6, values_only=True)}
    assert "Đúng hạn" in rows["T37"]
    assert "Trễ hạn" in rows["T38"]
    assert "06/2027  01/06      T4 30/06      T2 05/07*" in made.told


def test_the_report_names_the_quarter_that_it_compares_with(made: Made) -> None:
    april, june = (Document((made.outbox(p) / f"bao-cao-{p}.docx").read_bytes()).text for p in (APRIL, JUNE))
    assert (
        "Số vụ mất an toàn thông tin (PV.4): 4 vụ, tăng 3 vụ so với tháng 3; mục tiêu ≤ 3, còn vượt 1 vụ"
        in april
    )
    assert "1 chỉ tiêu tăng so với tháng 3 trong khi mục tiêu là mức tối đa:" in april
    assert "(PV.4) còn vượt mục tiêu 1 vụ." in april
    assert "5 chỉ tiêu chưa đến kỳ báo cáo" in april
    assert "trước ngày 05/08/2027, Văn phòng Đảng ủy báo cáo" in june
    assert "Kế hoạch không liệt kê nhiệm vụ" in june


def test_the_method_names_the_days_and_months_of_this_plan(made: Made) -> None:
    text = " ".join(str(c.value) for row in made.book(JUNE)["Phương pháp"].iter_rows() for c in row)
    assert "Số liệu chốt từ ngày 1 đến ngày cuối của tháng báo cáo. Đơn vị gửi trước ngày 5 tháng sau" in text
    assert "báo cáo Đảng ủy xã Mẫu trước ngày 10 tháng sau" in text
    assert (
        "PV.2, PV.3, NL.2 ở báo cáo tháng 3, 6, 9, 12; HT.3 ở báo cáo tháng 6, 12; HT.4 ở báo cáo tháng 12"
        in text
    )


def test_nothing_of_another_commune_is_in_any_output(made: Made) -> None:
    texts = {"told": made.told, **dict(texts_in(made.root / "outbox"))}
    kinds = {name.rpartition(".")[2] for name in texts}
    assert {"xlsx", "docx", "txt", "csv", "json"} <= kinds
    assert [name for name in texts if name.startswith("da-nhan-")]  # letters
    foreign = [fold(word) for word in FOREIGN]
    for name, text in texts.items():
        assert not [word for word in foreign if word in fold(text)], name


def texts_in(folder: Path) -> Iterator[tuple[str, str]]:
    """The text of every file below a folder; of a workbook or document, of all its parts."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        if path.suffix in (".xlsx", ".docx"):
            with zipfile.ZipFile(path) as parts:
                xml = " ".join(
                    parts.read(n).decode() for n in parts.namelist() if n.endswith((".xml", ".rels"))
                )
            yield path.name, re.sub(r"<[^>]*>", " ", xml)
        else:
            yield path.name, path.read_text(encoding="utf-8")
