"""Rows as the rules of a form judge them: columns of values beside the texts that were typed."""

from typing import Any

import pandas as pd


def frame(**columns: list[Any]) -> pd.DataFrame:
    """Columns of values and their raw texts; a text that is no number has a text and no value."""
    data: dict[str, list[Any]] = {}
    for name, cells in columns.items():
        data[name] = [None if isinstance(c, str) and c.startswith("!") else c for c in cells]
        data[f"{name}_text"] = ["" if c is None else str(c).lstrip("!") for c in cells]
    return pd.DataFrame(data, dtype=object)
