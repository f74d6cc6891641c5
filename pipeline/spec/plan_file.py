"""Read `schemas/plan-<year>.toml`; refuse what does not hold together, all faults at once."""

import re
from collections.abc import Iterable
from dataclasses import asdict, astuple
from fractions import Fraction

from pipeline.base.errors import SpecError
from pipeline.base.period import Period
from pipeline.base.text import fold
from pipeline.spec.calendar_check import check_calendar
from pipeline.spec.doubts import check_doubts
from pipeline.spec.older_plan import brought_up
from pipeline.spec.plan import (
    Grade,
    Indicator,
    Plan,
    Projecting,
    Ranking,
    ReportHead,
    Scoring,
    Target,
)
from pipeline.spec.roster import Unit
from pipeline.spec.shape import Faults, build, read_once, read_toml

_NEEDED_BOUNDS = {
    "at_least": {"value"},
    "at_most": {"value"},
    "range": {"lower", "upper"},
    "yes_no": set[str](),
}
# Ids become names of files and folders, on Windows too, which knows no capitals and keeps some for itself.
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_SYMBOL = re.compile(r"BC-[A-ZĐ]+(-[A-ZĐ]+)*")
_FIRST_RECIPIENT, _LAST_RECIPIENT = "Như trên", "Lưu: VT"


@read_once
def load_plan(file: str, text: str) -> Plan:
    """The plan in `text`; `file` is only named in messages. Raises `SpecError` with every fault."""
    faults = Faults()
    plan = build(Plan, brought_up(read_toml(file, text)), "", faults)
    if plan is not None:
        _check_ids(plan, faults)
        _check_indicators(plan, faults)
        check_calendar(plan.calendar, plan.year, faults)
        _check_scoring(plan.scoring, faults)
        faults.unique("doubts.relations", (r.id for r in plan.doubts.relations))
        check_doubts(plan.doubts, {i.code: i.entry for i in plan.indicators}, faults)
        _check_sides(plan, faults)
        _check_report(plan.report, faults)
        _check_confirmations(plan, faults)
    if plan is None or faults:
        raise SpecError(file, faults)
    return plan


def _check_ids(plan: Plan, faults: Faults) -> None:
    named = [("id", plan.id), *((f"units[{n}].id", unit.id) for n, unit in enumerate(plan.units, 1))]
    for place, name in named:
        if not _ID.fullmatch(name) or _DEVICE.fullmatch(name):
            faults.add(place, f"«{name}» không đặt tên tệp được: chỉ dùng chữ không dấu, chữ số, gạch nối")
    faults.unique("units", (u.id.upper() for u in plan.units))
    faults.unique("groups", (g.code for g in plan.groups))
    faults.unique("indicators", (_as_sent(i.code) for i in plan.indicators))
    faults.unique("tasks", (_as_sent(t.code) for t in plan.tasks))
    faults.unique("sections", (s.code for s in plan.sections))
    faults.unique("units.aliases", (name for u in plan.units for name in _names(u)))
    units = {u.id for u in plan.units}
    expected = {u.id for u in plan.units if u.expected}
    _known("coordinator", plan.coordinator, expected, faults)
    for unit in plan.units:
        if unit.entered_by:
            _known(f"units({unit.id}).entered_by", unit.entered_by, units, faults)
    sections = {s.code for s in plan.sections}
    for task in plan.tasks:
        _known(f"tasks({task.code}).section", task.section, sections, faults)
        if task.lead:
            _known(f"tasks({task.code}).lead", task.lead, units, faults)


def _as_sent(code: str) -> str:
    """A code as it is known on a form that comes back: however it is spaced, in small letters or capitals."""
    return code.replace(" ", "").upper()


def _names(unit: Unit) -> set[str]:
    """What may stand for the unit on a form, besides its id."""
    return {fold(text) for text in (unit.name, unit.short_name, *unit.aliases)}


def _check_indicators(plan: Plan, faults: Faults) -> None:
    units = {u.id for u in plan.units}
    groups = {g.code for g in plan.groups}
    for indicator in plan.indicators:
        place = f"indicators({indicator.code})"
        _known(f"{place}.group", indicator.group, groups, faults)
        for unit_id in (indicator.lead, *indicator.contributors):
            _known(f"{place}.lead/contributors", unit_id, units, faults)
        _check_target(f"{place}.target", indicator.target, faults)
        _check_entry(place, indicator, faults)
        if indicator.weight <= 0:
            faults.add(f"{place}.weight", "phải lớn hơn 0")
        _check_due_months(place, indicator, faults)
        _check_reporters(place, plan, indicator, faults)
        faults.unique(f"{place}.milestones", (str(m.day) for m in indicator.milestones))
        if any(m.day.year != plan.year for m in indicator.milestones):
            faults.add(f"{place}.milestones", f"mốc phải nằm trong năm {plan.year}")


