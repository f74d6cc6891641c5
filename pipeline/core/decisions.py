"""What the officer decided, and what of it holds: the words that change how files and rows are judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.base.record import Decision


@dataclass(frozen=True, slots=True)
class Spared:
    """What is not held against a form: rows that count as they are, and (rule, row) pairs that are not
    applied; an empty row stands for all.

    `accepted` gives the number of the decision about a row of this very file, `alike` that about a row that
    broke this rule with these figures in another file of the unit for the period: (row, rule, figures).
    """

    accepted: Mapping[str, int] = field(default_factory=dict)
    alike: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    waived: frozenset[tuple[str, str]] = frozenset()

    def accepting(self, row_code: str, rule: str, figures: str) -> int:
        """The number of the decision by which a row counts though it breaks a rule, 0 where there is none."""
        return self.accepted.get(row_code) or self.alike.get((row_code, rule, figures), 0)

    def waives(self, rule: str, row_code: str) -> bool:
        return bool(self.waived & {(rule, row_code), (rule, "")})


NOTHING_SPARED = Spared()


@dataclass(frozen=True, slots=True)
class InForce:
    """The decisions that hold."""

    decisions: tuple[Decision, ...] = ()

    def assigned(self, sha256: str) -> tuple[str, str] | None:
        """Unit and period that the officer gave a file; the last word holds."""
        given = [(d.unit, d.period) for d in self.decisions if d.kind == "assign" and d.sha256 == sha256]
        return given[-1] if given else None

    def is_withdrawn(self, sha256: str) -> bool:
        return any(d.kind == "withdraw" and d.sha256 == sha256 for d in self.decisions)

    def is_admitted(self, sha256: str) -> bool:
        return any(d.kind == "admit" and d.sha256 == sha256 for d in self.decisions)

    def spared(self, sha256: str, unit: str, period: str) -> Spared:
        """What is not held against the form of a unit for a period."""
        accepts = [d for d in self.decisions if d.kind == "accept"]
        whose = unit, period
        return Spared(
            {d.row_code: d.number for d in accepts if d.sha256 == sha256},
            {
                (d.row_code, rule, d.figures): d.number
                for d in accepts
                if d.figures and (d.unit, d.period) == whose
                for rule in d.rule.split(", ")
            },
            frozenset(
                (d.rule, d.row_code)
                for d in self.decisions
                if d.kind == "waive" and (d.unit, d.period) == whose
            ),
        )

    def extensions(self, period: str) -> Mapping[str, date]:
        """The last good day of each unit that was given more time."""
        return {
            d.unit: date.fromisoformat(d.until)
            for d in self.decisions
            if d.kind == "extend" and d.period == period
        }


def in_force(decisions: Sequence[Decision]) -> InForce:
    """The decisions that no other one, itself in force, revokes."""
    revoked: set[int] = set()
    for decision in sorted(decisions, key=lambda d: d.number, reverse=True):
        if decision.kind == "revoke" and decision.number not in revoked:
            revoked.add(decision.revokes)
    return InForce(tuple(d for d in decisions if d.number not in revoked))
