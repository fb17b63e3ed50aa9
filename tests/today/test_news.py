"""News on the first page: what became of one's own work lately, marked as read when it is shown."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app import clock
from app.assigning.moves import reassign
from app.audits import moves
from app.database import db, transaction
from app.history.record import of
from app.news.happenings import Happening
from app.news.models import News
from app.news.telling import tell
from app.outbox.delivery import deliver
from app.outbox.models import HELD, Message
from app.people.models import Person
from app.reminders.daily_run import run
from tests.conftest import let_in
from tests.factories import a_person, an_audit
from tests.forms import form_to
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]

ON, THE_DAY_BEFORE = date(2010, 11, 22), date(2010, 11, 19)


@pytest.fixture(autouse=True)
def the_day(service: Flask) -> None:
    clock.clock().fixed = datetime.combine(ON, time(12), tzinfo=UTC)


@pytest.fixture
def sign_in(service: Flask) -> SignIn:
    return partial(let_in, service.test_client())


@pytest.fixture
def lea(service: Flask) -> Person:
    return a_person("Lea Ward")


def tell_of(person: Person, what: Happening, on: date = ON, **facts: str) -> None:
    audit = an_audit("CP-1", lead=person) if db.session.scalar(select(News.id)) is None else None
    about = audit.id if audit else db.session.scalars(select(News.about_id)).first()
    with transaction():
        tell([person.id], what, ("audit", about or 0, "CP-1"), on, by=None, **facts)


def the_news(client: FlaskClient) -> list[str]:
    """Return the news of the first page, each in words."""
    markup = opened(client, "/")
    part = re.search(r'id="news".*?<ul.*?>(.*?)</ul>', markup, re.DOTALL)
    return [visible(each) for each in re.findall(r"<li>(.*?)</li>", part[1], re.DOTALL)] if part else []


def test_news_stands_on_the_first_page_the_latest_first_new_until_it_was_shown(
    sign_in: SignIn, lea: Person
) -> None:
    tell_of(lea, Happening.GRADE_CHANGED, THE_DAY_BEFORE)
    tell_of(lea, Happening.OTHER_DUE_DATE, due_on="2010-12-03")
    client = sign_in(lea)
    assert the_news(client) == [
        "New CP-1: The due date is now Friday 3 December 2010. Monday 22 November 2010",
        "New CP-1: A moderator has changed an answer. Friday 19 November 2010",
    ]
    assert set(db.session.scalars(select(News.read_on))) == {ON}
    assert the_news(client) == [
        "CP-1: The due date is now Friday 3 December 2010. Monday 22 November 2010",
        "CP-1: A moderator has changed an answer. Friday 19 November 2010",
    ]
    assert opened(client, "/audits/CP-1")


def test_reading_is_written_once_and_only_for_what_is_new(sign_in: SignIn, lea: Person) -> None:
    tell_of(lea, Happening.GRADE_CHANGED)
    tell_of(lea, Happening.OTHER_DUE_DATE, due_on="2010-12-03")
    client = sign_in(lea)
    written: list[str] = []
    listener = lambda *about: written.append(about[2]) if about[2].startswith("UPDATE news") else None  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        for _ in range(2):
            opened(client, "/")
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    assert len(written) == 1


@pytest.mark.parametrize(("made_on", "is_shown"), [(date(2010, 10, 25), True), (date(2010, 10, 22), False)])
def test_news_stays_for_20_working_days(sign_in: SignIn, lea: Person, made_on: date, is_shown: bool) -> None:
    tell_of(lea, Happening.GRADE_CHANGED, made_on)
    assert bool(the_news(sign_in(lea))) == is_shown


def test_the_news_of_others_and_of_what_went_to_others_is_not_shown(sign_in: SignIn, lea: Person) -> None:
    sam = a_person("Sam Hill")
    tell_of(lea, Happening.GRADE_CHANGED)
    tell_of(sam, Happening.GRADE_CHANGED)
    assert the_news(sign_in(sam)) == []
    assert db.session.scalars(select(News).where(News.read_on.is_not(None))).all() == []


def test_emails_with_news_alone_are_turned_off_and_on(sign_in: SignIn, lea: Person) -> None:
    client = sign_in(lea)
    assert "emails with only news" not in visible(opened(client, "/"))
    tell_of(lea, Happening.GRADE_CHANGED)
    assert "Turn off emails with only news" in visible(opened(client, "/"))
    for send, expected in (("no", False), ("no", False), ("yes", True)):
        form = form_to(opened(client, "/"), "/news/emails", "/")
        answer = client.post("/news/emails", data=form.held | {"send": send}, follow_redirects=True)
        page = visible(answer.get_data(as_text=True))
        assert f"Emails with only news turned {'on' if expected else 'off'}" in page
        assert db.session.get_one(Person, lea.id).news_by_email == expected
        assert f"Turn {'off' if expected else 'on'} emails with only news" in page
    changes = [(row.before, row.after) for row in of("person", str(lea.id)) if "news" in row.what]
    assert changes == [("off", "on"), ("on", "off")]


def mailed(person: Person) -> list[tuple[str, str, str | None]]:
    """Return the kind, state and text of a person's emails."""
    query = select(Message).where(Message.recipient == person.id).order_by(Message.id)
    return [(message.kind, message.state, message.text) for message in db.session.scalars(query)]


