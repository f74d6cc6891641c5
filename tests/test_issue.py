"""A month is issued, corrected, replayed and rebuilt: what was said once can always be shown again."""

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.edges.reading.workbook import read_workbook
from pipeline.run.deciding import Order, decide
from pipeline.run.issuing import issue
from pipeline.run.rebuilding import rebuild
from pipeline.run.results import IssueResult
from pipeline.run.workspace import Workspace
from tests.forms import PLAN, sent_form
from tests.test_run import figures
from tests.test_take import ZONE, drop, ledger, outcomes, run

NOVEMBER = Period(2026, 11)
FACTS = "SELECT indicator, value FROM current_fact ORDER BY indicator"
ISSUED = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
AFTER = datetime(2026, 11, 26, 9, 0, tzinfo=ZONE)


def quiet(_: str) -> None:
    pass


def issued(root: Path, now: datetime = ISSUED) -> IssueResult:
    return issue(Workspace(root, None, now), NOVEMBER, quiet)


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "outbox" / "2026-11").glob("*.xlsx"))


def manifest(root: Path) -> dict[str, Any]:
    """What is said beside the open data about how they came about."""
    said: dict[str, Any] = json.loads((root / "outbox/2026-11/du-lieu/manifest.json").read_text("utf-8"))
    return said


def status_line(book: Path) -> str:
    (sheet,) = [sheet for sheet in read_workbook(book.read_bytes()).sheets if sheet.name == "Tổng quan"]
    return next(text for cell in sheet.cells.values() if (text := str(cell.value)).startswith("Bản "))


