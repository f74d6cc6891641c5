"""Vietnamese text from before Unicode: which fonts it is set in, and what its characters stand for.

A workbook stores such text as Latin characters ("ViÖt Nam") that only the font shows as Vietnamese.
The tables are those of TCVN 5712:1993, set VN3 (fonts `.VnTime` …, also called ABC), and of the VNI
encoding for Windows (fonts `VNI-Times` …). They were compared with the charmap TCVN5712-1 of glibc
and with the tables TCVN3 and VNI-WIN of the converter in UniKey.
"""

import re
from collections.abc import Iterator
from typing import Literal
from unicodedata import normalize

Encoding = Literal["tcvn3", "tcvn3_capitals", "vni"]

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_TONES = (_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT)

# TCVN3: the signs of a vowel with each tone, in the order of `_TONES`. Capitals with a tone have no
# sign: they are written in a font that shows small letters as capitals.
_TCVN3_TONES = {
    "a": "¸µ¶·¹",
    "ă": "¾»¼½Æ",
    "â": "ÊÇÈÉË",
    "e": "ÐÌÎÏÑ",
    "ê": "ÕÒÓÔÖ",
    "i": "Ý×ØÜÞ",
    "o": "ãßáâä",
    "ô": "èåæçé",
    "ơ": "íêëìî",
    "u": "óïñòô",
    "ư": "øõö÷ù",
    "y": "ýúûüþ",
}
_TCVN3_LETTERS = dict(zip("ĂÂÊÔƠƯĐăâêôơưđ", "¡¢£¤¥¦§¨©ª«¬\u00ad®", strict=True))

# VNI: a letter and a mark of its own width. One mark is circumflex or breve and tone together.
_VNI_TONES = "ùøûõï"
_VNI_CIRCUMFLEX, _VNI_CIRCUMFLEX_TONES = "â", "áàåãä"
_VNI_BREVE, _VNI_BREVE_TONES = "ê", "éèúüë"
_VNI_LETTERS = {"ơ": "ô", "ư": "ö", "đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}


def encoding_of(font: str) -> Encoding | None:
    """The encoding that a font was made for, None for a font of Unicode."""
    name = font.strip().casefold()
    if name.startswith(".vn"):
        return "tcvn3_capitals" if name.endswith("h") else "tcvn3"
    return "vni" if name.startswith("vni-") else None


def to_unicode(text: str, encoding: Encoding) -> str:
    """The text as its font shows it, in NFC; what is no sign of the encoding stays as it is."""
    match encoding:
        case "tcvn3":
            return normalize("NFC", text.translate(_TCVN3))
        case "tcvn3_capitals":
            return normalize("NFC", text.translate(_TCVN3).upper())
        case "vni":
            return normalize("NFC", _VNI_SIGN.sub(lambda sign: _VNI[sign[0]], text))


def _tcvn3() -> Iterator[tuple[str, str]]:
    for letter, sign in _TCVN3_LETTERS.items():
        yield sign, letter
    for letter, signs in _TCVN3_TONES.items():
        yield from zip(signs, _with_tones(letter), strict=True)


def _vni() -> Iterator[tuple[str, str]]:
    """The small letters."""
    yield from ((sign, letter) for letter, sign in _VNI_LETTERS.items())
    for letter in "aeouy":
        yield from _marked(letter, _VNI_TONES, _with_tones(letter))
    for letter in "ơư":
        yield from _marked(_VNI_LETTERS[letter], _VNI_TONES, _with_tones(letter))
    for base, letter in zip("aeo", "âêô", strict=True):
        yield base + _VNI_CIRCUMFLEX, letter
        yield from _marked(base, _VNI_CIRCUMFLEX_TONES, _with_tones(letter))
    yield "a" + _VNI_BREVE, "ă"
    yield from _marked("a", _VNI_BREVE_TONES, _with_tones("ă"))


def _marked(base: str, marks: str, letters: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((base + mark, letter) for mark, letter in zip(marks, letters, strict=True))


def _with_tones(letter: str) -> list[str]:
    return [normalize("NFC", letter + tone) for tone in _TONES]


def _in_both_cases(small: dict[str, str]) -> dict[str, str]:
    """With the capitals. The letter decides; its mark may be of the other size, and is often left small."""
    both = dict(small)
    for signs, letter in small.items():
        base, mark = signs[:1], signs[1:]
        both[base + mark.upper()] = letter
        both |= dict.fromkeys((base.upper() + mark, base.upper() + mark.upper()), letter.upper())
    return both


_TCVN3 = {ord(sign): letter for sign, letter in _tcvn3()}
_VNI = _in_both_cases(dict(_vni()))
_VNI_SIGN = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

LETTERS = frozenset("".join(_TCVN3.values()) + "".join(_TCVN3.values()).upper())
"""The letters of Vietnamese beyond ASCII, in NFC."""
