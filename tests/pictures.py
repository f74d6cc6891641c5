"""Make the pictures of the documents anew from real outputs: `python tests/pictures.py`.

Needs LibreOffice (Calc, Writer), pdftoppm and pdftotext of poppler-utils, Chromium, and fonts-roboto for the
page as a phone shows it. To be run after the looks of a workbook, form, report or page have changed; look at
the pictures before they are committed.
"""

import struct
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.base.period import Period  # noqa: E402  # the project is not packaged
from pipeline.run.demo import PLAN_FILE, make_demo  # noqa: E402
from pipeline.run.report import write_report  # noqa: E402
from pipeline.run.workspace import Workspace  # noqa: E402
from tests.browser import browser, look  # noqa: E402
from tests.office import convert  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
PERIOD = Period(2026, 11)
Pixels = NDArray[np.uint8]
NOW = datetime.fromisoformat("2026-11-24T08:00+07:00")
MOST_COLOURS = 256
# LibreOffice writes numbers as a Vietnamese machine does.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi</value></prop></item></oor:items>
"""


@dataclass(frozen=True)
class Picture:
    """The upper part of the first page that holds `words`, of the one file that fits `source`."""

    name: str
    source: str
    words: str
    dots: int = 96  # an inch
    part: float = 1.0  # of the height


PICTURES = (
    Picture("tong-quan", "tong-hop-*.xlsx", "Bản tạm", 190, 0.585),
    Picture("chi-tieu", "tong-hop-*.xlsx", "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", 118),
    Picture("tinh-trang-nop", "tong-hop-*.xlsx", "TÌNH TRẠNG NỘP", 120, 0.62),
    Picture("loi-du-lieu", "tong-hop-*.xlsx", "LỖI, CẢNH BÁO TRONG", 124, 0.62),
    Picture("phieu", "mau/VHXH-*.xlsx", "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", 104, 0.62),
    Picture("phan-hoi", "phan-hoi/CA-*.xlsx", "NHỮNG CHỖ CẦN SỬA", 104, 0.5),
    Picture("bao-cao", "bao-cao-*.docx", "CỘNG HÒA XÃ HỘI", 100, 0.6),
)

PHONE = "trang"  # the leaders' page as a phone shows it
PHONE_WIDTH, PHONE_HEIGHT, PHONE_SCALE = 390, 975, 2
NAMES = {PHONE, *(picture.name for picture in PICTURES)}


def main() -> None:
    """Make all pictures from a demonstration of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS, encoding="utf-8")
        make_demo(folder / "demo", print)
        workspace = Workspace(folder / "demo", folder / "demo" / PLAN_FILE, NOW)
        write_report(workspace, PERIOD, False, print)
        for picture in PICTURES:
            _keep(picture.name, _png(_pixels(picture, workspace.outbox(PERIOD), folder)))
        _keep(PHONE, _on_a_phone(next(workspace.outbox(PERIOD).glob("tong-hop-*.html"))))


def _keep(name: str, png: bytes) -> None:
    path = FOLDER / f"{name}.png"
    path.write_bytes(png)
    print(f"{path.relative_to(ROOT)}: {len(png)} bytes")


def _on_a_phone(page: Path) -> bytes:
    with browser() as running:
        tab = look(running, page, PHONE_WIDTH, PHONE_HEIGHT, scale=PHONE_SCALE)
        return tab.picture(PHONE_WIDTH, PHONE_HEIGHT)


def _pixels(picture: Picture, outbox: Path, folder: Path) -> Pixels:
    """The picture: an array of rows, columns and three colours."""
    (source,) = outbox.glob(picture.source)
    pdf = folder / f"{source.stem}.pdf"
    if not pdf.exists():
        convert(source, "pdf", folder)
    pages = _run("pdftotext", "-layout", str(pdf), "-").decode().split("\f")
    number = next(n for n, text in enumerate(pages, 1) if _squeezed(picture.words) in _squeezed(text))
    page = ["-r", str(picture.dots), "-f", str(number), "-l", str(number)]
    pixels = _ppm(_run("pdftoppm", *page, str(pdf)))
    return _cropped(pixels[: round(len(pixels) * picture.part)])


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def _squeezed(text: str) -> str:
    """Without blanks: a PDF parts words where its font does."""
    return "".join(text.split())


def _ppm(data: bytes) -> Pixels:
    """The pixels of a file in the format P6."""
    magic, size, depth, pixels = data.split(b"\n", 3)
    width, height = map(int, size.split())
    assert (magic, depth) == (b"P6", b"255")
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def _cropped(pixels: Pixels, margin: int = 12) -> Pixels:
    """Without the white around it, but for a margin."""
    rows = np.flatnonzero(pixels.min(axis=(1, 2)) < 250)
    columns = np.flatnonzero(pixels.min(axis=(0, 2)) < 250)
    top, left = max(0, rows[0] - margin), max(0, columns[0] - margin)
    return pixels[top : rows[-1] + margin, left : columns[-1] + margin]


def _png(pixels: Pixels) -> bytes:
    """A PNG with a palette: the commonest colours, and for each other one the nearest of them."""
    height, width, _ = pixels.shape
    every = pixels.reshape(-1, 3).astype(np.int32)
    colours, places, counts = np.unique(every, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts)[:MOST_COLOURS]]
    distance = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    indices = distance.argmin(axis=1).astype(np.uint8)[places.reshape(-1)].reshape(height, width)
    lines = np.concatenate([np.zeros((height, 1), np.uint8), indices], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette.astype(np.uint8).tobytes())]
    parts += [(b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    main()
