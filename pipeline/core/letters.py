"""Which letters are due for a period, to whom and in which words; each is said once, by its key."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from pipeline.base.period import Period
from pipeline.base.post import STEMS, Kind
from pipeline.base.record import Submission
from pipeline.core.calendar import days_of, now_open
from pipeline.core.moments import DAY_BY_HAND
from pipeline.core.occasion import Occasion
from pipeline.core.register import RegisterLine, has_reported, replaced
from pipeline.core.steps import steps_of
from pipeline.spec.calendar import Action
from pipeline.spec.contacts import Contacts
from pipeline.spec.letters import NOT_IN_NAMES, LetterTexts, Limit

# The letters that have a day of their own, by the step of the plan that sets it.
DATED: Mapping[Action, Kind] = {
    "remind": "reminder",
    "remind_late": "overdue",
    "escalate": "escalation",
    "workbook": "workbook",
}
_ONE_DAY = timedelta(days=1)
_SHORT = 8  # characters of the sha256 in a name


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter: its path in the workspace, and its name in the letter."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, to be written down as it is. `recipients` is empty where the register knows nobody;
    `gist` is what it says whatever the hour."""

    key: str
    kind: Kind
    period: Period
    unit: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    gist: str
    enclosures: tuple[Enclosure, ...]
    stem: str


def letters_due(
    desk: Occasion, texts: LetterTexts, contacts: Contacts, wanted: Collection[Kind] = ()
) -> tuple[Letter, ...]:
    """The letters of the period that are due at `desk.now`.

    Letters of a kind in `wanted` are due whatever the day, and no others are; who owes nothing is not
    reminded all the same.
    """
    writer = _Writer(desk, texts, contacts, frozenset(wanted))
    made = [
        *_forms(writer),
        *_receipts(writer),
        *_answers(writer),
        *_comparisons(writer),
        *_reminders(writer),
        *_overdue(writer),
        *_escalation(writer),
        *_workbook(writer),
    ]
    return tuple(letter for letter in made if not wanted or letter.kind in wanted)


@dataclass(frozen=True)
class _Writer:
    """What every letter needs to be written."""

    desk: Occasion
    texts: LetterTexts
    contacts: Contacts
    wanted: frozenset[Kind]

    def day(self, kind: Kind) -> date | None:
        """The day that a dated letter is about: that of the latest step which has come due and makes
        sense still; today where the kind is asked for."""
        if kind in self.wanted:
            return self.desk.today
        now, steps = self.desk.now, steps_of(self.desk.plan.calendar, self.desk.period)
        about = [one for one in steps if DATED.get(one.step.action) == kind]
        return max((one.due.date() for one in about if one.due <= now < one.ends), default=None)

    def write(
        self,
        kind: Kind,
        unit: str,
        about: str,
        recipients: tuple[str, ...],
        enclosed: str = "",
        **words: object,
    ) -> Letter:
        """`about` tells letters of one kind to one unit apart; `enclosed` is a path in the workspace."""
        text, period = self.texts.letters[kind], self.desk.period
        all_words = {**self._common, **self._limits(unit), **words}
        if unit:
            all_words["unit"] = self.desk.plan.unit_by_id[unit].name
        own_name = enclosed.rpartition("/")[2]
        name = _as_name(text.attachment.format(**all_words)) if text.attachment else own_name
        all_words["file"] = words.get("file", name)
        return Letter(
            key="/".join(part for part in (str(period), kind, unit, about) if part),
            kind=kind,
            period=period,
            unit=unit,
            recipients=recipients,
            subject=text.subject.format(**all_words),
            body=text.body.strip().format(**all_words) + "\n",
            gist=f"{text.subject}\n{text.body}".format(**{**all_words, "now": ""}),
            enclosures=(Enclosure(enclosed, name),) if enclosed else (),
            stem="-".join(part for part in (STEMS[kind], unit, about) if part),
        )

    def to_unit(self, kind: Kind, unit: str, about: str, enclosed: str = "", **words: object) -> Letter:
        return self.write(kind, unit, about, self.contacts.units.get(unit, ()), enclosed, **words)

    @cached_property
    def _common(self) -> dict[str, object]:
        desk, plan = self.desk, self.desk.plan
        return {
            "office": plan.unit_by_id[plan.coordinator].name,
            "authority": plan.authority,
            "plan": plan.short_title,
            "period": desk.period.label,
            "month": f"{desk.period.month:02d}-{desk.period.year}",
            "now": f"{desk.now:%H:%M} ngày {_day(desk.today)}",
        }

    def _limits(self, unit: str) -> dict[str, object]:
        """The deadlines that hold for a unit, and how they are named today."""
        desk, limits = self.desk, self.texts.limits
        days, last = days_of(desk.plan.calendar, desk.period), desk.last_good_day(unit)
        words = {
            "deadline": _day(last + _ONE_DAY),
            "last_day": _day(last),
            "report_before": _day(days.report_before),
        }
        named = {
            "submit_by": _named(limits.submit_by, is_past=last < desk.today),
            "report_by": _named(limits.report_by, is_past=days.last_report_day < desk.today),
            "deadline_note": _named(limits.deadline_note, is_past=last < desk.today),
        }
        said = {key: text.format(**words, authority=desk.plan.authority) for key, text in named.items()}
        return {**words, **said}


