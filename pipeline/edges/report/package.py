"""Zip a Word document the same way every time, and tell whether somebody has changed it since."""

import hashlib
import io
import zipfile
from pathlib import Path

_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name


def repacked(document: bytes) -> bytes:
    """The same document without the moments of packing, sealed with a fingerprint of its content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
        new.comment = _fingerprint(old)
    return buffer.getvalue()


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
