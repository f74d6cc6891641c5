"""What every test takes for granted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mail_servers import Dovecot


@pytest.fixture(autouse=True)
def files_are_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a test drops are whole at once, however young."""
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 0)


@pytest.fixture(scope="session")
def imap_server() -> "Iterator[Dovecot]":
    """One dovecot for all tests of a process; each test takes a user of its own."""
    from tests.mail_servers import dovecot

    with dovecot() as running:
        yield running
