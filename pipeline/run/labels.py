"""The words of the data files: for the keys of statuses, and for sentences."""

from collections.abc import Mapping

from pipeline.edges.store.files import read_text
from pipeline.run.workspace import SCHEMAS
from pipeline.spec.consolidated import Consolidated, load_consolidated
from pipeline.spec.wording import Wording, load_wording


def consolidated_spec() -> Consolidated:
    """The layout and the words of the consolidated workbook."""
    return load_consolidated("consolidated.toml", read_text(SCHEMAS / "consolidated.toml"))


def sentences() -> Wording:
    """The sentences that are built from figures."""
    return load_wording("wording.toml", read_text(SCHEMAS / "wording.toml"))


def labels() -> Mapping[str, str]:
    """Labels by kind and key: `receipt.sent`, `time.late`, `outcome.partial`, `severity.error`."""
    statuses = consolidated_spec().statuses
    return {
        f"{kind}.{key}": status.label for kind, group in statuses.items() for key, status in group.items()
    }
