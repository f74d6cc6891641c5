"""Keep which messages were fetched and which letters were sent, so that neither happens twice."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.base.errors import OperatorError
from pipeline.base.post import Event, FetchedMail, KeptLetter
from pipeline.edges.store.database import connect, immediate, not_ours, refuse_damage, told
from pipeline.edges.store.files import is_there, make_folder

# Marks a SQLite file as a mail log of this program ("KHTH" in ASCII), see PRAGMA application_id.
_APPLICATION_ID = 0x4B485448
# The columns are the fields of the records in `pipeline/base/post.py`, where they are explained.
_TABLES = (
    """
    CREATE TABLE fetched (
        -- One message at one place of the mailbox.
        account      TEXT NOT NULL,
        folder       TEXT NOT NULL,
        uidvalidity  INTEGER NOT NULL,
        uid          INTEGER NOT NULL,
        sha256       TEXT NOT NULL,     -- of the whole message; '' = left on the server
        message_id   TEXT NOT NULL,     -- as the message says of itself, like the four below it
        sender       TEXT NOT NULL,
        envelope     TEXT NOT NULL,
        subject      TEXT NOT NULL,
        size         INTEGER NOT NULL,  -- in bytes, by the server's word
        received_at  TEXT NOT NULL,     -- ISO 8601 with offset: INTERNALDATE
        fetched_at   TEXT NOT NULL,     -- ISO 8601 with offset
        standing     TEXT NOT NULL,     -- taken, stranger, bare, echo, too_large, repeated, admitted
        name         TEXT NOT NULL,     -- of the file; '' = none was written
        PRIMARY KEY (account, folder, uidvalidity, uid)
    )
    """,
    "CREATE INDEX fetched_by_content ON fetched (sha256)",
    """
    CREATE TABLE letter (
        -- One letter that was written into the outbox.
        key         TEXT NOT NULL PRIMARY KEY,  -- what it is about
        kind        TEXT NOT NULL,
        period      TEXT NOT NULL,
        unit        TEXT NOT NULL,              -- '' = not to a unit
        recipients  TEXT NOT NULL,              -- joined by ', '
        subject     TEXT NOT NULL,
        file        TEXT NOT NULL,              -- relative to the workspace, forward slashes
        digest      TEXT NOT NULL,              -- of all that it says
        made_at     TEXT NOT NULL               -- ISO 8601 with offset
    )
    """,
    """
    CREATE TABLE letter_event (
        -- What happened to a letter. 'sending' stands before the letter leaves: where nothing follows,
        -- nobody knows whether it has.
        key     TEXT NOT NULL REFERENCES letter (key),
        number  INTEGER NOT NULL,  -- 1, 2, ... within the letter
        event   TEXT NOT NULL,     -- sending, sent, refused, by_hand, held
        moment  TEXT NOT NULL,     -- ISO 8601 with offset
        detail  TEXT NOT NULL,     -- the words of the server
        PRIMARY KEY (key, number)
    )
    """,
)
_LATEST_LETTERS = """
    SELECT letter.*, CASE event WHEN 'sending' THEN 'unknown' ELSE coalesce(event, 'ready') END AS state,
           coalesce(moment, '') AS moment, coalesce(detail, '') AS detail
    FROM letter LEFT JOIN letter_event USING (key)
    WHERE number IS NULL OR number = (SELECT max(number) FROM letter_event AS e WHERE e.key = letter.key)
    ORDER BY period, kind, unit, key
