"""The words for a thing that comes back to who had it before: only what is new to them is said. Pure."""

from enum import StrEnum


class Said(StrEnum):
    """The words in which a person is told that they have a thing to do."""

    NOTHING = "nothing"
    AS_NEW = "as new"
    AGAIN = "yours again"
    AGREED = "agreed"


def said_of_what_comes_back(
    *, heard_of_it: bool, heard_it_was_over: bool, email_waits: bool, is_as_before: bool = True
) -> Said:
    """Return what is said to a person of a thing that they had, lost and have once more.

    Nothing where an email that has not gone yet tells them, or where it is as they were last told. "Yours
    again" is for those who heard that it was not; "as new" for those who never heard of it.
    """
    if email_waits:
        return Said.NOTHING
    if heard_it_was_over:
        return Said.AGAIN
    if not heard_of_it:
        return Said.AS_NEW
    return Said.NOTHING if is_as_before else Said.AGAIN


def said_of_what_is_agreed(*, heard_of_it: bool, email_waits: bool) -> Said:
    """Return what is said to the owner of a thing when it is agreed. They may have heard of it before."""
    if email_waits:
        return Said.NOTHING
    return Said.AGREED if heard_of_it else Said.AS_NEW
