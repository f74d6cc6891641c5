"""The appendices of the report: indicators, tasks, and who has sent, as rows of finished texts."""

from itertools import groupby

from pipeline.core.form_content import value_text
from pipeline.core.report.sources import Sources
from pipeline.core.report.written import decimals_of, fixed
from pipeline.core.rows import Row, rows_of
from pipeline.spec.plan import Indicator
from pipeline.spec.report import IndicatorGroup, IndicatorRow, SubmissionRow, TaskGroup, TaskRow


def indicator_groups(src: Sources) -> tuple[IndicatorGroup, ...]:
    """All indicators of the plan, by group."""
    return tuple(
        IndicatorGroup(
            src.words.say("appendix_group", code=group.code, name=group.name),
            tuple(_indicator(src, row) for row in src.indicators if row["group"] == group.code),
        )
        for group in src.overview.groups
    )


def notes(src: Sources) -> tuple[str, ...]:
    """How the figures of the indicators are to be read."""
    plan, say = src.book.plan, src.words.say
    listed = len(plan.indicators)
    lines = [say("note_figures"), say("note_no_path", year=plan.year - 1)]
    if plan.declared_indicators != listed:
        lines.append(say("note_declared", declared=plan.declared_indicators, listed=listed))
    return tuple(map(src.item, lines))


def task_groups(src: Sources) -> tuple[TaskGroup, ...]:
    """The tasks by section of the plan, those of the units' own last."""
    rows = rows_of(src.pages.frames["tasks"])
    return tuple(
        TaskGroup(section or src.words.say("own_section"), tuple(_task(src, row) for row in part))
        for section, part in groupby(rows, key=lambda row: str(row["section"]))
    )


def submissions(src: Sources) -> tuple[SubmissionRow, ...]:
    """One row for each unit of the register."""
    rows = rows_of(src.pages.frames["register"])
    return tuple(_submission(src, place, row) for place, row in enumerate(rows, start=1))


def _indicator(src: Sources, row: Row) -> IndicatorRow:
    indicator = src.book.plan.indicator_by_code[row["code"]]
    remark = [row["reported_units"], row["remark"]]
    return IndicatorRow(
        code=row["code"],
        name=row["name"],
        lead=src.full_name(row["lead"]),
        target=row["target"],
        numerator=_or_absent(src, row["numerator"], 0),
        denominator=_or_absent(src, row["denominator"], 0),
        result=_result(src, indicator, row["result"]),
        previous=_result(src, indicator, row["previous"]),
        attainment=_or_absent(src, row["attainment"], 1),
        verdict=src.labels[f"verdict.{row['verdict']}"],
        remark=". ".join(str(part) for part in remark if part),
    )


def _result(src: Sources, indicator: Indicator, value: float) -> str:
    if indicator.entry == "yes_no" and value == value:
        return value_text(indicator, src.book.template, value)
    return _or_absent(src, value, decimals_of(indicator))


def _or_absent(src: Sources, value: float, decimals: int) -> str:
    return fixed(value, decimals) if value == value else src.words.say("absent")


def _task(src: Sources, row: Row) -> TaskRow:
    unit, responsibility = src.full_name(row["unit"]), row["responsibility"]
    if responsibility and responsibility != unit:
        unit = src.words.say("responsible", unit=unit, responsibility=responsibility)
    progress = row["progress"]
    return TaskRow(
        code=row["code"],
        work=row["work"],
        unit=unit,
        person=row["person"],
        time=row["time"],
        product=row["product"],
        authority=row["authority"],
        progress=src.words.say("absent") if progress is None or progress != progress else fixed(progress, 0),
        state=row["state"] or src.words.say("absent"),
        document=". ".join(part for part in (row["date_done"], row["document"]) if part),
    )


def _submission(src: Sources, place: int, row: Row) -> SubmissionRow:
    def label(kind: str) -> str:
        return src.labels[f"{kind}.{row[kind]}"] if row[kind] else src.words.say("absent")

    sent = bool(row["arrived_at"])
    return SubmissionRow(
        number=str(place),
        unit=row["name"],
        receipt=label("receipt"),
        time=label("time"),
        outcome=label("outcome"),
        arrived=row["arrived_at"] or src.words.say("absent"),
        resent=row["latest_at"] or src.words.say("absent"),
        rows=src.words.say("rows", accepted=row["rows_accepted"], owed=row["rows_owed"]),
        errors=str(row["errors"]) if sent else src.words.say("absent"),
        warnings=str(row["warnings"]) if sent else src.words.say("absent"),
    )
