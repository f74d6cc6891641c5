"""What people type into number cells: understood, or asked about, never guessed."""

import math
import unicodedata
from datetime import date, time

import pytest

from pipeline.base.sheet import Cell, CellKind, CellValue
from pipeline.core.numbers import Reading, read_number

COUNT, PERCENT, INDEX, FREE = "count", "percent", "index", "free"
FIELDS: dict[str, tuple[bool, bool, float | None, float | None]] = {
    COUNT: (True, False, 0.0, None),
    PERCENT: (False, True, 0.0, 100.0),
    INDEX: (False, False, 0.0, 1.0),
    FREE: (False, False, None, None),
}
BLANK = Reading(None, None, "")


def read(
    value: CellValue, field: str, kind: CellKind = CellKind.TEXT, number_format: str = "General"
) -> Reading:
    return read_number(Cell(7, 5, kind, value, number_format=number_format), *FIELDS[field])


def read_float(value: float, field: str, number_format: str = "General") -> Reading:
    return read(value, field, CellKind.NUMBER, number_format)


# Understood


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("0123", 123),
        ("+5", 5),
        ("-5", -5),
        ("\u22125", -5),
        ("-0", 0),
        ("1.688", 1688),
        ("1,688", 1688),
        ("1 688", 1688),
        ("1\u00a0688", 1688),
        ("1\u2009688", 1688),
        ("1\u202f688", 1688),
        ("-1.688", -1688),
        ("1.000", 1000),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1 234 567", 1234567),
        ("1.688,00", 1688),
        ("12,0", 12),
        ("  12  ", 12),
        ("1\u200b2\ufeff", 12),
        ("\u200e12\u202c", 12),
        ("１２", 12),
        ("１．６８８", 1688),
        ("'12", 12),
        ("\u201912", 12),
        ("12'", 12),
        ("123456789012345", 123456789012345),
    ],
)
def test_a_count_in_text(text: str, value: int) -> None:
    reading = read(text, COUNT)
    assert (reading.value, reading.problem, reading.readings) == (value, None, ())
    assert math.copysign(1, reading.value or 0.0) == (-1 if value < 0 else 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85,5%", 85.5),
        ("85,5 %", 85.5),
        ("85.5\u00a0%", 85.5),
        ("85,5％", 85.5),
        ("85,5", 85.5),
        ("85.5", 85.5),
        ("8,78", 8.78),
        ("100%", 100),
        ("0%", 0),
        ("-5%", -5),
        ("0,855", 0.855),
        ("0.855", 0.855),
        ("1.688", 1.688),  # a thousand percent is out of the limits
        ("98,125%", 98.125),
        ("100.000", 100),
        ("1 688", 1688),  # a space never marks decimals, and limits are judged elsewhere
    ],
)
def test_a_percentage_in_text(text: str, value: float) -> None:
    assert read(text, PERCENT) == Reading(
        value, None, unicodedata.normalize("NFC", text.replace("\u00a0", " "))
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.8", 0.8),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234,5", 1234.5),
        ("1.234.567,8", 1234567.8),
        ("1,234,567.89", 1234567.89),
        ("1.234,567", 1234.567),
        ("1.234.567", 1234567),
        ("1234,567", 1234.567),
        ("1234.567", 1234.567),
        ("012,345", 12.345),
        ("12,3456", 12.3456),
        ("-0,855", -0.855),
        ("1234", 1234),
    ],
)
def test_any_other_number_in_text(text: str, value: float) -> None:
    assert read(text, FREE) == Reading(value, None, text)


def test_limits_settle_an_ambiguous_number_either_way() -> None:
    cell = Cell(1, 1, CellKind.TEXT, "1.688")
    assert read_number(cell, False, False, None, 100.0).value == 1.688
    assert read_number(cell, False, False, 100.0, None).value == 1688
    assert read_number(cell, False, False, 1.688, 1687.9).value == 1.688  # the limits belong to the range


