"""A reporting period: one month of one year."""

import re
from dataclasses import dataclass
from datetime import date

_PATTERN = re.compile(r"(\d{4})-(\d{2})")
_SHORT = re.compile(r"(\d{1,2})/(\d{4})")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, written `2026-11`; ordered in time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2999 and 1 <= self.month <= 12):
            raise ValueError(f"not a month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2026-11`; raises `ValueError` for anything else."""
        match = _PATTERN.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"not a period: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def read(cls, text: str) -> "Period":
        """Read `2026-11`, or `11/2026` as people write it; raises `ValueError` for anything else."""
        match = _SHORT.fullmatch(text.strip())
        return cls(int(match[2]), int(match[1])) if match else cls.parse(text)

    @classmethod
    def of(cls, day: date) -> "Period":
        return cls(day.year, day.month)

    def shift(self, months: int) -> "Period":
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def short(self) -> str:
        """As a table shows it: `11/2026`."""
        return f"{self.month:02d}/{self.year}"

    @property
    def label(self) -> str:
        """As a reader sees it: `tháng 11/2026`."""
        return f"tháng {self.month}/{self.year}"
