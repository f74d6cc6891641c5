"""The names of IMAP folders as the protocol wants them: UTF-7 of its own kind, in quotes."""

import re
from binascii import b2a_base64

_FOREIGN = re.compile(r"[^\x20-\x7e]+")


def wire_name(name: str) -> str:
    """`Báo cáo` as `"B&AOE-o c&AOE-o"` (RFC 3501, 5.1.3)."""
    encoded = _FOREIGN.sub(_shifted, name.replace("&", "&-"))
    escaped = encoded.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shifted(found: re.Match[str]) -> str:
    base64 = b2a_base64(found[0].encode("utf-16-be"), newline=False).decode("ascii")
    return f"&{base64.rstrip('=').replace('/', ',')}-"
