"""News about one thing is netted: only what is true at the end is said, and nothing if it is as before."""

from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.database import db, transaction
from app.news.happenings import Happening
from app.news.models import News
from app.news.netting import Piece, netted, question
from app.news.telling import about, piece, tell
from tests.factories import a_person, an_audit

FRI = date(2010, 11, 5)


def other(before: str = "", auditor: str = "") -> Piece:
    facts = {"before": before, "auditor": auditor}
    return Piece(Happening.OTHER_AUDITOR, {name: fact for name, fact in facts.items() if fact})


def due(before: str, due_on: str, what: Happening = Happening.OTHER_DUE_DATE) -> Piece:
    return Piece(what, {"before": before, "due_on": due_on} if before else {"due_on": due_on})


def plain(what: Happening) -> Piece:
    return Piece(what, {})


SIGNED, UNSIGNED = plain(Happening.SIGNED_OFF), plain(Happening.SIGN_OFF_TAKEN_BACK)
WORKED, FAILED = plain(Happening.EFFECTIVE), plain(Happening.NOT_EFFECTIVE)
UNCHECKED, HANDED_BACK = plain(Happening.CHECK_TAKEN_BACK), plain(Happening.HANDED_BACK)
REJECTED, DEFERRED = plain(Happening.REJECTED), plain(Happening.DEFERRED)
UNDECIDED = plain(Happening.DECISION_TAKEN_BACK)
REFUSED = due("", "10", Happening.LATER_REFUSED)
NOT_EXEMPT = due("", "10", Happening.NO_LONGER_EXEMPT)


def over(to: str) -> Piece:
    return Piece(Happening.NOTHING_MORE_TO_DO, {"because": "replaced", "to": to})


@pytest.mark.parametrize(
    ("untold", "told", "left"),
    [
        ([other("Alison", "Olu")], None, other("Alison", "Olu")),
        ([other("Alison", "Olu"), other("Olu", "Alison")], None, None),
        ([other("Alison", "Olu"), other("Olu", "Pat")], None, other("Alison", "Pat")),
        ([other("Alison"), other("", "Olu")], None, other("Alison", "Olu")),
        ([other("", "Olu"), other("Olu")], None, None),
        ([other("Olu", "Alison")], other("Alison", "Olu"), other("Olu", "Alison")),
        ([due("10", "17"), due("17", "10")], None, None),
        ([due("10", "17"), due("17", "24")], None, due("10", "24")),
        # who asked for a later date has their answer
        ([due("10", "17"), REFUSED], None, REFUSED),
        ([due("", "17", Happening.LATER_GRANTED), due("17", "10")], None, due("", "10")),
        ([due("10", "17"), due("", "10")], None, due("", "10")),
        # the same answer to another request
        ([REFUSED], REFUSED, REFUSED),
        ([NOT_EXEMPT, due("10", "17")], None, due("", "17", Happening.NO_LONGER_EXEMPT)),
        ([SIGNED, UNSIGNED], None, None),
        ([UNSIGNED, SIGNED], SIGNED, None),
        ([UNSIGNED, HANDED_BACK], SIGNED, HANDED_BACK),
        ([HANDED_BACK, SIGNED], None, SIGNED),
        ([WORKED, UNCHECKED], None, None),
        ([WORKED, UNCHECKED, FAILED], None, FAILED),
        ([UNCHECKED, FAILED], WORKED, FAILED),
        ([UNCHECKED, WORKED], WORKED, None),
        ([UNCHECKED, FAILED, UNCHECKED], WORKED, UNCHECKED),
        ([REJECTED, UNDECIDED], None, None),
        ([DEFERRED, REJECTED], None, REJECTED),
        ([REJECTED, UNDECIDED], DEFERRED, UNDECIDED),
        ([over("Olu"), over("Pat")], None, over("Pat")),
        ([plain(Happening.GRADE_CHANGED)], plain(Happening.GRADE_CHANGED), plain(Happening.GRADE_CHANGED)),
    ],
)
def test_only_what_is_true_at_the_end_is_left(
    untold: Sequence[Piece], told: Piece | None, left: Piece | None
) -> None:
    assert netted(untold, told) == left


