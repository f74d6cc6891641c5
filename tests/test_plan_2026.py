"""The plan of 2026 says what the plan's table prints, typed here a second time from that table."""

import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.base.text import clean, fold
from pipeline.spec.plan import Indicator, Plan
from pipeline.spec.plan_file import load_plan
from pipeline.spec.roster import Unit

FILE = Path(__file__).parent.parent / "schemas" / "plan-2026.toml"

# code: kind of target, its bounds, lead, entry, basis, words that only this name holds
TABLE: dict[str, tuple[str, tuple[float, ...], str, str, str, str]] = {
    "I.1": ("at_least", (60,), "VHXH", "ratio", "stock", "phủ sóng 5G"),
    "I.2": ("at_least", (70,), "VHXH", "ratio", "stock", "trên 01 Gb/s"),
    "II.1": ("at_least", (100,), "VHXH", "ratio", "stock", "bồi dưỡng kỹ năng số căn bản"),
    "II.2": ("at_least", (100,), "VHXH", "ratio", "stock", "làm chủ kỹ năng số"),
    "II.3": ("at_least", (100,), "VHXH", "ratio", "stock", "học sinh từ cấp tiểu học"),
    "II.4": ("at_least", (90,), "VHXH", "ratio", "stock", "tiếp cận dịch vụ số"),
    "III.1": ("yes_no", (), "VHXH", "yes_no", "stock", "AI, IoT, Big Data"),
    "IV.1": ("at_least", (10,), "VHXH", "ratio", "stock", "hoạt động đổi mới sáng tạo"),
    "IV.2": ("at_least", (2,), "VHXH", "count", "year_to_date", "Bài báo khoa học"),
    "IV.3": ("at_least", (1,), "VHXH", "count", "year_to_date", "Sáng kiến trong lĩnh vực công"),
    "V.1": ("at_least", (0.8,), "VHXH", "index", "stock", "Chỉ số Chuyển đổi số"),
    "V.2": ("at_least", (90,), "PVHCC", "ratio", "stock", "phi địa giới hành chính"),
    "V.3": ("at_least", (100,), "PVHCC", "ratio", "stock", "phải được thực hiện trực tuyến"),
    "V.4": ("at_least", (100,), "PVHCC", "ratio", "flow", "“phi tiếp xúc”"),
    "V.5": (
        "at_least",
        (100,),
        "PVHCC",
        "ratio",
        "flow",
        "kết quả giải quyết thủ tục hành chính được số hóa",
    ),
    "V.6": ("at_least", (100,), "PVHCC", "ratio", "stock", "đủ điều kiện 100%"),
    "V.7": ("at_least", (95,), "PVHCC", "ratio", "flow", "hồ sơ thủ tục hành chính xử lý trực tuyến"),
    "V.8": ("at_least", (80,), "PVHCC", "ratio", "flow", "của người dân và doanh nghiệp"),
    "V.9": ("at_least", (90,), "PVHCC", "ratio", "flow", "thủ tục hành chính điện tử"),
    "V.10": ("at_least", (80,), "PVHCC", "ratio", "flow", "khai thác, sử dụng lại"),
    "V.11": ("at_least", (80,), "PVHCC", "ratio", "flow", "thanh toán trực tuyến"),
    "V.12": ("at_least", (100,), "VHXH", "ratio", "flow", "hồ sơ công việc toàn trình"),
    "V.13": ("at_least", (100,), "VP", "ratio", "stock", "nhiệm vụ được theo dõi"),
    "V.14": ("at_least", (100,), "VP", "ratio", "stock", "các Phòng, ban"),
    "V.15": ("at_least", (80,), "VHXH", "ratio", "flow", "không dùng tiền mặt"),
    "V.16": ("at_least", (100,), "VHXH", "ratio", "stock", "điện toán đám mây"),
    "V.17": ("at_least", (60,), "VHXH", "ratio", "stock", "số hóa & liên thông với Tỉnh"),
    "V.18": ("at_least", (85,), "VHXH", "ratio", "stock", "(LGSP)"),
    "V.19": ("at_least", (60,), "VHXH", "ratio", "stock", "doanh nghiệp vừa và nhỏ"),
    "V.20": ("at_least", (80,), "CA", "ratio", "stock", "tài khoản định danh điện tử (VNeID)"),
    "V.21": ("at_least", (50,), "VHXH", "ratio", "stock", "chữ ký số"),
    "V.22": ("at_least", (90,), "VHXH", "ratio", "stock", "đảng ủy, chính quyền xã"),
    "V.23": ("range", (15, 17), "KT", "share", "stock", "kinh tế số/GRDP"),
    "V.24": ("at_least", (100,), "VHXH", "ratio", "stock", "vận hành thông suốt"),
    "V.25": ("at_least", (80,), "VHXH", "ratio", "stock", "cơ sở dữ liệu quốc gia"),
    "V.26": ("at_least", (95,), "NHNN", "ratio", "stock", "Dân số từ 15 tuổi trở lên"),
    "V.27": ("at_least", (95,), "VHXH", "ratio", "stock", "Sổ sức khỏe điện tử"),
    "V.28": ("at_least", (100,), "CA", "ratio", "stock", "được định danh số"),
    "V.29": ("at_least", (100,), "VHXH", "ratio", "stock", "dữ liệu mở"),
    "V.30": ("at_least", (100,), "CA", "ratio", "stock", "theo cấp độ"),
}