"""


class MailLog:
    """The log at `path`, opened or created; to be used in a `with` statement.

    A commit is on the disk when the method returns. The log knows no clock.
    """

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        self._path = path
        with told(path), ExitStack() as on_failure:
            self._connection = on_failure.enter_context(closing(connect(path)))
            with immediate(self._connection):
                self._create()
            # Only now: this writes to the file, which must first be known to be ours.
            self._connection.execute("PRAGMA journal_mode = WAL")
            on_failure.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is a log to open, so that a mere look need not create one."""
        return is_there(path)

    @staticmethod
    def refuse_emptied(path: Path) -> None:
        """`OperatorError` where the log is a file without a byte: opened, it would count as new."""
        if not path.stat().st_size:
            raise OperatorError(
                f"Sổ thư {path} trống không (0 byte): không còn biết thư nào đã lấy, đã gửi. Hãy lấy lại bản "
                "sao lưu. Không có thì xóa tệp này: thư còn trong outbox sẽ là «không rõ đã gửi»."
            )

    def refuse_damage(self) -> None:
        """Read the whole file through; `OperatorError` where it is damaged."""
        refuse_damage(self._connection, self._path)

    def fetched(self) -> list[FetchedMail]:
        """All messages that were looked at, by time of arrival."""
        columns = ", ".join(field.name for field in fields(FetchedMail))
        order = "ORDER BY received_at, folder, uid"
        with told(self._path):
            found = self._connection.execute(f"SELECT {columns} FROM fetched {order}")
            return [FetchedMail(*row) for row in found]

    def knows_content(self, sha256: str) -> bool:
        """Whether a message with these bytes was fetched, from whatever place."""
        with told(self._path):
            found = self._connection.execute("SELECT 1 FROM fetched WHERE sha256 = ? LIMIT 1", (sha256,))
            return found.fetchone() is not None

    def keep_fetched(self, mail: FetchedMail) -> None:
        """Keep what became of a message, in place of what was known about its place."""
        values = asdict(mail)
        columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        with self._transaction():
            self._connection.execute(f"INSERT OR REPLACE INTO fetched ({columns}) VALUES ({marks})", values)

    def letters(self) -> dict[str, KeptLetter]:
        """All letters by key, with what happened to each last."""
        with told(self._path):
            return {row[0]: KeptLetter(*row) for row in self._connection.execute(_LATEST_LETTERS)}

    def keep_letters(self, letters: Sequence[KeptLetter]) -> None:
        """Keep that letters lie in the outbox, in place of what they said before; their events stay."""
        names = [field.name for field in fields(KeptLetter)][:-3]  # the state follows from the events
        rows = [{name: getattr(letter, name) for name in names} for letter in letters]
        changed = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        marks = ", ".join(f":{name}" for name in names)
        with self._transaction():
            self._connection.executemany(
                f"INSERT INTO letter ({', '.join(names)}) VALUES ({marks}) "
                f"ON CONFLICT (key) DO UPDATE SET {changed}",
                rows,
            )

    def drop_letter(self, key: str) -> None:
        """Forget a letter that was written and taken back; one that something happened to stays."""
        with self._transaction():
            self._connection.execute(
                "DELETE FROM letter WHERE key = ?1 AND key NOT IN (SELECT key FROM letter_event)", (key,)
            )

    def happened(self, key: str, event: Event, moment: str, detail: str = "") -> None:
        """Keep that something happened to a letter."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO letter_event (key, number, event, moment, detail) VALUES (?1, "
                "1 + (SELECT count(*) FROM letter_event WHERE key = ?1), ?2, ?3, ?4)",
                (key, event, moment, detail),
            )

    def events(self, key: str) -> list[tuple[str, str, str]]:
        """All that happened to a letter, in order: event, moment, detail."""
        with told(self._path):
            found = self._connection.execute(
                "SELECT event, moment, detail FROM letter_event WHERE key = ? ORDER BY number", (key,)
            )
            return found.fetchall()

    def _create(self) -> None:
        (owner,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (objects,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if owner != _APPLICATION_ID and (version or objects):
            raise not_ours(self._path)
        if version > 1:
            raise OperatorError(f"Sổ thư {self._path} của phiên bản mới hơn. Hãy cập nhật chương trình.")
        if not version:
            for statement in _TABLES:
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            self._connection.execute("PRAGMA user_version = 1")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with told(self._path), immediate(self._connection):
            yield
