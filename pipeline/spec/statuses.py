"""The words for the keys of the data, in the vocabularies of `schemas/consolidated.toml`."""

from dataclasses import dataclass
from typing import Literal

from pipeline.base.errors import SpecError
from pipeline.spec.shape import Faults, build, read_once, read_part

ColourKey = Literal["green", "yellow", "red", "grey"]


@dataclass(frozen=True)
class Status:
    """A key of the data in words; the sign tells it apart where colours cannot."""

    label: str
    sign: str = ""
    colour: ColourKey | None = None
    meaning: str = ""

    @property
    def text(self) -> str:
        return f"{self.sign} {self.label}".strip()


Statuses = dict[str, dict[str, Status]]
"""Statuses by vocabulary and key."""


@dataclass(frozen=True)
class _Words:
    statuses: Statuses


@read_once
def load_statuses(file: str, text: str) -> Statuses:
    """The statuses alone, for what must answer at once. Raises `SpecError` with every fault in them."""
    faults = Faults()
    words = build(_Words, read_part(file, text, {"statuses"}), "", faults)
    if words is None or faults:
        raise SpecError(file, faults)
    return words.statuses