def _forms(writer: _Writer) -> Iterator[Letter]:
    desk = writer.desk
    days = days_of(desk.plan.calendar, desk.period)
    if "form" in writer.wanted or desk.period == now_open(desk.plan.calendar, desk.today):
        for line in desk.expected:
            if line.unit in desk.forms and not line.files:
                form = desk.forms[line.unit]
                dates = {"first": _day(days.first), "closing": _day(days.closing)}
                yield writer.to_unit("form", line.unit, "", form, **dates)


def _receipts(writer: _Writer) -> Iterator[Letter]:
    """For what leaves nothing to say; whatever does is answered with its feedback."""
    desk = writer.desk
    for sent in desk.submissions:
        is_ours = sent.period == str(desk.period) and bool(sent.unit)
        if is_ours and sent.is_return and sent.sha256 not in desk.told:
            accepted = desk.accepted(sent.unit, sent.sha256)
            yield writer.to_unit(
                "receipt",
                sent.unit,
                sent.sha256[:_SHORT],
                file=sent.file_name,
                arrived=_arrival(sent, desk.now),
                accepted=len(accepted),
                owed=len(accepted | desk.owed(sent.unit)),
            )


def _answers(writer: _Writer) -> Iterator[Letter]:
    """To the unit whose form it is; for a file that is nobody's, to the one unit its sender writes for.

    A form that a later usable one has taken the place of needs no answer any more.
    """
    gone = replaced(writer.desk.submissions, writer.desk.period)
    for sent in writer.desk.submissions:
        if sent.sha256 in gone:
            continue
        answer = writer.desk.answers.get(sent.sha256)
        units = (sent.unit,) if sent.unit else writer.contacts.units_of(sent.sender)
        if answer is not None and len(units) == 1:
            text = answer.text.strip()
            yield writer.to_unit("feedback", units[0], sent.sha256[:_SHORT], answer.form, text=text)


def _comparisons(writer: _Writer) -> Iterator[Letter]:
    """What does not agree between units, to each that it concerns; other figures are another letter."""
    for (unit, about), text in writer.desk.comparisons.items():
        yield writer.to_unit("feedback", unit, about, text=text.strip())


def _reminders(writer: _Writer) -> Iterator[Letter]:
    day, desk = writer.day("reminder"), writer.desk
    if day is not None:
        for line, state in _debtors(writer):
            left = (desk.last_good_day(line.unit) - desk.today).days + 1
            if left > 0:
                yield writer.to_unit("reminder", line.unit, day.isoformat(), state=state, days=left)


def _overdue(writer: _Writer) -> Iterator[Letter]:
    day = writer.day("overdue")
    if day is not None:
        for line, state in _late(writer):
            yield writer.to_unit("overdue", line.unit, day.isoformat(), state=state)


def _escalation(writer: _Writer) -> Iterator[Letter]:
    day = writer.day("escalation")
    debtors = _debtors(writer) if "escalation" in writer.wanted else _late(writer)
    if day is not None and debtors:
        line_of = writer.texts.escalation_line.format
        lines = [line_of(unit=line.name, state=state) for line, state in debtors]
        yield writer.write(
            "escalation",
            "",
            day.isoformat(),
            writer.contacts.head,
            list="\n".join(lines),
            count=len(debtors),
            expected=len(writer.desk.expected),
        )


def _workbook(writer: _Writer) -> Iterator[Letter]:
    """Each issue once; before the first the draft, unless nobody has reported."""
    desk = writer.desk
    reported = sum(map(has_reported, desk.expected))
    is_due = writer.day("workbook") is not None and (reported or "workbook" in writer.wanted)
    if desk.workbook and is_due:
        counts = {"reported": reported, "expected": len(desk.expected)}
        editions = writer.texts.editions
        about, edition = (
            (f"r{desk.issue}", editions.issued.format(number=desk.issue))
            if desk.issue
            else ("", editions.draft)
        )
        readers = writer.contacts.readers
        yield writer.write("workbook", "", about, readers, desk.workbook, edition=edition, **counts)


def _debtors(writer: _Writer) -> list[tuple[RegisterLine, str]]:
    """The expected units that owe something, each with what it is."""
    states = [(line, _state(writer, line)) for line in writer.desk.expected]
    return [(line, state) for line, state in states if state]


def _late(writer: _Writer) -> list[tuple[RegisterLine, str]]:
    """Those whose deadline has passed, by the extension that they were given."""
    desk = writer.desk
    return [(line, state) for line, state in _debtors(writer) if desk.last_good_day(line.unit) < desk.today]


def _state(writer: _Writer, line: RegisterLine) -> str:
    """What a unit owes, in words; "" where it owes nothing."""
    states = writer.texts.states
    if not has_reported(line):
        return states.unusable if line.files else states.nothing
    owed, accepted = writer.desk.owed(line.unit), writer.desk.accepted(line.unit)
    missing = owed - accepted
    counts = {"missing": len(missing), "owed": len(owed), "accepted": len(owed & accepted)}
    return states.partial.format(**counts) if missing else ""


def _arrival(sent: Submission, now: datetime) -> str:
    """When a file came, in words; a day that was set by hand has no hour."""
    moment = datetime.fromisoformat(sent.arrived_at).astimezone(now.tzinfo)
    hour = "" if sent.arrival_source == DAY_BY_HAND else f"lúc {moment:%H:%M} "
    return f"{hour}ngày {_day(moment.date())}"


def _named(limit: Limit, is_past: bool) -> str:
    return limit.past if is_past else limit.ahead


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _as_name(text: str) -> str:
    """A file name on every system: the texts of the plan hold slashes."""
    return "".join("-" if c in NOT_IN_NAMES else c for c in text)
