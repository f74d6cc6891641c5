"""Start what comes up by itself before the modules of a run are loaded."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from pipeline.edges.reading.workers import standby
from pipeline.edges.store.inbox import list_inbox
from pipeline.run.workspace import Workspace


@contextmanager
def reader_ahead(workspace: Workspace) -> Iterator[None]:
    """Have a worker come up where the inbox holds anything to read."""
    something = workspace.inbox.is_dir() and list_inbox(workspace.inbox)
    with standby() if something else nullcontext():
        yield
