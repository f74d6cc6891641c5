"""Files are read beside the loading of a run: each once, handed over as asked for, to no one's harm."""

import multiprocessing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS

from pipeline.base.errors import WorldError
from pipeline.edges.reading import ahead, workers
from pipeline.edges.reading.ahead import read_ahead, read_all
from pipeline.edges.reading.number_formats import BUILT_IN
from pipeline.run.ahead import files_ahead
from tests.test_workers import PATIENT, a_workbook, dead_at_start, obedient, told


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []
    assert ahead._AHEAD == []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every file that workers were given, in that order."""
    given: list[bytes] = []
    begin = workers._Worker.begin

    def noted(self: Any, place: int, data: bytes, seconds: float) -> None:
        given.append(data)
        begin(self, place, data, seconds)

    monkeypatch.setattr(workers._Worker, "begin", noted)
    monkeypatch.setattr(workers, "_work", obedient)
    return given


def read(*items: bytes) -> list[object]:
    return [told(outcome) for outcome in read_all(items, PATIENT)]


def test_what_was_read_ahead_is_not_read_again(asked: list[bytes]) -> None:
    with read_ahead([b"a", b"b", b"c"], PATIENT):
        assert read(b"c", b"x", b"a", b"y", b"a") == ["c", "x", "a", "y", "a"]
        assert asked == [b"a", b"b", b"c", b"x", b"y", b"a"]
        assert read(b"c") == ["c"]
    assert asked == [b"a", b"b", b"c", b"x", b"y", b"a", b"c"]


def test_of_two_blocks_the_inner_one_is_asked(asked: list[bytes]) -> None:
    with read_ahead([b"a"], PATIENT), read_ahead([b"b"], PATIENT):
        assert read(b"b") == ["b"]
    assert sorted(asked) == [b"a", b"b"]


def test_the_worker_that_read_ahead_stays_for_what_follows(asked: list[bytes]) -> None:
    with read_ahead([b"a"], PATIENT):
        (worker,) = multiprocessing.active_children()
        assert read(b"a", b"b") == ["a", "b"]
        assert multiprocessing.active_children() == [worker]


def test_nothing_to_read_ahead_still_has_a_worker_stand_by(asked: list[bytes]) -> None:
    with read_ahead([], PATIENT):
        assert len(multiprocessing.active_children()) == 1
        assert read(b"a") == ["a"]


def test_a_file_that_kills_its_reader_is_found_out_ahead(asked: list[bytes]) -> None:
    with read_ahead([b"a", b"die", b"b"], PATIENT):
        assert read(b"a", b"die", b"b") == ["a", "F05", "b"]
    assert asked == [b"a", b"die", b"die", b"b"]  # the second time by a fresh worker, and never again


def test_whoever_leaves_early_waits_for_no_more_than_one_file(asked: list[bytes]) -> None:
    with pytest.raises(KeyError), read_ahead([b"a"] * 40, PATIENT):
        raise KeyError
    assert len(asked) < 40


def test_where_no_worker_starts_the_reader_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", dead_at_start)
    with read_ahead([b"a"], PATIENT), pytest.raises(WorldError, match="Không khởi động được"):
        read(b"a")


def test_where_the_system_refuses_a_process_the_reader_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refused)
    with read_ahead([b"a"], PATIENT), pytest.raises(WorldError, match="Không khởi động được"):
        read(b"a")


def test_only_forms_that_are_whole_and_small_are_read_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, given = a_workbook(1), []

    def noted(items: Sequence[bytes]) -> Any:
        given.append(list(items))
        return read_ahead([])

    monkeypatch.setattr("pipeline.run.ahead.read_ahead", noted)
    (tmp_path / "Phiếu.XLSX").write_bytes(form)
    (tmp_path / "thư.eml").write_bytes(form)
    (tmp_path / "to.xlsx").write_bytes(b"0" * 1_000_001)
    with files_ahead([tmp_path]):
        assert given == [[form]]
    with files_ahead([]):
        assert len(given) == 1


def test_the_formats_that_have_only_a_number_are_those_of_openpyxl() -> None:
    assert dict(BUILT_IN) == BUILTIN_FORMATS
