"""A thing that comes back to a person who had it before, and the words for it."""

import pytest

from app.news.coming_back import Said, said_of_what_comes_back, said_of_what_is_agreed

# heard of it, heard that it was over, an email waits, as before: what is said
CASES = [
    ((True, False, False, True), Said.NOTHING),
    ((True, False, False, False), Said.AGAIN),
    ((True, True, False, True), Said.AGAIN),
    ((True, True, False, False), Said.AGAIN),
    ((False, True, False, True), Said.AGAIN),
    ((False, True, False, False), Said.AGAIN),
    ((False, False, False, True), Said.AS_NEW),
    ((False, False, False, False), Said.AS_NEW),
    ((True, True, True, True), Said.NOTHING),
    ((True, True, True, False), Said.NOTHING),
    ((True, False, True, True), Said.NOTHING),
    ((True, False, True, False), Said.NOTHING),
    ((False, True, True, True), Said.NOTHING),
    ((False, True, True, False), Said.NOTHING),
    ((False, False, True, True), Said.NOTHING),
    ((False, False, True, False), Said.NOTHING),
]


@pytest.mark.parametrize(("case", "said"), CASES)
def test_only_what_is_new_to_them_is_said(case: tuple[bool, bool, bool, bool], said: Said) -> None:
    heard_of_it, heard_it_was_over, email_waits, is_as_before = case
    told = said_of_what_comes_back(
        heard_of_it=heard_of_it,
        heard_it_was_over=heard_it_was_over,
        email_waits=email_waits,
        is_as_before=is_as_before,
    )
    assert told is said


def test_every_case_is_in_the_table() -> None:
    assert len({case for case, _ in CASES}) == 2**4


@pytest.mark.parametrize(
    ("heard_of_it", "email_waits", "said"),
    [
        (False, False, Said.AS_NEW),
        (True, False, Said.AGREED),
        (False, True, Said.NOTHING),
        (True, True, Said.NOTHING),
    ],
)
def test_who_heard_of_it_before_is_told_that_it_is_agreed(
    heard_of_it: bool, email_waits: bool, said: Said
) -> None:
    assert said_of_what_is_agreed(heard_of_it=heard_of_it, email_waits=email_waits) is said
