"""A commune at its desk for a year: public commands by a moved clock, real files, a real mail server."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.base.period import Period
from pipeline.base.post import KeptLetter
from pipeline.cli.main import main
from pipeline.core.form_content import form_content
from pipeline.edges.store.mail_log import MailLog
from tests.forms import INDICATORS, PLAN, TEMPLATE, CellContent, cell_of, valid
from tests.mail_servers import HOST, Dovecot, SmtpServer
from tests.mailbox import message
from tests.outgoing import parsed

UNITS = [unit.id for unit in PLAN.expected_units]


def address(unit: str) -> str:
    return f"{unit.lower()}@example.org"


class Commune:
    """A workspace whose machine may send by itself, and the units that write to it."""

    def __init__(
        self, root: Path, smtp: SmtpServer, certificate: Path, output: pytest.CaptureFixture[str]
    ) -> None:
        self.root, self.smtp, self.output = root, smtp, output
        self.filled: dict[str, bytes] = {}  # what each unit has filled in last
        self._sent: Counter[str] = Counter()
        (root / "ca.pem").write_bytes(certificate.read_bytes())
        units = "\n".join(f'{unit} = ["{address(unit)}"]' for unit in UNITS)
        people = 'head = ["lanh-dao@example.org"]\nreaders = ["ubnd@example.org"]'
        (root / "danh-ba.toml").write_text(f"{people}\n[units]\n{units}\n", encoding="utf-8")
        self._mailbox: tuple[Dovecot, str] | None = None
        self._imap = self._smtp = ""
        self.send_through(smtp.port)

    def open_mailbox(self, server: Dovecot) -> None:
        """From now on the machine fetches by itself, and what is mailed lies in a mailbox."""
        self._mailbox = (server, server.new_user())
        self.fetch_from(server.tls_port)

    def fetch_from(self, port: int) -> None:
        assert self._mailbox is not None
        server, user = self._mailbox
        self._imap = (
            f'[imap]\nhost = "{HOST}"\nuser = "{user}"\nport = {port}\n'
            f'ca_file = "{server.ca_file}"\nby_itself = true\n'
        )
        self._settle()

    def send_through(self, port: int) -> None:
        self._smtp = (
            f'[smtp]\nhost = "{HOST}"\nport = {port}\nca_file = "ca.pem"\nsecurity = "starttls"\n'
            'user = "tonghop@example.org"\nsender = "tonghop@example.org"\nby_itself = true\n'
        )
        self._settle()

    def _settle(self) -> None:
        (self.root / "hop-thu.toml").write_text(self._imap + self._smtp, encoding="utf-8")

    # --- the officer and the machine --------------------------------------------------------------

    def run(self, *words: str, now: datetime, status: int = 0) -> str:
        """What a command prints; it has to end with `status`."""
        where = ("--workspace", str(self.root), "--now", now.isoformat(timespec="minutes")[:16])
        assert main([*words, *where]) == status, self.output.readouterr()
        return self.output.readouterr().out

    def tick(self, now: datetime, status: int = 0) -> None:
        self.run("tick", now=now, status=status)

    def standing(self, period: Period, now: datetime) -> dict[str, tuple[str, str, int]]:
        """Time, outcome and number of files of each unit, as `status` says."""
        status = json.loads(self.run("status", "--json", "--period", str(period), now=now))
        return {line["unit"]: (line["time"], line["outcome"], line["files"]) for line in status["units"]}

    def year(self, now: datetime) -> dict[str, Any]:
        """The calendar as the command prints it."""
        shown: dict[str, Any] = json.loads(self.run("calendar", "--json", now=now))
        return shown

    # --- the units --------------------------------------------------------------------------------

    def fill(self, unit: str, period: Period, **spoiled: CellContent) -> bytes:
        """The form that was mailed to the unit, filled by openpyxl; `II_3__numerator=…` spoils a cell."""
        book = openpyxl.load_workbook(io.BytesIO(self._form_of(unit, period)))
        content = form_content(PLAN, TEMPLATE, PLAN.unit_by_id[unit], period, {})
        for row in content.rows["indicators"]:
            cells = valid(row) | {"evidence": f"Báo cáo {period.month}/BC ngày 10/{period.month:02d}/2026"}
            if row.entry == "ratio":
                cells["numerator"] = 36.0 + period.month
            for key, value in cells.items():
                cell_of(book, INDICATORS, row.code, key).value = value
        for place, value in spoiled.items():
            code, _, key = place.partition("__")
            cell_of(book, INDICATORS, code.replace("_", "."), key).value = value
        filled = io.BytesIO()
        book.save(filled)
        self.filled[unit] = filled.getvalue()
        return self.filled[unit]

    def drop(self, name: str, data: bytes) -> None:
        """The officer puts a file into the inbox."""
        (self.root / "inbox" / name).write_bytes(data)

    def mail(self, unit: str, data: bytes, at: datetime) -> None:
        """The unit mails its form: into the mailbox of the office, else as a file that somebody saved."""
        received = (("Received", f"from a.example.org by b.example.org; {format_datetime(at)}"),)
        letter = message(("phiếu đã điền.xlsx", data), sender=address(unit), headers=received)
        if self._mailbox is None:
            self._sent[unit] += 1
            self.drop(f"thư {unit} {self._sent[unit]}.eml", letter)
        else:
            server, user = self._mailbox
            server.deliver(user, (letter, at))

    def _form_of(self, unit: str, period: Period) -> bytes:
        begins = f"Mẫu phiếu báo cáo {period.label} "
        for _, to, data in reversed(self.smtp.post.taken):
            letter = parsed(data)
            if to == (address(unit),) and str(letter["Subject"]).startswith(begins):
                (form,) = letter.iter_attachments()
                content = form.get_content()
                assert isinstance(content, bytes)
                return content
        raise AssertionError(f"no form of {period} was mailed to {unit}")

    # --- what is on record ------------------------------------------------------------------------

    def letters(self) -> dict[str, KeptLetter]:
        with MailLog(self.root / "archive" / "mail.sqlite") as log:
            return log.letters()

    def happened(self, key: str) -> list[str]:
        """All that the log says happened to a letter."""
        with MailLog(self.root / "archive" / "mail.sqlite") as log:
            return [event for event, _, _ in log.events(key)]

    def steps(self) -> dict[str, dict[str, Any]]:
        kept: dict[str, dict[str, Any]] = json.loads((self.root / "archive" / "steps.json").read_bytes())
        return kept

    def diary(self) -> Iterator[str]:
        """The lines of the diary, without their moments."""
        for line in (self.root / "outbox" / "nhat-ky.txt").read_text(encoding="utf-8").splitlines():
            yield line.partition("  ")[2]
