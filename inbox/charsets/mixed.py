"""Latin text in two charsets at once: UTF-8, and Windows-1252 where a program put in words of its own."""

import codecs

_MOST = 300_000
"""Longer text is taken to be in one charset: each stray byte costs a call."""


def decode(data: bytes, *, may_be_cut: bool = False) -> str:
    """The text, every byte that is no UTF-8 read as Windows-1252. `may_be_cut`: of the last character only the first byte may be there."""
    if len(data) > _MOST:
        return data.decode("utf-8" if may_be_cut else "cp1252", "replace")
    end = len(data) - 1 if may_be_cut and data[-1] >= 0xC2 else len(data)
    return data[:end].decode("utf-8", "windows-1252-strays") + "�" * (len(data) - end)


def _read_stray(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    stray = problem.object[problem.start : problem.end]
    return stray.decode("cp1252", "replace") if len(stray) == 1 else "�", problem.end


codecs.register_error("windows-1252-strays", _read_stray)
