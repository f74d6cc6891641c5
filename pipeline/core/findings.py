"""The rows of the sheet `Lỗi dữ liệu`: what was found in the files of a month, and what of it is mended."""

from collections.abc import Mapping

from pipeline.base.finding import Finding
from pipeline.base.record import KeptFinding, Submission
from pipeline.core.grouping import FindingGroup, grouped
from pipeline.core.intake import kept_findings
from pipeline.core.month import Month
from pipeline.core.quality import mended_findings
from pipeline.core.relations import Broken
from pipeline.spec.messages import Messages
from pipeline.spec.plan import Plan

_SAID = ("severity", "code", "sheet", "title", "found", "expected", "mend", "example")
_NOTE = "note"
_MOST_PLACES = 40  # in one row, since a row has a greatest height: of more, further rows tell


def finding_rows(month: Month, plan: Plan, messages: Messages) -> list[dict[str, object]]:
    """One row for equal findings of a file, columns by key; those that are still to be mended come first,
    and before all of them what no file alone can mend: relations between units. Notes, which ask for
    nothing, come last.

    `places` counts the single findings of a row, so that the rows of a file add up to its errors and
    warnings in the register. `errors_of` and `warnings_of` hold the sha256 of the file, for links.
    """
    files = {s.sha256: s for s in month.kept.submissions}
    places = {unit.id: place for place, unit in enumerate(plan.units)}
    order = {sha256: _file_order(file, places) for sha256, file in files.items()}
    told = sorted(month.kept.findings, key=lambda f: (order[f.sha256], f.number))
    mended = mended_findings(plan, month.kept.submissions, month.kept.findings, month.of_period(month.facts))

    def mending(finding: KeptFinding) -> str:
        if finding.severity == _NOTE:
            return "no_need"
        return "mended" if (finding.sha256, finding.number) in mended else "open"

    return [_between_units(fault, plan, messages) for fault in month.broken] + [
        _finding_row(part, files[group.first.sha256], plan, stand)
        for stand in ("open", "mended", "no_need")
        for group in grouped([f for f in told if mending(f) == stand])
        for part in _parts(group)
    ]


def _file_order(submission: Submission, places: Mapping[str, int]) -> tuple[int, tuple[str, str, str]]:
    """Sorts files by unit, in the plan's order, then in time; those of nobody come last."""
    return places.get(submission.unit, len(places)), submission.order


def _parts(group: FindingGroup) -> list[FindingGroup]:
    starts = range(0, len(group.findings), _MOST_PLACES)
    return [FindingGroup(group.findings[start : start + _MOST_PLACES]) for start in starts]


def _finding_row(group: FindingGroup, file: Submission, plan: Plan, mending: str) -> dict[str, object]:
    first = group.first
    return {
        "unit": _unit_name(file, plan),
        "file": file.name,
        "mending": mending,
        "places": len(group.findings),
        "cells": ", ".join(group.cells),
        "row_code": ", ".join(group.rows),
        "label": group.label,
        "errors_of": file.sha256 if first.severity == "error" else "",
        "warnings_of": file.sha256 if first.severity == "warning" else "",
    } | {key: getattr(first, key) for key in _SAID}


def _between_units(fault: Broken, plan: Plan, messages: Messages) -> dict[str, object]:
    codes = [code for code, _ in fault.relation.sides]
    leads = [plan.unit_by_id[plan.indicator_by_code[code].lead].short_name for code in codes]
    finding = Finding(fault.code, row_code=", ".join(codes), label=fault.relation.id, values=fault.words)
    (said,) = kept_findings("", [finding], messages)
    return {
        "unit": ", ".join(dict.fromkeys(leads)),
        "file": "",
        "mending": "open",
        "places": 1,
        "cells": "",
        "row_code": said.row_code,
        "label": said.label,
        "errors_of": "",
        "warnings_of": "",
    } | {key: getattr(said, key) for key in _SAID}


def _unit_name(submission: Submission, plan: Plan) -> str:
    unit = plan.unit_by_id.get(submission.unit)
    return unit.short_name if unit else ""
