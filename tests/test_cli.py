"""The commands: what they call with which options, and what run, templates, status, demo, schedule print."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import WorldError
from pipeline.base.period import Period
from pipeline.cli import texts
from pipeline.cli.main import main
from pipeline.cli.places import PROJECT
from pipeline.cli.report import month_lines
from pipeline.run.acts import ACTS
from pipeline.run.results import DemoResult, FileVerdict, MonthResult, TemplatesResult
from pipeline.run.tick import TickResult
from pipeline.run.workspace import Workspace
from tests.cli_results import PERIOD, STATUS, finding, verdict

HANOI = timedelta(hours=7)
Call = tuple[Any, ...]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Call]:
    """What the commands ask of `pipeline.run`, which answers without doing anything."""
    made: list[Call] = []
    book = tmp_path / "tong-hop.xlsx"

    def answering(result: Any) -> Callable[..., Any]:
        def answer(*args: Any) -> Any:
            made.append(args)
            return result

        return answer

    month = MonthResult(STATUS, (), (), (book,))
    forms = TemplatesResult(PERIOD, tmp_path, (tmp_path / "VHXH-2026-11.xlsx",))
    monkeypatch.setattr("pipeline.run.month.run_month", answering(month))
    monkeypatch.setattr("pipeline.run.templates.issue_templates", answering(forms))
    monkeypatch.setattr("pipeline.run.checking.check_files", answering(()))
    monkeypatch.setattr("pipeline.run.status.read_status", answering(STATUS))
    monkeypatch.setattr("pipeline.run.demo.make_demo", answering(DemoResult(tmp_path, (book,))))
    monkeypatch.setattr("pipeline.run.tick.tick", answering(TickResult((), (), False)))
    monkeypatch.setattr("pipeline.run.heartbeat.keep_running", answering(None))
    return made


# --- options and the default command --------------------------------------------------------------


@pytest.mark.parametrize(
    "argv",
    [
        ["--period", "2026-10", "--now", "2026-11-24T08:00", "--workspace", "W"],
        ["run", "--period", "2026-10", "--now", "2026-11-24T08:00", "--workspace", "W"],
        ["--period", "2026-10", "run", "--now", "2026-11-24T08:00", "--workspace", "W"],
        ["--workspace=W", "--now=2026-11-24T08:00", "--period=2026-10", "run"],
        [
            "--period",
            "2026-01",
            "--workspace",
            "W",
            "run",
            "--period",
            "2026-10",
            "--now",
            "2026-11-24T08:00",
        ],
        ["--period", "2026-01", "--now", "2026-11-24T08:00", "--period", "2026-10", "--workspace", "W"],
    ],
)
def test_options_stand_before_or_after_the_command_and_the_later_wins(
    argv: list[str], calls: list[Call], tmp_path: Path
) -> None:
    assert main([word.replace("W", str(tmp_path)) for word in argv]) == 0
    ((workspace, period, _),) = calls
    assert period == Period(2026, 10)
    assert workspace == Workspace(tmp_path, None, datetime.fromisoformat("2026-11-24T08:00+07:00"))


def test_without_options_the_project_is_run_at_this_moment_in_vietnam(calls: list[Call]) -> None:
    before = datetime.now(UTC)
    assert main([]) == 0
    ((workspace, period, _),) = calls
    assert (workspace.root, workspace.plan_file, period) == (PROJECT, None, None)
    assert before <= workspace.now <= datetime.now(UTC)
    assert workspace.now.utcoffset() == HANOI


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-11-24", "2026-11-24T00:00+07:00"),
        ("2026-11-24T08:00", "2026-11-24T08:00+07:00"),
        ("2026-11-24 08:00:30", "2026-11-24T08:00:30+07:00"),
        ("2026-11-24T01:00Z", "2026-11-24T08:00+07:00"),
        ("2026-11-24T08:00+09:00", "2026-11-24T06:00+07:00"),
    ],
)
def test_the_clock_is_vietnamese_unless_it_says_otherwise(now: str, moment: str, calls: list[Call]) -> None:
    assert main(["status", "--now", now]) == 0
    assert calls[0][0].now == datetime.fromisoformat(moment)


def test_another_plan(calls: list[Call], tmp_path: Path) -> None:
    plan = tmp_path / "ke-hoach.toml"
    plan.write_text("", encoding="utf-8")
    assert main(["--plan", str(plan)]) == 0
    assert calls[0][0].plan_file == plan


@pytest.mark.parametrize("argv", [["--json", "status"], ["status", "--json"]])
def test_json_before_or_after_the_command(
    argv: list[str], calls: list[Call], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 0
    assert json.loads(capsys.readouterr().out)["period"] == "2026-11"


def test_the_arguments_of_the_process_are_the_default(
    calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["run_monthly.py", "--period", "2026-10"])
    assert main() == 0
    assert calls[0][1] == Period(2026, 10)


# --- run, templates, demo, schedule ---------------------------------------------------------------


def test_run_tells_progress_register_files_and_workbooks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    error, note = finding("R03", "error"), finding("F12", "note")
    verdicts = (
        verdict("partial", error, file="vhxh \x1b[1m.xlsx"),
        replace(verdict("partial", note, file="vhxh - Copy.xlsx"), repeated=True),
        verdict("rejected", error, file="vhxh cũ.xlsx"),
        verdict("rejected", error, unit="", file="ảnh.png"),
    )
    books = (tmp_path / "outbox" / "a.xlsx", tmp_path / "outbox" / "b.xlsx")

    def fake(workspace: Workspace, period: Period | None, tell: Callable[[str], None]) -> MonthResult:
        tell("Đọc vhxh.xlsx")
        return MonthResult(STATUS, verdicts, ("dở dang.xlsx",), books)

    monkeypatch.setattr("pipeline.run.month.run_month", fake)
    monkeypatch.chdir(tmp_path)
    assert main(["run"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Đọc vhxh.xlsx",
        "",
        "Kỳ báo cáo: tháng 11/2026. Hạn nộp: trước ngày 20/11/2026.",
        "",
        "Đơn vị                  Tình trạng nộp  Thời gian  Kết quả        Lỗi  Cảnh báo",
        "───────────────────────────────────────────────────────────────────────────────",
        "Phòng Văn hóa - Xã hội  Đã nộp          Đúng hạn   Nhận một phần    2         1",
        "Công an xã              Chưa nộp",
        "Phòng Kinh tế           Đã nộp          Trễ hạn    Hợp lệ           0         0",
        "",
        "Đã xử lý 4 tệp:",
        "  Tệp               Đơn vị    Kỳ        Kết quả",
        "  ──────────────────────────────────────────────────────",
        "  vhxh [1m.xlsx     VHXH      11/2026   Nhận một phần",
        "  vhxh - Copy.xlsx  VHXH      11/2026   Đã nhận trước đó",
        "  vhxh cũ.xlsx      VHXH      11/2026   Bị trả lại",
        "  ảnh.png           không rõ  không rõ  Bị trả lại",
        "Để lại cho lần chạy sau 1 tệp:",
        "  dở dang.xlsx",
        texts.WORKBOOKS,
        f"  {Path('outbox', 'a.xlsx')}",
        f"  {Path('outbox', 'b.xlsx')}",
    ]


def test_the_real_month_from_forms_to_workbook(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    where = ["--workspace", str(tmp_path), "--period", "2026-11", "--now"]
    assert main(["templates", *where, "2026-11-01"]) == 0
    (tmp_path / "inbox").mkdir(exist_ok=True)
    form = tmp_path / "outbox" / "2026-11" / "mau" / "KT-2026-11.xlsx"
    form.replace(tmp_path / "inbox" / "báo cáo (1).xlsx")
    capsys.readouterr()
    assert main([*where, "2026-11-24T08:00"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    book = Path("outbox", "2026-11", "tong-hop-2026-11.xlsx")
    data, feedback = book.with_name("du-lieu"), book.with_name("phan-hoi")
    beside = f"{texts.OPEN_DATA}\n  {data}\n{texts.SEND_BACK}\n  {feedback}\n"
    assert told.out.endswith(f"{texts.WORKBOOKS}\n  {book}\n{beside}")
    assert list(feedback.glob("KT-*.txt"))
    assert data.is_dir()
    assert book.is_file()
    assert re.search(r"^  báo cáo \(1\)\.xlsx  KT +11/2026  Phiếu trống$", told.out, re.MULTILINE)
    assert re.search(r"^Phòng Kinh tế +Đã nộp +Phiếu trống +0 +1$", told.out, re.MULTILINE)


def test_run_says_how_a_file_for_an_issued_month_is_let_in() -> None:
    """It is of another month than the register that is printed, so nothing else would say so."""
    late = FileVerdict("muộn.xlsx", "CA", "2026-10", "pending", ())
    lines = list(month_lines(MonthResult(STATUS, (late,), (), ())))
    (place,) = [n for n, said in enumerate(lines) if said == texts.HELD.format(count=1)]
    assert lines[place + 1] == "  muộn.xlsx"


def test_run_with_an_empty_inbox_says_so(calls: list[Call], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run"]) == 0
    said = capsys.readouterr().out
    assert f"\nKhông có tệp mới trong inbox.\n{texts.WORKBOOKS}\n" in said
    assert re.search(r"^Phòng Văn hóa - Xã hội .* Nhận một phần +2 +1$", said, re.MULTILINE)


def test_templates_tells_the_folder_and_the_forms(
    calls: list[Call], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    assert main(["templates", "--period", "2026-11"]) == 0
    assert calls[0][1] == PERIOD
    assert capsys.readouterr().out == (
        f"Đã ghi 1 mẫu phiếu kỳ 11/2026 vào {tmp_path.name}:\n  VHXH-2026-11.xlsx\n"
    )


def test_demo_is_made_in_the_current_folder_unless_told_otherwise(calls: list[Call], tmp_path: Path) -> None:
    assert main(["demo"]) == 0
    assert main(["demo", str(tmp_path / "thử")]) == 0
    assert [folder for folder, _ in calls] == [Path("demo"), tmp_path / "thử"]


def test_demo_says_where_to_look_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    books = tuple(tmp_path / f"tong-hop-2026-{month}.xlsx" for month in ("10", "11"))
    monkeypatch.setattr("pipeline.run.demo.make_demo", lambda *_: DemoResult(tmp_path, books))
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "x"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  tong-hop-2026-11.xlsx",
        "  tong-hop-2026-10.xlsx",
    ]


def test_schedule_beats_at_the_moment_of_each_beat(
    calls: list[Call], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["schedule", "--workspace", str(tmp_path), "--every", "5"]) == 0
    assert main(["schedule", "--workspace", str(tmp_path), "--now", "2026-11-20"]) == 0
    (free, acts, _, explain, seconds), (fixed, _, _, _, usual) = calls
    assert (seconds, usual) == (5, 60)
    assert acts == ACTS
    before = datetime.now(UTC)
    assert before <= free().now <= datetime.now(UTC)
    assert fixed() == Workspace(tmp_path, None, datetime.fromisoformat("2026-11-20T00:00+07:00"))
    assert explain(WorldError("Ổ đĩa đã đầy.")) == "Ổ đĩa đã đầy."
    assert "5 giây một lần" in capsys.readouterr().out


def test_schedule_keeps_the_trace_of_a_fault_of_our_own(calls: list[Call], tmp_path: Path) -> None:
    main(["schedule", "--workspace", str(tmp_path)])
    explain = calls[0][3]
    assert "ZeroDivisionError" in explain(ZeroDivisionError("chia cho 0"))
    assert "chia cho 0" in (tmp_path / "outbox" / "loi-chuong-trinh.txt").read_text(encoding="utf-8")


def test_tick_with_nothing_to_do_says_so(calls: list[Call], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tick", "--now", "2026-11-20T08:00"]) == 0
    workspace, acts, _, _ = calls[0]
    assert (workspace.now, acts) == (datetime.fromisoformat("2026-11-20T08:00+07:00"), ACTS)
    assert capsys.readouterr().out == "Không có tệp mới, không có việc nào đến hạn.\n"


@pytest.mark.parametrize(
    ("result", "status", "said"),
    [
        (TickResult(("Phát hành mẫu phiếu, kỳ tháng 11/2026",), (), False), 0, ""),
        (TickResult((), ("Chưa có kế hoạch năm 2027.",), False), 0, "Chưa có kế hoạch năm 2027.\n"),
        (TickResult(("x",), ("Chưa xong: y",), True), 3, "Chưa xong: y\n"),
    ],
)
def test_tick_ends_with_3_while_something_is_undone(
    result: TickResult,
    status: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.run.tick.tick", lambda *_: result)
    assert main(["tick"]) == status
    assert capsys.readouterr().out == said


def test_tick_without_a_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `pythonw` starts it, from the Task Scheduler of Windows."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["tick", "--workspace", str(tmp_path), "--now", "2026-11-15T08:00"]) == 0
    assert main(["tick", "--workspace", str(tmp_path), "--now", "2031-01-15T08:00"]) == 2
    diary = (tmp_path / "outbox" / "nhat-ky.txt").read_text(encoding="utf-8").splitlines()
    assert [line[:10] for line in diary] == ["15/11/2026", "15/11/2026", "15/01/2031"]


def test_a_real_tick_issues_the_forms_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = ["tick", "--workspace", str(tmp_path), "--now", "2026-11-15T08:00"]
    assert main(where) == 0
    done = ["Xong: Phát hành mẫu phiếu, kỳ tháng 11/2026", "Xong: Thư đến hạn: soạn 9 thư"]
    assert capsys.readouterr().out.splitlines()[-2:] == done
    assert main(where) == 0
    assert capsys.readouterr().out == "Không có tệp mới, không có việc nào đến hạn.\n"
    diary = (tmp_path / "outbox" / "nhat-ky.txt").read_text(encoding="utf-8")
    assert diary.splitlines() == [f"15/11/2026 08:00  {line}" for line in done]


# --- status ---------------------------------------------------------------------------------------


def test_status_is_a_table_with_deadline_and_counts(
    calls: list[Call], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Kỳ báo cáo: tháng 11/2026. Hạn nộp: trước ngày 20/11/2026.",
        "",
        "Đơn vị                  Tình trạng nộp  Thời gian  Kết quả        Nhận lúc     Số tệp",
        "─────────────────────────────────────────────────────────────────────────────────────",
        "Phòng Văn hóa - Xã hội  Đã nộp          Đúng hạn   Nhận một phần  18/11             2",
        "Công an xã              Chưa nộp",
        "Phòng Kinh tế           Đã nộp          Trễ hạn    Hợp lệ         20/11 08:00       1",
        "",
        "Phải nộp: 3 đơn vị. Đã báo cáo: 2. Đúng hạn: 1.",
    ]


def test_status_of_a_new_workspace_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json", "--workspace", str(tmp_path), "--now", "2026-11-24T08:00"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert list(status) == ["period", "deadline", "units"]
    assert (status["period"], status["deadline"]) == ("2026-11", "20/11/2026")
    units = {unit["unit"]: unit for unit in status["units"]}
    assert units["VHXH"]["name"] == "Phòng Văn hóa - Xã hội"
    assert {unit["receipt"] for unit in units.values()} == {"not_sent"}
    assert list(tmp_path.iterdir()) == []
