"""The SQLite file of the ledger: opened, brought up to date, its refusals told in plain words."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.edges.store import database
from pipeline.edges.store.ledger_schema import APPLICATION_ID, MIGRATIONS, SCHEMA, VERSION

_LEDGER = database.Book(
    "sổ theo dõi", "Hãy chạy lệnh rebuild để lập lại sổ từ nhật ký, hoặc lấy lại bản sao lưu."
)


def open_ledger(path: Path) -> sqlite3.Connection:
    """A connection to the ledger at `path`, made where there is none; commits last through a power cut."""
    with told(path), ExitStack() as on_failure:
        connection = database.connect(path)
        on_failure.enter_context(closing(connection))
        with database.immediate(connection):
            _migrate(connection, path)
        # Only now: this writes to the file, which must first be known to be ours.
        connection.execute("PRAGMA journal_mode = WAL")
        on_failure.pop_all()
    return connection


@contextmanager
def told(path: Path) -> Iterator[None]:
    """As `database.told`, of the ledger; a row that it refuses is a `ValueError` for the programmer."""
    try:
        with database.told(path, _LEDGER):
            yield
    except sqlite3.IntegrityError as fault:
        raise ValueError(f"the ledger refuses the row: {fault}") from fault


def refuse_damage(connection: sqlite3.Connection, path: Path) -> None:
    """As `database.refuse_damage`, of the ledger."""
    database.refuse_damage(connection, path, _LEDGER)


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
        raise database.not_ours(path, _LEDGER)
    return int(version)
