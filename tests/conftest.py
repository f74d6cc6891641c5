"""What every test takes for granted."""

import pytest


@pytest.fixture(autouse=True)
def files_are_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a test drops are whole at once, however young."""
    monkeypatch.setattr("pipeline.edges.store.inbox.QUIET_SECONDS", 0)
