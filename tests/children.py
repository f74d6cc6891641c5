"""Start a real child process in a test, follow what it tells, and kill it as a power cut would."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

SECONDS = 60


class Mouth(Protocol):
    """Where a child speaks."""

    def send(self, word: str, /) -> None: ...


class Ear(Protocol):
    """Where its parent listens."""

    def poll(self, seconds: float = 0.0, /) -> bool: ...

    def recv(self) -> Any: ...

    def close(self) -> None: ...


class Child:
    """A running child; `told` waits for its next word, `kill` ends it without any farewell."""

    def __init__(self, process: BaseProcess, ear: Ear) -> None:
        self._process = process
        self._ear = ear

    def told(self) -> str:
        assert self._ear.poll(SECONDS), "the child says nothing"
        return str(self._ear.recv())

    def told_so_far(self) -> Iterator[str]:
        """The words that are on the way; to be asked of a dead child."""
        while self._ear.poll():
            try:
                yield str(self._ear.recv())
            except EOFError:
                return

    def kill(self) -> None:
        assert self._process.is_alive(), "the child ended by itself"
        self._process.kill()
        self._process.join(SECONDS)


@contextmanager
def child(work: Callable[[Mouth, Path], None], path: Path) -> Iterator[Child]:
    """A new process (not a fork: as on Windows) that runs `work` with a mouth to speak and a path."""
    context = multiprocessing.get_context("spawn")
    ear, mouth = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(mouth, path), daemon=True)
    process.start()
    mouth.close()
    try:
        yield Child(process, ear)
    finally:
        process.kill()
        process.join(SECONDS)
        process.close()
        ear.close()