@pytest.mark.parametrize(
    ("stored", "field", "number_format", "value", "text"),
    [
        (12.0, COUNT, "General", 12.0, "12"),
        (1688.0, COUNT, "#,##0", 1688.0, "1.688"),
        (12.000000000000002, COUNT, "General", 12.0, "12"),
        (-3.0, COUNT, "General", -3.0, "-3"),
        (1.688, FREE, "0.000", 1.688, "1,688"),
        (0.1 + 0.2, FREE, "General", 0.3, "0,3"),
        (85.5, PERCENT, "General", 85.5, "85,5"),
        (0.855, PERCENT, "General", 0.855, "0,855"),
        (0.855, PERCENT, "0.0%", 85.5, "85,5%"),
        (0.07, PERCENT, "0%", 7.0, "7%"),
        (0.285, PERCENT, "0.00\\ %", 28.5, "28,5%"),
        (1.0, PERCENT, "[Red]0%", 100.0, "100%"),
        (85.5, PERCENT, '0.0"%"', 85.5, "85,5"),
        (85.5, PERCENT, "0.0\\%", 85.5, "85,5"),
        (85.5, PERCENT, "0.0_%", 85.5, "85,5"),
        (12.0, COUNT, '0" %"', 12.0, "12"),
    ],
)
def test_a_numeric_cell(stored: float, field: str, number_format: str, value: float, text: str) -> None:
    assert read_float(stored, field, number_format) == Reading(value, None, text)


# Blank


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\u00a0", "\u200b", "\ufeff \u2060", "\u200e\u202c", "\u00ad"]
)
@pytest.mark.parametrize("field", FIELDS)
def test_nothing_visible_is_blank(text: str, field: str) -> None:
    assert read(text, field) == BLANK


def test_no_cell_is_blank() -> None:
    assert read_number(None, True, False, None, None) == BLANK


# Asked about


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "-",
        "–",
        "—",
        "không",
        "không có",
        "Không phát sinh",
        "n/a",
        "Đạt",
        "Có",
        "khoảng mười",
        "12 hồ sơ",
        "12.",
        ",5",
        "12 5",
        "12, 5",
        "- 5",
        "1.23.4",
        "12.34.567",
        "0.123.456",
        "1.234,567,890",
        "1.234,567.8",
        "12,34.5",
        "1 234.567,8",
        "1.234 567",
        "1'688",
        "1e5",
        "1.5e3",
        "1234567890123456",
        "0,1234567890123456",
        "5²",
        "½",
        "٥",
        "5/7",
        "05/03/2026",
        "=5+3",
        "(5)",
        "12\n13",
        "85%%",
        "%85",
        "nan",
        "inf",
        "'",
        "#####",
    ],
)
@pytest.mark.parametrize("field", FIELDS)
def test_not_a_number(text: str, field: str) -> None:
    assert read(text, field) == Reading(None, "C01", text)


@pytest.mark.parametrize(
    "text", ["#N/A", "#n/a", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "Err:502"]
)
@pytest.mark.parametrize("kind", [CellKind.ERROR, CellKind.TEXT])
def test_an_error_cell(text: str, kind: CellKind) -> None:
    assert read(text, COUNT, kind) == Reading(None, "C02", text)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.688", ("1.688", "1,688")),
        ("1,688", ("1.688", "1,688")),
        ("12.500", ("12.500", "12,5")),
        ("-1.688", ("-1.688", "-1,688")),
        ("100,001", ("100.001", "100,001")),
    ],
)
def test_an_ambiguous_number_is_given_back_with_both_readings(text: str, readings: tuple[str, ...]) -> None:
    assert read(text, FREE) == Reading(None, "C03", text, readings)


def test_limits_that_admit_neither_reading_settle_nothing() -> None:
    cell = Cell(1, 1, CellKind.TEXT, "1.688")
    assert read_number(cell, False, False, 10.0, 100.0) == Reading(None, "C03", "1.688", ("1.688", "1,688"))


