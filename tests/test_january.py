"""Around New Year: December is consolidated in January, by the plan of its own year."""

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.core.calendar import now_open
from pipeline.run import workspace as workspaces
from pipeline.run.month import run_month
from pipeline.run.workspace import Workspace, setting
from tests.calendars import at
from tests.forms import SCHEMAS, sent_form


@pytest.fixture
def two_plans(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data files with a plan for 2027 beside that of 2026."""
    folder = tmp_path_factory.mktemp("schemas")
    for path in SCHEMAS.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    text = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8").replace("2026", "2027")
    (folder / "plan-2027.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(workspaces, "SCHEMAS", folder)


def chosen(root: Path, now: datetime) -> tuple[str, str]:
    found = setting(Workspace(root, None, now), None)
    return str(found.period), found.plan.id


@pytest.mark.usefixtures("two_plans")
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(2026, 12, 31, 23, 59), ("2026-12", "phuoc-an-2026")),
        (at(2027, 1, 1), ("2026-12", "phuoc-an-2026")),
        (at(2027, 1, 14, 23, 59), ("2026-12", "phuoc-an-2026")),
        (at(2027, 1, 15), ("2027-01", "phuoc-an-2027")),
    ],
)
def test_the_usual_period_and_its_plan(tmp_path: Path, now: datetime, expected: tuple[str, str]) -> None:
    assert chosen(tmp_path, now) == expected
    elsewhere = datetime.fromtimestamp(now.timestamp()).astimezone()  # the zone of the machine
    assert chosen(tmp_path, elsewhere) == expected


@pytest.mark.usefixtures("two_plans")
def test_the_forms_of_january_are_those_of_its_own_plan(tmp_path: Path) -> None:
    found = setting(Workspace(tmp_path, None, at(2026, 12, 28)), None, usual=now_open)
    assert (str(found.period), found.plan.id) == ("2027-01", "phuoc-an-2027")


def test_december_needs_no_plan_of_the_new_year(tmp_path: Path) -> None:
    assert chosen(tmp_path, at(2027, 1, 5)) == ("2026-12", "phuoc-an-2026")
    with pytest.raises(OperatorError, match="Chưa có kế hoạch năm 2027"):
        chosen(tmp_path, at(2027, 1, 15))


@pytest.mark.usefixtures("two_plans")
def test_a_late_form_of_december_is_taken_in_january(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "ca.xlsx").write_bytes(sent_form("CA", "2026-12"))
    result = run_month(Workspace(tmp_path, None, at(2027, 1, 5, 8)), None, lambda _: None)
    assert [(v.unit, v.period, v.outcome) for v in result.verdicts] == [("CA", "2026-12", "valid")]
    assert result.status.period == Period(2026, 12)
    (line,) = [line for line in result.status.lines if line.unit == "CA"]
    assert (line.time, line.outcome) == ("late", "valid")
    assert result.workbooks == (tmp_path / "outbox" / "2026-12" / "tong-hop-2026-12.xlsx",)
