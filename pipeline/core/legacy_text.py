"""Understand text that was typed in an encoding from before Unicode, as its font says, or suspect it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from pipeline.base.legacy import LETTERS, Encoding, to_unicode
from pipeline.base.sheet import Cell, Sheet, Workbook
from pipeline.base.syllable import is_syllable
from pipeline.base.text import SOFT_HYPHEN, clean, shorten, visible
from pipeline.spec.template import Template

_ENCODINGS: tuple[Encoding, ...] = ("tcvn3", "vni")
_LATIN_1 = frozenset(map(chr, range(0x100)))
# Signs that correct text may hold: quotes, a footnote, a product of two numbers, a bullet.
_SYMBOLS = frozenset("§©«®°±²³·¹º»¼½¾×÷")
_STRANGE = frozenset(map(chr, range(0xA1, 0x100))) - LETTERS - _SYMBOLS
# What the old encodings do not have, so that it proves Unicode; also letter and mark apart (NFD).
_ONLY_IN_UNICODE = (LETTERS - _LATIN_1) | frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")

_WORD = re.compile(r"[^\s!-/:-@\[-`{-~\u2010-\u203a]+")
_ASCII_LETTER = re.compile(r"[A-Za-z]")
_CAPITAL_WITHIN = re.compile(r"[a-z][À-ÖØ-Þ]")
_LONGEST_SAMPLE = 120
_ENOUGH = 4  # two words that no correct text holds, or one and two that are just no Vietnamese


@dataclass(frozen=True, slots=True)
class Understood:
    """A workbook whose texts are Unicode; `converted` has the places by sheet whose texts were not."""

    workbook: Workbook
    converted: Mapping[str, Collection[tuple[int, int]]]


def in_unicode(workbook: Workbook, template: Template) -> Understood:
    """The workbook with every text as its font shows it, and the names of its sheets in NFC; what shows
    nothing, or steers how others show it, is left behind.

    The one door through which text comes into the core. A legacy font alone proves little: Unicode
    text that got such a font later stays as it is, and so does what the form offers to choose. Where
    a text could be either ("Bé" is a word, and is "Bộ" in TCVN3) its neighbours tell: it stays on a
    sheet where others in such a font are Unicode.
    """
    offered = {choice.label for value_type in template.types.values() for choice in value_type.choices}
    sheets: list[Sheet] = []
    converted: dict[str, Collection[tuple[int, int]]] = {}
    for sheet in workbook.sheets:
        name = normalize("NFC", " ".join(visible(sheet.name).splitlines()))
        changed = _converted(sheet, offered)
        cells = _harmless({**sheet.cells, **changed} if changed else sheet.cells)
        sheets.append(Sheet(name, sheet.hidden, cells))
        converted[name] = changed.keys()
    return Understood(Workbook(tuple(sheets)), converted)


def suspected(text: str) -> str | None:
    """How a text without a legacy font reads if it was typed in a legacy encoding; None if it was not.

    A word counts that is no Vietnamese as it stands but becomes Vietnamese; it counts twice if no
    correct text holds such a word: "chuyÓn", "vµ". Without one of the latter nothing is suspected, so
    that words of other languages and slips of the keyboard raise no alarm.
    """
    words = {word for word in _WORD.findall(text) if _may_be_garbled(word)}
    if not words:
        return None
    points, encoding = max((_points(words, encoding), encoding) for encoding in _ENCODINGS)
    return to_unicode(text, encoding) if points >= _ENOUGH else None


def sample(text: str) -> str:
    """As much of a text as a message shows to make it known again, on one line."""
    return shorten(" ".join(clean(text, keep=SOFT_HYPHEN).split()), _LONGEST_SAMPLE)


def _converted(sheet: Sheet, offered: Collection[str]) -> dict[tuple[int, int], Cell]:
    """The cells of a sheet that read otherwise than they are stored."""
    parts = {place: _legacy_part(cell) for place, cell in sheet.cells.items() if cell.legacy}
    doubtful = any(map(_is_unicode, parts.values()))
    return {
        place: cell._replace(value=shown)
        for place, part in parts.items()
        if not _is_unicode(part)
        and not (doubtful and _is_vietnamese(part))
        and (cell := sheet.cells[place]).text.strip() not in offered
        and (shown := _as_shown(cell)) != cell.value
    }


def _harmless(cells: Mapping[tuple[int, int], Cell]) -> Mapping[tuple[int, int], Cell]:
    """The cells without what cannot be seen; a soft hyphen stays while it may still be a letter."""
    changed = {
        place: cell._replace(
            value=visible(cell.value, SOFT_HYPHEN) if isinstance(cell.value, str) else cell.value,
            formula=visible(cell.formula, SOFT_HYPHEN) if cell.formula else cell.formula,
        )
        for place, cell in cells.items()
        if (isinstance(cell.value, str) and not cell.value.isprintable())
        or (cell.formula and not cell.formula.isprintable())
    }
    return {**cells, **changed} if changed else cells


def _legacy_part(cell: Cell) -> str:
    return " ".join(cell.text[stretch.start : stretch.end] for stretch in cell.legacy)


def _as_shown(cell: Cell) -> str:
    pieces: list[str] = []
    end = 0
    for stretch in cell.legacy:
        part = cell.text[stretch.start : stretch.end]
        # ASCII reads the same; that a font has capitals only is no reason to change codes and addresses.
        shown = part if part.isascii() else to_unicode(part, stretch.encoding)
        pieces += [cell.text[end : stretch.start], shown]
        end = stretch.end
    return "".join([*pieces, cell.text[end:]])


def _is_unicode(text: str) -> bool:
    return not _ONLY_IN_UNICODE.isdisjoint(text)


def _is_vietnamese(text: str) -> bool:
    """Whether every word could be Vietnamese as it stands."""
    return all(word.isascii() or is_syllable(word) for word in _WORD.findall(text))


def _may_be_garbled(word: str) -> bool:
    letters_of_old = not word.isascii() and _LATIN_1.issuperset(word)
    return letters_of_old and _ASCII_LETTER.search(word) is not None and not is_syllable(word)


def _points(words: Collection[str], encoding: Encoding) -> int:
    garbled = [word for word in words if is_syllable(to_unicode(word, encoding))]
    strange = sum(map(_is_strange, garbled))
    return len(garbled) + strange if strange else 0


def _is_strange(word: str) -> bool:
    return not _STRANGE.isdisjoint(word) or _CAPITAL_WITHIN.search(word) is not None
