"""Write what a month was made from and what came of it: `manifest.json`."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from pipeline.base.record import Submission

_INPUT = ("sha256", "size", "unit", "period", "outcome", "archived_as", "arrived_at", "arrival_source")


def manifest(
    header: Mapping[str, object],
    inputs: Sequence[Submission],
    decisions: Sequence[Mapping[str, object]],
    rules: Mapping[str, bytes],
    outputs: Mapping[str, bytes],
) -> bytes:
    """The manifest as JSON. `rules` are the data files by name, `outputs` the files by their place beside
    it. The names that units gave their files are left out: they may name a person."""
    content = {
        **header,
        "inputs": [{key: getattr(s, key) for key in _INPUT} for s in sorted(inputs, key=lambda s: s.order)],
        "decisions": list(decisions),
        "rules": _hashes(rules),
        "outputs": _hashes(outputs),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _hashes(files: Mapping[str, bytes]) -> list[dict[str, object]]:
    return [
        {"file": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(files.items())
    ]
