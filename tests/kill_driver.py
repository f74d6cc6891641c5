"""Run the month in forked processes that are killed, and say how each workspace looks afterwards.

    python -m tests.kill_driver WORKSPACE SCRATCH RANDOM_KILLS

WORKSPACE is a prepared workspace; each trial works on a copy of it in SCRATCH. A trial kills the real
process with SIGKILL just before one act on the disk (every one of them in turn: after it is before the
next) or at the end, or at a random moment, or lets the disk be full at one write (every one of them in
turn); then it runs again to the end. Prints one JSON object: the state after a run without a cut, and by
trial the state after cut and repetition.
"""

import errno
import functools
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.base.errors import WorldError
from pipeline.base.period import Period
from pipeline.base.sheet import Workbook
from pipeline.edges.reading.guard import UnreadableWorkbook
from pipeline.edges.reading.workbook import read_workbook
from pipeline.edges.store import archive, files, inbox, ledger
from pipeline.run import desk, month, reading, take
from pipeline.run.workspace import Workspace

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PERIOD = Period(2026, 11)
LONGEST_RUN = 2.0  # seconds; random kills fall within it

# Every act that changes something outside the process, where the program calls it.
ACTS: list[tuple[Any, str]] = [
    (archive, "_forbid_writing"),
    (files, "_put_in_place"),
    (inbox, "_delete"),
    (desk, "bring_up_to_date"),
    (ledger.Ledger, "record"),
    (take, "remove"),
]


class Countdown:
    """Kills this process before the act number `fatal`; the end counts as one."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.passed = fatal, 0

    def step(self) -> None:
        self.passed += 1
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(self, act: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(act)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.step()
            return act(*args, **kwargs)

        return counted


def read_here(items: list[bytes]) -> Iterator[Workbook | UnreadableWorkbook]:
    """Read in this process: workers change nothing on the disk, and starting them takes the time of a run."""
    for data in items:
        try:
            yield read_workbook(data)
        except UnreadableWorkbook as refused:
            yield refused


def in_child(work: Callable[[], int], kill_after: float | None = None) -> int:
    """Do `work` in a forked process; its return value, or minus the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        os._exit(work())
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


FULL, OTHER_FAULT = 200, 201  # how a run ends that finds no room: told so, or otherwise


def run_without_room(root: Path, fatal: int) -> int:
    """Run the month on a disk that is full at its write number `fatal`; returns how it ended."""
    real, writes = os.fsync, 0

    def fsync(descriptor: int) -> None:
        nonlocal writes
        writes += 1
        if writes == fatal:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    setattr(os, "fsync", fsync)  # noqa: B010  # a patch, not an attribute of ours
    try:
        run(root)
    except WorldError as fault:
        return FULL if "đĩa đã đầy" in str(fault) and "\n" not in str(fault) else OTHER_FAULT
    return min(writes, FULL - 1) if not fatal else 0  # a folder's name need not last to go on


def run(root: Path, fatal: int = 0) -> int:
    """Run the month; returns how many steps it passed (a child exits with it)."""
    setattr(reading, "read_all", read_here)  # noqa: B010  # a patch, not an attribute of ours
    inbox.QUIET_SECONDS = 0
    countdown = Countdown(fatal)
    for owner, name in ACTS:
        setattr(owner, name, countdown.wrap(getattr(owner, name)))
    month.run_month(Workspace(root, None, NOW), PERIOD, lambda line: None)
    countdown.step()
    return countdown.passed


def state(root: Path) -> dict[str, Any]:
    """Everything that must be the same: outbox and archive by content, the ledger's rows, the inbox."""
    trees = {
        name: {
            path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((root / name).rglob("*"))
            if path.is_file()
            and not path.name.startswith(("ledger.sqlite", "so-theo-doi"))
            and not path.name.endswith(".tmp")
        }
        for name in ("inbox", "outbox", "archive")
    }
    with closing(sqlite3.connect(root / "archive" / "ledger.sqlite")) as connection:
        rows = {
            table: sorted(repr(row[1:]) for row in connection.execute(f"SELECT * FROM current_{table}"))
            for table in ("submission", "finding", "fact", "task", "narrative")
        }
    lines = (root / "archive" / "so-theo-doi.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    # A file that was kept and not yet removed is seen again, and a refused one is judged again: events
    # more, which say nothing new, and other numbers after them.
    journal = sorted({json.dumps(event["record"]) for event in told if event["kind"] != "repeat"})
    return {**trees, "ledger": rows, "journal": journal}


def main(workspace: Path, scratch: Path, random_kills: int) -> None:
    def fresh(name: str) -> Path:
        return Path(shutil.copytree(workspace, scratch / name))

    whole = fresh("whole")
    steps = in_child(lambda: run(whole))
    expected = state(whole)
    dice = random.Random(20261118)
    plans: dict[str, Callable[[Path], int]] = {
        f"step {n}": lambda root, n=n: in_child(lambda: run(root, fatal=n))  # type: ignore[misc]
        for n in range(1, steps + 1)
    }
    for n in range(random_kills):
        moment = dice.uniform(0, LONGEST_RUN)
        plans[f"random {n}"] = lambda root, m=moment: in_child(lambda: run(root), kill_after=m)  # type: ignore[misc]
    writes = in_child(lambda: run_without_room(fresh("written"), 0))
    for n in range(1, writes + 1):
        plans[f"full {n}"] = lambda root, n=n: in_child(lambda: run_without_room(root, n))  # type: ignore[misc]
    trials = {}
    for name, cut in plans.items():
        root = fresh(name)
        ended = cut(root)
        again = in_child(lambda root=root: run(root))  # type: ignore[misc]
        trials[name] = {"cut": ended, "again": again, "same": state(root) == expected}
        if trials[name]["same"]:
            shutil.rmtree(root)
    print(json.dumps({"steps": steps, "expected": expected, "trials": trials}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
