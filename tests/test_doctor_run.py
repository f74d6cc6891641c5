"""The doctor at real workspaces: sound ones, and each broken in one place."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError
from pipeline.cli.main import main
from pipeline.cli.places import PROJECT
from pipeline.edges.store.files import lock
from pipeline.run.demo import PLAN_FILE
from pipeline.run.doctor import Diagnosis, diagnose
from pipeline.run.rebuilding import rebuild
from pipeline.run.status import read_status
from pipeline.run.workspace import Workspace
from tests.calendars import at
from tests.demonstration import Demonstration
from tests.mail_servers import PASSWORD, VARIABLE
from tests.mailbox import Office

NOW = at(2026, 11, 26, 8)  # after the last month of the demonstration


@pytest.fixture
def copy(demonstration: Demonstration, tmp_path: Path) -> Path:
    """The demonstration, to be broken."""
    return shutil.copytree(demonstration.folder, tmp_path / "bản sao")


def look(root: Path, now: datetime = NOW, connect: bool = False) -> Diagnosis:
    plan = root / PLAN_FILE
    return diagnose(Workspace(root, plan if plan.is_file() else None, now), connect)


def said(found: Diagnosis) -> dict[str, str]:
    return {remark.key: remark.said for remark in found.remarks}


def broken(found: Diagnosis) -> set[str]:
    return {remark.key for remark in found.remarks if remark.level == "broken"}


def test_the_demonstration_is_sound_and_nothing_of_it_is_touched(copy: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file()}
    found = look(copy)
    assert broken(found) == set()
    assert {"ledger_good", "journal_good", "originals_good", "folders_good", "plan_good"} <= said(
        found
    ).keys()
    after = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file()}
    assert {path.name for path, _ in before.items() ^ after.items()} <= {
        "ledger.sqlite",
        "ledger.sqlite-shm",
        "ledger.sqlite-wal",
    }


def test_a_workspace_without_anything(tmp_path: Path) -> None:
    found = look(tmp_path)
    assert broken(found) == set()
    assert said(found)["folders_absent"] == "Chưa có thư mục inbox, outbox, archive."
    assert {"ledger_none", "contacts_none", "mail_none", "ticks_none"} <= said(found).keys()
    assert list(tmp_path.iterdir()) == []


def test_a_page_of_the_ledger_is_damaged(copy: Path) -> None:
    ledger = copy / "archive" / "ledger.sqlite"
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        question = "SELECT rootpage FROM sqlite_master WHERE name = 'fact'"
        (page,) = connection.execute(question).fetchone()
    data = bytearray(ledger.read_bytes())
    data[(page - 1) * size : page * size] = b"\xa5" * size
    ledger.write_bytes(data)
    found = look(copy)
    assert "books_faulty" in broken(found)
    assert "đã hỏng. Hãy chạy lệnh rebuild" in said(found)["books_faulty"]


def test_the_ledger_is_gone(copy: Path) -> None:
    for path in (copy / "archive").glob("ledger.sqlite*"):
        path.unlink()
    assert broken(look(copy)) == {"ledger_lost"}


def test_the_ledger_was_emptied(copy: Path) -> None:
    for path in (copy / "archive").glob("ledger.sqlite*"):
        path.write_bytes(b"")
    assert broken(look(copy)) == {"ledger_lost"}
    with pytest.raises(OperatorError, match="Sổ theo dõi thiếu so với nhật ký"):
        read_status(Workspace(copy, None, NOW), None)


def test_the_journal_ends_early(copy: Path) -> None:
    journal = copy / "archive" / "so-theo-doi.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-3]) + lines[-3][:20])
    assert said(look(copy))["journal_behind"].count("3 việc") == 1


def test_an_original_is_gone(copy: Path) -> None:
    original = next((copy / "archive" / "2026-11").rglob("*.xlsx"))
    original.unlink()
    found = look(copy)
    assert broken(found) == {"originals_missing"}
    assert original.relative_to(copy / "archive").as_posix() in said(found)["originals_missing"]


def test_the_clock_was_set_back(copy: Path) -> None:
    assert broken(look(copy, at(2026, 10, 30))) == {"clock_back"}
    assert broken(look(copy, at(2031, 1, 1))) == {"year_odd"}


def test_the_plan_cannot_be_read(copy: Path) -> None:
    with (copy / PLAN_FILE).open("a", encoding="utf-8") as plan:
        plan.write("\n[scoring\n")
    found = look(copy)
    assert broken(found) == {"data_faulty", "plan_none"}
    assert "không đúng cú pháp TOML" in said(found)["data_faulty"]


def test_files_that_are_open_and_files_that_wait(copy: Path) -> None:
    outbox = copy / "outbox" / "2026-11"
    (outbox / "~$tong-hop-2026-11.xlsx").touch()
    (outbox / "bao-cao-2026-11.docx").touch()
    (outbox / "~$o-cao-2026-11.docx").touch()
    (outbox / ".~lock.thu.ods#").touch()
    (copy / "inbox" / "phieu.xlsx").write_bytes(b"x")
    told = said(look(copy))
    assert told["open_some"].endswith("bao-cao-2026-11.docx, tong-hop-2026-11.xlsx, thu.ods.")
    assert told["inbox_waiting"].endswith(": 1.")


def test_a_folder_that_refuses(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "forbidden", str(path))

    monkeypatch.setattr(Path, "touch", refuse)
    assert broken(look(copy)) == {"folders_refused"}


def test_a_file_where_a_folder_belongs(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_bytes(b"")
    assert broken(look(tmp_path)) == {"folders_refused"}


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("archive/ledger.sqlite", "books_faulty"),
        ("archive/mail.sqlite", "books_faulty"),
        ("archive/so-theo-doi.jsonl", "books_faulty"),
        ("archive/steps.json", "books_faulty"),
        ("archive/run.lock", "books_faulty"),
        ("outbox/nhat-ky.txt", "books_faulty"),
        ("hop-thu.toml", "mail_faulty"),
        ("danh-ba.toml", "contacts_faulty"),
        (PLAN_FILE, "data_faulty"),
    ],
)
def test_a_folder_where_a_file_belongs(copy: Path, place: str, key: str) -> None:
    (copy / place).unlink(missing_ok=True)
    (copy / place).mkdir()
    found = diagnose(Workspace(copy, copy / PLAN_FILE, NOW), connect=False)
    assert broken(found) - {"plan_none"} == {key}
    assert place in said(found)[key]
    assert "là thư mục" in said(found)[key] or "là một thư mục. Hãy đổi tên thư mục ấy" in said(found)[key]


def test_the_log_of_the_mail_was_emptied(copy: Path) -> None:
    (copy / "archive" / "mail.sqlite").write_bytes(b"")
    for _ in range(2):  # a look fills nothing in
        found = look(copy)
        assert broken(found) == {"books_faulty"}
        assert "mail.sqlite trống không (0 byte)" in said(found)["books_faulty"]


def test_a_ledger_is_made_again_where_a_folder_was_in_its_place(copy: Path) -> None:
    before = read_status(Workspace(copy, copy / PLAN_FILE, NOW), None)
    (copy / "archive" / "ledger.sqlite").unlink()
    (copy / "archive" / "ledger.sqlite").mkdir()
    with pytest.raises(OperatorError, match="Hãy đổi tên thư mục ấy"):
        read_status(Workspace(copy, copy / PLAN_FILE, NOW), None)
    rebuild(Workspace(copy, copy / PLAN_FILE, NOW))
    assert read_status(Workspace(copy, copy / PLAN_FILE, NOW), None) == before


def test_the_last_tick_is_known_by_its_lock(copy: Path) -> None:
    with lock(copy / "archive" / "tick.lock"):
        pass
    os.utime(copy / "archive" / "tick.lock", (NOW.timestamp() - 600, NOW.timestamp() - 600))
    assert said(look(copy))["ticks_good"].endswith(": 07:50 ngày 26/11/2026.")
    with lock(copy / "archive" / "tick.lock"):
        taken = (copy / "archive" / "tick.lock").stat().st_mtime
    assert abs(time.time() - taken) < 60


def test_what_became_of_the_steps(copy: Path) -> None:
    steps = copy / "archive" / "steps.json"
    moment = "2026-11-24T07:00:00+07:00"
    record = {"outcome": "failed", "first_at": moment, "at": moment, "attempts": 1, "message": "Đĩa đầy."}
    steps.write_text(json.dumps({"inbox": record}), encoding="utf-8")
    assert said(look(copy))["steps_failed"].endswith("Nhận tệp trong inbox.")
    steps.write_text("{", encoding="utf-8")
    assert broken(look(copy)) == {"books_faulty"}


# --- the mail -------------------------------------------------------------------------------------


def test_the_mailbox_as_it_is_set_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    found = look(office.root)
    assert broken(found) == set()
    assert said(found)["contacts_gaps"].startswith("Danh bạ chưa có địa chỉ của: ")
    assert "login_good" not in said(found)
    monkeypatch.delenv(VARIABLE)
    assert broken(look(office.root, connect=True)) == {"password_none"}


def test_a_login_is_tried_only_where_one_asks(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(look(office.root, connect=True))["login_good"] == "Đăng nhập được vào localhost."
    monkeypatch.setenv(VARIABLE, "sai mật khẩu")
    assert broken(look(office.root)) == set()
    found = look(office.root, connect=True)
    assert broken(found) == {"login_faulty"}
    assert "không nhận tên đăng nhập hoặc mật khẩu" in said(found)["login_faulty"]
    assert PASSWORD not in str(found)


def test_a_login_for_sending(sender: Path) -> None:
    assert said(look(sender, connect=True))["login_good"] == "Đăng nhập được vào localhost."


@pytest.mark.parametrize(
    ("file", "key"), [("danh-ba.toml", "contacts_faulty"), ("hop-thu.toml", "mail_faulty")]
)
def test_a_file_of_the_mail_that_cannot_be_read(copy: Path, file: str, key: str) -> None:
    (copy / file).write_text("la = 1", encoding="utf-8")
    found = look(copy)
    assert broken(found) == {key}
    assert file in said(found)[key]


# --- the command ----------------------------------------------------------------------------------


def test_the_command_ends_with_2_where_something_is_broken(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["doctor", "--workspace", str(copy), "--plan", str(copy / PLAN_FILE), "--now", NOW.isoformat()]
    assert main(argv) == 0
    assert "  tốt    Ghi được vào inbox, outbox, archive.\n" in capsys.readouterr().out
    (copy / "danh-ba.toml").write_text("la = 1", encoding="utf-8")
    assert main(argv) == 2
    page = capsys.readouterr().out
    assert "  hỏng   Tệp danh-ba.toml có 1 chỗ chưa đúng:\n         - la: khóa lạ" in page
    assert "         → Sửa chỗ vừa nêu trong danh-ba.toml.\n" in page
    assert page.splitlines()[-1].startswith("Có 1 chỗ hỏng, ")


def test_the_same_as_json(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "danh-ba.toml").write_text("la = 1", encoding="utf-8")
    assert main(["doctor", "--json", "--workspace", str(copy)]) == 2
    told = json.loads(capsys.readouterr().out)
    (fault,) = [remark for remark in told["remarks"] if remark["key"] == "contacts_faulty"]
    assert told["level"] == fault["level"] == "broken"
    assert (fault["part"], fault["todo"]) == ("mail", "Sửa chỗ vừa nêu trong danh-ba.toml.")


def test_the_doctor_needs_nothing_but_click(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    click = Path(sys.modules["click"].__file__ or "").parent
    shutil.copytree(click, packages / "click")
    (tmp_path / "workspace").mkdir()
    done = subprocess.run(
        [sys.executable, "-S", str(PROJECT / "run_monthly.py"), "doctor", "--workspace", "workspace"],
        env={**os.environ, "PYTHONPATH": str(packages), "PYTHONUTF8": "1"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "")
    assert "  hỏng   Thiếu thư viện: annotated-types, click, docxtpl" in done.stdout


@pytest.mark.parametrize("version", ["3.10.14", "3.6.8"])
def test_an_old_python_is_told_in_one_line(version: str) -> None:
    numbers = ", ".join(version.split("."))
    program = (
        f"import runpy, sys; sys.version_info, sys.version = ({numbers}), '{version} (main)'; "
        f"runpy.run_path({str(PROJECT / 'run_monthly.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Cần Python 3.11 trở lên; đang chạy bằng Python {version}. ")
    assert done.stderr.count("\n") == 1
