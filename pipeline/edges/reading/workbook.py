"""Bytes of a foreign file in, a workbook out, or the code of the finding that says why not."""

from pipeline.base.sheet import Workbook
from pipeline.edges.reading.calamine_reader import read_with_calamine
from pipeline.edges.reading.guard import NOT_A_WORKBOOK, UnreadableWorkbook, inspect, is_office_open_xml
from pipeline.edges.reading.openpyxl_reader import read_with_openpyxl
from pipeline.edges.reading.xlsx_reader import read_xlsx

__all__ = ["UnreadableWorkbook", "read_workbook"]


def read_workbook(data: bytes) -> Workbook:
    """The workbook in `data`, if it is safe to open; raises `UnreadableWorkbook` with a code."""
    code = inspect(data)
    if code is not None:
        raise UnreadableWorkbook(code)
    if not is_office_open_xml(data):
        return read_with_calamine(data)
    try:
        return read_xlsx(data)
    except UnreadableWorkbook as refusal:
        if refusal.code != NOT_A_WORKBOOK:
            raise
        return read_with_openpyxl(data)
