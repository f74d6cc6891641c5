"""Parse XML of foreign origin: no entities, no document type, no network, no tree without bound."""

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

from lxml import etree

from pipeline.edges.reading.guard import SUSPICIOUS, UnreadableWorkbook

LARGEST_TREE = 16_000_000  # bytes of XML of one row, one string, or one part that is read whole
_SMALL = 16  # a part of one so-manieth of that is read whole in any case: faster by half

_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def parse(stream: IO[bytes]) -> etree._Element:
    """The whole tree of a small part."""
    content = stream.read(LARGEST_TREE + 1)
    if len(content) > LARGEST_TREE:
        raise UnreadableWorkbook(SUSPICIOUS)
    return _tree(content)


def elements(stream: IO[bytes], *names: str) -> Iterator[etree._Element]:
    """The elements with these names in the order in which they end, whatever the size of the part.

    None is to be used after the next was asked for: of a large part, each is emptied by then.
    """
    tags = [f"{{*}}{name}" for name in names]
    content = stream.read(LARGEST_TREE // _SMALL)
    if len(content) < LARGEST_TREE // _SMALL:
        yield from (element for _, element in etree.iterwalk(_tree(content), tag=tags))
    else:
        yield from _one_by_one(_Metered(content, stream), tags)


def _tree(content: bytes) -> etree._Element:
    element = etree.fromstring(content, etree.XMLParser(**_SAFE))
    _refuse_document_type(element)
    return element


def _one_by_one(metered: "_Metered", tags: list[str]) -> Iterator[etree._Element]:
    for count, (_, element) in enumerate(etree.iterparse(metered, tag=tags, **_SAFE)):
        if count == 0:
            _refuse_document_type(element)
        metered.read_since_reset = 0
        yield element
        _forget(element)


class _Metered:
    """A stream that refuses to go on once too much has come without `read_since_reset` set to 0.

    A tree takes some forty times the bytes it is read from, so none may grow without bound. `start` was
    read from the stream before.
    """

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start = BytesIO(start)
        self._stream = stream
        self.read_since_reset = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._start.read(size) or self._stream.read(size)
        self.read_since_reset += len(chunk)
        if self.read_since_reset > LARGEST_TREE:
            raise UnreadableWorkbook(SUSPICIOUS)
        return chunk


def _refuse_document_type(element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise UnreadableWorkbook(SUSPICIOUS)


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
