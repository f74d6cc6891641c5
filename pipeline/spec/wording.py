"""Sentences built from figures and the text about method, from `schemas/wording.toml`."""

from dataclasses import dataclass
from string import Formatter

from pipeline.base.errors import SpecError
from pipeline.spec.shape import Faults, build, read_once, read_toml


@dataclass(frozen=True)
class Method:
    """One paragraph of the sheet that explains how figures are computed."""

    heading: str
    text: str


@dataclass(frozen=True)
class Lists:
    """How long a list in a sentence may be: up to `whole` names stand whole, of more the first `begins`."""

    whole: int
    begins: int


@dataclass(frozen=True)
class Wording:
    """All sentences by key, how long their lists may be, and the paragraphs about method in their order."""

    sentences: dict[str, str]
    lists: Lists
    methods: tuple[Method, ...]

    def say(self, key: str, **words: object) -> str:
        """Fill a sentence; raises `KeyError` for an unknown key or a missing word."""
        return self.sentences[key].format(**words)


@read_once
def load_wording(file: str, text: str) -> Wording:
    """The wording in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    wording = build(Wording, read_toml(file, text), "", faults)
    texts = dict(wording.sentences) if wording else {}
    texts |= {f"methods({m.heading})": m.text for m in wording.methods} if wording else {}
    for place, sentence in texts.items():
        try:
            list(Formatter().parse(sentence))
        except ValueError as error:
            faults.add(place, f"dấu ngoặc nhọn không khớp ({error})")
    if wording and not 1 <= wording.lists.begins <= wording.lists.whole:
        faults.add("lists.begins", "từ 1 đến lists.whole")
    if wording is None or faults:
        raise SpecError(file, faults)
    return wording
