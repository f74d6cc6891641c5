"""Put the report together: head, five chapters, foot, appendices."""

from pipeline.core.calendar import days_of
from pipeline.core.report import appendix, assessment, results, submission, voices
from pipeline.core.report.sources import Sources
from pipeline.core.report.written import month_number, short_date
from pipeline.spec.report import Report


def report(src: Sources) -> Report:
    """The report of the month of `src`, every figure as on the pages of its workbook.

    The day is left to the clerk, who also gives the number; the month is that of `made_at`.
    """
    head, say, period = src.head, src.words.say, src.month.period
    month = src.month_year(period)
    date = say("date", month=month_number(src.made_at.month), year=src.made_at.year)
    return Report(
        parent_body=head.parent_body.upper(),
        issuer=head.issuer.upper(),
        symbol=head.symbol,
        place=head.place,
        date=date,
        subject=head.subject.format(month=month),
        addressee=head.addressee,
        opening=_opening(src, month),
        direction=submission.direction(src),
        overall=results.overall(src),
        groups=results.groups(src),
        tasks=results.tasks(src),
        highlights=voices.highlights(src),
        strengths=assessment.strengths(src),
        shortfalls=assessment.shortfalls(src),
        causes=assessment.causes(src),
        obstacles=voices.obstacles(src),
        requests=voices.requests(src),
        next_steps=voices.next_steps(src),
        closing=say("closing", month=month, issuer=head.issuer, addressee=head.addressee),
        recipients=_recipients(head.recipients),
        signer_role=head.signer_role.upper(),
        enclosed=say("enclosed", symbol=head.symbol, date=date, issuer=head.issuer),
        indicator_groups=appendix.indicator_groups(src),
        notes=appendix.notes(src),
        task_groups=appendix.task_groups(src),
        submissions=appendix.submissions(src),
    )


def _opening(src: Sources, month: str) -> str:
    days = days_of(src.book.plan.calendar, src.month.period)
    return src.words.say(
        "opening",
        plan=src.book.plan.title,
        issuer=src.head.issuer,
        month=month,
        first=short_date(days.first),
        last=short_date(days.closing),
    )


def _recipients(names: tuple[str, ...]) -> tuple[str, ...]:
    """`- Như trên;` … `- Lưu: VT, VHXH.`"""
    *others, last = names
    return (*(f"- {name};" for name in others), f"- {last}.")
