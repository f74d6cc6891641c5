"""What goes back to a unit: its own form, marked, listed, and ready to be sent again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from pipeline.core.decisions import InForce
from pipeline.core.feedback_text import Receipt, feedback_text
from pipeline.run.checking import check_files
from pipeline.run.labels import labels, sentences
from pipeline.run.month import run_month
from pipeline.run.reading import Foreign, OpenedFile, open_files
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Setting, Workspace
from tests.entries import a_finding, a_submission
from tests.forms import INDICATORS, PERIOD, PLAN, CellContent, cell_of, load, sent_form

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZONE)


def run(root: Path, now: datetime = NOW, **files: bytes) -> tuple[FileVerdict, ...]:
    inbox = root / "inbox"
    inbox.mkdir(exist_ok=True)
    for name, data in files.items():
        (inbox / f"{name}.xlsx").write_bytes(data)
    return run_month(Workspace(root, None, now), PERIOD, lambda line: None).verdicts


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
    target = cell_of(book, INDICATORS, "V.20", "numerator").coordinate
    assert linked.value == target
    assert first.cell(linked.row, linked.column - 1).value == "Chỉ tiêu, dòng V.20 (Tử số)"
    assert linked.hyperlink is not None
    assert linked.hyperlink.location == f"'Chỉ tiêu'!{target}"


# --- equal findings -------------------------------------------------------------------------------

CODES = [i.code for i in PLAN.indicators_of("VHXH")]
NO_EVIDENCE: dict[str, CellContent] = {f"{code.replace('.', '_')}__evidence": "" for code in CODES}


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The answer to a form in which one thing is missing everywhere, and another in three cells."""
    root = tmp_path_factory.mktemp("repeated")
    dashes: dict[str, CellContent] = {"I_1__numerator": "-", "I_1__denominator": "-", "II_1__numerator": "-"}
    run(root, bao_cao=sent_form("VHXH", str(PERIOD), **NO_EVIDENCE, **dashes))
    return root


def test_a_text_names_equal_cells_together(repeated: Path) -> None:
    lines = answers(repeated)[0].read_text(encoding="utf-8-sig").splitlines()
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2."]
    assert "dòng I.1, II.1, ô G7, I7, G9 (Tử số; Mẫu số): Không phải là số. Ô ghi «-»." in lines[3]


def test_a_text_stays_short_where_everything_is_at_fault(repeated: Path) -> None:
    line = answers(repeated)[0].read_text(encoding="utf-8-sig").splitlines()[4]
    rows = f"{', '.join(CODES[:8])} và {len(CODES) - 8} dòng khác"
    where = f"Trang «Chỉ tiêu», dòng {rows} (Nguồn số liệu, minh chứng): Thiếu minh chứng."
    assert line.startswith(f"2. [Lỗi] {where}")


def test_the_list_of_the_form_names_every_row_and_every_cell_is_marked(repeated: Path) -> None:
    book = load(answers(repeated)[1].read_bytes())
    first = book.worksheets[0]
    lines = [[cell.value for cell in row[:4]] for row in first.iter_rows(min_row=7) if row[0].value]
    assert lines == [
        [1, "Lỗi", "Chỉ tiêu, dòng I.1, II.1 (Tử số; Mẫu số)", "G7"],
        [2, "Lỗi", f"Chỉ tiêu, dòng {', '.join(CODES)} (Nguồn số liệu, minh chứng)", "M7"],
    ]
    plain = cell_of(book, INDICATORS, "I.2", "explanation").fill.fgColor.rgb
    for cell in (
        *(cell_of(book, INDICATORS, code, "evidence") for code in CODES),
        *(cell_of(book, INDICATORS, "I.1", key) for key in ("numerator", "denominator")),
        cell_of(book, INDICATORS, "II.1", "numerator"),
    ):
        assert cell.comment is not None
        assert cell.fill.fgColor.rgb != plain


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ({}, "Trang «Chỉ tiêu», dòng V.7, ô F17, F19 (Tử số)"),
        ({"label": ""}, "Trang «Chỉ tiêu», dòng V.7, ô F17, F19"),
        ({"cells": ""}, "Trang «Chỉ tiêu», dòng V.7 (Tử số)"),  # its column is lost
        ({"row_code": ""}, "Trang «Chỉ tiêu», ô F17, F19"),
        ({"row_code": "", "cells": ""}, "Trang «Chỉ tiêu»"),
        ({"sheet": "", "row_code": "", "cells": ""}, "Cả tệp"),
    ],
)
def test_a_text_says_of_the_place_what_is_known(place: dict[str, str], where: str) -> None:
    told = [replace(a_finding("một", 1), **place)]  # type: ignore[arg-type]  # all of them texts
    receipt = Receipt("tháng 11/2026", "trước ngày 20/11/2026", 1, 24, "x.xlsx")
    said = feedback_text(a_submission("một"), told, receipt, PLAN, sentences(), labels())
    assert f"1. [Lỗi] {where}: Không phải số. «ba» Cách sửa: Ghi số" in said.splitlines()


