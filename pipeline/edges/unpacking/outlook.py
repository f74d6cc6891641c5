"""Take the attachments out of a message that Outlook saved (.msg)."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.edges.ole2 import CompoundFile, DamagedOle2, Entry
from pipeline.edges.unpacking.letter import parse_headers, read_letter
from pipeline.edges.unpacking.model import (
    DAMAGED_CONTAINER,
    SIGNATURE_PICTURE_BELOW,
    TOO_DEEP,
    TOO_LARGE,
    Fault,
    Letter,
    Meter,
    Node,
)
from pipeline.edges.unpacking.names import guess_text, is_noise, one_line, safe_name

_ATTACHMENT = "__attach_version1.0_"
_PROPERTY = "__substg1.0_"
_UNICODE = "001F"
_EIGHT_BIT = "001E"
_CONTENT = _PROPERTY + "37010102"
_EMBEDDED = _PROPERTY + "3701000D"
_HEADERS = "007D"
_SUBJECT = "0037"
_MESSAGE_ID = "1035"
_SENDERS = ("5D01", "0C1F")
_NAMES = ("3707", "3704", "3001")
_CONTENT_ID = "3712"
_MIME_TYPE = "370E"


def open_outlook(node: Node, meter: Meter) -> Iterator[Node | Fault]:
    """The attachments of the message, and of the messages attached to it."""
    try:
        compound = CompoundFile(node.data)
        yield from _message(compound, compound.root, node, meter)
    except DamagedOle2:
        yield Fault(node.name, DAMAGED_CONTAINER)


def _message(compound: CompoundFile, storage: Entry, node: Node, meter: Meter) -> Iterator[Node | Fault]:
    properties = _Properties(compound, storage, meter)
    inside = replace(node, letter=_letter(properties, node.letter), depth=node.depth + 1)
    for entry in compound.children(storage):
        if entry.is_storage and entry.name.startswith(_ATTACHMENT):
            yield from _attachment(compound, entry, inside, meter)


def _attachment(compound: CompoundFile, storage: Entry, inside: Node, meter: Meter) -> Iterator[Node | Fault]:
    properties = _Properties(compound, storage, meter)
    name = properties.first_text(_NAMES)
    embedded = properties.entry(_EMBEDDED)
    content = properties.entry(_CONTENT)
    if embedded is not None and embedded.is_storage and content is None:
        yield from _embedded(compound, embedded, replace(inside, name=safe_name(name)), meter)
    elif content is None:
        yield Fault(safe_name(name), DAMAGED_CONTAINER)
    elif content.size > meter.bytes_left:
        yield Fault(safe_name(name), TOO_LARGE)
    else:
        is_picture = (
            content.size < SIGNATURE_PICTURE_BELOW
            and properties.text(_MIME_TYPE).startswith("image/")
            and bool(properties.text(_CONTENT_ID))
        )
        meter.spend(content.size)
        data = compound.read(content)
        yield replace(inside, name=safe_name(name), data=data, is_noise=is_picture or is_noise(name))


def _embedded(compound: CompoundFile, storage: Entry, node: Node, meter: Meter) -> Iterator[Node | Fault]:
    """A message within the message; any other object is of no use outside of Outlook."""
    if not any(entry.name == "__properties_version1.0" for entry in compound.children(storage)):
        yield Fault(node.name, DAMAGED_CONTAINER)
    elif node.depth >= meter.limits.depth:
        yield Fault(node.name, TOO_DEEP)
    else:
        yield from _message(compound, storage, node, meter)


class _Properties:
    """The properties of a message or an attachment that are kept as streams."""

    def __init__(self, compound: CompoundFile, storage: Entry, meter: Meter) -> None:
        self._compound = compound
        self._meter = meter
        children = compound.children(storage)
        meter.look_at(len(children))
        self._entries = {entry.name.upper(): entry for entry in children}

    def entry(self, name: str) -> Entry | None:
        return self._entries.get(name.upper())

    def text(self, tag: str) -> str:
        for kind in (_UNICODE, _EIGHT_BIT):
            entry = self.entry(_PROPERTY + tag + kind)
            if entry is not None:
                self._meter.spend(entry.size)
                raw = self._compound.read(entry)
                return raw.decode("utf-16-le", "replace") if kind == _UNICODE else guess_text(raw)
        return ""

    def first_text(self, tags: tuple[str, ...]) -> str:
        return next(filter(None, map(self.text, tags)), "")


def _letter(properties: _Properties, carried_by: Letter | None) -> Letter:
    """From the headers of the mail as it was sent, where Outlook kept them."""
    headers = properties.text(_HEADERS).lstrip().encode("utf-8", "replace")
    letter = read_letter(parse_headers(headers), carried_by)
    return replace(
        letter,
        sender=letter.sender or one_line(properties.first_text(_SENDERS)),
        subject=letter.subject or one_line(properties.text(_SUBJECT)),
        message_id=letter.message_id or one_line(properties.text(_MESSAGE_ID)),
    )
