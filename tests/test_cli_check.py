"""The command `check`: positions, sentences, JSON, exit status."""

import json
import re
from pathlib import Path

import pytest

from pipeline.cli import report
from pipeline.cli.main import main
from pipeline.run.labels import labels, sentences
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Workspace
from tests.cli_results import finding, verdict
from tests.forms import INDICATORS, CellContent, cell_of, filled, issued, load, write

R03: dict[str, CellContent] = {"numerator": 60.0, "denominator": 50.0, "evidence": "Báo cáo 45"}


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a valid form, one with a numerator above its denominator, and an empty file."""
    folder = tmp_path_factory.mktemp("phieu")
    content = issued()
    (folder / "đúng.xlsx").write_bytes(write(content, filled(content, {})))
    (folder / "sai.xlsx").write_bytes(write(content, filled(content, {"I.1": R03})))
    (folder / "rỗng.xlsx").write_bytes(b"")
    return folder


def check(workspace: Path, *argv: str) -> int:
    return main(["check", "--workspace", str(workspace), "--now", "2026-11-24T08:00", *argv])


def place_of_r03(forms: Path) -> list[str]:
    book = load((forms / "sai.xlsx").read_bytes())
    return [cell_of(book, INDICATORS, "I.1", key).coordinate for key in ("numerator", "denominator")]


def test_check_names_the_cells_and_how_to_mend_them(
    forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, str(forms / "sai.xlsx")) == 1
    first, *findings = capsys.readouterr().out.splitlines()
    assert first == f"{forms / 'sai.xlsx'} (VHXH, kỳ 11/2026): Nhận một phần"
    (error,) = [line for line in findings if "[Lỗi]" in line]
    where = f"Chỉ tiêu!{', '.join(place_of_r03(forms))} (I.1)"
    assert error.startswith(f"  [Lỗi] R03 {where} Tử số lớn hơn mẫu số: ")
    assert re.search(r": .*60; .*50\. → Kiểm tra .* Ví dụ: ", error)


def test_check_as_json_is_a_list_of_findings_and_nothing_else(
    forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, "--json", str(forms / "sai.xlsx"), str(forms / "rỗng.xlsx")) == 1
    told = capsys.readouterr()
    assert told.err == ""
    found = json.loads(told.out)
    (r03,) = [f for f in found if f["code"] == "R03"]
    assert set(r03) == {
        *("file", "unit", "period", "sheet", "cells", "code", "severity", "row_code", "label"),
        *("title", "found", "expected", "mend", "example"),
    }
    assert (r03["unit"], r03["period"], r03["sheet"], r03["row_code"]) == (
        "VHXH",
        "2026-11",
        "Chỉ tiêu",
        "I.1",
    )
    assert (r03["cells"], r03["severity"]) == (place_of_r03(forms), "error")
    (empty,) = [f for f in found if f["file"] == str(forms / "rỗng.xlsx")]
    assert (empty["code"], empty["cells"], empty["unit"], empty["period"]) == ("F04", [], "", "")


def test_check_of_a_valid_form_ends_with_0(
    forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, str(forms / "đúng.xlsx"), "--json") == 0
    assert [f for f in json.loads(capsys.readouterr().out) if f["severity"] == "error"] == []


def test_check_takes_patterns_and_each_file_once(forms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path, ...]] = []

    def fake(_: Workspace, paths: tuple[Path, ...]) -> tuple[FileVerdict, ...]:
        asked.append(paths)
        return ()

    monkeypatch.setattr("pipeline.run.checking.check_files", fake)
    (forms / "~$sai.xlsx").write_bytes(b"")
    assert main(["check", str(forms / "*i.xlsx"), str(forms / "rỗng.xlsx"), str(forms / "sai.xlsx")]) == 0
    (forms / "~$sai.xlsx").unlink()
    monkeypatch.chdir(forms)
    assert main(["check", "đ*.xlsx"]) == 0
    assert asked == [(forms / "sai.xlsx", forms / "rỗng.xlsx"), (Path("đúng.xlsx"),)]


def test_check_takes_a_folder(forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, str(forms)) == 1
    heads = [line for line in capsys.readouterr().out.splitlines() if line and not line.startswith(" ")]
    assert [head.split(" (")[0] for head in heads] == sorted(str(path) for path in forms.iterdir())


def test_check_of_an_empty_folder_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "inbox").mkdir()
    assert check(tmp_path, str(tmp_path / "inbox")) == 0
    assert capsys.readouterr().out == "Không có tệp nào để kiểm tra.\n"


def test_check_changes_nothing(forms: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in forms.iterdir()}
    check(tmp_path, *(str(forms / name) for name in before))
    assert {path.name: path.read_bytes() for path in forms.iterdir()} == before
    assert list(tmp_path.iterdir()) == []


def lines_of(*verdicts: FileVerdict) -> list[str]:
    return list(report.check_lines(verdicts, labels(), sentences()))


def test_equal_findings_are_told_once_and_errors_first() -> None:
    blank = {"title": "Dòng chưa điền", "found": "Trống.", "mend": "Điền.", "example": ""}
    verdicts = verdict(
        "partial",
        finding("R11", "warning", number=1, cells="F2", row_code="I.2"),
        finding("R01", "error", number=2, cells="F3, H3", row_code="I.3", **blank),
        finding("F10", "note", number=3, sheet="", cells="", row_code="", example=""),
        finding("R01", "error", number=4, cells="F4, H4", row_code="I.4", **blank),
        finding("R02", "error", number=5, cells="F5", row_code="I.5"),
    )
    assert lines_of(verdicts, verdict("valid", file="b.xlsx")) == [
        "a.xlsx (VHXH, kỳ 11/2026): Nhận một phần",
        "  [Lỗi] R01 Chỉ tiêu!F3, H3, F4, H4 (I.3, I.4) Dòng chưa điền: Trống. → Điền.",
        "  [Lỗi] R02 Chỉ tiêu!F5 (I.5) Không phải số: «ba» → Ghi số Ví dụ: 3",
        "  [Cảnh báo] R11 Chỉ tiêu!F2 (I.2) Không phải số: «ba» → Ghi số Ví dụ: 3",
        "  [Lưu ý] F10 Không phải số: «ba» → Ghi số",
        "",
        "b.xlsx (VHXH, kỳ 11/2026): Hợp lệ",
        "  Không có lỗi.",
    ]


def test_a_file_of_nobody_knows_whom() -> None:
    said = lines_of(verdict("rejected", finding("F06", "error", found="hai\ndòng"), unit="", file="x\n.xlsx"))
    assert said[0] == "x .xlsx (không rõ đơn vị, không rõ kỳ): Bị trả lại"
    assert "hai dòng" in said[1]


def test_a_wrapping_belongs_to_nobody_and_is_not_said_to() -> None:
    fault = finding("U06", "error", sheet="", cells="", row_code="", example="")
    said = lines_of(
        verdict("opened", unit="", file="hộp.zip"), verdict("opened", fault, unit="", file="b.eml")
    )
    assert said == [
        "hộp.zip: Thư, tệp nén",
        "  Không có lỗi.",
        "",
        "b.eml: Thư, tệp nén",
        "  [Lỗi] U06 Không phải số: «ba» → Ghi số",
    ]


def test_where_everything_is_at_fault_a_sentence_names_the_first_and_how_many_more() -> None:
    many = [
        finding("R08", "error", number=n, cells=f"M{n}", row_code=f"V.{n}", example="") for n in range(1, 41)
    ]
    (_, said) = lines_of(verdict("partial", *many))
    cells, rows = (", ".join(f"{mark}{n}" for n in range(1, 9)) for mark in ("M", "V."))
    where = f"Chỉ tiêu!{cells} và 32 ô khác ({rows} và 32 dòng khác)"
    assert said == f"  [Lỗi] R08 {where} Không phải số: «ba» → Ghi số"
    assert len(report.check_json([verdict("partial", *many)])) == 40
