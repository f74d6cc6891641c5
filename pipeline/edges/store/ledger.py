"""Keep what is known about every file in a SQLite ledger: a record is there whole or not at all."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from functools import cache
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from pipeline.base.record import (
    Decision,
    Entry,
    Fact,
    Issue,
    IssuedTemplate,
    KeptFinding,
    KeptPlan,
    Narrative,
    Record,
    Repeat,
    Submission,
    TaskReport,
)
from pipeline.edges.store.database import immediate
from pipeline.edges.store.files import is_there, make_folder
from pipeline.edges.store.ledger_file import open_ledger, refuse_damage, told
from pipeline.edges.store.ledger_schema import STANDING

OfFile = Submission | KeptFinding | Fact | TaskReport | Narrative
Single = Repeat | IssuedTemplate | Decision | Issue | KeptPlan
Row = OfFile | Single
R = TypeVar("R", bound=Row)

TABLES: dict[type[Any], str] = {
    Submission: "submission",
    KeptFinding: "finding",
    Fact: "fact",
    TaskReport: "task",
    Narrative: "narrative",
    IssuedTemplate: "issued_template",
    Repeat: "repeat",
    Decision: "decision",
    Issue: "issue",
    KeptPlan: "plan",
}
KINDS: dict[str, type[Record]] = {
    "entry": Entry,
    "repeat": Repeat,
    "template": IssuedTemplate,
    "decision": Decision,
    "issue": Issue,
    "plan": KeptPlan,
}
_KIND_OF = {record: kind for kind, record in KINDS.items()}
_FOREVER = "~"  # after every moment, as text


class Ledger:
    """The ledger at `path`, opened or created; to be used in a `with` statement.

    With `as_of`, an ISO moment in the plan's time zone, it answers as it would have at that moment.
    A commit is on the disk when the method returns. The ledger knows no clock: every moment in it
    is given by the caller.
    """

    def __init__(self, path: Path, as_of: str = _FOREVER) -> None:
        make_folder(path.parent)
        self._path = path
        self._horizon = as_of
        self._connection = open_ledger(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is a ledger to open, so that a mere look creates none; an emptied one is lost."""
        return is_there(path) and path.stat().st_size > 0

    def record(self, *records: Record) -> None:
        """Keep records, all or none. A new entry about a known file takes the place of the former one;
        a repetition or a form that is kept already is left as it is."""
        with told(self._path), immediate(self._connection):
            for record in records:
                if not self._is_kept(record):
                    self._keep(self.last_event() + 1, record)

    def restore(self, events: Iterable[tuple[int, Record]]) -> None:
        """Keep events with their numbers, all or none: the way back from a journal."""
        with told(self._path), immediate(self._connection):
            for number, record in events:
                self._keep(number, record)

    def last_event(self) -> int:
        (number,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM event").fetchone()
        return int(number)

    def refuse_damage(self) -> None:
        """Read the whole file through; `OperatorError` where it is damaged."""
        refuse_damage(self._connection, self._path)

    def last_moment(self) -> str:
        """The latest moment of all events, "" where there is none."""
        with told(self._path):
            (moment,) = self._connection.execute("SELECT coalesce(max(at), '') FROM event").fetchone()
        return str(moment)

    def events(self, after: int) -> Iterator[tuple[int, str, Record]]:
        """The events after a number, with their kinds, in their order."""
        question = "SELECT number, kind FROM event WHERE number > ? ORDER BY number"
        with told(self._path):
            for number, kind in self._connection.execute(question, (after,)).fetchall():
                yield number, kind, self._record_of(number, KINDS[kind])

    def submission(self, sha256: str) -> Submission | None:
        event = self._event_of(sha256)
        return self._select(Submission, "WHERE event = :event", event=event)[0] if event else None

    def submissions(self, period: str | None = None) -> list[Submission]:
        """All submissions, or those of a period ("" for the unidentified), by time of arrival."""
        condition = "AND (:period IS NULL OR period = :period) ORDER BY arrived_at, sha256"
        return self._standing(Submission, condition, period=period)

    def entry(self, sha256: str) -> Entry | None:
        """All that is known of a file."""
        event = self._event_of(sha256)
        return self._entry(event) if event else None

    def findings(self, sha256s: Collection[str]) -> list[KeptFinding]:
        """The findings of these submissions, in the order in which they were told."""
        condition = "AND sha256 IN (SELECT value FROM json_each(:files)) ORDER BY sha256, number"
        return self._standing(KeptFinding, condition, files=json.dumps(list(sha256s)))

    def facts(self, year: int, until: str, units: Collection[str] | None = None) -> list[Fact]:
        """The facts of a year up to and including the period `until`, of every submission (of `units`)."""
        condition = (
            "AND period BETWEEN :first AND min(:last, :until)"
            " AND (:units IS NULL OR unit IN (SELECT value FROM json_each(:units)))"
            " ORDER BY period, unit, sha256, indicator"
        )
        only = None if units is None else json.dumps(list(units))
        first, last = f"{year:04d}-01", f"{year:04d}-12"
        return self._standing(Fact, condition, first=first, last=last, until=until, units=only)

    def answers(self, period: str) -> list[tuple[str, str, str]]:
        """File (by its hash), indicator and state of every accepted row of a period, and no more of it."""
        rows = f"SELECT sha256, indicator, state FROM {TABLES[Fact]}"
        question = f"{rows} WHERE event IN ({STANDING}) AND period = :period"
        with told(self._path):
            found = self._connection.execute(question, {"horizon": self._horizon, "period": period})
            return found.fetchall()

    def tasks(self, period: str) -> list[TaskReport]:
        return self._standing(TaskReport, "AND period = :period ORDER BY unit, sha256, code", period=period)

    def narratives(self, period: str) -> list[Narrative]:
        condition = "AND period = :period ORDER BY unit, sha256, section"
        return self._standing(Narrative, condition, period=period)

    def issued_templates(self, period: str | None = None) -> list[IssuedTemplate]:
        """All forms that were issued, or those for a period, by unit and moment."""
        forms = [form for form in self._singles(IssuedTemplate) if period in (None, form.period)]
        return sorted(forms, key=lambda form: (form.unit, form.issued_at, form.sha256))

    def decisions(self) -> list[Decision]:
        """All decisions of the officer, by number."""
        return self._singles(Decision)

    def issues(self) -> list[Issue]:
        """All issued workbooks, in the order in which they were issued."""
        return self._singles(Issue)

    def plans(self) -> list[KeptPlan]:
        """All plan files that were used, in the order of their first use."""
        return self._singles(KeptPlan)

    def event_of(self, record: Issue) -> int:
        """The number of the event that brought an issue."""
        question = "SELECT event FROM issue WHERE period = ? AND number = ?"
        (number,) = self._connection.execute(question, (record.period, record.number)).fetchone()
        return int(number)

    def has_changed(self, period: str, since: int) -> bool:
        """Whether anything that counts for `period` came after the event `since`: a decision about it, or
        another word on a file for it or for an earlier month of its year."""
        question = """
            SELECT 1 FROM submission WHERE event > :since AND outcome NOT IN ('pending', 'opened')
                AND period BETWEEN :first AND :period
                AND event IN (SELECT number FROM event WHERE at <= :horizon)
            UNION ALL SELECT 1 FROM decision WHERE event > :since AND period = :period
                AND decided_at <= :horizon
        """
        first = f"{period[:4]}-01"
        values = {"since": since, "period": period, "first": first, "horizon": self._horizon}
        with told(self._path):
            return self._connection.execute(question, values).fetchone() is not None

    def _keep(self, number: int, record: Record) -> None:
        event = (number, record.moment, _KIND_OF[type(record)])
        self._connection.execute("INSERT INTO event VALUES (?, ?, ?)", event)
        rows: Sequence[Row] = _rows(record) if isinstance(record, Entry) else (record,)
        for kind, part in groupby(rows, key=type):
            columns = _columns(kind)
            places = ", ".join("?" * (1 + len(columns)))
            statement = f"INSERT INTO {TABLES[kind]} (event, {', '.join(columns)}) VALUES ({places})"
            values = ((number, *(getattr(row, column) for column in columns)) for row in part)
            self._connection.executemany(statement, values)

    def _is_kept(self, record: Record) -> bool:
        match record:
            case Repeat():
                question = "SELECT 1 FROM repeat WHERE (sha256, name, seen_at) = (:sha256, :name, :seen_at)"
            case IssuedTemplate():
                question = "SELECT 1 FROM issued_template WHERE sha256 = :sha256"
            case _:
                return False
        return self._connection.execute(question, asdict(record)).fetchone() is not None

    def _record_of(self, number: int, kind: type[Record]) -> Record:
        if issubclass(kind, Entry):
            return self._entry(number)
        (row,) = self._select(kind, "WHERE event = :event", event=number)
        return row

    def _entry(self, number: int) -> Entry:
        (submission,) = self._of_event(Submission, number)
        return Entry(
            submission,
            self._of_event(KeptFinding, number),
            self._of_event(Fact, number),
            self._of_event(TaskReport, number),
            self._of_event(Narrative, number),
        )

    def _of_event(self, kind: type[R], number: int) -> tuple[R, ...]:
        return tuple(self._select(kind, "WHERE event = :event", event=number))

    def _event_of(self, sha256: str) -> int:
        """The event that says how a file stands at the horizon; 0 where it is not known."""
        question = (
            "SELECT coalesce(max(event), 0) FROM submission JOIN event ON event.number = submission.event"
            " WHERE sha256 = :sha256 AND at <= :horizon"
        )
        values = {"sha256": sha256, "horizon": self._horizon}
        with told(self._path):
            (number,) = self._connection.execute(question, values).fetchone()
        return int(number)

    def _standing(self, kind: type[R], condition: str, **values: str | None) -> list[R]:
        """The rows of files as they stand at the horizon."""
        return self._select(kind, f"WHERE event IN ({STANDING}) {condition}", **values)

    def _singles(self, kind: type[R]) -> list[R]:
        known = "WHERE event IN (SELECT number FROM event WHERE at <= :horizon) ORDER BY event"
        return self._select(kind, known)

    def _select(self, kind: type[R], condition: str, **values: str | int | None) -> list[R]:
        columns = _columns(kind)  # type: ignore[arg-type]  # every class is hashable
        question = f"SELECT {', '.join(columns)} FROM {TABLES[kind]} {condition}"
        with told(self._path):
            found = self._connection.execute(question, {"horizon": self._horizon, **values})
            same: dict[str, str] = {}  # most texts stand in many rows: one of each is enough
            return [kind(*_with_texts(row, same)) for row in found]


def _rows(entry: Entry) -> tuple[OfFile, ...]:
    rows: tuple[OfFile, ...] = (
        entry.submission,
        *entry.findings,
        *entry.facts,
        *entry.tasks,
        *entry.narratives,
    )
    if {row.sha256 for row in rows} != {entry.submission.sha256}:
        raise ValueError(f"an entry of two files: {entry.submission.sha256}")
    return rows


def _with_texts(row: Sequence[Any], same: dict[str, str]) -> Iterator[Any]:
    """The row with the first of equal texts in the place of each."""
    return (same.setdefault(value, value) if isinstance(value, str) else value for value in row)


@cache
def _columns(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
