"""The report in the product: written, made final, corrected, handed out."""

import html
import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import select

from app.actions.moves import raise_action
from app.answers.models import Answer
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.database import db, transaction
from app.findings.freezing import keep
from app.history import record
from app.history.models import HistoryRow
from app.identifying.known_numbers import CASE_NUMBER
from app.people.models import Person
from app.reports.models import FinalReport
from app.tools.models import Question
from tests.factories import a_person, a_team, an_audit
from tests.findings.asked_cycles import a_cycle_that_found, a_tool_asking
from tests.pages import opened, visible
from tests.reports import word_files

SignIn = Callable[[Person], FlaskClient]
ON = date(2010, 12, 20)
PAGE = "/cycles/2010-1/report"
FINAL = f"{PAGE}/final?for=council"


@pytest.fixture(autouse=True)
def the_day(clock_at: Callable[[date], None]) -> None:
    clock_at(ON)


@pytest.fixture
def cycle() -> Cycle:
    tool = a_tool_asking("child_seen", "complaints")
    found = {"child_seen": (15, 10), "complaints": (12, 13)}
    cycle = a_cycle_that_found("2010-1", tool, date(2010, 10, 4), found)
    with transaction():
        cycle.frozen_on = ON
        keep(cycle)
    return cycle


@pytest.fixture
def coordinator(sign_in: SignIn, cycle: Cycle) -> FlaskClient:
    return sign_in(a_person("Jack Denny", roles=["coordinator"]))


def write(client: FlaskClient, text: str, seen: int = 0, **more: str) -> tuple[int, str]:
    data = {"text": text, "seen": str(seen), **more}
    answer = client.post(f"{PAGE}/write/findings", data=data)
    return answer.status_code, visible(answer.get_data(as_text=True))


def make_final(client: FlaskClient, seen: int = 0, because: str = "") -> tuple[int, str]:
    answer = client.post(FINAL, data={"version": str(seen), "because": because}, follow_redirects=True)
    return answer.status_code, visible(answer.get_data(as_text=True))


def finals() -> list[FinalReport]:
    db.session.rollback()
    return db.session.query(FinalReport).order_by(FinalReport.number).all()


def test_what_the_analyst_writes_is_in_its_section_and_the_draft_counts_those_still_to_write(
    coordinator: FlaskClient,
) -> None:
    assert visible(opened(coordinator, PAGE)).count("2 sections are not written yet.") == 1
    assert write(coordinator, "Complaints information stands out.\n\nSo does nothing else.")[0] == 302
    page = visible(opened(coordinator, PAGE))
    assert "Complaints information stands out." in page
    assert page.count("2 sections are not written yet.") == 1
    assert next(row.what for row in record.of("cycle", "2010-1")) == "report written"
    assert not any("stands out" in str(row.after) for row in record.of("cycle", "2010-1"))
    write(coordinator, "", seen=1)
    assert visible(opened(coordinator, PAGE)).count("2 sections are not written yet.") == 1


def test_author_contact_and_marking_are_written_for_one_report_and_stand_on_its_pages(
    coordinator: FlaskClient, cycle: Cycle
) -> None:
    head = f"{PAGE}/head"
    an_audit("CP-X", cycle=cycle, case_reference="700123")
    form = opened(coordinator, head)
    assert 'value="OFFICIAL-SENSITIVE"' in form
    data = {"author": "Safeguarding Unit", "contact": "01270 000000", "marking": "OFFICIAL"}
    page = visible(coordinator.post(head, data=data, follow_redirects=True).get_data(as_text=True))
    assert "Author and protective marking saved" in page
    assert "OFFICIAL · Safeguarding Unit, 01270 000000" in page
    assert "OFFICIAL-SENSITIVE" in visible(opened(coordinator, f"{PAGE}?for=staff"))
    file = opened(coordinator, f"{PAGE}.html")
    assert file.count("<span>OFFICIAL</span>") == 2
    assert "Safeguarding Unit, 01270 000000" in file
    assert next(row.what for row in record.of("cycle", "2010-1")) == (
        "author or marking of the report changed"
    )
    data["contact"] = "Ask about 700123"
    refused = coordinator.post(head, data=data)
    assert "Remove the case number" in visible(refused.get_data(as_text=True))


