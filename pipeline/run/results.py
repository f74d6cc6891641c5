"""What a command has done, for the command line to put into lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pipeline.base.period import Period
from pipeline.base.record import Decision, KeptFinding
from pipeline.run.status import Status

PdfOutcome = Literal["not_asked", "written", "no_office", "failed"]


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What was decided about one file. `unit` and `period` are empty where they are not known.

    `repeated` tells that the same bytes came before: the outcome is what was decided then.
    """

    file: str
    unit: str
    period: str
    outcome: str
    findings: tuple[KeptFinding, ...]
    repeated: bool = False

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class MonthResult:
    """A run: the files taken, those left for the next run, and the workbooks written; the folders with their
    open data, and those in which something lies to be sent back to units."""

    status: Status
    verdicts: tuple[FileVerdict, ...]
    left: tuple[str, ...]
    workbooks: tuple[Path, ...]
    open_data: tuple[Path, ...] = ()
    feedback: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """A decision that was recorded, in words, the files that are judged otherwise, the drafts written.

    `issued` is the number of the version that an extended period has been issued in already, 0 for none.
    """

    decision: Decision
    said: str
    verdicts: tuple[FileVerdict, ...]
    workbooks: tuple[Path, ...]
    issued: int = 0


@dataclass(frozen=True, slots=True)
class IssueResult:
    """A numbered version; `waiting` files lie in the inbox, `held` ones wait for a word: none is in it.
    `extended` gives the last good day of units, by name, that still have time to send."""

    period: Period
    number: int
    path: Path
    waiting: int
    held: tuple[str, ...]
    extended: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """A ledger made again: its events, originals that are missing, files that it does not know."""

    events: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplatesResult:
    """The forms written for a period."""

    period: Period
    folder: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ReportResult:
    """The report that was written. `kept` is a report changed by hand, which stays as it was; `unused` the
    fields that the template leaves out."""

    period: Period
    document: Path
    kept: Path | None
    unused: tuple[str, ...]
    pdf: PdfOutcome


@dataclass(frozen=True, slots=True)
class DemoResult:
    """A demonstration workspace and the workbooks in it, oldest first."""

    folder: Path
    workbooks: tuple[Path, ...]
