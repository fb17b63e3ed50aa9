"""Responses that a grade calls for, against rules 11."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.answers import moderation_queue
from app.answers.importing import import_answers
from app.answers.models import Answer, Moderation
from app.answers.moderating import moderate
from app.answers.returning import return_checked
from app.answers.second_look import refuse_to_agree, send_back
from app.answers.side_by_side import moderation_facts
from app.answers.stored_form import form_of
from app.answers.viewing import Change
from app.audit_files.audits import import_audits
from app.audits.models import Audit
from app.audits.standing import standings
from app.concerns import response_queries, responses
from app.concerns.models import CalledResponse
from app.concerns.response_life import asked_of
from app.concerns.response_numbers import NO_RESPONSES, ResponseNumbers, together
from app.database import db, transaction
from app.findings.freezing import findings_of
from app.history import record
from app.outbox.models import Message
from app.people.closures import working_days
from app.people.models import Leave, Person, PersonRole
from app.people.queries import everyone
from app.refusal import NotNow, Refused
from app.reminders.daily_run import run
from app.reminders.day import Day
from app.reminders.ladder_book import ladder_book
from app.reminders.weekly import the_week
from app.tools.models import Question, ScaleResponse, Tool
from app.workers import queries as worker_queries
from app.workers import replies
from tests.factories import a_person, an_audit
from tests.pages import visible

RETURNED_ON = date(2010, 11, 4)  # a Thursday
FIVE_WORKING_DAYS_LATER = date(2010, 11, 11)
CASE_NUMBER = "734512"


@pytest.fixture
def people(people: dict[str, Person]) -> dict[str, Person]:
    """The people around CP-009, whose tool has a grade that calls for a response; a head of service."""
    people["hollis"] = a_person("Hollis Head", roles=["leader"])
    people["mod"] = a_person("Mo Derator", roles=["moderator"])
    people["mia"] = a_person("Mia Moderator", roles=["moderator"])
    tool = db.session.scalars(select(Tool)).one()
    with transaction():
        for place, (response, counts_as) in enumerate(
            (("good", "met"), ("requires improvement", "not met"), ("inadequate", "not met")), start=1
        ):
            tool.responses.append(
                ScaleResponse(scale="grade", position=place, response=response, counts_as=counts_as)
            )
        tool.sections[0].questions += [
            Question(
                position=place,
                key=key,
                key_area=key,
                text=f"Grade of {key}?",
                scale="grade",
                calls_for_response={"response": ["inadequate"], "working_days": working_days},
            )
            for place, (key, working_days) in enumerate((("plan", 10), ("visits", 5)), start=2)
        ]
        audit().cycle.respond_to_id = people["hollis"].id
    return people


def audit() -> Audit:
    return db.session.scalars(select(Audit).where(Audit.reference == "CP-009")).one()


def graded(**grades: str) -> None:
    """Store the answers of CP-009 to its questions, each with a reason."""
    tool = audit().cycle.tool
    ids = {question.key: question.id for question in tool.sections[0].questions}
    responses_of = {row.response: row.id for row in tool.responses if row.scale == "grade"}
    with transaction():
        for key, grade in grades.items():
            stored = db.session.scalars(
                select(Answer).where(Answer.audit_id == audit().id, Answer.question_id == ids[key])
            ).one_or_none()
            if stored is None:
                stored = Answer(audit_id=audit().id, question_id=ids[key], comment="Because of visits")
                db.session.add(stored)
            stored.response_id = responses_of[grade]


def returned(people: dict[str, Person], on: date = RETURNED_ON, **grades: str) -> None:
    """Return CP-009 with these grades, as its lead."""
    graded(**grades)
    form = form_of(audit())
    return_checked("CP-009", people["alison"], on, form.seen, len(form.blanks))


def last() -> CalledResponse:
    found = response_queries.last_of("CP-009")
    assert found is not None
    return found


def written() -> list[str]:
    """Return who was written to about a response, by name."""
    names = dict(db.session.execute(select(Person.id, Person.name)).all())
    rows = db.session.scalars(select(Message).where(Message.kind == "response").order_by(Message.id))
    return [names[row.recipient] for row in rows if row.recipient]


def test_a_return_with_such_grades_calls_for_one_response_with_the_fewest_days(
    people: dict[str, Person],
) -> None:
    returned(people, plan="inadequate", visits="inadequate")
    assert (last().reference, last().due_on) == ("CP-009-P1", FIVE_WORKING_DAYS_LATER)
    assert last().questions == ["plan", "visits"]
    assert written() == ["Mona Reese", "Hollis Head"]


def test_the_email_says_by_when_and_never_the_grade_the_case_or_a_reason(people: dict[str, Person]) -> None:
    returned(people, plan="inadequate", visits="good")
    message = db.session.scalars(select(Message).where(Message.kind == "response")).first()
    assert message is not None
    said = f"{message.subject} {message.text} {message.html}"
    assert "Thursday 18 November 2010" in said  # 10 working days
    for word in ("inadequate", "Grade of", "Because of visits", CASE_NUMBER, "plan"):
        assert word not in said


def test_other_grades_call_for_nothing(people: dict[str, Person]) -> None:
    returned(people, plan="requires improvement", visits="good")
    assert response_queries.last_of("CP-009") is None
    assert written() == []


def test_returns_that_files_bring_call_for_nothing(people: dict[str, Person], tmp_path: Path) -> None:
    audits, answers = tmp_path / "audits.csv", tmp_path / "answers.csv"
    line = f"CP-009,{CASE_NUMBER},{audit().team.name},{RETURNED_ON}"
    audits.write_text(f"reference,case_reference,team,returned_on\n{line}\n", encoding="utf-8")
    answers.write_text(
        "audit_reference,question,response,comment\nCP-009,plan,inadequate,No visits\n", encoding="utf-8"
    )
    for outcome in (import_audits(audits, on=RETURNED_ON, cycle="2010-1"), import_answers(answers)):
        assert (outcome.faults, outcome.added + outcome.changed) == ([], 1)
    assert response_queries.last_of("CP-009") is None
    assert written() == []


def test_a_moderation_can_call_for_it_and_take_it_away(people: dict[str, Person]) -> None:
    returned(people, plan="good", visits="good")
    tool = audit().cycle.tool
    plan = tool.sections[0].questions[1].id
    by_name = {row.response: row.id for row in tool.responses if row.scale == "grade"}
    change = {plan: Change(by_name["inadequate"], "There is no plan")}
    moderate("CP-009", people["mod"], RETURNED_ON, change, read_before_grade=True)
    assert (last().reference, last().questions) == ("CP-009-P1", ["plan"])


def test_a_moderation_that_takes_the_grade_away_ends_it(people: dict[str, Person]) -> None:
    returned(people, plan="inadequate", visits="good")
    tool = audit().cycle.tool
    plan = tool.sections[0].questions[1].id
    good = next(row.id for row in tool.responses if row.response == "good")
    moderate(
        "CP-009", people["mod"], RETURNED_ON, {plan: Change(good, "It is there")}, read_before_grade=True
    )
    assert (last().fell_away_on, last().fell_away_because) == (RETURNED_ON, "the grade was changed")
    with pytest.raises(NotNow, match="no longer needed"):
        responses.answer("CP-009-P1", "Visited", (), None, people["mona"], RETURNED_ON)


def test_sending_back_ends_it_and_the_next_return_calls_for_another(people: dict[str, Person]) -> None:
    returned(people, plan="inadequate", visits="good")
    send_back("CP-009", people["jack"], RETURNED_ON, "Reasons are missing", date(2010, 11, 12))
    assert last().fell_away_because == "the audit was sent back"
    returned(people, date(2010, 11, 8), plan="inadequate", visits="good")
    assert (last().reference, last().due_on) == ("CP-009-P2", date(2010, 11, 22))


def test_one_answers_for_all_and_is_not_asked_again_by_a_moderation_that_agrees(
    people: dict[str, Person],
) -> None:
    returned(people, plan="inadequate", visits="good")
    responses.answer("CP-009-P1", "Visited on 5 November", (), None, people["mona"], date(2010, 11, 5))
    with pytest.raises(NotNow, match="Someone has already answered this"):
        responses.answer("CP-009-P1", "Visited", (), None, people["hollis"], date(2010, 11, 5))
    moderate("CP-009", people["mod"], date(2010, 11, 8), {}, read_before_grade=True)
    assert last().reference == "CP-009-P1"


def test_others_cannot_answer_and_the_case_number_is_refused(people: dict[str, Person]) -> None:
    returned(people, plan="inadequate", visits="good")
    with pytest.raises(Refused, match="Only the people who are asked"):
        responses.answer("CP-009-P1", "Visited", (), None, people["max"], RETURNED_ON)
    with pytest.raises(Refused, match="Remove the case number"):
        responses.answer("CP-009-P1", f"Visited {CASE_NUMBER}", (), None, people["mona"], RETURNED_ON)


def test_a_dispute_is_decided_by_a_moderator_who_took_no_part_and_all_grades_stay(
    people: dict[str, Person],
) -> None:
    returned(people, plan="inadequate", visits="good")
    moderate("CP-009", people["mod"], RETURNED_ON, {}, read_before_grade=True)
    responses.answer("CP-009-P1", "Visited", (), "The plan is in Paris", people["mona"], date(2010, 11, 5))
    tool = audit().cycle.tool
    plan = tool.sections[0].questions[1].id
    improves = next(row.id for row in tool.responses if row.response == "requires improvement")
    changes = {plan: Change(improves, "It is there, and late")}
    with pytest.raises(NotNow, match="someone else must decide"):
        responses.decide("CP-009-P1", "Upheld in part", changes, people["mod"], date(2010, 11, 8))
    responses.decide("CP-009-P1", "Upheld in part", changes, people["mia"], date(2010, 11, 8))
    views = db.session.execute(
        select(Answer.response_id).where(Answer.audit_id == audit().id, Answer.question_id == plan)
    ).scalar_one()
    assert views != improves  # the pair's own grade stays
    assert last().decided_by_id == people["mia"].id


NOBODY: list[str] = []


@pytest.mark.parametrize(
    ("managers", "respond_to", "took_part", "asked"),
    [
        (["mona"], "hollis", [], ["Mona Reese", "Hollis Head"]),
        (["mona"], "mona", [], ["Mona Reese"]),
        (["mona"], None, ["mona"], ["Line Manager"]),
        (["mona"], "hollis", ["mona"], ["Hollis Head"]),
        ([], None, [], ["Cora Lane", "Jack Denny"]),
    ],
)
def test_who_is_asked(
    people: dict[str, Person],
    managers: list[str],
    respond_to: str | None,
    took_part: list[str],
    asked: list[str],
) -> None:
    boss = a_person("Line Manager", roles=["leader"])
    with transaction():
        people["mona"].line_manager_id = boss.id
    facts = everyone()
    if not managers:
        facts = {id_: facts[id_] for id_ in facts if id_ != people["mona"].id}
    named = people[respond_to].id if respond_to else None
    team = audit().team_id
    found = asked_of(team, named, [people[name].id for name in took_part], facts, RETURNED_ON)
    assert [person.name for person in found] == asked


PAGE = "/audits/CP-009/response"


def test_the_page_shows_grade_reason_and_case_to_those_asked_and_nobody_else(
    people: dict[str, Person],
    sign_in: Callable[[Person], FlaskClient],
    clock_at: Callable[[date], None],
) -> None:
    returned(people, plan="inadequate", visits="good")
    clock_at(RETURNED_ON)
    an_audit("CP-010")
    for name, status in (("mona", 200), ("hollis", 200), ("jack", 200), ("mod", 403), ("max", 403)):
        assert sign_in(people[name]).get(PAGE).status_code == status, name
    # a moderator asks for the grades first
    sign_in(people["mod"]).post("/audits/CP-009/moderate/grades", data={"how": "read"})
    assert sign_in(people["mod"]).get(PAGE).status_code == 200
    page = sign_in(people["mona"]).get(PAGE).get_data(as_text=True)
    for words in ("Grade of plan?", "Inadequate", "Because of visits", CASE_NUMBER):
        assert words in page
    # the grades that called for it come first
    assert page.index("Grade of plan?") < page.index("Grade of visits?")
    assert "Is there evidence?" not in page
    assert sign_in(people["mona"]).get("/audits/CP-010/response").status_code == 403
    answered = sign_in(people["mona"]).post(PAGE, data={"done": "Visited on 5 November", "version": "1"})
    assert answered.status_code == 302
    assert "Visited on 5 November" in sign_in(people["jack"]).get(PAGE).get_data(as_text=True)
    clock_at(date(2010, 12, 2))
    assert CASE_NUMBER in sign_in(people["mona"]).get(PAGE).get_data(as_text=True)
    clock_at(date(2010, 12, 3))  # 20 working days after
    assert CASE_NUMBER not in sign_in(people["mona"]).get(PAGE).get_data(as_text=True)
    assert CASE_NUMBER in sign_in(people["jack"]).get(PAGE).get_data(as_text=True)


def told(on: date) -> list[tuple[str, str, str]]:
    """Run the day and return who was told of the response: the address, the kind and the step."""
    outcome = run(on)
    return [
        (message.to.split("@")[0], message.kind, item.step)
        for message in outcome.messages
        for item in message.items
        if item.item.startswith("CP-009-P")
    ]


def test_the_ladder_of_a_response_goes_to_those_asked_then_to_whom_the_cycle_names(
    people: dict[str, Person],
) -> None:
    returned(people, plan="good", visits="inadequate")
    days = {day: told(date(2010, 11, day)) for day in (10, 11, 12, 15, 16, 17, 18, 19)}
    asked = [("hollis.head", "digest"), ("mona.reese", "digest")]
    assert days[10] == []
    assert sorted(days[11]) == [(*who, "due-today") for who in asked]
    assert sorted(days[12]) == [(*who, "overdue") for who in asked]
    assert days[15] == []
    assert days[16] == [("hollis.head", "manager", "overdue-manager")]
    assert days[17] == []
    assert sorted(days[18]) == [
        ("cora.lane", "calls", "phone-call"),
        ("jack.denny", "calls", "phone-call"),
    ]
    assert days[19] == []


def test_nobody_is_reminded_once_it_is_answered_and_a_reminder_says_no_grade(
    people: dict[str, Person],
) -> None:
    returned(people, plan="good", visits="inadequate")
    assert told(FIVE_WORKING_DAYS_LATER)
    digest = db.session.scalars(select(Message).where(Message.kind == "digest")).first()
    assert digest is not None
    text = digest.text or ""
    assert "/audits/CP-009/response" in text
    for word in ("inadequate", "visits", CASE_NUMBER):
        assert word not in text
    responses.answer("CP-009-P1", "Visited", (), None, people["mona"], FIVE_WORKING_DAYS_LATER)
    assert told(date(2010, 11, 12)) == []


def test_where_the_cycle_names_nobody_the_line_managers_are_told(people: dict[str, Person]) -> None:
    with transaction():
        audit().cycle.respond_to_id = None
        people["mona"].line_manager_id = people["hollis"].id
    returned(people, plan="good", visits="inadequate")
    assert sorted(told(date(2010, 11, 16))) == [
        ("hollis.head", "manager", "overdue-manager"),
        ("mona.reese", "digest", "overdue"),
    ]


def test_findings_say_how_many_were_called_for_and_answered_in_time(people: dict[str, Person]) -> None:
    returned(people, plan="good", visits="inadequate")
    cycle, due = audit().cycle, FIVE_WORKING_DAYS_LATER

    def numbers(on: date) -> tuple[int, int]:
        found = findings_of(cycle, on)
        return found.responses.called_for, found.responses.in_time

    assert numbers(due) == (1, 0)
    responses.answer("CP-009-P1", "Visited", (), None, people["mona"], due)
    assert (numbers(RETURNED_ON), numbers(due)) == ((1, 0), (1, 1))


def test_what_is_not_due_yet_is_no_delay_and_disputes_are_counted_by_day(people: dict[str, Person]) -> None:
    returned(people, plan="good", visits="inadequate")
    cycle, due = audit().cycle, FIVE_WORKING_DAYS_LATER
    late = due + timedelta(days=1)

    def numbers(on: date) -> ResponseNumbers:
        return findings_of(cycle, on).responses

    assert (numbers(due), numbers(late)) == (ResponseNumbers(1, 0, 1), ResponseNumbers(1))
    responses.answer("CP-009-P1", "Visited", (), "It is in Paris", people["mona"], RETURNED_ON)
    responses.decide("CP-009-P1", "Upheld", {}, people["mod"], due)
    assert numbers(RETURNED_ON) == ResponseNumbers(1, 1, 0, 1, 0, 1)
    assert numbers(due) == ResponseNumbers(1, 1, 0, 1)
    of_day = response_queries.numbers_of([cycle.id], RETURNED_ON, done_by=RETURNED_ON - timedelta(days=1))
    assert of_day == {cycle.id: ResponseNumbers(1, 0, 1)}


@pytest.mark.parametrize(
    ("numbers", "responses_said", "disputes_said"),
    [
        (NO_RESPONSES, None, None),
        (ResponseNumbers(14, 11), "14 audits called for a response; 11 had one in time.", None),
        (
            ResponseNumbers(3, 0, 3, 2, 0, 1),
            "3 audits called for a response; 0 had one in time and 3 are not due yet.",
            "The grades of 2 audits were disputed; none was changed and 1 is not decided yet.",
        ),
        (
            ResponseNumbers(1, 0, 1, 3, 1),
            "1 audit called for a response; 0 had one in time and 1 is not due yet.",
            "The grades of 3 audits were disputed; 1 was changed.",
        ),
        (
            together([ResponseNumbers(1, 1, 0, 1, 1), ResponseNumbers(2, 0, 1, 1, 1)]),
            "3 audits called for a response; 1 had one in time and 1 is not due yet.",
            "The grades of 2 audits were disputed; 2 were changed.",
        ),
    ],
)
def test_the_numbers_of_responses_are_told_in_sentences(
    numbers: ResponseNumbers, responses_said: str | None, disputes_said: str | None
) -> None:
    assert (numbers.in_words, numbers.disputes_in_words) == (responses_said, disputes_said)


SEES_ALL = ("Because of visits", CASE_NUMBER)
READERS_OF_A_RESPONSE = {
    # in this order: the response's page, grades and case number on it, the decision on a dispute
    "mona": (200, True, 403),  # manages the case's team
    "hollis": (200, True, 403),  # the cycle names them
    "dee": (200, True, 403),  # stands in for Mona
    "jack": (200, True, 403),  # coordinator
    "alison": (200, True, 403),  # lead auditor
    "imogen": (200, True, 403),  # second auditor
    "mod": (403, False, 200),  # moderator, who has yet to ask for the grades
    "boss": (403, False, 403),  # Mona's line manager, where the cycle names somebody
    "max": (403, False, 403),  # manages another team
    "gwen": (403, False, 403),  # another auditor
    "lee": (403, False, 403),  # leader
    "pat": (403, False, 403),  # practitioner of the team
    "ada": (403, False, 403),  # administrator
    "clo": (200, False, 403),  # stands in for a coordinator: the state alone
}


def test_who_reads_a_response(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    people["dee"] = a_person("Dee Puty", roles=["manager"], team="Crewe")
    people["boss"] = a_person("Line Manager", roles=["manager"], team="Crewe")
    people["lee"] = a_person("Lee Der", roles=["leader"])
    people["pat"] = a_person("Pat Worker", roles=["practitioner"], team="Nantwich")
    people["ada"] = a_person("Ada Min", roles=["administrator"])
    people["clo"] = a_person("Clo Deputy", roles=["auditor"])
    with transaction():
        mona, cora = people["mona"], people["cora"]
        mona.line_manager_id = people["boss"].id
        for away, deputy in ((mona, "dee"), (cora, "clo")):
            away.leave.append(Leave(from_on=RETURNED_ON, to_on=RETURNED_ON, deputy_id=people[deputy].id))
    returned(people, plan="inadequate", visits="good")
    assert written() == ["Mona Reese", "Hollis Head", "Dee Puty"]  # leave holds nothing back
    clock_at(RETURNED_ON)
    found = {}
    for name in READERS_OF_A_RESPONSE:
        browser = sign_in(people[name])
        page = browser.get(PAGE)
        sees = [words in page.get_data(as_text=True) for words in SEES_ALL]
        assert sees in ([True, True], [False, False]), name
        found[name] = (page.status_code, sees[0], browser.get(PAGE + "/dispute").status_code)
    assert found == READERS_OF_A_RESPONSE


def test_the_line_manager_who_is_told_sees_the_state_alone(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    with transaction():
        audit().cycle.respond_to_id = None
        people["mona"].line_manager_id = people["max"].id
    returned(people, plan="good", visits="inadequate")
    clock_at(date(2010, 11, 16))
    browser = sign_in(people["max"])
    assert "Overdue responses to help with" in browser.get("/").get_data(as_text=True)
    page = browser.get(PAGE).get_data(as_text=True)
    assert "Overdue by 3 working days" in page
    assert "Mona Reese" in page
    for words in (*SEES_ALL, "Grade of", "Your response", "History"):
        assert words not in page
    assert browser.post(PAGE, data={"done": "Visited", "version": "1"}).status_code == 422


def test_a_deputy_answers_for_one_who_is_away_unless_they_took_part(people: dict[str, Person]) -> None:
    with transaction():
        leave = Leave(from_on=RETURNED_ON, to_on=RETURNED_ON, deputy_id=people["gwen"].id)
        people["mona"].leave.append(leave)
        other = Leave(from_on=RETURNED_ON, to_on=RETURNED_ON, deputy_id=people["alison"].id)
        people["hollis"].leave.append(other)
    returned(people, plan="good", visits="inadequate")
    assert written() == ["Mona Reese", "Hollis Head", "Gwen Tattersall"]
    with pytest.raises(Refused, match="Only the people who are asked"):
        responses.answer("CP-009-P1", "Visited", (), None, people["alison"], RETURNED_ON)
    responses.answer("CP-009-P1", "Visited", (), None, people["gwen"], RETURNED_ON)
    assert last().answered_by_id == people["gwen"].id


def test_the_worker_of_the_case_decides_no_dispute_about_it(people: dict[str, Person]) -> None:
    with transaction():
        audit().worker_id = people["mod"].id
    returned(people, plan="good", visits="inadequate")
    responses.answer("CP-009-P1", "Visited", (), "It is in Paris", people["mona"], RETURNED_ON)
    with pytest.raises(NotNow, match="You are the worker of this case, so someone else must decide"):
        responses.decide("CP-009-P1", "Upheld", {}, people["mod"], RETURNED_ON)


def test_nobody_decides_about_their_own_dispute_or_while_there_is_no_grade(people: dict[str, Person]) -> None:
    with transaction():
        people["mona"].roles.append(PersonRole(name="moderator"))
    returned(people, plan="good", visits="inadequate")
    responses.answer("CP-009-P1", "Visited", (), "It is in Paris", people["mona"], RETURNED_ON)
    with pytest.raises(NotNow, match="You disputed the grade"):
        responses.decide("CP-009-P1", "Upheld", {}, people["mona"], RETURNED_ON)
    send_back("CP-009", people["jack"], RETURNED_ON, "Reasons are missing", date(2010, 11, 12))
    with pytest.raises(NotNow, match="The audit was sent back"):
        responses.decide("CP-009-P1", "Upheld", {}, people["mod"], RETURNED_ON)
    assert [called.reference for called in response_queries.disputed()] == ["CP-009-P1"]
    returned(people, date(2010, 11, 8), plan="good", visits="inadequate")
    assert response_queries.disputed() == []  # the new return calls for a response of its own
    found = findings_of(audit().cycle, date(2010, 11, 8))
    assert (found.responses.called_for, found.responses.in_time) == (1, 0)


def test_nothing_of_a_draft_is_shown_to_those_asked(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    returned(people, plan="inadequate", visits="good")
    send_back("CP-009", people["jack"], RETURNED_ON, "Reasons are missing", date(2010, 11, 12))
    clock_at(RETURNED_ON)
    page = sign_in(people["mona"]).get(PAGE).get_data(as_text=True)
    for words in (*SEES_ALL, "Grade of"):
        assert words not in page


def test_the_moderation_queue_takes_every_audit_that_calls_for_a_response(people: dict[str, Person]) -> None:
    tool = audit().cycle.tool
    with transaction():
        tool.overall = "visits"
        audit().cycle.moderated_share = 0
    returned(people, plan="inadequate", visits="requires improvement")
    [waiting] = moderation_queue.queue(standings(RETURNED_ON, working_days()))
    assert (waiting.reference, waiting.because) == ("CP-009", "response")


@pytest.mark.parametrize(("in_product", "because"), [(True, "lowest"), (False, "by hand")])
def test_a_moderation_keeps_why_its_audit_was_read(
    people: dict[str, Person], in_product: bool, because: str
) -> None:
    with transaction():
        audit().cycle.tool.overall = "visits"
        audit().cycle.moderated_share = 0
    returned(people, plan="inadequate", visits="requires improvement")
    with transaction():
        audit().returned_in_product = in_product
    moderate("CP-009", people["mod"], RETURNED_ON, {}, read_before_grade=True)
    assert db.session.scalars(select(Moderation.chosen_because)).one() == because


def test_the_weekly_message_and_the_calls_count_responses(people: dict[str, Person]) -> None:
    returned(people, plan="good", visits="inadequate")
    for on, calls in ((date(2010, 11, 17), 0), (date(2010, 11, 18), 1)):
        day = Day(on, 0, working_days(), everyone(), ladder_book())
        assert [of_cycle.calls for of_cycle in the_week(day).cycles] == [calls]


def test_a_changed_ladder_of_responses_holds_from_the_next_run(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient]
) -> None:
    returned(people, plan="good", visits="inadequate")
    browser = sign_in(people["jack"])
    page = browser.get("/settings/ladders/response")
    assert page.status_code == 200
    assert "The people who are asked" in page.get_data(as_text=True)
    changed = {
        "due-today-days": "-1",
        "due-today-to": "asked",
        "overdue-days": "",
        "overdue-manager-days": "2",
        "overdue-manager-to": "respond_to",
        "phone-call-days": "4",
        "phone-call-to": "coordinators",
    }
    saved = browser.post("/settings/ladders/response", data=changed)
    assert saved.status_code == 302, saved.get_data(as_text=True)
    assert sorted(told(date(2010, 11, 10))) == [
        ("hollis.head", "digest", "due-today"),
        ("mona.reese", "digest", "due-today"),
    ]
    assert told(date(2010, 11, 15)) == [("hollis.head", "manager", "overdue-manager")]


def test_what_was_typed_too_late_is_shown(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    returned(people, plan="good", visits="inadequate")
    clock_at(RETURNED_ON)
    browser = sign_in(people["hollis"])
    responses.answer("CP-009-P1", "Visited", (), None, people["mona"], RETURNED_ON)
    typed = {"done": "I went there", "dispute": "It is in Paris", "version": "1"}
    answer = browser.post(PAGE, data=typed)
    page = visible(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "Someone has already answered this" in page
    assert "What you entered" in page
    for words in ("I went there", "It is in Paris"):
        assert words in page
    assert "What you entered" not in visible(browser.get(PAGE).get_data(as_text=True))


def test_what_was_typed_by_somebody_not_asked_any_more_is_shown(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    returned(people, plan="good", visits="inadequate")
    clock_at(RETURNED_ON)
    answer = sign_in(people["jack"]).post(PAGE, data={"done": "I went there", "version": "1"})
    page = visible(answer.get_data(as_text=True))
    assert "Only the people who are asked can answer this" in page
    assert "I went there" in page


def test_who_disputed_a_grade_finds_the_decision_from_their_first_page(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    returned(people, plan="good", visits="inadequate")
    responses.answer("CP-009-P1", "Visited", (), "It is in Paris", people["mona"], RETURNED_ON)
    responses.decide("CP-009-P1", "It was not there", {}, people["mod"], RETURNED_ON)
    clock_at(RETURNED_ON)
    mona = sign_in(people["mona"])
    first_page = mona.get("/").get_data(as_text=True)
    assert "There is a decision about the dispute." in visible(first_page)
    assert f'href="{PAGE}"' in first_page
    assert "It was not there" in visible(mona.get(PAGE).get_data(as_text=True))


def test_the_audits_history_says_that_it_was_answered_and_disputed(people: dict[str, Person]) -> None:
    returned(people, plan="good", visits="inadequate")
    responses.answer("CP-009-P1", "Visited", (), "It is in Paris", people["mona"], RETURNED_ON)
    responses.decide("CP-009-P1", "Kept", {}, people["mod"], RETURNED_ON)
    told = [(line.what, line.after) for line in record.of("audit", "CP-009")]
    for line in (
        ("response asked for", "CP-009-P1"),
        ("response answered", "grade disputed"),
        ("dispute decided", "grade kept"),
    ):
        assert line in told


def test_a_decided_dispute_counts_like_a_moderation(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    """A reply goes to moderators, one that waits too; the auditors overrule nobody; its decider took part."""
    clock_at(RETURNED_ON)
    people["wanda"] = a_person("Wanda Canary", roles=["practitioner"])
    with transaction():
        audit().worker_id = people["wanda"].id
        audit().cycle.workers = "may reply"
        audit().cycle.tool.overall = "visits"
    returned(people, plan="good", visits="inadequate")
    replies.reply("CP-009-W1", "I went there", people["wanda"], RETURNED_ON)
    responses.answer("CP-009-P1", "Visited", (), "It is in Paris", people["mona"], RETURNED_ON)
    reply = worker_queries.last_of(audit().id)
    assert reply is not None
    assert worker_queries.refuse_decision_of(reply, people["alison"], RETURNED_ON) is None
    assert replied_to(people) == ["Alison Hartley", "Imogen Sayle"]
    responses.decide("CP-009-P1", "Kept", {}, people["mod"], RETURNED_ON)
    refused = worker_queries.refuse_decision_of(reply, people["alison"], RETURNED_ON)
    assert refused == "A moderator has decided about this audit, so a moderator must decide this"
    assert sorted(replied_to(people)[2:]) == ["Mia Moderator", "Mo Derator"]
    assert "A moderator decided the dispute" in str(refuse_to_agree(audit(), RETURNED_ON))
    # whoever decided it does not moderate it; another may
    at = standings(RETURNED_ON, working_days())
    for name, waiting in (("mod", []), ("mia", ["CP-009"])):
        assert [each.reference for each in moderation_queue.queue(at, moderator=people[name])] == waiting
    page = sign_in(people["mod"]).get("/audits/CP-009/moderate").get_data(as_text=True)
    assert "You decided the dispute about this audit, so someone else must moderate it" in page
    assert (
        "CP-009"
        not in visible(sign_in(people["mod"]).get("/moderation").get_data(as_text=True)).split(
            "Workers’ replies to decide"
        )[0]
    )
    with pytest.raises(NotNow, match="You decided the dispute"):
        moderate("CP-009", people["mod"], RETURNED_ON, {}, read_before_grade=True)
    moderate("CP-009", people["mia"], RETURNED_ON, {}, read_before_grade=True)


def test_sending_back_ends_a_decided_dispute(people: dict[str, Person]) -> None:
    returned(people, plan="good", visits="inadequate")
    responses.answer("CP-009-P1", "Visited", (), "It is in Paris", people["mona"], RETURNED_ON)
    responses.decide("CP-009-P1", "Kept", {}, people["mod"], RETURNED_ON)
    assert set(moderation_facts(audit()).disputes_decided) == {people["mod"].id}
    send_back("CP-009", people["jack"], date(2010, 11, 5), "Reasons are missing", date(2010, 11, 12))
    returned(people, date(2010, 11, 8), plan="good", visits="good")
    assert moderation_facts(audit()).disputes_decided == {}


def replied_to(people: dict[str, Person]) -> list[str]:
    """Return who was told of a worker's reply, by name, in order."""
    names = {person.id: person.name for person in people.values()}
    rows = db.session.scalars(select(Message).where(Message.kind == "replied").order_by(Message.id))
    return [names[row.recipient] for row in rows if row.recipient]


