"""The plan is changed: each month that is not issued is written again, once, and no other."""

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.base.period import Period
from pipeline.run.issuing import issue
from pipeline.run.month import run_month
from pipeline.run.workspace import Workspace
from tests.consolidated_reading import cell_at, load_book
from tests.forms import SCHEMAS, sent_form
from tests.test_take import ZONE, drop

MONTHS = (8, 9, 10, 11)


def at(root: Path, month: int, day: int = 21) -> Workspace:
    return Workspace(root, root / "ke-hoach.toml", datetime(2026, month, day, 9, tzinfo=ZONE))


def run(workspace: Workspace) -> list[str]:
    """The months that a run writes."""
    written = run_month(workspace, Period(2026, 11), lambda line: None).workbooks
    return [path.parent.name for path in written]


def target(root: Path, month: int) -> object:
    book = load_book((root / f"outbox/2026-{month:02}/tong-hop-2026-{month:02}.xlsx").read_bytes())
    return cell_at(book["Chỉ tiêu"], "V.30", "Mục tiêu cả năm").value


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Four months of one unit, September issued; then the target of V.30 becomes another one."""
    plan = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
    (tmp_path / "ke-hoach.toml").write_text(plan, encoding="utf-8")
    for month in MONTHS:
        drop(tmp_path, ca__xlsx=sent_form("CA", f"2026-{month:02}"))
        run_month(at(tmp_path, month), Period(2026, month), lambda line: None)
        if month == 9:
            issue(at(tmp_path, month, 24), Period(2026, 9), lambda line: None)
    code = 'code              = "V.30"'
    before, after = plan.split(code)
    changed = after.replace('value = 100, as_printed = "100%"', 'value = 90, as_printed = "90%"', 1)
    assert changed != after
    text = before + code + changed
    (tmp_path / "ke-hoach.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_months_that_are_not_issued_are_written_again_once(root: Path) -> None:
    assert target(root, 8) == "100%"
    assert run(at(root, 11, 22)) == ["2026-08", "2026-10", "2026-11"]
    assert [target(root, month) for month in (8, 10, 11)] == ["90%"] * 3
    assert not (root / "outbox/2026-09/tong-hop-2026-09.xlsx").exists()
    assert run(at(root, 11, 23)) == ["2026-11"]


def test_a_month_of_which_nobody_knows_the_plan_is_written_again(root: Path) -> None:
    run(at(root, 11, 22))
    said = root / "outbox/2026-08/du-lieu/manifest.json"
    said.unlink()
    (root / "outbox/2026-10/du-lieu/manifest.json").write_text("cut off in the mid", encoding="utf-8")
    assert run(at(root, 11, 23)) == ["2026-08", "2026-10", "2026-11"]
    assert said.is_file()
