"""What the report is built from: the scored month, the pages of its workbook, and the sentences."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline.base.period import Period
from pipeline.core.earlier import period_before
from pipeline.core.month import Month
from pipeline.core.report.written import month_number
from pipeline.core.rows import Row, indicator_rows
from pipeline.core.tables import Book
from pipeline.spec.plan import Indicator, ReportHead
from pipeline.spec.report_words import VERDICTS, ReportWords
from pipeline.spec.tables import Overview, Tables

Labels = Mapping[str, str]

LAGGING, WITHOUT = ("behind", "warning"), ("insufficient", "missing", "no_figure")
"""Verdicts that ask for action, and those for which a figure is owed."""


@dataclass(frozen=True)
class Sources:
    """All of it at one moment. `labels` are the words of the workbook for keys such as `verdict.met`."""

    month: Month
    book: Book
    pages: Tables
    head: ReportHead
    words: ReportWords
    labels: Labels
    made_at: datetime

    @property
    def overview(self) -> Overview:
        return self.pages.overview

    @cached_property
    def indicators(self) -> list[Row]:
        """The rows of the sheet of indicators; a figure that is not there is NaN."""
        return indicator_rows(self.pages)

    @property
    def before(self) -> str:
        """The month before, as sentences name it."""
        return self.words.say("month", month=month_number(self.month.period.shift(-1).month))

    def before_of(self, indicator: Indicator) -> str:
        """The month in which the indicator was last due, as sentences name it."""
        then = period_before(indicator, self.month.period) or self.month.period.shift(-1)
        return self.words.say("month", month=month_number(then.month))

    def month_year(self, period: Period) -> str:
        return self.words.say("month_year", month=month_number(period.month), year=period.year)

    def full_name(self, short_name: str) -> str:
        """The full name of a unit; anything else stays as it is."""
        return self._full_names.get(short_name, short_name)

    @cached_property
    def _full_names(self) -> dict[str, str]:
        return {unit.short_name: unit.name for unit in self.book.plan.units}

    def full_names(self, short_names: Iterable[str]) -> str:
        return ", ".join(self.full_name(name) for name in short_names)

    def verdict_parts(self, rows: Iterable[Row], wanted: Iterable[str] = VERDICTS) -> str:
        """How many indicators there are of each verdict, in words; verdicts of no indicator left out."""
        counts = Counter(row["verdict"] for row in rows)
        return self.enumerated([self.words.say(f"count_{v}", count=counts[v]) for v in wanted if counts[v]])

    def enumerated(self, parts: Sequence[str]) -> str:
        """`A, B và C`."""
        if len(parts) < 2:
            return "".join(parts)
        return self.words.say("and", others=", ".join(parts[:-1]), last=parts[-1])

    def item(self, text: str) -> str:
        """A line of a list."""
        return self.words.say("item", text=text)

    def inner(self, text: str) -> str:
        """A line of a list inside a list."""
        return self.words.say("inner_item", text=text)
