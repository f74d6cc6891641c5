"""The ledger is lost, cut or rebuilt: what stands in journal and archive is enough."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError, WorldError
from pipeline.run.deciding import Order, decide
from pipeline.run.month import run_month
from pipeline.run.rebuilding import rebuild
from pipeline.run.workspace import Workspace
from tests.forms import sent_form
from tests.kill_driver import state
from tests.test_issue import AFTER, NOVEMBER, issued, quiet
from tests.test_take import NOW, drop, ledger, outcomes, run


def test_the_ledger_is_rebuilt_from_the_journal(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"), hong__xlsx=b"not a workbook")
    run(tmp_path)
    drop(tmp_path, lai__xlsx=sent_form("CA"))
    run(tmp_path)
    decide(Workspace(tmp_path, None, NOW), Order(kind="withdraw", reason="Nhầm", file="ca.xlsx"), quiet)
    issued(tmp_path)
    before = (
        state(tmp_path),
        ledger(tmp_path, "SELECT * FROM event"),
        ledger(tmp_path, "SELECT * FROM repeat"),
    )
    (tmp_path / "archive" / "ledger.sqlite").write_bytes(b"spoiled" * 1000)
    with pytest.raises(OperatorError, match="rebuild"):
        run(tmp_path, AFTER)
    result = rebuild(Workspace(tmp_path, None, AFTER))
    assert (result.events, result.missing, result.unknown) == (len(before[1]), (), ())
    after = state(tmp_path), ledger(tmp_path, "SELECT * FROM event"), ledger(tmp_path, "SELECT * FROM repeat")
    assert after[0]["ledger"] == before[0]["ledger"]
    assert after[1:] == before[1:]
    assert (tmp_path / "archive" / "ledger.sqlite.cu-1").read_bytes() == b"spoiled" * 1000


def test_originals_that_are_gone_and_files_that_nobody_knows_are_named(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"), th__xlsx=sent_form("TH"))
    run(tmp_path)
    gone, changed = sorted((tmp_path / "archive" / "2026-11").rglob("*.xlsx"))
    gone.unlink()
    changed.chmod(0o600)
    changed.write_bytes(b"other")
    (tmp_path / "archive" / "2026-11" / "la.xlsx").write_bytes(b"?")
    result = rebuild(Workspace(tmp_path, None, AFTER))
    root = tmp_path / "archive"
    assert sorted(result.missing) == sorted(p.relative_to(root).as_posix() for p in (gone, changed))
    assert result.unknown == ("2026-11/la.xlsx",)


def test_a_lost_ledger_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    (tmp_path / "archive" / "ledger.sqlite").unlink()
    drop(tmp_path, th__xlsx=sent_form("TH"))
    with pytest.raises(OperatorError, match="Hãy chạy lệnh rebuild"):
        run(tmp_path, AFTER)
    rebuild(Workspace(tmp_path, None, AFTER))
    assert outcomes(run(tmp_path, AFTER)) == {"th.xlsx": "valid"}
    assert ledger(tmp_path, "SELECT count(*) FROM current_submission") == [(2,)]


def test_a_journal_cut_in_the_middle_of_a_line_is_completed(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"), th__xlsx=sent_form("TH"))
    run(tmp_path)
    path = tmp_path / "archive" / "so-theo-doi.jsonl"
    whole = path.read_bytes()
    for end in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:end])
        run_month(Workspace(tmp_path, None, NOW), NOVEMBER, quiet)
        assert path.read_bytes() == whole


def test_a_journal_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    path = tmp_path / "archive" / "so-theo-doi.jsonl"
    path.write_text("{}\n", "utf-8")
    with pytest.raises(OperatorError, match="có dòng không đọc được"):
        rebuild(Workspace(tmp_path, None, AFTER))
    path.unlink()
    with pytest.raises(OperatorError, match="Không có nhật ký"):
        rebuild(Workspace(tmp_path, None, AFTER))


def test_a_full_disk_under_the_journal_keeps_the_file_in_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.edges.store.journal.os.fsync", full)
        with pytest.raises(WorldError, match="đĩa đã đầy"):
            run(tmp_path)
    assert [path.name for path in (tmp_path / "inbox").iterdir()] == ["ca.xlsx"]
    run(tmp_path)
    assert ledger(tmp_path, "SELECT count(*) FROM current_submission") == [(1,)]
    with closing(sqlite3.connect(tmp_path / "archive" / "ledger.sqlite")) as connection:
        (events,) = connection.execute("SELECT max(number) FROM event").fetchone()
    assert len((tmp_path / "archive" / "so-theo-doi.jsonl").read_text("utf-8").splitlines()) == events
