"""The sheet `Phương pháp` quotes the plan: whoever changes a number changes what is said."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from pipeline.core.methods import method_words
from pipeline.spec.plan import Confirmation, Plan
from tests.forms import PLAN, TEMPLATE
from tests.test_tables import WORDING


def said(plan: Plan) -> str:
    words = method_words(plan, TEMPLATE, WORDING)
    return "\n".join(f"{m.heading}: {m.text.format(**words)}" for m in WORDING.methods)


def numbers(table: Any, place: str = "") -> Iterator[str]:
    """The places of all numbers of a table of the plan, but for the bands of the grades."""
    for field in fields(table):
        value, inside = getattr(table, field.name), f"{place}.{field.name}".strip(".")
        if is_dataclass(value):
            yield from numbers(value, inside)
        elif isinstance(value, int | float):
            yield inside


def changed(table: Any, place: str) -> Any:
    """The table with another number at a place."""
    name, _, rest = place.partition(".")
    value = getattr(table, name)
    other = changed(value, rest) if rest else value + (1 if isinstance(value, int) else 0.0625)
    return replace(table, **{name: other})


_OF_THE_MACHINE = {"calendar.retry_minutes"}  # when the program tries again touches no figure
_OF_THE_METHOD = {*numbers(PLAN.scoring, "scoring"), *numbers(PLAN.calendar, "calendar")} - _OF_THE_MACHINE


@pytest.mark.parametrize("place", sorted(_OF_THE_METHOD))
def test_every_number_of_the_method_is_said(place: str) -> None:
    assert said(changed(PLAN, place)) != said(PLAN)


def test_every_word_is_used_and_every_word_that_is_used_is_there() -> None:
    texts = "".join(m.text for m in WORDING.methods)
    words = method_words(PLAN, TEMPLATE, WORDING)
    assert [word for word in words if f"{{{word}}}" not in texts] == []
    assert "{" not in said(PLAN)


def test_grades_share_of_units_and_versions_are_said() -> None:
    scoring = PLAN.scoring
    top = replace(scoring.grades[0], lowest=92.5)
    for other in (
        replace(PLAN, version=99),
        replace(PLAN, scoring=replace(scoring, enough_reported="3/4")),
        replace(PLAN, scoring=replace(scoring, grades=(top, *scoring.grades[1:]))),
    ):
        assert said(other) != said(PLAN)
    assert "từ 92,5 đến dưới 100: Hoàn thành xuất sắc" in said(
        replace(PLAN, scoring=replace(scoring, grades=(top,)))
    )


def test_weights_and_confirmations_are_said() -> None:
    assert "trọng số các chỉ tiêu bằng nhau;" in said(PLAN)
    heavier = tuple(replace(i, weight=2.5) if i.code == "I.1" else i for i in PLAN.indicators)
    assert "các chỉ tiêu bằng nhau, riêng I.1: 2,5" in said(replace(PLAN, indicators=heavier))
    assert "Đã xác nhận: chưa có." in said(PLAN)
    told = (
        Confirmation("PVHCC", "V.4", "đã đối chiếu", ("2026-10", "2026-11")),
        Confirmation("TH", "II.3", "không có học sinh"),
    )
    assert (
        "Đã xác nhận: V.4 của PVHCC, tháng 10/2026, tháng 11/2026 (đã đối chiếu); "
        "II.3 của TH, cả năm (không có học sinh)."
    ) in said(replace(PLAN, confirmations=told))


def test_the_sources_of_the_method_are_named() -> None:
    text = said(PLAN)
    assert "Theil 1950, Sen 1968" in text
    assert "OECD và JRC" in text
