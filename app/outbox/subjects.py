"""Subjects of emails: at most 60 characters, which a phone shows. Pure."""

from collections.abc import Iterable

LONGEST = 60
"""Characters of a subject. A prefix that the council sets comes on top."""


def fitting(wordings: Iterable[str]) -> str:
    """Return the first wording that is short enough; where none is, the last, cut at the end of a word."""
    last = ""
    for wording in wordings:
        last = " ".join(wording.split()) or last
        if last and len(last) <= LONGEST:
            return last
    return _cut(last)


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    start = text[: LONGEST - 1]
    at_a_word = start if text[LONGEST - 1] == " " else start.rpartition(" ")[0] or start
    return at_a_word.rstrip(" ,:") + "…"