def test_the_later_of_two_sees_both_texts_and_decides(coordinator: FlaskClient) -> None:
    write(coordinator, "Mine.")
    status, page = write(coordinator, "Theirs.", seen=0)
    assert status == 409
    assert "Jack Denny wrote this section while you had the page open." in page
    assert "Mine." in page
    assert "Theirs." in page
    assert write(coordinator, "Both.", seen=1)[0] == 302
    assert "Both." in visible(opened(coordinator, PAGE))


def test_a_case_number_is_refused_and_a_name_is_warned_of(coordinator: FlaskClient, cycle: Cycle) -> None:
    an_audit("CP-X", cycle=cycle, case_reference="700123")
    status, page = write(coordinator, "As in case 700123.", let_through=CASE_NUMBER)
    assert status == 422
    assert "Remove the case number" in page
    status, page = write(coordinator, "Her name is Chloe Baker.")
    assert status == 200
    assert "looks like a name" in page
    assert "Chloe" not in visible(opened(coordinator, PAGE))


def test_a_final_report_stays_as_it_was_whatever_changes(coordinator: FlaskClient, cycle: Cycle) -> None:
    write(coordinator, "As we saw it.")
    status, page = make_final(coordinator)
    assert status == 200
    assert "Version 1 made final. Record who you send it to." in page
    before = [coordinator.get(f"{PAGE}.{ending}?version=1").data for ending in ("docx", "html")]
    write(coordinator, "Seen otherwise.", seen=1)
    with transaction():
        cycle.title = "Renamed"
    an_audit("CP-LATE", cycle=cycle, returned_on=date(2010, 12, 20))
    by = db.session.scalars(select(Person)).first()
    assert by is not None
    raise_action(text="Hold a late briefing", by=by, on=ON, cycle=cycle, question="child_seen")
    assert "Hold a late briefing" in opened(coordinator, f"{PAGE}?draft=yes")
    assert [coordinator.get(f"{PAGE}.{ending}?version=1").data for ending in ("docx", "html")] == before
    assert "As we saw it." in visible(opened(coordinator, PAGE))
    assert "Seen otherwise." in visible(opened(coordinator, f"{PAGE}?draft=yes"))
    words = [each.text for each in Document(io.BytesIO(before[0])).paragraphs]
    assert "As we saw it." in words
    assert "Final" in words


@pytest.mark.parametrize("address", ["/cycles", "/cycles/2010-1", "/cycles/2010-1/findings"])
def test_the_report_is_found_from_the_pages_of_its_cycle(coordinator: FlaskClient, address: str) -> None:
    assert f'href="{PAGE}"' in opened(coordinator, address)


def test_a_check_of_a_section_that_nobody_writes_leads_to_a_page_that_opens(
    coordinator: FlaskClient, cycle: Cycle
) -> None:
    team = a_team().name
    choice = {"theme": "Where things are", "text": f"{team} keeps minutes on paper."}
    coordinator.post(f"{PAGE}/comments", data=choice)
    page = opened(coordinator, f"{PAGE}/final?for=partnership")
    assert f"names the team {team}" in visible(page)
    mended = page.split(f"names the team {team}")[1].split('href="')[1].split('"')[0]
    opened(coordinator, html.unescape(mended))


def test_a_correction_is_a_new_version_with_its_reason(coordinator: FlaskClient) -> None:
    make_final(coordinator)
    status, page = make_final(coordinator, seen=1)
    assert status == 422
    assert "Enter what you corrected" in page
    assert make_final(coordinator, seen=1, because="a date was wrong")[0] == 200
    assert [(one.number, one.because) for one in finals()] == [(1, None), (2, "a date was wrong")]
    page = visible(opened(coordinator, PAGE))
    assert "Version 2" in page
    assert "a date was wrong" in page


