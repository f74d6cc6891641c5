"""Chapter II of the report: the plan as a whole, group by group, indicator by indicator, and the tasks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.earlier import period_before, rows_before
from pipeline.core.form_content import value_text
from pipeline.core.remarks import is_comparable
from pipeline.core.report.sources import LAGGING, Sources
from pipeline.core.report.written import decimals_of, figure, month_number, number, rounded, step
from pipeline.core.rows import Row, rows_of
from pipeline.core.tasks import slow_states
from pipeline.spec.plan import Indicator
from pipeline.spec.report import ResultGroup, Verdicts
from pipeline.spec.report_words import VERDICTS
from pipeline.spec.tables import GroupFigures

_LETTERS = "abcdđeghiklmnopqrstuvxy"  # of the Vietnamese alphabet, without those that carry signs
_MOST_NAMED = 8


@dataclass(frozen=True)
class Move:
    """An indicator that can be compared with when it was last due; `by` is 0 where nothing changed."""

    indicator: Indicator
    by: float

    @property
    def is_worse(self) -> bool:
        """Whether it moved away from its target."""
        return self.by > 0 if self.indicator.target.kind == "at_most" else self.by < 0


def moves(src: Sources) -> tuple[Move, ...]:
    """The indicators with figures of both periods, over the same number of units, in the plan's order."""
    found, comparable = [], _comparable(src)
    for row in src.indicators:
        indicator = src.book.plan.indicator_by_code[row["code"]]
        if row["change"] == row["change"] and indicator.entry != "yes_no" and indicator.code in comparable:
            found.append(Move(indicator, rounded(row["change"], decimals_of(indicator))))
    return tuple(found)


def monthly_moves(src: Sources) -> tuple[Move, ...]:
    """Those that can be compared with the month before."""
    last = src.month.period.shift(-1)
    return tuple(move for move in moves(src) if period_before(move.indicator, src.month.period) == last)


def overall(src: Sources) -> tuple[str, ...]:
    """Verdicts, means, and what has changed since the month before."""
    say, total = src.words.say, src.overview.total
    lines = [say("verdicts", listed=total.listed, parts=src.verdict_parts(src.indicators)), _mean(src)]
    return tuple(line for line in [*lines, _trend(src), _moves(src)] if line)


def groups(src: Sources) -> tuple[ResultGroup, ...]:
    """Each group that has indicators, with a line for every one of them, the best first."""
    named = [group for group in src.overview.groups if group.listed]
    by_code = {move.indicator.code: move for move in moves(src)}
    return tuple(
        ResultGroup(
            _group_heading(src, _letter(place), group),
            _verdicts(src, [r for r in src.indicators if r["group"] == group.code], by_code),
        )
        for place, group in enumerate(named)
    )


def tasks(src: Sources) -> tuple[str, ...]:
    """How the tasks stand, which are slow, and which nobody has."""
    rows, own = _task_rows(src)
    say = src.words.say
    lines = [say("tasks", count=len(rows), parts=_task_parts(src, rows))] if rows else []
    lines += [say("own_tasks", count=len(own), parts=_task_parts(src, own))] if own else []
    lines += [src.item(_slow_task(src, row)) for row in slow_tasks(src)]
    loose = [str(row["code"]) for row in unassigned_tasks(src)]
    lines += [say("unassigned", count=len(loose), codes=", ".join(loose))] if loose else []
    return tuple(lines) or (say("no_tasks"),)


def slow_tasks(src: Sources) -> list[Row]:
    """The tasks that are overdue or behind."""
    slow = slow_states(src.book.template)
    return [row for row in rows_of(src.pages.frames["tasks"]) if row["state"] in slow]


def unassigned_tasks(src: Sources) -> list[Row]:
    """The plan's tasks that no unit leads."""
    return [row for row in _task_rows(src)[0] if row["unit"] == src.book.wording.say("unassigned")]


def indicator_name(row: Row) -> str:
    """The name inside a sentence: without the full stop that the plan's table prints after some."""
    return str(row["name"]).rstrip(". ")


# --- the plan as a whole --------------------------------------------------------------------------


def _mean(src: Sources) -> str:
    total = src.overview.total
    owed = total.reported + total.missing
    if not total.enough or total.mean_reported is None or total.mean_with_missing is None:
        return src.words.say("not_enough", reported=total.reported, owed=owed)
    return src.words.say(
        "mean",
        mean=number(total.mean_reported, 1),
        with_missing=number(total.mean_with_missing, 1),
        reported=total.reported,
        owed=owed,
    )


def _trend(src: Sources) -> str:
    """The mean beside that of the month before, where both months have one."""
    means = [mean for _, mean, _ in src.overview.trend[-2:]]
    if len(means) < 2 or means[0] is None or means[1] is None or not src.overview.total.enough:
        return ""
    then, now = rounded(means[0], 1), rounded(means[1], 1)
    key = "trend_up" if now > then else "trend_down" if now < then else "trend_same"
    return src.words.say(key, before=src.before, then=number(then, 1), now=number(now, 1))


def _moves(src: Sources) -> str:
    compared = monthly_moves(src)
    counts = {
        "moves_up": sum(move.by > 0 for move in compared),
        "moves_down": sum(move.by < 0 for move in compared),
        "moves_same": sum(move.by == 0 for move in compared),
    }
    parts = src.enumerated([src.words.say(key, count=count) for key, count in counts.items() if count])
    return src.words.say("moves", compared=len(compared), before=src.before, parts=parts) if compared else ""