# --- until when -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (19, "trước ngày 20/11/2026"),
        (20, "trước ngày 25/11/2026"),
        (24, "trước ngày 25/11/2026"),
        (25, "trong thời gian sớm nhất"),
    ],
)
def test_text_and_form_name_the_deadline_that_can_still_be_met(tmp_path: Path, day: int, until: str) -> None:
    run(tmp_path, NOW.replace(day=day), bao_cao=sent_form("CA", V_20__numerator="trên 98%"), hong=b"x")
    text, form, unknown = answers(tmp_path)
    assert text.read_text(encoding="utf-8-sig").endswith(f" và gửi lại {until}.\n")
    assert unknown.read_text(encoding="utf-8-sig").endswith(f" theo mẫu {until}.\n")
    mend, *sheets = openpyxl.load_workbook(form).worksheets
    intro = [str(cell.value) for row in mend.iter_rows(max_row=5) for cell in row]
    assert any(line.endswith(f"gửi chính tệp này {until}.") for line in intro)
    for sheet in sheets[:4]:
        said = [str(cell.value) for row in sheet.iter_rows(max_row=10) for cell in row]
        assert until in said
        assert ("trước ngày 20/11/2026" in said) == (day == 19)


# --- what is sent again ---------------------------------------------------------------------------


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


def test_only_what_may_be_a_form_is_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand files of nobody must cost no more than their texts."""
    opened: list[str] = []

    def watched(chosen: Setting, files: Sequence[Foreign], decisions: InForce) -> Iterator[OpenedFile]:
        opened.extend(file.name for file in files)
        return open_files(chosen, files, decisions)

    monkeypatch.setattr("pipeline.run.feedback.open_files", watched)
    early = sent_form("CA", "2026-12")  # known to be of the unit, but of no period that can be reported
    faulty = sent_form("CA", V_20__numerator="trên 98%")
    run(tmp_path, som=early, hong=b"not a workbook", bao_cao=faulty)
    assert opened == ["bao_cao.xlsx"]
    assert [(path.name.split("-")[0], path.suffix) for path in answers(tmp_path)].count(("CA", ".txt")) == 2
    assert len(answers(tmp_path)) == 4
    opened.clear()
    run(tmp_path)
    assert opened == []


@pytest.mark.parametrize("lost", [{".txt"}, {".txt", ".xlsx"}])
def test_a_lost_answer_is_written_again_the_same(tmp_path: Path, lost: set[str]) -> None:
    run(tmp_path, bao_cao=sent_form("CA", V_20__numerator="trên 98%"), hong=b"not a workbook")
    before = {path.name: path.read_bytes() for path in answers(tmp_path)}
    for path in answers(tmp_path):
        if path.suffix in lost:
            path.unlink()
    run(tmp_path)
    assert {path.name: path.read_bytes() for path in answers(tmp_path)} == before