def test_of_two_who_make_it_final_at_once_one_is_told(coordinator: FlaskClient) -> None:
    make_final(coordinator)
    status, page = make_final(coordinator, seen=0, because="mine")
    assert status == 409
    assert "Version 1 was made final while you had this page open." in page
    assert len(finals()) == 1


def test_the_report_of_an_open_cycle_cannot_be_made_final(coordinator: FlaskClient, cycle: Cycle) -> None:
    with transaction():
        cycle.frozen_on = cycle.closed_on = None
    status, page = make_final(coordinator)
    assert status == 409
    assert "is not closed and frozen yet" in page
    assert finals() == []


def test_what_is_worth_a_look_is_listed_before_it_is_final(coordinator: FlaskClient) -> None:
    page = visible(opened(coordinator, FINAL))
    assert "has no action, and no reason why it needs none." in page
    assert "“Findings” has no commentary yet." in page
    assert "Make final anyway" in page


def test_each_reader_and_each_version_has_a_title_of_its_own(coordinator: FlaskClient) -> None:
    make_final(coordinator)
    make_final(coordinator, seen=1, because="a date was wrong")
    pages = [f"{PAGE}?for={reader}" for reader in ("council", "partnership", "auditors", "staff")]
    pages += [f"{PAGE}?for=council&{version}" for version in ("version=1", "draft=yes")]
    titles = [
        coordinator.get(page).get_data(as_text=True).split("<title>")[1].split("<")[0] for page in pages
    ]
    assert len(set(titles)) == len(pages), titles
    assert ", version 2 – " in titles[0]
    assert ", draft – " in titles[-1]


def test_to_whom_it_went_is_recorded_with_what_they_said(coordinator: FlaskClient) -> None:
    make_final(coordinator)
    sent = {"to": "Senior Management Team", "sent_on": ["20", "12", "2010"], "version": "0"}
    assert coordinator.post(f"{PAGE}/1/sent?for=council", data=sent).status_code == 302
    page = opened(coordinator, PAGE)
    assert "Senior Management Team, 20 December 2010" in visible(page)
    address = page.split(f"{PAGE}/1/sent/")[1].split('"')[0]
    said = {"said": "They asked for a dip sample."}
    assert coordinator.post(f"{PAGE}/1/sent/{address}", data=said).status_code == 302
    assert "They asked for a dip sample." in visible(opened(coordinator, PAGE))
    for day in ("21", "19"):
        other = sent | {"sent_on": [day, "12", "2010"]}
        assert coordinator.post(f"{PAGE}/1/sent?for=council", data=other).status_code == 422


def test_a_record_of_sending_that_was_a_mistake_is_taken_out_and_the_history_keeps_it(
    coordinator: FlaskClient,
) -> None:
    make_final(coordinator)
    for body in ("Senior Management Team", "The sub group"):
        sent = {"to": body, "sent_on": ["20", "12", "2010"], "version": "0"}
        coordinator.post(f"{PAGE}/1/sent", data=sent)
    first = opened(coordinator, PAGE).split(f"{PAGE}/1/sent/")[1].split("?")[0]
    take_out = f"{PAGE}/1/sent/{first}/remove"
    assert "Remove the record of sending it to Senior Management Team" in visible(
        opened(coordinator, take_out)
    )
    assert coordinator.post(take_out).status_code == 302
    page = visible(opened(coordinator, PAGE))
    assert "The sub group" in page
    assert "Senior Management Team, 20" not in page
    assert coordinator.post(take_out).status_code == 404
    told = db.session.scalars(
        select(HistoryRow).where(HistoryRow.what == "record of sending the report removed")
    ).one()
    assert told.before == "version 1 for the council, to Senior Management Team"


