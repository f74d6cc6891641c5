"""Keep what is known about every file in a SQLite ledger: an entry is there whole or not at all."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pipeline.base.errors import OperatorError, PipelineError, WorldError
from pipeline.base.record import (
    Entry,
    Fact,
    IssuedTemplate,
    KeptFinding,
    Narrative,
    Repeat,
    Submission,
    TaskReport,
)
from pipeline.edges.store.files import make_folder
from pipeline.edges.store.ledger_schema import APPLICATION_ID, MIGRATIONS

Row = Submission | KeptFinding | Fact | TaskReport | Narrative | IssuedTemplate | Repeat
R = TypeVar("R", Submission, KeptFinding, Fact, TaskReport, Narrative, IssuedTemplate, Repeat)

TABLES: dict[type[Row], str] = {
    Submission: "submission",
    KeptFinding: "finding",
    Fact: "fact",
    TaskReport: "task",
    Narrative: "narrative",
    IssuedTemplate: "issued_template",
    Repeat: "repeat",
}

BUSY_SECONDS = 10.0
_PRIMARY_CODE = 0xFF  # SQLite tells the finer cause in the higher bits

_BUSY = "đang có chương trình khác dùng. Hãy đóng chương trình đó rồi chạy lại."
_FORBIDDEN = "tệp hoặc thư mục chỉ cho đọc. Hãy cấp quyền ghi rồi chạy lại."
_WORLD = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_READONLY: _FORBIDDEN,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
    sqlite3.SQLITE_FULL: "đĩa đã đầy. Hãy xóa bớt tệp rồi chạy lại.",
    sqlite3.SQLITE_CANTOPEN: "không mở được tệp. Hãy kiểm tra thư mục và quyền ghi rồi chạy lại.",
    sqlite3.SQLITE_IOERR: "đĩa hoặc mạng có lỗi. Hãy kiểm tra rồi chạy lại.",
}
_OPERATOR = {
    sqlite3.SQLITE_NOTADB: "không phải sổ theo dõi. Hãy chuyển tệp đi nơi khác hoặc lấy lại bản sao lưu.",
    sqlite3.SQLITE_CORRUPT: "đã hỏng. Hãy lấy lại bản sao lưu.",
}


class Ledger:
    """The ledger at `path`, opened or created; to be used in a `with` statement.

    A commit is on the disk when the method returns. The ledger knows no clock: every moment in it
    is given by the caller.
    """

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        self._path = path
        with _told(path):
            self._connection = _open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is a ledger to open, so that a mere look need not create one."""
        return path.is_file()

    def record(self, entry: Entry) -> None:
        """Keep an entry. Ask `submission` first: to record the same file twice is a `ValueError`."""
        with self._transaction():
            self._insert(entry)

    def revise(self, entry: Entry) -> None:
        """Keep a new decision about a recorded file, in place of the former one."""
        with self._transaction():
            self._connection.execute("PRAGMA defer_foreign_keys = ON")  # its repeats stay
            for kind in (KeptFinding, Fact, TaskReport, Narrative, Submission):
                self._connection.execute(
                    f"DELETE FROM {TABLES[kind]} WHERE sha256 = ?", (entry.submission.sha256,)
                )
            self._insert(entry)

    def repeat(self, repeat: Repeat) -> None:
        """Keep that a recorded file was seen again."""
        self._keep_once(repeat)

    def issue_template(self, issued: IssuedTemplate) -> None:
        """Keep that a form was issued; the same bytes issued again keep their first moment."""
        self._keep_once(issued)

    def submission(self, sha256: str) -> Submission | None:
        found = self._select(Submission, "WHERE sha256 = ?", sha256)
        return found[0] if found else None

    def submissions(self, period: str | None = None) -> list[Submission]:
        """All submissions, or those of a period ("" for the unidentified), by time of arrival."""
        return self._select(Submission, "WHERE ?1 IS NULL OR period = ?1 ORDER BY arrived_at, sha256", period)

    def findings(self, sha256s: Collection[str]) -> list[KeptFinding]:
        """The findings of these submissions, in the order in which they were told."""
        return self._select(
            KeptFinding,
            "WHERE sha256 IN (SELECT value FROM json_each(?)) ORDER BY sha256, number",
            json.dumps(list(sha256s)),
        )

    def facts(self, year: int, until: str) -> list[Fact]:
        """The facts of a year up to and including the period `until`, of every submission."""
        return self._select(
            Fact,
            "WHERE period BETWEEN ? AND min(?, ?) ORDER BY period, unit, sha256, indicator",
            f"{year:04d}-01",
            f"{year:04d}-12",
            until,
        )

    def tasks(self, period: str) -> list[TaskReport]:
        return self._select(TaskReport, "WHERE period = ? ORDER BY unit, sha256, code", period)

    def narratives(self, period: str) -> list[Narrative]:
        return self._select(Narrative, "WHERE period = ? ORDER BY unit, sha256, section", period)

    def issued_templates(self, period: str) -> list[IssuedTemplate]:
        return self._select(IssuedTemplate, "WHERE period = ? ORDER BY unit, issued_at, sha256", period)

    def _insert(self, entry: Entry) -> None:
        rows: list[Row] = [entry.submission]
        rows += [*entry.findings, *entry.facts, *entry.tasks, *entry.narratives]
        if {row.sha256 for row in rows} != {entry.submission.sha256}:
            raise ValueError(f"an entry of two files: {entry.submission.sha256}")
        for row in rows:
            self._connection.execute(_insertion(type(row)), asdict(row))

    def _keep_once(self, row: Repeat | IssuedTemplate) -> None:
        with self._transaction():
            self._connection.execute(f"{_insertion(type(row))} ON CONFLICT DO NOTHING", asdict(row))

    def _select(self, kind: type[R], condition: str, *values: str | None) -> list[R]:
        columns = ", ".join(_columns(kind))
        with _told(self._path):
            found = self._connection.execute(f"SELECT {columns} FROM {TABLES[kind]} {condition}", values)
            return [kind(*row) for row in found]

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _told(self._path), _immediate(self._connection):
            yield


