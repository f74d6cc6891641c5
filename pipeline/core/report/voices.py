"""What the units wrote, in their own words: highlights, obstacles, recommendations, next steps."""

from pipeline.core.calendar import days_of
from pipeline.core.report.sources import LAGGING, WITHOUT, Sources
from pipeline.core.report.written import short_date
from pipeline.core.rows import Row, rows_of

_BULLETS = ("-", "+", "*", "•", "–")


def highlights(src: Sources) -> tuple[str, ...]:
    """What units are proud of."""
    return _said(src, "KQ")


def obstacles(src: Sources) -> tuple[str, ...]:
    """What stands in the units' way."""
    return _said(src, "KK")


def requests(src: Sources) -> tuple[str, ...]:
    """What units ask for, and a place for what the coordinator proposes."""
    return (*_said(src, "KN"), src.words.say("fill_requests", issuer=src.head.issuer))


def next_steps(src: Sources) -> tuple[str, ...]:
    """What units will do, what the figures leave to be done, and the days of the next period."""
    say = src.words.say
    lagging = src.verdict_parts(src.indicators, LAGGING)
    without = src.verdict_parts(src.indicators, WITHOUT)
    lines = [
        say("focus", parts=lagging) if lagging else "",
        say("complete", parts=without) if without else "",
        _next_period(src),
    ]
    return (*_said(src, "PH"), *(src.item(line) for line in lines if line))


def written_in(src: Sources, section: str) -> list[Row]:
    """The rows of one section of the units' texts."""
    label = next(s.label for s in src.book.template.sections if s.code == section)
    rows = rows_of(src.pages.frames["voices"])
    return [row for row in rows if row["section"] == label and row["text"].strip()]


def _said(src: Sources, section: str) -> tuple[str, ...]:
    """The lines of a section: each text once with the names of its units, its paragraphs kept apart."""
    rows = written_in(src, section)
    if not rows:
        return (src.words.say(f"none_{section}"),)
    return tuple(line for row in rows for line in _lines(src, row))


def _lines(src: Sources, row: Row) -> list[str]:
    unit = src.full_names(str(row["unit"]).split(", "))
    first, *others = [line for line in str(row["text"]).splitlines() if line.strip()]
    if not others:
        return [src.item(src.words.say("voice", unit=unit, text=first))]
    return [
        src.item(src.words.say("voice_begins", unit=unit)),
        *(_inner(src, line) for line in (first, *others)),
    ]


def _inner(src: Sources, line: str) -> str:
    """A paragraph of a longer text; a sign that the unit itself put before it stays."""
    return line if line.startswith(_BULLETS) else src.inner(line)


def _next_period(src: Sources) -> str:
    """Nothing after the last month: the next year has a plan of its own."""
    following = src.month.period.shift(1)
    if following.year != src.month.period.year:
        return ""
    days = days_of(src.book.plan.calendar, following)
    return src.words.say(
        "next_period",
        month=src.month_year(following),
        deadline=short_date(days.submit_before),
        issuer=src.head.issuer,
        addressee=src.head.addressee,
        report_deadline=short_date(days.report_before),
    )
