"""Who owes a form for a period, and what came: receipt, time and outcome kept apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from pipeline.base.period import Period
from pipeline.base.record import KeptFinding, Outcome, Submission
from pipeline.core.calendar import is_late
from pipeline.spec.roster import Roster

Receipt = Literal["waiting", "not_sent", "sent", "not_expected"]
Time = Literal["on_time", "late", "extended", ""]
NO_EXTENSIONS: Mapping[str, date] = MappingProxyType({})
Answer = tuple[str, str, str]
"""An accepted row: hash of its file, code of the indicator, state."""
_REPORTING: tuple[Outcome, ...] = ("valid", "warned", "partial")
_NO_FIGURE = "no_data"


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One unit in one period. `time` and `outcome` are empty where nothing was sent.

    `file`, `arrived_at` and `sha256` belong to the file that decides about time: the one by which at least
    half of the rows that count now had come, else the first one that reports something, else the first one.
    A form with hardly anything in it keeps no place for a later one. `outcome` is that of the latest file
    that reports something, else of the latest file; `latest_sha256` is that file's, `errors` and `warnings`
    count its findings one by one.
    """

    unit: str
    name: str
    receipt: Receipt
    time: Time
    outcome: Outcome | Literal[""]
    arrived_at: str
    arrival_source: str
    file: str
    sha256: str
    latest_sha256: str
    files: int
    errors: int = 0
    warnings: int = 0


def register(
    roster: Roster,
    period: Period,
    submissions: Sequence[Submission],
    now: datetime,
    extensions: Mapping[str, date] = NO_EXTENSIONS,
    findings: Sequence[KeptFinding] = (),
    answers: Sequence[Answer] = (),
) -> tuple[RegisterLine, ...]:
    """One line for each unit of the plan that owes a form or sent one, in the plan's order.

    `findings` are those of the submissions; without them nothing is counted. `answers` are their accepted
    rows; without them the first form that reports something decides about time.
    An empty or refused form is received, but never a report on time. Before the deadline of `now` a
    form that has not come is waited for, not missed. `extensions` gives the last good day of units that
    were given more time.
    """
    by_unit: dict[str, list[Submission]] = {}
    for submission in sorted(submissions, key=lambda s: s.order):
        if submission.period == str(period) and submission.is_return:
            by_unit.setdefault(submission.unit, []).append(submission)
    counts = Counter((finding.sha256, finding.severity) for finding in findings)
    rows: dict[str, list[tuple[str, str]]] = {}
    for sha256, indicator, state in answers:
        rows.setdefault(sha256, []).append((indicator, state))
    return tuple(
        _line(roster, period, unit.id, by_unit.get(unit.id, []), now, extensions.get(unit.id), counts, rows)
        for unit in roster.units
        if unit.expected or unit.id in by_unit
    )


def replaced(submissions: Sequence[Submission], period: Period) -> set[str]:
    """The sha256 of the forms for `period`, or for none that is known, that a later one of their unit has
    taken the place of: the last that reports something, else the last one. What was found in them need not
    be answered any more."""
    meant = [s for s in submissions if s.is_return and s.unit and s.period in ("", str(period))]
    sent = sorted(meant, key=lambda s: s.order)
    own = [s for s in sent if s.period]
    latest = {s.unit: s for s in own} | {s.unit: s for s in own if s.outcome in _REPORTING}
    return {s.sha256 for s in sent if s.unit in latest and s.order < latest[s.unit].order}


def reporting_rate(lines: Sequence[RegisterLine]) -> tuple[int, int, int]:
    """Expected units, those that reported, and those that reported on time; each unit counts once."""
    expected = [line for line in lines if line.receipt != "not_expected"]
    reported = [line for line in expected if line.outcome in _REPORTING]
    return len(expected), len(reported), sum(line.time in ("on_time", "extended") for line in reported)


def has_reported(line: RegisterLine) -> bool:
    """Whether something usable came: a refused or empty form is no report."""
    return line.outcome in _REPORTING


def _line(
    roster: Roster,
    period: Period,
    unit_id: str,
    sent: list[Submission],
    now: datetime,
    extended_to: date | None,
    counts: Counter[tuple[str, str]],
    rows: Mapping[str, Sequence[tuple[str, str]]],
) -> RegisterLine:
    unit = roster.unit_by_id[unit_id]
    if not sent:
        missed: Receipt = "not_sent" if is_late(roster.calendar, period, now, extended_to) else "waiting"
        return RegisterLine(unit.id, unit.name, missed, "", "", "", "", "", "", "", 0)
    reporting = [s for s in sent if s.outcome in _REPORTING]
    deciding = _deciding(reporting, rows) if reporting else sent[0]
    latest = (reporting or sent)[-1]
    return RegisterLine(
        unit=unit.id,
        name=unit.name,
        receipt="sent" if unit.expected else "not_expected",
        time=_time(roster, period, deciding, extended_to) if reporting else "",
        outcome=latest.outcome,
        arrived_at=deciding.arrived_at,
        arrival_source=deciding.arrival_source,
        file=deciding.name,
        sha256=deciding.sha256,
        latest_sha256=latest.sha256,
        files=len(sent),
        errors=counts[latest.sha256, "error"],
        warnings=counts[latest.sha256, "warning"],
    )


def _deciding(files: Sequence[Submission], rows: Mapping[str, Sequence[tuple[str, str]]]) -> Submission:
    """Of files in their order the one by which at least half of the rows that count now had come: each
    with the first file that says of it what stands, a figure or that there is none yet."""
    has_none = {code: state == _NO_FIGURE for file in files for code, state in rows.get(file.sha256, ())}
    awaited = set(has_none)
    for file in files:
        said = rows.get(file.sha256, ())
        awaited -= {code for code, state in said if (state == _NO_FIGURE) == has_none[code]}
        if 2 * len(awaited) <= len(has_none):
            return file
    return files[0]


def _time(roster: Roster, period: Period, file: Submission, extended_to: date | None) -> Time:
    arrived = datetime.fromisoformat(file.arrived_at)
    if not is_late(roster.calendar, period, arrived):
        return "on_time"
    return "late" if is_late(roster.calendar, period, arrived, extended_to) else "extended"