def test_an_issue_is_numbered_sealed_and_takes_the_place_of_the_draft(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    assert names(tmp_path) == ["tong-hop-2026-11.xlsx"]
    result = issued(tmp_path)
    assert (result.number, result.path.name, result.waiting) == (1, "tong-hop-2026-11-r1.xlsx", 0)
    assert names(tmp_path) == ["tong-hop-2026-11-r1.xlsx"]
    assert status_line(result.path) == "Bản phát hành số 1"
    ((place, plan),) = ledger(tmp_path, "SELECT archived_as, plan_sha256 FROM issue")
    assert (tmp_path / "archive" / place).read_bytes() == result.path.read_bytes()
    ((kept,),) = ledger(tmp_path, f"SELECT archived_as FROM plan WHERE sha256 = '{plan}'")
    assert "[[indicators]]" in (tmp_path / "archive" / kept).read_text("utf-8")


def test_the_page_is_frozen_with_its_issue(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    folder = tmp_path / "outbox" / "2026-11"
    assert [path.name for path in folder.glob("*.html")] == ["tong-hop-2026-11.html"]
    assert "Bản tạm" in (folder / "tong-hop-2026-11.html").read_text("utf-8")
    page = issued(tmp_path).path.with_suffix(".html")
    assert [path.name for path in folder.glob("*.html")] == [page.name]
    before = page.read_bytes()
    assert "Bản phát hành số 1" in before.decode()
    assert "tong-hop-2026-11-r1.xlsx" in before.decode()
    outputs = {output["file"]: output["sha256"] for output in manifest(tmp_path)["outputs"]}
    assert outputs[f"../{page.name}"] == hashlib.sha256(before).hexdigest()
    page.unlink()
    run(tmp_path, AFTER)
    assert page.read_bytes() == before
    assert rebuild(Workspace(tmp_path, None, AFTER)).unknown == ()


@pytest.mark.parametrize("suffix", [".html", ".zip"])
def test_an_issue_from_before_there_were_pages_and_packs_has_none(tmp_path: Path, suffix: str) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    beside = issued(tmp_path).path.with_suffix(suffix)
    beside.unlink()
    (sealed,) = (tmp_path / "archive").rglob(f"*{suffix}")
    sealed.unlink()
    with closing(sqlite3.connect(tmp_path / "archive" / "ledger.sqlite")) as connection:
        connection.execute("UPDATE issue SET page_sha256 = '', data_sha256 = ''")
        connection.commit()
    journal = tmp_path / "archive" / "so-theo-doi.jsonl"
    told = re.sub(r', "(page|data)_sha256": "\w+"', "", journal.read_text("utf-8"))
    journal.write_text(told, encoding="utf-8")
    run(tmp_path, AFTER)
    assert names(tmp_path) == ["tong-hop-2026-11-r1.xlsx"]
    assert not beside.exists()
    assert rebuild(Workspace(tmp_path, None, AFTER)).missing == ()
    assert ledger(tmp_path, "SELECT page_sha256, data_sha256 FROM issue") == [("", "")]


@pytest.mark.parametrize(("suffix", "column"), [(".html", "page_sha256"), (".zip", "data_sha256")])
def test_what_was_altered_beside_a_sealed_issue_is_not_put_back(
    tmp_path: Path, suffix: str, column: str
) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    beside = issued(tmp_path).path.with_suffix(suffix)
    whole = beside.read_bytes()
    assert ledger(tmp_path, f"SELECT {column} FROM issue") == [(hashlib.sha256(whole).hexdigest(),)]
    beside.unlink()
    (sealed,) = (tmp_path / "archive").rglob(f"*{suffix}")
    sealed.chmod(0o644)
    sealed.write_bytes(whole + b" ")
    with pytest.raises(OperatorError, match="bị sửa hoặc hỏng"):
        run(tmp_path, AFTER)
    assert not beside.exists()
    place = sealed.relative_to(tmp_path / "archive").as_posix()
    assert rebuild(Workspace(tmp_path, None, AFTER)).missing == (place,)
    sealed.write_bytes(whole)
    run(tmp_path, AFTER)
    assert beside.read_bytes() == whole  # the hash came back from the journal
    assert rebuild(Workspace(tmp_path, None, AFTER)).missing == ()


def test_the_open_data_of_an_issue_stay_as_they_were_when_more_is_sent(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    pack = issued(tmp_path).path.with_suffix(".zip")
    folder = pack.parent / "du-lieu"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with ZipFile(pack) as found:
        assert {name: found.read(name) for name in found.namelist()} == before
    whole = pack.read_bytes()
    drop(tmp_path, vp__xlsx=sent_form("VP"))
    run(tmp_path, AFTER)
    decide(Workspace(tmp_path, None, AFTER), Order(kind="admit", reason="Đính chính", file="vp.xlsx"), quiet)
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["edition"]["is_draft"]
    assert pack.read_bytes() == whole
    pack.unlink()
    (sealed,) = (tmp_path / "archive").rglob("*.zip")
    assert sealed.read_bytes() == whole


def test_the_open_data_of_an_issue_are_those_of_its_workbook(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    assert manifest(tmp_path)["edition"] == {"number": 0, "is_draft": True}
    book = issued(tmp_path).path
    said = manifest(tmp_path)
    assert said["edition"] == {"number": 1, "is_draft": False}
    outputs = {output["file"]: output["sha256"] for output in said["outputs"]}
    assert outputs[f"../{book.name}"] == hashlib.sha256(book.read_bytes()).hexdigest()
    document = json.loads((tmp_path / "outbox/2026-11/du-lieu/tong-hop-2026-11.json").read_text("utf-8"))
    assert document["status"] == status_line(book)
    ((plan,),) = ledger(tmp_path, "SELECT plan_sha256 FROM issue")
    assert said["plan"] == {"id": "phuoc-an-2026", "version": PLAN.version, "sha256": plan}


def test_the_manifest_tells_the_decisions_of_its_month_and_nobody_s_number(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"), th__xlsx=sent_form("TH"))
    run(tmp_path)
    at = Workspace(tmp_path, None, ISSUED)
    decide(at, Order(kind="withdraw", reason="Gửi nhầm, gọi 0912 345 678", file="th.xlsx"), quiet)
    decide(at, Order(kind="revoke", reason="Đúng tệp", number=1), quiet)
    assert manifest(tmp_path)["decisions"] == [
        {
            "number": 1,
            "kind": "withdraw",
            "day": "2026-11-24",
            "reason": "Gửi nhầm, gọi […]",
            "standing": "revoked",
        },
        {"number": 2, "kind": "revoke", "day": "2026-11-24", "reason": "Đúng tệp", "standing": "in_force"},
    ]


def test_what_was_issued_is_not_issued_again_nor_written_anew(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    result = issued(tmp_path)
    before = result.path.read_bytes()
    with pytest.raises(OperatorError, match="bản phát hành số 1 và chưa có gì thay đổi"):
        issued(tmp_path, AFTER)
    assert run(tmp_path, AFTER).workbooks == ()
    assert (names(tmp_path), result.path.read_bytes()) == ([result.path.name], before)
    result.path.unlink()
    run(tmp_path, AFTER)
    assert result.path.read_bytes() == before


def altered(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"PK altered")


def test_an_issue_that_was_altered_in_the_archive_is_not_put_back(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    result = issued(tmp_path)
    ((place,),) = ledger(tmp_path, "SELECT archived_as FROM issue")
    altered(tmp_path / "archive" / place)
    result.path.unlink()
    with pytest.raises(OperatorError, match="bị sửa hoặc hỏng nên không dùng"):
        run(tmp_path, AFTER)
    assert not result.path.exists()


def test_an_original_that_was_altered_is_not_judged_again(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    ((place,),) = ledger(tmp_path, "SELECT archived_as FROM current_submission")
    path = tmp_path / "archive" / place
    path.chmod(0o644)
    path.write_bytes(sent_form("CA", V_20__numerator=1.0))
    before = ledger(tmp_path, FACTS)
    with pytest.raises(OperatorError, match="bị sửa hoặc hỏng nên không dùng"):
        decide(
            Workspace(tmp_path, None, ISSUED),
            Order(kind="waive", reason="Thử", rule="R01", unit="CA", period=NOVEMBER),
            quiet,
        )
    assert ledger(tmp_path, FACTS) == before


def test_a_period_that_is_not_closed_cannot_be_issued(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="chưa chốt số liệu"):
        issued(tmp_path, datetime(2026, 11, 14, 9, 0, tzinfo=ZONE))


def test_a_file_for_an_issued_period_waits_for_the_officer(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    first = issued(tmp_path).path
    drop(tmp_path, sua__xlsx=sent_form("CA", V_30__numerator=45.0))
    result = run(tmp_path, AFTER)
    assert outcomes(result) == {"sua.xlsx": "pending"}
    assert [f.code for f in result.verdicts[0].findings] == ["F23"]
    assert result.workbooks == ()
    assert result.status.waiting == ("sua.xlsx",)
    admitted = decide(
        Workspace(tmp_path, None, AFTER), Order(kind="admit", reason="Đính chính", file="sua.xlsx"), quiet
    )
    assert [(v.file, v.outcome) for v in admitted.verdicts] == [("sua.xlsx", "valid")]
    draft = tmp_path / "outbox" / "2026-11" / "tong-hop-2026-11.xlsx"
    assert admitted.workbooks == (draft,)
    assert status_line(draft) == "Bản tạm, sửa đổi sau bản phát hành số 1"
    assert (figures(draft)["V.30"]["Kết quả"], figures(first)["V.30"]["Kết quả"]) == (90, 80)
    assert "V.30" in figures(draft, "Biến động")  # what changed since the issue
    assert "V.30" not in figures(first, "Biến động")
    second = issued(tmp_path, AFTER)
    assert (second.number, status_line(second.path)) == (2, "Bản phát hành số 2")
    assert names(tmp_path) == ["tong-hop-2026-11-r1.xlsx", "tong-hop-2026-11-r2.xlsx"]


def test_files_that_wait_in_the_inbox_are_told(tmp_path: Path) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)
    drop(tmp_path, th__xlsx=sent_form("TH"))
    assert issued(tmp_path).waiting == 1


def test_an_issue_that_was_cut_before_it_was_recorded_can_be_made_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(tmp_path, ca__xlsx=sent_form("CA"))
    run(tmp_path)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.run.issuing.publish_open_data", cut)
        with pytest.raises(KeyboardInterrupt):
            issued(tmp_path)
    result = issued(tmp_path, AFTER)
    assert (result.number, names(tmp_path)) == (1, ["tong-hop-2026-11-r1.xlsx"])
    ((place,),) = ledger(tmp_path, "SELECT archived_as FROM issue")
    assert (tmp_path / "archive" / place).read_bytes() == result.path.read_bytes()
