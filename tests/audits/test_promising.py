"""Promises in the product: given by auditors and with chases, ended by moves, kept out of reminders."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.assigning.moves import decline, reassign
from app.audits import chasing, moves
from app.audits.facts import found
from app.audits.models import Audit
from app.audits.promising import kept_in_cycle, promise, promise_that_holds
from app.database import db, transaction
from app.news.happenings import Happening
from app.news.models import News
from app.people.models import Person
from app.refusal import Refused
from app.reminders.daily_run import run
from tests.conftest import let_in
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

DUE = date(2010, 11, 12)


def nov(day: int) -> date:
    return date(2010, 11, day)


@pytest.fixture
def jack(app: Flask) -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def audit(app: Flask) -> Audit:
    mona = a_person("Mona Reed", roles=["manager"])
    lead, second = (a_person(name, roles=["auditor"], manager=mona) for name in ("Lea Ward", "Sam Hill"))
    return an_audit("CP-009", cycle=a_cycle(), lead=lead, second=second, due_on=DUE)


def current(reference: str = "CP-009") -> Audit:
    audit = found(reference)
    assert audit is not None
    return audit


def promised(on: date) -> date | None:
    found_one = promise_that_holds(current(), on)
    return found_one.promised_on if found_one else None


def steps(on: date) -> set[tuple[str, str]]:
    return {(message.kind, item.step) for message in run(on).messages for item in message.items}


def test_a_date_noted_with_a_chase_keeps_reminders_back_until_it_has_passed(
    service: Flask, jack: Person, audit: Audit
) -> None:
    assert steps(nov(16)) == {("digest", "overdue")}
    chasing.log_chase("CP-009", jack, nov(17), nov(17), "phone", new_expected_on=nov(26))
    for day in (19, 26):
        outcome = run(nov(day))
        assert [message for message in outcome.messages if message.items] == []
        assert {held.reason for held in outcome.not_sent if held.item == "CP-009"} == {"promised"}
    assert steps(nov(29)) == {
        ("digest", "overdue-manager"),
        ("manager", "overdue-manager"),
        ("calls", "phone-call"),
    }


def test_an_auditor_promises_once_for_a_due_date(jack: Person, audit: Audit) -> None:
    lead = current().assignments[0].person
    assert lead is not None
    promise("CP-009", lead, nov(15), nov(26))
    assert promised(nov(15)) == nov(26)
    with pytest.raises(Refused, match="already said"):
        promise("CP-009", lead, nov(16), nov(25))
    with pytest.raises(Refused, match="Only the auditors"):
        promise("CP-009", jack, nov(16), nov(25))
    moves.extend("CP-009", jack, nov(16), "Ill", nov(30))
    assert promised(nov(16)) is None
    promise("CP-009", lead, nov(16), date(2010, 12, 1))
    assert promised(nov(16)) == date(2010, 12, 1)


def cut_off_on(day: date) -> None:
    with transaction():
        current().cycle.cut_off_on = day


AFTER_CUT_OFF = (
    "must be 24 November 2010 or earlier, because what is returned after the cut-off date of cycle"
)


def test_what_would_come_back_after_the_cut_off_is_promised_neither_by_auditors_nor_with_a_chase(
    jack: Person, audit: Audit
) -> None:
    lead = current().assignments[0].person
    assert lead is not None
    cut_off_on(nov(24))
    with pytest.raises(Refused, match=f"^Date {AFTER_CUT_OFF}"):
        promise("CP-009", lead, nov(15), nov(25))
    with pytest.raises(Refused, match=f"^New expected date {AFTER_CUT_OFF}"):
        chasing.log_chase("CP-009", jack, nov(15), nov(15), "phone", new_expected_on=nov(25))
    assert current().chases == []
    chasing.log_chase("CP-009", jack, nov(15), nov(15), "phone", outcome="She says the 25th")
    assert promised(nov(15)) is None
    promise("CP-009", lead, nov(15), nov(24))
    chasing.log_chase("CP-009", jack, nov(16), nov(16), "phone", new_expected_on=nov(24))
    assert promised(nov(16)) == nov(24)


def test_an_auditor_is_told_the_last_date_that_counts(app: Flask, jack: Person, audit: Audit) -> None:
    lead = current().assignments[0].person
    assert lead is not None
    clock.clock().fixed = datetime(2010, 11, 15, 12, tzinfo=UTC)
    client = let_in(app.test_client(), lead)
    assert "You can choose a date up to 26 November 2010, once" in visible(
        opened(client, "/audits/CP-009/promise")
    )
    cut_off_on(nov(24))
    page = visible(opened(client, "/audits/CP-009/promise"))
    assert "You can choose a date up to 24 November 2010, once" in page
    cut_off_on(nov(12))
    answer = client.get("/audits/CP-009/promise").get_data(as_text=True)
    assert "The cut-off date of this cycle was 12 November 2010" in visible(answer)


ENDINGS: dict[str, Callable[[Person, Person], None]] = {
    "extended": lambda jack, _: moves.extend("CP-009", jack, nov(18), "Ill", nov(30)),
    "reassigned": lambda jack, new: reassign("CP-009", "second", new.id, jack, nov(18), "Ill"),
    "declined": lambda _jack, _new: decline("CP-009", _second(), nov(18), "capacity"),
    "struck through": lambda jack, _: chasing.strike_chase(
        "CP-009", current().chases[-1].id, jack, nov(18), "Another audit"
    ),
}


def _second() -> Person:
    second = current().assignments[1].person
    assert second is not None
    return second


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_promise_ends_with_the_due_date_and_the_auditors_it_was_given_for(
    ending: str, jack: Person, audit: Audit
) -> None:
    new = a_person("Nia New", roles=["auditor"])
    chasing.log_chase("CP-009", jack, nov(18), nov(18), "phone", new_expected_on=nov(26))
    assert promised(nov(18)) == nov(26)
    ENDINGS[ending](jack, new)
    assert promised(nov(18)) is None
    # what was promised after it, on the same day, holds
    chasing.log_chase("CP-009", jack, nov(18), nov(18), "in person", new_expected_on=nov(25))
    assert promised(nov(18)) == nov(25)


def test_due_dates_and_lateness_do_not_move(jack: Person, audit: Audit) -> None:
    chasing.log_chase("CP-009", jack, nov(18), nov(18), "phone", new_expected_on=nov(26))
    assert (current().due_on, current().first_due_on) == (DUE, DUE)


def test_pages_show_the_date_and_coordinators_how_many_were_kept(
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    jack: Person,
    audit: Audit,
) -> None:
    chasing.log_chase("CP-009", jack, nov(15), nov(15), "phone", new_expected_on=nov(16))
    clock_at(nov(18))
    lead = current().assignments[0].person
    assert lead is not None
    sign_in(lead)
    assert "Say when it will be back" in visible(opened(client, "/audits/CP-009"))
    answer = client.post(
        "/audits/CP-009/promise",
        data={"promised_on": ["24", "11", "2010"]},
        follow_redirects=True,
    )
    page = visible(answer.get_data(as_text=True))
    assert "Promised by Wednesday 24 November 2010" in page
    assert "1 broken" not in page
    assert "promised by Wednesday 24 November 2010" in visible(opened(client, "/"))
    client.post("/sign-out")
    sign_in(jack)
    assert "Promises 1 broken" in visible(opened(client, "/audits/CP-009"))
    assert "promised by" in visible(opened(client, "/audits"))
    assert kept_in_cycle(audit.cycle_id, nov(18)) == "1 broken"
    assert "Promised dates 1 broken" in visible(opened(client, f"/cycles/{audit.cycle.reference}"))


def test_an_entry_that_is_struck_through_stays_in_the_log_and_counts_as_no_chase(
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    jack: Person,
    audit: Audit,
) -> None:
    clock_at(nov(18))
    chasing.log_chase("CP-009", jack, nov(18), nov(18), "phone", outcome="Spoke to Lea")
    sign_in(jack)
    assert "CP-009" not in visible(opened(client, "/audits?chased=never"))
    entry = current().chases[0].id
    client.post(f"/audits/CP-009/chases/{entry}/strike", data={"because": "It was another audit"})
    page = opened(client, "/audits/CP-009")
    assert "<s>Spoke to Lea</s>" in page
    assert "Struck through: It was another audit" in visible(page)
    assert "CP-009" in visible(opened(client, "/audits?chased=never"))
    again = client.post(f"/audits/CP-009/chases/{entry}/strike", data={"because": "Again"})
    assert (again.status_code, "already been struck" in visible(again.get_data(as_text=True))) == (409, True)
    assert client.get("/audits/CP-009/chases/999999/strike").status_code == 404


def test_an_exemption_is_taken_back_and_the_days_between_stay_exempt(
    service: Flask, jack: Person, audit: Audit
) -> None:
    moves.exempt("CP-009", jack, nov(10), "File is away", "Harriet Vance")
    assert steps(nov(15)) == set()
    moves.lift_exemption("CP-009", jack, nov(17), "The file is back")
    with pytest.raises(Refused, match="not exempt"):
        moves.lift_exemption("CP-009", jack, nov(17), "Twice")
    assert run(nov(16), dry_run=True).messages == []
    # nobody was told that it was exempt, and so nobody that it is not
    assert steps(nov(17)) == {("digest", "overdue")}


def answer_to(client: FlaskClient, promised_on: date, day: date) -> str:
    entered = {
        "day": [day.day, day.month, day.year],
        "channel": "phone",
        "new_expected_on": [promised_on.day, promised_on.month, promised_on.year],
    }
    answer = client.post("/audits/CP-009/log-chase", data=entered, follow_redirects=True)
    return visible(answer.get_data(as_text=True))


def test_a_date_that_cannot_hold_is_noted_and_says_that_reminders_go_on(
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    jack: Person,
    audit: Audit,
) -> None:
    clock_at(nov(17))
    sign_in(jack)
    page = answer_to(client, date(2011, 2, 15), nov(17))
    begins = "It holds reminders back only until 10 December 2010, because a promise holds for at most 20"
    assert page.count(begins) == 2  # in the answer, and beside the date on the page of the audit
    assert begins in visible(opened(client, "/audits/CP-009"))
    assert begins not in answer_to(client, nov(26), nov(17))
    for given, passed in ((nov(18), nov(19)), (nov(22), nov(23))):
        chasing.log_chase("CP-009", jack, given, given, "phone", new_expected_on=passed)
    clock_at(nov(24))
    client.post("/sign-out")
    sign_in(jack)
    page = answer_to(client, nov(30), nov(24))
    assert page.count("Reminders are not held back, because two promised dates have passed already") == 2


def test_an_auditor_is_offered_a_date_of_their_own_while_they_can_give_one(
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    jack: Person,
    audit: Audit,
) -> None:
    clock_at(nov(17))
    lead, second = (spell.person for spell in current().assignments)
    assert lead is not None
    assert second is not None
    sign_in(lead)
    assert "Say when it will be back" in visible(opened(client, "/audits/CP-009"))
    promise("CP-009", lead, nov(17), nov(18))
    said = "You have already said when it will be back. Ask a coordinator if you need longer."
    page = visible(opened(client, "/audits/CP-009"))
    assert said in page
    assert "Say when it will be back" not in page
    form = client.get("/audits/CP-009/promise").get_data(as_text=True)
    assert said in visible(form)
    assert 'name="promised_on' not in form
    chasing.log_chase("CP-009", jack, nov(19), nov(19), "phone", new_expected_on=nov(22))
    clock_at(nov(23))
    client.post("/sign-out")
    sign_in(second)
    page = visible(opened(client, "/audits/CP-009"))
    assert "Two promised dates have passed already, so you cannot say again when it will be back." in page
    assert "Say when it will be back" not in page


def test_an_auditor_sees_the_date_that_holds_and_is_asked_twice_for_an_earlier_one(
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    jack: Person,
    audit: Audit,
) -> None:
    clock_at(nov(17))
    chasing.log_chase("CP-009", jack, nov(17), nov(17), "phone", new_expected_on=date(2010, 12, 1))
    lead = current().assignments[0].person
    assert lead is not None
    sign_in(lead)
    page = visible(opened(client, "/audits/CP-009/promise"))
    assert "Jack Denny said that it will be back by 1 December 2010. Your date replaces that one." in page
    sent: dict[str, object] = {"promised_on": ["25", "11", "2010"]}
    asked = client.post("/audits/CP-009/promise", data=sent)
    warning = "Your date is earlier than 1 December 2010, the date that Jack Denny gave"
    assert warning in visible(asked.get_data(as_text=True))
    assert promised(nov(17)) == date(2010, 12, 1)
    assert client.post("/audits/CP-009/promise", data=sent | {"let_through": warning}).status_code == 302
    assert promised(nov(17)) == nov(25)


def over() -> list[tuple[str, str]]:
    """Return whose news it is that a promise is over, and its date."""
    query = select(News).where(News.what == Happening.PROMISE_OVER.value).order_by(News.person_id)
    names = dict(db.session.execute(select(Person.id, Person.name)).all())
    return [(names[news.person_id], news.facts["promised_on"]) for news in db.session.scalars(query)]


def test_its_auditors_are_told_that_a_promise_has_ended_until_another_is_given(
    service: Flask, jack: Person, audit: Audit
) -> None:
    new, second, lead = a_person("Nia New", roles=["auditor"]), _second(), current().assignments[0].person
    assert lead is not None
    promise("CP-009", lead, nov(15), nov(26))
    for person in (new, second):
        reassign("CP-009", "second", person.id, jack, nov(18), "By mistake")
    assert over() == [("Lea Ward", "2010-11-26"), ("Sam Hill", "2010-11-26")]
    promise("CP-009", lead, nov(18), nov(26))
    assert over() == []
    assert promised(nov(18)) == nov(26)


def test_who_returned_it_is_not_told_that_its_promise_has_ended(jack: Person, audit: Audit) -> None:
    lead = current().assignments[0].person
    assert lead is not None
    promise("CP-009", lead, nov(15), nov(26))
    reassign("CP-009", "second", a_person("Nia New", roles=["auditor"]).id, jack, nov(18), "Ill")
    assert over() == [("Lea Ward", "2010-11-26")]
    moves.return_audit("CP-009", lead, nov(18))
    assert over() == []


def test_a_promise_that_is_over_before_the_due_date_ends_without_a_word(jack: Person, audit: Audit) -> None:
    chasing.log_chase("CP-009", jack, nov(8), nov(8), "phone", new_expected_on=nov(11))
    reassign("CP-009", "second", a_person("Nia New", roles=["auditor"]).id, jack, nov(9), "Ill")
    assert over() == []


@pytest.mark.parametrize("page", ["reassign", "extend"])
def test_a_coordinator_reads_that_a_promise_ends_before_it_does(
    client: FlaskClient,
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
    jack: Person,
    audit: Audit,
    page: str,
) -> None:
    clock_at(nov(17))
    sign_in(jack)
    said = "Lea Ward said that it will be back by 26 November 2010. That promise ends, and its auditors are"
    assert said not in visible(opened(client, f"/audits/CP-009/{page}"))
    lead = current().assignments[0].person
    assert lead is not None
    promise("CP-009", lead, nov(17), nov(26))
    assert said in visible(opened(client, f"/audits/CP-009/{page}"))
    asked: dict[str, object] = {"audit": ["CP-009"], "do": page, "carry_out": "yes", "because": "Ill"}
    more: dict[str, object] = {
        "away": lead.id,
        "to": a_person("Nia New", roles=["auditor"]).id,
        "due_on": ["30", "11", "2010"],
    }
    answer = client.post("/audits/selected", data=asked | more)
    assert f"CP-009: {said}" in visible(answer.get_data(as_text=True))
    assert promised(nov(17)) == nov(26)
