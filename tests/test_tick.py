"""One tick after another: files first, each step once, and no step stops another."""

import multiprocessing
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError, WorldError
from pipeline.base.period import Period
from pipeline.core.steps import DatedStep
from pipeline.edges.store.files import lock
from pipeline.edges.store.steps import Steps
from pipeline.run import workspace as workspaces
from pipeline.run.workspace import Tell, Workspace
from tests.calendars import at
from tests.forms import SCHEMAS
from tests.ticking import Happened, beat, diary, noting, outcomes


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that is at work since the end of October."""
    (tmp_path / "inbox").mkdir()
    steps = Steps(tmp_path / "archive" / "steps.json")
    for key in ("inbox", "2026-10/tong-hop-cuoi", "2026-10/gui-bang-tong-hop"):
        steps.finish(key, "done", at(2026, 10, 26))
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The letters that come of steps and files are tried elsewhere."""
    monkeypatch.setattr("pipeline.run.tick.letters_by_itself", lambda workspace, plans, tell: "")


@pytest.fixture
def periods() -> list[str]:
    """The periods for which the inbox was taken."""
    return []


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch, periods: list[str]) -> list[datetime]:
    """When the inbox was taken, without doing it."""
    moments: list[datetime] = []

    def take(workspace: Workspace, period: object, tell: Tell) -> None:
        assert isinstance(period, Period)
        for path in workspace.inbox.iterdir():
            path.unlink()
        moments.append(workspace.now)
        periods.append(str(period))

    monkeypatch.setattr("pipeline.run.month.run_month", take)
    return moments


def test_each_step_once_on_its_day(root: Path) -> None:
    happened: Happened = []
    for day in range(1, 31):
        for hour in (0, 7, 8, 16):
            assert not beat(root, at(2026, 11, day, hour), noting(happened)).has_failed
    assert [(key, moment) for key, moment in happened] == [
        ("2026-11/phat-mau", at(2026, 11, 1, 7)),
        ("2026-11/nhac-truoc-3", at(2026, 11, 16, 8)),
        ("2026-11/nhac-truoc-1", at(2026, 11, 18, 8)),
        ("2026-11/tong-hop", at(2026, 11, 20, 7)),
        ("2026-11/nhac-sau-1", at(2026, 11, 20, 8)),
        ("2026-11/bao-lanh-dao", at(2026, 11, 23, 8)),
        ("2026-11/tong-hop-cuoi", at(2026, 11, 24, 7)),
        ("2026-11/gui-bang-tong-hop", at(2026, 11, 24, 8)),
    ]


def test_a_second_tick_finds_nothing_to_do(root: Path) -> None:
    happened: Happened = []
    acts = noting(happened)
    first = beat(root, at(2026, 11, 20, 9), acts)
    assert len(happened) == len(first.done) == 3  # forms, run, reminder after the deadline
    told: list[str] = []
    second = beat(root, at(2026, 11, 20, 9), acts, told)
    assert (second.done, second.notices, told) == ((), (), [])
    beat(root, at(2026, 11, 3), acts)  # the clock is set back
    assert len(happened) == 3


def test_after_a_long_sleep_in_order_and_what_is_too_late_is_told(root: Path) -> None:
    happened: Happened = []
    told: list[str] = []
    beat(root, at(2026, 11, 22, 10), noting(happened), told)
    assert [key for key, _ in happened] == ["2026-11/phat-mau", "2026-11/tong-hop", "2026-11/nhac-sau-1"]
    assert told == [
        "Xong: Phát hành mẫu phiếu, kỳ tháng 11/2026",
        "Bỏ qua: Nhắc nộp, còn 3 ngày làm việc, kỳ tháng 11/2026, đã qua ngày cần làm",
        "Bỏ qua: Nhắc nộp, còn 1 ngày làm việc, kỳ tháng 11/2026, đã qua ngày cần làm",
        "Xong: Tổng hợp sau hạn nộp, kỳ tháng 11/2026",
        "Xong: Nhắc đơn vị chưa nộp, kỳ tháng 11/2026",
    ]
    assert diary(root) == [f"22/11/2026 10:00  {line}" for line in told]


