"""Read `requirements.txt`: which version of which package has to be installed on a machine."""

import re

_LINE = re.compile(r"([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))? \\")
_TERM = re.compile(r"(python_full_version|sys_platform) (<|>=|==|!=) '([\w.]+)'")


def locked_versions(text: str, python: str, platform: str) -> dict[str, str]:
    """The packages of `text` by their locked version, for a version of Python ("3.12.3") and a platform as
    `sys.platform` names it. Raises `ValueError` for a condition that is not understood."""
    found = (_LINE.match(line) for line in text.splitlines())
    return {line[1]: line[2] for line in found if line and (not line[3] or _holds(line[3], python, platform))}


def _holds(marker: str, python: str, platform: str) -> bool:
    return all(_term_holds(term.strip(), python, platform) for term in marker.split(" and "))


def _term_holds(term: str, python: str, platform: str) -> bool:
    found = _TERM.fullmatch(term)
    if found is None:
        raise ValueError(f"not understood: {term}")
    name, sign, wanted = found.groups()
    if name == "sys_platform":
        return (platform == wanted) == (sign == "==")
    has = _numbers(python) >= _numbers(wanted)
    return has if sign == ">=" else not has


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
