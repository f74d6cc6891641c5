"""What is said about the data of a sender: a code, a place, and the words that fill the sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Severity(Enum):
    """An error holds its row back; a warning asks; a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place. `code` is a key of `schemas/messages.toml`.

    `cells` are addresses in `sheet` ("G17"), empty for a finding about the whole file or sheet;
    `row_code` is the code of the table row (indicator, task) that an error holds back;
    `values` fill the placeholders of the message. `decision` is the number of the officer's decision that
    lets an error pass, else 0: such an error is still told, and holds nothing.
    """

    code: str
    sheet: str = ""
    cells: tuple[str, ...] = ()
    row_code: str = ""
    label: str = ""
    found: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    decision: int = 0