def _open(path: Path) -> sqlite3.Connection:
    with ExitStack() as on_failure:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        on_failure.enter_context(closing(connection))
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        with _immediate(connection):
            _migrate(connection, path)
        # Only now: this writes to the file, which must first be known to be ours.
        connection.execute("PRAGMA journal_mode = WAL")
        on_failure.pop_all()
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection, path)
    if version > len(MIGRATIONS):
        raise OperatorError(
            f"Sổ theo dõi {path} có phiên bản {version}, mới hơn phiên bản {len(MIGRATIONS)} của "
            "chương trình này. Hãy cập nhật chương trình."
        )
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            connection.execute(statement)
    if version < len(MIGRATIONS):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the ledger, 0 for an empty file; a database of another program is refused."""
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if owner != APPLICATION_ID and (version or objects):
        raise OperatorError(f"Tệp {path} {_OPERATOR[sqlite3.SQLITE_NOTADB]}")
    return int(version)


@contextmanager
def _immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that owns the right to write from its start; undone where it fails."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what SQLite refuses in words for the person at the desk, or for the programmer."""
    try:
        yield
    except sqlite3.IntegrityError as fault:
        raise ValueError(f"the ledger refuses the row: {fault}") from fault
    except sqlite3.DatabaseError as fault:
        told = _fault_of(path, getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE)
        if told is None:
            raise
        raise told from fault


def _fault_of(path: Path, code: int) -> PipelineError | None:
    if code in _WORLD:
        return WorldError(f"Không dùng được sổ theo dõi {path}: {_WORLD[code]}")
    if code in _OPERATOR:
        return OperatorError(f"Tệp {path} {_OPERATOR[code]}")
    return None


def _insertion(kind: type[Row]) -> str:
    columns = _columns(kind)
    return f"INSERT INTO {TABLES[kind]} ({', '.join(columns)}) VALUES ({', '.join(f':{c}' for c in columns)})"


def _columns(kind: type[Row]) -> list[str]:
    return [field.name for field in fields(kind)]
