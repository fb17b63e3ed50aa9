"""Two people who fill in one form lose no answer, whatever they saw and sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answers.merging import BLANK, Content, Factor, Merge, fingerprint, merge, tidied

ids = st.none() | st.integers(1, 3)
contents = st.builds(
    Content,
    response_id=ids,
    found_in_id=ids,
    looked_in=st.frozensets(st.integers(1, 3)),
    comment=st.none() | st.sampled_from(["seen", "not seen"]),
)


@pytest.mark.parametrize(
    ("seen", "sent", "stored", "done"),
    [
        ("a", "a", "a", Merge.LEAVE),
        ("a", "a", "b", Merge.LEAVE),
        ("a", "b", "b", Merge.LEAVE),
        ("a", "b", "a", Merge.WRITE),
        ("a", "b", "c", Merge.CONFLICT),
    ],
    ids=[
        "nobody changed it",
        "only the other one did",
        "both wrote the same",
        "only this one did",
        "both did, differently",
    ],
)
def test_what_becomes_of_an_answer(seen: str, sent: str, stored: str, done: Merge) -> None:
    assert merge(seen, sent, stored) is done


@given(before=contents, first=contents, second=contents)
def test_of_two_who_saw_the_same_every_change_is_stored_or_shown(
    before: Content, first: Content, second: Content
) -> None:
    stored = before
    if merge(before.fingerprint, first.fingerprint, stored.fingerprint) is Merge.WRITE:
        stored = first
    done = merge(before.fingerprint, second.fingerprint, stored.fingerprint)
    if done is Merge.WRITE:
        assert stored == before  # the first one's input is not written over
        stored = second
    for changed in (first, second):
        if changed != before:
            assert stored == changed or done is Merge.CONFLICT


@given(contents, contents)
def test_only_the_same_answer_has_the_same_fingerprint(one: Content, other: Content) -> None:
    assert (one.fingerprint == other.fingerprint) == (one == other)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, None),
        (" \r\n ", None),
        ("one\r\ntwo ", "one\ntwo"),
        ("one\u2028two", "one\ntwo"),
        ("nul\0l", "null"),
    ],
)
def test_text_is_kept_tidy(typed: str | None, kept: str | None) -> None:
    assert tidied(typed) == kept


def test_a_browsers_line_breaks_change_nothing() -> None:
    assert Content(comment="one\r\ntwo\r\n").fingerprint == Content(comment="one\ntwo").fingerprint
    assert BLANK.fingerprint == Content(comment="  ").fingerprint


@pytest.mark.parametrize(
    ("content", "is_blank"), [(Content(), True), (Content(comment="seen"), False), (Content(2), False)]
)
def test_an_answer_is_blank_where_nothing_was_said(content: Content, is_blank: bool) -> None:
    assert content.is_blank is is_blank


def test_a_fingerprint_is_short() -> None:
    assert len(fingerprint("seen")) == 16


def test_a_note_on_a_factor_that_was_not_there_says_nothing() -> None:
    assert Factor(False, "typed").fingerprint == Factor().fingerprint
    assert Factor(True, "typed").fingerprint != Factor(True).fingerprint
    assert fingerprint(None) != fingerprint("")
