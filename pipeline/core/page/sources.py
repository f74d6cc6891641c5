"""What the page is built from: the tables of the workbook, the words of both, and how texts are cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pipeline.base.sheet import number_text
from pipeline.base.text import clean, visible, without_contacts
from pipeline.core.form_content import value_text
from pipeline.core.report.written import decimals_of, fixed
from pipeline.core.rows import Row, indicator_rows
from pipeline.core.tables import Book
from pipeline.spec.consolidated import Consolidated
from pipeline.spec.page import Chip
from pipeline.spec.page_words import PageWords
from pipeline.spec.plan import Indicator
from pipeline.spec.tables import Overview, Tables

T = TypeVar("T")


@dataclass(frozen=True)
class Sources:
    """All of it. `workbook` is the name of the file that the page lies beside."""

    book: Book
    pages: Tables
    looks: Consolidated
    words: PageWords
    workbook: str

    @property
    def overview(self) -> Overview:
        return self.pages.overview

    @cached_property
    def indicators(self) -> list[Row]:
        """The rows of the sheet of indicators; a figure that is not there is NaN."""
        return indicator_rows(self.pages)

    @cached_property
    def history(self) -> Mapping[str, tuple[float, ...]]:
        """The scored results of each indicator, month by month."""
        frame = self.pages.frames["history"]
        months = frame.drop(columns="code").astype(float).to_numpy().tolist()
        return {str(code): tuple(row) for code, row in zip(frame["code"], months, strict=True)}

    def heading(self, block: str) -> str:
        """The heading of a block of the workbook's overview."""
        return self.looks.overview.blocks[block].heading.format(listed=self.overview.total.listed)

    def empty(self, block: str) -> str:
        """What stands in a block for nothing."""
        return self.looks.overview.blocks[block].empty

    def chip(self, vocabulary: str, key: str) -> Chip:
        status = self.looks.statuses[vocabulary][key]
        return Chip(status.sign, status.label, status.colour or "")

    def result(self, indicator: Indicator, value: float) -> str:
        """A result with its measure: `82,35%`, `2 bài báo`, `0,7600`, `Có`."""
        if value != value:
            return self.looks.absent
        if indicator.entry == "yes_no":
            return value_text(indicator, self.book.template, value)
        text = fixed(value, decimals_of(indicator))
        if indicator.is_percentage:
            return self.words.say("percent", number=text)
        if indicator.entry == "count":
            return self.words.say("measured", number=text, measure=indicator.measure.lower())
        return text

    def number(self, value: float | None, decimals: int) -> str:
        """A number, or the sign that there is none."""
        return self.looks.absent if value is None or value != value else fixed(value, decimals)

    def more(self, key: str, count: int, sheet: str) -> str:
        """How many are left out and on which sheet of the workbook they stand; "" for none."""
        return self.words.say(key, count=count, sheet=self.looks.page_names[sheet]) if count > 0 else ""

    def names(self, units: Sequence[str]) -> str:
        """The names of units, of very many only the first."""
        shown, left = parted(units, self.words.limits.names)
        listed = ", ".join(shown)
        return self.words.say("more_names", names=listed, count=number_text(left, 0)) if left else listed

    def said(self, text: str) -> str:
        """A text of a unit as it is shown: without ways to reach a person, and not too long."""
        whole, most = clean(without_contacts(visible(text))), self.words.limits.letters
        if len(whole) <= most:
            return whole
        return f"{whole[:most].rpartition(' ')[0] or whole[:most]} …"


def bar(value: float | None) -> str:
    """The length of a bar in percent: from 0 to 100, whatever the value."""
    return "0" if value is None or value != value else f"{min(max(value, 0.0), 100.0):.1f}"


def parted(items: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """The first of a list, and how many more there are."""
    return items[:most], max(len(items) - most, 0)