def test_chosen_comments_stand_in_the_report_under_their_theme(coordinator: FlaskClient) -> None:
    said = {"theme": "Where things are", "text": "Minutes are on paper."}
    assert coordinator.post(f"{PAGE}/comments?question=child_seen", data=said).status_code == 302
    page = visible(opened(coordinator, PAGE))
    assert "Where things are" in page
    assert "Minutes are on paper." in page
    kept = opened(coordinator, f"{PAGE}/comments").split("/comments/")[1].split("/")[0]
    coordinator.post(f"{PAGE}/comments/{kept}/leave-out")
    assert "Minutes are on paper." not in visible(opened(coordinator, PAGE))


def test_an_auditors_comment_is_chosen_made_safe_and_changed(coordinator: FlaskClient, cycle: Cycle) -> None:
    audit = db.session.scalars(select(Audit).where(Audit.cycle_id == cycle.id)).first()
    assert audit is not None
    with transaction():
        audit.case_reference = "700124"
        answer = db.session.scalars(select(Answer).where(Answer.audit_id == audit.id)).first()
        assert answer is not None
        answer.comment = "Seen at school, see 700124."
        key = db.session.get_one(Question, answer.question_id).key
    page = opened(coordinator, f"/cycles/2010-1/findings/comments?question={key}")
    assert f"/report/comments?question={key}&amp;audit={audit.reference}" in page
    address = f"{PAGE}/comments?question={key}&audit={audit.reference}"
    assert "Seen at school, see [case number]." in visible(opened(coordinator, address))
    data = {"theme": "Seeing the child", "text": "Seen at school, see 700124."}
    refused = coordinator.post(address, data=data)
    assert refused.status_code == 422
    assert "Remove the case number" in visible(refused.get_data(as_text=True))
    warned = coordinator.post(address, data=data | {"text": "Her name is Chloe Baker."})
    assert "looks like a name" in visible(warned.get_data(as_text=True))
    assert coordinator.post(address, data=data | {"text": "Seen at school."}).status_code == 302
    kept = opened(coordinator, f"{PAGE}/comments").split("/report/comments/")[1].split("/")[0]
    changed = {"theme": "Seeing the child", "text": "The child was seen at school."}
    assert coordinator.post(f"{PAGE}/comments/{kept}", data=changed).status_code == 302
    page = visible(opened(coordinator, PAGE))
    assert "The child was seen at school." in page
    assert "Seen at school." not in page
    assert coordinator.get(f"{PAGE}/comments/999").status_code == 404
    assert not any("school" in str(row.after) for row in record.of("cycle", "2010-1"))


def test_who_writes_anew_what_another_took_out_meanwhile_is_told(coordinator: FlaskClient) -> None:
    write(coordinator, "First.")
    write(coordinator, "", seen=1)
    write(coordinator, "Second.", seen=2)
    status, page = write(coordinator, "Mine.", seen=1)
    assert status == 409
    assert "Second." in page
    assert "Mine." in page


def test_a_leader_reads_and_downloads_and_writes_nothing(sign_in: SignIn, cycle: Cycle) -> None:
    leader = sign_in(a_person(roles=["leader"]))
    page = opened(leader, PAGE)
    assert "draft: not final" in visible(page)
    assert "/report/write/" not in page
    assert "/report/final" not in page
    for ending in ("docx", "html"):
        assert leader.get(f"{PAGE}.{ending}?for=staff").status_code == 200
    assert leader.get(f"{PAGE}.exe").status_code == 404
    assert leader.get(f"{PAGE}?for=nobody").status_code == 404
    assert leader.get(f"{PAGE}?version=3").status_code == 404


