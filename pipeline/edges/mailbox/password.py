"""The password of a mail server: from the environment or the keyring of the system, and shown nowhere."""

import importlib
import importlib.util
import os
from typing import Any

from pipeline.base.errors import OperatorError, WorldError
from pipeline.spec.mailbox import Server

_PACKAGE = "keyring"  # not needed by anything else, and so used only where somebody has installed it


class Password:
    """A secret that does not show itself where an object is printed, logged or put into an error."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Password(***)"

    def reveal(self) -> str:
        """The secret itself, for the server alone."""
        return self._text


def find_password(server: Server) -> Password:
    """The password of `server.user`; the environment goes before the keyring."""
    text = os.environ.get(server.password_env) or _from_keyring(server)
    if not text:
        raise OperatorError(
            f"Chưa có mật khẩu của {server.user} tại {server.host}. Hãy đặt biến môi trường "
            f"{server.password_env}, hoặc chạy: python run_monthly.py mail password"
        )
    return Password(text)


def keep_password(server: Server, password: Password) -> None:
    """Put the password into the keyring of the system (on Windows the Credential Manager)."""
    keyring = _keyring()
    if keyring is None:
        raise OperatorError(
            "Máy này chưa có gói keyring. Hãy cài: python -m pip install keyring; hoặc đặt biến môi trường "
            f"{server.password_env}."
        )
    try:
        keyring.set_password(_service(server), server.user, password.reveal())
    except keyring.errors.KeyringError as fault:
        raise _refused(server) from fault


def _from_keyring(server: Server) -> str:
    keyring = _keyring()
    if keyring is None:
        return ""
    try:
        return keyring.get_password(_service(server), server.user) or ""
    except keyring.errors.KeyringError as fault:
        raise _refused(server) from fault


def _keyring() -> Any:
    """The package, or None where it is not installed."""
    if importlib.util.find_spec(_PACKAGE) is None:
        return None
    return importlib.import_module(_PACKAGE)


def _service(server: Server) -> str:
    return f"hop-thu {server.host}"


def _refused(server: Server) -> WorldError:
    return WorldError(
        "Không dùng được kho mật khẩu của hệ thống. Hãy mở khóa kho rồi chạy lại, hoặc đặt biến môi trường "
        f"{server.password_env}."
    )
