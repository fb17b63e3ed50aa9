"""A due date that is no working day is told as the one that counts, and what is overdue says so in words."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.actions import moves as actions
from app.actions.recommending import recommend
from app.assigning import moves as assigning
from app.audits.chasing import chase, chase_all
from app.concerns import remedies
from app.database import db
from app.due_dates import how_overdue, in_full, in_words, that_counts
from app.outbox.models import Message
from app.people.models import Person
from app.reminders import daily_run
from app.working_days import WorkingDays
from tests.factories import a_cycle, a_person, an_audit
from tests.pages import reached, visible
from tests.texts import ROOT

WEDNESDAY, FRIDAY, SATURDAY = date(2026, 12, 2), date(2026, 12, 4), date(2026, 12, 5)
SUNDAY, MONDAY, TUESDAY = date(2026, 12, 6), date(2026, 12, 7), date(2026, 12, 8)
BANK_HOLIDAY = date(2026, 12, 25)
"""A Friday; the 28th is a holiday, too."""
DAYS = WorkingDays([TUESDAY])

SignIn = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(
    ("due_on", "counts", "in_full_words", "words"),
    [
        (FRIDAY, FRIDAY, "Friday 4 December 2026", "4 December 2026"),
        (
            SATURDAY,
            MONDAY,
            "Monday 7 December 2026 (entered as Saturday 5 December 2026)",
            "7 December 2026 (entered as 5 December 2026)",
        ),
        (
            SUNDAY,
            MONDAY,
            "Monday 7 December 2026 (entered as Sunday 6 December 2026)",
            "7 December 2026 (entered as 6 December 2026)",
        ),
        # a closure day of the council
        (
            TUESDAY,
            date(2026, 12, 9),
            "Wednesday 9 December 2026 (entered as Tuesday 8 December 2026)",
            "9 December 2026 (entered as 8 December 2026)",
        ),
        (
            BANK_HOLIDAY,
            date(2026, 12, 29),
            "Tuesday 29 December 2026 (entered as Friday 25 December 2026)",
            "29 December 2026 (entered as 25 December 2026)",
        ),
        (None, None, "", ""),
    ],
)
def test_the_date_that_counts(
    due_on: date | None, counts: date | None, in_full_words: str, words: str
) -> None:
    assert that_counts(due_on, DAYS) == counts
    assert in_full(due_on, DAYS) == in_full_words
    assert in_words(due_on, DAYS) == words


@pytest.mark.parametrize(
    ("due_on", "on", "said"),
    [
        (FRIDAY, FRIDAY, ""),
        (FRIDAY, SATURDAY, "since Friday 4 December"),
        (FRIDAY, SUNDAY, "since Friday 4 December"),
        (FRIDAY, MONDAY, "by 1 working day"),
        (FRIDAY, TUESDAY, "by 1 working day"),
        (FRIDAY, date(2026, 12, 10), "by 3 working days"),
        # due on a Saturday: the Monday counts, and after it comes a closure day
        (SATURDAY, SUNDAY, ""),
        (SATURDAY, MONDAY, ""),
        (SATURDAY, TUESDAY, "since Monday 7 December"),
        (SATURDAY, date(2026, 12, 9), "by 1 working day"),
        (None, MONDAY, ""),
    ],
)
def test_how_overdue(due_on: date | None, on: date, said: str) -> None:
    assert how_overdue(due_on, on, DAYS) == said


DATES = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@given(due_on=DATES, after=st.integers(-20, 40))
def test_no_one_reads_of_a_date_that_does_not_count_or_of_no_working_days(due_on: date, after: int) -> None:
    on = due_on + timedelta(days=after)
    counts = that_counts(due_on, DAYS)
    assert DAYS.is_working_day(counts)
    assert that_counts(counts, DAYS) == counts
    assert ("entered as" in in_full(due_on, DAYS)) == (counts != due_on)
    said = how_overdue(due_on, on, DAYS)
    assert bool(said) == (on > counts)
    assert not re.search(r"\b0\b", said)


DUE_DATE = r"(?:first_|from_|to_|impact_)?due_on"
TOLD = re.compile(rf"\b{DUE_DATE}\s*\|\s*(?!that_counts|due_in_full|due_in_words)(\w+)")
TOLD_IN_CODE = re.compile(
    rf"(?<!due_)(?<!due_dates\.)\b(?:in_words|day_in_words|full_day|short_day|near_day|day_and_month)"
    rf"\([\w.\"'\[\]]*{DUE_DATE}"
)
GIVEN_THE_DATE_THAT_COUNTS = {
    "app/assigning/independence.py",
    "app/due_dates.py",
    "app/outbox/in_words.py",
    "app/reminders/lines.py",
    "app/reminders/summing_up.py",
    "app/reports/council.py",
    "app/reports/main_points.py",
    "app/reports/so_far.py",
    "app/reports/tracked.py",
}
"""The home of the rule, pure modules whose facts have the date that counts, and the days of quick wins."""


def test_no_page_tells_a_due_date_as_it_was_entered() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
    told = {_where(path): TOLD.findall(path.read_text(encoding="utf-8")) for path in pages}
    assert len(told) > 100
    assert {path: filters for path, filters in told.items() if filters} == {}


def test_no_text_of_code_tells_a_due_date_as_it_was_entered() -> None:
    told = {
        _where(path) for path in (ROOT / "app").rglob("*.py") if TOLD_IN_CODE.search(path.read_text("utf-8"))
    }
    assert told == GIVEN_THE_DATE_THAT_COUNTS


def _where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _work_due_on(due_on: date, asked_on: date) -> dict[str, Person]:
    """Put one of each thing that can be due into the database, all due on that date."""
    people = {
        "jack": a_person("Jack Denny", roles=["coordinator", "leader", "moderator"], trained_on=None),
        "mona": a_person("Mona Reese", roles=["manager"], team="Nantwich"),
    }
    people["lena"] = a_person("Lena Lead", manager=people["mona"])
    people["sam"] = a_person("Sam Second", manager=people["mona"])
    cycle = a_cycle("2026-2", requested_on=date(2026, 11, 2), due_on=due_on)
    for reference in ("AU-01", "AU-02"):
        an_audit(reference, lead=people["lena"], second=people["sam"], due_on=due_on, cycle=cycle)
    an_audit("AU-03", cycle=cycle, due_on=due_on)
    on, jack = asked_on, people["jack"]
    for number, owner in enumerate((people["mona"], people["lena"]), start=1):
        actions.raise_action(text=f"Brief team {number}", by=jack, on=on, owner_id=owner.id, due_on=due_on)
    recommend(cycle, text="Keep chronologies", by=jack, on=on, owner_id=people["mona"].id, due_on=due_on)
    remedies.note("AU-01", "Add the chronology", due_on, people["mona"].id, people["lena"], on)
    return people


def _email_by_hand(people: Mapping[str, Person], on: date) -> None:
    """Assign, chase and decline, each of which writes an email at once."""
    jack = people["jack"]
    assigning.assign(assigning.NewPair("AU-03", people["lena"].id, people["sam"].id), jack, on)
    chase("AU-02", jack, on, "Tell me when.")
    chase_all(["AU-01", "AU-02"], jack, on, "Tell me when.")
    assigning.decline("AU-01", people["sam"], on, "capacity")


ENTERED = re.compile(r"\b5 Dec(?:ember)?\b")
BOTH = re.compile(r"7 December 2026 \(entered as (?:Saturday )?5 December 2026\)")


def test_a_due_saturday_is_told_as_the_monday_on_every_page(
    app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(WEDNESDAY)
    people = _work_due_on(SATURDAY, date(2026, 11, 2))
    daily_run.run(WEDNESDAY, dry_run=False)
    told: dict[str, str] = {}
    for reader in ("jack", "mona", "lena"):
        client = sign_in(people[reader])
        for path, page in reached(app, client):
            words = visible(page)
            assert not ENTERED.search(BOTH.sub("", words)), f"{path}: {words}"
            assert "Sat 5" not in words, path
            if "7 Dec" in words:
                told[path] = words
    # all places that tell a due date were among them
    for path in ("/", "/audits", "/actions", "/recommendations", "/remedies", "/cycles", "/programme"):
        assert path in told, path
    for path in ("/audits/AU-01", "/actions/A1", "/recommendations/R1", "/remedies/AU-01-F1"):
        assert "Monday 7 December 2026 (entered as Saturday 5 December 2026)" in told[path], path
    assert "Monday 7 December 2026 (entered as Saturday 5 December 2026)" in told["/cycles/2026-2"]
    assert any(path.startswith("/messages/") for path in told)


def test_a_due_saturday_is_told_as_the_monday_in_emails_and_calendars(
    app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(WEDNESDAY)
    people = _work_due_on(SATURDAY, date(2026, 11, 2))
    daily_run.run(WEDNESDAY, dry_run=False)
    _email_by_hand(people, WEDNESDAY)
    written = db.session.scalars(select(Message)).all()
    assert {message.kind for message in written} >= {"digest", "weekly", "assigned", "chase", "declined"}
    for message in written:
        said = f"{message.subject}\n{message.text}\n{message.html}"
        assert not ENTERED.search(said), said
        assert "7 December" in said, said

    client = sign_in(people["lena"])
    page = client.post("/calendar/make").get_data(as_text=True)
    address = re.search(r"http://127\.0\.0\.1:8000(/calendar/[\w-]{43}\.ics)", page)
    assert address
    feed = icalendar.Calendar.from_ical(app.test_client().get(address[1]).get_data())
    assert {one.start for one in feed.events} == {MONDAY}


def test_files_and_programs_get_the_due_date_that_was_entered(
    app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    clock_at(WEDNESDAY)
    client = sign_in(_work_due_on(SATURDAY, date(2026, 11, 2))["jack"])
    for address in ("/audits", "/actions", "/recommendations"):
        assert "2026-12-05" in client.get(f"{address}?download=csv").get_data(as_text=True)
    outcome = daily_run.run(WEDNESDAY, dry_run=True)
    items = [item for message in outcome.messages for item in message.items]
    assert {item.due_on for item in items if item.step == "due-soon"} == {SATURDAY}


NOUGHT = re.compile(r"\b0 working days\b|\bby 0\b")


def test_what_is_overdue_by_no_working_day_says_so_in_words(
    app: Flask, sign_in: SignIn, clock_at: Callable[[date], None]
) -> None:
    people = _work_due_on(FRIDAY, date(2026, 11, 2))
    clock_at(FRIDAY)
    daily_run.run(FRIDAY, dry_run=False)
    clock_at(SATURDAY)
    _email_by_hand(people, SATURDAY)
    told: dict[str, str] = {}
    for reader in ("jack", "mona", "lena"):
        for path, page in reached(app, sign_in(people[reader])):
            words = visible(page)
            assert not NOUGHT.search(words), f"{path}: {words}"
            told[path] = told.get(path, "") + words
    for path in ("/audits/AU-01", "/actions/A1", "/recommendations/R1", "/remedies/AU-01-F1"):
        assert "Overdue since Friday 4 December" in told[path], told[path]
    for path in ("/", "/audits", "/actions", "/recommendations"):
        assert "since Friday 4 December" in told[path], path

    emails = [
        f"{message.subject}\n{message.text}\n{message.html}"
        for message in db.session.scalars(select(Message).where(Message.on == SATURDAY))
    ]
    assert len(emails) >= 4
    for said in emails:
        assert not NOUGHT.search(said), said
        assert "was due on Friday 4 December 2026 and is overdue." in said, said
