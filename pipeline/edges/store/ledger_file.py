"""The SQLite file of the ledger: opened, brought up to date, its refusals told in plain words."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from pipeline.base.errors import OperatorError, PipelineError, WorldError
from pipeline.edges.store.ledger_schema import APPLICATION_ID, MIGRATIONS, SCHEMA, VERSION

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
_DAMAGED = "Hãy chạy lệnh rebuild để lập lại sổ từ nhật ký, hoặc lấy lại bản sao lưu."
_OPERATOR = {
    sqlite3.SQLITE_NOTADB: f"không phải sổ theo dõi. {_DAMAGED}",
    sqlite3.SQLITE_CORRUPT: f"đã hỏng. {_DAMAGED}",
}


def open_ledger(path: Path) -> sqlite3.Connection:
    """A connection to the ledger at `path`, made where there is none; commits last through a power cut."""
    with told(path), ExitStack() as on_failure:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        on_failure.enter_context(closing(connection))
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        with immediate(connection):
            _migrate(connection, path)
        # Only now: this writes to the file, which must first be known to be ours.
        connection.execute("PRAGMA journal_mode = WAL")
        on_failure.pop_all()
    return connection


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that owns the right to write from its start; undone where it fails."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell what SQLite refuses in words for the person at the desk, or for the programmer."""
    try:
        yield
    except sqlite3.IntegrityError as fault:
        raise ValueError(f"the ledger refuses the row: {fault}") from fault
    except sqlite3.DatabaseError as fault:
        said = _fault_of(path, getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE)
        if said is None:
            raise
        raise said from fault


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection, path)
    if version > VERSION:
        raise OperatorError(
            f"Sổ theo dõi {path} có phiên bản {version}, mới hơn phiên bản {VERSION} của "
            "chương trình này. Hãy cập nhật chương trình."
        )
    steps = MIGRATIONS[version - 1 :] if version else (SCHEMA,)
    for statement in (statement for step in steps for statement in step):
        connection.execute(statement)
    if version < VERSION:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the ledger, 0 for an empty file; a database of another program is refused."""
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if owner != APPLICATION_ID and (version or objects):
        raise OperatorError(f"Tệp {path} {_OPERATOR[sqlite3.SQLITE_NOTADB]}")
    return int(version)


def _fault_of(path: Path, code: int) -> PipelineError | None:
    if code in _WORLD:
        return WorldError(f"Không dùng được sổ theo dõi {path}: {_WORLD[code]}")
    if code in _OPERATOR:
        return OperatorError(f"Tệp {path} {_OPERATOR[code]}")
    return None
