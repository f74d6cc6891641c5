"""The documents of the project for tests, and how to find things in them."""

import re

from pipeline.spec.consolidated import Consolidated, load_consolidated
from tests.forms import SCHEMAS

ROOT = SCHEMAS.parent
READMES = ("README.md", "README.vi.md")
GUIDE, UNITS_PAGE = "docs/huong-dan-can-bo-tong-hop.md", "docs/huong-dan-don-vi.md"
OWN_PLAN = "docs/ke-hoach-cua-ban.md"
DOCUMENTS = (
    *READMES,
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "benchmarks/README.md",
    "schemas/README.md",
    GUIDE,
    UNITS_PAGE,
    OWN_PLAN,
    *(f"{folder}/README.md" for folder in ("inbox", "outbox", "archive")),
)


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def looks() -> Consolidated:
    return load_consolidated("consolidated", read("schemas/consolidated.toml"))


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading outside code blocks."""
    bare = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [(len(m[1]), m[2]) for m in re.finditer(r"^(#+) (.+)$", bare, re.MULTILINE)]


def code_blocks(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(text: str) -> set[str]:
    """What links within the text may lead to: headings in small letters, without signs."""
    return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for _, words in headings(text)}


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows, without headers and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = {n for n, line in enumerate(lines) if set(line) <= set("|- ")}
    kept = [line for n, line in enumerate(lines) if not {n, n + 1} & rules]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in kept]


def chapter(text: str, heading: str, level: str) -> str:
    """The text below a heading, down to the next one of its level or above."""
    below = text.partition(f"\n{level} {heading}")[2]
    return re.split(rf"^#{{1,{len(level)}}} ", below, maxsplit=1, flags=re.MULTILINE)[0]
