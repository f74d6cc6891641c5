"""Mail servers of our own on loopback: dovecot for IMAP, aiosmtpd for SMTP, both with TLS and a password.

Where a program is missing, the test that asks is skipped and says so, or fails where CI=true.
"""

import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "localhost"
PASSWORD = "bí mật 57 {x}"  # what a person may choose
VARIABLE = "HOP_THU_MAT_KHAU"
_USERS = 200
_PATIENCE = 10.0
_DOVECOT_CONF = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
ssl = required
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


def program(name: str, package: str) -> str:
    """The path of a program; without it the test that asks is skipped, or fails where CI=true."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        reason = f"{name} ({package}) is not installed, so the mailbox cannot be tried against a real server"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(folder: Path, name: str = "cert", host: str = HOST) -> tuple[Path, Path]:
    """A certificate that signs itself, for `host`, and its key."""
    certificate, key = folder / f"{name}.pem", folder / ("key.pem" if name == "cert" else f"{name}-key.pem")
    command = [program("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9"]
    command += ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


# --- IMAP -----------------------------------------------------------------------------------------


@dataclass
class Dovecot:
    """A running dovecot. Every user of it has the same password and a mailbox of its own."""

    home: Path
    tls_port: int
    starttls_port: int
    used: int = 0

    @property
    def ca_file(self) -> Path:
        return self.home / "cert.pem"

    def new_user(self) -> str:
        self.used += 1
        return f"tonghop{self.used}@example.org"

    @contextmanager
    def client(self, user: str) -> Iterator[imaplib.IMAP4]:
        """The mail program of somebody who reads the mailbox by hand."""
        context = ssl.create_default_context(cafile=self.ca_file)
        with imaplib.IMAP4_SSL(HOST, self.tls_port, ssl_context=context, timeout=_PATIENCE) as imap:
            imap.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
            imap.select("INBOX")
            yield imap

    def deliver(self, user: str, *messages: tuple[bytes, datetime], flags: str = "") -> None:
        """Messages arrive, each at its moment."""
        with self.client(user) as imap:
            for data, moment in messages:
                assert imap.append("INBOX", flags, moment, data)[0] == "OK"


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A private instance that is nobody's but the test's, whoever runs it."""
    server = program("dovecot", "dovecot-imapd")
    import grp  # not on Windows, where there is no dovecot either
    import pwd

    # A short path: the sockets in it may have no more than 107 characters.
    home = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    group = grp.getgrgid(user.pw_gid).gr_name
    running = Dovecot(home, free_port(), free_port())
    make_certificate(home)
    conf = _DOVECOT_CONF.format(
        home=home,
        user=user.pw_name,
        group=group,
        tls_port=running.tls_port,
        starttls_port=running.starttls_port,
    )
    (home / "dovecot.conf").write_text(conf)
    (home / "users").write_text("".join(f"tonghop{n}@example.org:{PASSWORD}\n" for n in range(1, _USERS)))
    as_root: dict[str, Any] = {}
    if os.getuid() == 0:  # dovecot runs rootless, as it does for everybody else
        as_root = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        for path in (home, *home.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
    process = subprocess.Popen([server, "-F", "-c", str(home / "dovecot.conf")], cwd=home, **as_root)
    try:
        _wait_for(running.tls_port, process, home / "log")
        yield running
    finally:
        process.terminate()
        process.wait(_PATIENCE)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError(f"dovecot did not start: {log.read_text() if log.exists() else 'no log'}")


# --- SMTP -----------------------------------------------------------------------------------------


@dataclass
class Post:
    """What an SMTP server took, and what it is to refuse: replies by address, or for every letter."""

    taken: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    refuse_address: dict[str, str] = field(default_factory=dict)
    refuse_letter: str = ""

    async def handle_RCPT(  # noqa: N802  # the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse_address:
            return self.refuse_address[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.refuse_letter:
            return self.refuse_letter
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append((envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return "250 OK"


def _admit(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    good = (data.login, data.password) == (b"tonghop@example.org", PASSWORD.encode())
    return AuthResult(success=good, handled=False)


@dataclass
class SmtpServer:
    """A running SMTP server with the post that it took."""

    post: Post
    port: int


@contextmanager
def smtp_server(certificate: Path, key: Path, security: str = "starttls") -> Iterator[SmtpServer]:
    """An SMTP server with a login, over TLS from the start or by STARTTLS; there it insists on both."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    post, port = Post(), free_port()
    tls: dict[str, Any] = (
        {"ssl_context": context, "auth_require_tls": False}
        if security == "tls"
        else {"tls_context": context, "require_starttls": True, "auth_required": True}
    )
    controller = Controller(post, hostname="127.0.0.1", port=port, authenticator=_admit, **tls)
    controller.start()
    try:
        yield SmtpServer(post, port)
    finally:
        controller.stop()


# --- a line that is cut ---------------------------------------------------------------------------


@dataclass
class Line:
    """A line to a server, cut once so many bytes have passed; counts what passed in both directions."""

    port: int
    passed_up: int = 0
    passed_down: int = 0


@contextmanager
def line_to(port: int, cut_up: int | None = None, cut_down: int | None = None) -> Iterator[Line]:
    """A TCP proxy on loopback: `up` is towards the server, `down` from it; None never cuts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        line = Line(int(listener.getsockname()[1]))
        worker = threading.Thread(target=_accept, args=(listener, port, line, cut_up, cut_down), daemon=True)
        worker.start()
        try:
            yield line
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            worker.join(_PATIENCE)


def _accept(listener: socket.socket, port: int, line: Line, cut_up: int | None, cut_down: int | None) -> None:
    pumps: list[threading.Thread] = []
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            for source, sink, name, cut in (
                (near, far, "passed_up", cut_up),
                (far, near, "passed_down", cut_down),
            ):
                pump = threading.Thread(target=_pump, args=(source, sink, line, name, cut), daemon=True)
                pump.start()
                pumps.append(pump)
    for pump in pumps:
        pump.join(_PATIENCE)


def _pump(source: socket.socket, sink: socket.socket, line: Line, name: str, cut: int | None) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            left = len(data) if cut is None else cut - getattr(line, name)
            sink.sendall(data[:left])
            setattr(line, name, getattr(line, name) + min(left, len(data)))
            if left < len(data):
                break
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
