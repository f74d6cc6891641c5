"""Careless and hostile input: each is told with its sheet and cell, and the plan stays as it was."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.errors import OperatorError, SpecError
from pipeline.core.plan_book.telling import cell_fault_lines, plan_fault_lines
from pipeline.run.plan_book import import_plan
from pipeline.run.workspace import Workspace
from pipeline.spec.plan_file import load_plan
from tests.good_plan import GOOD, spoil
from tests.plan_books import (
    BOOK,
    FIRST_ROW,
    TEXT,
    Book,
    added,
    cell_of,
    column_of,
    edited,
    exported,
    outcome,
    read,
    sheet_of,
    typed,
)
from tests.spoiled_plans import ALL

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
Edit = Callable[[Book], object]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    plan = tmp_path / "plan-2026.toml"
    plan.write_text(TEXT, encoding="utf-8", newline="")
    return Workspace(tmp_path, plan, NOW)


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a process of its own, which the tests of the workers look at."""
    from pipeline.edges.reading.guard import UnreadableWorkbook
    from pipeline.edges.reading.workbook import read_workbook

    def read_all(items: list[bytes]) -> list[object]:
        try:
            return [read_workbook(items[0])]
        except UnreadableWorkbook as refusal:
            return [refusal]

    monkeypatch.setattr("pipeline.run.plan_book.read_all", read_all)


def refusal(workspace: Workspace, data: bytes) -> tuple[str, ...]:
    file = workspace.root / "sửa.xlsx"
    file.write_bytes(data)
    with pytest.raises(SpecError) as caught:
        import_plan(workspace, file, write=True, out=None)
    assert caught.value.file == "sửa.xlsx"
    assert workspace.plan_file is not None
    assert workspace.plan_file.read_text(encoding="utf-8") == TEXT
    return caught.value.faults


def cell_faults(edit: Edit) -> list[str]:
    return cell_fault_lines(BOOK, read(edited(edit)).faults)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            typed("indicators", "I.1", "target.value", "trên 60%"),
            "trang «Chỉ tiêu», ô H6 (Mục tiêu): «trên 60%» không phải là một con số rõ ràng; "
            "hãy gõ đúng một số",
        ),
        (
            typed("indicators", "I.1", "target.value", "1.688"),
            "trang «Chỉ tiêu», ô H6 (Mục tiêu): «1.688» có thể đọc là 1.688 hoặc 1,688; hãy gõ lại thành số",
        ),
        (
            typed("indicators", "I.1", "weight", "50%"),
            "trang «Chỉ tiêu», ô W6 (Trọng số): «50%»: ô này không dùng dấu %",
        ),
        (
            typed("indicators", "I.1", "target.value", "=30*2"),
            "trang «Chỉ tiêu», ô H6 (Mục tiêu): ô có công thức; hãy gõ giá trị, hoặc sao chép rồi dán "
            "dưới dạng giá trị (Paste Values)",
        ),
        (
            typed("indicators", "I.1", "target.value", date(2026, 6, 30)),
            "trang «Chỉ tiêu», ô H6 (Mục tiêu): «30/06/2026» là ngày; ô này cần số",
        ),
        (
            typed("groups", "I", "printed_count", 2.5),
            "trang «Nhóm», ô D6 (Số chỉ tiêu kế hoạch ghi): «2,5» phải là số nguyên",
        ),
        (
            typed("calendar.overrides", "02/01/2026", "day", "31/2/2026"),
            "trang «Ngày nghỉ, làm bù», ô B6 (Ngày): «31/2/2026» không phải là ngày; hãy gõ ngày/tháng/năm, "
            "ví dụ 18/11/2026",
        ),
        (
            typed("units", "CA", "expected", "có lẽ"),
            "trang «Đơn vị», ô F8 (Phải nộp phiếu): «có lẽ» không dùng được; chọn «Có» hoặc «Không»",
        ),
        (
            typed("calendar.overrides", "02/01/2026", "kind", "Lễ"),
            "trang «Ngày nghỉ, làm bù», ô C6 (Là ngày): «Lễ» không có trong danh sách; chọn một trong: "
            "«Nghỉ», «Làm việc»",
        ),
        (
            typed("scoring", "", "enough_reported", date(2026, 3, 2)),
            "trang «Chấm điểm», ô C10 (Thế nào là đủ số liệu): hãy gõ lại dưới dạng chữ (đặt dấu ' ở đầu), "
            "vì Excel đã đổi thành số hoặc ngày",
        ),
        (
            typed("indicators", "V.23", "due_months", "quý IV"),
            "trang «Chỉ tiêu», ô N38 (Các tháng phải có số): «quý IV» phải là các số nguyên, "
            "cách nhau dấu phẩy",
        ),
        (
            typed("indicators", "V.23", "due_months", f"3, {'9' * 5000}"),
            f"trang «Chỉ tiêu», ô N38 (Các tháng phải có số): «3, {'9' * 5000}» phải là các số nguyên, "
            "cách nhau dấu phẩy",
        ),
        (
            typed("calendar", "", "closing_last_day", "#N/A"),
            "trang «Lịch», ô C8 (Số liệu tính đến hết ngày): ô đang báo lỗi #N/A; hãy gõ lại giá trị",
        ),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_understood_is_told(edit: Edit, said: str) -> None:
    assert cell_faults(edit) == [said]


