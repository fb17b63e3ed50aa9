"""The second auditor looks at what was returned; both views are kept, and the pair says what they agreed."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers import moderating, second_look
from app.answers.models import Answer, AnswerView, Moderation
from app.answers.viewing import Change, WrongChanges
from app.audits.facts import found
from app.audits.models import Audit
from app.audits.standing import standings
from app.database import db, transaction
from app.findings.tallies import tallies
from app.history import record
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow, Refused
from tests.answers.graded import ON, a_graded_cycle, answered, question, response
from tests.factories import a_person, an_audit
from tests.pages import opened, visible

SignIn = Callable[[Person], FlaskClient]
BEFORE = date(2010, 11, 4)
REASON = "The plan names no dates."


@pytest.fixture(autouse=True)
def on_5_november(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def lead() -> Person:
    return a_person("Alison Hartley")


@pytest.fixture
def second() -> Person:
    return a_person("Imogen Sayle")


@pytest.fixture
def returned(lead: Person, second: Person) -> Audit:
    """CP-001, returned the day before: the child was seen, the plan is good."""
    audit = an_audit(
        "CP-001",
        lead=lead,
        second=second,
        cycle=a_graded_cycle(),
        returned_on=BEFORE,
        case_reference="717275",
    )
    answered(audit, {"child_seen": "yes", "plan_quality": "good"}, comment="A clear plan.")
    return audit


def read() -> Audit:
    db.session.rollback()
    audit = found("CP-001")
    assert audit is not None
    return audit


def test_while_nothing_is_agreed_the_audit_says_so_and_leads_the_pair_to_it(
    sign_in: SignIn, returned: Audit, lead: Person, second: Person
) -> None:
    client = sign_in(lead)
    second_look.confirm("CP-001", second, ON, change("plan_quality", "adequate"))
    page = opened(client, "/audits/CP-001")
    assert "Returned. The second auditor disagrees with 1 answer." in visible(page)
    assert "Returned, confirmed" not in visible(page)
    assert 'href="/audits/CP-001/agree"' in page
    second_look.agree("CP-001", lead, ON, change("plan_quality", "adequate"))
    page = opened(client, "/audits/CP-001")
    assert "Returned, confirmed." in visible(page)
    assert "/audits/CP-001/agree" not in page


def test_others_than_the_pair_are_told_that_they_differ_and_agree_nothing(
    sign_in: SignIn, returned: Audit, second: Person
) -> None:
    second_look.confirm("CP-001", second, ON, change("plan_quality", "adequate"))
    page = opened(sign_in(a_person("Jack Denny", roles=["coordinator"])), "/audits/CP-001")
    assert "Returned. The second auditor disagrees with 1 answer." in visible(page)
    assert "/audits/CP-001/agree" not in page


def change(key: str, word: str | None, reason: str | None = REASON) -> dict[int, Change]:
    return {question(key): Change(response(word), reason)}


def views() -> dict[str, tuple[int | None, str | None]]:
    db.session.rollback()
    return {
        view.whose: (view.response_id, view.reason)
        for view in db.session.scalars(select(AnswerView).where(AnswerView.audit_id == read().id))
    }


def met(key: str = "plan_quality") -> int:
    db.session.rollback()
    counts = tallies(a_graded_cycle(), standings(ON, working_days())).questions
    return next(each.counts.met for each in counts if each.question == key)


def told() -> list[str]:
    return [
        " ".join(part for part in (row.what, row.before, row.after, row.why) if part)
        for row in record.of("audit", "CP-001")
    ]


def test_both_views_are_kept_and_the_seconds_own_changes_no_figure(returned: Audit, second: Person) -> None:
    second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    assert views() == {"second": (response("inadequate"), REASON)}
    assert (read().confirmed_on, read().differs) == (ON, "disagreed with 1 answer")
    assert met() == 1
    kept = db.session.scalars(select(Answer).where(Answer.question_id == question("plan_quality"))).one()
    assert (kept.response_id, kept.comment) == (response("good"), "A clear plan.")


def test_confirming_everything_keeps_no_view(returned: Audit, second: Person) -> None:
    second_look.confirm("CP-001", second, ON, {})
    assert views() == {}
    assert (read().confirmed_on, read().differs) == (ON, None)


@pytest.mark.parametrize(
    ("word", "reason", "fault"),
    [
        ("inadequate", None, "Enter a reason"),
        (None, REASON, "Select a response"),
        ("good", REASON, "Select a different response, or delete the reason"),
        ("yes", REASON, "Select a response from the list"),
        ("inadequate", "See 717275", "Remove the case number"),
    ],
)
def test_a_view_that_lacks_something_is_refused_and_nothing_is_kept(
    returned: Audit, second: Person, word: str | None, reason: str | None, fault: str
) -> None:
    with pytest.raises(WrongChanges) as refused:
        second_look.confirm("CP-001", second, ON, change("plan_quality", word, reason))
    assert refused.value.faults[question("plan_quality")].startswith(fault)
    assert views() == {}
    assert read().confirmed_on is None


def test_only_the_second_confirms_and_only_once(returned: Audit, lead: Person, second: Person) -> None:
    with pytest.raises(Refused, match="second auditor"):
        second_look.confirm("CP-001", lead, ON, {})
    second_look.confirm("CP-001", second, ON, {})
    with pytest.raises(NotNow, match="already"):
        second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    assert views() == {}


def test_what_the_pair_agreed_counts_and_the_leads_own_stays(
    returned: Audit, lead: Person, second: Person
) -> None:
    second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    second_look.agree("CP-001", lead, ON, change("plan_quality", "adequate", "We agree it is thin."))
    assert met() == 0
    assert views()["agreed"] == (response("adequate"), "We agree it is thin.")
    assert views()["second"] == (response("inadequate"), REASON)
    assert "agreed on 1 answer" in told()
    assert not any(REASON in line or "thin" in line or "adequate" in line for line in told())


def test_there_is_nothing_to_agree_on_where_the_two_do_not_differ(
    returned: Audit, lead: Person, second: Person
) -> None:
    with pytest.raises(NotNow, match="no answers that the two of you disagree on"):
        second_look.agree("CP-001", lead, ON, change("plan_quality", "adequate"))
    second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    with pytest.raises(Refused, match="not on this page"):
        second_look.agree("CP-001", lead, ON, change("child_seen", "no"))
    with pytest.raises(Refused, match="Only the two auditors"):
        second_look.agree("CP-001", a_person(), ON, change("plan_quality", "adequate"))
    assert "agreed" not in views()


@pytest.mark.parametrize("ended", ["moderated", "frozen"])
def test_nothing_is_agreed_once_it_is_moderated_or_the_cycle_is_frozen(
    returned: Audit, lead: Person, second: Person, ended: str
) -> None:
    second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    if ended == "moderated":
        moderator = a_person(roles=["moderator"])
        moderating.moderate("CP-001", moderator, ON, {}, read_before_grade=True)
    else:
        with transaction():
            a_graded_cycle().frozen_on = ON
    with pytest.raises(NotNow, match=ended):
        second_look.agree("CP-001", lead, ON, change("plan_quality", "adequate"))


def test_sending_it_back_sets_views_and_moderation_aside_and_says_so(
    returned: Audit, lead: Person, second: Person
) -> None:
    second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    second_look.agree("CP-001", lead, ON, change("plan_quality", "adequate"))
    moderating.moderate("CP-001", a_person(roles=["moderator"]), ON, {}, read_before_grade=True)
    second_look.send_back("CP-001", a_person(roles=["coordinator"]), ON, "Reasons.", date(2010, 11, 19))
    assert views() == {}
    assert db.session.scalars(select(Moderation)).all() == []
    assert read().returned_on is None
    assert "removed 2 changed answers and moderation the audit was sent back" in told()


def test_sending_back_what_nobody_looked_at_sets_nothing_aside(returned: Audit) -> None:
    second_look.send_back("CP-001", a_person(roles=["coordinator"]), ON, "Reasons.", date(2010, 11, 19))
    assert read().returned_on is None
    assert not any("removed" in line for line in told())


def test_a_coordinator_sends_back_on_the_page_and_the_views_go_with_it(
    sign_in: SignIn, returned: Audit, second: Person
) -> None:
    second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    client = sign_in(a_person("Jack Denny", roles=["coordinator"]))
    form = {"because": "Reasons.", "due_on": ["19", "11", "2010"]}
    assert client.post("/audits/CP-001/send-back", data=form).status_code == 302
    assert views() == {}


def test_the_second_says_on_the_page_what_they_see_differently_and_the_pair_what_they_agreed(
    app: Flask, sign_in: SignIn, returned: Audit, second: Person
) -> None:
    client = sign_in(second)
    page = visible(opened(client, "/audits/CP-001/confirm"))
    assert "A clear plan." in page
    key = question("plan_quality")
    version = read().version
    same = client.post("/audits/CP-001/confirm", data={"version": version})
    assert (same.status_code, "Select whether you confirm" in same.get_data(as_text=True)) == (422, True)
    lacking = {"version": version, "sees": "differently", f"response-{key}": response("inadequate")}
    answer = client.post("/audits/CP-001/confirm", data=lacking)
    assert (answer.status_code, "Enter a reason" in answer.get_data(as_text=True)) == (422, True)
    named = {**lacking, f"reason-{key}": "Born on 3 May 2004, the plan says."}
    answer = client.post("/audits/CP-001/confirm", data=named)
    assert "seems to include a date of birth" in answer.get_data(as_text=True)
    assert views() == {}
    answer = client.post("/audits/CP-001/confirm", data={**lacking, f"reason-{key}": REASON})
    assert answer.status_code == 302
    assert views() == {"second": (response("inadequate"), REASON)}

    assert "Record what you agreed" in visible(opened(client, "/audits/CP-001/answers"))
    assert REASON in visible(opened(client, "/audits/CP-001/agree"))
    agreed = {f"response-{key}": response("adequate"), f"reason-{key}": "We agree it is thin."}
    answer = client.post("/audits/CP-001/agree", data=agreed, follow_redirects=True)
    page = visible(answer.get_data(as_text=True))
    assert "Adequate, agreed by both auditors" in page
    assert "Record what you agreed" not in page


def test_a_stale_page_confirms_nothing(sign_in: SignIn, returned: Audit, second: Person) -> None:
    version = read().version
    with transaction():
        db.session.get_one(Audit, returned.id).note = "changed meanwhile"
    answer = sign_in(second).post("/audits/CP-001/confirm", data={"version": version, "sees": "same"})
    assert answer.status_code == 409
    assert read().confirmed_on is None


def test_a_choice_made_by_mistake_is_undone_by_choosing_the_returned_response_again(
    sign_in: SignIn, returned: Audit, second: Person
) -> None:
    client, field = sign_in(second), f"response-{question('plan_quality')}"
    answer = client.post("/audits/CP-001/confirm", data={"sees": "same", field: response("adequate")})
    assert (answer.status_code, "You changed some answers" in answer.get_data(as_text=True)) == (422, True)
    answer = client.post("/audits/CP-001/confirm", data={"sees": "same", field: response("good")})
    assert answer.status_code == 302
    assert views() == {}


def test_the_lead_is_told_that_the_second_confirms(sign_in: SignIn, returned: Audit, lead: Person) -> None:
    client = sign_in(lead)
    assert "Only the second auditor can confirm this audit" in visible(
        opened(client, "/audits/CP-001/confirm")
    )
    assert client.post("/audits/CP-001/confirm", data={"sees": "same"}).status_code == 409
    assert read().confirmed_on is None


def test_the_pair_finds_what_is_left_to_agree_on_its_first_page(
    sign_in: SignIn, returned: Audit, lead: Person, second: Person
) -> None:
    second_look.confirm("CP-001", second, ON, change("plan_quality", "inadequate"))
    assert second_look.waiting_to_agree(second.id, ON) == ["CP-001"]
    assert second_look.waiting_to_agree(second.id, BEFORE) == []
    client = sign_in(lead)
    assert "/audits/CP-001/agree" in opened(client, "/")
    second_look.agree("CP-001", lead, ON, change("plan_quality", "adequate"))
    assert second_look.waiting_to_agree(second.id, ON) == []
    assert "/audits/CP-001/agree" not in opened(client, "/")
