"""The short text that goes back to a unit, ready to paste into a mail or a chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.base.record import KeptFinding, Submission
from pipeline.core.tables import moment_text
from pipeline.spec.plan import Plan
from pipeline.spec.wording import Wording


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was taken from a form: accepted and owed rows, and the name of the form to be mended."""

    period: str
    deadline: str
    accepted: int
    owed: int
    answer: str


def feedback_text(
    submission: Submission,
    findings: Sequence[KeptFinding],
    receipt: Receipt,
    plan: Plan,
    wording: Wording,
    labels: Mapping[str, str],
) -> str:
    """The text about one file; `labels` put `outcome.partial` and `severity.error` into words."""
    words = {"file": submission.file_name, "arrived": moment_text(submission.arrived_at)}
    if receipt.answer:
        head = [
            wording.say("feedback_head", unit=plan.unit_by_id[submission.unit].name),
            wording.say(
                "feedback_intro",
                **words,
                period=receipt.period,
                outcome=labels[f"outcome.{submission.outcome}"].lower(),
                accepted=receipt.accepted,
                owed=receipt.owed,
            ),
        ]
        close = wording.say("feedback_answer", answer=receipt.answer, deadline=receipt.deadline)
    else:
        head = [wording.say("feedback_unknown", **words)]
        close = wording.say("feedback_resend", deadline=receipt.deadline)
    lines = [_line(n, finding, wording, labels) for n, finding in enumerate(findings, 1)]
    return "\n".join([*head, "", *lines, "", close, ""])


def _line(number: int, finding: KeptFinding, wording: Wording, labels: Mapping[str, str]) -> str:
    return wording.say(
        "feedback_line",
        number=number,
        kind=labels[f"severity.{finding.severity}"],
        where=_where(finding, wording),
        title=finding.title,
        found=finding.found,
        mend=finding.mend,
    )


def _where(finding: KeptFinding, wording: Wording) -> str:
    words = {"sheet": finding.sheet, "cells": finding.cells, "row": finding.row_code, "label": finding.label}
    if finding.sheet and finding.cells:
        return wording.say("feedback_row" if finding.row_code else "feedback_cells", **words)
    return wording.say("feedback_sheet" if finding.sheet else "feedback_whole_file", **words)
