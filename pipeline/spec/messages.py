"""The sentences for findings, by code, from `schemas/messages.toml`."""

from dataclasses import dataclass
from string import Formatter

from pipeline.base.errors import SpecError
from pipeline.base.finding import Finding, Severity
from pipeline.base.text import shorten
from pipeline.spec.shape import Faults, build, read_once, read_toml

CLOSED_CELL = "C13"  # something stands in a cell that its row does not use
_LONGEST_QUOTE = 500  # characters of a foreign text in a sentence

ACCEPTED = "D01"  # whose `mend` is said of an error that the officer lets pass


@dataclass(frozen=True)
class Message:
    """What is said for one code: what was found, what is expected, how to mend it, an example.

    Placeholders: `{found}`, `{label}` and `{decision}` of the finding, and the keys of its `values`.
    """

    severity: str
    title: str
    found: str
    expected: str
    mend: str
    example: str = ""

    @property
    def level(self) -> Severity:
        return Severity(self.severity)


@dataclass(frozen=True)
class Sentence:
    """A finding put into words."""

    severity: Severity
    title: str
    found: str
    expected: str
    mend: str
    example: str


@dataclass(frozen=True)
class Messages:
    """The catalogue; keys are finding codes."""

    messages: dict[str, Message]

    def severity(self, code: str) -> Severity:
        return self.messages[code].level

    def severity_of(self, finding: Finding) -> Severity:
        """What the officer lets pass only tells."""
        return Severity.NOTE if finding.decision else self.severity(finding.code)

    def say(self, finding: Finding) -> Sentence:
        """Fill the sentences of a finding; raises `KeyError` for an unknown code or placeholder.

        What is quoted stands on one line: in a letter of the office nobody writes lines of his own.
        """
        message = self.messages[finding.code]
        foreign = {"found": finding.found, "label": finding.label, **finding.values}
        foreign |= {"decision": str(finding.decision)}
        words = {key: shorten(" ".join(text.split()), _LONGEST_QUOTE) for key, text in foreign.items()}
        return Sentence(
            severity=self.severity_of(finding),
            title=message.title,
            found=message.found.format(**words),
            expected=message.expected.format(**words),
            mend=(self.messages[ACCEPTED] if finding.decision else message).mend.format(**words),
            example=message.example.format(**words),
        )


@read_once
def load_messages(file: str, text: str) -> Messages:
    """The catalogue in `text`. Raises `SpecError` with every fault."""
    faults = Faults()
    catalogue = build(Messages, {"messages": read_toml(file, text)}, "", faults)
    for code, message in (catalogue.messages if catalogue else {}).items():
        if message.severity not in {s.value for s in Severity}:
            faults.add(f"{code}.severity", "chọn một trong: error, warning, note")
        for part in ("found", "expected", "mend", "example"):
            try:
                list(Formatter().parse(getattr(message, part)))
            except ValueError as error:
                faults.add(f"{code}.{part}", f"dấu ngoặc nhọn không khớp ({error})")
    if catalogue is None or faults:
        raise SpecError(file, faults)
    return catalogue
