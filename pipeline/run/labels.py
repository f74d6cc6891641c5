"""The words of the data files: for the keys of statuses, and for sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.edges.store.files import read_text
from pipeline.run.workspace import SCHEMAS
from pipeline.spec.statuses import load_statuses

if TYPE_CHECKING:
    from pipeline.spec.consolidated import Consolidated
    from pipeline.spec.wording import Wording

_LOOKS = "consolidated.toml"


def consolidated_spec() -> "Consolidated":
    """The layout and the words of the consolidated workbook."""
    from pipeline.spec.consolidated import load_consolidated

    return load_consolidated(_LOOKS, read_text(SCHEMAS / _LOOKS))


def sentences() -> "Wording":
    """The sentences that are built from figures."""
    from pipeline.spec.wording import load_wording

    return load_wording("wording.toml", read_text(SCHEMAS / "wording.toml"))


def labels() -> Mapping[str, str]:
    """Labels by kind and key: `receipt.sent`, `time.late`, `outcome.partial`, `severity.error`."""
    statuses = load_statuses(_LOOKS, read_text(SCHEMAS / _LOOKS))
    return {
        f"{kind}.{key}": status.label for kind, group in statuses.items() for key, status in group.items()
    }
