"""Results as `pipeline.run` gives them to the command line, and faults in their place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from pipeline.base.period import Period
from pipeline.base.record import KeptFinding
from pipeline.core.register import register
from pipeline.run.labels import labels
from pipeline.run.results import FileVerdict
from pipeline.run.status import Status
from tests.entries import a_finding, a_submission
from tests.forms import AFTER, PLAN

PERIOD = Period(2026, 11)
SENT = [
    a_submission("một", arrived_at="2026-11-18T08:05:00+07:00"),
    a_submission("hai", arrived_at="2026-11-18T09:00:00+07:00"),
    replace(
        a_submission("ba", "KT", arrived_at="2026-11-20T08:00:00+07:00", outcome="valid"),
        arrival_source="first_seen",
    ),
]
FOUND = [
    replace(a_finding(word, number), severity=severity)
    for word, severities in (("một", ["error"] * 5), ("hai", ["error", "error", "warning", "note"]))
    for number, severity in enumerate(severities, 1)
]
MEANT = ("VHXH", "CA", "KT")
LINES = [line for line in register(PLAN, PERIOD, SENT, AFTER, findings=FOUND) if line.unit in MEANT]
STATUS = Status(PERIOD, "20/11/2026", tuple(LINES), labels())


def finding(code: str, severity: str, **changes: Any) -> KeptFinding:
    return replace(a_finding("", 1), code=code, severity=severity, **changes)


def verdict(outcome: str, *findings: KeptFinding, unit: str = "VHXH", file: str = "a.xlsx") -> FileVerdict:
    return FileVerdict(file, unit, "2026-11" if unit else "", outcome, findings)


def failing(fault: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: Any) -> NoReturn:
        raise fault

    return fail
