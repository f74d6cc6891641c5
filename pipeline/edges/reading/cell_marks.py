"""What python-calamine does not tell of an .xls or .ods sheet: formulas, errors, legacy fonts, extent."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.base.legacy import Encoding
from pipeline.edges.reading.guard import SUSPICIOUS, UnreadableWorkbook
from pipeline.edges.reading.xlsx_reader import is_far, refuse_excess

# Rows times columns of all sheets together: python-calamine lays out every cell, empty ones too, and
# ends the process where there is no memory for them.
LARGEST_AREA = 2_000_000


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one sheet, by (row, column): which cells hold a formula, the text of those in error, and the
    encoding of those in a font from before Unicode.
    """

    formulas: frozenset[tuple[int, int]]
    errors: Mapping[tuple[int, int], str]
    legacy: Mapping[tuple[int, int], Encoding]


class MarksBuilder:
    """Takes the cells of one sheet after another, as they are met; refuses what no form holds."""

    def __init__(self) -> None:
        self._cells = 0
        self._area = 0
        self._rows = 0
        self._columns = 0
        self._formulas: set[tuple[int, int]] = set()
        self._errors: dict[tuple[int, int], str] = {}
        self._legacy: dict[tuple[int, int], Encoding] = {}

    def add(
        self,
        row: int,
        first: int,
        last: int,
        error: str | None,
        has_formula: bool,
        encoding: Encoding | None,
    ) -> None:
        """Cells of a row, from the first column to the last, that hold the same."""
        self._cells += last - first + 1
        refuse_excess(row, self._cells)
        if is_far(row, last):
            raise UnreadableWorkbook(SUSPICIOUS)  # what cannot be passed over, since all is laid out
        self._rows, self._columns = max(self._rows, row), max(self._columns, last)
        if self._area + self._rows * self._columns > LARGEST_AREA:
            raise UnreadableWorkbook(SUSPICIOUS)
        places = [(row, column) for column in range(first, last + 1)]
        if has_formula:
            self._formulas.update(places)
        if error is not None:
            self._errors.update(dict.fromkeys(places, error))
        if encoding is not None:
            self._legacy.update(dict.fromkeys(places, encoding))

    def sheet(self) -> Marks:
        """The marks of the sheet that ends here."""
        marks = Marks(frozenset(self._formulas), self._errors, self._legacy)
        self._area += self._rows * self._columns
        self._rows, self._columns = 0, 0
        self._formulas, self._errors, self._legacy = set(), {}, {}
        return marks
