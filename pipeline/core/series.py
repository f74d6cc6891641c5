"""Doubt figures in the light of the unit's earlier months: pandera checks over rows joined with them."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pipeline.base.finding import Finding
from pipeline.base.sheet import number_text
from pipeline.core.check import Failure, failed_lines, frame_check, schema_failures
from pipeline.core.decisions import Spared
from pipeline.spec.doubts import Doubts
from pipeline.spec.template import Table

TENFOLD, JUMP, FALL, OUTLIER, SAME_FORM = "S03", "S02", "S01", "S05", "S04"
_FIRST_SAID = (TENFOLD, JUMP, FALL, OUTLIER)  # what the rest of them would merely follow from
_MAD_TO_SPREAD = 1.4826  # makes the median absolute deviation a standard deviation for normal data
_FIGURES = ["numerator", "denominator", "figure"]
_DECIMALS = 4


@dataclass(frozen=True)
class Past:
    """What is known when forms of a period are judged.

    `facts` are the current rows (as by `merge.latest`) of the year up to and including the period.
    """

    period: str
    facts: pd.DataFrame
    doubts: Doubts

    @cached_property
    def standing(self) -> Mapping[str, Sequence[Mapping[Hashable, Any]]]:
        """The rows of the period itself, by unit."""
        rows: dict[str, list[Mapping[Hashable, Any]]] = {}
        for row in self.facts[self.facts["period"].eq(self.period)].to_dict(orient="records"):
            rows.setdefault(str(row["unit"]), []).append(row)
        return rows


def with_past(frame: pd.DataFrame, units: Sequence[str], past: Past) -> pd.DataFrame:
    """The frame of `facts.with_results` with what each unit sent before; `units` by number of form.

    Adds `unit`, `last_numerator`, `last_denominator`, `last_figure`, `months` (earlier ones with a
    figure), `median` and `deviation` of their figures, and `remembered`: these very figures were
    explained in an earlier month.
    """
    earlier = past.facts[past.facts["period"].lt(past.period)].sort_values("period", kind="stable")
    earlier = earlier.rename(columns={"indicator": "code", "value": "figure"})
    keys = ["unit", "code"]
    joined = frame.assign(unit=frame["form"].map(dict(enumerate(units))))
    joined = joined.astype({"numerator": float, "denominator": float})
    last = earlier.drop_duplicates(keys, keep="last")[[*keys, *_FIGURES]]
    last = last.rename(columns={name: f"last_{name}" for name in _FIGURES})
    answered = earlier[earlier["explanation"].ne("") & earlier["figure"].notna()]
    answered = answered[[*keys, *_FIGURES]].drop_duplicates().assign(remembered=True)
    joined = joined.merge(last, how="left", on=keys).merge(_usual(earlier), how="left", on=keys)
    joined = joined.merge(answered, how="left", on=[*keys, *_FIGURES])
    return joined.assign(remembered=joined["remembered"].eq(True), months=joined["months"].fillna(0))


def _usual(earlier: pd.DataFrame) -> pd.DataFrame:
    """Median and median absolute deviation of the earlier figures of each unit and indicator."""
    known = earlier[earlier["figure"].notna()]
    keys = [known["unit"], known["code"]]
    median = known["figure"].groupby(keys).transform("median")
    table = known.assign(median=median, deviation=(known["figure"] - median).abs())
    grouped = table.groupby(["unit", "code"])
    return grouped.agg(
        months=("figure", "size"), median=("median", "first"), deviation=("deviation", "median")
    ).reset_index()


def doubtful(
    frame: pd.DataFrame, table: Table, doubts: Doubts, spared: Sequence[Spared]
) -> Iterator[tuple[int, Finding]]:
    """The doubts about rows of `with_past` that are not held, one a row, with the number of the form.

    An explained row is not asked about, nor are figures that were explained before.
    """
    asked = frame[~frame["held"] & frame["explanation_text"].eq("") & ~frame["remembered"]]
    failures = schema_failures(asked, series_schema(doubts))
    lines = failed_lines(asked, failures)
    said: dict[int, Failure] = {}
    for failure in failures:
        line = lines[failure.index]
        if spared[line["form"]].waives(failure.code, str(line["code"])):
            continue
        best = said.get(failure.index, failure)
        said[failure.index] = min(best, failure, key=lambda f: _FIRST_SAID.index(f.code))
    for failure in said.values():
        line = lines[failure.index]
        yield line["form"], _finding(line, failure, table)
    yield from _last_months_forms(asked, doubts, spared)


def series_schema(doubts: Doubts) -> pa.DataFrameSchema:
    """The checks against earlier months; their names are `column:code`."""
    return pa.DataFrameSchema(
        checks=[
            *(_tenfold(part, doubts) for part in _FIGURES),
            frame_check(lambda frame: _denominator_is_steady(frame, doubts), f"denominator:{JUMP}"),
            frame_check(lambda frame: _does_not_fall(frame, "numerator", of_ratio=True), f"numerator:{FALL}"),
            frame_check(lambda frame: _does_not_fall(frame, "figure", of_ratio=False), f"figure:{FALL}"),
            frame_check(lambda frame: _is_usual(frame, doubts), f"figure:{OUTLIER}"),
        ]
    )


def _tenfold(part: str, doubts: Doubts) -> pa.Check:
    low, high = 10 * (1 - doubts.tenfold_share), 10 * (1 + doubts.tenfold_share)

    def holds(frame: pd.DataFrame) -> pd.Series:
        now, last = frame[part].astype(float), frame[f"last_{part}"]
        large = pd.concat([now, last], axis=1).max(axis=1)
        small = pd.concat([now, last], axis=1).min(axis=1, skipna=False)
        looks_tenfold = (large / small.where(small.gt(0))).between(low, high)
        counted = frame["entry"].eq("ratio") if part != "figure" else ~frame["entry"].eq("ratio")
        return ~(looks_tenfold & large.ge(doubts.tenfold_from) & counted)

    return frame_check(holds, f"{part}:{TENFOLD}")


def _denominator_is_steady(frame: pd.DataFrame, doubts: Doubts) -> pd.Series:
    last = frame["last_denominator"].where(frame["last_denominator"].gt(0))
    moved = (frame["denominator"] - last).abs() / last
    return ~(frame["basis"].eq("stock") & moved.gt(doubts.denominator_share))


def _does_not_fall(frame: pd.DataFrame, part: str, of_ratio: bool) -> pd.Series:
    """A state of things that goes back. Year-to-date figures have a rule on the form; what has to stay
    below its target may well fall."""
    meant = frame["basis"].eq("stock") & frame["target_kind"].ne("at_most")
    meant &= frame["entry"].eq("ratio").eq(of_ratio)
    return ~(meant & frame[part].astype(float).lt(frame[f"last_{part}"]))


def _is_usual(frame: pd.DataFrame, doubts: Doubts) -> pd.Series:
    """Iglewicz and Hoaglin's robust outlier, with a floor so that a constant series allows a change."""
    floor = doubts.outlier_floor * frame["median"].abs()
    spread = (_MAD_TO_SPREAD * frame["deviation"]).clip(lower=floor)
    far = (frame["figure"] - frame["median"]).abs().gt(doubts.outlier_spreads * spread)
    known = frame["months"].ge(doubts.outlier_months) & frame["basis"].ne("year_to_date")
    return ~(far & known & frame["entry"].ne("yes_no"))


