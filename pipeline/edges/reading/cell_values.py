"""What the text of a workbook's XML means: dates, escaped characters, addresses of cells."""

import math
import re
from datetime import datetime, time, timedelta
from functools import lru_cache

MILLISECONDS_PER_DAY = 86_400_000
EPOCH_1900 = datetime(1899, 12, 30)
EPOCH_1904 = datetime(1904, 1, 1)

# The day 29/02/1900, which Excel believes in, has the number 60: before it all counts are one less.
_FALSE_LEAP_DAY = 60
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Quoted text, an escaped character, a blank of a character's width, a fill; then brackets other
# than elapsed time: [Red], [$-42A], [>=100].
_LITERALS = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_DATE_TOKEN = re.compile(r"[dmyhs]", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def is_date_format(number_format: str) -> bool:
    """Whether Excel shows a number in this format as a date, a time or an elapsed time."""
    positive = _LITERALS.sub("", number_format).partition(";")[0]
    return positive != "General" and _DATE_TOKEN.search(positive) is not None


def from_serial(serial: float, epoch: datetime) -> datetime | time | None:
    """The moment with this number of days, to the millisecond; below one day a time of day.

    None where the calendar ends.
    """
    whole = math.floor(serial)
    rest = timedelta(milliseconds=round((serial - whole) * MILLISECONDS_PER_DAY))
    if whole == 0 and rest.days == 0:
        return (datetime.min + rest).time()
    if epoch == EPOCH_1900 and 0 < serial < _FALSE_LEAP_DAY:
        whole += 1
    try:
        return epoch + timedelta(days=whole) + rest
    except OverflowError:
        return None


def from_iso(text: str) -> datetime | time:
    """A moment as strict workbooks store it; a date alone is its midnight. Raises `ValueError`."""
    if "-" not in text:
        return time.fromisoformat(text).replace(tzinfo=None)
    return datetime.fromisoformat(text).replace(tzinfo=None)


def unescape(text: str) -> str:
    """`_x000D_` stands for the character of that code, `_x005F_` for the underscore of a literal."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Two escapes may be the halves of one character; a half alone could not be written anywhere.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@lru_cache(maxsize=20_000)
def position(reference: str) -> tuple[int, int]:
    """B7 → (7, 2). Raises `ValueError`."""
    match = _ADDRESS.fullmatch(reference)
    if match is None or match[2].startswith("0"):
        raise ValueError(f"not an address: {reference!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
