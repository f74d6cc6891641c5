"""Zip a Word document the same way every time, and tell whether somebody has changed it since."""

import hashlib
import io
import zipfile
from pathlib import Path

from pipeline.edges.packing import packed


def repacked(document: bytes) -> bytes:
    """The same document without the moments of packing, sealed with a fingerprint of its content."""
    with zipfile.ZipFile(io.BytesIO(document)) as old:
        return packed({name: old.read(name) for name in old.namelist()}, _fingerprint(old))


def is_untouched(path: Path) -> bool:
    """Whether the file is as `repacked` left it: Word drops the seal with the first save."""
    try:
        with zipfile.ZipFile(path) as package:
            return package.comment == _fingerprint(package)
    except zipfile.BadZipFile:
        return False


def _fingerprint(package: zipfile.ZipFile) -> bytes:
    content = hashlib.sha256()
    for entry in package.infolist():
        content.update(f"{entry.filename}\0{entry.file_size}\0{entry.CRC}\0".encode())
    return content.hexdigest().encode()
