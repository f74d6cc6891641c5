"""How rows of a form stand, what a later file has mended, and that nobody is graded too early."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl.workbook import Workbook

from pipeline.base.period import Period
from pipeline.run.deciding import Order, decide
from pipeline.run.month import run_month
from pipeline.run.workspace import Workspace
from tests.consolidated_reading import cell_at, load_book
from tests.forms import sent_form
from tests.test_take import drop

NOVEMBER = Period(2026, 11)


def book_of(root: Path, day: int) -> Workbook:
    """The consolidated workbook after a run on a day of November."""
    now = datetime(2026, 11, day, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    result = run_month(Workspace(root, None, now), NOVEMBER, lambda line: None)
    return load_book(result.workbooks[-1].read_bytes())


def findings(book: Workbook) -> list[tuple[object, object]]:
    """Code and mending of every finding, in the order of the sheet."""
    rows = [[cell.value for cell in row] for row in book["Lỗi dữ liệu"].iter_rows()]
    header = next(row for row in rows if "Mã lỗi" in row)
    code, mending = header.index("Mã lỗi"), header.index("Đã sửa chưa")
    below = rows[rows.index(header) + 1 :]
    return [(row[code], row[mending]) for row in below if row[code]]


def test_what_a_later_file_makes_good_is_marked_and_stands_last(tmp_path: Path) -> None:
    drop(tmp_path, mot__xlsx=sent_form("CA", V_20__numerator="trên 98%", V_28__numerator=60.0))
    assert findings(book_of(tmp_path, 17)) == [("C04", "▼ Còn đó"), ("R03", "▼ Còn đó")]
    drop(tmp_path, hai__xlsx=sent_form("CA", V_28__numerator=60.0))
    assert findings(book_of(tmp_path, 18)) == [
        ("R03", "▼ Còn đó"),
        ("R03", "▼ Còn đó"),
        ("C04", "● Đã sửa"),
    ]


def test_a_refused_file_is_made_good_by_a_usable_one(tmp_path: Path) -> None:
    drop(tmp_path, mot__xlsx=sent_form("CA", V_20__numerator="trên 98%"))
    book_of(tmp_path, 17)
    drop(tmp_path, hai__xlsx=sent_form("CA"))
    assert findings(book_of(tmp_path, 18)) == [("C04", "● Đã sửa")]


def test_what_asks_for_nothing_is_neither_still_there_nor_mended(tmp_path: Path) -> None:
    """A row that the officer accepted stays with its finding, as a note, below what is to be mended."""
    drop(tmp_path, mot__xlsx=sent_form("CA", V_28__numerator=60.0, V_30__evidence=""))
    book_of(tmp_path, 17)
    now = datetime(2026, 11, 17, 10, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    order = Order(kind="accept", reason="Đã xác minh", file="mot.xlsx", row_code="V.28")
    decide(Workspace(tmp_path, None, now), order, lambda line: None)
    assert findings(book_of(tmp_path, 18)) == [("R08", "▼ Còn đó"), ("R03", "– Để biết")]
    drop(tmp_path, hai__xlsx=sent_form("CA", V_28__numerator=60.0))
    assert findings(book_of(tmp_path, 19)) == [
        ("R08", "● Đã sửa"),
        ("R03", "– Để biết"),
        ("R03", "– Để biết"),
    ]


def test_the_register_names_the_first_and_the_latest_file(tmp_path: Path) -> None:
    drop(tmp_path, mot__xlsx=sent_form("CA", V_20__numerator="trên 98%"))
    book_of(tmp_path, 17)
    drop(tmp_path, hai__xlsx=sent_form("CA"))
    sheet = book_of(tmp_path, 21)["Tình trạng nộp"]
    labels = ("Thời hạn", "Tệp quyết định giờ nhận", "Tệp gửi lại sau cùng", "Số lỗi")
    found = [cell_at(sheet, "CA", label).value for label in labels]
    assert found == ["● Đúng hạn", "mot.xlsx", "hai.xlsx", 0]


def test_nobody_is_graded_or_missed_before_the_deadline(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    before = book_of(tmp_path, 18)
    assert cell_at(before["Tình trạng nộp"], "VP", "Nộp phiếu").value == "◊ Chưa nộp, còn hạn"
    assert cell_at(before["Đơn vị"], "VP", "Xếp loại đề xuất").value in (None, "")
    assert cell_at(before["Đơn vị"], "VP", "Ghi chú").value == "Chưa đến hạn nộp nên chưa đề xuất xếp loại"
    assert cell_at(before["Đơn vị"], "CA", "Xếp loại đề xuất").value
    after = book_of(tmp_path, 20)
    assert cell_at(after["Tình trạng nộp"], "VP", "Nộp phiếu").value == "▼ Chưa nộp"
    assert cell_at(after["Đơn vị"], "VP", "Xếp loại đề xuất").value == "Không hoàn thành nhiệm vụ"


def test_the_word_no_data_earns_no_more_than_a_blank(tmp_path: Path) -> None:
    blank = {"V_20__numerator": "", "V_20__denominator": "", "V_20__evidence": ""}
    scores = []
    for name, state in (("trong", ""), ("chua", "Chưa có số liệu")):
        root = tmp_path / name
        root.mkdir()
        words = {"V_20__state": state, "V_20__explanation": "chờ số liệu"} if state else {}
        drop(root, ca__xlsx=sent_form("CA", **blank, **words))
        scores.append(cell_at(book_of(root, 20)["Đơn vị"], "CA", "Tổng điểm").value)
    assert scores[0] == scores[1]
