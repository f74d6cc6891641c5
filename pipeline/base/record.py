"""What is kept about every file that came in: the rows of the ledger, as frozen objects.

Moments are ISO 8601 texts with offset, periods and dates ISO texts, so that they sort as text.
"""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal[
    "valid", "warned", "partial", "rejected", "empty", "companion", "opened", "pending", "withdrawn"
]
ArrivalSource = Literal["day_folder", "mailbox", "received", "first_seen"]
State = Literal["reported", "no_activity", "no_data"]


@dataclass(frozen=True, slots=True)
class Submission:
    """One file. `unit` and `period` are empty where the file could not be identified.

    A mail or an archive is "opened": what it holds are files of their own, whose `parent` is its
    sha256. A "companion" is a signed scan that came with a form. A form for a period that was issued is
    "pending" until the officer admits it; one that the officer took back is "withdrawn".
    `archived_as` is relative to the archive folder, with forward slashes. `sender` and `sent_at` are
    what a mail says of itself: shown, never relied on.
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
        """Whether this is what a unit returned, or was meant to be: no wrapping, no companion, and
        nothing that the officer keeps out."""
        return self.outcome not in ("opened", "companion", "pending", "withdrawn")

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
    """A finding as it was told to the sender. `cells` are addresses joined by ", "; `decision` is the number
    of the decision that lets an error pass, 0 where none does."""

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
    decision: int = 0

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(self.cells.split(", ")) if self.cells else ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything the ledger learns from one file, recorded in one transaction."""

    submission: Submission
    findings: tuple[KeptFinding, ...] = ()
    facts: tuple[Fact, ...] = ()
    tasks: tuple[TaskReport, ...] = ()
    narratives: tuple[Narrative, ...] = ()

    @property
    def moment(self) -> str:
        return self.submission.decided_at


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

    @property
    def moment(self) -> str:
        return self.issued_at


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same bytes, seen again under some name."""

    sha256: str
    name: str
    seen_at: str

    @property
    def moment(self) -> str:
        return self.seen_at


DecisionKind = Literal["assign", "withdraw", "admit", "accept", "extend", "waive", "revoke"]


@dataclass(frozen=True, slots=True)
class Decision:
    """A word of the officer, with its reason; `number` is how people name it.

    assign: the file `sha256` is of `unit` and `period` · withdraw: it does not count · admit: it counts
    though its period was issued · accept: its row `row_code` counts as it is, and in every file of `unit` for
    `period` that has the same `figures` in it ("" for none) and breaks no rule but those of `rule`, joined by
    ", " · extend: `unit` has time until the end of the day `until` for `period` · waive: the rule `rule` is
    not applied to `unit` in `period` (in the row `row_code`, "" for all) · revoke: the decision number
    `revokes` no longer holds.
    """

    number: int
    kind: DecisionKind
    decided_at: str
    reason: str
    sha256: str = ""
    unit: str = ""
    period: str = ""
    row_code: str = ""
    rule: str = ""
    until: str = ""
    revokes: int = 0
    figures: str = ""

    @property
    def moment(self) -> str:
        return self.decided_at


@dataclass(frozen=True, slots=True)
class Issue:
    """A numbered version of a period's workbook, frozen by the officer with the plan it was made by.

    `sha256` is that of the workbook, `page_sha256` of the leaders' page, `data_sha256` of the packed open
    data; "" of what an older program did not write, or did not hash.
    """

    period: str
    number: int
    sha256: str
    archived_as: str
    plan_sha256: str
    issued_at: str
    page_sha256: str = ""
    data_sha256: str = ""

    @property
    def moment(self) -> str:
        return self.issued_at

    @property
    def sealed_beside(self) -> dict[str, str]:
        """Where the leaders' page and the open data of the version are sealed, each with its SHA-256: beside
        the workbook and under its name. Older versions have fewer."""
        name = self.archived_as.rpartition(".")[0]
        return {f"{name}.html": self.page_sha256, f"{name}.zip": self.data_sha256}


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan file as it was when a run first used it."""

    sha256: str
    id: str
    year: int
    version: int
    archived_as: str
    kept_at: str

    @property
    def moment(self) -> str:
        return self.kept_at


Record = Entry | Repeat | IssuedTemplate | Decision | Issue | KeptPlan
"""What the ledger learns in one event; `moment` is when."""
