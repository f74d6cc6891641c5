"""The cap on answers that leave by themselves."""

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.base.post import KeptLetter, Kind, LetterState
from pipeline.core.leaving import beyond_the_cap
from tests.mailbox import ZONE


def test_an_answer_that_may_have_left_counts_for_its_day() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=ZONE)
    going = KeptLetter("new", "receipt", "2026-11", "CA", "ca@example.org", "s", "f", "d", "m")

    def beyond(kind: Kind, state: LetterState, moment: datetime) -> bool:
        known = replace(going, key="old", kind=kind, state=state, moment=moment.isoformat())
        return beyond_the_cap([going], [known], 1, now) == [going]

    assert [beyond("feedback", state, now) for state in ("sent", "unknown", "refused")] == [True, True, False]
    assert not beyond("reminder", "sent", now)
    assert not beyond("receipt", "sent", now - timedelta(days=1))