def test_all_cells_are_told_at_once(workspace: Workspace) -> None:
    def edit(book: Book) -> None:
        typed("indicators", "I.1", "target.value", "nhiều")(book)
        typed("calendar", "", "submit_before_day", "hai mươi")(book)

    assert len(refusal(workspace, edited(edit))) == 2


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            typed("indicators", "V.3", "lead", "XYZ"),
            "trang «Chỉ tiêu», ô R18 (Đơn vị chủ trì): «XYZ» không có trong ",
        ),
        (
            typed("units", "PVHCC", "id", "VHXH"),
            "trang «Đơn vị», ô B6, B7: «VHXH» có 2 lần",
        ),
        (
            typed("units", "CA", "aliases", "phong kinh te"),
            "trang «Đơn vị», ô E8, C10, D10: «phong kinh te» có 2 lần",
        ),
        (
            typed("indicators", "V.3", "name", None),
            "trang «Chỉ tiêu», ô D18 (Tên chỉ tiêu): ô này không được để trống",
        ),
        (
            typed("indicators", "V.3", "target.kind", None),
            "trang «Chỉ tiêu», ô G18 (Kiểu mục tiêu): ô này không được để trống",
        ),
        (
            typed("indicators", "V.3", "target.kind", "Trong khoảng"),
            "trang «Chỉ tiêu», ô G18 (Kiểu mục tiêu): mục tiêu kiểu «Trong khoảng» cần: "
            "«Mục tiêu từ», «Mục tiêu đến»",
        ),
        (
            typed("calendar", "", "submit_before_day", 26),
            "trang «Lịch»: «Đơn vị nộp trước ngày» phải trước «Đầu mối báo cáo trước ngày»",
        ),
        (
            typed("indicators", "V.23", "due_months", "3, 13"),
            "trang «Chỉ tiêu», ô N38 (Các tháng phải có số): mỗi tháng phải từ 1 đến 12",
        ),
        (
            typed("", "", "coordinator", "NHNN"),
            "trang «Chung», ô C14 (Đơn vị đầu mối): «NHNN» không có trong ",
        ),
        (
            typed("calendar.steps", "tong-hop", "hour", 24),
            "trang «Việc tự động», ô H9 (Từ giờ): phải từ 0 đến 23",
        ),
        (
            typed("doubts.relations", "QH1", "left", "V.99.numerator"),
            "trang «Quan hệ», ô B6 (Mã): không có chỉ tiêu «V.99»; viết như V.19.denominator",
        ),
        (
            typed("report", "", "subject", "Kết quả"),
            "trang «Chung», ô C21 (Trích yếu): phải có {month} đúng một lần, và không có ngoặc nhọn nào khác",
        ),
        (
            added("confirmations", {"unit": "CA", "indicator": "V.4", "reason": "x", "periods": "2027-01"}),
            "trang «Xác nhận», ô B6 (Đơn vị): «CA» không có trong PVHCC",
        ),
        (
            added("indicators.milestones", {"^": "I.1", "day": date(2027, 6, 30), "value": 5}),
            "trang «Mốc», ô C6: mốc phải nằm trong năm 2026",
        ),
        (
            added("indicators.milestones", {"^": "I.1", "value": 5}),
            "trang «Mốc», ô C6 (Ngày): ô này không được để trống",
        ),
        (
            added("units", {"name": "Đơn vị mới", "short_name": "Mới"}),
            "trang «Đơn vị», ô B18 (Mã): ô này không được để trống",
        ),
    ],
)  # fmt: skip
def test_what_the_loader_refuses_is_told_with_its_cell(edit: Edit, said: str, workspace: Workspace) -> None:
    faults = refusal(workspace, edited(edit))
    assert any(fault.startswith(said) for fault in faults), faults


def test_a_milestone_of_no_indicator_is_told(workspace: Workspace) -> None:
    edit = added("indicators.milestones", {"^": "V.99", "day": date(2026, 6, 30), "value": 5})
    assert refusal(workspace, edited(edit)) == (
        "trang «Mốc», ô B6 (Chỉ tiêu): không có dòng nào mang mã «V.99» để gắn vào",
    )


def without_column(place: str, key: str) -> Edit:
    return lambda book: sheet_of(book, place).delete_cols(column_of(book, place, key))


