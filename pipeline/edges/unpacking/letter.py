"""Read the headers of a mail, however they are written, and what they say of its sender and time."""

import binascii
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime

from pipeline.edges.unpacking.model import Letter
from pipeline.edges.unpacking.names import guess_text, one_line

# Bytes of headers that are read; what follows them in the same block is not.
LONGEST_BLOCK = 200_000
_LONGEST_HEADER = 8_000
_PARAMETERS_AT_MOST = 100
_SENDERS = ("From", "Sender", "Return-Path")

# What the email package raises on headers that nobody would write: an odd or doubled part of a
# parameter (TypeError, ValueError), comments nested without end (RecursionError), a charset that
# does not exist (LookupError, which IndexError belongs to), a date beyond the calendar.
MALFORMED = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
    MessageError,
)


class _Readable(Compat32):
    """Headers as text, also where raw bytes stand in them; their length is bounded.

    The default policy parses each header by grammar on access: that raises on malformed ones, and
    takes quadratic time. So does splitting the parameters, which their number bounds.
    """

    def header_fetch_parse(self, name: str, value: str) -> str:
        text = guess_text(value.encode("utf-8", "surrogateescape"))
        return ";".join(text[:_LONGEST_HEADER].split(";", _PARAMETERS_AT_MOST)[:_PARAMETERS_AT_MOST])


def parse_headers(block: bytes) -> Message:
    """The headers in `block`, up to the first line that is none."""
    return BytesHeaderParser(policy=_Readable()).parsebytes(block)


def read_letter(headers: Message, carried_by: Letter | None) -> Letter:
    """Who wrote, about what, and when our server received it."""
    return Letter(
        sender=next((address_of(headers, name) for name in _SENDERS if headers.get(name, "").strip()), ""),
        subject=decoded(headers.get("Subject", "")),
        date_header=decoded(headers.get("Date", "")),
        received_at=_received_at(headers),
        message_id=one_line(headers.get("Message-ID", "")),
        carried_by=carried_by,
    )


def decoded(value: str) -> str:
    """The text of a header, with its encoded words (RFC 2047) spelled out."""
    try:
        pieces = decode_header(value)
    except (*MALFORMED, binascii.Error):
        return one_line(value)
    return one_line("".join(_piece(*piece) for piece in pieces))


def parameter(headers: Message, header: str, name: str) -> str:
    """A parameter of a header in any of its spellings (RFC 2231, RFC 2047, bare), or ""."""
    try:
        value = headers.get_param(name, "", header)
    except MALFORMED:
        return ""
    if isinstance(value, tuple):
        charset, _language, text = value
        return one_line(guess_text(text.encode("latin-1", "replace"), charset))
    return decoded(value or "")


def address_of(headers: Message, header: str) -> str:
    """The bare address in a header: the name before it is free text, which may hold another address.

    Where several are to be seen all are named, so that none of them passes for the sender.
    """
    try:
        found = [decoded(address) for _, address in getaddresses(headers.get_all(header, []))]
    except MALFORMED:
        return ""
    return ", ".join(dict.fromkeys(address for address in found if "@" in address))


def _piece(content: str | bytes, charset: str | None) -> str:
    if isinstance(content, str):
        return content
    if charset is None:  # what stood between encoded words, as `decode_header` keeps it
        return content.decode("raw-unicode-escape", "replace")
    return guess_text(content, charset)


def _received_at(headers: Message) -> datetime | None:
    """The moment in the topmost Received header: those below it were written by others."""
    topmost = headers.get("Received", "")
    try:
        moment = parsedate_to_datetime(topmost.rpartition(";")[2].strip())
    except MALFORMED:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
