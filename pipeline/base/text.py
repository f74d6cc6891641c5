"""Vietnamese text made comparable: one Unicode form, and a folded form for matching."""

import re
import unicodedata
from functools import lru_cache

SOFT_HYPHEN = "\u00ad"
"""Invisible, but the letter ư in texts from before Unicode."""

_INVISIBLE_CHARACTERS = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE_CHARACTERS), None)
_SPACE_CODES = (
    *range(0x09, 0x0E),
    *range(0x1C, 0x21),
    *(0x85, 0xA0, 0x1680),
    *range(0x2000, 0x200B),
    *(0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
)
BLANKS = "".join(map(chr, _SPACE_CODES)) + _INVISIBLE_CHARACTERS
"""Every character of which nothing is left by `clean`, where it stands alone."""
# A number of a telephone (9 to 11 figures) or of an identity card (12), in whatever groups; no dates.
_PHONE = re.compile(
    r"(?<![\d+])(?!\d{1,2}[./-]\d{1,2}[./-]\d{4})"
    r"\(?(?:(?:\+|00)?84(?:\(0\))?|0)(?:[ .()\u00a0\u2010-\u2015-]{0,3}\d){8,11}(?!\d)"
)
# Each begins where a word does, so that a text without an end is looked through once.
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:@| @ |\s?[(\[{]\s?(?:@|at|a[ -]?(?:còng|cong))\s?[)\]}]\s?)[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LEFT_OUT = "[…]"
_SHORT = 300  # characters of a text that is worth being remembered
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")


def clean(text: str, keep: str = "") -> str:
    """Text as it is kept: NFC, no invisible characters save those in `keep`, single spaces, no outer blanks.

    Line breaks survive, since narratives have paragraphs.
    """
    return (_clean_known if len(text) <= _SHORT else _clean)(text, keep)


def fold(text: str) -> str:
    """Text as it is compared: without accents, case, or double spaces ("Đạt " is "dat").

    Only for closed lists and labels; never for codes or free text. Whole strings are
    compared, so that "hoàn thành" never matches "chưa hoàn thành".
    """
    return (_fold_known if len(text) <= _SHORT else _fold)(text)


def shorten(text: str, longest: int) -> str:
    """At most `longest` characters, with an ellipsis where something was left out."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def without_contacts(text: str) -> str:
    """Text as it may be published: mail addresses and numbers of telephones and identity cards left out."""
    return _PHONE.sub(_LEFT_OUT, _MAIL.sub(_LEFT_OUT, text.translate(_FULL_WIDTH)))


def visible(text: str, keep: str = "") -> str:
    """Text without characters that show nothing, or that turn round what stands beside them; those in
    `keep` stay."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isprintable() or c.isspace() or c in keep)


def _clean(text: str, keep: str) -> str:
    invisible = {code: None for code in _INVISIBLE if chr(code) not in keep}
    lines = unicodedata.normalize("NFC", text.translate(invisible)).splitlines()
    return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_INVISIBLE))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    bare = bare.replace("đ", "d").replace("Đ", "D")
    return _SPACES.sub(" ", bare).strip().casefold()


# Nearly all texts of a form stand in every other form too.
_clean_known = lru_cache(maxsize=4_000)(_clean)
_fold_known = lru_cache(maxsize=4_000)(_fold)
