"""The styles of an .ods file: which of them set text in a font from before Unicode."""

from typing import IO

from lxml import etree

from pipeline.base.legacy import Encoding, encoding_of
from pipeline.edges.reading.safe_xml import elements

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_OF_CELLS = "table-cell"
_DEFAULT = ""  # stands for the default style, which has no name

NAMES = ("font-face", "default-style", "style")
"""The elements to be added, as local names."""


class FontsOfStyles:
    """Takes the elements of styles, in the order of the files, and tells the encoding of a style."""

    def __init__(self) -> None:
        self._families: dict[str, str] = {}  # name of a font → its family
        self._fonts: dict[str, str] = {}  # style → family
        self._parents: dict[str, str] = {}

    def read(self, styles: IO[bytes]) -> None:
        """The common styles, from `styles.xml`."""
        for element in elements(styles, *NAMES):
            self.add(element)

    def add(self, element: etree._Element) -> None:
        """An element named in `NAMES`."""
        name = element.get(f"{_STYLE}name", _DEFAULT)
        if element.tag == f"{_STYLE}font-face":
            self._families[name] = element.get(f"{_SVG}font-family", name).strip("'")
        elif element.get(f"{_STYLE}family") == _OF_CELLS:
            self._parents[name] = element.get(f"{_STYLE}parent-style-name", _DEFAULT)
            properties = element.find(f"{_STYLE}text-properties")
            font = "" if properties is None else self._font(properties)
            if font:
                self._fonts[name] = font

    def encoding(self, style: str) -> Encoding | None:
        """The encoding of a cell style by its own font or the nearest one that it inherits."""
        seen: set[str] = set()
        while style not in self._fonts and style not in seen:
            seen.add(style)
            style = self._parents.get(style, _DEFAULT)
        return encoding_of(self._fonts.get(style, ""))

    def _font(self, properties: etree._Element) -> str:
        name = properties.get(f"{_STYLE}font-name", "")
        return self._families.get(name, name) or properties.get(f"{_FO}font-family", "").strip("'")
