"""How the program ends: one clear line and an exit status, whatever happens."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

import pytest

from pipeline.base.errors import OperatorError, PipelineError, SpecError, WorldError
from pipeline.cli.main import main
from pipeline.cli.places import PROJECT
from tests.cli_results import failing

PROGRAM = [sys.executable, str(PROJECT / "run_monthly.py")]


def break_run(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    monkeypatch.setattr("pipeline.run.month.run_month", failing(fault))


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (OperatorError("Chưa có kế hoạch năm 2027."), 2),
        (SpecError("plan-2027.toml", ["units: thiếu khóa này"]), 2),
        (WorldError("Đang có một lần chạy khác."), 3),
    ],
)
def test_faults_end_with_their_sentence_and_status(
    fault: PipelineError,
    status: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    break_run(monkeypatch, fault)
    assert main(["--workspace", str(tmp_path)]) == status
    assert capsys.readouterr() == ("", f"{fault}\n")


def test_ctrl_c_ends_with_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("pipeline.run.heartbeat.keep_running", failing(KeyboardInterrupt()))
    assert main(["schedule", "--workspace", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "Đã dừng.\n"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "Lỗi: ổ đĩa đã đầy («kho.db»).\n"),
        (errno.EACCES, "Lỗi: không có quyền đọc, ghi, hoặc tệp đang mở ở chương trình khác («kho.db»).\n"),
        (errno.ELOOP, "Lỗi: hệ điều hành từ chối thao tác (ELOOP) («kho.db»).\n"),
    ],
)
def test_what_the_system_refuses_ends_with_3(
    number: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    break_run(monkeypatch, OSError(number, os.strerror(number), "kho.db"))
    assert main(["--workspace", str(tmp_path)]) == 3
    assert capsys.readouterr().err == said


def test_a_fault_of_the_program_is_kept_in_the_outbox(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_run(monkeypatch, ZeroDivisionError("chia cho 0"))
    monkeypatch.chdir(tmp_path)
    assert main(["--workspace", str(tmp_path)]) == 1
    file = Path("outbox", "loi-chuong-trinh.txt")
    told = capsys.readouterr().err
    assert told.startswith(f"Lỗi chương trình (ZeroDivisionError). Chi tiết ở {file};")
    assert told.count("\n") == 1
    details = file.read_text(encoding="utf-8")
    assert "in fail" in details
    assert details.endswith("ZeroDivisionError: chia cho 0\n")


def test_a_fault_of_the_program_that_cannot_be_kept_says_its_place(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_run(monkeypatch, KeyError("x"))
    (tmp_path / "outbox").write_text("không phải thư mục", encoding="utf-8")
    assert main(["--workspace", str(tmp_path)]) == 1
    assert re.match(
        r"Lỗi chương trình \(KeyError tại cli_results\.py:\d+\)\. Không ghi được", capsys.readouterr().err
    )


def test_a_missing_package_says_how_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_run(monkeypatch, ModuleNotFoundError("No module named 'pandas'", name="pandas"))
    assert main(["--workspace", str(tmp_path)]) == 2
    assert re.fullmatch(r"Chưa cài thư viện «pandas»\. .* -r requirements\.txt\n", capsys.readouterr().err)


# --- the real process -----------------------------------------------------------------------------


# As on an officer's machine, where the output is buffered and no encoding is set.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def process(argv: Sequence[str], stdout: Any, **settings: str) -> "subprocess.CompletedProcess[bytes]":
    environment = {**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1", **settings}
    return subprocess.run(
        [*PROGRAM, *argv], stdout=stdout, stderr=subprocess.PIPE, check=False, env=environment
    )


def test_the_program_speaks_utf8_where_the_console_does_not() -> None:
    console = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    good = process(["--version"], subprocess.PIPE, **console)
    bad = process(["chạy"], subprocess.PIPE, **console)
    assert good.stdout.decode("utf-8").startswith("Tổng hợp báo cáo tháng")
    assert bad.stderr.decode("utf-8").startswith("Lỗi: Không có lệnh «chạy»")
    assert (good.returncode, bad.returncode) == (0, 2)


def test_without_packages_the_program_says_what_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-S", *PROGRAM[1:], "status"], capture_output=True, check=False, cwd=PROJECT
    )
    assert done.returncode == 2
    assert done.stderr.decode("utf-8").startswith("Chưa cài thư viện «click».")


@pytest.mark.parametrize("command", ["--help", "status"])
def test_a_reader_that_went_away_is_no_fault(command: str, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = process(["--workspace", str(tmp_path), command], closed)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no device that is always full")
@pytest.mark.parametrize("command", ["--help", "status"])
def test_a_full_disk_behind_the_output_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = process(["--workspace", str(tmp_path), command], full)
    assert (done.returncode, done.stderr.decode("utf-8")) == (3, "Lỗi: ổ đĩa đã đầy.\n")


@pytest.mark.parametrize(
    ("year", "command"), [(1970, "status"), (2000, "run"), (1970, "tick"), (1970, "doctor")]
)
def test_a_clock_that_has_stood_still_is_told(
    year: int,
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(year, 1, 1, 0, 5, tzinfo=tz)

    monkeypatch.setattr("pipeline.cli.output.datetime", Clock)
    assert main([command, "--workspace", str(tmp_path)]) == 2
    told = "".join(capsys.readouterr())
    assert ("Đồng hồ của máy đang là ngày 01/01/" in told) == (command != "doctor")
    assert "chỉnh" in told.lower()
