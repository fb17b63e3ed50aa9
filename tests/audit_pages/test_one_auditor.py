"""An audit in a cycle that needs one auditor: nothing is asked, shown or told of a second, on any page."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.audits import moves
from app.audits.cycle import Cycle
from app.audits.facts import Pair, found, pair_on
from app.audits.models import Audit
from app.database import db, transaction
from app.findings import freezing
from app.history.record import of
from app.outbox.models import Message
from app.people.models import Person
from app.refusal import Refused
from app.reminders import daily_run
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import opened, visible

FRI_5, MON_8, DUE, TUE_16 = date(2010, 11, 5), date(2010, 11, 8), date(2010, 11, 12), date(2010, 11, 16)
LATE = date(2010, 12, 1)
OF_A_SECOND = re.compile(
    r"\bsecond\b|\bpairs?\b|\bboth\b|other auditor|two auditors|\blead\b|only one auditor", re.IGNORECASE
)
SignIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(FRI_5)


@pytest.fixture
def cycle() -> Cycle:
    return a_cycle("2010-2", auditors=1)


@pytest.fixture
def jack() -> Person:
    return a_person("Jack Denny", roles=["coordinator"])


@pytest.fixture
def alison() -> Person:
    return a_person("Alison Hartley", manager=a_person("Harriet Vance", roles=["manager"]))


@pytest.fixture
def imogen() -> Person:
    return a_person("Imogen Sayle")


def read(reference: str = "CP-001") -> Audit:
    db.session.rollback()
    db.session.expire_all()
    audit = found(reference)
    assert audit is not None
    return audit


def pair_of(reference: str = "CP-001") -> Pair:
    return pair_on(read(reference), LATE)


def messages(kind: str) -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def told(message: Message) -> str:
    """Return the subject and the text of a message, in which nothing is of a second auditor."""
    words = f"{message.subject}\n{message.text}"
    assert not OF_A_SECOND.search(words), words
    return words


def alone(page: str) -> str:
    """Return the words of a page, none of which is of a second auditor."""
    words = visible(page)
    said = OF_A_SECOND.search(words)
    assert not said, words[max(0, said.start() - 80) : said.end() + 80]
    return words


def return_it(auditor: Person, reference: str = "CP-001", on: date = FRI_5) -> None:
    moves.start(reference, auditor, on)
    moves.return_audit(reference, auditor, on)


PAGES_OF_THE_AUDITOR = (
    "/",
    "/audits",
    "/audits/CP-001",
    "/audits/CP-001/start",
    "/audits/CP-001/cannot",
    "/audits/CP-001/form",
    "/audits/CP-001/form/1",
    "/audits/CP-001/form/context",
    "/audits/CP-001/form/end",
    "/audits/CP-001/form/check",
    "/audits/CP-001/form/print",
)


@pytest.mark.parametrize("path", PAGES_OF_THE_AUDITOR)
def test_the_one_auditor_reads_nothing_of_a_second(
    sign_in: SignIn, cycle: Cycle, alison: Person, path: str
) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    alone(opened(sign_in(alison), path))


def test_the_one_auditor_is_called_auditor(sign_in: SignIn, cycle: Cycle, alison: Person) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    client = sign_in(alison)
    assert "You are the auditor. Team: Nantwich." in alone(opened(client, "/"))
    assert "Auditor Alison Hartley" in alone(opened(client, "/audits/CP-001"))
    assert "How many minutes did this audit take?" in alone(opened(client, "/audits/CP-001/form/end"))


PAGES_OF_THE_COORDINATOR = (
    "/",
    "/audits?cycle=2010-2",
    "/audits/CP-001",
    "/audits/CP-001/reassign",
    "/audits/CP-001/chase",
    "/audits/CP-001/log-chase",
    "/audits/CP-001/extend",
    "/audits/CP-001/withdraw",
    "/audits/CP-001/form/paper",
    "/cycles/2010-2",
    "/cycles/2010-2/assign",
    "/cycles/2010-2/close",
)


@pytest.mark.parametrize("path", PAGES_OF_THE_COORDINATOR)
def test_a_coordinator_reads_nothing_of_a_second(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person, path: str
) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    an_audit("CP-002", cycle=cycle)
    page = alone(opened(sign_in(jack), path))
    assert path != "/audits/CP-001" or "Assign auditors" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/audits?cycle=2010-2",
        "/audits/CP-001",
        "/audits/CP-001/answers",
        "/audits/CP-001/send-back",
        "/cycles/2010-2",
        "/cycles/2010-2/close",
        "/cycles/2010-2/findings",
        "/cycles/2010-2/report",
        "/cycles/2010-2/report?for=auditors",
    ],
)
def test_a_return_of_one_waits_for_nobody(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person, path: str
) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    return_it(alison)
    assert messages("confirm") == []
    page = alone(opened(sign_in(jack), path))
    assert "onfirm" not in page.replace("Confirm that", "")


def test_the_one_auditor_returns_it_and_is_done(sign_in: SignIn, cycle: Cycle, alison: Person) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    client = sign_in(alison)
    client.post("/audits/CP-001/start")
    answer = client.post(
        "/audits/CP-001/form/check", data={"seen": "0", "blanks": "1"}, follow_redirects=True
    )
    alone(answer.get_data(as_text=True))
    page = alone(opened(client, "/audits/CP-001"))
    assert "Returned" in page
    assert read().returned_on == FRI_5
    refused = client.get("/audits/CP-001/confirm").get_data(as_text=True)
    assert "This audit was done by one auditor, so no one needs to confirm it" in visible(refused)
    assert "You have no audits to do." in alone(opened(client, "/"))


def test_the_report_and_the_findings_of_a_closed_cycle_say_nothing_of_a_second(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person
) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    return_it(alison)
    freezing.close(db.session.merge(cycle), cut_off_on=None, by=jack, on=FRI_5)
    client = sign_in(jack)
    for path in (
        "/cycles/2010-2",
        "/cycles/2010-2/findings",
        "/cycles/2010-2/report",
        "/cycles/2010-2/report?for=auditors",
    ):
        alone(opened(client, path))
    assert "Each returned audit was done by one auditor." in visible(opened(client, "/cycles/2010-2/report"))


def test_only_an_auditor_is_proposed_and_assigned(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person
) -> None:
    an_audit("CP-001", cycle=cycle)
    client = sign_in(jack)
    page = opened(client, "/cycles/2010-2/assign")
    alone(page)
    assert f'<option value="{alison.id}" selected>' in page
    assert 'name="second-CP-001"' not in page
    client.post("/cycles/2010-2/assign", data={"lead-CP-001": str(alison.id)})
    assert [person.name for person in pair_of().people] == ["Alison Hartley"]
    assert "All open audits of this cycle have an auditor." in alone(opened(client, "/cycles/2010-2/assign"))
    [message] = messages("assigned")
    assert "You are the auditor." in told(message)
    assert [row.after for row in of("audit", "CP-001") if row.what == "assigned"] == ["Alison Hartley"]


def test_on_its_own_page_a_second_may_be_named_and_makes_it_a_pair(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", cycle=cycle)
    client = sign_in(jack)
    assert "Second auditor (optional)" in visible(opened(client, "/audits/CP-001/assign"))
    chosen = {"lead": str(alison.id), "second": str(imogen.id), "override_reason": ""}
    assert client.post("/audits/CP-001/assign", data=chosen).status_code == 302
    page = visible(opened(client, "/audits/CP-001"))
    assert "Lead auditor Alison Hartley" in page
    assert "Second auditor Imogen Sayle" in page
    return_it(alison)
    assert [message.recipient for message in messages("confirm")] == [imogen.id]
    assert "waiting for the second auditor to confirm" in visible(opened(client, "/audits/CP-001"))


def test_on_its_own_page_the_auditor_alone_is_enough_and_is_needed(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person
) -> None:
    an_audit("CP-001", cycle=cycle)
    client = sign_in(jack)
    empty = {"lead": "", "second": "", "override_reason": ""}
    refused = client.post("/audits/CP-001/assign", data=empty)
    assert refused.status_code == 422
    assert "Select an auditor" in visible(refused.get_data(as_text=True))
    assert client.post("/audits/CP-001/assign", data=empty | {"lead": str(alison.id)}).status_code == 302
    assert [person.name for person in pair_of().people] == ["Alison Hartley"]
    again = client.get("/audits/CP-001/assign").get_data(as_text=True)
    assert "This audit already has an auditor." in alone(again)


def test_a_second_without_a_lead_is_refused(cycle: Cycle, jack: Person, imogen: Person) -> None:
    an_audit("CP-001", cycle=cycle)
    with pytest.raises(Refused, match="Select an auditor"):
        assigning.assign(NewPair("CP-001", None, imogen.id), jack, FRI_5)


def test_where_the_one_has_declined_coordinators_get_three_steps(
    cycle: Cycle, jack: Person, alison: Person
) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    assigning.decline("CP-001", alison, FRI_5, "leave")
    [declined] = messages("declined")
    assert "CP-001 needs an auditor" in told(declined)
    assert "Please find a new auditor for audit CP-001." in told(declined)
    assert "No one is assigned to the audit now." in told(declined)
    days = (FRI_5, DUE, TUE_16, date(2010, 11, 19), date(2010, 11, 26))
    written = [message for on in days for message in daily_run.run(on).messages if message.items]
    assert {(message.to, message.kind) for message in written} == {("jack.denny@council.example", "digest")}
    steps = [item.step for message in written for item in message.items]
    assert steps == ["due-soon", "due-today", "overdue"]
    assert any("needs an auditor" in told(message) for message in messages("digest"))
    assert [row.before for row in of("audit", "CP-001") if row.what == "declined"] == ["Alison Hartley"]


def test_where_the_second_of_a_pair_declined_the_lead_is_enough(
    cycle: Cycle, jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, cycle=cycle)
    assigning.decline("CP-001", imogen, FRI_5, "leave")
    items = [(message.to, item.step) for message in daily_run.run(MON_8).messages for item in message.items]
    alison_hartley = "alison.hartley@council.example"
    assert items == [(alison_hartley, "due-soon"), (alison_hartley, "news")]


def test_where_the_lead_of_a_pair_declined_it_is_half_a_pair(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, second=imogen, cycle=cycle)
    assigning.decline("CP-001", alison, FRI_5, "leave")
    steps = {
        message.to: [item.step for item in message.items]
        for message in daily_run.run(MON_8).messages
        if message.kind == "digest"
    }
    assert steps == {
        "imogen.sayle@council.example": ["due-soon", "news"],
        "jack.denny@council.example": ["due-soon"],
    }
    client = sign_in(jack)
    assert "new lead" in visible(opened(client, "/audits?cycle=2010-2"))
    page = opened(client, "/cycles/2010-2/assign")
    assert 'name="lead-CP-001"' in page
    assert "Imogen Sayle" in page


def test_a_cycle_says_how_many_auditors_its_audits_need(sign_in: SignIn, cycle: Cycle, jack: Person) -> None:
    client = sign_in(jack)
    assert "Auditors 1 for each audit" in alone(opened(client, "/cycles/2010-2"))
    form = {
        "title": "A cycle",
        "theme": "Child protection",
        "due_on": ["12", "11", "2010"],
        "hide_up_to": "4",
        "moderated_share": "10",
        "auditors": "2",
        "self_assessment": "yes",
        "version": "",
    }
    assert client.post("/cycles/2010-2/edit", data=form).status_code == 302
    page = visible(opened(client, "/cycles/2010-2"))
    assert "Auditors 2 for each audit, who may be of the team of the case: this is a self-assessment" in page
    told = {row.what: (row.before, row.after) for row in of("cycle", "2010-2")}
    assert told["number of auditors for each audit changed"] == ("1", "2")
    assert told["self-assessment changed"] == ("no", "yes")
    wrong = client.post("/cycles/2010-2/edit", data=form | {"auditors": "3"})
    assert wrong.status_code == 422
    assert "Select how many auditors each audit needs" in visible(wrong.get_data(as_text=True))


def test_filters_of_pairs_are_offered_where_there_may_be_pairs(
    sign_in: SignIn, cycle: Cycle, jack: Person, alison: Person, imogen: Person
) -> None:
    an_audit("CP-001", lead=alison, cycle=cycle)
    client, of_pairs = sign_in(jack), ('value="half a pair"', 'value="to confirm"')
    page = opened(client, "/audits")
    assert 'value="without auditors"' in page
    assert not any(value in page for value in of_pairs)
    an_audit("CP-002", lead=alison, second=imogen, cycle=cycle)
    assert all(value in opened(client, "/audits") for value in of_pairs)
    a_cycle("2010-3")
    assert all(value in opened(client, "/audits?cycle=2010-3") for value in of_pairs)


def test_in_self_assessment_no_reason_is_asked_for_one_s_own_team(sign_in: SignIn, jack: Person) -> None:
    own = a_cycle("2010-4", auditors=1, self_assessment=True)
    an_audit("CP-001", cycle=own, team="Nantwich")
    a_person("Aaron Elsewhere", team="Crewe")
    home = a_person("Zoe Own", team="Nantwich")
    client = sign_in(jack)
    page = opened(client, "/cycles/2010-4/assign")
    assert f'<option value="{home.id}" selected>' in page
    assert "not independent" not in page.replace("Reason for auditors who are not independent", "")
    assert "Only needed if they declared a conflict with a case" in visible(page)
    assert client.post("/cycles/2010-4/assign", data={"lead-CP-001": str(home.id)}).status_code == 302
    spell = read().assignments[0]
    assert (spell.person_id, spell.override_reason, spell.overridden) == (home.id, None, None)
    return_it(home)
    page = visible(opened(client, "/cycles/2010-4/findings"))
    assert "This is a self-assessment: those audited assessed themselves." in page
    with transaction():
        db.session.get_one(Cycle, read().cycle_id).self_assessment = False
    assert "self-assessment" not in visible(opened(client, "/cycles/2010-4/findings"))


def test_the_method_note_counts_what_was_overridden(sign_in: SignIn, cycle: Cycle, jack: Person) -> None:
    home = a_person("Zoe Own", team="Nantwich")
    an_audit("CP-001", cycle=cycle, team="Nantwich")
    assigning.assign(NewPair("CP-001", home.id, None, "no one else is trained"), jack, FRI_5)
    return_it(home)
    page = visible(opened(sign_in(jack), "/cycles/2010-2/findings"))
    assert (
        "1 audit was done by an auditor who is not independent of the case (own team: 1). "
        "The coordinator gave a reason."
    ) in page
