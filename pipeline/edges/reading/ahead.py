"""Read files while whoever will judge them still loads what that takes."""

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress

from pipeline.base.errors import WorldError
from pipeline.edges.reading import workers
from pipeline.edges.reading.workers import DEFAULT, Outcome, WorkerLimits

_BLINK = 0.2  # seconds: on Windows nobody hears Ctrl-C while a thread is waited for


@contextmanager
def read_ahead(items: Sequence[bytes], limits: WorkerLimits = DEFAULT) -> Iterator[None]:
    """Read `items` beside what is done in the block; `read_all` in the block has them already.

    Where no worker starts, nothing is said: whoever asks for the files meets the same.
    """
    with workers.standby(limits):
        ahead = _Ahead(items, limits)
        _AHEAD.append(ahead)
        try:
            yield
        finally:
            _AHEAD.remove(ahead)
            ahead.stop()


def read_all(items: Sequence[bytes], limits: WorkerLimits = DEFAULT) -> Generator[Outcome, None, None]:
    """As `workers.read_all`; what was read ahead is not read again."""
    known = _AHEAD[-1].outcomes() if _AHEAD else {}
    found = [known.pop(item, None) for item in items]
    unread = [item for item, outcome in zip(items, found, strict=True) if outcome is None]
    with closing(workers.read_all(unread, limits)) as others:
        for outcome in found:
            yield next(others) if outcome is None else outcome


class _Ahead:
    """A thread that has files read, one after the other."""

    def __init__(self, items: Sequence[bytes], limits: WorkerLimits) -> None:
        self._outcomes: dict[bytes, Outcome] = {}
        self._is_enough = False
        self._thread = threading.Thread(target=self._read, args=(items, limits), daemon=True)
        self._thread.start()

    def outcomes(self) -> dict[bytes, Outcome]:
        """What was read by the bytes it was read from, once all is read; what is taken out is gone."""
        while self._thread.is_alive():
            self._thread.join(_BLINK)
        return self._outcomes

    def stop(self) -> None:
        """Read nothing more."""
        self._is_enough = True
        self.outcomes().clear()

    def _read(self, items: Sequence[bytes], limits: WorkerLimits) -> None:
        with suppress(WorldError, OSError), closing(workers.read_all(items, limits)) as outcomes:
            for item, outcome in zip(items, outcomes, strict=True):
                self._outcomes[item] = outcome
                if self._is_enough:
                    break


_AHEAD: list[_Ahead] = []
"""What is being read, the innermost block last."""
