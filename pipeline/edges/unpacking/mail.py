"""Take the attachments out of a mail (RFC 822), however its writer spelled it.

The parts are cut out here, one level at a time, and only headers are given to the email package:
its own parser takes time and memory that nothing bounds where parts are nested or lines are short.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from pipeline.edges.unpacking.letter import LONGEST_BLOCK, parameter, parse_headers, read_letter
from pipeline.edges.unpacking.model import (
    DAMAGED_CONTAINER,
    SIGNATURE_PICTURE_BELOW,
    TOO_DEEP,
    Fault,
    Letter,
    Meter,
    Node,
)
from pipeline.edges.unpacking.names import is_noise, safe_name

_PARTS_NESTED_AT_MOST = 20
_LETTER_TYPES = {"message/rfc822", "message/global"}
_LETTER_NAME = "thu-chuyen-tiep.eml"
# Parts that a mail program adds for another mail program.
_TECHNICAL_TYPES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/applefile",
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
}
# Bytes of a multipart that cost as much to search as one part costs to read.
_SEARCHED_AS_ONE = 32_768
# A letter costs as much to read as this many parts.
_COST_OF_LETTER = 10
_LINE_END = re.compile(rb"\r?\n")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_NEXT_IN_MBOX = re.compile(rb"\r?\n\r?\n(?=From [^\r\n]*[0-9]:[0-9]{2})")
_UUENCODED = re.compile(rb"^begin [0-7]+ [^\r\n]*\r?\n", re.MULTILINE)


def open_mail(node: Node, meter: Meter) -> Iterator[Node | Fault]:
    """The attachments of the mail, or of each mail where several are kept in one file (mbox)."""
    text = node.data.removeprefix(b"\xef\xbb\xbf").lstrip()
    start = 0
    while start >= 0:
        following = _NEXT_IN_MBOX.search(text, start) if text.startswith(b"From ") else None
        whole = _Span(text, start, following.start() if following else len(text))
        meter.look_at(_COST_OF_LETTER)
        headers, body = _split(whole)
        mail = _Mail(node, read_letter(headers, node.letter), meter)
        yield from _part(headers, body, mail, 0)
        start = following.end() if following else -1


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of a mail; parts nested in parts would cost a copy for each level."""

    text: bytes
    start: int
    end: int

    def bytes(self) -> bytes:
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Mail:
    """What all parts of one mail have in common."""

    node: Node
    letter: Letter
    meter: Meter

    def fault(self, code: str) -> Fault:
        return Fault(self.node.name, code)

    def child(self, name: str, data: bytes, is_noise: bool, is_letter: bool) -> Node:
        self.meter.spend(len(data))
        return Node(safe_name(name), data, self.letter, self.node.depth + 1, is_noise, is_letter)


def _part(headers: Message, body: _Span, mail: _Mail, nested: int) -> Iterator[Node | Fault]:
    kind = headers.get_content_type()
    if kind.startswith("multipart/"):
        yield from _multipart(headers, body, mail, nested)
    elif kind not in _TECHNICAL_TYPES:
        mail.meter.look_at(1)
        yield from _single(kind, headers, body, mail)


def _multipart(headers: Message, body: _Span, mail: _Mail, nested: int) -> Iterator[Node | Fault]:
    mail.meter.look_at(1 + (body.end - body.start) // _SEARCHED_AS_ONE)
    if nested >= _PARTS_NESTED_AT_MOST:
        yield mail.fault(TOO_DEEP)
        return
    is_damaged = True
    for part in _cut(body, parameter(headers, "content-type", "boundary")):
        is_damaged = False
        yield from _part(*_split(part), mail, nested + 1)
    if is_damaged:
        yield mail.fault(DAMAGED_CONTAINER)


def _single(kind: str, headers: Message, body: _Span, mail: _Mail) -> Iterator[Node | Fault]:
    name = parameter(headers, "content-disposition", "filename") or parameter(headers, "content-type", "name")
    is_attached = headers.get_content_disposition() == "attachment"
    if kind.startswith("text/") and not name and not is_attached:
        return
    data = _decode(body.bytes(), headers.get("Content-Transfer-Encoding", ""))
    if data is None:
        yield Fault(safe_name(name), DAMAGED_CONTAINER)
        return
    is_letter = kind in _LETTER_TYPES
    is_picture = (
        kind.startswith("image/")
        and "Content-ID" in headers
        and not is_attached
        and len(data) < SIGNATURE_PICTURE_BELOW
    )
    shown = name or (_LETTER_NAME if is_letter else "")
    yield mail.child(shown, data, is_picture or is_noise(name), is_letter)


def _split(part: _Span) -> tuple[Message, _Span]:
    """Headers and body."""
    text, start, end = part.text, part.start, part.end
    at_once = _LINE_END.match(text, start, end)
    if at_once:
        return parse_headers(b""), _Span(text, at_once.end(), end)
    blank = _BLANK_LINE.search(text, start, end)
    if blank is None:
        return parse_headers(text[start : min(end, start + LONGEST_BLOCK)]), _Span(text, end, end)
    return parse_headers(text[start : min(blank.start(), start + LONGEST_BLOCK)]), _Span(
        text, blank.end(), end
    )


def _cut(body: _Span, boundary: str) -> Iterator[_Span]:
    """The parts between the lines of the boundary; the last may lack its end where the mail was cut."""
    if not boundary:
        return
    text = body.text
    line = re.escape(b"--" + boundary.encode("utf-8", "replace"))
    # Looking back comes last: the search for fixed bytes is what makes it fast.
    delimiters = re.compile(line + rb"(?<=\n" + line + rb")(--)?[ \t]*(?:\r?\n|\Z)")
    start = -1
    for delimiter in delimiters.finditer(text, body.start, body.end):
        if start >= 0:
            yield _Span(text, start, _before_line_end(text, start, delimiter.start()))
        if delimiter[1]:
            return
        start = delimiter.end()
    if start >= 0:
        yield _Span(text, start, body.end)


def _before_line_end(text: bytes, start: int, end: int) -> int:
    """Where a part ends whose boundary begins at `end`: the line end before it belongs to the boundary."""
    length = 2 if text.startswith(b"\r\n", end - 2) else 1
    return max(start, end - length)


def _decode(body: bytes, encoding: str) -> bytes | None:
    """The content of a part, or None where it cannot be decoded."""
    match encoding.strip().lower().partition(";")[0]:
        case "base64":
            return _from_base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue":
            return _from_uuencode(body)
    return body


def _from_base64(body: bytes) -> bytes | None:
    """Decoded with what does not belong left out, and with the padding that may have got lost."""
    try:
        data = binascii.a2b_base64(body + b"==")
    except binascii.Error:
        return None
    return data if data or not body.strip() else None


def _from_uuencode(body: bytes) -> bytes | None:
    begin = _UUENCODED.search(body)
    if begin is None:
        return None
    end = body.find(b"\nend", begin.end())
    lines = body[begin.end() : end if end >= 0 else len(body)].splitlines()
    try:
        return b"".join(map(binascii.a2b_uu, lines))
    except binascii.Error:
        return None
