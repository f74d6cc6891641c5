"""The tables of the consolidated workbook: one frame per sheet, columns as in `pipeline.spec.tables`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

import pandas as pd

from pipeline.base.period import Period
from pipeline.base.record import Submission
from pipeline.base.text import clean
from pipeline.core import rules, targets
from pipeline.core.calendar import open_rows
from pipeline.core.carried import carried_forward
from pipeline.core.changes import changes, words_of
from pipeline.core.decision_rows import decision_rows
from pipeline.core.earlier import rows_before
from pipeline.core.findings import finding_rows
from pipeline.core.formulas import formulas
from pipeline.core.merge import duties
from pipeline.core.methods import method_words
from pipeline.core.moments import arrival_text
from pipeline.core.month import Month
from pipeline.core.outlook import outlook_rows
from pipeline.core.overview import overview
from pipeline.core.remarks import remarks
from pipeline.core.tasks import task_rows
from pipeline.core.turns import turns
from pipeline.core.units import course_frame, unit_frame
from pipeline.spec.messages import Messages
from pipeline.spec.plan import Plan
from pipeline.spec.tables import DRAFT, Edition, Tables
from pipeline.spec.template import Template
from pipeline.spec.wording import Wording


@dataclass(frozen=True, slots=True)
class Book:
    """The data files that turn a month into pages."""

    plan: Plan
    template: Template
    wording: Wording
    messages: Messages


def tables(
    month: Month,
    book: Book,
    made_at: datetime,
    edition: Edition = DRAFT,
    earlier: pd.DataFrame | None = None,
) -> Tables:
    """All tables of `month`; `made_at` is printed, in the plan's time zone. `earlier` are the scored
    indicators of the period as they were last issued, for what has turned since."""
    frames = {
        "indicators": _indicators(month, book),
        "outlook": pd.DataFrame(outlook_rows(month, book.plan, book.wording), columns=_OUTLOOK),
        "turns": _turns(month, book, earlier),
        "units": unit_frame(month, book.plan, book.wording),
        "unit_months": course_frame(month, book.plan, book.wording),
        "tasks": pd.DataFrame(task_rows(month, book.plan, book.template, book.wording), columns=_TASKS),
        "voices": _voices(month, book),
        "register": _register(month, book),
        "findings": pd.DataFrame(finding_rows(month, book.plan, book.messages), columns=_FINDINGS),
        "changes": _changes(month, book),
        "decisions": pd.DataFrame(decision_rows(month, book.plan, book.wording), columns=_DECISIONS),
        "facts": _facts(month, book),
        "history": _history(month, book),
        "methods": _methods(book),
    }
    page = overview(month, book.plan, book.template, book.wording, frames, made_at, edition)
    return Tables(page, frames, formulas(month, book.plan, book.template, book.wording, frames))


_INDICATORS = [
    *(
        "group",
        "group_name",
        "code",
        "name",
        "measure",
        "target",
        "lead",
        "lead_id",
        "numerator",
        "denominator",
    ),
    *("month_value", "result", "previous", "change", "attainment", "verdict", "path", "distance"),
    *("reported_units", "remark", "entry", "no_path", "carried", "carried_from"),
    *("points", "weight", "bound", "present", "owed", "earned"),
]
_OUTLOOK = [
    *("group", "code", "name", "target", "result", "verdict", "distance", "next_verdict", "next_distance"),
    *("needed", "pace", "projection", "projection_low", "projection_high", "projection_text", "chance"),
    *("periods", "remark"),
]
_TASKS = [
    *("code", "section", "work", "unit", "person", "time", "responsibility", "product", "authority"),
    *("state", "progress", "date_done", "document"),
]
_VOICES = ["section", "unit", "text", "period"]
_REGISTER = [
    *("unit", "short_name", "name", "receipt", "time", "outcome", "arrived_at", "arrival_source", "file"),
    *("latest_at", "latest_file", "latest_sha256"),
    *("errors", "warnings", "rows_accepted", "rows_owed"),
]
_FINDINGS = [
    *("unit", "file", "mending", "severity", "places", "sheet", "cells", "row_code", "label", "code"),
    *("title", "found", "expected", "mend", "example", "errors_of", "warnings_of"),
]
_CHANGES = [
    *("unit", "rows", "label", "cell", "before", "after", "file_before", "file", "arrived_at"),
    *("sheet", "archived_as"),
]
_DECISIONS = ["number", "kind", "day", "decided_at", "what", "reason", "standing"]
_FACTS = [
    *("unit", "unit_id", "indicator", "period", "month", "state", "state_key", "role"),
    *("numerator", "denominator", "value", "numerator_cell", "numerator_raw"),
    *("denominator_cell", "denominator_raw", "value_cell", "value_raw", "evidence", "explanation"),
    *("sheet", "file", "archived_as", "arrived_at", "sha256"),
]


def _indicators(month: Month, book: Book) -> pd.DataFrame:
    plan = book.plan
    now = {row["indicator"]: row for row in month.of_period(month.indicators).to_dict(orient="records")}
    before = rows_before(month, plan).set_index("indicator")["result"].to_dict()
    said = remarks(month, plan, book.template, book.wording)
    carried = carried_forward(month)
    group_names = {g.code: g.name for g in plan.groups}
    rows = []
    for indicator in plan.indicators:
        row = now[indicator.code]
        previous = before.get(indicator.code, float("nan"))
        rows.append(
            {
                "group": indicator.group,
                "group_name": group_names[indicator.group],
                "code": indicator.code,
                "name": indicator.name,
                "measure": indicator.measure,
                "target": indicator.target.shown,
                "lead": plan.unit_by_id[indicator.lead].short_name,
                "lead_id": indicator.lead,
                "numerator": row["sum_numerator"],
                "denominator": row["sum_denominator"],
                "month_value": row["value"],
                "previous": previous,
                "change": rules.difference(row["result"], previous),
                "reported_units": book.wording.say("unit_share", sent=row["sent"], owed=row["owed"]),
                "remark": said[indicator.code],
                "entry": indicator.entry,
                "no_path": bool(row["no_path"]),
                "carried": carried[indicator.code].value if indicator.code in carried else float("nan"),
                "carried_from": str(carried[indicator.code].period) if indicator.code in carried else "",
                "bound": targets.aim(indicator.target),
                "present": int(row["state"] in ("reported", "no_activity")),
                "owed": int(row["owed_now"]),
                "earned": row["points"] * row["weight"],
            }
            | {key: row[key] for key in _SAME}
            | {"path": round(row["path"], 1) if indicator.entry == "count" else row["path"]}
        )
    return pd.DataFrame(rows, columns=_INDICATORS)


_SAME = ("result", "attainment", "verdict", "path", "distance", "points", "weight")


def _turns(month: Month, book: Book, earlier: pd.DataFrame | None) -> pd.DataFrame:
    """What has turned since each indicator was last due and, where there is one, since the last issue of
    this month. What is not due now has not turned."""
    now, say = month.of_period(month.indicators), book.wording.say
    due = now[now["verdict"].ne("not_due")]
    before = rows_before(month, book.plan)
    found = [
        turns(before[before["period"].eq(period)], due, book.plan).assign(compared=_since(month, period, say))
        for period in sorted(before["period"].unique(), reverse=True)
    ]
    if earlier is not None:
        found.append(turns(earlier, now, book.plan).assign(compared=say("since_issue")))
    frame = pd.concat(found or [turns(before, now, book.plan).assign(compared="")], ignore_index=True)
    plan, codes = book.plan.indicator_by_code, frame["code"]
    leads = {code: book.plan.unit_by_id[i.lead].short_name for code, i in plan.items()}
    return frame.assign(
        name=codes.map({code: i.name for code, i in plan.items()}),
        lead=codes.map(leads),
        entry=codes.map({code: i.entry for code, i in plan.items()}),
    )


def _since(month: Month, period: str, say: Callable[..., str]) -> str:
    """The name of an earlier period beside which this month is set."""
    then = Period.parse(period)
    return say("since_month") if then == month.period.shift(-1) else say("since_period", period=then.short)


def _voices(month: Month, book: Book) -> pd.DataFrame:
    """What units wrote, the latest text of each unit and section, by section; equal texts once."""
    order = {s.sha256: s.order for s in month.kept.submissions}
    latest = {
        (narrative.section, narrative.unit): clean(narrative.text)
        for narrative in sorted(month.kept.narratives, key=lambda n: order[n.sha256])
    }
    rows = []
    for section in book.template.sections:
        authors: dict[str, list[str]] = {}
        for unit in book.plan.units:
            if (section.code, unit.id) in latest:
                authors.setdefault(latest[section.code, unit.id], []).append(unit.short_name)
        rows += [
            {"section": section.label, "unit": ", ".join(names), "text": text, "period": month.period.short}
            for text, names in authors.items()
        ]
    return pd.DataFrame(rows, columns=_VOICES)


def _register(month: Month, book: Book) -> pd.DataFrame:
    latest = {s.sha256: s for s in month.kept.submissions}
    accepted = month.of_period(month.facts)["unit"].value_counts()
    rows = [
        {
            "unit": line.unit,
            "short_name": book.plan.unit_by_id[line.unit].short_name,
            "name": line.name,
            "receipt": line.receipt,
            "time": line.time,
            "outcome": line.outcome,
            "arrived_at": arrival_text(line.arrived_at, line.arrival_source),
            "arrival_source": _source(line.arrival_source, book.wording),
            "file": line.file,
            "latest_at": _came(latest[line.latest_sha256]) if line.files > 1 else "",
            "latest_file": latest[line.latest_sha256].name if line.files > 1 else "",
            "latest_sha256": line.latest_sha256,
            "errors": line.errors,
            "warnings": line.warnings,
            "rows_accepted": int(accepted.get(line.unit, 0)),
            "rows_owed": len(open_rows(book.plan, line.unit, month.period)),
        }
        for line in month.register
    ]
    return pd.DataFrame(rows, columns=_REGISTER)


def _came(file: Submission) -> str:
    return arrival_text(file.arrived_at, file.arrival_source)


def _source(source: str, wording: Wording) -> str:
    return wording.say(f"arrived_{source}") if source else ""


def _changes(month: Month, book: Book) -> pd.DataFrame:
    """What later files changed, and the rows that they left standing, in a unit's own words."""
    names = {unit.id: unit.short_name for unit in book.plan.units}
    rows = [
        asdict(change)
        | {"unit": names.get(change.unit, change.unit)}
        | {"arrived_at": arrival_text(change.arrived_at, change.arrival_source)}
        | words_of(change, book.wording)
        for change in changes(month.kept, str(month.period), book.plan, book.template)
    ]
    return pd.DataFrame(rows, columns=_CHANGES)


