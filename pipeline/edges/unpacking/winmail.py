"""Take the attachments out of a `winmail.dat` (TNEF), the wrapper of Outlook for its own kind."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.edges.unpacking.model import DAMAGED_CONTAINER, SIGNATURE_PICTURE_BELOW, Fault, Meter, Node
from pipeline.edges.unpacking.names import guess_text, is_noise, safe_name

_FIRST_ATTRIBUTE = 6
_ATTRIBUTE = struct.Struct("<BHHI")
_CHECKSUM_SIZE = 2
_OF_ATTACHMENT = 2
_BEGINS_ATTACHMENT = 0x9002
_TITLE = 0x8010
_CONTENT = 0x800F
_PROPERTIES = 0x9005

_LONG_NAME, _CONTENT_ID, _MIME_TYPE = 0x3707, 0x3712, 0x370E
_TEXTS = {_LONG_NAME, _CONTENT_ID, _MIME_TYPE}
_OBJECT = 0x3701
_INTERFACE_SIZE = 16
_NAMED_FROM = 0x8000
_MANY = 0x1000
_UNICODE = 0x1F
_OBJECT_TYPE = 0x0D
_COUNTED = {0x1E, _UNICODE, _OBJECT_TYPE, 0x102}
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}


@dataclass(frozen=True, slots=True)
class _Attachment:
    """What the attributes of one attachment have told so far."""

    title: str = ""
    content: bytes | None = None
    texts: Mapping[int, str] = field(default_factory=dict)


def open_winmail(node: Node, meter: Meter) -> Iterator[Node | Fault]:
    """The attachments, in order; a fault at the end where the file is cut or makes no sense."""
    attachment: _Attachment | None = None
    try:
        for kind, content in _attributes(node.data, meter):
            if kind == _BEGINS_ATTACHMENT:
                yield from _taken(attachment, node, meter)
                attachment = _Attachment()
            elif attachment is not None:
                attachment = _told(attachment, kind, content, meter)
    except (struct.error, _Senseless):
        yield Fault(node.name, DAMAGED_CONTAINER)
    yield from _taken(attachment, node, meter)


class _Senseless(Exception):
    """A length that reaches beyond the end, or a type of property that does not exist."""


def _attributes(data: bytes, meter: Meter) -> Iterator[tuple[int, bytes]]:
    """The attributes of attachments."""
    place = _FIRST_ATTRIBUTE
    # Some writers leave a few stray bytes behind the last one.
    while place + _ATTRIBUTE.size + _CHECKSUM_SIZE < len(data):
        meter.look_at(1)
        level, kind, _type, length = _ATTRIBUTE.unpack_from(data, place)
        place += _ATTRIBUTE.size
        if level == _OF_ATTACHMENT:
            if place + length > len(data):
                raise _Senseless
            yield kind, data[place : place + length]
        place += length + _CHECKSUM_SIZE


def _told(attachment: _Attachment, kind: int, content: bytes, meter: Meter) -> _Attachment:
    if kind == _TITLE:
        return replace(attachment, title=guess_text(content).strip("\0"))
    if kind == _CONTENT:
        return replace(attachment, content=content)
    return _with_properties(attachment, content, meter) if kind == _PROPERTIES else attachment


def _with_properties(attachment: _Attachment, content: bytes, meter: Meter) -> _Attachment:
    for tag, kind, value in _read_properties(content, meter):
        if tag in _TEXTS:
            text = value.decode("utf-16-le", "replace") if kind == _UNICODE else guess_text(value)
            attachment = replace(attachment, texts={**attachment.texts, tag: text.strip("\0")})
        elif tag == _OBJECT:
            data = value[_INTERFACE_SIZE:] if kind == _OBJECT_TYPE else value
            attachment = replace(attachment, content=data)
    return attachment


def _read_properties(content: bytes, meter: Meter) -> Iterator[tuple[int, int, bytes]]:
    """(tag, type, value) of each MAPI property with a single value."""
    (count,) = struct.unpack_from("<I", content)
    place = 4
    for _ in range(count):
        kind, tag = struct.unpack_from("<HH", content, place)
        place = _after_name(content, place + 4) if tag >= _NAMED_FROM else place + 4
        values = 1
        if kind & _MANY or kind in _COUNTED:
            (values,) = struct.unpack_from("<I", content, place)
            place += 4
        for _ in range(values):
            meter.look_at(1)
            size, place = _size(content, place, kind & ~_MANY)
            if values == 1:
                yield tag, kind, content[place : place + size]
            place += -(-size // 4) * 4


def _size(content: bytes, place: int, kind: int) -> tuple[int, int]:
    """The size of a value, and where it begins."""
    if kind in _COUNTED:
        (size,) = struct.unpack_from("<I", content, place)
        place += 4
    else:
        size = _SIZES.get(kind, len(content))
    if place + size > len(content):
        raise _Senseless
    return size, place


def _after_name(content: bytes, place: int) -> int:
    """Where a named property goes on behind its name."""
    by_text, length = struct.unpack_from("<16xII", content, place)
    return place + 24 + (-(-length // 4) * 4 if by_text else 0)


def _taken(attachment: _Attachment | None, node: Node, meter: Meter) -> Iterator[Node | Fault]:
    if attachment is None:
        return
    told = attachment.texts.get(_LONG_NAME) or attachment.title
    content = attachment.content
    if content is None:
        yield Fault(safe_name(told), DAMAGED_CONTAINER)
        return
    meter.spend(len(content))
    is_picture = (
        len(content) < SIGNATURE_PICTURE_BELOW
        and attachment.texts.get(_MIME_TYPE, "").startswith("image/")
        and bool(attachment.texts.get(_CONTENT_ID))
    )
    yield Node(safe_name(told), content, node.letter, node.depth + 1, is_picture or is_noise(told))
