"""The workbook in which the office edits its plan, from `schemas/plan-book.toml`: sheets, columns, words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipeline.base.errors import SpecError
from pipeline.spec.plan_tables import Key, PlanTable, plan_tables
from pipeline.spec.sentences import check_words
from pipeline.spec.shape import Faults, build, read_toml

PARENT = "^"
"""The key of the column that names the entry in whose list a row belongs."""
ORIGIN = "*"
"""The key of the hidden column that says which entry a row was."""
VALUE_TAG = "#value"
"""Stands above the values on a sheet of settings."""
HEAD = "#-"
"""Marks rows of a list that are no entries."""

_FAULTS = {
    "not_text": "",
    "not_number": "found",
    "not_whole": "found",
    "not_wholes": "found",
    "ambiguous": "found readings",
    "approximate": "found",
    "percent": "found",
    "date_for_number": "found",
    "not_date": "found",
    "not_flag": "found yes no",
    "not_choice": "found choices",
    "error": "found",
    "formula": "",
    "no_parent": "found",
    "too_many": "count",
    "no_sheet": "sheet",
    "no_column": "column",
    "twice": "sheet cell",
    "not_ours": "",
}
_NOTES = {
    "version": "version",
    "scoring": "version",
    "id": "id",
    "as_printed": "codes",
    "reordered": "sheet",
    "stale": "file exported version",
}


@dataclass(frozen=True)
class BookField:
    """A key of the plan as people see it.

    `of` is the place of the list whose codes may stand here; `words` are the labels of the choices; a
    `percent` may be typed with its sign; a list stands one text a line, or with `commas`; a `plain` number is
    no quantity and is printed without thousands.
    """

    key: str
    label: str
    help: str
    width: float = 0
    of: str = ""
    words: dict[str, str] = field(default_factory=dict)
    percent: bool = False
    commas: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Block:
    """A table of the plan on a sheet. `identity` are the keys by which people tell its entries apart;
    `spare` rows are left for new ones."""

    place: str
    fields: tuple[BookField, ...]
    heading: str = ""
    identity: tuple[str, ...] = ()
    spare: int = 0

    @cached_property
    def field_by_key(self) -> dict[str, BookField]:
        return {entry.key: entry for entry in self.fields}

    @property
    def names(self) -> tuple[str, ...]:
        """The keys by which an entry is known; the first one where nothing is said."""
        return self.identity or (self.fields[0].key,)

    def tag(self, key: str) -> str:
        """What stands in a hidden cell, so that a column or row is found wherever it was moved."""
        return f"#{self.place}/{key}"


@dataclass(frozen=True)
class BookSheet:
    """A sheet: one list of the plan, or several tables with a row for each key."""

    name: str
    title: str
    intro: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Guide:
    """The first sheet: how to use the others."""

    name: str
    title: str
    steps_title: str
    steps: tuple[str, ...]
    sheets_title: str
    legend_title: str
    legend: dict[str, str]


@dataclass(frozen=True)
class Look:
    """Font and colours, "#RRGGBB"."""

    font: str
    font_size: int
    ink: str
    muted: str
    title: str
    border: str
    header: str
    entry: str
    code: str
    spare: str


@dataclass(frozen=True)
class BookWords:
    """Single words and the heads of the columns of settings."""

    yes: str
    no: str
    empty: str
    setting: str
    value: str
    help: str
    refused: str
    pick: str
    whole: str
    number: str
    date: str
    twice: str
    missing: str
    one_cell: str
    cells: str
    one_sheet: str


@dataclass(frozen=True)
class BookNotes:
    """What an officer should know before the changes are written."""

    version: str
    scoring: str
    id: str
    as_printed: str
    reordered: str
    stale: str


@dataclass(frozen=True)
class Identity:
    """The hidden sheet that says which plan the workbook was made of."""

    sheet: str
    file: str
    version: str
    sha256: str


@dataclass(frozen=True)
class PlanBook:
    """The whole workbook; `faults` are the sentences for what cannot be understood."""

    identity: Identity
    look: Look
    words: BookWords
    faults: dict[str, str]
    notes: BookNotes
    guide: Guide
    sheets: tuple[BookSheet, ...]

    @cached_property
    def tables(self) -> Mapping[str, PlanTable]:
        return plan_tables()

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """Every table of the plan by its place."""
        return {block.place: block for sheet in self.sheets for block in sheet.blocks}

    @cached_property
    def sheet_of(self) -> dict[str, str]:
        """The name of the sheet of each table."""
        return {block.place: sheet.name for sheet in self.sheets for block in sheet.blocks}

    def key(self, block: Block, name: str) -> Key:
        """Kind and choices of a key of a table."""
        table = self.tables[block.place]
        return next((key for key in table.keys if key.name == name), Key(name, "text"))


@dataclass(frozen=True)
class BookRow:
    """A row to be written: the name of its entry, and the content of its cells by key."""

    origin: str
    cells: Mapping[str, str | float | date | None]


@dataclass(frozen=True)
class BookContent:
    """What stands in the workbook of one plan, by the place of each table."""

    file: str
    version: int
    sha256: str
    year: int
    rows: Mapping[str, tuple[BookRow, ...]]


def load_plan_book(file: str, text: str) -> PlanBook:
    """The workbook in `text`. Raises `SpecError` with every fault: it must hold each key of the plan once."""
    faults = Faults()
    book = build(PlanBook, read_toml(file, text), "", faults)
    if book is not None:
        faults.unique("sheets", (sheet.name for sheet in book.sheets))
        faults.unique("sheets.blocks", (block.place for s in book.sheets for block in s.blocks))
        for place in book.tables.keys() ^ book.blocks.keys():
            faults.add("sheets.blocks", f"«{place}» không khớp với các bảng của kế hoạch")
        for sheet in book.sheets:
            _check_sheet(book, sheet, faults)
        _check_sentences(book, faults)
    if book is None or faults:
        raise SpecError(file, faults)
    return book


def _check_sheet(book: PlanBook, sheet: BookSheet, faults: Faults) -> None:
    known = [book.tables[block.place] for block in sheet.blocks if block.place in book.tables]
    if any(table.many for table in known) and len(sheet.blocks) > 1:
        faults.add(f"sheets({sheet.name})", "một danh sách đứng riêng một trang")
    for block in sheet.blocks:
        if block.place in book.tables:
            _check_block(book, block, faults)


def _check_block(book: PlanBook, block: Block, faults: Faults) -> None:
    place, table = f"sheets.blocks({block.place})", book.tables[block.place]
    wanted = {key.name for key in table.keys} | ({PARENT} if table.parent else set())
    faults.unique(place, (entry.key for entry in block.fields))
    for name in set() if table.open else wanted ^ block.field_by_key.keys():
        faults.add(place, f"khóa «{name}» không khớp với kế hoạch")
    if not set(block.names) <= block.field_by_key.keys():
        faults.add(f"{place}.identity", "phải là khóa của bảng")
    for entry in block.fields:
        key = book.key(block, entry.key)
        if set(key.choices) != set(entry.words):
            faults.add(f"{place}.{entry.key}.words", f"phải có đúng: {', '.join(key.choices) or 'không gì'}")
        if entry.of and entry.of not in book.blocks:
            faults.add(f"{place}.{entry.key}.of", f"không có bảng «{entry.of}»")
        if table.many and entry.width <= 0:
            faults.add(f"{place}.{entry.key}.width", "phải lớn hơn 0")


def _check_sentences(book: PlanBook, faults: Faults) -> None:
    if book.faults.keys() != _FAULTS.keys():
        faults.add("faults", f"phải có đúng: {', '.join(_FAULTS)}")
    for name, sentence in book.faults.items():
        check_words(f"faults.{name}", sentence, set(_FAULTS.get(name, "").split()), faults)
    for name, words in _NOTES.items():
        check_words(f"notes.{name}", getattr(book.notes, name), set(words.split()), faults)
