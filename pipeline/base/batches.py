"""Many things in parts that fit into memory."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in parts; `itertools.batched` came with Python 3.12."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
