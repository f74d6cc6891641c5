"""What people type into date cells: the day comes before the month, and nothing is guessed."""

import unicodedata
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.sheet import Cell, CellKind, CellValue
from pipeline.core.dates import DateReading, read_date
from tests.forms import TEMPLATE

BLANK = DateReading(None, None, "")
FIFTH_OF_MARCH = date(2026, 3, 5)
REACH = (TEMPLATE.types["date"].earliest, TEMPLATE.types["date"].latest)


def read(value: CellValue, kind: CellKind = CellKind.TEXT, number_format: str = "General") -> DateReading:
    return read_date(Cell(9, 8, kind, value, number_format=number_format), *REACH)


@pytest.mark.parametrize(
    "text",
    [
        "05/03/2026",
        "5/3/2026",
        "05-03-2026",
        "05.03.2026",
        "05 / 03 / 2026",
        "ngày 05/3/2026",
        "ngày 05 tháng 3 năm 2026",
        "Ngày 5 tháng 03 năm 2026",
        "NGÀY 05 THÁNG 3 NĂM 2026",
        "ngày 05, tháng 3, năm 2026",
        "ngay 5 thang 3 nam 2026",
        "05 tháng 3 năm 2026",
        "ngày05tháng3năm2026",
        unicodedata.normalize("NFD", "ngày 05 tháng 3 năm 2026"),
        "2026-03-05",
        " 05/03/2026\u00a0",
        "\u200b05/03/2026",
        "'05/03/2026",
        "０５/０３/２０２６",
    ],
)
def test_a_date_in_text(text: str) -> None:
    reading = read(text)
    assert (reading.value, reading.problem, reading.readings) == (FIFTH_OF_MARCH, None, ())


def test_an_excel_date() -> None:
    assert read(FIFTH_OF_MARCH, CellKind.DATE) == DateReading(FIFTH_OF_MARCH, None, "05/03/2026")
    reading = read(datetime(2026, 3, 5, 14, 30), CellKind.DATE)
    assert reading == DateReading(FIFTH_OF_MARCH, None, "05/03/2026")
    assert type(reading.value) is date


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u00a0\n"])
def test_nothing_visible_is_blank(text: str) -> None:
    assert read(text) == BLANK
    assert read_date(None, *REACH) == BLANK


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "-",
        "quý II",
        "tháng 3/2026",
        "05/03",
        "05/03/26",
        "05-03-26",
        "ngày 05 tháng 3 năm 26",
        "31/02/2026",
        "29/02/2026",
        "00/03/2026",
        "32/13/2026",
        "05/03-2026",
        "05/03/0026",
        "05/03/20261",
        "ngày 3 tháng 25 năm 2026",
        "2026-25-03",
        "2026-3-5",
        "5²/3/2026",
        "trước 05/03/2026",
        "05/03/2026 và 06/03/2026",
        "46086",
    ],
)
def test_not_a_date(text: str) -> None:
    assert read(text) == DateReading(None, "C09", text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("03/25/2026", "25/03/2026"), ("3-25-2026", "25/03/2026"), ("2.29.2028", "29/02/2028")],
)
def test_a_month_before_its_day_is_asked_about(text: str, meant: str) -> None:
    assert read(text) == DateReading(None, "C09", text, (meant,))


@pytest.mark.parametrize("number_format", ["General", "#,##0", "0.00%"])
@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (46086.0, FIFTH_OF_MARCH),
        (46086.99, FIFTH_OF_MARCH),
        (36526.0, date(2000, 1, 1)),
        (73050.5, date(2099, 12, 31)),
    ],
)
def test_a_number_that_lost_its_format_is_the_date_it_stands_for(
    serial: float, day: date, number_format: str
) -> None:
    reading = read(serial, CellKind.NUMBER, number_format)
    assert (reading.value, reading.problem) == (day, None)


@pytest.mark.parametrize(
    "serial", [36525.99, 73051.0, 2026.0, 5.0, 0.0, -46086.0, 20261105.0, 1e300, float("inf"), float("nan")]
)
def test_a_number_that_is_no_day_of_the_plan_s_century(serial: float) -> None:
    reading = read(serial, CellKind.NUMBER)
    assert (reading.value, reading.problem, reading.readings) == (None, "C09", ())


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2100, 1, 1)])
def test_a_day_out_of_reach(day: date) -> None:
    assert read(day, CellKind.DATE).problem == read(f"{day:%d/%m/%Y}").problem == "C09"


def test_without_limits_every_day_is_in_reach() -> None:
    assert read_date(Cell(1, 1, CellKind.TEXT, "05/11/1954"), None, None).value == date(1954, 11, 5)


def test_cells_that_are_no_date() -> None:
    assert read("#N/A", CellKind.ERROR) == DateReading(None, "C02", "#N/A")
    assert read("#VALUE!") == DateReading(None, "C02", "#VALUE!")
    assert read(True, CellKind.BOOLEAN) == DateReading(None, "C09", "TRUE")
    assert read(time(8, 30), CellKind.DATE) == DateReading(None, "C09", "08:30:00")
    uncalculated = Cell(1, 1, CellKind.UNCALCULATED, None, formula="TODAY()")
    assert read_date(uncalculated, *REACH) == DateReading(None, "C10", "=TODAY()")


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    st.sampled_from(
        ["{0:%d/%m/%Y}", "{0.day}/{0.month}/{0.year}", "{0:%d-%m-%Y}", "{0:%d.%m.%Y}", "{0:%Y-%m-%d}"]
    ),
)
def test_every_date_comes_back(day: date, pattern: str) -> None:
    assert read(pattern.format(day)).value == day


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}", fullmatch=True))
def test_any_text_is_a_date_or_a_problem_or_blank(text: str) -> None:
    reading = read(text)
    assert [reading.value is not None, reading.problem is not None, reading.text == ""].count(True) == 1


@given(st.integers(1, 31), st.integers(1, 31), st.integers(1000, 9999))
def test_a_suggestion_swaps_day_and_month(first: int, second: int, year: int) -> None:
    reading = read(f"{first}/{second}/{year}")
    if reading.value:
        assert (reading.value.day, reading.value.month) == (first, second)
    for suggestion in reading.readings:
        assert suggestion == f"{second:02d}/{first:02d}/{year}"
        assert second > 12
