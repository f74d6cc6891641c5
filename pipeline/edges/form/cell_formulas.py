"""Pieces of the form's live formulas that look at one cell: is it blank, what is its number, is it right.

They judge as the reading in `core` does. Where the number format of a cell cannot be asked (`CELL` knows it
in Excel and LibreOffice only), the number is taken as it stands.
"""

from pipeline.base.sheet import serial_day
from pipeline.base.text import BLANKS
from pipeline.edges.form.lists import BLANKS_NAME
from pipeline.spec.template import ValueType

# First letters of what CELL says of date and of percent formats.
_DATES, _PERCENTAGES = "D", "P"


def quoted(text: str) -> str:
    """A text as a formula holds it."""
    return '"' + text.replace('"', '""') + '"'


def is_blank(*cells: str) -> str:
    """Whether the cells hold nothing but blanks; an error where one holds an error.

    Each of the n blanks is taken out of the text in turn: of blanks alone n - 1 times the length remains.
    """
    text = "&".join(cells)
    return f'LEN({text})*{len(BLANKS) - 1}=SUMPRODUCT(LEN(SUBSTITUTE({text},{BLANKS_NAME},"")))'


def is_listed(cell: str, list_name: str) -> str:
    """Whether a cell holds a line of a list."""
    return f"SUMPRODUCT(--({list_name}=TRIM({cell})))>0"


def in_points(cell: str) -> str:
    """The number of a percentage: 85,5 for a cell that holds 0,855 and shows 85,5%."""
    return f'({cell}*IF(IFERROR(LEFT(CELL("format",{cell})),"")="{_PERCENTAGES}",100,1))'


def is_number(cell: str, value_type: ValueType) -> str:
    """Whether a cell holds a number that may stand there, be it within the limits or not."""
    foreign = _DATES if value_type.percent else _DATES + _PERCENTAGES
    own_format = f'ISERROR(FIND(LEFT(CELL("format",{cell})),"{foreign}"))'
    whole = f",INT({cell})={cell}" if value_type.whole else ""
    return f"AND(ISNUMBER({cell}),{own_format}{whole})"


def is_inside(cell: str, value_type: ValueType) -> str:
    """Whether a number is within its limits."""
    number = in_points(cell) if value_type.percent else cell
    bounds = [
        f"{number}{sign}{bound:.15g}"
        for sign, bound in ((">=", value_type.minimum), ("<=", value_type.maximum))
        if bound is not None
    ]
    return f"AND({','.join(bounds)})" if bounds else "TRUE"


def is_day(cell: str, value_type: ValueType) -> str:
    """Whether a cell holds a day that may stand there; the format does not matter."""
    bounds = [f"ISNUMBER({cell})"]
    if value_type.earliest:
        bounds.append(f"{cell}>={serial_day(value_type.earliest)}")
    if value_type.latest:
        bounds.append(f"{cell}<{serial_day(value_type.latest) + 1}")
    return f"AND({','.join(bounds)})"


def is_short(cell: str, value_type: ValueType) -> str:
    """Whether a text is no longer than it may be."""
    return f"LEN(TRIM({cell}))<={value_type.longest}"
