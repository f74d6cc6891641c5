"""Each rule for the head and the foot of the report refuses a plan that breaks it."""

import pytest

from pipeline.base.errors import SpecError
from pipeline.spec.plan_file import load_plan
from tests.forms import PLAN, SCHEMAS

TEXT = (SCHEMAS / "plan-2026.toml").read_text(encoding="utf-8")
ENDS = "report.recipients: dòng đầu là «Như trên», dòng cuối là «Lưu: VT, …»"


def faults(old: str, new: str) -> tuple[str, ...]:
    assert TEXT.count(old) == 1
    with pytest.raises(SpecError) as raised:
        load_plan("plan", TEXT.replace(old, new))
    return raised.value.faults


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"BC-VHXH"  ',
            '"KH-VHXH"  ',
            "report.symbol: phải là BC và chữ viết tắt của nơi ban hành, ví dụ BC-VHXH",
        ),
        ('"Trưởng phòng"', '" "', "report.signer_role: không được để trống"),
        (
            'Phước An {month}"',
            'Phước An"',
            "report.subject: phải có {month} đúng một lần, và không có ngoặc nhọn nào khác",
        ),
        (
            '{month}"',
            '{month} {year}"',
            "report.subject: phải có {month} đúng một lần, và không có ngoặc nhọn nào khác",
        ),
        ('["Như trên", ', "[", ENDS),
        (', "Lưu: VT, VHXH"]', "]", ENDS),
        ('["Như trên", "Các cơ quan, đơn vị báo cáo", "Lưu: VT, VHXH"]', "[]", ENDS),
        (
            '"Các cơ quan, đơn vị báo cáo"',
            '"Các cơ quan;"',
            "report.recipients: không ghi dấu chấm, chấm phẩy ở cuối: chương trình tự ghi",
        ),
    ],
)
def test_what_the_decree_asks_is_asked(old: str, new: str, said: str) -> None:
    assert said in faults(old, new)


def test_a_plan_may_do_without() -> None:
    text = TEXT[: TEXT.index("[report]")] + TEXT[TEXT.index("[scoring]") :]
    assert load_plan("plan", text).report is None


def test_the_plan_names_no_person() -> None:
    assert PLAN.report is not None
    assert PLAN.report.signer_role == "Trưởng phòng"
