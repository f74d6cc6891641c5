"""Numbers and dates as official documents write them: `1.688`, `82,35`, `tháng 02`, `05/11/2026`.

Sources: Nghị định 30/2020/NĐ-CP, Phụ lục I, for dates; two decimals of a rate: Quyết định 766/QĐ-TTg.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pipeline.base.sheet import number_text
from pipeline.spec.plan import Entry, Indicator
from pipeline.spec.report_words import ReportWords

_DECIMALS: dict[Entry, int] = {"ratio": 2, "share": 2, "index": 4, "count": 0, "yes_no": 0}


def month_number(month: int) -> str:
    """January and February have a leading zero, the others do not."""
    return f"{month:02d}" if month in (1, 2) else str(month)


def short_date(day: date) -> str:
    """A day inside a sentence: `05/11/2026`. The day of the document itself is the clerk's."""
    return f"{day:%d/%m/%Y}"


def rounded(value: float, decimals: int) -> float:
    """Rounded as a reader and a spreadsheet round: a half goes up."""
    exact = Decimal(repr(float(value)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def number(value: float, decimals: int) -> str:
    """At most `decimals` decimals, without the zeros at the end."""
    return number_text(rounded(value, decimals))


def fixed(value: float, decimals: int) -> str:
    """Always `decimals` decimals, for columns of a table."""
    return number_text(rounded(value, decimals), decimals)


def decimals_of(indicator: Indicator) -> int:
    """How many decimals a figure of the indicator has."""
    return _DECIMALS[indicator.entry]


def figure(indicator: Indicator, value: float, words: ReportWords) -> str:
    """A result with its measure: `82,35%`, `2 bài báo`, `0,76`."""
    text = number(value, decimals_of(indicator))
    if indicator.is_percentage:
        return words.say("percent", number=text)
    if indicator.entry == "count":
        return words.say("measured", number=text, measure=indicator.measure.lower())
    return text


def step(indicator: Indicator, value: float, words: ReportWords) -> str:
    """The size of a change or a gap: `2,3 điểm phần trăm`, `1 bài báo`, `0,03 điểm`."""
    text = number(abs(value), decimals_of(indicator))
    if indicator.is_percentage:
        return words.say("points", number=text)
    if indicator.entry == "count":
        return words.say("measured", number=text, measure=indicator.measure.lower())
    return words.say("index_points", number=text)