def test_once_it_is_final_only_who_writes_it_sees_what_it_would_say_now(
    coordinator: FlaskClient, sign_in: SignIn
) -> None:
    write(coordinator, "As we saw it.")
    make_final(coordinator)
    write(coordinator, "Seen otherwise.", seen=1)
    assert f"{PAGE}.docx?for=council&amp;draft=yes" in opened(coordinator, f"{PAGE}?draft=yes")
    draft = coordinator.get(f"{PAGE}.html?draft=yes")
    assert "Seen otherwise." in draft.get_data(as_text=True)
    assert "senior managers draft.html" in draft.headers["Content-Disposition"]
    coordinator.post("/sign-out")
    manager = sign_in(a_person(roles=["manager"]))
    for address in (PAGE, f"{PAGE}?draft=yes", f"{PAGE}.html", f"{PAGE}.html?draft=yes"):
        page = opened(manager, address)
        assert "As we saw it." in page
        assert "Seen otherwise." not in page
    name = manager.get(f"{PAGE}.docx").headers["Content-Disposition"]
    assert "2010-1 senior managers version 1.docx" in name


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (FINAL, {"version": "1", "because": "700123 was counted twice"}),
        (f"{PAGE}/1/sent", {"to": "The pair of 700123", "sent_on": ["20", "12", "2010"], "version": "0"}),
    ],
)
def test_no_case_number_comes_into_a_version_or_the_record_of_it(
    coordinator: FlaskClient, cycle: Cycle, address: str, data: dict[str, object]
) -> None:
    an_audit("CP-X", cycle=cycle, case_reference="700123")
    make_final(coordinator)
    answer = coordinator.post(address, data=data)
    assert answer.status_code == 422
    assert "Remove the case number" in visible(answer.get_data(as_text=True))
    assert len(finals()) == 1
    assert not any("700123" in f"{row.after} {row.why}" for row in record.of("cycle", "2010-1"))


def test_a_name_in_what_they_said_is_warned_of_and_let_through(coordinator: FlaskClient) -> None:
    make_final(coordinator)
    sent = {"to": "Senior Management Team", "sent_on": ["20", "12", "2010"], "version": "0"}
    coordinator.post(f"{PAGE}/1/sent", data=sent)
    number = opened(coordinator, PAGE).split(f"{PAGE}/1/sent/")[1].split("?")[0]
    said = {"said": "Her name is Chloe Baker."}
    warned = coordinator.post(f"{PAGE}/1/sent/{number}", data=said).get_data(as_text=True)
    assert "looks like a name" in visible(warned)
    let_through = re.findall(r'name="let_through" value="([^"]*)"', warned)
    kept = said | {"let_through": [html.unescape(each) for each in let_through]}
    assert coordinator.post(f"{PAGE}/1/sent/{number}", data=kept).status_code == 302
    assert coordinator.post(f"{PAGE}/1/sent/999", data=said).status_code == 404


def test_the_councils_template_is_set_used_and_taken_out(coordinator: FlaskClient) -> None:
    def header() -> str:
        content = coordinator.get(f"{PAGE}.docx").data
        text: str = Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text
        return text

    sent = {"file": (io.BytesIO(word_files.a_file()), "council.docx")}
    looked_at = coordinator.post("/settings/report-template", data=sent).headers["Location"]
    assert header() == "Your council · OFFICIAL-SENSITIVE"
    assert coordinator.post(looked_at).status_code == 302
    assert header() == word_files.HEADER
    coordinator.post("/settings/report-template/remove")
    assert header() == "Your council · OFFICIAL-SENSITIVE"