def test_a_sheet_a_column_or_a_setting_that_was_deleted_is_told() -> None:
    assert cell_faults(lambda book: book.remove(sheet_of(book, "units"))) == [
        "trang «Đơn vị»: thiếu trang «Đơn vị»; hãy xuất lại bằng plan export rồi chép phần sửa sang"
    ]
    (column,) = cell_faults(without_column("units", "expected"))
    assert column.startswith("trang «Đơn vị»: thiếu cột hoặc dòng «Phải nộp phiếu»")
    (hidden,) = cell_faults(without_column("units", "*"))
    assert hidden.startswith("trang «Đơn vị»: thiếu cột hoặc dòng «A»")

    def drop_row(book: Book) -> None:
        sheet_of(book, "calendar").delete_rows(cell_of(book, "calendar", "", "day_off").row)

    (setting,) = cell_faults(drop_row)
    assert setting.startswith("trang «Lịch»: thiếu cột hoặc dòng «Hạn rơi vào ngày nghỉ thì»")


def test_a_sheet_that_was_copied_is_told() -> None:
    def copy(book: Book) -> None:
        book.copy_worksheet(sheet_of(book, "groups")).title = "Nhóm (2)"

    assert all("trang này có hai bản sao (bản kia ở trang «Nhóm (2)»" in line for line in cell_faults(copy))
    assert cell_faults(copy)


def test_a_renamed_sheet_is_found() -> None:
    def rename(book: Book) -> None:
        sheet_of(book, "groups").title = "Nhóm chỉ tiêu"

    assert cell_faults(rename) == []


def test_a_text_that_looks_like_a_tag_is_a_text() -> None:
    edit = typed("tasks", "NV.1.1", "person", "#tasks/khác")
    rows = read(edited(edit))
    assert rows.faults == ()
    assert rows.rows["tasks"][0].values["person"] == "#tasks/khác"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Tệp rỗng"),
        (b"%PDF-1.7", "Không mở được tệp"),
        (exported()[: len(exported()) // 2], "Không mở được tệp"),
    ],
)
def test_what_is_no_workbook_is_refused_as_in_the_inbox(data: bytes, said: str, workspace: Workspace) -> None:
    file = workspace.root / "x.xlsx"
    file.write_bytes(data)
    with pytest.raises(OperatorError, match=said):
        import_plan(workspace, file, write=True, out=None)


def test_a_workbook_of_another_kind_is_refused(workspace: Workspace) -> None:
    def forget(book: Book) -> None:
        book.remove(book[BOOK.identity.sheet])

    file = workspace.root / "x.xlsx"
    file.write_bytes(edited(forget))
    with pytest.raises(OperatorError, match="không phải do lệnh plan export"):
        import_plan(workspace, file, write=False, out=None)


def test_a_row_between_the_head_and_the_first_entry_is_an_entry() -> None:
    def edit(book: Book) -> None:
        sheet_of(book, "groups").insert_rows(FIRST_ROW)
        sheet_of(book, "groups").cell(FIRST_ROW, column_of(book, "groups", "code")).value = "0"

    rows = read(edited(edit)).rows["groups"]
    assert [row.values["code"] for row in rows][:2] == ["0", "I"]


def test_a_value_dragged_to_the_end_of_a_sheet_is_told_once() -> None:
    def edit(book: Book) -> None:
        sheet, at = sheet_of(book, "units"), column_of(book, "units", "id")
        for row in range(FIRST_ROW, FIRST_ROW + 2_001):
            sheet.cell(row, at).value = "CA"

    assert cell_faults(edit) == [
        "trang «Đơn vị»: trang có 2.001 dòng; hãy xóa các dòng thừa ở cuối trang "
        "(xóa cả dòng, không chỉ nội dung)"
    ]


def test_of_very_many_faults_the_first_are_told() -> None:
    lines = str(SpecError("a.xlsx", [f"ô {n}: sai" for n in range(250)])).splitlines()
    assert lines[0] == "Tệp a.xlsx có 250 chỗ chưa đúng:"
    assert lines[-2:] == ["  - ô 99: sai", "  … và 150 chỗ nữa"]


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_fault_of_the_loader_is_told_at_a_sheet(name: str) -> None:
    """Whatever a plan file is refused for is traced to the workbook, and speaks its words."""
    old, new, _ = ALL[name]
    with pytest.raises(SpecError) as caught:
        load_plan("plan-2027.toml", spoil(GOOD, old, new))
    lists = outcome(exported(GOOD), GOOD).lists
    (line,) = plan_fault_lines(BOOK, lists, caught.value.faults)
    place, _, text = line.partition(": ")
    assert any(f"«{sheet.name}»" in place for sheet in BOOK.sheets)
    assert text
    assert "[" not in place
