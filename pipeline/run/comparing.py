"""Keep what units are told of figures that do not agree: a text among the feedback, while it holds."""

import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.core.calendar import next_deadline
from pipeline.core.comparisons import Comparison, comparisons
from pipeline.core.form_content import deadline_text
from pipeline.core.month import Month
from pipeline.edges.store.files import delete, read_text, write_atomically
from pipeline.run.labels import labels, sentences
from pipeline.run.workspace import Setting

_MARK = "doi-chieu"
_NAME = re.compile(rf"(.+)-\d{{4}}-\d\d-({_MARK}-[0-9a-f]{{8}})")


def write_comparisons(chosen: Setting, month: Month) -> None:
    """Write the texts of the setting's period; those that say what holds no more go."""
    limit = next_deadline(chosen.plan.calendar, chosen.period, chosen.today)
    deadline = deadline_text(limit, chosen.template)
    told = comparisons(month, chosen.plan, chosen.template, chosen.messages, sentences(), labels(), deadline)
    texts = {_path(chosen, one): one.text for one in told}
    for path in _written(chosen):
        if path not in texts:
            delete(path)
    for path, text in texts.items():
        write_atomically(path, text.encode("utf-8-sig"))


def comparisons_of(chosen: Setting) -> Mapping[tuple[str, str], str]:
    """The texts that lie there, by unit and by what they are about; one to a unit that a changed plan no
    longer has is left out."""
    texts = {_whose(path): path for path in _written(chosen)}
    return {whose: read_text(path) for whose, path in texts.items() if whose[0] in chosen.plan.unit_by_id}


def _path(chosen: Setting, one: Comparison) -> Path:
    name = f"{one.unit}-{chosen.period}-{_MARK}-{one.about}.txt"
    return chosen.workspace.feedback(chosen.period) / name


def _whose(path: Path) -> tuple[str, str]:
    named = _NAME.fullmatch(path.stem)
    return (named[1], named[2]) if named else ("", "")


def _written(chosen: Setting) -> list[Path]:
    """Those that a run wrote: what an officer copied, or named himself, is his own."""
    folder = chosen.workspace.feedback(chosen.period)
    return [path for path in sorted(folder.glob(f"*-{chosen.period}-{_MARK}-*.txt")) if _whose(path)[0]]
