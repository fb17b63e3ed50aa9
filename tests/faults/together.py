"""Many workers and web processes at once, when as much is due as a region has."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import requests
from sqlalchemy import func, select

from app.audits.models import Assignment, Audit
from app.audits.parts import LEAD, SECOND
from app.database import db, transaction
from app.outbox.models import MessageItem
from app.outbox.moves import TEST
from app.people.models import Person, PersonRole
from app.people.roles import RoleName
from app.reminders.models import DailyRun
from tests.bench.many_audits import write
from tests.conftest import PASSWORD, give_password
from tests.factories import REQUESTED, a_cycle, a_person, a_team
from tests.faults.guessing import COUNCIL, Service
from tests.faults.places import POSTGRESQL, New, Place, wait_for
from tests.faults.scenario import Scenario
from tests.faults.sending import mail, none_lost
from tests.faults.warm import Warm
from tests.faults.whole import FRIDAY
from tests.mail_server import MailServerProcess

WORKERS, ITEMS = 16, 100_000
"""The most workers, and what is then due: with fewer it is less by the square, so that few are quick."""
ITEMS_OF_ONE = 20
"""Items of each auditor."""
RUN_AT = datetime(2010, 11, 12, 8, 30, tzinfo=UTC)
LONG = 1800
"""Seconds in which 16 workers end a day of 100,000 items, even on a machine with other work."""
PAGES = ("/", "/audits", "/audits?state=requested", "/cycles/2010-1", "/messages")
TEST_FORM = re.compile(r'action="/messages/test">(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'name="(csrf_token|form_id)" value="([^"]+)"')
COORDINATOR = "jack.denny@council.example"


def work_at_once(new: New, times: int, chance: Random) -> str:
    """Let so many workers do the day, while half as many web processes show pages and send emails too."""
    place = with_items(new(), ITEMS * times**2 // WORKERS**2)
    twin = new(of=place)
    twin.run("remind", "--no-deliver", "--on", FRIDAY)
    expected, items = twin.messages(), _items(twin)
    with MailServerProcess(place.folder / "received") as server:
        settings = mail(server.port, MAIL_LEASE_SECONDS="60")
        with Warm(place, settings, RUN_AT) as warm:
            for _ in range(times):
                warm.worker()
            pages, tests = _visit(place, warm.web(times // 2), chance.random(), times // 2)
            wait_for(lambda: not place.left(), "the workers left messages", LONG)
    expected[COORDINATOR, TEST, FRIDAY, ()] += tests
    assert place.messages() == expected, "other messages than of one run"
    none_lost(server.messages, expected.total(), 0)
    assert place.history_is_whole()
    return (
        f"{items:,} items in {expected.total() - tests:,} messages, with {tests} tests of mail and "
        f"{pages:,} pages meanwhile: each once"
    )


def with_items(place: Place, items: int) -> Place:
    """Fill a place with audits of which two people each are told on the Friday, so many times in all."""
    with place.opened():
        give_password(a_person("Jack Denny", roles=["coordinator"]))
        team, cycle = a_team("Nantwich").id, a_cycle("2010-1").id
        number = items // ITEMS_OF_ONE
        with transaction():
            emails = [f"auditor{n}@council.example" for n in range(number)]
            write(Person, (_person(email, team) for email in emails))
            auditors = db.session.scalars(
                select(Person.id).where(Person.email.in_(emails)).order_by(Person.id)
            ).all()
            write(PersonRole, ({"person_id": id_, "name": RoleName.AUDITOR} for id_ in auditors))
            write(Audit, (_audit(n, team, cycle) for n in range(items // 2)))
            audits = db.session.scalars(select(Audit.id).order_by(Audit.id)).all()
            write(
                Assignment,
                (
                    {"audit_id": audit, "part": part, "person_id": person, "assigned_on": REQUESTED}
                    for n, audit in enumerate(audits)
                    for part, person in ((LEAD, auditors[n % number]), (SECOND, auditors[(n + 1) % number]))
                ),
            )
    return place


def _person(email: str, team: int) -> dict[str, object]:
    name = email.partition("@")[0].capitalize()
    return {"email": email, "name": name, "team_id": team, "active": True, "fs_uniquifier": uuid4().hex}


def _audit(number: int, team: int, cycle: int) -> dict[str, object]:
    due_on = FRIDAY - timedelta(days=number % 9 - 2)
    return {
        "reference": f"CP-{number:06}",
        "case_reference": str(600_000 + number),
        "team_id": team,
        "cycle_id": cycle,
        "requested_on": REQUESTED,
        "due_on": due_on,
        "first_due_on": due_on,
        "version": 1,
    }


def _items(place: Place) -> int:
    with place.opened():
        return db.session.scalar(select(func.count()).select_from(MessageItem)) or 0


def _is_done(place: Place) -> bool:
    with place.opened():
        done = db.session.scalar(select(DailyRun.on).where(DailyRun.on == FRIDAY)) is not None
    return done and not place.left()


def _visit(place: Place, address: str, seed: float, visitors: int) -> tuple[int, int]:
    """Visit pages and send tests of mail until the day's messages are sent; return how many of each."""
    over = threading.Event()
    with ThreadPoolExecutor(visitors) as at_once:
        visits = [at_once.submit(_browse, address, over, Random(f"{seed} {n}")) for n in range(visitors)]
        try:
            wait_for(lambda: _is_done(place), "the workers do not end the day", LONG)
        finally:
            over.set()
        seen = [visit.result() for visit in visits]
    return sum(pages for pages, _tests in seen), sum(tests for _pages, tests in seen)


def _browse(address: str, over: threading.Event, chance: Random) -> tuple[int, int]:
    _wait_until_it_answers(address)
    browser = requests.Session()
    assert Service(address).sign_in(browser, COORDINATOR, PASSWORD, COUNCIL) == "in"
    pages = tests = 0
    while not over.is_set():
        path = chance.choice(PAGES)
        page = browser.get(f"{address}{path}", timeout=300)
        assert page.status_code == 200, f"{path} was answered with {page.status_code}"
        pages += 1
        if path == "/messages" and (form := TEST_FORM.search(page.text)):
            sent = browser.post(
                f"{address}/messages/test",
                dict(HIDDEN.findall(form[1])),
                allow_redirects=False,
                timeout=300,
            )
            assert sent.status_code == 302, sent.status_code
            tests += 1
    return pages, tests


def _wait_until_it_answers(address: str) -> None:
    def answers() -> bool:
        try:
            return requests.get(f"{address}/sign-in", timeout=60).ok
        except requests.RequestException:
            return False

    wait_for(answers, "the web processes do not answer")


TOGETHER = (
    Scenario(
        "workers-at-once",
        "Exactly the messages of one run, each sent once",
        "many workers, and half as many web processes, at once",
        work_at_once,
        2,
        WORKERS,
        (POSTGRESQL,),
    ),
)
