"""Checking says of every file what the monthly run will say of it, and touches nothing."""

import hashlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.base.period import Period
from pipeline.run.checking import check_files
from pipeline.run.month import run_month
from pipeline.run.results import FileVerdict
from pipeline.run.workspace import Workspace
from tests.forms import sent_form
from tests.test_take import SCAN, mail, zipped

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FAULTY = sent_form("TH", II_3__numerator="trên 98%")
Said = dict[str, tuple[str, str, str, list[tuple[str, str]]]]


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    """A workspace whose inbox holds files of every kind, loose and wrapped, on top and below."""
    files = {
        "2026-11-17/CA/phiếu.xlsx": sent_form("CA"),
        "2026-11-17/CA/phiếu.pdf": SCAN,
        "2026-11-17/lạ.pdf": SCAN + b" of nobody",
        "hộp.zip": zipped(phieu__xlsx=FAULTY, ky__pdf=SCAN + b" of the schools"),
        "thư.eml": mail(("phiếu VP.xlsx", sent_form("VP")), ("bản ký.pdf", SCAN + b" of the office")),
        "thư trống.eml": mail(),
        "sớm.xlsx": sent_form("TYT", "2026-12"),
        "hỏng.xlsx": b"not a workbook",
        "~$phiếu.xlsx": b"lock",
        "Thumbs.db": b"pictures",
        "README.md": b"what the folder is for",
    }
    for name, data in files.items():
        path = tmp_path / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def said(verdicts: tuple[FileVerdict, ...], folder: Path | None = None) -> Said:
    return {
        (Path(v.file).relative_to(folder).as_posix() if folder else v.file): (
            v.unit,
            v.period,
            v.outcome,
            [(f.code, f.cells) for f in v.findings],
        )
        for v in verdicts
    }


def tree(root: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in root.rglob("*") if p.is_file()}


def test_of_a_folder_every_file_is_checked_as_the_run_would_take_it(dropped: Path) -> None:
    workspace, before = Workspace(dropped, None, NOW), tree(dropped)
    checked = said(check_files(workspace, [dropped / "inbox"]), dropped / "inbox")
    assert tree(dropped) == before
    taken = said(run_month(workspace, Period(2026, 11), lambda line: None).verdicts)
    assert checked == taken
    assert {name: outcome for name, (_, _, outcome, _) in checked.items()} == {
        "2026-11-17/CA/phiếu.xlsx": "valid",
        "2026-11-17/CA/phiếu.pdf": "companion",
        "2026-11-17/lạ.pdf": "rejected",
        "hộp.zip": "opened",
        "hộp.zip/phieu.xlsx": "partial",
        "hộp.zip/ky.pdf": "companion",
        "thư.eml": "opened",
        "thư.eml/phiếu VP.xlsx": "valid",
        "thư.eml/bản ký.pdf": "companion",
        "thư trống.eml": "opened",
        "sớm.xlsx": "rejected",
        "hỏng.xlsx": "rejected",
    }
    assert checked["hộp.zip/ky.pdf"] == ("TH", "2026-11", "companion", [])
    assert [code for code, _ in checked["thư trống.eml"][3]] == ["U06"]


def test_verdicts_stand_in_the_order_asked_for_a_wrapping_after_what_is_in_it(dropped: Path) -> None:
    inbox = dropped / "inbox"
    asked = [inbox / "thư.eml", inbox / "hỏng.xlsx", inbox / "2026-11-17"]
    found = [v.file for v in check_files(Workspace(dropped, None, NOW), asked)]
    assert found == [
        f"{inbox / 'thư.eml'}/phiếu VP.xlsx",
        f"{inbox / 'thư.eml'}/bản ký.pdf",
        str(inbox / "thư.eml"),
        str(inbox / "hỏng.xlsx"),
        str(inbox / "2026-11-17" / "CA" / "phiếu.pdf"),
        str(inbox / "2026-11-17" / "CA" / "phiếu.xlsx"),
        str(inbox / "2026-11-17" / "lạ.pdf"),
    ]


def test_a_file_that_is_named_and_lies_in_a_named_folder_is_checked_once(dropped: Path) -> None:
    folder = dropped / "inbox" / "2026-11-17"
    verdicts = check_files(Workspace(dropped, None, NOW), [folder / "lạ.pdf", folder])
    assert [Path(v.file).name for v in verdicts] == ["lạ.pdf", "phiếu.pdf", "phiếu.xlsx"]


def test_forms_of_two_months_are_judged_each_by_its_own(tmp_path: Path) -> None:
    for name, month in (("a", "2026-11"), ("b", "2026-10"), ("c", "2026-11")):
        (tmp_path / f"{name}.xlsx").write_bytes(sent_form("CA", month, V_20__numerator=ord(name)))
    verdicts = check_files(Workspace(tmp_path, None, NOW), [tmp_path])
    assert [(v.period, v.outcome) for v in verdicts] == [
        ("2026-11", "partial"),
        ("2026-10", "partial"),
        ("2026-11", "partial"),
    ]
    assert [f.found.split("Tử số ")[1][:2] for v in verdicts for f in v.findings if f.code == "R03"] == [
        "97",
        "98",
        "99",
    ]
