"""Read the office's mailbox over IMAP, folders and whole messages, and change nothing in it."""

import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.base.errors import OperatorError, WorldError
from pipeline.edges.mailbox.connection import lost, not_admitted, tls_context, told
from pipeline.edges.mailbox.folder_name import wire_name
from pipeline.edges.mailbox.password import Password
from pipeline.edges.unpacking.letter import address_of, decoded, parse_headers, read_letter
from pipeline.edges.unpacking.model import Letter
from pipeline.spec.mailbox import Imap

_AT_ONCE = 200  # messages whose heads are asked for in one command
_LONGEST_HEAD = 20_000
_FIELDS = "FROM SENDER RETURN-PATH MESSAGE-ID SUBJECT DATE AUTO-SUBMITTED X-AUTOREPLY PRECEDENCE"
_HEAD = f"(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({_FIELDS})]<0.{_LONGEST_HEAD}>)"
_WHOLE = "(UID BODY.PEEK[])"
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_RECEIVED = re.compile(rb'\bINTERNALDATE "([^"]+)"')
# The protocol's names of months, whatever the language of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Head:
    """A message as the server lists it. `received_at` is the server's own word; the rest the sender's.

    `is_automatic` says that no person wrote it (RFC 3834, and what came before it)."""

    uid: int
    size: int
    received_at: datetime
    letter: Letter
    envelope: str
    is_automatic: bool


class Mailbox:
    """A connection to the mailbox; to be used in a `with` statement.

    Folders are opened for reading only and bodies are peeked at, so that no flag changes: what the
    officer has read stays read, and what is new stays new. Every fault is an `OperatorError` or a
    `WorldError`.
    """

    def __init__(self, settings: Imap, password: Password, ca_file: Path | None, timeout: int) -> None:
        self._settings = settings
        context = tls_context(ca_file)
        with self._told():
            host, port = settings.host, settings.usual_port
            if settings.security == "tls":
                self._imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    host, port, ssl_context=context, timeout=timeout
                )
            else:
                self._imap = imaplib.IMAP4(host, port, timeout=timeout)
        try:
            with self._told():
                if settings.security == "starttls":
                    self._imap.starttls(context)
            self._log_in(password)
        except BaseException:
            self._hang_up()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def open(self, folder: str) -> int:
        """Open a folder for reading; returns its UIDVALIDITY."""
        with self._told():
            answer, _ = self._imap.select(wire_name(folder), readonly=True)
            if answer != "OK":
                raise OperatorError(
                    f"Hộp thư {self._settings.user} không có thư mục «{folder}». "
                    "Hãy kiểm tra folders trong hop-thu.toml."
                )
            _, data = self._imap.response("UIDVALIDITY")
        if not data or not data[0]:
            raise WorldError(
                f"Máy chủ thư {self._settings.host} không cho biết UIDVALIDITY: không dùng được."
            )
        return int(data[0])

    def uids(self, since: date) -> list[int]:
        """UIDs of the messages received on or after a day, by the server's own date."""
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        (found,) = self._ask("SEARCH", None, f"SINCE {day}")
        return sorted(int(uid) for uid in (found or b"").split())

    def heads(self, uids: Sequence[int]) -> Iterator[Head]:
        """The heads of messages, in the order of `uids`; those that are gone by now are left out."""
        for start in range(0, len(uids), _AT_ONCE):
            chunk = uids[start : start + _AT_ONCE]
            answers = self._ask("FETCH", ",".join(map(str, chunk)), _HEAD)
            with self._told():
                found = {head.uid: head for head in map(_head, _records(answers)) if head}
            yield from (found[uid] for uid in chunk if uid in found)

    def whole(self, uid: int) -> bytes | None:
        """The message as it was received, or None where it is gone."""
        for told_of, literal in _records(self._ask("FETCH", str(uid), _WHOLE)):
            named = _UID.search(told_of)
            if named and int(named[1]) == uid and literal is not None:
                return literal
        return None

    def _log_in(self, password: Password) -> None:
        user = self._settings.user
        with self._told():
            try:
                if "AUTH=PLAIN" in self._imap.capabilities:
                    secret = f"\0{user}\0{password.reveal()}".encode()
                    self._imap.authenticate("PLAIN", lambda _: secret)
                else:
                    self._imap.login(user, password.reveal())
            except imaplib.IMAP4.abort:
                raise
            except (imaplib.IMAP4.error, UnicodeEncodeError):
                # Without the cause: its text is the server's, and may quote what it was given.
                raise not_admitted(self._settings) from None

    def _ask(self, command: str, *words: str | None) -> list[Any]:
        with self._told():
            answer, data = self._imap.uid(command, *[word for word in words if word is not None])
            if answer != "OK":
                raise WorldError(
                    f"Máy chủ thư {self._settings.host} từ chối lệnh {command}. Hãy chạy lại sau ít phút."
                )
        return [item for item in data if item is not None]

    def _hang_up(self) -> None:
        with suppress(OSError, imaplib.IMAP4.error):  # the server may be gone already
            self._imap.logout()
        with suppress(OSError):
            self._imap.shutdown()

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told(self._settings, self._settings.usual_port):
            try:
                yield
            except imaplib.IMAP4.abort as fault:
                raise lost(self._settings) from fault
            except OSError:  # some are ValueErrors as well
                raise
            except (imaplib.IMAP4.error, ValueError) as fault:
                raise WorldError(
                    f"Máy chủ thư {self._settings.host} trả lời khó hiểu. Hãy chạy lại sau ít phút."
                ) from fault


def _records(answers: Sequence[Any]) -> Iterator[tuple[bytes, bytes | None]]:
    """Each answer to a FETCH: what the server says about the message, and the text it quotes."""
    said, literal = b"", None
    for item in answers:
        if isinstance(item, tuple):
            said, literal = said + item[0], item[1]
        else:  # the end of an answer, or one that quotes nothing
            yield said + item, literal
            said, literal = b"", None


def _head(record: tuple[bytes, bytes | None]) -> Head | None:
    said, block = record
    uid, size, received = _UID.search(said), _SIZE.search(said), _RECEIVED.search(said)
    if uid is None or size is None or received is None:
        return None  # news about another message, such as that somebody has read it
    headers = parse_headers(block or b"")
    moment = parsedate_to_datetime(received[1].decode("ascii", "replace").strip())
    return Head(
        uid=int(uid[1]),
        size=int(size[1]),
        received_at=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
        letter=read_letter(headers, None),
        envelope=address_of(headers, "Return-Path"),
        is_automatic=_is_automatic(headers),
    )


def _is_automatic(headers: Message) -> bool:
    submitted = decoded(headers.get("Auto-Submitted", "no")).partition(";")[0].partition("(")[0]
    answers = headers.get("Precedence", "").strip().lower() == "auto_reply" or "X-Autoreply" in headers
    return answers or submitted.strip().lower() != "no"
