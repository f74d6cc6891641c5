"""Containers written byte by byte, for what no library of the tests would write: .msg and winmail.dat."""

import struct
from collections.abc import Mapping
from typing import Union

Tree = Mapping[str, Union[bytes, "Tree"]]

_SECTOR = 512
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_CUTOFF = 4_096


class _Ole2:
    """A compound file of version 3 with one level of allocation (up to 109 × 128 sectors).

    Equal streams share their sectors, as a hostile file would have it.
    """

    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.stored: dict[bytes, int] = {}
        self.mini_stream = b""
        self.mini_fat: list[int] = []
        self.directory: list[list[object]] = []

    def add(self, name: str, content: "bytes | Tree", kind: int) -> int:
        number = len(self.directory)
        self.directory.append([name, kind, _NONE, _NONE, _NONE, 0, 0])
        if isinstance(content, bytes):
            start = self.store(content) if len(content) >= _CUTOFF else self.store_mini(content)
            self.directory[number][5:] = [start, len(content)]
            return number
        previous = number
        for child_name, child in content.items():
            child_number = self.add(child_name, child, 2 if isinstance(child, bytes) else 1)
            self.directory[previous][4 if previous == number else 3] = child_number
            previous = child_number
        return number

    def store(self, content: bytes) -> int:
        if not content or content in self.stored:
            return self.stored.get(content, _END)
        first = self.stored[content] = len(self.sectors)
        pieces = [content[at : at + _SECTOR] for at in range(0, len(content), _SECTOR)]
        self.sectors += [piece.ljust(_SECTOR, b"\0") for piece in pieces]
        self.fat += [*range(first + 1, len(self.sectors)), _END]
        return first

    def store_mini(self, content: bytes) -> int:
        if not content:
            return _END
        first = len(self.mini_fat)
        count = -(-len(content) // 64)
        self.mini_stream += content.ljust(count * 64, b"\0")
        self.mini_fat += [*range(first + 1, first + count), _END]
        return first

    def bytes(self) -> bytes:
        self.directory[0][5:] = [self.store(self.mini_stream), len(self.mini_stream)]
        mini = self.store(b"".join(struct.pack("<I", n) for n in self.mini_fat).ljust(_SECTOR, b"\xff"))
        directory = self.store(b"".join(map(_entry, self.directory)))
        tables = 1
        while tables * 128 < len(self.sectors) + tables:
            tables += 1
        numbers = range(len(self.sectors), len(self.sectors) + tables)
        fat = struct.pack(f"<{len(self.fat)}I", *self.fat) + struct.pack("<I", _FAT_SECTOR) * tables
        header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
        header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        mini_sectors = -(-len(self.mini_fat) * 4 // _SECTOR) or 1
        header += struct.pack("<9I", 0, tables, directory, 0, _CUTOFF, mini, mini_sectors, _END, 0)
        header += struct.pack("<109I", *numbers, *[_FREE] * (109 - tables))
        return header + b"".join(self.sectors) + fat.ljust(tables * _SECTOR, b"\xff")


def _entry(fields: list[object]) -> bytes:
    name, kind, left, right, child, start, size = fields
    spelled = str(name).encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", spelled, len(spelled) + 2, kind, 1, left, right, child, start, size)


def ole2(tree: Tree) -> bytes:
    """A compound file with these streams (bytes) and storages (mappings)."""
    file = _Ole2()
    file.add("Root Entry", tree, 5)
    return file.bytes()


def texts(**properties: str) -> dict[str, bytes]:
    """Text properties of a message or attachment, as `p0037="Tiêu đề"`."""
    return {
        f"__substg1.0_{tag[1:].upper()}001F": text.encode("utf-16-le") for tag, text in properties.items()
    }


def message(properties: Mapping[str, bytes], *attachments: Tree) -> dict[str, "bytes | Tree"]:
    """The tree of an Outlook message."""
    numbered = {f"__attach_version1.0_#{n:08X}": tree for n, tree in enumerate(attachments)}
    return {"__properties_version1.0": bytes(32), **properties, **numbered}


def attachment(content: bytes, **properties: str) -> dict[str, bytes]:
    """The tree of an attachment in an Outlook message."""
    return {"__properties_version1.0": bytes(8), "__substg1.0_37010102": content, **texts(**properties)}


def winmail(*attributes: tuple[int, bytes]) -> bytes:
    """A TNEF file with these attributes of attachments."""
    version = _attribute(1, 0x9006, b"\0\0\1\0")
    return struct.pack("<IH", 0x223E9F78, 1) + version + b"".join(_attribute(2, *a) for a in attributes)


def mapi(*properties: tuple[int, int, bytes]) -> bytes:
    """The content of an attribute that holds counted MAPI properties: (tag, type, value)."""
    packed = b"".join(
        struct.pack("<HHII", kind, tag, 1, len(value)) + value.ljust(-(-len(value) // 4) * 4, b"\0")
        for tag, kind, value in properties
    )
    return struct.pack("<I", len(properties)) + packed


def _attribute(level: int, kind: int, content: bytes) -> bytes:
    return (
        struct.pack("<BHHI", level, kind, 6, len(content))
        + content
        + struct.pack("<H", sum(content) & 0xFFFF)
    )
