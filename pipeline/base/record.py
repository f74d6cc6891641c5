"""What is kept about every file that came in: the rows of the ledger, as frozen objects.

Moments are ISO 8601 texts with offset, periods and dates ISO texts, so that they sort as text.
"""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["valid", "warned", "partial", "rejected", "empty", "companion", "opened"]
ArrivalSource = Literal["day_folder", "mailbox", "received", "first_seen"]
State = Literal["reported", "no_activity", "no_data"]


@dataclass(frozen=True, slots=True)
class Submission:
    """One file. `unit` and `period` are empty where the file could not be identified.

    A mail or an archive is "opened": what it holds are files of their own, whose `parent` is its
    sha256. A "companion" is a signed scan that came with a form. `archived_as` is relative to the
    archive folder, with forward slashes. `sender` and `sent_at` are what a mail says of itself: shown,
    never relied on.
    """

    sha256: str
    name: str
    size: int
    arrived_at: str
    arrival_source: ArrivalSource
    decided_at: str
    unit: str
    period: str
    outcome: Outcome
    archived_as: str
    parent: str = ""
    sender: str = ""
    sent_at: str = ""

    @property
    def is_return(self) -> bool:
        """Whether this is what a unit returned, or was meant to be: no wrapping and no companion."""
        return self.outcome not in ("opened", "companion")

    @property
    def file_name(self) -> str:
        """What the sender called the file: the last part of its name."""
        return self.name.rpartition("/")[2]

    @property
    def order(self) -> tuple[str, str, str]:
        """Sorts files from the first to the latest. A day set by hand has no hour: of its files, the one
        taken by a later run is the later one."""
        return self.arrived_at, self.decided_at, self.sha256


@dataclass(frozen=True, slots=True)
class Fact:
    """One accepted indicator row of a submission: a figure, or a chosen state without one.

    `value` is the result in the indicator's measure (percentages 0–100), None where the state has
    none or a denominator is 0. The `…_cell` and `…_raw` fields name each source cell and quote it.
    """

    sha256: str
    unit: str
    period: str
    indicator: str
    state: State
    numerator: float | None
    denominator: float | None
    value: float | None
    sheet: str
    numerator_cell: str
    numerator_raw: str
    denominator_cell: str
    denominator_raw: str
    value_cell: str
    value_raw: str
    evidence: str
    explanation: str


@dataclass(frozen=True, slots=True)
class TaskReport:
    """One accepted task row; `state` is a key of the dropdown, "" where nothing was chosen."""

    sha256: str
    unit: str
    period: str
    code: str
    work: str
    person: str
    time: str
    responsibility: str
    product: str
    authority: str
    state: str
    progress: float | None
    date_done: str
    document: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """One section in a unit's own words."""

    sha256: str
    unit: str
    period: str
    section: str
    text: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding as it was told to the sender. `cells` are addresses joined by ", "."""

    sha256: str
    number: int
    code: str
    severity: str
    sheet: str
    cells: str
    row_code: str
    label: str
    title: str
    found: str
    expected: str
    mend: str
    example: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything the ledger learns from one file, recorded in one transaction."""

    submission: Submission
    findings: tuple[KeptFinding, ...] = ()
    facts: tuple[Fact, ...] = ()
    tasks: tuple[TaskReport, ...] = ()
    narratives: tuple[Narrative, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuedTemplate:
    """A form that was issued to a unit and sealed in the archive."""

    sha256: str
    unit: str
    period: str
    version: int
    checksum: str
    archived_as: str
    issued_at: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same bytes, seen again under some name."""

    sha256: str
    name: str
    seen_at: str