def test_the_page_says_which_date_the_report_is_for_and_asks_for_another(
    coordinator: FlaskClient, cycle: Cycle
) -> None:
    said = "What was decided, agreed, carried out or sent on that date is not."
    assert (
        f"This report is for a meeting on 20 December 2010. What was found by that date is in it. {said}"
        in (visible(opened(coordinator, PAGE)))
    )
    page = opened(coordinator, f"{PAGE}?for=staff&on=18&on=12&on=2010")
    assert "This report is for a meeting on 18 December 2010." in visible(page)
    for kept in (
        "report.docx?for=staff&amp;on=2010-12-18",
        "report.csv?for=staff&amp;on=2010-12-18",
        "report?on=2010-12-18&amp;for=council",
        "report/write/staff-thanks?on=2010-12-18",
        "report/final?on=2010-12-18&amp;for=staff",
    ):
        assert kept in page
    assert 'name="for" value="staff"' in page
    assert page.count('name="on"') == 3
    sent = coordinator.get(f"{PAGE}.html?for=staff&on=2010-12-18")
    assert "Date of this report</dt>" in sent.get_data(as_text=True)
    assert "18 December 2010" in visible(sent.get_data(as_text=True))
    assert "2010-1 staff draft 2010-12-18.html" in sent.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("on=30&on=2&on=2011", "Date must be a real date, such as 27 3 2027"),
        ("on=2011-02-30", "Date must be a real date, such as 27 3 2027"),
        ("on=3&on=10&on=2010", "Date must be on or after 4 October 2010, when the audits of cycle"),
        ("on=2089-01-01", "or earlier"),
        ("on=soon", "Date must be a real date, such as 27 3 2027"),
        ("on=1&on=2&on=11", "Date must have a year of 4 digits, such as 2027"),
    ],
)
def test_what_is_no_date_is_an_error_on_the_page_and_no_file(
    coordinator: FlaskClient, asked: str, error: str
) -> None:
    answer = coordinator.get(f"{PAGE}?{asked}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert visible(page).count(error) == 2
    assert "<title>Error: " in page
    assert "This report is for a meeting on 20 December 2010." in visible(page)
    assert coordinator.get(f"{PAGE}.docx?{asked}").status_code == 404
    assert coordinator.get(f"{PAGE}/final?for=council&{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["", "on=", "on=&on=&on="])
def test_no_date_is_today(coordinator: FlaskClient, asked: str) -> None:
    assert "This report is for a meeting on 20 December 2010." in visible(
        opened(coordinator, f"{PAGE}?{asked}")
    )


def test_a_final_report_keeps_its_day(
    coordinator: FlaskClient, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    write(coordinator, "As we saw it.")
    page = opened(coordinator, f"{PAGE}/final?for=council&on=2010-12-20")
    assert (
        "This is the report for 20 December 2010. It will stay as it is now, and you cannot undo"
        in visible(page)
    )
    assert "What did you correct?" not in page
    address = f"{PAGE}/final?for=council&on=2010-12-20"
    coordinator.post(address, data={"version": "0"})
    write(coordinator, "Seen otherwise.", seen=1)
    clock_at(date(2011, 2, 1))
    coordinator = sign_in(a_person("Cora Lee", roles=["coordinator"]))
    for asked in ("?on=2010-12-20", ""):
        page = visible(opened(coordinator, f"{PAGE}{asked}"))
        assert "This is the final report for 20 December 2010. It does not change." in page
        assert "Version 1 for 20 December 2010, made final on 20 December 2010" in page
        assert "As we saw it." in page
    assert "As we saw it." in opened(coordinator, f"{PAGE}.html?on=2010-12-20")
    # of another day there is a draft, and that day has a first version of its own
    page = opened(coordinator, f"{PAGE}?on=2011-01-04")
    assert "Seen otherwise." in page
    assert "Draft for 4 January 2011" in visible(page)
    coordinator.post(f"{PAGE}/final?for=council&on=2011-01-04", data={"version": "1"})
    assert [final.because for final in finals()] == [None, None]
    assert "As we saw it." in opened(coordinator, f"{PAGE}?on=2010-12-20")
    assert coordinator.post(address, data={"version": "2", "because": ""}).status_code == 422
    coordinator.post("/sign-out")
    leader = sign_in(a_person(roles=["leader"]))
    assert "As we saw it." in opened(leader, f"{PAGE}?on=2010-12-20")
    assert leader.get(f"{PAGE}?on=2011-01-31").status_code == 404


def test_the_report_of_a_day_before_its_cycle_was_closed_is_never_final(coordinator: FlaskClient) -> None:
    address = f"{PAGE}/final?for=council&on=2010-10-05"
    assert "was still open on 5 October 2010" in visible(opened(coordinator, address))
    assert coordinator.post(address, data={"version": "0"}).status_code == 409
    assert finals() == []