@pytest.mark.parametrize("fault", [WorldError("Máy chủ không trả lời."), ZeroDivisionError("chia cho 0")])
def test_a_step_that_fails_is_kept_and_tried_again_and_stops_no_other(root: Path, fault: Exception) -> None:
    happened: Happened = []
    failing = noting(happened, {"tong-hop": fault})
    result = beat(root, at(2026, 11, 20, 9), failing)
    assert [key for key, _ in happened] == ["2026-11/phat-mau", "2026-11/nhac-sau-1"]
    assert result.has_failed
    name = "Tổng hợp sau hạn nộp, kỳ tháng 11/2026"
    said = str(fault).rstrip(".")
    assert result.notices == (f"Chưa xong: {name}: {said}. Sẽ thử lại từ 09:05 ngày 20/11.",)
    assert outcomes(root)["2026-11/tong-hop"] == "failed"

    waiting = beat(root, at(2026, 11, 20, 9, 4), noting(happened))
    assert (waiting.done, waiting.notices, waiting.has_failed) == ((), result.notices, True)
    beat(root, at(2026, 11, 20, 9, 5), failing)
    assert [line for line in diary(root) if "Chưa xong" in line] == [
        f"20/11/2026 09:00  Chưa xong: {name}: {fault}"  # once for one cause
    ]
    mended = beat(root, at(2026, 11, 20, 9, 10), noting(happened))
    assert (mended.done, mended.notices, mended.has_failed) == ((name,), (), False)
    assert Steps(root / "archive" / "steps.json").records()["2026-11/tong-hop"].attempts == 3


def test_what_the_program_cannot_do_is_told_when_it_is_too_late_not_done(root: Path) -> None:
    happened: Happened = []
    acts = {"run": noting(happened)["run"]}
    told: list[str] = []
    assert not beat(root, at(2026, 11, 19, 9), acts, told).has_failed
    assert (happened, told) == ([], [])
    beat(root, at(2026, 11, 20), acts, told)
    assert told == [
        f"Bỏ qua: Nhắc nộp, còn {n} ngày làm việc, kỳ tháng 11/2026, chương trình chưa làm được việc này"
        for n in (3, 1)
    ]


def test_a_tick_that_is_cut_is_completed_by_the_next(root: Path) -> None:
    def cut(workspace: Workspace, dated: DatedStep, tell: Tell) -> None:
        raise KeyboardInterrupt

    happened: Happened = []
    with pytest.raises(KeyboardInterrupt):
        beat(root, at(2026, 11, 1, 7), {"templates": cut})
    assert outcomes(root)["2026-11/phat-mau"] == "begun"
    beat(root, at(2026, 11, 1, 7, 1), noting(happened))
    assert [key for key, _ in happened] == ["2026-11/phat-mau"]


# --- the inbox ------------------------------------------------------------------------------------


def test_files_are_taken_before_anybody_is_reminded(root: Path, taken: list[datetime]) -> None:
    happened: Happened = []
    (root / "inbox" / "phiếu.xlsx").write_bytes(b"PK")
    told: list[str] = []
    beat(root, at(2026, 11, 23, 9), noting(happened), told)
    assert told[0] == "Xong: Nhận tệp trong inbox"
    assert len(taken) == 1
    beat(root, at(2026, 11, 23, 9, 1), noting(happened))
    assert len(taken) == 1  # nothing new