UNITS = {
    "VHXH": "Phòng Văn hóa - Xã hội",
    "PVHCC": "Trung tâm Phục vụ hành chính công",
    "CA": "Công an xã",
    "VP": "Văn phòng HĐND và UBND xã",
    "KT": "Phòng Kinh tế",
    "NHNN": "Chi nhánh Ngân hàng nhà nước",
    "CQ": "Các cơ quan thuộc xã",
    "TH": "Các trường học trên địa bàn",
    "TYT": "Trạm Y tế xã",
    "TCNS": "Tổ công nghệ số cộng đồng",
    "BCHQS": "Ban Chỉ huy quân sự xã",
    "VPDU": "Văn phòng Đảng ủy xã",
}

BARE_TARGETS = {  # printed without "≥"; the range and the "Có" stand in their own tests
    "90%": {"V.2"},
    "95%": {"V.7"},
    "80%": {"V.25"},
    "100%": {
        *("II.1", "II.2", "II.3", "V.3", "V.4", "V.5", "V.6", "V.12", "V.13", "V.14"),
        *("V.16", "V.24", "V.28", "V.29", "V.30"),
    },
}

LEADS_AS_PRINTED = {
    "Phòng VHXXH": 3,
    "Phòng VHXXH và các cơ quan": 1,
    "Phòng VHXXH, các Trường học trên địa bàn": 1,
    "Phòng VHXXH, trạm Y Tế và Tổ công nghệ số cộng đồng": 1,
    "Phòng VHXH": 17,
    "Trung tâm PVHCC": 10,
    "VP HĐND-UBND xã": 1,
    "VP HĐND - UBND xã": 1,
    "Công an xã": 3,
    "Phòng KT": 1,
    "Chi nhánh Ngân hàng nhà nước": 1,
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(FILE.name, FILE.read_text(encoding="utf-8"))


def test_says_which_plan_it_is(plan: Plan) -> None:
    assert (plan.id, plan.year, plan.commune, plan.province) == (
        "phuoc-an-2026",
        2026,
        "Phước An",
        "Đồng Nai",
    )
    assert plan.coordinator == "VHXH"
    assert {unit.id: unit.name for unit in plan.units} == UNITS


def test_carries_the_declared_number_beside_the_listed_one(plan: Plan) -> None:
    assert plan.declared_indicators == 54
    assert len(plan.indicators) == 40


def test_groups_list_what_their_headings_print(plan: Plan) -> None:
    listed = Counter(indicator.group for indicator in plan.indicators)
    assert [(g.code, listed[g.code], g.printed_count) for g in plan.groups] == [
        ("I", 2, 2),
        ("II", 4, 4),
        ("III", 1, 1),
        ("IV", 3, 3),
        ("V", 30, 0),
    ]


def test_codes_number_each_group_in_the_order_of_the_plan(plan: Plan) -> None:
    assert [i.code for i in plan.indicators] == list(TABLE)
    assert all(i.code.split(".")[0] == i.group for i in plan.indicators)


@pytest.mark.parametrize("code", TABLE)
def test_indicator_is_the_row_of_the_table(plan: Plan, code: str) -> None:
    i = plan.indicator_by_code[code]
    *row, words = TABLE[code]
    assert [i.target.kind, _bounds(i), i.lead, i.entry, i.basis] == row
    assert [other.code for other in plan.indicators if words in other.name] == [code]


def test_targets_are_printed_as_in_the_plan(plan: Plan) -> None:
    printed = {i.code: i.target.as_printed for i in plan.indicators}
    bare = {code: text for text, codes in BARE_TARGETS.items() for code in codes}
    special = {"III.1": "Có", "IV.2": "≥ 2", "IV.3": "≥ 1", "V.1": "≥ 0.8", "V.23": "15-17%"}
    for code, text in printed.items():
        expected = (bare | special).get(code, f"≥ {sum(TABLE[code][1]):g}%")
        assert text == expected, code


def test_measures(plan: Plan) -> None:
    others = {i.code: i.measure for i in plan.indicators if i.measure != "%"}
    assert others == {
        "III.1": "Ứng dụng được triển khai",
        "IV.2": "Bài báo",
        "IV.3": "Sáng kiến",
        "V.1": "Chỉ số",
    }
    assert all(i.is_percentage == (i.measure == "%") for i in plan.indicators)


def test_leads_are_kept_as_printed(plan: Plan) -> None:
    assert Counter(i.lead_as_printed for i in plan.indicators) == LEADS_AS_PRINTED


@pytest.mark.parametrize("code", TABLE)
def test_printed_lead_leads_to_the_units(plan: Plan, code: str) -> None:
    indicator = plan.indicator_by_code[code]
    named = re.split(r", | và ", indicator.lead_as_printed)
    assert [_units_called(plan, part) for part in named] == [
        [unit_id] for unit_id in (indicator.lead, *indicator.contributors)
    ]


def test_no_spelling_means_two_units(plan: Plan) -> None:
    spellings = Counter(spelling for unit in plan.units for spelling in _spellings(unit))
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


def test_contributors_combine_as_the_plan_is_read(plan: Plan) -> None:
    assert {i.code: (i.contributors, i.combine) for i in plan.indicators if i.contributors} == {
        "II.1": (("CQ",), "disjoint_sum"),
        "II.3": (("TH",), "disjoint_sum"),
        "II.4": (("TYT", "TCNS"), "lead_value"),
    }


def test_state_bank_owes_no_form_and_its_figure_is_entered_by_the_coordinator(plan: Plan) -> None:
    indicator = plan.indicator_by_code["V.26"]
    assert plan.reporters(indicator) == ("VHXH",)
    assert not plan.is_expected(indicator)
    assert plan.indicators_of("NHNN") == ()


def test_units_that_own_no_indicator_owe_no_form(plan: Plan) -> None:
    reporting = {unit_id for i in plan.indicators for unit_id in plan.reporters(i)}
    assert {unit.id for unit in plan.expected_units} == reporting
    assert UNITS.keys() - reporting == {"NHNN", "BCHQS", "VPDU"}


def test_collective_units(plan: Plan) -> None:
    assert {unit.id for unit in plan.units if unit.collective} == {"CQ", "TH", "TCNS"}


def test_only_the_share_of_the_digital_economy_is_yearly(plan: Plan) -> None:
    assert {i.code: i.due_months for i in plan.indicators if i.due_months} == {"V.23": (12,)}


def test_only_counts_of_the_year_have_a_baseline(plan: Plan) -> None:
    baselines = {i.code: i.baseline for i in plan.indicators if i.baseline is not None}
    assert baselines == {"IV.2": 0.0, "IV.3": 0.0}
    assert all(i.milestones == () and i.weight == 1 for i in plan.indicators)


def test_labels_of_a_ratio_are_told_apart(plan: Plan) -> None:
    for i in plan.indicators:
        if i.entry == "ratio":
            assert i.numerator_label.startswith("Số "), i.code
            assert i.denominator_label.startswith("Tổng "), i.code
            in_period = ["trong kỳ" in label for label in (i.numerator_label, i.denominator_label)]
            assert in_period == [i.basis == "flow"] * 2, i.code
            assert not re.search(r"\b(CB|CC|VC|DN|HTTT)\b", i.numerator_label + i.denominator_label), i.code


def test_repaired_names_keep_what_was_printed(plan: Plan) -> None:
    repaired = {i.code: i for i in plan.indicators if i.name_as_printed}
    assert set(repaired) == {"II.1", "II.2", "II.3", "IV.2", "IV.3", "V.6", "V.18"}
    v18 = repaired.pop("V.18")
    assert "trực liên thông" in v18.name_as_printed
    assert v18.name == v18.name_as_printed.replace("trực liên", "trục liên")
    assert all(i.name_as_printed == i.name + "." for i in repaired.values())


def test_names_cut_by_a_page_break_are_whole(plan: Plan) -> None:
    assert plan.indicator_by_code["II.4"].name == (
        "Tỉ lệ dân số trưởng thành tiếp cận dịch vụ số trong y tế, giáo dục, bảo hiểm, giao thông"
    )
    assert plan.indicator_by_code["V.18"].name.endswith("trục liên thông dữ liệu tỉnh (LGSP)")


def test_near_twins_stay_apart(plan: Plan) -> None:
    v20, v28 = plan.indicator_by_code["V.20"], plan.indicator_by_code["V.28"]
    assert v20.name == "Tỷ lệ người dân có tài khoản định danh điện tử (VNeID)"
    assert v28.name == "Tỷ lệ người dân được định danh số"
    assert v20.numerator_label != v28.numerator_label


def test_names_are_unique(plan: Plan) -> None:
    assert len({fold(i.name) for i in plan.indicators}) == 40


@pytest.mark.parametrize("noise", ["$", "\\geq", "\\%", "|", "VHXXH", "**"])
def test_no_noise_of_the_conversion_survives(plan: Plan, noise: str) -> None:
    shown = [text for i in plan.indicators for text in (i.name, i.measure, i.target.as_printed)]
    shown += [text for unit in plan.units for text in (unit.name, unit.short_name)]
    shown += [task.work for task in plan.tasks] + [group.name for group in plan.groups]
    assert [text for text in shown if noise in text] == []


def test_text_is_kept_in_one_unicode_form_without_stray_blanks(plan: Plan) -> None:
    text = FILE.read_text(encoding="utf-8")
    quoted: list[str] = re.findall(r'"([^"\n]*)"', text)
    assert [part for part in quoted if clean(part) != part] == []


def test_tasks_follow_the_plan_and_nobody_is_assigned(plan: Plan) -> None:
    assert [section.code for section in plan.sections] == ["1", "2"]
    assert [(t.code, t.section) for t in plan.tasks] == [
        *((f"NV.1.{n}", "1") for n in range(1, 4)),
        *((f"NV.2.{n}", "2") for n in range(1, 9)),
    ]
    assert {(t.lead, t.person, t.time, t.responsibility, t.product, t.authority) for t in plan.tasks} == {
        ("",) * 6
    }
    assert plan.tasks_of("VHXH") == plan.tasks


def test_doubled_words_of_a_task_stand_once(plan: Plan) -> None:
    work = {task.code: task.work for task in plan.tasks}["NV.2.5"]
    assert work.count("trí tuệ nhân tạo") == 1


def _bounds(indicator: Indicator) -> tuple[float, ...]:
    target = indicator.target
    return tuple(b for b in (target.value, target.lower, target.upper) if b is not None)


def _units_called(plan: Plan, spelling: str) -> list[str]:
    return [unit.id for unit in plan.units if fold(spelling) in _spellings(unit)]


def _spellings(unit: Unit) -> set[str]:
    return {fold(text) for text in (unit.id, unit.name, unit.short_name, *unit.aliases)}
