"""Check the words in braces of sentences that the office may edit."""

from collections.abc import Set
from string import Formatter

from pipeline.spec.shape import Faults


def check_words(place: str, text: str, known: Set[str], faults: Faults) -> None:
    """Only `{word}` with a known word; anything finer would fail when the sentence is filled."""
    try:
        parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        faults.add(place, f"dấu ngoặc nhọn không khớp ({error})")
        return
    if any(form or conversion for _, form, conversion in parts):
        faults.add(place, "trong ngoặc nhọn chỉ ghi từ, không ghi dạng số")
    for name in sorted({str(name) for name, _, _ in parts} - known):
        usable = ", ".join(f"{{{word}}}" for word in sorted(known)) or "không có từ nào"
        faults.add(place, f"không có từ {{{name}}}; các từ dùng được: {usable}")
