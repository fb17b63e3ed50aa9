"""Asking for the cases of an earlier cycle again: which of them, in two steps, and the new cycle."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.case_keys.mark import as_compared
from app.cycle_pages.asking_again import EarlierCase, EarlierCases, ask_again, cases_of, details_of
from app.cycles.moves import Changes
from app.database import db, transaction
from app.outbox.models import Message
from app.people.models import Person
from app.sampling.queries import comes_out_the_same, kept
from app.sampling.seeded_draw import ListedCase
from tests.factories import a_person
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.pages import opened, visible

FIRST = date(2010, 10, 4)
CASES = [f"C{number}" for number in range(20)]
AGAIN = "/cycles/2010-1/again"


NOW = date(2012, 1, 9)


def an_earlier_cycle() -> Cycle:
    """Make a closed cycle of 20 cases, 5 of them graded "yes" and 15 "no"."""
    tool = a_tool_asking("risk", "overall")
    with transaction():
        tool.overall = "overall"
    answers = {"risk": (5, 15), "overall": (5, 15)}
    return a_cycle_that_found("2010-1", tool, FIRST, answers, cases=CASES, selection="random", auditors=1)


@pytest.fixture
def earlier(app: Flask, clock_at: Callable[[date], None]) -> Cycle:
    clock_at(NOW)
    return an_earlier_cycle()


def day(name: str, value: date) -> dict[str, list[str]]:
    return {name: [str(value.day), str(value.month), str(value.year)]}


@pytest.fixture
def coordinator(earlier: Cycle, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(a_person("Cora Office", roles=["coordinator"]))


def entries(**given: object) -> dict[str, object]:
    return {
        "which": "all",
        "seed": "7",
        "reference": "2012-1",
        "title": "Second look",
        **day("requested_on", NOW),
        **day("due_on", date(2012, 2, 9)),
        **given,
    }


def shown(coordinator: FlaskClient, **given: object) -> tuple[str, str]:
    """Return the words of the check page, and the mark that it carries."""
    answer = coordinator.post(AGAIN, data=entries(do="show", **given))
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return visible(page), page.partition('name="shown" type="hidden" value="')[2].partition('"')[0]


def asked(coordinator: FlaskClient, **given: object) -> TestResponse:
    _, mark = shown(coordinator, **given)
    return coordinator.post(AGAIN, data=entries(do="ask", shown=mark, **given))


def made() -> tuple[Cycle, dict[str, str | None]]:
    """Return the new cycle, and its cases with the earlier audit that each repeats."""
    db.session.expire_all()
    cycle = db.session.scalars(select(Cycle).where(Cycle.reference == "2012-1")).one()
    audits = db.session.scalars(select(Audit).where(Audit.cycle_id == cycle.id)).all()
    return cycle, {
        audit.case_reference or "": audit.re_audit_of.reference if audit.re_audit_of else None
        for audit in audits
    }


def remove_numbers(*cases: str) -> None:
    with transaction():
        of = update(Audit).where(Audit.case_folded.in_(map(as_compared, cases)))
        db.session.execute(of.values(case_reference=None, case_folded=None))


@pytest.mark.parametrize("page", ["/cycles/2010-1", "/cycles/2010-1/findings"])
def test_cycle_and_findings_lead_there(coordinator: FlaskClient, page: str) -> None:
    assert f'href="{AGAIN}"' in opened(coordinator, page)
    assert "Cycle 2010-1 has 20 cases with a returned audit that counts." in visible(
        opened(coordinator, AGAIN)
    )


def test_all_are_asked_again(coordinator: FlaskClient) -> None:
    words, _ = shown(coordinator)
    assert "Cases 20 of 20 cases" in words
    assert "How they are chosen whole population" in words
    assert db.session.scalar(select(Cycle.id).where(Cycle.reference == "2012-1")) is None
    answer = asked(coordinator)
    assert answer.headers["Location"] == "/cycles/2012-1"
    cycle, audits = made()
    assert audits == {case: f"2010-1-{number}" for number, case in enumerate(CASES)}
    assert (cycle.selection, cycle.population) == ("whole population", 20)
    assert (cycle.audits_again, cycle.comparable_with, cycle.auditors) == ("2010-1", "2010-1", 1)
    assert "Audits again cases of cycle 2010-1" in visible(opened(coordinator, "/cycles/2012-1"))


def test_a_random_share_is_drawn_with_its_seed_and_population(coordinator: FlaskClient) -> None:
    words, _ = shown(coordinator, which="share", share="25")
    assert "Cases 5 of 20 cases" in words
    assert "How they are chosen random, seed 7" in words
    asked(coordinator, which="share", share="25")
    cycle, audits = made()
    assert len(audits) == 5
    assert all(audits.values())
    assert (cycle.selection, cycle.population) == ("random", 20)
    draw = kept(cycle)
    assert draw is not None
    assert (draw.seed, draw.size, comes_out_the_same(draw)) == (7, 5, True)


def test_a_reserve_repeats_its_own_earlier_audit(coordinator: FlaskClient) -> None:
    asked(coordinator, which="share", share="5")
    replacing = {"reason": "record cannot be opened", "words": "", **day("due_on", date(2012, 2, 9))}
    assert coordinator.post("/cycles/2012-1/cases/1/replace", data=replacing).status_code == 302
    _, audits = made()
    assert len(audits) == 2
    assert audits == {case: f"2010-1-{CASES.index(case)}" for case in audits}


def test_those_with_a_grade_are_hand_picked(coordinator: FlaskClient) -> None:
    words, _ = shown(coordinator, which="grades", grades=["yes"])
    assert "Cases 5 of 20 cases" in words
    assert "these cases are chosen because of their grade, so some would come out better by chance" in words
    asked(coordinator, which="grades", grades=["yes"])
    cycle, audits = made()
    assert sorted(audits) == CASES[:5]
    assert (cycle.selection, cycle.population) == ("hand-picked", None)


def test_all_grades_are_all_cases(coordinator: FlaskClient) -> None:
    words, _ = shown(coordinator, which="grades", grades=["yes", "no"])
    assert "Cases 20 of 20 cases" in words
    assert "the findings will say if a change is likely to be real" in words


def test_cases_without_a_number_are_left_out_and_it_is_said(coordinator: FlaskClient) -> None:
    remove_numbers("C0", "C1")
    words, _ = shown(coordinator)
    assert "2 audits are left out, because their case numbers have been removed" in words
    assert "these are not all cases, so no change can be shown to be real" in words
    asked(coordinator)
    cycle, audits = made()
    assert sorted(audits) == sorted(CASES[2:])
    assert (cycle.selection, cycle.population) == ("hand-picked", None)


def test_a_share_of_what_is_left_has_no_population(coordinator: FlaskClient) -> None:
    remove_numbers("C0")
    asked(coordinator, which="share", share="50")
    cycle, audits = made()
    assert (len(audits), cycle.selection, cycle.population) == (10, "random", None)


def test_what_has_changed_since_it_was_shown_is_shown_again(coordinator: FlaskClient) -> None:
    _, mark = shown(coordinator)
    remove_numbers("C0")
    answer = coordinator.post(AGAIN, data=entries(do="ask", shown=mark))
    assert "Cases 19 of 19 cases" in visible(answer.get_data(as_text=True))
    assert db.session.scalar(select(Cycle.id).where(Cycle.reference == "2012-1")) is None


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"which": ""}, "Select which cases to audit again"),
        ({"which": "share", "share": ""}, "Enter the percentage of the cases"),
        ({"which": "share", "share": "100"}, "Percentage of the cases must be a whole number from 1 to 99"),
        ({"which": "grades"}, "Select at least one overall grade"),
        ({"which": "grades", "grades": ["partly"]}, "Overall grades must include one that a case has"),
        ({"reference": "2010-1"}, "Cycle 2010-1 already exists. Enter another reference."),
        ({"reference": "a/b"}, "Reference can only have letters, digits, dots and hyphens, such as 2027-1"),
        (day("due_on", date(2012, 1, 6)), "Due date must be on or after the request date"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    coordinator: FlaskClient, given: dict[str, object], error: str
) -> None:
    answer = coordinator.post(AGAIN, data=entries(do="show") | given)
    assert answer.status_code == 422
    assert error in visible(answer.get_data(as_text=True))


def test_the_cases_of_an_open_cycle_are_not_asked_again(coordinator: FlaskClient) -> None:
    with transaction():
        db.session.execute(update(Cycle).values(closed_on=None))
    assert f'href="{AGAIN}"' not in opened(coordinator, "/cycles/2010-1")
    answer = coordinator.post(AGAIN, data=entries(do="show"))
    assert answer.status_code == 409
    assert "Cycle 2010-1 is still open. Close it before you audit its cases again." in visible(
        answer.get_data(as_text=True)
    )


def test_without_any_number_there_is_nothing_to_ask_for(coordinator: FlaskClient) -> None:
    remove_numbers(*CASES)
    assert "The case numbers of cycle 2010-1 have been removed, so its cases are not known" in visible(
        opened(coordinator, AGAIN)
    )


def test_a_tool_without_an_overall_grade_offers_none(coordinator: FlaskClient, earlier: Cycle) -> None:
    with transaction():
        db.session.get_one(Cycle, earlier.id).tool.overall = None
    assert "Those with certain overall grades" not in visible(opened(coordinator, AGAIN))


def test_both_databases_ask_again_and_join_by_the_number_of_the_case(service: Flask) -> None:
    earlier = an_earlier_cycle()
    with transaction():
        # one case was audited twice, the second time by its number in another spelling
        last = db.session.scalars(select(Audit).where(Audit.reference == "2010-1-19")).one()
        last.case_reference, last.returned_on = "c 0", date(2010, 11, 1)
    known = cases_of(earlier, NOW)
    assert (len(known.cases), known.without_number) == (19, 0)
    assert known.cases[0].grades == {"yes", "no"}
    details = details_of(earlier, "2012-1", "Second look", NOW, date(2012, 2, 9))
    _, number = ask_again(details, known.all(1), by=a_person("Cora Office"), on=NOW)
    assert number == 19
    _, audits = made()
    assert audits["C0"] == "2010-1-19"
    assert audits["C1"] == "2010-1-1"


def test_the_new_cycle_has_all_settings_of_the_earlier_one_but_its_days_and_its_draw(earlier: Cycle) -> None:
    others: dict[str, object] = {
        "hide_up_to": 3,
        "moderated_share": 35,
        "auditors": 1,
        "self_assessment": True,
        "expected_per_auditor": 4,
        "respond_to_id": a_person("Hollis Head", roles=["leader"]).id,
        "workers": "may reply",
        "reported_to": "The board",
    }
    with transaction():
        kept = db.session.get_one(Cycle, earlier.id)
        for name, value in others.items():
            setattr(kept, name, value)
    details = details_of(kept, "2012-1", "Second look", NOW, date(2012, 2, 9))
    own = {"title", "due_on", "cut_off_on", "reported_on", "selection", "population", "comparable_with"}
    settings = {field.name for field in fields(Changes)} - own
    assert settings == {*others, "theme", "agencies"}
    assert {name: getattr(details, name) for name in others} == others
    assert (details.theme, details.agencies) == (kept.theme, tuple(kept.agencies))


def test_the_new_cycle_tells_workers_the_same_and_keeps_those_who_are_here(earlier: Cycle) -> None:
    workers = [a_person("Wanda Canary"), a_person("Gwen Gone", leaving_on=date(2011, 12, 30))]
    with transaction():
        db.session.get_one(Cycle, earlier.id).workers = "told"
        for number, worker in enumerate(workers):
            audit = db.session.scalars(select(Audit).where(Audit.called(f"2010-1-{number}"))).one()
            audit.worker_id = worker.id
        same = db.session.scalars(select(Audit).where(Audit.called("2010-1-2"))).one()
        same.worker_id = workers[0].id
    details = details_of(earlier, "2012-1", "Second look", NOW, date(2012, 2, 9))
    cycle, _ = ask_again(details, cases_of(earlier, NOW).all(1), by=a_person("Cora Office"), on=NOW)
    assert cycle.workers == "told"
    query = select(Audit.case_reference, Audit.worker_id).where(Audit.cycle_id == cycle.id)
    named = {case: worker for case, worker in db.session.execute(query) if worker}
    assert named == {"C0": workers[0].id, "C2": workers[0].id}
    # one email about both
    query_messages = select(Message.address).where(Message.kind == "audited")
    assert db.session.scalars(query_messages).all() == ["wanda.canary@council.example"]


@pytest.mark.parametrize(("cases", "percent", "size"), [(20, 25, 5), (14, 10, 1), (15, 10, 2), (3, 1, 1)])
def test_a_share_is_to_the_nearest_case_and_at_least_one(cases: int, percent: int, size: int) -> None:
    listed = [EarlierCase(ListedCase(f"C{number}", "Crewe"), frozenset()) for number in range(cases)]
    assert EarlierCases(listed, 0).share(percent, 1).size == size