def _check_due_months(place: str, indicator: Indicator, faults: Faults) -> None:
    if not all(1 <= month <= 12 for month in indicator.due_months):
        faults.add(f"{place}.due_months", "mỗi tháng phải từ 1 đến 12, ví dụ [3, 6, 9, 12]")
    faults.unique(f"{place}.due_months", map(str, indicator.due_months))
    if indicator.may_come_early and (indicator.basis == "flow" or not indicator.due_months):
        faults.add(f"{place}.may_come_early", "chỉ dùng khi có due_months và không phải flow")


def _check_reporters(place: str, plan: Plan, indicator: Indicator, faults: Faults) -> None:
    if not {indicator.lead, *indicator.contributors} <= plan.unit_by_id.keys():
        return  # said already
    reporters = plan.reporters(indicator)
    faults.unique(f"{place}.lead/contributors", reporters)
    for unit_id in reporters:
        unit = plan.unit_by_id.get(unit_id)
        if unit is not None and not unit.expected:
            faults.add(place, f"đơn vị {unit_id} không phải nộp phiếu: cần entered_by để có người nhập số")


def _check_target(place: str, target: Target, faults: Faults) -> None:
    given = {b for b in ("value", "lower", "upper") if getattr(target, b) is not None}
    needed = _NEEDED_BOUNDS[target.kind]
    if given != needed:
        words = ", ".join(sorted(needed)) or "không khóa nào"
        faults.add(place, f"mục tiêu kiểu {target.kind} cần: {words}")
    elif target.lower is not None and target.upper is not None and target.lower > target.upper:
        faults.add(place, "lower lớn hơn upper")
    elif target.kind in ("at_least", "range") and min(target.value or 0, target.lower or 0) < 0:
        faults.add(place, "mục tiêu không được âm")


def _check_entry(place: str, indicator: Indicator, faults: Faults) -> None:
    labels = bool(indicator.numerator_label) and bool(indicator.denominator_label)
    if (indicator.entry == "ratio") != labels:
        faults.add(place, "chỉ tiêu kiểu ratio, và chỉ kiểu ấy, cần numerator_label và denominator_label")
    if (indicator.entry == "yes_no") != (indicator.target.kind == "yes_no"):
        faults.add(place, "entry yes_no đi với mục tiêu yes_no")
    if indicator.basis == "flow" and indicator.entry != "ratio":
        faults.add(place, "basis flow chỉ đi với ratio; việc đếm được trong năm thì dùng year_to_date")
    if bool(indicator.contributors) != (indicator.combine != "single"):
        faults.add(place, "contributors đi với combine disjoint_sum hoặc lead_value")
    if indicator.combine == "disjoint_sum" and indicator.entry not in ("ratio", "count"):
        faults.add(place, "disjoint_sum chỉ cộng được ratio hoặc count")


def _check_sides(plan: Plan, faults: Faults) -> None:
    """A side that is not due has no figure, and nobody is to be asked for it."""
    due = {i.code: set(i.due_months) for i in plan.indicators}
    for relation in plan.doubts.relations:
        (left, _), (right, _) = relation.sides
        if relation.if_missing == "ask" and due.get(left) != due.get(right):
            faults.add(f"doubts.relations({relation.id}).if_missing", "hai chỉ tiêu phải có cùng due_months")


def _check_scoring(scoring: Scoring, faults: Faults) -> None:
    card = scoring.scorecard
    if card.results + card.timeliness + card.quality != 100 or min(astuple(card)) < 0:
        faults.add("scoring.scorecard", "ba phần không âm và phải cộng lại bằng 100")
    for name in ("timeliness", "quality"):
        if not all(0 <= share <= 100 for share in astuple(getattr(scoring, name))):
            faults.add(f"scoring.{name}", "mỗi mức phải từ 0 đến 100")
    if not 0 < scoring.on_path_share <= 1:
        faults.add("scoring.on_path_share", "phải lớn hơn 0 và không quá 1")
    if not 0 < scoring.no_path_attainment <= 100:
        faults.add("scoring.no_path_attainment", "phải lớn hơn 0 và không quá 100")
    try:
        if not 0 < Fraction(scoring.enough_reported) <= 1:
            faults.add("scoring.enough_reported", "phải lớn hơn 0 và không quá 1")
    except (ValueError, ZeroDivisionError):
        faults.add("scoring.enough_reported", "phải là phân số, ví dụ 2/3")
    _check_projection(scoring.projection, faults)
    _check_ranking(scoring.ranking, faults)
    _check_grades(scoring.grades, faults)


