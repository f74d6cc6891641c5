"""The officer decides: recorded with its reason, and carried out on the files that it concerns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.base.errors import OperatorError
from pipeline.base.period import Period
from pipeline.base.record import Decision, DecisionKind, Submission
from pipeline.base.text import clean, visible
from pipeline.core.calendar import days_of, latest_closed
from pipeline.core.decision_rows import decision_text
from pipeline.core.decisions import in_force
from pipeline.core.facts import figures_of_fact
from pipeline.run.desk import Desk, at_desk, glance
from pipeline.run.feedback import discard_feedback
from pipeline.run.keep import verdicts_of
from pipeline.run.labels import sentences
from pipeline.run.month import write_month
from pipeline.run.rejudging import rejudge_later, rejudged
from pipeline.run.results import DecisionResult
from pipeline.run.workspace import Tell, Workspace, setting

_SHORTEST_HASH = 6
_UNOPENED = {"F01", "F02", "F03", "F04", "F05", "F15"}


@dataclass(frozen=True, slots=True)
class Order:
    """What the officer says. `file` names a file by its name, or by the first digits of its sha256."""

    kind: DecisionKind
    reason: str
    file: str = ""
    unit: str = ""
    period: Period | None = None
    row_code: str = ""
    rule: str = ""
    until: date | None = None
    number: int = 0


def decide(workspace: Workspace, order: Order, tell: Tell) -> DecisionResult:
    """Record a decision, judge the files it concerns anew, and write the drafts that change by it."""
    order = replace(order, reason=clean(visible(order.reason)))
    if not order.reason:
        raise OperatorError("Quyết định phải có lý do: hãy ghi --reason.")
    with at_desk(setting(workspace, order.period)) as desk:
        decision, concerned = _decision(desk, order)
        after = _with(desk, decision)
        entries = rejudged(after, concerned)
        desk.keep(decision, *entries)
        entries += rejudge_later(after, [*concerned, *(e.submission for e in entries)])
        discard_feedback(workspace, [entry.submission.sha256 for entry in entries])
        touched = {s.period for s in (*concerned, *(e.submission for e in entries))} | {decision.period}
        workbooks = [write_month(after, p, tell) for p in _from_first(desk, touched - {""})]
        files = {s.sha256: s for s in desk.ledger.submissions()}
        issued = _issued_already(desk, decision)
        said = decision_text(decision, files, desk.setting.plan, sentences())
    written: tuple[Path, ...] = tuple(path for path in workbooks if path)
    return DecisionResult(decision, said, tuple(verdicts_of(entries)), written, issued)


def _issued_already(desk: Desk, decision: Decision) -> int:
    """The version in which an extended period has gone out already: what comes for it waits for a word."""
    if decision.kind != "extend":
        return 0
    return max((i.number for i in desk.ledger.issues() if i.period == decision.period), default=0)


def _with(desk: Desk, *decisions: Decision) -> Desk:
    """The desk once decisions are in force."""
    return replace(desk, decisions=in_force([*desk.ledger.decisions(), *decisions]))


def _from_first(desk: Desk, touched: Collection[str]) -> list[Period]:
    """The periods from the first that is touched to the latest closed one: later months build on earlier."""
    periods = [Period.parse(period) for period in touched]
    found: list[Period] = []
    for year in sorted({period.year for period in periods}):
        own = [period for period in periods if period.year == year]
        usual = latest_closed(desk.setting.plan.calendar, desk.setting.today)
        last = max([*own, usual] if usual.year == year else own)
        found += [Period(year, month) for month in range(min(own).month, last.month + 1)]
    return found


def list_decisions(workspace: Workspace) -> list[tuple[Decision, str, bool]]:
    """Every decision with its text, and whether it holds."""
    chosen = setting(workspace, None)
    with glance(chosen) as desk:
        files = {s.sha256: s for s in desk.ledger.submissions()}
        holding = set(desk.decisions.decisions)
        return [
            (d, decision_text(d, files, chosen.plan, sentences()), d in holding)
            for d in desk.ledger.decisions()
        ]


def _decision(desk: Desk, order: Order) -> tuple[Decision, Sequence[Submission]]:
    """The decision that an order means, and the files to be judged anew. Refuses what makes no sense."""
    number = len(desk.ledger.decisions()) + 1
    blank = Decision(number, order.kind, desk.now, order.reason)
    match order.kind:
        case "extend":
            return _extension(desk, order, blank), ()
        case "waive":
            return _waiver(desk, order, blank)
        case "revoke":
            return _revocation(desk, order, blank)
        case "accept":
            return _acceptance(desk, order, blank)
        case _:
            file = _file(desk, order.file)
            return _about_file(desk, order, blank, file), [file]


def _about_file(desk: Desk, order: Order, blank: Decision, file: Submission) -> Decision:
    if file.outcome in ("opened", "companion"):
        raise OperatorError(f"«{file.name}» không phải là phiếu báo cáo nên không quyết định được.")
    decision = replace(blank, sha256=file.sha256)
    match order.kind:
        case "assign":
            _known_unit(desk, order.unit)
            unopened = {f.code for f in desk.ledger.findings([file.sha256])} & _UNOPENED
            if unopened:
                raise OperatorError(
                    f"«{file.name}» không mở được ({', '.join(sorted(unopened))}) nên không ghi nhận được."
                )
            return replace(decision, unit=order.unit, period=str(order.period or desk.setting.period))
        case "withdraw" if file.outcome == "withdrawn":
            raise OperatorError(f"«{file.name}» đã không được tính.")
        case "admit" if file.outcome != "pending":
            raise OperatorError(f"«{file.name}» không chờ quyết định nào.")
    return decision


def _acceptance(desk: Desk, order: Order, blank: Decision) -> tuple[Decision, Sequence[Submission]]:
    """The acceptance of a row with the figures and the rules that it is about: with these it holds in other
    files of the unit too."""
    file, row = _file(desk, order.file), order.row_code
    _check_acceptable(desk, file, row)
    about = _about_file(desk, order, blank, file)
    decision = replace(about, unit=file.unit, period=file.period, row_code=row)
    # Of a file that waits nothing would count yet, and so nothing would tell its figures.
    admission = replace(blank, kind="admit", sha256=file.sha256)
    entries = rejudged(_with(desk, decision, admission), [file])
    figures = [figures_of_fact(fact) for e in entries for fact in e.facts if fact.indicator == row]
    broken = {finding.code for e in entries for finding in e.findings if finding.decision == blank.number}
    decision = replace(decision, figures="".join(figures), rule=", ".join(sorted(broken)))
    return decision, _concerned(desk, decision)


def _concerned(desk: Desk, acceptance: Decision) -> list[Submission]:
    """The file that an acceptance is about, and what else the unit sent for its period."""
    returns = {s.sha256 for s in _returns(desk, acceptance.unit, acceptance.period)}
    return [s for s in desk.ledger.submissions() if s.sha256 in returns | {acceptance.sha256}]


def _check_acceptable(desk: Desk, file: Submission, row: str) -> None:
    """A row that breaks a rule can be accepted; one with a cell that gives no value cannot."""
    errors = [f for f in desk.ledger.findings([file.sha256]) if f.severity == "error" and f.row_code == row]
    if not errors:
        raise OperatorError(f"Phiếu «{file.name}» không có dòng {row} bị giữ lại.")
    unread = sorted({f.code for f in errors if not f.code.startswith(("R", "N", "X"))})
    if unread:
        raise OperatorError(
            f"Dòng {row} có ô không đọc được ({', '.join(unread)}) nên không có gì để nhận; "
            "đề nghị đơn vị sửa và gửi lại."
        )


def _extension(desk: Desk, order: Order, blank: Decision) -> Decision:
    _known_unit(desk, order.unit)
    period = order.period or desk.setting.period
    last = days_of(desk.setting.plan.calendar, period).last_good_day
    if order.until is None or order.until <= last:
        raise OperatorError(f"Ngày gia hạn phải sau {last:%d/%m/%Y}, ngày cuối của hạn chung.")
    return replace(blank, unit=order.unit, period=str(period), until=order.until.isoformat())


def _waiver(desk: Desk, order: Order, blank: Decision) -> tuple[Decision, list[Submission]]:
    _known_unit(desk, order.unit)
    plan, template = desk.setting.plan, desk.setting.template
    rules = {rule.code for table in template.tables for rule in table.rules}
    doubts = {code for code in desk.setting.messages.messages if code.startswith("S")}
    known = rules | doubts | {relation.id for relation in plan.doubts.relations}
    if order.rule not in known:
        raise OperatorError(f"Không có quy tắc «{order.rule}». Các quy tắc: {', '.join(sorted(known))}.")
    period = str(order.period or desk.setting.period)
    decision = replace(blank, unit=order.unit, period=period, row_code=order.row_code, rule=order.rule)
    return decision, _returns(desk, order.unit, period)


def _revocation(desk: Desk, order: Order, blank: Decision) -> tuple[Decision, list[Submission]]:
    holding = {d.number: d for d in desk.decisions.decisions}
    if order.number not in holding:
        raise OperatorError(f"Không có quyết định số {order.number} còn hiệu lực.")
    former = holding[order.number]
    decision = replace(blank, revokes=former.number, period=former.period)
    if former.kind == "accept":
        return decision, _concerned(desk, former)
    if former.sha256:
        return decision, [s for s in desk.ledger.submissions() if s.sha256 == former.sha256]
    return decision, _returns(desk, former.unit, former.period) if former.kind == "waive" else []


def _returns(desk: Desk, unit: str, period: str) -> list[Submission]:
    return [s for s in desk.ledger.submissions(period) if s.unit == unit and s.is_return]


def _known_unit(desk: Desk, unit: str) -> None:
    if unit not in desk.setting.plan.unit_by_id:
        known = ", ".join(desk.setting.plan.unit_by_id)
        raise OperatorError(f"Không có đơn vị «{unit}» trong Kế hoạch. Các mã: {known}.")


def _file(desk: Desk, text: str) -> Submission:
    """The one file that a name or the beginning of a sha256 means."""
    submissions = desk.ledger.submissions()
    found = [s for s in submissions if text in (s.name, s.name.rpartition("/")[2])]
    if not found and len(text) >= _SHORTEST_HASH:
        found = [s for s in submissions if s.sha256.startswith(text.lower())]
    if not found:
        raise OperatorError(f"Sổ theo dõi không có tệp «{text}». Tên và mã tệp ở trang «Lỗi dữ liệu».")
    if len(found) > 1:
        each = "; ".join(f"{s.sha256[:12]} ({s.name}, nhận {s.arrived_at[:10]})" for s in found)
        raise OperatorError(f"Có {len(found)} tệp tên «{text}»; hãy dùng mã tệp: {each}.")
    return found[0]