def _facts(month: Month, book: Book) -> pd.DataFrame:
    """The current rows of the period; for a figure of the year so far those of its earlier months too."""
    plan = book.plan
    states = {choice.key: choice.label for choice in book.template.types["state"].choices}
    order = {i.code: place for place, i in enumerate(plan.indicators)}
    flows = {i.code for i in plan.indicators if i.basis == "flow"}
    now = month.facts[month.facts["period"].eq(str(month.period)) | month.facts["indicator"].isin(flows)]
    now = now.sort_values("period", ascending=False, kind="stable")
    now = now.assign(
        state_key=now["state"],
        state=now["state"].map(states),
        unit_id=now["unit"],
        unit=now["unit"].map({u.id: u.short_name for u in plan.units}),
        month=now["period"].str[-2:].astype(int),
        role=_roles(now, book),
        arrived_at=now["sha256"].map({file.sha256: _came(file) for file in month.kept.submissions}),
        order=now["indicator"].map(order),
    )
    return now.sort_values(["order", "unit"], kind="stable", ignore_index=True)[_FACTS]


def _roles(facts: pd.DataFrame, book: Book) -> list[str]:
    """What becomes of each fact: the figure of the lead, added to it, or only held beside it."""
    owed = duties(book.plan)
    keys = zip(owed["unit"], owed["indicator"], strict=True)
    kinds = {
        key: "lead" if lead else "added" if counts else "checked"
        for key, lead, counts in zip(keys, owed["is_lead"], owed["counts"], strict=True)
    }
    said = {kind: book.wording.say(f"role_{kind}") for kind in ("lead", "added", "checked")}
    pairs = zip(facts["unit"], facts["indicator"], strict=True)
    return [said[kinds.get(pair, "checked")] for pair in pairs]


def _history(month: Month, book: Book) -> pd.DataFrame:
    """The scored result of each indicator (rows, in the plan's order) by period (columns)."""
    wide = month.indicators.pivot(index="indicator", columns="period", values="result")
    codes = [indicator.code for indicator in book.plan.indicators]
    return wide.reindex(codes).rename_axis(index="code", columns=None).reset_index()


def _methods(book: Book) -> pd.DataFrame:
    words = method_words(book.plan, book.template, book.wording)
    rows = [{"heading": m.heading, "text": m.text.format(**words)} for m in book.wording.methods]
    return pd.DataFrame(rows, columns=["heading", "text"])
