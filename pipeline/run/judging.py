"""Judge forms with all that is known about them: earlier months, the issued form, the officer's word."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from pipeline.base.errors import OperatorError
from pipeline.base.finding import Finding
from pipeline.base.record import IssuedTemplate
from pipeline.core.calendar import latest_reportable
from pipeline.core.form_content import with_issued_texts
from pipeline.core.intake import Arrived, Judgement, Returned, judge, simultaneous
from pipeline.core.moments import moment_text
from pipeline.core.series import Past
from pipeline.edges.reading.guard import UnreadableWorkbook
from pipeline.run.desk import Desk
from pipeline.run.previous import facts_of, forms
from pipeline.run.reading import Form, OpenedFile
from pipeline.spec.form import FormContent

_OTHER_PLAN, _UNKNOWN_FORM, _PERIOD_ISSUED, _EARLIER_PERIOD = "F20", "F21", "F23", "F24"
_LENT_ADDRESS = "F25"


@dataclass(frozen=True, slots=True)
class Case:
    """A form to be judged: the file it came in, when that arrived ("" where it did not, but is only looked
    at), the name it came under, and who sent it as the mail says ("" where there was none).

    One that `waits` came for a period that was issued before.
    """

    sha256: str
    name: str
    arrived_at: str
    sender: str
    file: OpenedFile
    form: Form
    waits: bool

    @property
    def period(self) -> str:
        return str(self.form.period)


def judge_cases(desk: Desk, cases: Sequence[Case]) -> Iterator[list[tuple[Case, Judgement]]]:
    """Judge forms period by period, the earlier first: what they bring is "the last accepted value" of
    later ones, so keep each part before asking for the next."""
    ordered = sorted(cases, key=lambda case: (case.period, case.form.template.version))
    for _, part in groupby(ordered, key=lambda case: (case.period, case.form.template.version)):
        yield _judge_part(desk, list(part))


def _judge_part(desk: Desk, cases: list[Case]) -> list[tuple[Case, Judgement]]:
    period, template = cases[0].form.period, cases[0].form.template
    setting = desk.setting.of(period)
    units = sorted({case.form.unit.id for case in cases})
    facts = facts_of(desk.ledger, period, units)
    contents = forms(setting, period, units, facts, template)
    issued = _issued(desk, str(period))
    together = _simultaneous(desk, cases)
    senders = _senders(desk, cases)
    returned = [
        _returned(desk, case, contents[case.form.unit.id], issued, (*also, *of_sender))
        for case, also, of_sender in zip(cases, together, senders, strict=True)
    ]
    past = Past(str(period), facts, setting.plan.doubts)
    judgements = judge(returned, template, setting.messages, past)
    return [(case, _after_issue(desk, case, j)) for case, j in zip(cases, judgements, strict=True)]


def _returned(
    desk: Desk,
    case: Case,
    content: FormContent,
    issued: Mapping[tuple[str, str], IssuedTemplate],
    also: Sequence[Finding],
) -> Returned:
    as_issued, said = _as_issued(desk, case.form, content, issued)
    findings = (*case.file.findings, *also, *said, *_of_earlier_period(desk, case))
    spared = desk.decisions.spared(case.sha256, case.form.unit.id, case.period)
    return Returned(case.sha256, case.form.workbook, as_issued, findings, spared)


def _of_earlier_period(desk: Desk, case: Case) -> tuple[Finding, ...]:
    """Last month's form, sent when this month's is awaited: a correction, or the wrong form."""
    arrived = datetime.fromisoformat(case.arrived_at).date() if case.arrived_at else desk.setting.today
    awaited = latest_reportable(desk.setting.plan.calendar, arrived)
    if case.form.period >= awaited:
        return ()
    return (Finding(_EARLIER_PERIOD, found=case.form.period.label, values={"open": awaited.label}),)


def _senders(desk: Desk, cases: Sequence[Case]) -> list[tuple[Finding, ...]]:
    """What is said of forms that came from the address of another unit: anybody may write a unit's id into a
    form. Who sent a mail proves nothing, so that it is told and changes nothing."""
    if not any(case.sender for case in cases):
        return [()] * len(cases)
    from pipeline.run.mail_place import MailPlace  # late: most files come without a mail

    plan, contacts = desk.setting.plan, None
    with suppress(OperatorError):  # a faulty register is told by what needs it
        contacts = MailPlace(desk.setting.workspace).contacts(plan)
    lent = [
        contacts.lent_by(case.sender, case.form.unit.id, plan.coordinator) if contacts else ()
        for case in cases
    ]
    names = [", ".join(plan.unit_by_id[unit].short_name for unit in units) for units in lent]
    return [(Finding(_LENT_ADDRESS, found=name),) if name else () for name in names]


def _issued(desk: Desk, period: str) -> Mapping[tuple[str, str], IssuedTemplate]:
    """The forms that were issued for the period, by unit and checksum."""
    return {(form.unit, form.checksum): form for form in desk.ledger.issued_templates(period)}


def _as_issued(
    desk: Desk, form: Form, content: FormContent, issued: Mapping[tuple[str, str], IssuedTemplate]
) -> tuple[FormContent, tuple[Finding, ...]]:
    """The form with the locked texts that stood in it when it was issued, where the plan changed since."""
    current = dict(content.identity)[form.template.identity.checksum]
    if not form.checksum or form.checksum == current:
        return content, ()
    sealed = issued.get((form.unit.id, form.checksum))
    if sealed is None:
        was_issued = any(unit == form.unit.id for unit, _ in issued)
        return content, (Finding(_UNKNOWN_FORM),) if was_issued else ()
    said = (Finding(_OTHER_PLAN, found=moment_text(sealed.issued_at)),)
    from pipeline.edges.reading.workbook import read_workbook  # the readers are heavy, and this is rare

    try:
        workbook = read_workbook(desk.archive.read(sealed.archived_as, sealed.sha256))
    except UnreadableWorkbook:
        return content, said
    return with_issued_texts(content, workbook, form.template), said


def _simultaneous(desk: Desk, cases: Sequence[Case]) -> list[tuple[Finding, ...]]:
    """What is said of forms of one unit that came at the same moment, in this batch or before."""
    if not cases[0].arrived_at:
        return [()] * len(cases)
    own = {case.sha256 for case in cases}
    known = [
        Arrived(s.unit, s.order, s.name)
        for s in desk.ledger.submissions(cases[0].period)
        if s.is_return and s.sha256 not in own
    ]
    new = [Arrived(c.form.unit.id, (c.arrived_at, desk.now, c.sha256), c.name) for c in cases]
    return simultaneous([*new, *known])[: len(new)]


def _after_issue(desk: Desk, case: Case, judgement: Judgement) -> Judgement:
    """A form for a period that was issued waits for the officer's word before anything of it counts."""
    if not case.waits or desk.decisions.is_admitted(case.sha256):
        return judgement
    said = (*judgement.findings, Finding(_PERIOD_ISSUED))
    return Judgement("pending", said)