def test_a_run_that_could_not_write_is_made_up_for_without_new_files(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are in the ledger already, only the workbook was open in Excel."""
    tries: list[datetime] = []

    def run(workspace: Workspace, period: object, tell: Tell) -> None:
        tries.append(workspace.now)
        for path in workspace.inbox.iterdir():
            path.unlink()
        if len(tries) == 1:
            raise WorldError("Không ghi được: tệp đang mở trong Excel?")

    monkeypatch.setattr("pipeline.run.month.run_month", run)
    (root / "inbox" / "phiếu.xlsx").write_bytes(b"PK")
    acts = noting([])
    first = beat(root, at(2026, 11, 3, 9), acts)
    assert first.has_failed
    assert "Nhận tệp trong inbox: Không ghi được" in first.notices[0]
    beat(root, at(2026, 11, 3, 9, 4), acts)
    assert len(tries) == 1
    assert not beat(root, at(2026, 11, 3, 9, 5), acts).has_failed
    beat(root, at(2026, 11, 3, 9, 6), acts)
    assert tries == [at(2026, 11, 3, 9), at(2026, 11, 3, 9, 5)]


@pytest.mark.parametrize(
    ("now", "period"),
    [
        (at(2026, 1, 5), "2026-01"),  # the first month of the first plan: there is no month before it
        (at(2026, 11, 5), "2026-10"),
        (at(2027, 1, 5), "2026-12"),
        (at(2027, 1, 20), "2026-12"),  # the plan of the new year is late
    ],
)
def test_files_are_taken_around_new_year_as_well(
    root: Path, taken: list[datetime], periods: list[str], now: datetime, period: str
) -> None:
    (root / "inbox" / "phiếu.xlsx").write_bytes(b"PK")
    assert not beat(root, now, {}).has_failed
    assert (taken, periods) == ([now], [period])


def test_what_is_left_lying_is_told(root: Path, taken: list[datetime]) -> None:
    (root / "inbox" / "2026-13-45").mkdir()
    (root / "inbox" / "2026-13-45" / "ca.xlsx").write_bytes(b"PK")
    result = beat(root, at(2026, 11, 3, 9), noting([]))
    assert taken == []
    assert result.notices == (
        "Không nhận: 2026-13-45/ca.xlsx (không có ngày 2026-13-45: hãy sửa tên thư mục)",
    )
    assert not result.has_failed


def test_an_inbox_is_made_where_there_is_none(tmp_path: Path) -> None:
    beat(tmp_path, at(2026, 11, 3, 9), noting([]))
    assert (tmp_path / "inbox").is_dir()


# --- two at once ----------------------------------------------------------------------------------


def hold(path: Path, ready: Callable[[], None], done: Callable[[], bool]) -> None:
    with lock(path):
        ready()
        done()


@pytest.fixture
def held(root: Path) -> Iterator[None]:
    """Another process is in the middle of a tick."""
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(root / "archive" / "tick.lock", ready.set, done.wait))
    other.start()
    assert ready.wait(30)
    yield
    done.set()
    other.join(30)
    assert other.exitcode == 0


@pytest.mark.usefixtures("held")
def test_two_ticks_at_once(root: Path) -> None:
    happened: Happened = []
    with pytest.raises(WorldError, match="Đang có một lần chạy khác"):
        beat(root, at(2026, 11, 20, 9), noting(happened))
    assert happened == []


# --- plans ----------------------------------------------------------------------------------------


@pytest.fixture
def schemas(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data files of its own, for plans of other years."""
    folder = tmp_path_factory.mktemp("schemas")
    for path in SCHEMAS.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(workspaces, "SCHEMAS", folder)
    return folder


def add_plan(schemas: Path, year: int) -> None:
    text = (schemas / "plan-2026.toml").read_text(encoding="utf-8")
    lines = [line.replace("2026", str(year)) for line in text.splitlines()]
    (schemas / f"plan-{year}.toml").write_text("\n".join(lines), encoding="utf-8")


def test_december_goes_on_in_january(root: Path, schemas: Path) -> None:
    """The steps of the old year's last period and those of the new year, each by its own plan."""
    add_plan(schemas, 2027)
    happened: Happened = []
    beat(root, at(2026, 12, 21, 9), noting(happened))
    happened.clear()
    beat(root, at(2027, 1, 5, 9), noting(happened))
    assert [key for key, _ in happened] == [
        "2026-12/tong-hop-cuoi",
        "2026-12/gui-bang-tong-hop",
        "2027-01/phat-mau",
    ]


def test_without_next_years_plan_the_old_one_is_finished_and_it_is_said(root: Path) -> None:
    happened: Happened = []
    result = beat(root, at(2027, 1, 5, 9), noting(happened))
    assert "2026-12/tong-hop-cuoi" in [key for key, _ in happened]
    assert not result.has_failed
    assert [line for line in result.notices if line.startswith("Chưa có kế hoạch năm 2027")]


def test_a_plan_that_is_still_being_written_stops_nothing(root: Path, schemas: Path) -> None:
    (schemas / "plan-2027.toml").write_text("id = \n", encoding="utf-8")
    happened: Happened = []
    for minute in (0, 10, 20):
        result = beat(root, at(2026, 12, 21, 9, minute), noting(happened))
        assert any("plan-2027.toml" in line for line in result.notices)
    assert "2026-12/tong-hop" in [key for key, _ in happened]
    assert len([line for line in diary(root) if "plan-2027.toml" in line]) == 1
    (schemas / "plan-2027.toml").unlink()
    assert beat(root, at(2026, 12, 21, 10), noting([])).notices == ()


def test_without_any_plan_nothing_can_be_done(root: Path) -> None:
    """Noted once too: a task that runs unattended has nobody to tell."""
    for minute in (0, 10):
        with pytest.raises(OperatorError, match="Chưa có kế hoạch năm 2031"):
            beat(root, at(2031, 1, 5, 9, minute), noting([]))
    (line,) = diary(root)
    assert line.startswith("05/01/2031 09:00  Chưa có kế hoạch năm 2031")


def test_a_year_whose_holidays_are_unknown_says_so(root: Path, schemas: Path) -> None:
    add_plan(schemas, 2150)
    assert beat(root, at(2150, 3, 5), noting([])).notices == (
        "Không biết ngày nghỉ lễ năm 2150: chỉ tính cuối tuần và những ngày kế hoạch ghi.",
    )
