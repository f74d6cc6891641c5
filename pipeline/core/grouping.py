"""Join findings that say the same of several places, so that each thing is said once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.base.finding import Severity
from pipeline.base.record import KeptFinding
from pipeline.spec.wording import Wording

_RANK = {severity.value: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one file and sheet that differ in nothing but their place, in their order.

    `rows`, `cells` and `labels` name every place once. A finding may mean two cells, or none.
    """

    findings: tuple[KeptFinding, ...]

    @property
    def first(self) -> KeptFinding:
        """The one whose words stand for all."""
        return self.findings[0]

    @property
    def rows(self) -> tuple[str, ...]:
        return _once(finding.row_code for finding in self.findings)

    @property
    def cells(self) -> tuple[str, ...]:
        return _once(cell for finding in self.findings for cell in finding.addresses)

    @property
    def label(self) -> str:
        """The headings of the columns; a heading may itself hold a comma."""
        return "; ".join(_once(finding.label for finding in self.findings))


def grouped(findings: Iterable[KeptFinding]) -> list[FindingGroup]:
    """Findings by what they say: file by file, errors before warnings before notes."""
    groups: dict[KeptFinding, list[KeptFinding]] = {}
    files: dict[str, int] = {}
    for finding in findings:
        files.setdefault(finding.sha256, len(files))
        groups.setdefault(_said(finding), []).append(finding)
    return sorted(
        (FindingGroup(tuple(group)) for group in groups.values()),
        key=lambda group: (files[group.first.sha256], _RANK[group.first.severity]),
    )


def enumerated(names: Sequence[str], wording: Wording, longer: str) -> str:
    """Rows or cells in a sentence: all of them, or of a long list the first ones and how many more.

    `longer` is the key of the sentence for a long list.
    """
    if len(names) <= wording.lists.whole:
        return ", ".join(names)
    begins = wording.lists.begins
    return wording.say(longer, first=", ".join(names[:begins]), count=len(names) - begins)


def _said(finding: KeptFinding) -> KeptFinding:
    """A finding without its place."""
    return replace(finding, number=0, cells="", row_code="", label="")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