def to_tom(jack: Person) -> None:
    reassign("CP-1", "lead", a_person("Tom Hale").id, jack, ON, "leave")


TAKEN_OVER = "Tom Hale has taken it over. You do not have to do anything more for it."
OVER: dict[str, tuple[Callable[[Person], None], str]] = {
    "handed over": (to_tom, TAKEN_OVER),
    "withdrawn": (
        lambda jack: moves.withdraw("CP-1", jack, ON, "duplicate"),
        "It was withdrawn. You do not have to do anything more for it.",
    ),
    "exempt": (
        lambda jack: moves.exempt("CP-1", jack, ON, "In court", "Hollis Head"),
        "It does not have to be returned for now. You do not have to do anything more for it.",
    ),
}


@pytest.mark.parametrize("what", OVER)
def test_whose_audit_is_over_while_its_only_email_is_on_hold_finds_it_on_the_first_page(
    sign_in: SignIn, lea: Person, what: str
) -> None:
    jack = a_person("Jack Denny", roles=["coordinator"])
    an_audit("CP-1", lead=lea, second=a_person("Sam Hill"), due_on=date(2010, 11, 24))
    run(ON)
    deliver(ON)
    assert [(kind, state) for kind, state, _ in mailed(lea)] == [("digest", HELD)]
    move, told = OVER[what]
    client = sign_in(lea)
    move(jack)
    # nothing was ever sent to them about it, so no email says that it is over
    assert [kind for kind, *_ in mailed(lea)] == ["digest"]
    [news] = the_news(client)
    assert news == f"New CP-1: {told} Monday 22 November 2010"
    assert 'href="/audits/CP-1"' not in opened(client, "/")
    run(date(2010, 11, 23))
    assert all("taken it over" not in (text or "") for *_, text in mailed(lea))
    deliver(date(2010, 11, 23), release=True)
    assert [state for _, state, _ in mailed(lea)] == [HELD]
    assert client.get("/audits/CP-1").status_code == (403 if what == "handed over" else 200)


def test_what_is_theirs_again_is_no_longer_told_as_over(sign_in: SignIn, lea: Person) -> None:
    jack = a_person("Jack Denny", roles=["coordinator"])
    an_audit("CP-1", lead=lea, second=a_person("Sam Hill"), due_on=date(2010, 11, 24))
    client = sign_in(lea)
    moves.exempt("CP-1", jack, ON, "In court", "Hollis Head")
    assert len(the_news(client)) == 1
    moves.lift_exemption("CP-1", jack, ON, "The hearing was cancelled")
    # told to her who had read that it was exempt, and to her alone
    [news] = the_news(client)
    assert news.startswith("New CP-1: It is not exempt any more.")
    assert [each.person_id for each in db.session.scalars(select(News))] == [lea.id, lea.id]


def test_what_is_signed_off_has_no_news_of_its_due_date(sign_in: SignIn, lea: Person) -> None:
    refused = "New CP-1: The later due date that you asked for was not agreed. Monday 22 November 2010"
    tell_of(lea, Happening.LATER_REFUSED)
    client = sign_in(lea)
    assert the_news(client) == [refused]
    tell_of(lea, Happening.LATER_GRANTED, due_on="2010-12-10")
    tell_of(lea, Happening.SIGNED_OFF)
    # neither what was read nor what was not
    assert the_news(client) == ["New CP-1: It has been signed off. Monday 22 November 2010"]
    assert set(db.session.scalars(select(News.what))) == {"later refused", "signed off"}
