"""The monthly report, ready to be laid out: the fields that its Word template may name.

Every text is finished: sentences, numbers and dates are written as they are to be read.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdicts:
    """The indicators of a group that stand alike: all in `text`, or a line for each that lags."""

    title: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ResultGroup:
    """What chapter II says about one group of indicators: its figures, then verdict by verdict."""

    heading: str
    verdicts: tuple[Verdicts, ...]


@dataclass(frozen=True)
class IndicatorRow:
    """A row of the appendix of indicators."""

    code: str
    name: str
    lead: str
    target: str
    numerator: str
    denominator: str
    result: str
    previous: str
    attainment: str
    verdict: str
    remark: str


@dataclass(frozen=True)
class IndicatorGroup:
    """The rows of one group in the appendix of indicators."""

    heading: str
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True)
class TaskRow:
    """A row of the appendix of tasks."""

    code: str
    work: str
    unit: str
    person: str
    time: str
    product: str
    authority: str
    progress: str
    state: str
    document: str


@dataclass(frozen=True)
class TaskGroup:
    """The rows of one section in the appendix of tasks."""

    heading: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True)
class SubmissionRow:
    """A row of the appendix that says who has sent."""

    number: str
    unit: str
    receipt: str
    time: str
    outcome: str
    arrived: str
    resent: str
    rows: str
    errors: str
    warnings: str


@dataclass(frozen=True)
class Report:
    """The whole report, in its order. A line that begins with "(…)" is a place for the officer."""

    parent_body: str
    issuer: str
    symbol: str
    place: str
    date: str
    subject: str
    addressee: str
    opening: str
    direction: tuple[str, ...]
    overall: tuple[str, ...]
    groups: tuple[ResultGroup, ...]
    tasks: tuple[str, ...]
    highlights: tuple[str, ...]
    strengths: tuple[str, ...]
    shortfalls: tuple[str, ...]
    causes: tuple[str, ...]
    obstacles: tuple[str, ...]
    requests: tuple[str, ...]
    next_steps: tuple[str, ...]
    closing: str
    recipients: tuple[str, ...]
    signer_role: str
    enclosed: str
    indicator_groups: tuple[IndicatorGroup, ...]
    notes: tuple[str, ...]
    task_groups: tuple[TaskGroup, ...]
    submissions: tuple[SubmissionRow, ...]