def test_who_can_decide_a_dispute_is_said_to_those_who_may_and_to_coordinators(
    people: dict[str, Person], sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(RETURNED_ON)
    returned(people, plan="good", visits="inadequate")

    def page(name: str, address: str = PAGE) -> str:
        return visible(sign_in(people[name]).get(address).get_data(as_text=True))

    assert "If you dispute the grade: Mia Moderator or Mo Derator can decide" in page("mona")
    with transaction():
        for name in ("mia", "mod"):
            db.session.merge(people[name]).leaving_on = date(2010, 11, 3)
    nobody = "No moderator can decide this yet: no one has the moderator role"
    assert f"If you dispute the grade: {nobody}" in page("mona")
    assert "Disputed grades without a decision" not in page("jack", "/")
    with transaction():
        db.session.merge(people["mod"]).leaving_on = None
    moderate("CP-009", people["mod"], RETURNED_ON, {}, read_before_grade=True)
    nobody = "No moderator can decide this yet: every moderator audited or moderated this case"
    assert f"If you dispute the grade: {nobody}" in page("mona")
    sent = {"done": "Visited", "dispute": "It is in Paris", "version": str(last().version)}
    assert sign_in(people["mona"]).post(PAGE, data=sent).status_code == 302
    answered = page("mona")
    assert f"Response saved. The grade is disputed. {nobody}" in answered
    assert f"Waiting for a decision. {nobody}" in answered
    clock_at(date(2010, 11, 8))
    assert "Disputed grades without a decision Disputed grades without a decision" in page("jack", "/")
    assert f"CP-009 Thu 4 Nov 2010 2 working days {nobody}" in page("jack", "/")
    with transaction():
        db.session.merge(people["mia"]).leaving_on = None
    assert "Waiting for a decision. Mia Moderator can decide" in page("mona")
    assert "CP-009 Thu 4 Nov 2010 2 working days Mia Moderator can decide" in page("jack", "/")
    closing = page("jack", "/cycles/2010-1/close")
    assert "1 disputed grade without a decision: a moderator can still answer" in closing
    responses.decide("CP-009-P1", "Kept", {}, people["mia"], RETURNED_ON)
    assert "Disputed grades without a decision" not in page("jack", "/")
    assert "disputed grade" not in page("jack", "/cycles/2010-1/close")
