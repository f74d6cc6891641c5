"""The commands of `mail`: options, lines, exit codes, and nothing heavy where an answer is due at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.base.post import FetchedMail, KeptLetter
from pipeline.cli.mail_report import fetch_lines, mail_status_lines, send_lines
from pipeline.cli.main import main
from pipeline.cli.places import PROJECT
from pipeline.edges.mailbox.password import Password
from pipeline.run.mail_fetch import FetchResult
from pipeline.run.mail_send import SendResult
from pipeline.run.mail_status import MailStatus
from tests.mail_servers import VARIABLE, free_port
from tests.mailbox import set_up_fetching
from tests.test_cli_help import HEAVY, english_in

MAIL = FetchedMail(
    account="m/u",
    folder="INBOX",
    uidvalidity=1,
    uid=7,
    sha256="ab",
    message_id="<1@x>",
    sender="ca@example.org",
    envelope="ca@example.org",
    subject="Báo cáo \x1b[31mtháng 11",
    size=60_000_000,
    received_at="2026-11-18T03:15:00+00:00",
    fetched_at="2026-11-21T08:00:00+07:00",
    standing="taken",
    name="20261118T031500Z_ab.eml",
)
LETTER = KeptLetter("k", "reminder", "2026-11", "CA", "ca@example.org", "s", "outbox/x.eml", "d", "m")


def changed(standing: str, **changes: object) -> FetchedMail:
    values = {name: getattr(MAIL, name) for name in FetchedMail.__slots__}
    return FetchedMail(**{**values, "standing": standing, **changes})


def test_what_was_fetched_is_told_by_kind_and_foreign_text_is_harmless() -> None:
    mails = (
        MAIL,
        changed("stranger", sender="la@example.com", envelope="khac@example.net"),
        changed("bare"),
        changed("too_large", name=""),
    )
    text = "\n".join(fetch_lines(FetchResult(mails, "Mất kết nối.")))
    assert "Đã lấy 1 thư vào inbox:" in text
    assert "Báo cáo [31mtháng 11  18/11 10:15  ca@example.org  20261118T031500Z_ab.eml" in text
    assert "Để riêng 1 thư của người không có trong danh bạ:" in text
    assert "Để riêng 1 thư không có tệp đính kèm:" in text
    assert "Để lại trên máy chủ 1 thư quá lớn" in text
    assert "60 MB" in text
    assert "khác tên miền với người gửi mà máy chủ ghi nhận: la@example.com (khac@example.net)" in text
    assert text.endswith("Dừng giữa chừng: Mất kết nối.")
    assert "\x1b" not in text
    assert english_in(text) == []


def test_nothing_new_is_said_in_one_line() -> None:
    assert list(fetch_lines(FetchResult(()))) == ["Không có thư mới."]
    assert list(send_lines(SendResult((), 0))) == ["Không có thư nào đến hạn."]


@pytest.mark.parametrize(
    ("state", "detail", "recipients", "said"),
    [
        ("ready", "", "ca@example.org", "chưa gửi"),
        ("ready", "", "", "chưa gửi: chưa có địa chỉ trong danh-ba.toml"),
        ("unknown", "", "ca@example.org", "không rõ đã gửi"),
        ("sent", "", "ca@example.org", "đã gửi"),
        ("by_hand", "", "ca@example.org", "đã gửi bằng tay"),
        ("refused", "452 đầy", "ca@example.org", "máy chủ từ chối: 452 đầy"),
        ("held", "", "ca@example.org", "giữ lại"),
    ],
)
def test_each_letter_is_told_with_its_state(state: str, detail: str, recipients: str, said: str) -> None:
    values = {name: getattr(LETTER, name) for name in KeptLetter.__slots__}
    letter = KeptLetter(**{**values, "state": state, "detail": detail, "recipients": recipients})
    for lines in (send_lines(SendResult((letter,), 1)), mail_status_lines(MailStatus(3, (), (), (letter,)))):
        text = "\n".join(lines)
        assert any(line.endswith(f"  {said}") for line in text.splitlines())
        assert ("mail send --send --resend" in text) == (state == "unknown")
        assert ("mail send --send --kind" in text) == (state == "held")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["send", "--resend"], "Lỗi: --resend dùng cùng --send."),
        (["send", "--send", "--done"], "Lỗi: Chỉ dùng một trong hai: --send hoặc --done."),
        (["send", "--kind", "thu"], "Lỗi: --kind: «thu» không phải là một loại thư; các loại: mau, da-nhan,"),
        (["admit"], "Lỗi: Thiếu đối số TỆP."),
        (["gui"], "Lỗi: Không có lệnh «gui». Các lệnh: fetch, send, status, admit, password."),
        (["fetch", "--period", "2026-11"], "Lỗi: Lệnh «fetch» không dùng tùy chọn «--period»."),
    ],
)
def test_a_mistake_in_the_arguments(argv: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", *argv]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith(said)
    assert "python run_monthly.py mail" in told.err


@pytest.mark.parametrize("argv", [["mail"], ["--period", "2026-11", "mail"], ["mail", "status"]])
def test_the_group_alone_says_how_the_mail_stands(
    argv: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*argv, "--workspace", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Thư đã lấy vào inbox từ trước đến nay: 0.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["fetch", "send", "status", "admit", "password"])
def test_help_pages_are_vietnamese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", name, "--help"]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"Cách dùng: python run_monthly.py mail {name}")
    assert english_in(page) == []


def test_letters_are_written_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--workspace", str(tmp_path), "--now", "2026-11-18T08:00", "--period", "2026-11"]
    assert main(["mail", "send", *where]) == 0
    told = capsys.readouterr().out
    assert told.startswith("9 thư đến hạn, trong đó 9 thư vừa soạn:\n")
    assert "outbox/2026-11/thu/nhac-CA-2026-11-18.eml" in told
    assert main(["mail", "send", "--done", *where]) == 0
    assert main(["mail", "status", *where]) == 0
    assert capsys.readouterr().out.count("đã gửi bằng tay") == 18


@pytest.mark.parametrize("settings", ["", "[limits]\nmessage_mb = 9\n"])
def test_sending_without_a_mailbox_says_what_to_do_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str
) -> None:
    if settings:
        (tmp_path / "hop-thu.toml").write_text(settings, encoding="utf-8")
    assert main(["mail", "send", "--send", "--workspace", str(tmp_path), "--now", "2026-11-18T08:00"]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "schemas/hop-thu.example.toml" in told.err
    assert told.err.endswith("mở các tệp .eml trong outbox, xong thì mail send --done.\n")
    assert not (tmp_path / "outbox").exists()


def test_a_server_that_is_down_ends_with_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "x")
    set_up_fetching(tmp_path, "u", free_port(), Path("ca.pem"))
    (tmp_path / "hop-thu.toml").write_text(
        (tmp_path / "hop-thu.toml").read_text(encoding="utf-8").replace('ca_file = "ca.pem"\n', ""), "utf-8"
    )
    assert main(["mail", "fetch", "--workspace", str(tmp_path)]) == 3
    assert "không nhận kết nối" in capsys.readouterr().err


def test_passwords_are_asked_for_and_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[str, str]] = []

    def keep(server: object, password: Password) -> None:
        kept.append((str(getattr(server, "host", "")), password.reveal()))

    monkeypatch.setattr("pipeline.run.mail_place.keep_password", keep)
    monkeypatch.setattr("click.prompt", lambda text, hide_input: f"mật khẩu {hide_input}")
    set_up_fetching(tmp_path, "u", 993, Path("ca.pem"))
    assert main(["mail", "password", "--workspace", str(tmp_path)]) == 0
    assert kept == [("localhost", "mật khẩu True")]
    assert capsys.readouterr().out == "Đã cất mật khẩu của u tại localhost vào kho của hệ thống.\n"


def test_the_status_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; from pipeline.cli.main import main; status = main(sys.argv[1:]);"
        "print('imported', *sys.modules, file=sys.stderr); sys.exit(status)"
    )
    words = [sys.executable, "-c", program, "mail", "status", "--workspace", str(tmp_path)]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=True)
    imported = set(done.stderr.rpartition("imported ")[2].split())
    assert "click" in imported
    assert imported & (HEAVY | {"smtplib"}) == set()
