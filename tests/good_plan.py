"""A small plan that loads, and what is said of it when it is spoiled."""

import pytest

from pipeline.base.errors import SpecError
from pipeline.spec.plan_file import load_plan

FILE = "plan-2027.toml"

GOOD = """
id = "xa-2027"
version = 1
year = 2027
title = "Kế hoạch"
short_title = "Kết quả thực hiện Kế hoạch"
commune = "Xã"
province = "Tỉnh"
authority = "UBND xã"
coordinator = "A"
declared_indicators = 5
units = [
  { id = "A", name = "Phòng A", short_name = "A", aliases = ["Phòng số 1"] },
  { id = "B", name = "Phòng B", short_name = "B", expected = false, entered_by = "A" },
  { id = "C", name = "Phòng C", short_name = "C" },
]
groups = [{ code = "I", name = "Nhóm" }]
sections = [{ code = "1", name = "Mục" }]
tasks = [
  { code = "NV.1", section = "1", work = "Việc thứ nhất" },
  { code = "NV.2", section = "1", work = "Việc thứ hai", lead = "B" },
]

[calendar]
time_zone = "Asia/Ho_Chi_Minh"
closing_first_day = 15
closing_last_day = 14
submit_before_day = 20
report_before_day = 25

[scoring]
version = 2
attainment_cap = 100
on_path_share = 0.85
no_path_attainment = 80
enough_reported = "2/3"
scorecard = { results = 80, timeliness = 10, quality = 10 }
timeliness = { on_time = 100, late = 50, missing = 0 }
quality = { clean = 100, warned = 50, faulty = 0 }
projection = { from_periods = 2, range_from_periods = 3, middle_share = 0.8 }
ranking = { decimals = 1, weight_shift = 0.25 }
grades = [
  { label = "Tốt", lowest = 70, below = 100 },
  { label = "Được", lowest = 50, below = 70 },
  { label = "Kém", lowest = 0, below = 50 },
]

[doubts]
denominator_share = 0.1
tenfold_from = 100
tenfold_share = 0.1
same_figures = 4
outlier_months = 4
outlier_spreads = 6
outlier_floor = 0.05
parts = { numerator = "tử số", denominator = "mẫu số", value = "kết quả" }
relations = [
  { id = "QH1", left = "I.1.numerator", sign = "<=", right = "I.4.value", text = "số phần không quá số vụ" },
]

[[indicators]]
code = "I.1"
group = "I"
name = "Tỷ lệ"
measure = "%"
entry = "ratio"
basis = "stock"
target = { kind = "at_least", value = 60, as_printed = "≥ 60%" }
numerator_label = "Số phần"
denominator_label = "Tổng số"
lead = "A"
lead_as_printed = "Phòng A, C"
contributors = ["C"]
combine = "disjoint_sum"
weight = 2
milestones = [{ day = 2027-06-30, value = 30 }]

[[indicators]]
code = "I.2"
group = "I"
name = "Tỷ trọng"
measure = "%"
entry = "share"
basis = "stock"
target = { kind = "range", lower = 15, upper = 17, as_printed = "15-17%" }
lead = "B"
lead_as_printed = "Phòng B"

[[indicators]]
code = "I.3"
group = "I"
name = "Triển khai"
measure = "Có/Chưa"
entry = "yes_no"
basis = "stock"
target = { kind = "yes_no", as_printed = "Có" }
lead = "A"
lead_as_printed = "Phòng A"

[[indicators]]
code = "I.4"
group = "I"
name = "Sự cố"
measure = "Vụ"
entry = "count"
basis = "year_to_date"
target = { kind = "at_most", value = 3, as_printed = "≤ 3" }
lead = "A"
lead_as_printed = "Phòng A"
baseline = 0

[[indicators]]
code = "I.5"
group = "I"
name = "Chỉ số"
measure = "Chỉ số"
entry = "index"
basis = "stock"
target = { kind = "at_least", value = 0.8, as_printed = "≥ 0.8" }
lead = "B"
lead_as_printed = "Phòng B"
"""


def spoil(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} must stand once in the good plan"
    return text.replace(old, new)


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(SpecError) as caught:
        load_plan(FILE, text)
    return caught.value.faults


def places(text: str) -> list[str]:
    return [fault.split(": ")[0] for fault in faults(text)]
