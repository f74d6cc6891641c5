"""Ranks and their range: by hand, and against a plain recomputation of every scenario."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.grading import Grounds, graded, rounded
from pipeline.core.ranking import ranks
from pipeline.spec.plan import Plan, ScorecardWeights
from tests.forms import PLAN

# for each unit: points by indicator (None where nothing is owed), timeliness, worth of its rows
Unit = tuple[Sequence[float | None], float | None, Sequence[float | None]]


def grounds(units: Mapping[str, Unit], weights: Sequence[float] = ()) -> Grounds:
    width = len(next(iter(units.values()))[0])
    codes = [f"V.{n}" for n in range(1, width + 1)]
    of = weights or [1.0] * width

    def frame(rows: list[list[float | None]]) -> pd.DataFrame:
        return pd.DataFrame(rows, index=list(units), columns=codes, dtype=float)

    return Grounds(
        frame([[0.0 if p is None else w for p, w in zip(u[0], of, strict=True)] for u in units.values()]),
        frame([[p or 0.0 for p in u[0]] for u in units.values()]),
        frame([list(u[2]) for u in units.values()]),
        pd.Series({name: unit[1] for name, unit in units.items()}, dtype=float),
    )


def shown(found: pd.DataFrame, kind: str) -> dict[str, tuple[float, float] | None]:
    pairs = zip(found.index, found[f"{kind}_first"], found[f"{kind}_last"], strict=True)
    return {str(unit): None if first != first else (first, last) for unit, first, last in pairs}


def weighing(results: float, timeliness: float, quality: float, shift: float = 0.25) -> Plan:
    card = ScorecardWeights(results, timeliness, quality)
    ranking = replace(PLAN.scoring.ranking, weight_shift=shift)
    return replace(PLAN, scoring=replace(PLAN.scoring, scorecard=card, ranking=ranking))


# --- by hand --------------------------------------------------------------------------------------


def test_the_order_goes_by_the_total() -> None:
    """80 · 90 + 10 · 100 + 10 · 100 = 92; 80 · 95 + 10 · 50 + 10 · 100 = 91; 80 · 50 + 20 · 100 = 60."""
    found = ranks(grounds({"A": ([90], 100, [100]), "B": ([95], 50, [100]), "C": ([50], 100, [100])}), PLAN)
    assert shown(found, "rank") == {"A": (1, 1), "B": (2, 2), "C": (3, 3)}


def test_a_close_order_is_said_to_be_close() -> None:
    """A leads B by one point through its timeliness alone: B needs 4 points of results more than A gives.
    With timeliness at 7.5 and results at 100, B's 5 points of results weigh 5, A's 50 of timeliness 3.75."""
    found = ranks(grounds({"A": ([90], 100, [100]), "B": ([95], 50, [100]), "C": ([50], 100, [100])}), PLAN)
    assert shown(found, "range") == {"A": (1, 2), "B": (1, 2), "C": (3, 3)}
    still = ranks(grounds({"A": ([90], 100, [100]), "B": ([95], 50, [100])}), weighing(80, 10, 10, 0.1))
    assert shown(still, "range") == {"A": (1, 1), "B": (2, 2)}  # 88 · 5 < 9 · 50


def test_one_indicator_can_make_the_order() -> None:
    """B is ahead by V.2 alone: without it A is; a quarter more or less weight changes nothing."""
    units: dict[str, Unit] = {"A": ([90, 0], 100, [100, 100]), "B": ([80, 40], 100, [100, 100])}
    found = ranks(grounds(units), PLAN)
    assert shown(found, "rank") == {"A": (2, 2), "B": (1, 1)}
    assert shown(found, "range") == {"A": (1, 2), "B": (1, 2)}


def test_the_only_indicator_of_a_unit_stays() -> None:
    """Nobody falls out of the order because his one indicator is left out; his quality stays as well."""
    units: dict[str, Unit] = {"A": ([90, None], 100, [100, None]), "B": ([80, 70], 100, [100, 100])}
    found = ranks(grounds(units), PLAN)
    assert shown(found, "range") == {"A": (1, 1), "B": (2, 2)}


def test_a_weight_that_moves_by_a_quarter_can_make_the_order() -> None:
    """(100 + 0) / 2 and (0 + 99) / 2: with V.1 at 0.75, (75 + 0) / 1.75 < 99 / 1.75."""
    units: dict[str, Unit] = {
        "A": ([100, 0, 50], 100, [100] * 3),
        "B": ([0, 99, 50], 100, [100] * 3),
    }
    found = ranks(grounds(units), weighing(100, 0, 0))
    assert shown(found, "rank") == {"A": (1, 1), "B": (2, 2)}
    assert shown(found, "range") == {"A": (1, 2), "B": (1, 2)}


def test_ties_are_ties_as_they_are_shown() -> None:
    """91.0 and 91.04 are both shown as 91.0; 90.9 is not."""
    units: dict[str, Unit] = {
        "A": ([91.0], 100, [100]),
        "B": ([91.04], 100, [100]),
        "C": ([90.9], 100, [100]),
    }
    found = ranks(grounds(units), weighing(100, 0, 0))
    assert shown(found, "rank") == {"A": (1, 2), "B": (1, 2), "C": (3, 3)}
    assert shown(found, "range") == {"A": (1, 2), "B": (1, 2), "C": (3, 3)}


def test_all_alike_share_all_places() -> None:
    found = ranks(grounds({name: ([0], 0, [0]) for name in "ABC"}), PLAN)
    assert set(shown(found, "rank").values()) == set(shown(found, "range").values()) == {(1, 3)}


def test_whoever_owes_no_result_is_not_ranked() -> None:
    found = ranks(grounds({"A": ([50], 100, [100]), "B": ([None], 100, [100])}), PLAN)
    assert shown(found, "rank") == {"A": (1, 1), "B": None}


def test_nobody_is_ranked_before_all_can_be_graded() -> None:
    found = ranks(grounds({"A": ([50], 100, [100]), "B": ([60], None, [100])}), PLAN)
    assert shown(found, "rank") == shown(found, "range") == {"A": None, "B": None}


@pytest.mark.parametrize(
    ("total", "decimals", "expected"),
    [(93.25, 1, 93.3), (93.25 - 1e-12, 1, 93.3), (93.2499, 1, 93.2), (0.5, 0, 1)],
)
def test_halves_are_rounded_up_as_excel_shows_them(total: float, decimals: int, expected: float) -> None:
    assert rounded(pd.Series([total]), decimals).tolist() == [expected]


# --- against a plain recomputation ----------------------------------------------------------------


def plain(some: Grounds, plan: Plan) -> dict[str, tuple[float, float] | None]:
    """The range of every unit, each scenario computed from its start, one unit at a time."""
    lists = [
        some.weights.to_numpy().tolist(),
        some.points.to_numpy().tolist(),
        some.worth.to_numpy().tolist(),
    ]
    units = list(zip(*lists, some.timeliness.tolist(), strict=True))
    ranked = [place for place, unit in enumerate(units) if sum(unit[0]) > 0]
    found: dict[int, list[tuple[int, int]]] = {place: [] for place in ranked}
    for results, timeliness, quality, factor in scenarios(plan, some.weights.shape[1]):
        totals = {}
        for place in ranked:
            weights, points, worth, time = units[place]
            moved = [w * f for w, f in zip(weights, factor, strict=True)]
            if not sum(moved):
                moved = weights
            rows = [x for x, f in zip(worth, factor, strict=True) if x == x and f]
            rows = rows or [x for x in worth if x == x]
            parts = [(sum(w * p for w, p in zip(moved, points, strict=True)) / sum(moved), results)]
            parts += [(time, timeliness), *([(sum(rows) / len(rows), quality)] if rows else [])]
            total = sum(value * weight for value, weight in parts) / sum(weight for _, weight in parts)
            totals[place] = int(total * 10 + 0.5 + 1e-9)
        for place, total in totals.items():
            above = sum(other > total for other in totals.values())
            equal = sum(other == total for other in totals.values())
            found[place].append((above + 1, above + equal))
    names = list(some.weights.index)
    ends = {n: (min(a for a, _ in found[n]), max(b for _, b in found[n])) for n in ranked}
    return {str(name): ends.get(place) for place, name in enumerate(names)}


def scenarios(plan: Plan, width: int) -> Iterator[tuple[float, float, float, list[float]]]:
    card, shift = plan.scoring.scorecard, plan.scoring.ranking.weight_shift
    three, same = (1 - shift, 1.0, 1 + shift), [1.0] * width
    for a in three:
        for b in three:
            for c in three:
                yield card.results * a, card.timeliness * b, card.quality * c, same
    for place in range(width):
        for factor in (1 - shift, 1 + shift, 0.0):
            moved = [factor if n == place else 1.0 for n in range(width)]
            yield card.results, card.timeliness, card.quality, moved


POINTS = st.none() | st.sampled_from([0.0, 50.0, 80.0, 90.0, 100.0])
UNIT = st.tuples(
    st.lists(POINTS, min_size=4, max_size=4),
    st.sampled_from([0.0, 50.0, 100.0]),
    st.lists(st.none() | st.sampled_from([0.0, 50.0, 100.0]), min_size=4, max_size=4),
)


@settings(max_examples=40)
@given(
    st.lists(UNIT, min_size=1, max_size=5),
    st.lists(st.sampled_from([1.0, 2.0, 0.5]), min_size=4, max_size=4),
)
def test_every_scenario_is_taken(units: list[Unit], weights: list[float]) -> None:
    some = grounds({f"U{n}": unit for n, unit in enumerate(units)}, weights)
    found = ranks(some, PLAN)
    assert shown(found, "range") == plain(some, PLAN)
    base = graded(some, PLAN.scoring.scorecard)
    for unit, places in shown(found, "rank").items():
        assert (places is None) is bool(base["results"].isna()[unit])
        if places is not None:
            ends = shown(found, "range")[unit]
            assert ends is not None
            assert ends[0] <= places[0] <= places[1] <= ends[1]
