"""Keep what became of the steps of the months in one small file, so that nothing is done twice."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import get_args

from pipeline.base.errors import OperatorError
from pipeline.base.step_record import StepOutcome, StepRecord
from pipeline.edges.store.files import read_text, write_atomically


class Steps:
    """The record at `path`, by key. It is written anew as a whole with each change, and stands on the
    disk when the method returns; only one process at a time may use it, see `lock`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def records(self) -> Mapping[str, StepRecord]:
        """Every step that was begun; a record that cannot be read is never taken for an empty one."""
        if not self._path.exists():
            return {}
        try:
            kept = json.loads(read_text(self._path))
            return {key: _sound(StepRecord(key, **values)) for key, values in kept.items()}
        except (ValueError, TypeError, AttributeError, RecursionError) as fault:
            raise OperatorError(
                f"Tệp {self._path} đã hỏng nên không biết việc nào đã làm. Hãy lấy lại bản sao lưu; "
                "nếu không có, hãy xóa tệp này: các việc còn hạn sẽ được làm lại."
            ) from fault

    def begin(self, key: str, moment: datetime) -> None:
        """Keep that the step is being tried."""
        at = moment.isoformat(timespec="seconds")
        before = self.records().get(key) or StepRecord(key, "begun", at, at, 0)
        self._keep(replace(before, outcome="begun", at=at, attempts=before.attempts + 1, message=""))

    def finish(self, key: str, outcome: StepOutcome, moment: datetime, message: str = "") -> None:
        """Keep what became of the step, begun or not."""
        at = moment.isoformat(timespec="seconds")
        before = self.records().get(key) or StepRecord(key, outcome, at, at, 0)
        self._keep(replace(before, outcome=outcome, at=at, message=message))

    def _keep(self, record: StepRecord) -> None:
        every = {**self.records(), record.key: record}
        values = {key: {k: v for k, v in asdict(one).items() if k != "key"} for key, one in every.items()}
        write_atomically(self._path, json.dumps(values, ensure_ascii=False, indent=1).encode())


def _sound(record: StepRecord) -> StepRecord:
    """The record, or `ValueError` where it is not one that was written here."""
    moments = [datetime.fromisoformat(text) for text in (record.first_at, record.at)]
    if record.outcome not in get_args(StepOutcome) or not all(moment.tzinfo for moment in moments):
        raise ValueError(f"not a step: {record}")
    return record
