"""What every test takes for granted."""

import pytest

from tests.demonstration import Demonstration, demonstrate


@pytest.fixture(autouse=True)
def files_are_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a test drops are whole at once, however young."""
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 0)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Made once for all tests, in a folder with blanks and accents, as on the desk of an officer."""
    return demonstrate(tmp_path_factory.mktemp("demo") / "số liệu minh họa")
