"""Read foreign workbooks in processes that may hang, run out of memory or die: none harms another.

A worker is a fresh process ("spawn", as Windows has no other) with one pipe of its own, so that its
end, however it comes, is seen at once and disturbs nobody. It is started with a memory limit on
Linux; Windows and macOS offer none to a program that has only the standard library, and there the
bounds of the readers and the time limit have to do. A worker is ready 0.1 to 0.2 s after its start,
the time to read about twenty forms: a second one is started only where there is work for it.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from pipeline.base.errors import WorldError
from pipeline.base.sheet import Workbook
from pipeline.edges.reading.guard import SUSPICIOUS, UnreadableWorkbook

_NO_WORKER = (
    "Không khởi động được tiến trình đọc tệp trên máy này (hết bộ nhớ, hoặc phần mềm bảo vệ chặn). "
    "Đóng bớt chương trình rồi chạy lại; chưa tệp nào bị từ chối."
)
# Some sixty forms, half a second: below that, a second worker costs more than it saves.
_BYTES_WORTH_A_WORKER = 2_000_000
# How far the reading may be ahead of what was handed over: workbooks wait in memory.
_AHEAD = 50
_FAREWELL_SECONDS = 5.0

Outcome = Workbook | UnreadableWorkbook


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one file may cost; `start_seconds` is what a worker may take to come up."""

    seconds: float = 10.0
    memory: int = 512 * 1024 * 1024
    workers: int = max(1, min(os.cpu_count() or 1, 4))
    start_seconds: float = 60.0


DEFAULT = WorkerLimits()


def read_all(items: Sequence[bytes], limits: WorkerLimits = DEFAULT) -> Generator[Outcome, None, None]:
    """What is in each of `items`, in their order; "F05" for one that its worker did not survive.

    Raises `WorldError` where the system starts no worker. Whoever does not take all should close
    the iterator: that ends the workers.
    """
    crew = _Crew(items, limits)
    try:
        for place in range(len(items)):
            yield crew.outcome(place)
    finally:
        crew.end()


@contextmanager
def standby(limits: WorkerLimits = DEFAULT) -> Iterator[None]:
    """Start a worker now, so that it comes up while the caller loads what it needs itself.

    Whoever reads in the block takes it, and leaves it to the next one; where none starts, he is told.
    """
    with suppress(WorldError):
        _SPARE.append(_Worker(limits, stands_by=True))
    try:
        yield
    finally:
        while _SPARE:
            _SPARE.pop().end()


class _Worker:
    """A process that reads one file at a time; `place` is that of the file it is reading."""

    def __init__(self, limits: WorkerLimits, stands_by: bool = False) -> None:
        self.place: int | None = None
        self.ready = False
        self.stands_by = stands_by
        self.read_before = 0
        self.deadline = time.monotonic() + limits.start_seconds
        context = multiprocessing.get_context("spawn")
        try:
            self.pipe, theirs = context.Pipe()
            with closing(theirs):
                self._process = context.Process(target=_work, args=(theirs, limits.memory), daemon=True)
                self._process.start()
        except OSError as fault:
            raise WorldError(_NO_WORKER) from fault

    def begin(self, place: int, data: bytes, seconds: float) -> None:
        self.place = place
        # A worker that is gone already is found out when it is listened to.
        with suppress(OSError):
            self.pipe.send_bytes(data)
        self.deadline = time.monotonic() + seconds

    def told(self) -> Outcome | None:
        """Its next word: None says that it is ready. Raises `EOFError` or `OSError` if it is gone."""
        word: Outcome | None = self.pipe.recv()
        self.ready = True
        return word

    def end(self) -> None:
        self._process.kill()
        self._process.join(_FAREWELL_SECONDS)
        self.pipe.close()


_SPARE: list[_Worker] = []
"""Workers that stand by."""


class _Crew:
    """The workers, what they still have to read, and what they have read."""

    def __init__(self, items: Sequence[bytes], limits: WorkerLimits) -> None:
        self._items = items
        self._limits = limits
        self._waiting = deque(range(len(items)))
        self._outcomes: dict[int, Outcome] = {}
        self._workers: list[_Worker] = []
        self._wanted = min(
            limits.workers, len(items), 1 + sum(len(item) for item in items) // _BYTES_WORTH_A_WORKER
        )

    def outcome(self, place: int) -> Outcome:
        """The outcome of a file, once it is there; the crew works until then."""
        while place not in self._outcomes:
            self._employ(place + _AHEAD)
            self._listen()
        return self._outcomes.pop(place)

    def end(self) -> None:
        for worker in self._workers:
            if worker.stands_by and worker.place is None:
                _SPARE.append(worker)
            else:
                worker.end()
        self._workers.clear()

    def _employ(self, end: int) -> None:
        """Give every idle worker a file that comes before `end`."""
        while len(self._workers) < min(self._wanted, self._unread()):
            self._workers.append(_SPARE.pop() if _SPARE else _Worker(self._limits))
        for worker in self._workers:
            if worker.ready and worker.place is None and self._waiting and self._waiting[0] < end:
                place = self._waiting.popleft()
                worker.begin(place, self._items[place], self._limits.seconds)

    def _unread(self) -> int:
        return len(self._waiting) + sum(worker.place is not None for worker in self._workers)

    def _listen(self) -> None:
        """Wait until a worker tells something or is out of time."""
        busy = [worker for worker in self._workers if worker.place is not None or not worker.ready]
        remaining = min(worker.deadline for worker in busy) - time.monotonic()
        speaking = set(wait([worker.pipe for worker in busy], max(remaining, 0.0)))
        now = time.monotonic()
        for worker in busy:
            if worker.pipe in speaking:
                self._hear(worker)
            elif now >= worker.deadline:
                self._dismiss(worker, out_of_time=True)

    def _hear(self, worker: _Worker) -> None:
        try:
            word = worker.told()
        except (EOFError, OSError):
            self._dismiss(worker, out_of_time=False)
            return
        if word is not None and worker.place is not None:
            self._outcomes[worker.place] = word
            worker.place = None
            worker.read_before += 1

    def _dismiss(self, worker: _Worker, out_of_time: bool) -> None:
        """End a worker that died or hangs, and judge the file it was reading.

        If it died after having read others, the file gets a second worker: what those left in
        memory is not held against it.
        """
        self._workers.remove(worker)
        worker.end()
        if worker.place is None:
            raise WorldError(_NO_WORKER)
        if worker.read_before and not out_of_time:
            self._waiting.appendleft(worker.place)
        else:
            self._outcomes[worker.place] = UnreadableWorkbook(SUSPICIOUS)


def _work(pipe: "Connection[Outcome | None, bytes]", memory: int) -> None:
    """What a worker does: read what comes, until the other end is closed."""
    # The parent decides what Ctrl-C means. What a dying library prints helps nobody at the desk.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    # openpyxl would load it if it were there: half of the start, and much of the memory.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    from pipeline.edges.reading.workbook import read_workbook

    _limit_memory(memory)
    pipe.send(None)
    with suppress(EOFError, BrokenPipeError):
        while True:
            data = pipe.recv_bytes()
            try:
                pipe.send(read_workbook(data))
            except UnreadableWorkbook as refusal:
                pipe.send(refusal)


def _die_with_parent() -> None:
    """A worker that hangs must not outlive a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(memory: int) -> None:
    if sys.platform == "linux":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        soft = memory if most == resource.RLIM_INFINITY else min(memory, most)
        resource.setrlimit(resource.RLIMIT_AS, (soft, most))
        # A process that dies on purpose leaves no image of its memory behind.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
