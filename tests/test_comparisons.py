"""Figures of two units that do not agree: each hears of it once, and of nothing more than the two figures."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.core.letters import letters_due
from pipeline.core.relations import Broken, told_units
from pipeline.run.comparing import comparisons_of
from pipeline.run.deciding import Order, decide
from pipeline.run.mail_place import letter_texts
from pipeline.run.workspace import Workspace, setting
from pipeline.spec.contacts import Contacts
from tests.consolidated_reading import load_book
from tests.forms import EVIDENCE, PERIOD, PLAN, sent_form
from tests.test_letters import desk, on
from tests.test_take import NOW, ZONE, drop, run

AGAIN = datetime(2026, 11, 21, 9, 5, tzinfo=ZONE)


def texts(root: Path) -> dict[str, str]:
    """The texts of comparisons by unit."""
    found = (root / "outbox" / str(PERIOD) / "phan-hoi").glob("*-doi-chieu-*.txt")
    return {path.name.partition("-")[0]: path.read_text("utf-8-sig") for path in found}


def disagreeing(root: Path) -> None:
    """QH4: the population of V.27 (culture and society) and of V.28 (police) is one."""
    drop(root, vhxh__xlsx=sent_form("VHXH", V_27__denominator=1000.0), ca__xlsx=sent_form("CA"))
    run(root, NOW)
    assert set(texts(root)) == {"CA", "VHXH"}


def test_each_of_two_units_hears_of_the_two_figures_and_of_nothing_else(tmp_path: Path) -> None:
    disagreeing(tmp_path)
    told = texts(tmp_path)
    for unit, row in (("VHXH", "V.27"), ("CA", "V.28")):
        assert told[unit].splitlines() == [
            f"Kính gửi {PLAN.unit_by_id[unit].name},",
            "Khi đối chiếu số liệu tháng 11/2026 giữa các đơn vị, có số của đơn vị chưa khớp với số của "
            "đơn vị khác. Đây là nội dung cần kiểm tra, chưa kết luận số nào sai.",
            "",
            f"1. [Cảnh báo] Trang «Chỉ tiêu», dòng {row}: Hai chỉ tiêu không khớp nhau. V.27 (mẫu số) 1.000; "
            "V.28 (mẫu số) 50. Theo Kế hoạch: dân số của hai chỉ tiêu là một.",
            "",
            "Đề nghị đơn vị kiểm tra số của mình trong phiếu: thiếu thì bổ sung; sai thì sửa; đúng thì ghi "
            "lý do ở cột «Giải thích» của dòng ấy. Sau đó gửi lại phiếu trước ngày 25/11/2026.",
        ]
        other = {"VHXH": "CA", "CA": "VHXH"}[unit]
        assert PLAN.unit_by_id[other].name not in told[unit]
        assert EVIDENCE not in told[unit]


def test_the_text_goes_when_the_figures_agree(tmp_path: Path) -> None:
    disagreeing(tmp_path)
    drop(tmp_path, lai__xlsx=sent_form("VHXH"))
    run(tmp_path, AGAIN)
    assert texts(tmp_path) == {}


def test_what_the_officer_copied_is_his_own_and_goes_out_to_nobody(tmp_path: Path) -> None:
    disagreeing(tmp_path)
    folder = tmp_path / "outbox" / str(PERIOD) / "phan-hoi"
    (text,) = folder.glob("CA-*-doi-chieu-*.txt")
    copy = text.with_name(f"{text.stem} - Copy.txt")
    copy.write_bytes(text.read_bytes())
    lying = comparisons_of(setting(Workspace(tmp_path, None, NOW), PERIOD))
    assert [unit for unit, _ in lying] == ["CA", "VHXH"]
    drop(tmp_path, lai__xlsx=sent_form("VHXH"))
    run(tmp_path, AGAIN)
    assert list(folder.glob("*-doi-chieu-*.txt")) == [copy]


def test_a_unit_that_a_changed_plan_no_longer_has_gets_no_letter(tmp_path: Path) -> None:
    disagreeing(tmp_path)
    chosen = setting(Workspace(tmp_path, None, NOW), PERIOD)
    others = tuple(unit for unit in PLAN.units if unit.id != "VHXH")
    assert {unit for unit, _ in comparisons_of(replace(chosen, plan=replace(PLAN, units=others)))} == {"CA"}


def test_who_explains_a_row_is_not_asked_again_nor_is_the_other_unit(tmp_path: Path) -> None:
    disagreeing(tmp_path)
    why = {"V_28__explanation": "Tính cả người tạm trú"}
    drop(tmp_path, lai__xlsx=sent_form("CA", **why))
    (path,) = run(tmp_path, AGAIN).workbooks
    assert texts(tmp_path) == {}
    assert "QH4" not in {cell.value for row in load_book(path.read_bytes())["Lỗi dữ liệu"] for cell in row}


def test_other_figures_are_another_text(tmp_path: Path) -> None:
    disagreeing(tmp_path)
    chosen = setting(Workspace(tmp_path, None, NOW), PERIOD)
    before = set(comparisons_of(chosen))
    drop(tmp_path, lai__xlsx=sent_form("VHXH", V_27__denominator=900.0))
    run(tmp_path, AGAIN)
    after = set(comparisons_of(chosen))
    assert (len(before), len(after), before & after) == (2, 2, set())


def test_a_unit_is_asked_for_the_figure_that_it_owes_and_the_other_is_left_in_peace() -> None:
    (relation,) = [relation for relation in PLAN.doubts.relations if relation.id == "QH4"]
    parts = PLAN.doubts.parts
    assert told_units(Broken(relation, 5.0, None, parts), PLAN) == {"CA": "V.28"}
    assert told_units(Broken(relation, None, 5.0, parts), PLAN) == {"VHXH": "V.27"}
    assert told_units(Broken(relation, 4.0, 5.0, parts), PLAN) == {"VHXH": "V.27", "CA": "V.28"}


def test_a_waived_relation_is_not_asked_about(tmp_path: Path) -> None:
    disagreeing(tmp_path)
    order = Order("waive", "Đang rà soát dân số", unit="VHXH", period=PERIOD, rule="QH4")
    decide(Workspace(tmp_path, None, NOW), order, lambda line: None)
    assert texts(tmp_path) == {}


def test_it_goes_out_as_a_letter_once_for_the_same_figures() -> None:
    contacts = Contacts({"CA": ("ca@example.org",)})
    occasion = desk(on(21), comparisons={("CA", "doi-chieu-1a2b3c4d"): "Kính gửi Công an xã,\n"})
    (letter,) = [one for one in letters_due(occasion, letter_texts(), contacts) if one.kind == "feedback"]
    assert (letter.key, letter.recipients) == (
        "2026-11/feedback/CA/doi-chieu-1a2b3c4d",
        ("ca@example.org",),
    )
    assert letter.body.startswith("Kính gửi Công an xã,\n\nTrân trọng.")
