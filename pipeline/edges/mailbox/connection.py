"""What both mail servers share: verified TLS, and faults of the connection told in one plain line."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.base.errors import OperatorError, PipelineError, WorldError
from pipeline.spec.mailbox import Server

_UNTRUSTED = {  # OpenSSL's numbers, X509_V_ERR_…
    10: "đã hết hạn",
    18: "là chứng thư tự ký",
    19: "là chứng thư tự ký",
    20: "do một nơi không rõ cấp",
    62: "cấp cho tên máy chủ khác",
    64: "cấp cho địa chỉ máy chủ khác",
}


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Verified TLS: by the authorities of the system, or by those in `ca_file` alone."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except FileNotFoundError as fault:
        raise OperatorError(
            f"Không tìm thấy tệp chứng thư {ca_file} (ca_file trong hop-thu.toml)."
        ) from fault
    except ssl.SSLError as fault:
        raise OperatorError(
            f"Tệp {ca_file} (ca_file trong hop-thu.toml) không phải chứng thư PEM."
        ) from fault


@contextmanager
def told(server: Server, port: int) -> Iterator[None]:
    """Tell what the network refuses in words for the person at the desk."""
    try:
        yield
    except OSError as fault:
        raise _told(fault, f"{server.host}:{port}") from fault


def lost(server: Server) -> WorldError:
    """What to say when the server closed the connection in the middle."""
    return WorldError(f"Mất kết nối với máy chủ thư {server.host}. Hãy chạy lại; việc đã xong không làm lại.")


def not_admitted(server: Server) -> OperatorError:
    """What to say when the server refuses user and password: no word of either secret."""
    return OperatorError(
        f"Máy chủ thư {server.host} không nhận tên đăng nhập hoặc mật khẩu của {server.user}. "
        "Hãy kiểm tra user trong hop-thu.toml và mật khẩu."
    )


def _told(fault: OSError, place: str) -> PipelineError:
    match fault:
        case ssl.SSLCertVerificationError():
            why = _UNTRUSTED.get(fault.verify_code, "không kiểm chứng được")
            return OperatorError(
                f"Chứng thư của máy chủ thư {place} {why}; đã dừng và chưa gửi mật khẩu. Hãy kiểm tra host "
                "trong hop-thu.toml; nếu cơ quan dùng chứng thư riêng thì ghi ca_file."
            )
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return _cut(place)
        case ssl.SSLError():
            return OperatorError(
                f"Máy chủ thư {place} không dùng TLS như đã đặt. "
                "Hãy kiểm tra port và security trong hop-thu.toml."
            )
        case socket.gaierror():
            return WorldError(
                f"Không tìm thấy máy chủ thư {place}. Hãy kiểm tra mạng và host trong hop-thu.toml."
            )
        case TimeoutError():
            return WorldError(f"Máy chủ thư {place} không trả lời. Hãy kiểm tra mạng rồi chạy lại.")
        case ConnectionRefusedError():
            return WorldError(
                f"Máy chủ thư {place} không nhận kết nối. "
                "Hãy kiểm tra port trong hop-thu.toml, hoặc chạy lại sau."
            )
    return _cut(place)


def _cut(place: str) -> WorldError:
    return WorldError(
        f"Mất kết nối với máy chủ thư {place}. Hãy kiểm tra mạng rồi chạy lại; việc đã xong không làm lại."
    )
