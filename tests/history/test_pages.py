"""A coordinator removes the words of one row on its page, in two steps."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audits.chasing import chase, log_chase
from app.audits.cycle import Cycle
from app.audits.models import Extension
from app.audits.moves import extend
from app.database import db, transaction
from app.findings.models import Snapshot
from app.history.checking import first_break
from app.history.checks import LastCheck, keep_check, standing_breaks
from app.history.correcting import WORDS_REMOVED
from app.history.models import HistoryRow
from app.history.record import Event, of, record
from app.moves.models import TypedText
from app.people.models import Person
from app.settings.history_views import PAGES
from tests.factories import a_person, an_audit
from tests.history.test_correcting import SECRET
from tests.pages import opened, visible

TODAY = date(2010, 11, 5)
NOON = datetime(2010, 11, 5, 12, tzinfo=UTC)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def number(app: Flask) -> int:
    an_audit("CP-001", lead=a_person("Alison"))
    with transaction():
        record("a@council.example", [Event("audit", "CP-001", "extended", after="due 2 May", why=SECRET)])
    return of("audit", "CP-001")[0].id


def test_the_words_go_from_the_page_of_the_thing(number: int, sign_in: SignIn) -> None:
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    address = f"/history/{number}/remove-words"
    page = opened(client, "/audits/CP-001")
    assert SECRET in page
    assert address in page
    form = opened(client, address)
    assert SECRET in form
    said = visible(form)
    assert "The words themselves cannot be restored" in said
    answer = client.post(address, data={"why": ""})
    assert answer.status_code == 422
    assert "Enter why the words must go" in visible(answer.get_data(as_text=True))
    answer = client.post(address, data={"why": "a name was in it"})
    assert answer.headers["Location"] == "/audits/CP-001"
    words = visible(opened(client, "/audits/CP-001"))
    assert SECRET not in words
    assert "words removed" in words
    assert "a name was in it" in words
    assert first_break() is None
    row = db.session.get_one(HistoryRow, number)
    assert (row.before, row.after, row.why) == (None, None, None)
    assert client.post(address, data={"why": "again"}).status_code == 409


def test_others_do_not_see_the_link(number: int, sign_in: SignIn) -> None:
    client = sign_in(a_person("Mo", roles=["moderator"]))
    assert "remove-words" not in opened(client, "/audits/CP-001")
    assert client.get(f"/history/{number}/remove-words").status_code == 403


def test_the_reason_of_a_removal_can_be_removed_and_what_was_removed_stays(
    number: int, sign_in: SignIn
) -> None:
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    client.post(f"/history/{number}/remove-words", data={"why": f"{SECRET} stood in it"})
    mistyped = of("audit", "CP-001")[0]
    address = f"/history/{mistyped.id}/remove-words"
    assert address in opened(client, "/audits/CP-001")
    assert client.post(address, data={"why": "it named the child"}).status_code == 302
    latest, before = of("audit", "CP-001")[:2]
    assert (latest.what, latest.why) == (WORDS_REMOVED, "it named the child")
    assert (before.id, before.why) == (mistyped.id, None)
    assert (before.before or "").startswith("extended, ")
    page = opened(client, "/audits/CP-001")
    assert SECRET not in page
    assert address not in page
    assert first_break() is None
    assert client.get("/history/99999/remove-words").status_code == 404


def test_the_words_go_from_every_place_that_keeps_them(
    app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(TODAY)
    cora = a_person("Cora", roles=["coordinator"])
    an_audit("CP-001", lead=a_person("Alison"))
    log_chase("CP-001", cora, TODAY, TODAY, "phone", "Zebediah’s aunt", SECRET)
    chase("CP-001", cora, TODAY, SECRET)
    extend("CP-001", cora, TODAY, SECRET, date(2010, 12, 20))
    with transaction():
        typed = TypedText(page="p", person_id=cora.id, address="/audits/CP-001/chase", typed_at=NOON)
        typed.entries = [("sentence", f"As I said: {SECRET}")]
        db.session.add(typed)
    client = sign_in(cora)
    assert SECRET in everything()
    row = next(row for row in of("audit", "CP-001") if row.what == "chased" and "aunt" in (row.after or ""))
    said = visible(opened(client, f"/history/{row.id}/remove-words"))
    for place in (
        "words in chase logs (2)",
        "texts of emails (1)",
        "forms not sent (1)",
        "reasons of changes",
    ):
        assert place in said
    answer = client.post(f"/history/{row.id}/remove-words", data={"why": "a name"}, follow_redirects=True)
    told = visible(answer.get_data(as_text=True))
    assert "Words removed from the history, forms not sent, reasons of changes" in told
    assert SECRET not in everything()
    assert "Zebediah" not in everything()
    assert "Alison" in everything()
    assert first_break() is None


def everything() -> str:
    """Return all that the database has, as it is read."""
    db.session.rollback()
    return "\n".join(
        repr(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
    )


def test_what_is_frozen_is_said_to_keep_the_words(number: int, sign_in: SignIn) -> None:
    cycle = db.session.scalars(select(Cycle)).one()
    with transaction():
        db.session.add(
            Snapshot(cycle_id=cycle.id, made_on=TODAY, findings=json.dumps({"note": f"So {SECRET}."}))
        )
    client = sign_in(a_person("Cora", roles=["coordinator"]))
    frozen = "the findings that were frozen on 5 November 2010"
    assert frozen in visible(opened(client, f"/history/{number}/remove-words"))
    answer = client.post(f"/history/{number}/remove-words", data={"why": "a name"}, follow_redirects=True)
    assert f"They are still in {frozen}" in visible(answer.get_data(as_text=True))


def test_short_words_that_others_use_go_from_this_thing_alone(app: Flask, sign_in: SignIn) -> None:
    cora = a_person("Cora", roles=["coordinator"])
    alison = a_person("Alison")
    for reference in ("CP-001", "CP-002"):
        an_audit(reference, lead=alison)
        app.extensions["clock"].fixed = NOON.replace(hour=9 if reference == "CP-001" else 11)
        extend(reference, cora, TODAY, "leave", date(2010, 12, 20))
    row = next(row for row in of("audit", "CP-001") if row.why == "leave")
    sign_in(cora).post(f"/history/{row.id}/remove-words", data={"why": "a name"})
    db.session.rollback()
    assert sorted(db.session.scalars(select(Extension.because))) == ["(removed)", "leave"]
    assert [row.why for row in of("audit", "CP-002") if row.what == "extended"] == ["leave"]


def test_an_administrator_acknowledges_a_break(app: Flask, sign_in: SignIn) -> None:
    with transaction():
        keep_check(LastCheck(TODAY, 1, "0" * 64, 4, "Row 4 was changed"), NOON)
    coordinator = sign_in(a_person("Cora", roles=["coordinator"]))
    assert "/history/acknowledge" not in opened(coordinator, "/history")
    assert coordinator.get("/history/acknowledge").status_code == 403
    client = sign_in(a_person("Adam", roles=["administrator"]))
    assert "/history/acknowledge" in opened(client, "/history")
    assert client.post("/history/acknowledge", data={"because": ""}).status_code == 422
    sent = client.post("/history/acknowledge", data={"because": "A restore was tried"})
    assert sent.headers["Location"] == "/history"
    said = visible(opened(client, "/history"))
    assert "no one has acknowledged" not in said
    assert "A restore was tried" in said
    assert client.post("/history/acknowledge", data={"because": "Again"}).status_code == 409
    assert standing_breaks() == []


def test_the_pages_of_things_are_there(app: Flask) -> None:
    endpoints = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules()}
    assert {kind: endpoints[page] for kind, page in PAGES.items()} == {kind: {"reference"} for kind in PAGES}
