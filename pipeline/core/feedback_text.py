"""The short text that goes back to a unit, ready to paste into a mail or a chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.base.record import KeptFinding, Submission
from pipeline.core.grouping import FindingGroup, enumerated, grouped
from pipeline.core.moments import arrival_words
from pipeline.spec.plan import Plan
from pipeline.spec.wording import Wording


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was taken from a form: accepted and owed rows, and the name of the form to be mended.

    `period` and `deadline` as they stand in a sentence.
    """

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
    """The text about one file, equal findings told once.

    `labels` put `outcome.partial` and `severity.error` into words.
    """
    arrived = arrival_words(submission.arrived_at, submission.arrival_source, wording)
    words = {"file": submission.file_name, "arrived": arrived}
    if receipt.answer or submission.outcome == "pending":
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
    if submission.outcome == "pending":
        close = wording.say("feedback_pending")
    lines = [_line(n, group, wording, labels) for n, group in enumerate(grouped(findings), 1)]
    return "\n".join([*head, "", *lines, "", close, ""])


def _line(number: int, group: FindingGroup, wording: Wording, labels: Mapping[str, str]) -> str:
    return wording.say(
        "feedback_line",
        number=number,
        kind=labels[f"severity.{group.first.severity}"],
        where=_where(group, wording),
        title=group.first.title,
        found=group.first.found,
        mend=group.first.mend,
    )


def _where(group: FindingGroup, wording: Wording) -> str:
    sheet = group.first.sheet
    words = {
        "sheet": sheet,
        "cells": enumerated(group.cells, wording, "more_cells"),
        "rows": enumerated(group.rows, wording, "more_rows"),
        "column": wording.say("feedback_column", label=group.label) if group.label else "",
    }
    return wording.say(_place(group, wording), **words)


def _place(group: FindingGroup, wording: Wording) -> str:
    """The sentence for what is known of the place: sheet, rows, cells.

    Beside a list of rows that is not whole, cells would say nothing more.
    """
    if not group.first.sheet:
        return "feedback_whole_file"
    if group.rows:
        is_whole = len(group.rows) <= wording.lists.whole
        return "feedback_row" if group.cells and is_whole else "feedback_row_only"
    return "feedback_cells" if group.cells else "feedback_sheet"
