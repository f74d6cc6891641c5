"""Files are read in processes of their own: the good ones whole, the hostile ones to no one's harm."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import WorldError
from pipeline.base.sheet import Workbook
from pipeline.edges.reading import workers
from pipeline.edges.reading.workbook import UnreadableWorkbook, read_workbook
from pipeline.edges.reading.workers import Outcome, WorkerLimits, read_all, standby
from tests.legacy_parts import number, ods, ods_blank, ods_number, ods_row, xls
from tests.reading import refusal
from tests.xlsx_parts import pack, parts

ROOT = Path(__file__).parent.parent
MEGABYTE = 1024 * 1024
PATIENT = WorkerLimits(seconds=120)  # for what must be read however busy the machine is
needs_memory_limit = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory")


def a_workbook(value: int) -> bytes:
    return pack(parts(f'<row r="1"><c r="A1"><v>{value}</v></c></row>'))


def a_large_workbook(rows: int) -> bytes:
    cells = "".join(f'<c r="{letter}{{0}}"><v>{{0}}.5</v></c>' for letter in "ABCDEFGHIJKLMNOPQRST")
    return pack(parts("".join(f'<row r="{row}">{cells.format(row)}</row>' for row in range(1, rows + 1))))


def told(outcome: Outcome) -> object:
    """The number in A1, or the code of the refusal."""
    return outcome.sheets[0].cells[1, 1].value if isinstance(outcome, Workbook) else outcome.code


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def test_nothing_to_read_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_Worker", None)
    assert list(read_all([])) == []


@pytest.mark.parametrize("count", [1, 2])
def test_outcomes_come_in_the_order_of_the_files(count: int) -> None:
    items = [a_large_workbook(500), b"", *map(a_workbook, range(10, 16)), b"%PDF", xls(number(1, 1, 99))]
    found = list(read_all(items, WorkerLimits(seconds=120, workers=count)))
    assert [told(outcome) for outcome in found] == [1.5, "F04", 10, 11, 12, 13, 14, 15, "F02", 99]


def test_a_worker_hands_over_all_that_the_reader_sees() -> None:
    data = a_large_workbook(30)
    assert list(read_all([data], PATIENT)) == [read_workbook(data)]


def test_small_batches_have_one_worker_and_large_ones_more(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    begin = workers._Worker.__init__

    def counted(self: Any, limits: WorkerLimits) -> None:
        started.append(self)
        begin(self, limits)

    monkeypatch.setattr(workers._Worker, "__init__", counted)
    limits = WorkerLimits(seconds=120, workers=2)
    assert len(list(read_all([a_workbook(1)] * 30, limits))) == 30
    assert len(started) == 1
    monkeypatch.setattr(workers, "_BYTES_WORTH_A_WORKER", 5_000)
    assert len(list(read_all([a_workbook(1)] * 30, limits))) == 30
    assert len(started) == 3


FAR_XLS = xls(number(1, 1, 1) + number(65_536, 256, 1))
FAR_ODS = ods(ods_row(ods_blank(1), 1_048_575) + ods_row(ods_blank(16_383) + ods_number(1)))
BOMB_ODS = ods("", Pictures__1_png="\0" * 30_000_000)


def test_good_files_beside_hostile_ones() -> None:
    hostile = {7: FAR_XLS, 20: BOMB_ODS, 33: FAR_ODS}
    items = [hostile.get(place, a_workbook(place)) for place in range(53)]
    found = [told(outcome) for outcome in read_all(items, PATIENT)]
    assert found == ["F05" if place in hostile else place for place in range(53)]


@needs_memory_limit
def test_a_file_that_needs_too_much_memory() -> None:
    large, good = a_large_workbook(19_000), a_workbook(1)
    wide = ods(ods_row(ods_number(1) + ods_blank(98) + ods_number(1), 19_999))
    limits = WorkerLimits(seconds=120, memory=200 * MEGABYTE)
    found = [told(outcome) for outcome in read_all([good, large, good, wide, good], limits)]
    assert found == [1, "F05", 1, "F05", 1]


def test_a_file_that_takes_too_long() -> None:
    slow = a_large_workbook(19_000)
    begun = time.monotonic()
    found = [told(outcome) for outcome in read_all([slow, b"", slow], WorkerLimits(seconds=0.3))]
    assert found == ["F05", "F04", "F05"]
    assert time.monotonic() - begun < 60


# Workers that do what the bytes say.


def obedient(pipe: Any, _: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send(None)
    read_before = False
    while True:
        order = pipe.recv_bytes()
        if order == b"hang":
            time.sleep(3_600)
        if order == b"die" or (order == b"die if used" and read_before):
            os._exit(3)
        if order == b"be killed":
            os.kill(os.getpid(), signal.SIGTERM)
        read_before = True
        pipe.send(UnreadableWorkbook(order.decode()))


def dead_at_start(_pipe: Any, _memory: int) -> None:
    os._exit(3)


def asleep_at_start(_pipe: Any, _memory: int) -> None:
    time.sleep(3_600)


@pytest.mark.parametrize("count", [1, 2])
def test_workers_that_hang_or_die(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", obedient)
    monkeypatch.setattr(workers, "_BYTES_WORTH_A_WORKER", 1)
    items = [b"die", b"a", b"hang", b"b", b"be killed", b"c", b"die", b"die", b"d", b"hang"]
    found = list(read_all(items, WorkerLimits(seconds=2, workers=count)))
    assert [told(f) for f in found] == ["F05", "a", "F05", "b", "F05", "c", "F05", "F05", "d", "F05"]


def test_what_earlier_files_left_behind_is_not_held_against_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", obedient)
    items = [b"a", b"die if used", b"b", b"die if used"]
    found = list(read_all(items, WorkerLimits(seconds=60, workers=1)))
    assert [told(f) for f in found] == ["a", "die if used", "b", "die if used"]


def test_whoever_reads_takes_the_worker_that_stands_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", obedient)
    with standby(PATIENT):
        (waiting,) = multiprocessing.active_children()
        for items in ([b"a", b"b"], [b"c"]):
            with closing(read_all(items, PATIENT)) as outcomes:
                assert told(next(outcomes)) == items[0].decode()
                assert multiprocessing.active_children() == [waiting]
        assert multiprocessing.active_children() == [waiting]
    assert list(map(told, read_all([b"a"], PATIENT))) == ["a"]


def test_a_worker_that_stands_by_may_die_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", obedient)
    with standby(PATIENT):
        assert [told(f) for f in read_all([b"a", b"die if used", b"die", b"b"], PATIENT)] == [
            *("a", "die if used", "F05", "b")
        ]
        assert multiprocessing.active_children() == []
        assert list(map(told, read_all([b"c"], PATIENT))) == ["c"]


def test_a_worker_that_is_still_reading_does_not_stand_by_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", obedient)
    with standby(PATIENT):
        with closing(read_all([b"a", b"hang"], WorkerLimits(seconds=3_600))) as outcomes:
            assert told(next(outcomes)) == "a"
            crew_is_reading = workers._SPARE == []
        assert crew_is_reading
        assert list(map(told, read_all([b"c"], PATIENT))) == ["c"]


def test_reading_does_not_run_far_ahead_of_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", obedient)
    monkeypatch.setattr(workers, "_AHEAD", 3)
    crew = workers._Crew([b"a"] * 20, WorkerLimits(seconds=60, workers=1))
    try:
        for place in range(20):
            assert told(crew.outcome(place)) == "a"
            assert len(crew._outcomes) <= 3
    finally:
        crew.end()


@pytest.mark.parametrize("work", [dead_at_start, asleep_at_start])
def test_a_worker_that_does_not_come_up_is_not_the_fault_of_a_file(
    work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_work", work)
    with pytest.raises(WorldError, match="chưa tệp nào bị từ chối"):
        list(read_all([b"a", b"b"], WorkerLimits(start_seconds=1)))


def test_closing_early_ends_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", obedient)
    with closing(read_all([b"a", b"hang"], WorkerLimits(seconds=3_600))) as outcomes:
        assert told(next(outcomes)) == "a"
        assert len(multiprocessing.active_children()) == 1


HANGING = """
import multiprocessing, threading, time
from pipeline.edges.reading import workers
from tests.test_workers import obedient

