"""SQLite for what must not get lost: durable commits, and refusals told in one plain line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.base.errors import OperatorError, WorldError

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


@dataclass(frozen=True, slots=True)
class Book:
    """What the people at the desk call a database, and what they do where it is damaged."""

    name: str
    remedy: str


BOOK = Book("sổ của chương trình", "Hãy chuyển đi nơi khác hoặc lấy lại bản sao lưu.")


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on the disk when they return; transactions are begun by hand."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that owns the right to write from its start; undone where it fails."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def told(path: Path, book: Book = BOOK) -> Iterator[None]:
    """Tell what SQLite refuses in words for the person at the desk; what is a fault of ours stays one."""
    try:
        yield
    except sqlite3.DatabaseError as fault:
        code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
        if code in _WORLD:
            raise WorldError(f"Không dùng được {book.name} {path}: {_WORLD[code]}") from fault
        if code == sqlite3.SQLITE_NOTADB:
            raise not_ours(path, book) from fault
        if code == sqlite3.SQLITE_CORRUPT:
            raise _damaged(path, book) from fault
        raise


def refuse_damage(connection: sqlite3.Connection, path: Path, book: Book = BOOK) -> None:
    """Read the whole file through; `OperatorError` where it is damaged, in whatever part."""
    with told(path, book):
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise _damaged(path, book)


def not_ours(path: Path, book: Book = BOOK) -> OperatorError:
    """What to say about a database of another program."""
    return OperatorError(f"Tệp {path} không phải {book.name}. {book.remedy}")


def _damaged(path: Path, book: Book) -> OperatorError:
    return OperatorError(f"Tệp {path} đã hỏng. {book.remedy}")
