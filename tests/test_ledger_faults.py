"""A killed run, a full disk, a foreign file: the ledger keeps what it had and says what to do."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.base.errors import OperatorError, PipelineError, WorldError
from pipeline.base.record import Entry
from pipeline.edges.store.ledger import Ledger
from tests.children import SECONDS, Mouth, child
from tests.entries import a_narrative, a_submission, an_entry, digest, watched_connections

FACTS = 400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "so-theo-doi.sqlite"


def refused(path: Path, kind: type[PipelineError]) -> str:
    """What is said when the ledger is opened: one line that names the file."""
    with pytest.raises(PipelineError) as caught:
        Ledger(path)
    assert type(caught.value) is kind
    line = str(caught.value)
    assert str(path) in line
    assert "\n" not in line
    return line


def assert_whole(path: Path, word: str) -> None:
    entry = an_entry(word, FACTS)
    with Ledger(path) as ledger:
        assert ledger.submission(digest(word)) == entry.submission
        facts = [fact for fact in ledger.facts(2026, "2026-11") if fact.sha256 == digest(word)]
        assert {fact.indicator for fact in facts} == {fact.indicator for fact in entry.facts}
        assert ledger.findings([digest(word)]) == list(entry.findings)
        assert [n for n in ledger.narratives("2026-11") if n.sha256 == digest(word)] == list(entry.narratives)


def record_then_hang_within_an_entry(mouth: Mouth, path: Path) -> None:
    """Record "a"; then, within "b" and with its facts already in the file's log, stand still."""
    with Ledger(path) as ledger:
        ledger.record(an_entry("a", FACTS))
    mouth.send("a")

    def hang(statement: str) -> None:
        if statement.startswith("INSERT INTO narrative"):
            mouth.send("within b")
            time.sleep(SECONDS)

    with pytest.MonkeyPatch.context() as patch:
        opened = watched_connections(patch)
        with Ledger(path) as ledger:
            opened[-1].execute("PRAGMA cache_size = 5")
            opened[-1].set_trace_callback(hang)
            ledger.record(an_entry("b", FACTS))


def record_without_end(mouth: Mouth, path: Path) -> None:
    with Ledger(path) as ledger:
        for number in range(100_000):
            ledger.record(an_entry(str(number), FACTS))
            mouth.send(str(number))


def test_a_kill_within_an_entry_leaves_no_half_of_it(path: Path) -> None:
    with child(record_then_hang_within_an_entry, path) as writer:
        assert [writer.told(), writer.told()] == ["a", "within b"]
        log = path.with_name(path.name + "-wal")
        assert digest("b").encode() in log.read_bytes(), "the kill would come before anything is written"
        writer.kill()
    assert_whole(path, "a")
    with Ledger(path) as ledger:
        assert ledger.submissions() == [a_submission("a")]
        assert {fact.sha256 for fact in ledger.facts(2026, "2026-11")} == {digest("a")}
        ledger.record(an_entry("b", FACTS))
    assert_whole(path, "b")


@pytest.mark.parametrize("entries", [1, 4, 9])
def test_a_kill_loses_nothing_that_was_recorded(path: Path, entries: int) -> None:
    with child(record_without_end, path) as writer:
        words = [writer.told() for _ in range(entries)]
        time.sleep(0.003 * entries)
        writer.kill()
        words += writer.told_so_far()
    for word in words:
        assert_whole(path, word)
    with Ledger(path) as ledger:
        kept = ledger.submissions()
        # One more may have been committed that could not be told.
        assert 0 <= len(kept) - len(words) <= 1
        assert len(ledger.facts(2026, "2026-11")) == FACTS * len(kept)
        assert len(ledger.narratives("2026-11")) == len(kept)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_while_another_program_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.edges.store.database.BUSY_SECONDS", 0.01)
    with Ledger(path) as ledger, closing(sqlite3.connect(path, isolation_level=None)) as other:
        ledger.record(an_entry("a"))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WorldError, match="chương trình khác") as caught:
            ledger.record(an_entry("b"))
        assert str(path) in str(caught.value)
        assert ledger.submissions() == [a_submission("a")]
        assert "chương trình khác" in refused(path, WorldError)
        other.execute("ROLLBACK")
        ledger.record(an_entry("b"))
        assert len(ledger.submissions()) == 2


@pytest.mark.parametrize(
    ("pragma", "said"),
    [("max_page_count = 1", "đĩa đã đầy"), ("query_only = ON", "chỉ cho đọc")],
)
def test_an_entry_that_finds_no_room(
    path: Path, pragma: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = watched_connections(monkeypatch)
    long = "x" * 1_000_000
    entry = Entry(a_submission("b"), narratives=(a_narrative("b", long),))
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"))
        opened[-1].execute(f"PRAGMA {pragma}")
        with pytest.raises(WorldError, match=said) as caught:
            ledger.record(entry)
        assert str(path) in str(caught.value)
        assert ledger.submissions() == [a_submission("a")]
        assert ledger.narratives("2026-11") == list(an_entry("a").narratives)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, "đĩa hoặc mạng"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "chỉ cho đọc"),
        (sqlite3.SQLITE_BUSY_RECOVERY, "chương trình khác"),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, "không mở được"),
    ],
)
def test_finer_causes(path: Path, code: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "connect", failing(code))
    assert said in refused(path, WorldError)


def test_a_fault_of_the_program_is_not_blamed_on_the_world(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "connect", failing(sqlite3.SQLITE_ERROR))
    with pytest.raises(sqlite3.OperationalError):
        Ledger(path)


def failing(code: int) -> Callable[..., None]:
    def fail(*args: object, **options: object) -> None:
        fault = sqlite3.OperationalError("as SQLite says it")
        fault.sqlite_errorcode = code
        raise fault

    return fail


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir()
    assert "không mở được" in refused(path, WorldError)


def test_a_file_where_its_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(b"")
    with pytest.raises(WorldError, match="archive"):
        Ledger(tmp_path / "archive" / "so-theo-doi.sqlite")


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(5_000), "Sổ theo dõi\n".encode() * 100])
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "không phải sổ theo dõi" in refused(path, OperatorError)
    assert path.read_bytes() == content


@pytest.mark.parametrize("statement", ["CREATE TABLE moz_places (id)", "PRAGMA user_version = 1"])
def test_a_database_of_another_program(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    before = path.read_bytes()
    assert "không phải sổ theo dõi" in refused(path, OperatorError)
    assert path.read_bytes() == before


def test_a_newer_ledger(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    line = refused(path, OperatorError)
    assert "phiên bản 99" in line
    assert "cập nhật" in line
    assert path.read_bytes() == before


def test_a_damaged_ledger(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.record(an_entry("a", FACTS))
    spoiled = bytearray(path.read_bytes())
    spoiled[4096:] = b"\xff" * (len(spoiled) - 4096)
    path.write_bytes(spoiled)
    assert "bản sao lưu" in refused(path, OperatorError)


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    path.write_bytes(b"")
    with Ledger(path) as ledger:
        ledger.record(an_entry("a"))
        assert ledger.submissions() == [a_submission("a")]
