"""Open whatever may wrap a filled form, as deep as it goes, within bounds: bytes in, files and faults out.

Nothing is written, executed or fetched. What is a container is judged by content, never by name.
"""

from collections.abc import Iterator

from pipeline.edges.unpacking.kind import DIRECTORY_ENTRY, Kind, kind_of
from pipeline.edges.unpacking.mail import open_mail
from pipeline.edges.unpacking.model import (
    DEFAULT,
    NOTHING_IN_IT,
    TOO_DEEP,
    TOO_LARGE,
    TOO_MANY,
    Fault,
    Letter,
    LimitReached,
    Limits,
    Member,
    Meter,
    Node,
    Opener,
    Unpacked,
)
from pipeline.edges.unpacking.names import safe_name
from pipeline.edges.unpacking.outlook import open_outlook
from pipeline.edges.unpacking.winmail import open_winmail
from pipeline.edges.unpacking.zip import open_zip

__all__ = ["DEFAULT", "Fault", "Kind", "Letter", "Limits", "Member", "Unpacked", "kind_of", "unpack"]

_OPENERS: dict[Kind, Opener] = {
    "zip": open_zip,
    "mail": open_mail,
    "outlook": open_outlook,
    "winmail": open_winmail,
}


def unpack(name: str, data: bytes, limits: Limits = DEFAULT) -> Unpacked:
    """All files in `data`, or `data` itself where it is no container."""
    members: list[Member] = []
    faults: list[Fault] = []
    root = Node(safe_name(name), data)
    try:
        for item in _leaves(root, Meter(limits)):
            if len(members) + len(faults) == limits.entries:
                raise LimitReached(TOO_MANY)
            if isinstance(item, Member):
                members.append(item)
            else:
                faults.append(item)
    except LimitReached as reached:
        faults.append(Fault(root.name, reached.code))
    return Unpacked(tuple(members), tuple(faults))


def _leaves(node: Node, meter: Meter) -> Iterator[Member | Fault]:
    kind = _kind(node, meter)
    opener = _OPENERS.get(kind)
    if opener is None:
        if kind == "workbook" or not node.is_noise:
            yield Member(node.name, node.data, node.letter)
    elif node.depth >= meter.limits.depth:
        yield Fault(node.name, TOO_DEEP)
    elif len(node.data) > meter.limits.total:
        yield Fault(node.name, TOO_LARGE)
    else:
        yield from _inside(node, opener, meter)


def _inside(node: Node, opener: Opener, meter: Meter) -> Iterator[Member | Fault]:
    is_empty = True
    for item in opener(node, meter):
        for leaf in [item] if isinstance(item, Fault) else _leaves(item, meter):
            is_empty = False
            yield leaf
    # A mail forwarded without its attachments is but text; what carried it tells whether all is.
    if is_empty and not node.is_letter:
        yield Fault(node.name, NOTHING_IN_IT)


def _kind(node: Node, meter: Meter) -> Kind:
    meter.look_at(node.data.count(DIRECTORY_ENTRY))
    kind = kind_of(node.data)
    return "mail" if kind == "other" and node.is_letter else kind
