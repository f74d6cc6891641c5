"""The command `report` in a workspace: where the file lies, what is never overwritten, and the PDF."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.cli.main import main
from pipeline.edges.report import pdf
from pipeline.edges.report.package import is_untouched
from pipeline.run.month import run_month
from pipeline.run.report import write_report
from pipeline.run.results import ReportResult
from pipeline.run.workspace import Workspace
from tests.forms import SCHEMAS, sent_form
from tests.office import soffice
from tests.word import Document

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
NAME = "bao-cao-2026-11.docx"


def quiet(line: str) -> None:
    assert line


def write(root: Path, pdf: bool = False, plan: Path | None = None) -> ReportResult:
    return write_report(Workspace(root, plan, NOW), None, pdf, quiet)


def saved_by_word(path: Path) -> bytes:
    """The document as another program would have packed it after a change."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace("(…) ".encode(), b""))
    path.write_bytes(buffer.getvalue())
    return buffer.getvalue()


def test_it_lies_beside_the_workbook_and_has_its_figures(tmp_path: Path) -> None:
    form = tmp_path / "inbox" / "2026-11-18" / "CA.xlsx"
    form.parent.mkdir(parents=True)
    form.write_bytes(sent_form("CA", V_20__numerator=45.0))
    run_month(Workspace(tmp_path, None, NOW), None, quiet)
    result = write(tmp_path)
    assert result.document == tmp_path / "outbox" / "2026-11" / NAME
    assert (result.period, result.kept, result.unused, result.pdf) == (
        Period(2026, 11),
        None,
        (),
        "not_asked",
    )
    assert "(V.20) 90%, mục tiêu ≥\u00a080%" in Document(result.document.read_bytes()).text


def test_run_alone_writes_no_report(tmp_path: Path) -> None:
    run_month(Workspace(tmp_path, None, NOW), None, quiet)
    assert not list(tmp_path.rglob("*.docx"))


def test_written_again_it_is_the_same_file(tmp_path: Path) -> None:
    first = write(tmp_path).document.read_bytes()
    assert write(tmp_path).document.read_bytes() == first
    assert [p.name for p in (tmp_path / "outbox" / "2026-11").iterdir()] == [NAME]


def test_what_was_changed_by_hand_is_never_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path).document
    theirs = saved_by_word(path)
    second = write(tmp_path)
    assert (second.document.name, second.kept) == ("bao-cao-2026-11 (2).docx", path)
    assert path.read_bytes() == theirs
    saved_by_word(second.document)
    third = write(tmp_path)
    assert (third.document.name, third.kept) == ("bao-cao-2026-11 (3).docx", second.document)
    assert write(tmp_path).document == third.document


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"text"])
def test_a_file_of_another_kind_is_not_overwritten_either(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "outbox" / "2026-11" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert not is_untouched(path)
    assert write(tmp_path).kept == path
    assert path.read_bytes() == content


def test_a_plan_without_the_section_is_told(tmp_path: Path) -> None:
    text = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
    plan = tmp_path / "plan.toml"
    plan.write_text(text[: text.index("[report]")] + text[text.index("[scoring]") :], encoding="utf-8")
    with pytest.raises(OperatorError, match=r"chưa có mục \[report\]"):
        write(tmp_path, plan=plan)
    assert not list(tmp_path.rglob("*.docx"))


# --- the command line -----------------------------------------------------------------------------


def command(root: Path, *options: str) -> int:
    return main(["report", "--workspace", str(root), "--now", "2026-11-24T08:00", *options])


def test_the_lines_say_where_and_what_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(tmp_path) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Lập báo cáo tháng 11/2026"
    assert out[1].startswith("Báo cáo tháng 11/2026: ")
    assert out[1].endswith(NAME)
    assert out[2:] == ["Còn phải ghi trong Word: số, ngày, họ tên người ký và các chỗ bắt đầu bằng (…)."]


def test_without_libreoffice_it_says_so_and_does_not_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_PROGRAMS", ())
    assert command(tmp_path, "--pdf") == 0
    assert "Chưa có bản PDF: máy này không có LibreOffice." in capsys.readouterr().out
    assert [p.suffix for p in (tmp_path / "outbox" / "2026-11").iterdir()] == [".docx"]


def test_a_libreoffice_that_fails_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_found", lambda: iter([tmp_path / "no-such-program"]))
    assert command(tmp_path, "--pdf") == 0
    assert "LibreOffice không chuyển được" in capsys.readouterr().out


def test_a_kept_report_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved_by_word(write(tmp_path).document)
    assert command(tmp_path) == 0
    assert f"{NAME} vì đã được sửa; bản mới mang tên khác." in capsys.readouterr().out


def test_libreoffice_is_found_where_windows_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setattr(pdf, "_PROGRAMS", ())
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    assert pdf.find_office() == program


def test_the_pdf_lies_beside_the_document(tmp_path: Path) -> None:
    soffice()
    result = write(tmp_path, pdf=True)
    assert result.pdf == "written"
    data = result.document.with_suffix(".pdf").read_bytes()
    assert data.startswith(b"%PDF-")
