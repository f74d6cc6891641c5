"""The heartbeat: it ticks at once and then within the beat, by the clock that it is given."""

import datetime as datetimes
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import schedule

from pipeline.base.errors import WorldError
from pipeline.run.heartbeat import keep_running
from pipeline.run.tick import TickResult
from pipeline.run.workspace import Workspace
from tests.calendars import at

NOTHING = TickResult((), (), False)


class Stopped(Exception):
    """The end of a test."""


class Clock:
    """The clock of the machine, as the package `schedule` reads it; it moves when somebody sleeps."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 8)
        self.slept: list[float] = []
        self.jumps: dict[int, timedelta] = {}
        self.most = 5

    def now(self, *_: Any) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        if len(self.slept) == self.most:
            raise Stopped
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds) + self.jumps.get(len(self.slept), timedelta())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    class MovedTime(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.now()

    moved = ModuleType("datetime")
    moved.__dict__.update(vars(datetimes), datetime=MovedTime)
    monkeypatch.setattr(schedule, "datetime", moved)
    return clock


class Beats:
    """What the beats answer: a result or a fault for each, the last one for all that follow."""

    def __init__(self) -> None:
        self.answers: list[TickResult | Exception] = [NOTHING]
        self.seen: list[datetime] = []

    def tick(self, workspace: Workspace, *_: Any) -> TickResult:
        self.seen.append(workspace.now)
        answer = self.answers[min(len(self.seen), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> Beats:
    beats = Beats()
    monkeypatch.setattr("pipeline.run.heartbeat.tick", beats.tick)
    return beats


def run(clock: Clock, every: int = 60) -> list[str]:
    told: list[str] = []
    now = at(2026, 11, 24, 8)

    def ws_now() -> Workspace:
        return Workspace(Path("w"), None, now + timedelta(seconds=sum(clock.slept)))

    with pytest.raises(Stopped):
        keep_running(ws_now, {}, told.append, str, every, clock.sleep)
    return told


def test_it_beats_at_once_and_then_every_minute(clock: Clock, beats: Beats) -> None:
    run(clock)
    start = at(2026, 11, 24, 8)
    assert beats.seen == [start + timedelta(minutes=n) for n in range(6)]


def test_a_clock_set_back_does_not_stop_it(clock: Clock, beats: Beats) -> None:
    """Left alone, `schedule` would wait until the old time has come again."""
    clock.most = 6
    clock.jumps = {2: -timedelta(days=1)}
    run(clock)
    assert len(beats.seen) >= 5
    assert max(clock.slept) <= 60


def test_a_clock_set_forward_does_not_hurry_it(clock: Clock, beats: Beats) -> None:
    clock.jumps = {2: timedelta(days=40)}
    run(clock)
    assert len(beats.seen) == 6


def test_a_beat_that_fails_is_told_and_the_next_one_comes(clock: Clock, beats: Beats) -> None:
    beats.answers = [WorldError("Đang có một lần chạy khác."), OSError("đĩa"), NOTHING]
    assert run(clock) == ["Đang có một lần chạy khác.", "đĩa"]
    assert len(beats.seen) == 6


def test_what_stays_as_it_was_is_told_once(clock: Clock, beats: Beats) -> None:
    both, one = TickResult((), ("a", "b"), True), TickResult((), ("a",), True)
    beats.answers = [one, both, both, NOTHING, one]
    assert run(clock) == ["a", "b", "a"]
