"""Chapter III of the report: what the figures show to be good or lacking, and the reasons units gave."""

from collections.abc import Sequence

from pipeline.core.form_content import value_text
from pipeline.core.report.results import Move, indicator_name, monthly_moves, slow_tasks, unassigned_tasks
from pipeline.core.report.sources import LAGGING, WITHOUT, Sources
from pipeline.core.report.submission import lapses
from pipeline.core.report.voices import written_in
from pipeline.core.report.written import number, step
from pipeline.core.rows import Row, rows_of

_MOST = 3
_REACHED = ("met", "on_track")


def strengths(src: Sources) -> tuple[str, ...]:
    """What was reached, what came nearest to its target, and who was on time."""
    say, page = src.words.say, src.overview
    reached = sum(page.verdict_counts[verdict] for verdict in _REACHED)
    lines = []
    if reached:
        lines.append(src.item(say("reached", reached=reached, reported=page.total.reported)))
    lines += _risers(src)
    if page.units_on_time:
        on_time = say("on_time", on_time=page.units_on_time, expected=page.units_expected)
        lines.append(src.item(on_time))
    return tuple(lines) or (say("no_strengths"),)


def shortfalls(src: Sources) -> tuple[str, ...]:
    """What lags, fell, is missing or held back; who was late; which tasks are slow or nobody's."""
    lines = [
        *_parts(src, LAGGING),
        *_farthest(src),
        *_fallers(src),
        *_parts(src, WITHOUT),
        *map(src.item, (*_held(src), *lapses(src), *_tasks(src))),
    ]
    return tuple(lines) or (src.words.say("no_shortfalls"),)


def causes(src: Sources) -> tuple[str, ...]:
    """The reasons that units gave for missing figures, in their words, and a place for the officer's."""
    lines = [_reason(src, row) for row in _without_data(src)]
    if written_in(src, "KK"):
        lines.append(src.words.say("see_obstacles"))
    return (*map(src.item, lines), src.words.say("fill_causes"))


# --- what is good ---------------------------------------------------------------------------------


def _risers(src: Sources) -> list[str]:
    """What rose most; of what has to stay below its target, what fell most."""
    good = [m for m in monthly_moves(src) if m.by and not m.is_worse and m.indicator.is_percentage]
    good.sort(key=lambda move: -abs(move.by))
    rises, falls = ([m for m in good if (m.by > 0) == up][:_MOST] for up in (True, False))
    say, before = src.words.say, src.before
    return [
        *_moved(src, say("risers", before=before), "riser", rises),
        *_moved(src, say("good_falls", before=before), "faller", falls),
    ]


def _moved(src: Sources, head: str, key: str, found: Sequence[Move]) -> list[str]:
    """A heading with a line for each move, or nothing."""
    lines = [
        src.inner(
            src.words.say(
                key,
                name=move.indicator.name.rstrip(". "),
                code=move.indicator.code,
                by=step(move.indicator, move.by, src.words),
            )
        )
        for move in found
    ]
    return [src.item(head), *lines] if lines else []


# --- what is lacking ------------------------------------------------------------------------------


def _parts(src: Sources, verdicts: Sequence[str]) -> list[str]:
    parts = src.verdict_parts(src.indicators, verdicts)
    return [src.item(src.words.say("lagging", parts=parts))] if parts else []


def _farthest(src: Sources) -> list[str]:
    """The indicators behind that have come least far, by the share of the target they have reached."""
    behind = [row for row in src.indicators if row["verdict"] == "behind"]
    behind.sort(key=lambda row: row["attainment"])
    lines = [src.inner(_attained(src, row)) for row in behind[:_MOST]]
    return [src.item(src.words.say("farthest")), *lines] if lines else []


def _attained(src: Sources, row: Row) -> str:
    name, code = indicator_name(row), row["code"]
    if row["entry"] == "yes_no":
        indicator = src.book.plan.indicator_by_code[code]
        figure = value_text(indicator, src.book.template, row["result"])
        return src.words.say("not_yet", name=name, code=code, figure=figure)
    indicator = src.book.plan.indicator_by_code[code]
    if indicator.target.kind == "at_most":
        by = step(indicator, row["distance"], src.words)
        return src.words.say("exceeds", name=name, code=code, by=by)
    return src.words.say("attained", name=name, code=code, attainment=number(row["attainment"], 1))


def _fallers(src: Sources) -> list[str]:
    """What fell, and what rose though it has to stay below its target."""
    worse = [move for move in monthly_moves(src) if move.is_worse]
    falls, rises = ([m for m in worse if (m.by > 0) == up] for up in (False, True))
    say, before = src.words.say, src.before
    return [
        *_moved(src, say("fallers", count=len(falls), before=before), "faller", falls),
        *_moved(src, say("bad_rises", count=len(rises), before=before), "riser", rises),
    ]


def _held(src: Sources) -> list[str]:
    held = int(src.pages.frames["units"]["held"].sum())
    return [src.words.say("held", count=held)] if held else []


def _tasks(src: Sources) -> list[str]:
    counts = {"slow_tasks": len(slow_tasks(src)), "loose_tasks": len(unassigned_tasks(src))}
    return [src.words.say(key, count=count) for key, count in counts.items() if count]


# --- reasons --------------------------------------------------------------------------------------


def _without_data(src: Sources) -> list[Row]:
    """The rows of this month in which a unit says that it has no figure, with its reason."""
    choices = src.book.template.types["state"].choices
    label = next(choice.label for choice in choices if choice.key == "no_data")
    return [
        row
        for row in rows_of(src.pages.frames["facts"])
        if row["period"] == str(src.month.period) and row["state"] == label and row["explanation"]
    ]


def _reason(src: Sources, row: Row) -> str:
    indicator = src.book.plan.indicator_by_code[row["indicator"]]
    return src.words.say(
        "reason",
        name=indicator.name.rstrip(". "),
        code=indicator.code,
        unit=src.full_name(row["unit"]),
        reason=row["explanation"],
    )
