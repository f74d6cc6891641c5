"""Have files read before the modules of a run are loaded: it takes about as long to load them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from pipeline.base.errors import WorldError
from pipeline.edges.reading.ahead import read_ahead
from pipeline.edges.store.inbox import Dropped, StillCopying, list_any, list_inbox, take
from pipeline.run.workspace import Workspace

_MOST_FILES, _LARGEST = 50, 1_000_000  # as much as is read in that time; a form has some 50,000 bytes


def inbox_ahead(workspace: Workspace) -> AbstractContextManager[None]:
    """Have the first forms of the inbox read beside what is done in the block."""
    return _reading(list_inbox(workspace.inbox) if workspace.inbox.is_dir() else [])


def files_ahead(paths: Sequence[Path]) -> AbstractContextManager[None]:
    """The same for files and folders that somebody names."""
    return _reading([file for path in paths for file in list_any(path)])


def _reading(dropped: Sequence[Dropped]) -> AbstractContextManager[None]:
    """A worker comes up for whatever is there; mails and archives are opened by the run itself."""
    forms = [one for one in dropped if one.name.lower().endswith(".xlsx") and one.size <= _LARGEST]
    return read_ahead(list(_bytes(forms[:_MOST_FILES]))) if dropped else nullcontext()


def _bytes(dropped: Iterable[Dropped]) -> Iterator[bytes]:
    """The contents of those that can be read; of the others the run itself will tell."""
    for one in dropped:
        try:
            yield take(one)
        except (StillCopying, WorldError):
            continue
