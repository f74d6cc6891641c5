"""Figures beside the unit's earlier months: what is asked about, once, and what is left alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import pytest

from pipeline.base.finding import Finding
from pipeline.base.record import Fact
from pipeline.core.decisions import Spared
from pipeline.core.intake import Judgement, Returned, judge
from pipeline.core.series import Past
from pipeline.edges.reading.workbook import read_workbook
from tests.forms import MESSAGES, PLAN, TEMPLATE, cell_of, filled, issued, load, write
from tests.sent import Sent, counts, current, figure, sent

MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10")


def past(*files: Sent) -> Past:
    return Past("2026-11", current(*files), PLAN.doubts)


def judged(unit: str, earlier: Sequence[Sent], spared: Spared | None = None, **rows: object) -> Judgement:
    """The judgement on a legal form in which `V_20=(10, 40)` or `V_1=0.5` stands, and an explanation if a
    third value is given."""
    content = issued(unit)
    changed: dict[str, dict[str, Any]] = {}
    for name, figures in rows.items():
        values = figures if isinstance(figures, tuple) else (figures,)
        keys = ("numerator", "denominator", "explanation") if len(values) > 1 else ("result",)
        changed[name.replace("_", ".")] = dict(zip(keys, values, strict=False)) | {"evidence": "BC 45"}
    workbook = read_workbook(write(content, filled(content, changed)))
    form = Returned("0" * 64, workbook, content, spared=spared or Spared())
    return judge([form], TEMPLATE, MESSAGES, past(*earlier))[0]


def series(found: Judgement) -> list[tuple[str, str]]:
    return [(f.code, f.row_code) for f in found.findings if f.code.startswith("S")]


def months(unit: str, code: str, *figures: tuple[float, float] | float) -> list[Sent]:
    """The last months before November, one figure a month."""
    return [
        sent(unit, plain(code, f), period=month)
        for month, f in zip(MONTHS[-len(figures) :], figures, strict=True)
    ]


def plain(code: str, value: tuple[float, float] | float) -> Fact:
    """A figure without an explanation."""
    fact = counts(code, *value) if isinstance(value, tuple) else figure(code, value)
    return replace(fact, explanation="")


@pytest.mark.parametrize(
    ("before", "now", "codes"),
    [
        ((30, 50), (40, 50), []),
        ((41, 50), (40, 50), ["S01"]),  # a state of things that goes back
        ((30, 46), (40, 50), []),
        ((30, 45), (40, 50), ["S02"]),  # 5/45 is more than a tenth
        ((45, 44), (40, 50), ["S02"]),  # falls too, but the denominator is said first
        ((40, 500), (40, 50), ["S03"]),  # ten times, which is also a jump
        ((4, 50), (40, 50), []),  # ten times, of too few to be a slip of a digit
    ],
)
def test_a_row_is_doubted_for_one_thing(
    before: tuple[float, float], now: tuple[float, float], codes: list[str]
) -> None:
    found = judged("CA", months("CA", "V.20", before), V_20=now)
    assert series(found) == [(code, "V.20") for code in codes]
    assert "V.20" in {fact.indicator for fact in found.facts}  # a doubt holds nothing


def test_the_finding_points_at_the_cell_and_quotes_both_figures() -> None:
    content = issued("CA")
    found = judged("CA", months("CA", "V.20", (41, 50)), V_20=(40, 50))
    (said,) = [f for f in found.findings if f.code == "S01"]
    address = cell_of(load(write(content)), TEMPLATE.table("indicators"), "V.20", "numerator").coordinate
    assert (said.sheet, said.cells, said.label) == ("Chỉ tiêu", (address,), "Tử số")
    sentence = MESSAGES.say(said)
    assert sentence.found == "Tử số: 40, kỳ trước 41."


def test_events_of_a_month_may_go_up_and_down() -> None:
    assert series(judged("PVHCC", months("PVHCC", "V.7", (90, 99)), V_7=(40, 50))) == []


def test_an_explained_figure_is_not_asked_about() -> None:
    assert series(judged("CA", months("CA", "V.20", (41, 50)), V_20=(40, 50, "Đính chính"))) == []


def test_a_figure_that_was_explained_before_is_not_asked_about_again() -> None:
    """September explained 40/50 after 41/50; October sent 41/50 again; November's 40/50 is known."""
    explained = replace(counts("V.20", 40, 50), explanation="Trừ trường hợp trùng")
    earlier = [sent("CA", explained, period="2026-09"), *months("CA", "V.20", (41, 50))]
    assert series(judged("CA", earlier, V_20=(40, 50))) == []
    assert series(judged("CA", earlier, V_20=(39, 50))) == [("S01", "V.20")]
    other_unit = [sent("VP", explained, period="2026-09"), *months("CA", "V.20", (41, 50))]
    assert series(judged("CA", other_unit, V_20=(40, 50))) == [("S01", "V.20")]


def test_a_warning_of_the_form_that_was_explained_before_is_not_asked_again() -> None:
    def asked(*earlier: Sent) -> list[str]:
        found = judged("PVHCC", earlier, V_7=(0, 0))
        return [f.code for f in found.findings if f.row_code == "V.7"]

    empty = replace(counts("V.7", 0, 0), value=None, explanation="Chưa có hồ sơ")
    assert asked() == ["R10"]
    assert asked(sent("PVHCC", empty, period="2026-10")) == ["R10"]  # no figure: nothing to remember


def test_a_held_row_is_not_doubted_as_well() -> None:
    found = judged("CA", months("CA", "V.20", (41, 50)), V_20=(60, 50))
    assert [f.code for f in found.findings if f.row_code == "V.20"] == ["R03"]