@pytest.mark.parametrize(
    "text",
    [
        "trên 98%",
        unicodedata.normalize("NFD", "trên 98%"),
        "trên98%",
        "đạt trên 98%",
        "hơn 60%",
        "hơn 60% hồ sơ",
        ">= 80%",
        "=> 80",
        "≥80%",
        "≤ 5",
        "<5",
        "＜5",
        "~50",
        "≈ 50",
        "±5",
        "khoảng 50",
        "ước đạt khoảng 1.688",
        "gần 100",
        "dưới 5",
        "ít nhất 2",
        "không quá 5",
        "80% trở lên",
        "100+",
        "15-17%",
        "15 – 17",
        "5 đến 7",
    ],
)
@pytest.mark.parametrize("field", FIELDS)
def test_a_bound_or_a_rough_figure(text: str, field: str) -> None:
    assert read(text, field) == Reading(None, "C04", unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", ["12,5", "12.5", "0,855", "0.855", "1234,567", "1.234,5", "12,3456", "-0,5"])
def test_a_fraction_in_a_count(text: str) -> None:
    assert read(text, COUNT) == Reading(None, "C05", text)


@pytest.mark.parametrize(
    ("stored", "text", "readings"),
    [
        (1.688, "1,688", ("1.688", "1,688")),
        (-1.688, "-1,688", ("-1.688", "-1,688")),
        (999.999, "999,999", ("999.999", "999,999")),
        (12.5, "12,5", ()),
        (0.855, "0,855", ()),
        (1234.567, "1.234,567", ()),
        (1000.688, "1.000,688", ()),
        (1.6881, "1,6881", ()),
    ],
)
def test_a_numeric_cell_with_a_fraction_in_a_count(
    stored: float, text: str, readings: tuple[str, ...]
) -> None:
    assert read_float(stored, COUNT) == Reading(None, "C05", text, readings)


@pytest.mark.parametrize("field", [COUNT, INDEX, FREE])
def test_a_percentage_where_none_is_asked(field: str) -> None:
    assert read("85%", field) == Reading(None, "C12", "85%")
    assert read("1.688 %", field) == Reading(None, "C12", "1.688 %")
    assert read_float(0.855, field, "0.0%") == Reading(None, "C12", "85,5%")
    assert read_float(1.0, field, "0%") == Reading(None, "C12", "100%")


@pytest.mark.parametrize("field", FIELDS)
def test_cells_that_are_no_number(field: str) -> None:
    assert read(True, field, CellKind.BOOLEAN) == Reading(None, "C01", "TRUE")
    assert read(date(2026, 3, 5), field, CellKind.DATE) == Reading(None, "C14", "05/03/2026")
    assert read(time(8, 30), field, CellKind.DATE) == Reading(None, "C14", "08:30:00")


@pytest.mark.parametrize("formula", ["SUM(A1:A3)", "=SUM(A1:A3)"])
def test_a_formula_without_result_is_not_blank(formula: str) -> None:
    cell = Cell(1, 1, CellKind.UNCALCULATED, None, formula=formula)
    assert read_number(cell, True, False, None, None) == Reading(None, "C10", "=SUM(A1:A3)")


def test_a_formula_with_a_result_counts_as_its_result() -> None:
    cell = Cell(1, 1, CellKind.NUMBER, 12.0, formula="=SUM(A1:A3)")
    assert read_number(cell, True, False, None, None) == Reading(12.0, None, "12")


@pytest.mark.parametrize("stored", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", FIELDS)
def test_no_finite_number(stored: float, field: str) -> None:
    assert (read_float(stored, field).value, read_float(stored, field).problem) == (None, "C01")


def test_a_number_that_overflows_as_a_percentage_is_no_number() -> None:
    assert read_float(1e308, PERCENT, "0%").problem == "C01"
