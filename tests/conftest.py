"""What every test takes for granted."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.demonstration import Demonstration, demonstrate

if TYPE_CHECKING:
    from tests.mail_servers import Dovecot, SmtpServer
    from tests.mailbox import Office

# How fast an example runs says how busy the machine is, nothing of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def files_are_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a test drops are whole at once, however young."""
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 0)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Made once for all tests, in a folder with blanks and accents, as on the desk of an officer."""
    return demonstrate(tmp_path_factory.mktemp("demo") / "số liệu minh họa")


@pytest.fixture(scope="session")
def imap_server() -> "Iterator[Dovecot]":
    """One dovecot for all tests of a process; each test takes a user of its own."""
    from tests.mail_servers import dovecot

    with dovecot() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, imap_server: "Dovecot", monkeypatch: pytest.MonkeyPatch) -> "Office":
    """A workspace with a mailbox of its own."""
    from tests.mail_servers import PASSWORD, VARIABLE
    from tests.mailbox import Office

    monkeypatch.setenv(VARIABLE, PASSWORD)
    return Office(tmp_path, imap_server)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The certificate of the server that sends, and its key."""
    from tests.mail_servers import make_certificate

    return make_certificate(tmp_path_factory.mktemp("chung-thu"))


@pytest.fixture
def smtp(certificate: tuple[Path, Path]) -> "Iterator[SmtpServer]":
    """A server that sends."""
    from tests.mail_servers import smtp_server

    with smtp_server(*certificate) as running:
        yield running


@pytest.fixture
def sender(
    tmp_path: Path, smtp: "SmtpServer", certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A workspace that sends to the server."""
    from tests.mail_servers import PASSWORD, VARIABLE
    from tests.outgoing import set_up_sending

    monkeypatch.setenv(VARIABLE, PASSWORD)
    set_up_sending(tmp_path, smtp.port, certificate[0])
    return tmp_path
