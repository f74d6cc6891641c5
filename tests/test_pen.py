"""What the pen leaves out of xlsxwriter's work changes no byte of what is written."""

import pytest
from xlsxwriter.worksheet import Worksheet

from pipeline.edges import pen
from pipeline.edges.consolidated.writer import write_consolidated
from tests.forms import CREATED, filled, issued, write
from tests.table_rows import LOOKS
from tests.tables import month
from tests.test_consolidated_big import with_formulas


def test_formulas_are_written_as_xlsxwriter_itself_would(monkeypatch: pytest.MonkeyPatch) -> None:
    def written() -> tuple[bytes, bytes]:
        form = issued("VHXH")
        return write(form, filled(form, {})), write_consolidated(with_formulas(month()), LOOKS, CREATED)

    ours = written()
    monkeypatch.setattr(pen, "PlainSheet", Worksheet)
    assert written() == ours
