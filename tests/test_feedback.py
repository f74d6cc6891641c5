"""What goes back to a unit: its own form, marked, listed, and ready to be sent again."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from pipeline.run.checking import check_files
from pipeline.run.month import run_month
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Workspace
from tests.forms import INDICATORS, PERIOD, cell_of, load, sent_form

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZONE)


def run(root: Path, **files: bytes) -> tuple[FileVerdict, ...]:
    inbox = root / "inbox"
    inbox.mkdir(exist_ok=True)
    for name, data in files.items():
        (inbox / f"{name}.xlsx").write_bytes(data)
    return run_month(Workspace(root, None, NOW), PERIOD, lambda line: None).verdicts


def answers(root: Path) -> list[Path]:
    return sorted((root / "outbox" / str(PERIOD) / "phan-hoi").glob("*"))


def test_a_faulty_file_gets_its_form_and_a_text_back(tmp_path: Path) -> None:
    run(tmp_path, bao_cao=sent_form("CA", V_20__numerator="trên 98%", V_28__numerator=60.0))
    form, text = answers(tmp_path)[1], answers(tmp_path)[0]
    assert (form.suffix, text.suffix) == (".xlsx", ".txt")
    said = text.read_text(encoding="utf-8-sig")
    assert "Kính gửi Công an xã," in said
    assert "1/3 chỉ tiêu được ghi nhận" in said
    assert "Trang «Chỉ tiêu», dòng V.20, ô G7 (Tử số): Ước lượng thay cho số. Ô ghi «trên 98%»." in said
    assert "trước ngày 20/11/2026" in said
    assert form.name in said


def test_the_form_keeps_the_units_figures_and_marks_the_cells_to_mend(tmp_path: Path) -> None:
    run(tmp_path, bao_cao=sent_form("CA", V_20__numerator="trên 98%"))
    book = load(answers(tmp_path)[1].read_bytes())
    spoiled = cell_of(book, INDICATORS, "V.20", "numerator")
    assert spoiled.value == "trên 98%"
    assert spoiled.comment is not None
    assert spoiled.comment.text.startswith("Ước lượng thay cho số. Ghi đúng con số")
    assert not spoiled.protection.locked
    untouched = cell_of(book, INDICATORS, "V.28", "numerator")
    assert untouched.value == 40
    assert untouched.comment is None
    assert spoiled.fill.fgColor.rgb != untouched.fill.fgColor.rgb


def test_the_list_leads_to_the_cell(tmp_path: Path) -> None:
    run(tmp_path, bao_cao=sent_form("CA", V_20__numerator="trên 98%"))
    book = openpyxl.load_workbook(answers(tmp_path)[1])
    first = book.worksheets[0]
    assert first.title == "Cần sửa"
    (linked,) = [cell for row in first.iter_rows() for cell in row if cell.hyperlink]
    assert linked.value == "Chỉ tiêu, dòng V.20, Tử số"
    target = cell_of(book, INDICATORS, "V.20", "numerator").coordinate
    assert linked.hyperlink is not None
    assert linked.hyperlink.location == f"'Chỉ tiêu'!{target}"


def test_the_form_can_be_mended_and_sent_straight_back(tmp_path: Path) -> None:
    run(tmp_path, bao_cao=sent_form("CA", V_20__numerator="trên 98%"))
    answer = answers(tmp_path)[1]
    book = openpyxl.load_workbook(answer)
    cell_of(book, INDICATORS, "V.20", "numerator").value = 40
    mended = tmp_path / "sửa rồi.xlsx"
    book.save(mended)
    (verdict,) = check_files(Workspace(tmp_path, None, NOW), [mended])
    assert (verdict.unit, verdict.outcome, verdict.findings) == ("CA", "valid", ())


def test_a_file_that_cannot_be_opened_gets_a_text_only(tmp_path: Path) -> None:
    run(tmp_path, hong=b"not a workbook")
    (text,) = answers(tmp_path)
    said = text.read_text(encoding="utf-8-sig")
    assert text.name.startswith("khong-ro-")
    assert "«hong.xlsx»" in said
    assert "Không mở được tệp" in said


def test_a_clean_file_gets_nothing_back(tmp_path: Path) -> None:
    run(tmp_path, bao_cao=sent_form("CA"))
    assert answers(tmp_path) == []


@pytest.mark.parametrize("lost", [{".txt"}, {".txt", ".xlsx"}])
def test_a_lost_answer_is_written_again_the_same(tmp_path: Path, lost: set[str]) -> None:
    run(tmp_path, bao_cao=sent_form("CA", V_20__numerator="trên 98%"))
    before = {path.name: path.read_bytes() for path in answers(tmp_path)}
    for path in answers(tmp_path):
        if path.suffix in lost:
            path.unlink()
    run(tmp_path)
    assert {path.name: path.read_bytes() for path in answers(tmp_path)} == before
