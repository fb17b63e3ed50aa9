"""The part of an auditor and who the other one is, in the sentences of emails and pages. Pure."""

from collections.abc import Collection

from app.audits.parts import LEAD, SECOND, is_for_one, missing, name_of
from app.wording import listed, plural

NO_LEAD = "You can fill in the form. A new lead auditor will return it."


def own_part(
    part: str,
    held: Collection[str],
    auditors: int,
    partner: str,
    *,
    partner_left: bool = False,
    is_open: bool = True,
) -> str:
    """Return the sentences that tell an auditor their part, the same in emails, on the first page and on the
    page of the audit.

    `held` are the parts that somebody has, `auditors` is the number that the cycle needs, `partner` the other
    auditor as they are named, empty where there is none. Of an audit that is not open any more nothing is
    said of an auditor who is missing.
    """
    called = name_of(part, for_one=is_for_one(held, auditors))
    lack = lacking(held, auditors) if is_open else ""
    if partner:
        # a partner who is named with a link is HTML
        said = type(partner)("You are the {}, with {}.").format(called, partner)
    else:
        said = f"You are the {called}."
    if lack:
        said += f" There is no {name_of(lack, for_one=False)} yet."
    waits = is_open and part == SECOND and (partner_left or lack == LEAD)
    return said + f" {NO_LEAD}" if waits else said


def lacking(held: Collection[str], auditors: int) -> str:
    """Return the part that nobody has and the audit needs beside the one that is held; empty for none."""
    return next(iter(missing(held, auditors)), "")


def themes_in_words(themes: Collection[str], audits: int) -> str:
    """Return what the audits of a message are about, in a sentence that names each theme once."""
    about = sorted({theme for theme in themes if theme})
    if not about:
        return ""
    whose = plural(audits, "audit")
    return (
        f"The {plural(len(about), 'theme')} of the {whose} {plural(len(about), 'is', 'are')} {listed(about)}."
    )
