"""The line about a thing on a day names everybody who was emailed at once, or with news.

People with news on their first page alone were not emailed, and the line does not say so.
"""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.database import db
from app.news.happenings import FIRST_PAGE_ALONE
from app.news.models import News
from app.outbox.delivery import deliver
from app.outbox.in_words import at_once_in_words
from app.outbox.models import Message
from app.people.models import Person
from app.reminders.daily_run import run
from app.reminders.followed import Followed
from app.reminders.sent_about import GIVEN, PRIVATE, TO_AUDITORS
from app.reminders.subjects import subject_of
from app.reminders.why import in_a_line
from tests.mail_server import MailServer
from tests.told.test_who_is_told import FRI, MON, ROWS, Play, Step, Told, _last, a_play, at

IN_ITEMS = ("assigned", "audited")
"""The kinds whose items name what they are about."""


@pytest.fixture
def play(app: Flask, mail_server: MailServer) -> Play:
    return a_play(mail_server)


def lines(play: Play, day: object) -> dict[tuple[str, str], str]:
    """Return what the line of a day says of each thing of the scene, by its kind and reference."""
    things = [("audit", "CP-009"), ("response", "CP-009-P1"), ("remedy", "CP-009-F1")]
    things += [("action" if name.startswith("A") else "recommendation", name) for name in play.references]
    said = {}
    for kind, reference in things:
        if subject := subject_of(kind, reference):
            followed = Followed(subject, MON, sees_all=True)
            said[kind, reference] = in_a_line(followed.on(day), to_coordinator=True)  # type: ignore[arg-type]
    return said


def is_told(line: str, name: str, words: str) -> bool:
    """True where a sentence of the line says that the person was emailed, in these words."""
    return any(name in one and " emailed" in one and f"({words}" in one for one in line.split(". "))


@pytest.mark.parametrize(("before", "move", "at_once", "news"), ROWS.values(), ids=ROWS)
def test_the_line_names_everybody_who_was_told(
    play: Play, before: Step, move: Step, at_once: Told, news: Told
) -> None:
    before(play)
    deliver(FRI)
    written, last_message = _last(News.id), _last(Message.id)
    move(play)
    deliver(FRI)
    db.session.rollback()
    names = {person.name.split()[0]: person.name for person in db.session.query(Person)}
    of_friday = lines(play, FRI)
    sent_back = db.session.query(Message).filter(Message.id > last_message, Message.why.contains("sent the"))
    for kind, first_name in at_once:
        words = at_once_in_words("sent back" if kind == "chase" and sent_back.count() else kind)
        words = {"assigned": "new audit"}.get(kind, words)
        assert any(is_told(line, names[first_name], words) for line in of_friday.values()), (kind, of_friday)
    made = [
        (each.about_kind, each.reference, each.person_id, each.what not in FIRST_PAGE_ALONE)
        for each in db.session.query(News).filter(News.id > written)
    ]
    at(datetime(2010, 11, 8, 9, tzinfo=UTC))
    run(MON)
    deliver(MON)
    db.session.rollback()
    of_monday = lines(play, MON)
    for about_kind, reference, person_id, is_emailed in made:
        if about_kind != "alert":
            name = db.session.get_one(Person, person_id).name
            assert is_told(of_monday[about_kind, reference], name, "news") == is_emailed, of_monday
    # on a later day it is still said
    said = {thing: line for thing, line in of_friday.items() if "emailed (" in line}
    assert said.items() <= lines(play, FRI).items()


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "row",
    [
        "an auditor is replaced",
        "an audit is returned",
        "an alert is raised",
        "a draft is agreed",
        "a remedy is noted",
    ],
)
def test_it_says_so_on_both_databases(mail_server: MailServer, row: str) -> None:
    test_the_line_names_everybody_who_was_told(a_play(mail_server), *ROWS[row])


def test_every_kind_about_a_thing_is_in_the_table() -> None:
    told = {kind for _, _, at_once, _ in ROWS.values() for kind, _ in at_once}
    assert told | {"response", "audited"} == {*TO_AUDITORS, *PRIVATE, *IN_ITEMS, GIVEN, "declined"}
