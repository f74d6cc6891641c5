"""A form that is filled in LibreOffice instead of by our code goes through."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.run.checking import check_files
from pipeline.run.workspace import Workspace
from tests.forms import INDICATORS, cell_of, issued, load, valid, write
from tests.office import type_in

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def fill(form: bytes, cells: Sequence[tuple[str, str, object]], folder: Path) -> Path:
    blank = folder / "mẫu.xlsx"
    blank.write_bytes(form)
    return type_in(blank, cells, folder / "đã điền.xlsx")


def test_a_form_filled_in_libreoffice_is_valid_and_keeps_its_figures(tmp_path: Path) -> None:
    content = issued("CA")
    form = write(content)
    book = load(form)
    cells: list[tuple[str, str, object]] = [
        (INDICATORS.sheet, cell_of(book, INDICATORS, row.code, key).coordinate, value)
        for row in content.rows["indicators"]
        for key, value in valid(row).items()
    ]
    done = fill(form, cells, tmp_path)
    (verdict,) = check_files(Workspace(tmp_path, None, NOW), [done])
    assert (verdict.unit, verdict.period, verdict.outcome, verdict.findings) == ("CA", "2026-11", "valid", ())
    saved = load(done.read_bytes(), data_only=True)
    assert cell_of(saved, INDICATORS, "V.20", "result").value == 80
    assert cell_of(saved, INDICATORS, "V.20", "check").value == "Đạt"


def test_a_slip_made_in_libreoffice_is_found_at_its_cell(tmp_path: Path) -> None:
    form = write(issued("CA"))
    place = cell_of(load(form), INDICATORS, "V.20", "numerator").coordinate
    name = cell_of(load(form), INDICATORS, "V.20", "name").coordinate
    slips = [(INDICATORS.sheet, place, "trên 98%"), (INDICATORS.sheet, name, "Tên khác")]
    done = fill(form, slips, tmp_path)
    (verdict,) = check_files(Workspace(tmp_path, None, NOW), [done])
    found = {(f.code, f.cells) for f in verdict.findings if f.row_code == "V.20"}
    assert {("C04", place), ("B06", name)} <= found
