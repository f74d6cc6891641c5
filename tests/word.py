"""Read a Word document as Word shows it: each paragraph with the format that its style chain amounts to."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FONTS = ("ascii", "hAnsi", "eastAsia", "cs")
TWIPS = 1440 / 2.54  # a centimetre

Element = etree._Element


def all_text(node: Element) -> str:
    """Every text below a node, that of fields too."""
    return "".join(map(str, node.itertext()))


@dataclass(frozen=True)
class Run:
    """A piece of text in one format; `size` in points."""

    text: str
    size: float
    bold: bool
    italic: bool
    fonts: frozenset[str]


class Paragraph:
    """One paragraph; what it does not say itself its styles say."""

    def __init__(self, node: Element, styles: "Styles") -> None:
        self.node, self.styles = node, styles

    @property
    def text(self) -> str:
        return "".join(t.text or "" for t in self.node.iter(f"{W}t"))

    @property
    def style(self) -> str:
        found = self.node.find(f"{W}pPr/{W}pStyle")
        return "Normal" if found is None else found.get(f"{W}val", "")

    def has(self, name: str) -> bool:
        return self._property(name) is not None

    def value(self, name: str, attribute: str = "val") -> str | None:
        found = self._property(name, attribute)
        return None if found is None else found.get(f"{W}{attribute}")

    def twips(self, name: str, attribute: str) -> int:
        return int(self.value(name, attribute) or 0)

    @property
    def runs(self) -> list[Run]:
        return [self._run(run) for run in self.node.iter(f"{W}r") if all_text(run).strip()]

    def _run(self, run: Element) -> Run:
        chain = [run.find(f"{W}rPr"), *self.styles.run_properties(self.style)]

        def first(name: str, attribute: str = "val") -> str | None:
            for properties in chain:
                found = None if properties is None else properties.find(f"{W}{name}")
                if found is not None:
                    return found.get(f"{W}{attribute}", "1")
            return None

        return Run(
            text="".join(t.text or "" for t in run.iter(f"{W}t")),
            size=int(first("sz") or 0) / 2,
            bold=first("b") == "1",
            italic=first("i") == "1",
            fonts=frozenset(first("rFonts", kind) or "" for kind in FONTS),
        )

    def _property(self, name: str, attribute: str = "") -> Element | None:
        own = self.node.find(f"{W}pPr")
        for properties in (own, *self.styles.paragraph_properties(self.style)):
            found = None if properties is None else properties.find(f"{W}{name}")
            if found is not None and (not attribute or f"{W}{attribute}" in found.attrib):
                return found
        return None


class Styles:
    """The styles of a document, each with those it is based on."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.by_id = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}

    def paragraph_properties(self, style: str) -> Iterator[Element | None]:
        return (node.find(f"{W}pPr") for node in self._chain(style))

    def run_properties(self, style: str) -> Iterator[Element | None]:
        yield from (node.find(f"{W}rPr") for node in self._chain(style))
        yield self.root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")

    def _chain(self, style: str) -> Iterator[Element]:
        while style:
            node = self.by_id[style]
            yield node
            based = node.find(f"{W}basedOn")
            style = "" if based is None else based.get(f"{W}val", "")


class Document:
    """The parts of a .docx file; every one of them must be well formed."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}

    def xml(self, part: str) -> Element:
        return etree.fromstring(self.parts[part])

    @cached_property
    def body(self) -> Element:
        found = self.xml("word/document.xml").find(f"{W}body")
        assert found is not None
        return found

    @cached_property
    def styles(self) -> Styles:
        return Styles(self.xml("word/styles.xml"))

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        return [Paragraph(node, self.styles) for node in self.body.iter(f"{W}p")]

    @property
    def sections(self) -> list[Element]:
        return list(self.body.iter(f"{W}sectPr"))

    @property
    def tables(self) -> list[Element]:
        return list(self.body.iter(f"{W}tbl"))

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    def find(self, begins: str) -> Paragraph:
        return next(p for p in self.paragraphs if p.text.startswith(begins))

    def after(self, begins: str) -> Paragraph:
        """The paragraph that follows the one that begins so."""
        place = next(n for n, p in enumerate(self.paragraphs) if p.text.startswith(begins))
        return self.paragraphs[place + 1]

    def rows(self, table: int) -> list[list[str]]:
        """The cells of the table's rows, as texts."""
        return [
            [Paragraph(cell, self.styles).text for cell in row.findall(f"{W}tc")]
            for row in self.tables[table].findall(f"{W}tr")
        ]
