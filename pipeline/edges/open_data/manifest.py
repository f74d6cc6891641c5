"""Write what a month was made from and what came of it, `manifest.json`, and read by which plan."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from pipeline.base.record import Submission
from pipeline.edges.store.files import Written, written_of

_INPUT = ("sha256", "size", "unit", "period", "outcome", "archived_as", "arrived_at", "arrival_source")


def manifest(
    header: Mapping[str, object],
    inputs: Sequence[Submission],
    decisions: Sequence[Mapping[str, object]],
    rules: Mapping[str, bytes],
    outputs: Mapping[str, Written],
) -> bytes:
    """The manifest as JSON. `rules` are the data files by name, `outputs` what was written, by its place
    beside it. The names that units gave their files are left out: they may name a person."""
    content = {
        **header,
        "inputs": [{key: getattr(s, key) for key in _INPUT} for s in sorted(inputs, key=lambda s: s.order)],
        "decisions": list(decisions),
        "rules": _files({name: written_of(data) for name, data in rules.items()}),
        "outputs": _files(outputs),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def plan_of(said: bytes) -> str:
    """The sha256 of the plan by which a month was made, as its manifest says; "" where it does not."""
    try:
        return str(json.loads(said)["plan"]["sha256"])
    except (ValueError, KeyError, TypeError):
        return ""


def _files(files: Mapping[str, Written]) -> list[dict[str, object]]:
    return [{"file": name, **asdict(written)} for name, written in sorted(files.items())]
