"""Names that strangers chose: decoded by guess where need be, and made harmless."""

import re
import unicodedata
from contextlib import suppress
from pathlib import PurePosixPath

NAMELESS = "tep-khong-ten"

_LONGEST = 120
_LONGEST_ENDING = 12
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DRIVE = re.compile(r"^[A-Za-z]:")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_NOISE_STARTS = ("~$", "._")
_NOISE_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}
_NOISE_FOLDER = "__macosx"
# The tones and the marks of vowels, as they stand alone in decomposed text.
_VIETNAMESE_MARKS = frozenset("đĐ\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b")


def safe_name(path: str) -> str:
    """The last part of `path` as a file name that is harmless on every system, never empty."""
    base = _DRIVE.sub("", path.replace("\\", "/").rstrip("/ ").rpartition("/")[2])
    visible = "".join(c for c in base if not unicodedata.category(c).startswith("C"))
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", visible)).strip().rstrip(". ")
    if _RESERVED.match(name):
        name = "_" + name
    return _shortened(name) or NAMELESS


def one_line(text: str) -> str:
    """Text of a header as it is shown: NFC, on one line, without what cannot be seen."""
    spaced = " ".join(text.split())
    visible = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    return unicodedata.normalize("NFC", visible)


def is_noise(path: str) -> bool:
    """Whether a path is one that systems leave behind, and no person sends."""
    *folders, name = path.replace("\\", "/").lower().split("/")
    return name in _NOISE_NAMES or name.startswith(_NOISE_STARTS) or _NOISE_FOLDER in folders


def guess_text(raw: bytes, declared: str | None = None) -> str:
    """Bytes as text. What is valid as UTF-8 is UTF-8, whatever was declared."""
    for encoding in ("utf-8", declared, "cp1258"):
        # A ValueError that is no UnicodeError: a declared name with a NUL in it.
        with suppress(ValueError, LookupError):
            if encoding:
                return raw.decode(encoding)
    return raw.decode("latin-1")


def is_vietnamese(text: str) -> bool:
    """Whether each letter beyond ASCII is one of Vietnamese."""
    return all(c.isascii() or c in _VIETNAMESE_MARKS for c in unicodedata.normalize("NFD", text))


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    ending = PurePosixPath(name).suffix
    if len(ending) > _LONGEST_ENDING:
        ending = ""
    return name[: _LONGEST - len(ending)].rstrip(". ") + ending