def test_what_waits_for_a_moderator_for_two_reasons_waits_for_each() -> None:
    a_return, reply = (Piece(Happening.TO_MODERATE, facts) for facts in ({}, {"because": "reply"}))
    assert question(a_return) != question(reply)
    assert question(a_return) == question(Piece(Happening.TO_MODERATE, {}))


# The second implementation: what a person believes, and what is true.

NAMES = ("", "Alison", "Olu", "Pat")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), max_size=8))
def test_whoever_reads_it_all_knows_who_the_other_auditor_is(moves: list[tuple[str, bool]]) -> None:
    """A move sets another auditor each time; before some of them the person reads their news."""
    believed = is_now = "Alison"
    unread: Piece | None = None
    for auditor, reads in moves:
        if reads and unread is not None:
            believed, unread = unread.facts.get("auditor", ""), None
        if auditor == is_now:
            continue
        earlier = [unread] if unread else []
        # what was netted to nothing is no longer there, and then it is as they believe
        assert earlier or believed == is_now
        unread = netted([*earlier, other(is_now, auditor)], None)
        is_now = auditor
        if is_now == believed:
            assert unread is None
        else:
            assert unread == other(believed, is_now)


DAYS = ("10", "17", "24")


@given(st.lists(st.tuples(st.sampled_from(DAYS), st.booleans()), max_size=8))
def test_whoever_reads_it_all_knows_when_it_is_due(moves: list[tuple[str, bool]]) -> None:
    believed = is_now = "10"
    unread: Piece | None = None
    for day, reads in moves:
        if reads and unread is not None:
            believed, unread = unread.facts["due_on"], None
        if day == is_now:
            continue
        unread = netted([*([unread] if unread else []), due(is_now, day)], None)
        is_now = day
        assert (unread is None) == (is_now == believed)
        assert unread is None or unread.facts["due_on"] == is_now


@given(st.lists(st.sampled_from(("sign off", "take back", "read")), max_size=10))
def test_whoever_reads_it_all_knows_if_it_is_signed_off(moves: list[str]) -> None:
    believed = is_now = False
    told: Piece | None = None
    unread: Piece | None = None
    for move in moves:
        if move == "read":
            if unread is not None:
                told, believed, unread = unread, unread == SIGNED, None
            continue
        if is_now == (move == "sign off"):
            continue
        is_now = not is_now
        unread = netted([*([unread] if unread else []), SIGNED if is_now else UNSIGNED], told)
        assert (unread is None) == (is_now == believed)
        assert unread in (None, SIGNED if is_now else UNSIGNED)


# In the database


def test_each_person_is_told_what_they_have_not_read(service: Flask) -> None:
    read, unread = a_person("Ann Lee"), a_person("Una Fox")
    audit = an_audit("CP-1", lead=read)

    def replaced(before: str, auditor: str) -> None:
        with transaction():
            people = [read.id, unread.id]
            tell(people, Happening.OTHER_AUDITOR, about(audit), FRI, before=before, auditor=auditor)

    replaced("Alison", "Olu")
    with transaction():
        db.session.scalars(db.select(News).where(News.person_id == read.id)).one().read_on = FRI
    replaced("Olu", "Alison")
    left = db.session.scalars(db.select(News).order_by(News.id)).all()
    assert [(each.person_id, piece(each)) for each in left] == [
        (read.id, other("Alison", "Olu")),
        (read.id, other("Olu", "Alison")),
    ]


def test_whoever_made_the_move_has_no_news_of_before(service: Flask) -> None:
    person = a_person("Ann Lee")
    audit = an_audit("CP-1", lead=person)
    for by in (None, person.id):
        with transaction():
            tell([person.id], Happening.OTHER_AUDITOR, about(audit), FRI, by=by, before="Una", auditor="Olu")
    assert db.session.scalars(db.select(News)).all() == []
