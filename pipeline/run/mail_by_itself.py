"""The mail while nobody is at the desk: fetched and sent where hop-thu.toml says so, written in any case."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from pipeline.base.errors import PipelineError, WorldError
from pipeline.base.period import Period
from pipeline.base.post import KeptLetter
from pipeline.core.calendar import latest_closed, now_open
from pipeline.edges.store.ledger import Ledger
from pipeline.edges.store.mail_log import MailLog
from pipeline.run.mail_fetch import fetch_mail, waiting_mails
from pipeline.run.mail_place import MailPlace
from pipeline.run.workspace import Tell, Workspace
from pipeline.spec.mailbox import MailSettings
from pipeline.spec.plan import Plan

_RECENT = timedelta(days=7)  # what was taken so lately may still want an answer
_SENDING = {
    "unknown": "Không rõ đã gửi {files}: hỏi người nhận, rồi xem mail status",
    "refused": "Máy chủ thư từ chối {files}: xem mail status; sửa danh-ba.toml nếu cần rồi mail send --send",
    "ready": "Chưa có địa chỉ trong danh-ba.toml để gửi {files}",
}
_HELD = (
    "Giữ lại thư trả lời {units}: quá {most} thư tự động một ngày cho một đơn vị. Hỏi đơn vị có gửi nhiều "
    "tệp như vậy không; có thì mail send --send --kind da-nhan --kind phan-hoi"
)


def allowed(workspace: Workspace) -> tuple[MailSettings, list[str]]:
    """What the machine may do by itself, and what is wrong with the file that says so: then nothing."""
    try:
        return MailPlace(workspace).settings or MailSettings(), []
    except PipelineError as fault:
        return MailSettings(), [str(fault)]


def fetch_by_itself(workspace: Workspace, tell: Tell) -> str:
    """Fetch what is new; returns what is worth a line, "" where nothing came."""
    result = fetch_mail(workspace, tell)
    if result.trouble:
        raise WorldError(result.trouble)
    taken = sum(mail.standing == "taken" for mail in result.mails)
    counts = {"vào inbox": taken, "để riêng hoặc để lại": len(result.mails) - taken}
    return ", ".join(f"{count} thư {where}" for where, count in counts.items() if count)


def letters_by_itself(workspace: Workspace, plans: Sequence[Plan], tell: Tell) -> str:
    """Write the letters that are due, and send them where that is allowed; returns what is worth a line."""
    from pipeline.run.mail_send import SendOrder, send_mail

    smtp = allowed(workspace)[0].smtp
    order = SendOrder(deliver=smtp is not None and smtp.by_itself, by_itself=True)
    results = [send_mail(workspace, period, order, tell) for period in _periods(workspace, plans)]
    trouble = next((result.trouble for result in results if result.trouble), "")
    if trouble:
        raise WorldError(trouble)
    counts = {
        "soạn": sum(r.written for r in results),
        "gửi": sum(r.left for r in results),
        "giữ lại": sum(r.held for r in results),
    }
    return ", ".join(f"{what} {count} thư" for what, count in counts.items() if count)


def mail_notices(workspace: Workspace, settings: MailSettings, plans: Sequence[Plan]) -> Iterator[str]:
    """What waits for a person, where the machine does the rest."""
    place = MailPlace(workspace)
    if not MailLog.exists(place.log):
        return
    with MailLog(place.log) as log:
        waiting, letters = waiting_mails(place, log), log.letters().values()
    if waiting and settings.imap is not None and settings.imap.by_itself:
        yield f"Thư để riêng trong inbox-la, chờ cán bộ quyết định: {len(waiting)} (xem mail status)"
    if settings.smtp is not None and settings.smtp.by_itself:
        periods = {str(period) for period in _usual(workspace.now, plans)}
        yield from _unsent([letter for letter in letters if letter.period in periods])
        names = {unit.id: unit.name for plan in plans for unit in plan.units}
        held = {x.unit for x in letters if x.state == "held" and _is_recent(x.moment, workspace.now)}
        if held:  # without a number, which would grow by every letter: what has changed is noted anew
            units = ", ".join(names.get(unit, unit) for unit in sorted(held))
            yield _HELD.format(units=units, most=settings.smtp.answers_a_day)


def _unsent(letters: Sequence[KeptLetter]) -> Iterator[str]:
    for state, sentence in _SENDING.items():
        files = [x.file for x in letters if x.state == state and (state != "ready" or not x.recipients)]
        if files:
            more = f" và {len(files) - 1} thư khác" if len(files) > 1 else ""
            yield sentence.format(files=files[0] + more)


def _periods(workspace: Workspace, plans: Sequence[Plan]) -> list[Period]:
    """The periods with something to say: to consolidate, now open, and any that got a file lately."""
    known = {plan.year for plan in plans}
    periods = _usual(workspace.now, plans)
    if Ledger.exists(workspace.ledger):
        with Ledger(workspace.ledger) as ledger:
            taken = [s for s in ledger.submissions() if s.period and _is_recent(s.decided_at, workspace.now)]
        periods |= {Period.parse(s.period) for s in taken}
    return sorted(period for period in periods if period.year in known)


def _usual(now: datetime, plans: Sequence[Plan]) -> set[Period]:
    both = {usual(plan.calendar, now.date()) for plan in plans for usual in (latest_closed, now_open)}
    return {period for period in both if period.year in {plan.year for plan in plans}}


def _is_recent(moment: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(moment) < _RECENT
