"""The journal beside the ledger: every event as one line of JSON, so that the ledger can be made again.

The ledger is written first and is the truth; the journal follows. A journal that a power cut left
behind, or with half a line at its end, is brought up to date before the next event.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.base.errors import OperatorError
from pipeline.base.record import Entry, Fact, KeptFinding, Narrative, Record, Submission, TaskReport
from pipeline.edges.store.files import cannot_read, cannot_write, make_folder
from pipeline.edges.store.ledger import KINDS, Ledger

_STEP = 1 << 16
LEDGER_LOST = (
    "Sổ theo dõi thiếu so với nhật ký {journal} (đã bị xóa hay thay bằng bản cũ?). "
    "Hãy chạy lệnh rebuild để lập lại sổ."
)
_TAKE_COPY = (
    "Sổ theo dõi còn tốt thì đổi tên tệp này, lần chạy sau sẽ ghi lại nhật ký từ sổ; "
    "nếu không, hãy lấy lại bản sao lưu của tệp này."
)


def bring_up_to_date(journal: Path, ledger: Ledger) -> None:
    """Append the events that the journal does not have yet; on the disk when it returns."""
    make_folder(journal.parent)
    try:
        with journal.open("r+b" if journal.exists() else "x+b") as file:
            end, line = _last_line(file)
            last = _event(journal, line)[0] if line else 0
            if last > ledger.last_event():
                raise OperatorError(LEDGER_LOST.format(journal=journal))
            if last < ledger.last_event():
                file.truncate(end)
                file.seek(end)
                for number, kind, record in ledger.events(after=last):
                    told = {"event": number, "kind": kind, "record": _told(record)}
                    file.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
    except OSError as fault:
        raise cannot_write(journal, fault) from fault


def last_event_of(journal: Path) -> int:
    """The number of the last event that the journal tells, 0 where it tells none."""
    try:
        with journal.open("rb") as file:
            _, line = _last_line(file)
    except OSError as fault:
        raise cannot_read(journal, fault) from fault
    return _event(journal, line)[0] if line else 0


def read_journal(journal: Path) -> Iterator[tuple[int, Record]]:
    """The events with their numbers; an `OperatorError` shows the line that cannot be read."""
    try:
        with journal.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield _event(journal, line)
    except OSError as fault:
        raise cannot_read(journal, fault) from fault


def _told(record: Any) -> dict[str, Any]:
    """A record by the names of its fields; of an entry, so is each of its rows.

    Not `asdict`, which copies every text and looks into each for records.
    """
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    if not isinstance(record, Entry):
        return values
    rows = {name: [_told(row) for row in part] for name, part in values.items() if isinstance(part, tuple)}
    return {**values, "submission": _told(record.submission), **rows}


def _last_line(file: BinaryIO) -> tuple[int, bytes]:
    """Where the last whole line ends, and that line."""
    start = file.seek(0, os.SEEK_END)
    tail = b""
    while start and tail.count(b"\n") < 2:
        step = min(start, _STEP)
        start = file.seek(start - step)
        tail = file.read(step) + tail
    whole, newline, _ = tail.rpartition(b"\n")
    return start + len(whole + newline), whole.rpartition(b"\n")[2]


def _event(journal: Path, line: bytes) -> tuple[int, Record]:
    try:
        told = json.loads(line)
        return int(told["event"]), _record(told["kind"], told["record"])
    except (ValueError, KeyError, TypeError) as fault:
        shown = "".join(c if c.isprintable() else "?" for c in line[:60].decode("utf-8", "replace"))
        raise OperatorError(f"Nhật ký {journal} có dòng không đọc được: {shown}. {_TAKE_COPY}") from fault


def _record(kind: str, told: dict[str, Any]) -> Record:
    if kind != "entry":
        return KINDS[kind](**told)
    return Entry(
        Submission(**told["submission"]),
        tuple(KeptFinding(**row) for row in told["findings"]),
        tuple(Fact(**row) for row in told["facts"]),
        tuple(TaskReport(**row) for row in told["tasks"]),
        tuple(Narrative(**row) for row in told["narratives"]),
    )