def announce():
    while not multiprocessing.active_children():
        time.sleep(0.05)
    print(multiprocessing.active_children()[0].pid, flush=True)

workers._work = obedient
threading.Thread(target=announce).start()
list(workers.read_all([b"a", b"hang"], workers.WorkerLimits(seconds=3_600)))
"""
READING = HANGING.replace("workers._work = obedient", "").replace(
    'b"a", b"hang"', 'b"", tests.test_workers.a_large_workbook(19_000)'
)


def is_running(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="looks the processes up in /proc")
@pytest.mark.parametrize(
    ("program", "blow"), [(HANGING, signal.SIGINT), (f"import tests.test_workers{READING}", signal.SIGKILL)]
)
def test_no_worker_outlives_its_parent(program: str, blow: signal.Signals) -> None:
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_running(worker)
        time.sleep(0.5)
        parent.send_signal(blow)
        assert parent.wait(30) != 0
    deadline = time.monotonic() + 30
    while is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(worker)


def test_a_worker_loads_nothing_of_the_analysis() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None; "
        "import pipeline.edges.reading.workers, pipeline.edges.reading.workbook; "
        "print([m for m in ('pandas', 'pandera', 'xlsxwriter', 'click', 'openpyxl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_far_cells_are_refused_before_python_calamine_sees_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("python_calamine.load_workbook", None)
    assert refusal(read_workbook, FAR_XLS) == "F05"
    assert refusal(read_workbook, FAR_ODS) == "F05"
