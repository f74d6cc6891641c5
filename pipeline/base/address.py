"""Addresses of mail: which text is one, and which two are the same."""

import re

_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+")


def is_address(text: str) -> bool:
    """Whether `text` is a bare address, `phong@example.org`, without a name around it."""
    return _ADDRESS.fullmatch(text) is not None


def same_form(address: str) -> str:
    """An address as it is compared: nobody tells two mailboxes apart by capitals."""
    return address.strip().lower()


def domain_of(address: str) -> str:
    """What follows the "@", as it is compared; "" where there is none."""
    return same_form(address).rpartition("@")[2] if "@" in address else ""