def _last_months_forms(
    asked: pd.DataFrame, doubts: Doubts, spared: Sequence[Spared]
) -> Iterator[tuple[int, Finding]]:
    """Forms whose every figure equals last month's: probably last month's form, sent again."""
    compared = asked[asked["figure"].notna() & asked["last_figure"].notna()]
    same = pd.concat(
        [compared[p].eq(compared[f"last_{p}"]) | compared[p].isna() for p in _FIGURES], axis=1
    ).all(axis=1)
    for form, part in same.groupby(compared["form"]):
        number = int(str(form))
        if len(part) >= doubts.same_figures and part.all() and not spared[number].waives(SAME_FORM, ""):
            yield number, Finding(SAME_FORM, values={"count": str(len(part))})


def _finding(line: Mapping[Hashable, Any], failure: Failure, table: Table) -> Finding:
    columns = _columns(line, failure.column)
    figure = float(line[failure.column])
    return Finding(
        code=failure.code,
        sheet=str(line["sheet"]),
        cells=tuple(str(cell) for c in columns if (cell := line[f"{c}_cell"])),
        row_code=str(line["code"]),
        label=", ".join(table.column_by_key[c].label for c in columns),
        found=number_text(round(figure, _DECIMALS)),
        values={
            "previous": _said(line[f"last_{failure.column}"]),
            "usual": _said(line["median"]),
            "months": str(int(line["months"])),
        },
    )


def _columns(line: Mapping[Hashable, Any], part: str) -> tuple[str, ...]:
    """The entry columns that a figure stands in."""
    if part != "figure":
        return (part,)
    if line["entry"] != "ratio":
        return ("result",)
    return ("numerator", "denominator") if line["numerator_text"] else ("rate",)


def _said(number: float) -> str:
    return "" if number != number else number_text(round(float(number), _DECIMALS))
