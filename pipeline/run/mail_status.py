"""How the mail stands: letters of a period, messages that wait for a decision, and what was left behind."""

from dataclasses import dataclass

from pipeline.base.period import Period
from pipeline.base.post import FetchedMail, KeptLetter
from pipeline.edges.store.mail_log import MailLog
from pipeline.run.mail_fetch import waiting_mails
from pipeline.run.mail_place import MailPlace
from pipeline.run.workspace import Workspace


@dataclass(frozen=True, slots=True)
class MailStatus:
    """`taken` counts the messages that went to the inbox; letters are those of the period, or all."""

    taken: int
    waiting: tuple[FetchedMail, ...]
    too_large: tuple[FetchedMail, ...]
    letters: tuple[KeptLetter, ...]


def read_mail_status(workspace: Workspace, period: Period | None) -> MailStatus:
    """The mail of a workspace; nothing is fetched, written or sent."""
    place = MailPlace(workspace)
    if not MailLog.exists(place.log):
        return MailStatus(0, (), (), ())
    with MailLog(place.log) as log:
        mails = log.fetched()
        return MailStatus(
            taken=sum(mail.standing in ("taken", "admitted") for mail in mails),
            waiting=tuple(waiting_mails(place, log)),
            too_large=tuple(mail for mail in mails if mail.standing == "too_large"),
            letters=tuple(
                letter for letter in log.letters().values() if period is None or letter.period == str(period)
            ),
        )