def test_a_whole_form_of_last_month() -> None:
    rows: dict[str, Any] = {f"V_{n}": (40, 50) for n in (2, 3, 5, 6)}
    before = [sent("PVHCC", *(plain(c.replace("_", "."), (40, 50)) for c in rows), period="2026-10")]
    (said,) = [f for f in judged("PVHCC", before, None, **rows).findings if f.code == "S04"]
    assert (said.cells, said.values) == ((), {"count": "4"})
    assert series(judged("PVHCC", before, None, **(rows | {"V_5": (41, 50)}))) == []
    assert series(judged("PVHCC", before, None, **(rows | {"V_5": (40, 50, "Không đổi")}))) == []


@pytest.mark.parametrize(
    ("values", "now", "asked"),
    [
        ((0.60, 0.61, 0.62, 0.63), 0.64, False),
        ((0.60, 0.61, 0.62, 0.63), 0.95, True),
        ((0.60, 0.60, 0.60, 0.60), 0.62, False),  # a spread of 0 has a floor
        ((0.60, 0.60, 0.60, 0.60), 0.80, True),
        ((0.61, 0.62, 0.63), 0.95, False),  # too few months to know what is usual
    ],
)
def test_an_outlier_needs_a_history(values: tuple[float, ...], now: float, asked: bool) -> None:
    assert series(judged("VHXH", months("VHXH", "V.1", *values), V_1=now)) == [("S05", "V.1")] * asked


def test_a_waived_doubt_is_not_said() -> None:
    spared = Spared(waived=frozenset({("S01", "V.20")}))
    assert series(judged("CA", months("CA", "V.20", (41, 50)), spared, V_20=(40, 50))) == []


# --- relations between indicators -----------------------------------------------------------------


def relations(found: Judgement) -> list[Finding]:
    return [f for f in found.findings if f.code.startswith("X")]


def test_a_relation_within_a_form_names_both_cells() -> None:
    (said,) = relations(judged("CA", [], V_20=(45, 50), V_28=(40, 50)))
    assert (said.code, said.row_code, said.label, len(said.cells)) == ("X01", "V.20", "QH2", 2)
    assert MESSAGES.say(said).found.startswith(
        "V.20 (tử số) 45; V.28 (tử số) 40. Theo Kế hoạch: số tài khoản"
    )
    assert relations(judged("CA", [], V_20=(40, 50), V_28=(40, 50))) == []


def test_a_relation_is_judged_on_the_merged_state() -> None:
    """The row that this file leaves out stands as the unit sent it before."""

    def with_standing(numerator: float) -> list[Finding]:
        standing: list[Fact] = [counts("V.28", numerator, 50)]
        found = judged("CA", [sent("CA", *standing, period="2026-11")], V_20=(45, 50), V_28=("", ""))
        return relations(found)

    assert [f.code for f in with_standing(44)] == ["X01"]
    assert with_standing(46) == []


def test_a_relation_is_answered_in_either_row() -> None:
    assert relations(judged("CA", [], V_20=(45, 50, "Gồm cả tạm trú"), V_28=(40, 50))) == []
    assert relations(judged("CA", [], V_20=(45, 50), V_28=(40, 50, "Chưa gồm tạm trú"))) == []


def test_a_tolerance_is_a_share_of_the_right_side() -> None:
    assert relations(judged("VHXH", [], V_21=(40, 105), II_4=(40, 100))) == []
    (said,) = relations(judged("VHXH", [], V_21=(40, 106), II_4=(40, 100)))
    assert (said.label, said.row_code) == ("QH3", "V.21")


def test_a_relation_that_is_wrong_holds_its_left_row() -> None:
    (relation,) = [r for r in PLAN.doubts.relations if r.id == "QH2"]
    strict = replace(PLAN.doubts, relations=(replace(relation, severity="error"),))
    content = issued("CA")
    changed: dict[str, dict[str, Any]] = {
        "V.20": {"numerator": 45.0, "denominator": 50.0, "evidence": "x", "explanation": "y"}
    }
    form = Returned("0" * 64, read_workbook(write(content, filled(content, changed))), content)
    (found,) = judge([form], TEMPLATE, MESSAGES, Past("2026-11", current(), strict))
    assert [f.code for f in relations(found)] == ["X02"]  # an error is not explained away
    assert "V.20" not in {fact.indicator for fact in found.facts}
    elsewhere = Spared(alike={("V.20", "X02", '["reported", 45.0, 50.0, 90.0, ""]'): 1})
    (held,) = judge([replace(form, spared=elsewhere)], TEMPLATE, MESSAGES, Past("2026-11", current(), strict))
    assert "V.20" not in {fact.indicator for fact in held.facts}  # the other row may be another one
    spared = replace(form, spared=Spared(accepted={"V.20": 1}))
    (accepted,) = judge([spared], TEMPLATE, MESSAGES, Past("2026-11", current(), strict))
    assert "V.20" in {fact.indicator for fact in accepted.facts}


def test_a_side_without_a_figure_is_pointed_out_only_where_the_plan_asks() -> None:
    (relation,) = [r for r in PLAN.doubts.relations if r.id == "QH2"]
    content = issued("CA")
    left_out = {"V.28": {"state": "Chưa có số liệu"}}
    form = Returned("0" * 64, read_workbook(write(content, filled(content, left_out))), content)

    def said(missing: Literal["skip", "ask"]) -> list[str]:
        doubts = replace(PLAN.doubts, relations=(replace(relation, if_missing=missing),))
        (found,) = judge([form], TEMPLATE, MESSAGES, Past("2026-11", current(), doubts))
        return [f.code for f in relations(found)]

    assert (said("skip"), said("ask")) == ([], ["X03"])