def _comparable(src: Sources) -> set[str]:
    """The codes of the indicators that as many units have reported as when they were last due."""
    before = {row["indicator"]: row["sent"] for row in rows_of(rows_before(src.month, src.book.plan))}
    now = rows_of(src.month.of_period(src.month.indicators))
    return {r["indicator"] for r in now if is_comparable(r["owed"], r["sent"], before.get(r["indicator"]))}


# --- group by group -------------------------------------------------------------------------------


def _letter(place: int) -> str:
    """a, b, c, d, đ …; after y it goes on with numbers."""
    return _LETTERS[place] if place < len(_LETTERS) else str(place + 1)


def _group_heading(src: Sources, letter: str, group: GroupFigures) -> str:
    rows = [row for row in src.indicators if row["group"] == group.code]
    mean = ""
    if group.enough and group.mean_reported is not None:
        mean = src.words.say("group_mean", mean=number(group.mean_reported, 1))
    counts = Counter(row["verdict"] for row in rows)
    parts = ", ".join(
        src.words.say("group_part", count=counts[v], verdict=src.labels[f"verdict.{v}"].lower())
        for v in VERDICTS
        if counts[v]
    )
    return src.words.say("group", letter=letter, name=group.name, listed=group.listed, parts=parts, mean=mean)


def _verdicts(src: Sources, rows: Sequence[Row], by_code: dict[str, Move]) -> tuple[Verdicts, ...]:
    alike = [(verdict, [row for row in rows if row["verdict"] == verdict]) for verdict in VERDICTS]
    return tuple(_alike(src, verdict, part, by_code) for verdict, part in alike if part)


def _alike(src: Sources, verdict: str, rows: Sequence[Row], by_code: dict[str, Move]) -> Verdicts:
    """A line for each indicator that lags; the others in one sentence, of many only the codes."""
    title = src.words.say(f"title_{verdict}", count=len(rows))
    if verdict in LAGGING:
        return Verdicts(
            title, "", tuple(src.item(_lagging(src, row, by_code.get(row["code"]))) for row in rows)
        )
    if len(rows) > _MOST_NAMED:
        codes = ", ".join(row["code"] for row in rows)
        return Verdicts(title, src.words.say("listed_codes", codes=codes), ())
    items = "; ".join(_briefly(src, row) for row in rows)
    return Verdicts(title, src.words.say("listed", items=items), ())


def _briefly(src: Sources, row: Row) -> str:
    name, code, lead = indicator_name(row), row["code"], src.full_name(row["lead"])
    if row["result"] != row["result"]:
        return src.words.say("no_result", name=name, code=code, lead=lead)
    indicator = src.book.plan.indicator_by_code[code]
    return src.words.say(
        "result", name=name, code=code, figure=_figure(src, indicator, row), target=_target(row)
    )


def _lagging(src: Sources, row: Row, move: Move | None) -> str:
    indicator = src.book.plan.indicator_by_code[row["code"]]
    return src.words.say(
        "result_lagging",
        name=indicator_name(row),
        code=row["code"],
        figure=_figure(src, indicator, row),
        change=_change(src, row, move),
        target=_target(row),
        gap=_gap(src, indicator, row["distance"]),
        lead=src.full_name(row["lead"]),
    )


def _target(row: Row) -> str:
    """The sign never ends a line."""
    return str(row["target"]).replace("≥ ", "≥\u00a0")


def _figure(src: Sources, indicator: Indicator, row: Row) -> str:
    if indicator.entry == "yes_no":
        return value_text(indicator, src.book.template, row["result"])
    shown = figure(indicator, row["result"], src.words)
    if indicator.basis != "flow" or row["month_value"] != row["month_value"]:
        return shown
    month = src.words.say("month", month=month_number(src.month.period.month))
    value = figure(indicator, row["month_value"], src.words)
    return src.words.say("year_so_far", result=shown, month=month, value=value)


def _change(src: Sources, row: Row, move: Move | None) -> str:
    before = src.before_of(src.book.plan.indicator_by_code[row["code"]])
    if move is None:
        odd = row["change"] == row["change"] and row["entry"] != "yes_no"
        return src.words.say("not_comparable", before=before) if odd else ""
    if not move.by:
        return src.words.say("change_same", before=before)
    key = "change_up" if move.by > 0 else "change_down"
    return src.words.say(key, by=step(move.indicator, move.by, src.words), before=before)


def _gap(src: Sources, indicator: Indicator, distance: float) -> str:
    if distance != distance or not rounded(distance, decimals_of(indicator)):
        return ""
    key = "gap_over" if indicator.target.kind == "at_most" else "gap"
    return src.words.say(key, by=step(indicator, distance, src.words))


# --- tasks ----------------------------------------------------------------------------------------


def _task_rows(src: Sources) -> tuple[list[Row], list[Row]]:
    """The plan's tasks, and those of the units' own."""
    planned = {task.code for task in src.book.plan.tasks}
    rows = rows_of(src.pages.frames["tasks"])
    return [r for r in rows if r["code"] in planned], [r for r in rows if r["code"] not in planned]


def _task_parts(src: Sources, rows: Sequence[Row]) -> str:
    counts = Counter(row["state"] for row in rows)
    states = {choice.label: choice.label.lower() for choice in src.book.template.types["task_state"].choices}
    states[""] = src.words.say("task_unreported")
    parts = [
        src.words.say("task_part", count=counts[key], state=states[key]) for key in states if counts[key]
    ]
    return "; ".join(parts)


def _slow_task(src: Sources, row: Row) -> str:
    progress = row["progress"]
    known = progress is not None and progress == progress
    return src.words.say(
        "slow_task",
        work=str(row["work"]).rstrip(". "),
        code=row["code"],
        unit=src.full_name(row["unit"]),
        state=str(row["state"]).lower(),
        progress=src.words.say("task_progress", progress=number(progress, 0)) if known else "",
    )
