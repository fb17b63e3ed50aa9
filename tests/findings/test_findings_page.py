"""The page of what a cycle found: for leaders and managers, with more on it for coordinators."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.answers.models import Answer, FormNote
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.findings.freezing import freeze_closed
from app.people.models import Person
from app.reports.making import report_of
from app.reports.paper import Audience
from app.tools.models import Question, ScaleResponse
from tests.factories import a_cycle, a_person, an_audit
from tests.findings.conftest import Import, taken_in
from tests.pages import opened, visible
from tests.reports.cases import text

SignIn = Callable[[Person], FlaskClient]

FINDINGS = "/cycles/2010-1/findings"
COMMENTS = f"{FINDINGS}/comments"


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(date(2011, 1, 10))


@pytest.fixture
def leader(sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Harriet Somebody", roles=["leader"]))


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    return sign_in(a_person("Jack Somebody", roles=["coordinator"]))


def rows_of(page: str, about: str) -> list[list[str]]:
    """The cells of the table with that caption, row by row, in their visible words."""
    table = re.search(rf"<caption[^>]*>{about}</caption>.*?</table>", page, re.DOTALL)
    assert table is not None
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table[0], re.DOTALL)
    return [
        [visible(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows
    ]


def test_the_first_cycle_has_its_figures_with_counts_and_ranges(
    first_cycle: None, leader: FlaskClient
) -> None:
    rows = rows_of(opened(leader, FINDINGS), "Key areas")[1:]
    assert [row[1] for row in rows] == [
        "15 of 25 (60%) 41% to 77%",
        "13 of 26 (50%) 32% to 68%",
        "5 of 9",
        "15 of 25 (60%) 41% to 77%",
        "15 of 25 (60%) 41% to 77%",
        "12 of 25 (48%) 30% to 67%",
        "12 of 25 (48%) 30% to 67%",
        "16 of 23 (70%) 49% to 84%",
    ]
    assert rows[2][2] == "Result not shown: answered in 9 of 26 audits where it applied"
    the_others = "Adequate 8 (32%, 17% to 52%) Inadequate 2 (8%, 2% to 25%)"
    assert [row[3:] for row in rows][:3] == [
        [
            f"Outstanding 1 (4%, 1% to 20%) Good 14 (56%, 37% to 73%) {the_others}",
            "1",
            "0",
        ],
        ["Yes 13, no 13", "0", "0"],
        ["Yes 5, no 4", "0", "17"],
    ]


def test_returns_cautions_and_what_is_below_half_are_told(first_cycle: None, leader: FlaskClient) -> None:
    words = visible(opened(leader, FINDINGS))
    assert (
        "26 of 29 (90%) returned. Of 29 requested audits, 26 were returned, 3 were not returned and 0 "
        "were withdrawn." in words
    )
    assert "Reasons for not returning: different reasons." in words
    assert "It is not known how the cases were chosen." in words
    assert "This is the first cycle in this service, so it is the baseline" in words
    assert (
        "Below 50%: Complaints information made available for families (48%), Involvement of parents and "
        "child at initial assessment (48%)." in words
    )
    assert "improve" not in words
    assert "expected" not in words


def test_highest_first_leaves_ties_tied_and_what_has_no_figure_last(
    first_cycle: None, leader: FlaskClient
) -> None:
    rows = rows_of(opened(leader, f"{FINDINGS}?order=ranked"), "Key areas")[1:]
    assert [row[0] for row in rows] == ["1", "2=", "2=", "2=", "5", "6=", "6=", "–"]
    assert rows[0][1] == "Supervision notes evident on the case record"
    assert rows[-1][1] == "Gatekeeping and decision making on file"


def test_an_expected_level_is_a_word_beside_the_area(first_cycle: None, leader: FlaskClient) -> None:
    with transaction():
        for key, level in (("core_groups_quality", 60), ("supervision_notes", 80), ("gatekeeping", 90)):
            db.session.query(Question).filter_by(key=key).one().expected_level = level
    page = opened(leader, FINDINGS)
    names = [row[0] for row in rows_of(page, "Key areas")]
    assert "Core groups held regularly and judged of good quality Met expected 60%" in names
    assert "Supervision notes evident on the case record Below expected 80%" in names
    assert "Gatekeeping and decision making on file" in names  # no figure is neither
    assert (
        "Outside the expected level: Supervision notes evident on the case record, 16 of 23 (70%), "
        "expected at least 80%." in visible(page)
    )


def test_a_theme_is_told_where_all_areas_below_half_share_it(first_cycle: None, leader: FlaskClient) -> None:
    both = "Both areas below half are about families."

    def themes(**of: str) -> None:
        with transaction():
            for key, theme in of.items():
                db.session.query(Question).filter_by(key=key).one().theme = theme

    themes(complaints_information="families", involvement_initial_assessment="families")
    assert f"(48%). {both}" in visible(opened(leader, FINDINGS))
    cycle = db.session.query(Cycle).one()
    assert text(report_of(cycle, Audience.COUNCIL, date(2010, 12, 22), None)).count(both) == 1
    # a third area below half of another theme
    third = db.session.query(Question).filter_by(key="core_groups_quality").one().id
    with transaction():
        adequate = db.session.query(ScaleResponse).filter_by(response="adequate").one().id
        db.session.query(Answer).filter_by(question_id=third).update({"response_id": adequate})
    themes(core_groups_quality="plans")
    assert "areas below half are about" not in visible(opened(leader, FINDINGS))


def test_small_numbers_are_hidden_by_place_team_and_context(first_cycle: None, leader: FlaskClient) -> None:
    page = opened(leader, FINDINGS)
    rows = {row[0]: row[1:] for row in rows_of(page, "Where the evidence was found, by key area")}
    assert rows["Key area"] == ["ICS", "Paper file", "Paris", "Supervision file"]
    assert rows["Supervision notes evident on the case record"] == ["0", "9", "hidden", "hidden"]
    assert rows["Gatekeeping and decision making on file"][:3] == ["hidden"] * 3
    words = visible(page)
    assert "Crewe (hidden)" in words
    assert (
        "Context is what was happening around the cases. Do not treat it as the cause of a result." in words
    )
    assert "in too few cases: change of social worker, change of team manager, social worker vacancy" in words


def test_what_is_hidden_follows_the_setting_of_the_cycle(first_cycle: None, leader: FlaskClient) -> None:
    cycle = a_cycle()
    with transaction():
        cycle.hide_up_to = 0
    words = visible(opened(leader, FINDINGS))
    assert "hidden" not in words
    assert "Social worker vacancy: 3 of 26 cases" in words


@pytest.mark.parametrize("role", ["leader", "manager"])
def test_what_auditors_wrote_is_for_coordinators_alone(first_cycle: None, sign_in: SignIn, role: str) -> None:
    client = sign_in(a_person(roles=[role]))
    assert "What auditors wrote" not in visible(opened(client, FINDINGS))
    assert client.get(COMMENTS).status_code == 403


def test_a_coordinator_reads_the_comments_by_question_without_case_numbers(
    first_cycle: None, answers: Import, coordinator: FlaskClient
) -> None:
    number = db.session.query(Audit.case_reference).filter_by(reference="CP-002").scalar()
    taken_in(answers("CP-002,child_seen,yes,ICS,Seen twice at home"))
    with transaction():  # an import refuses it; words typed in before that was so may hold it
        db.session.execute(
            db.text("update answers set comment = :words where comment = 'Seen twice at home'"),
            {"words": f"Seen twice; {number} has the note"},
        )
    assert "Child seen at point of core assessment: " in visible(opened(coordinator, COMMENTS))
    page = visible(opened(coordinator, f"{COMMENTS}?question=child_seen"))
    assert "CP-002, yes Seen twice; [case number] has the note" in page
    assert number not in page
    assert coordinator.get(f"{COMMENTS}?question=none").status_code == 404
    assert coordinator.get(f"{COMMENTS}?question=child_seen&page=9").status_code == 404


def test_examples_of_good_work_are_named_by_the_audit_and_why(
    first_cycle: None, coordinator: FlaskClient
) -> None:
    # files cannot nominate
    assert "nominated" not in visible(opened(coordinator, FINDINGS))
    audits = db.session.query(Audit).filter(Audit.reference.in_(("CP-003", "CP-009"))).all()
    because = {audit.id: f"The plan says what {audit.case_reference} asked for" for audit in audits}
    with transaction():
        db.session.add_all(FormNote(audit_id=id_, exemplar_because=why) for id_, why in because.items())
    words = visible(opened(coordinator, FINDINGS))
    assert "CP-003: The plan says what [case number] asked for" in words
    assert "CP-009:" not in words  # it was not returned


def test_an_open_cycle_says_that_its_figures_will_change(leader: FlaskClient) -> None:
    an_audit(returned_on=date(2010, 11, 1))
    an_audit()
    words = visible(opened(leader, FINDINGS))
    assert "Figures as of 10 January 2011. 1 audit is still open, so the figures will change." in words
    assert "1 of 2 (50%) returned." in words


def test_a_cycle_without_returns_says_so_and_shows_no_table(leader: FlaskClient) -> None:
    an_audit()
    page = opened(leader, FINDINGS)
    assert "No returned audits count yet, so there are no figures." in visible(page)
    assert "<table" not in page


def test_the_page_is_reached_from_the_cycle_the_list_and_a_leaders_first_page(
    first_cycle: None, leader: FlaskClient
) -> None:
    freeze_closed(date(2010, 12, 22))
    for address in ("/cycles/2010-1", "/cycles", "/"):
        assert f'href="{FINDINGS}"' in opened(leader, address)


def test_an_unknown_cycle_is_not_found(leader: FlaskClient) -> None:
    assert leader.get("/cycles/none/findings").status_code == 404


def test_the_findings_of_an_earlier_day_say_so_and_every_link_keeps_it(
    first_cycle: None, coordinator: FlaskClient
) -> None:
    page = opened(coordinator, f"{FINDINGS}?on=5&on=11&on=2010&order=ranked")
    said = visible(page)
    assert (
        "These are the findings as of 5 November 2010. Nothing that happened after that date is in them."
        in said
    )
    assert "still open on that date" in said
    assert "so the figures will change" not in said
    assert "<title>Findings of cycle 2010-1 as of 5 November 2010" in page
    dated = {
        f"{FINDINGS}?on=2010-11-05",
        f"{COMMENTS}?on=2010-11-05",
        "/cycles/2010-1/compared?on=2010-11-05",
        "/cycles/2010-1/report?on=2010-11-05",
    }
    links = set(re.findall(r'href="(/cycles/2010-1/[^"]*)"', page))
    assert links == dated | {FINDINGS}
    assert 'name="order" value="ranked"' in page
    for address in dated:
        assert "5 November 2010" in visible(opened(coordinator, address))
    page = opened(coordinator, f"{COMMENTS}?on=2010-11-05")
    assert all("on=2010-11-05" in link for link in re.findall(r'href="(/cycles/2010-1/[^"]*)"', page))


def test_without_a_date_the_findings_are_those_of_today(first_cycle: None, leader: FlaskClient) -> None:
    for asked in ("", "?on=", "?on=&on=&on="):
        page = opened(leader, f"{FINDINGS}{asked}")
        assert "These are the findings as of" not in page
        assert "Figures as of 10 January 2011." in visible(page)


@pytest.mark.parametrize("asked", ["on=2010-11-31", "on=31&on=11&on=2010", "on=now"])
def test_findings_of_what_is_no_date_are_an_error(first_cycle: None, leader: FlaskClient, asked: str) -> None:
    answer = leader.get(f"{FINDINGS}?{asked}")
    assert answer.status_code == 422
    assert "Date must be a real date, such as 27 3 2027" in visible(answer.get_data(as_text=True))
    assert leader.get(f"/cycles/2010-1/compared?{asked}").status_code == 404