def _check_projection(projection: Projecting, faults: Faults) -> None:
    if not 2 <= projection.from_periods <= 12:
        faults.add("scoring.projection.from_periods", "phải từ 2 đến 12: một tháng chưa thành xu hướng")
    if not max(3, projection.from_periods) <= projection.range_from_periods <= 12:
        faults.add("scoring.projection.range_from_periods", "phải từ 3 đến 12, không dưới from_periods")
    if not 0 < projection.middle_share <= 1:
        faults.add("scoring.projection.middle_share", "phải lớn hơn 0 và không quá 1")


def _check_ranking(ranking: Ranking, faults: Faults) -> None:
    if not 0 <= ranking.decimals <= 4:
        faults.add("scoring.ranking.decimals", "phải từ 0 đến 4")
    if not 0 < ranking.weight_shift < 1:
        faults.add("scoring.ranking.weight_shift", "phải lớn hơn 0 và nhỏ hơn 1")


def _check_grades(grades: Iterable[Grade], faults: Faults) -> None:
    edge = 0.0
    for grade in sorted(grades, key=lambda g: g.lowest):
        if grade.lowest != edge:
            word = "hở" if grade.lowest > edge else "chồng"
            faults.add("scoring.grades", f"«{grade.label}»: {word} giữa {edge:g} và {grade.lowest:g}")
        if grade.below <= grade.lowest:
            faults.add("scoring.grades", f"«{grade.label}»: below phải lớn hơn lowest")
        edge = grade.below
    if edge != 100:
        faults.add("scoring.grades", f"các mức phải phủ đến 100, đang dừng ở {edge:g}")


def _check_report(head: ReportHead | None, faults: Faults) -> None:
    """What Nghị định 30/2020/NĐ-CP asks of the head and the foot of a report."""
    if head is None:
        return
    for name, text in asdict(head).items():
        if not all(line.strip() for line in ([text] if isinstance(text, str) else text)):
            faults.add(f"report.{name}", "không được để trống")
    if not _SYMBOL.fullmatch(head.symbol):
        faults.add("report.symbol", "phải là BC và chữ viết tắt của nơi ban hành, ví dụ BC-VHXH")
    if head.subject.count("{month}") != 1 or set("{}") & set(head.subject.replace("{month}", "")):
        faults.add("report.subject", "phải có {month} đúng một lần, và không có ngoặc nhọn nào khác")
    if any(line.rstrip().endswith((";", ".")) for line in head.recipients):
        faults.add("report.recipients", "không ghi dấu chấm, chấm phẩy ở cuối: chương trình tự ghi")
    first, last = (head.recipients[0], head.recipients[-1]) if head.recipients else ("", "")
    if first != _FIRST_RECIPIENT or not last.startswith(_LAST_RECIPIENT):
        ends = f"dòng đầu là «{_FIRST_RECIPIENT}», dòng cuối là «{_LAST_RECIPIENT}, …»"
        faults.add("report.recipients", ends)


def _check_confirmations(plan: Plan, faults: Faults) -> None:
    for number, said in enumerate(plan.confirmations, 1):
        place = f"confirmations[{number}]"
        _known(f"{place}.indicator", said.indicator, set(plan.indicator_by_code), faults)
        indicator = plan.indicator_by_code.get(said.indicator)
        if indicator is not None:
            if {indicator.lead, *indicator.contributors} <= plan.unit_by_id.keys():
                _known(f"{place}.unit", said.unit, set(plan.reporters(indicator)), faults)
            if not indicator.may_be_empty:
                faults.add(f"{place}.indicator", f"{said.indicator} không dùng «Không phát sinh»")
        if not said.reason.strip():
            faults.add(f"{place}.reason", "phải ghi lý do, căn cứ xác nhận")
        for period in said.periods:
            if not _is_period(period, plan.year):
                faults.add(f"{place}.periods", f"«{period}» phải là một kỳ của năm {plan.year}, dạng 2026-11")


def _is_period(text: str, year: int) -> bool:
    try:
        return Period.parse(text).year == year
    except ValueError:
        return False


def _known(place: str, key: str, known: set[str], faults: Faults) -> None:
    if key not in known:
        faults.add(place, f"«{key}» không có trong {', '.join(sorted(known))}")
