"""The pages that coordinators and administrators open, each in milliseconds: the median of some answers,
without a network, and the median processor time; beside a floor of bare SQL that reads the rows of the first
page of the list.

    python -m tests.bench.pages FOLDER
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from statistics import median

from flask import Flask
from sqlalchemy import text

from app import create_app
from app.database import db
from config.settings import from_environment
from tests.bench.installation import ADMINISTRATOR, COORDINATOR, PASSWORD, environment

TIMES = 7
PAGES = (
    "/",
    "/audits",
    "/audits?page=1000",
    "/audits?state=requested",
    "/audits?state=assigned",
    "/audits?state=overdue",
    "/audits?state=half+a+pair",
    "/audits?chased=never",
    "/audits?sort=team",
    "/audits?sort=cycle",
    "/audits?sort=-case",
    "/audits?q=99",
    "/audits?auditor=auditor50@council.example",
    "/cycles",
    "/cycles/bench",
    "/cycles/bench/assign",
    "/cycles/bench/auditors",
    "/cycles/bench/close",
    "/cycles/bench/edit",
    "/cycles/bench/cases",
    "/cycles/bench/report",
    "/cycles/bench/findings",
    "/findings/over-time",
    "/programme",
    "/programme/summary",
    "/audits/request",
    "/audits/CP-000010",
    "/audits/CP-000010/reassign",
    "/audits/CP-000010/reminders",
    "/recommendations",
    "/actions",
    "/quick-wins",
    "/moderation",
    "/messages",
    "/messages/coming",
    "/calls",
    "/people",
    "/people/1",
    "/people/50",
    "/remedies",
    "/alerts",
    "/exemplars",
    "/imports",
    "/retention",
    "/settings",
    "/settings/ladders",
    "/tools",
)
OF_ADMINISTRATORS = ("/", "/people", "/reading-log", "/history", "/settings", "/settings/service")
FLOOR = """
    select * from audits join cycles on cycles.id = audits.cycle_id join teams on teams.id = audits.team_id
    where returned_on is null and withdrawn_on is null order by audits.due_on, audits.reference limit 50
"""


def main() -> None:
    """Measure the pages and print them as JSON."""
    app = create_app(from_environment(environment(sys.argv[1], SECOND_FACTOR="false")))
    app.config["WTF_CSRF_ENABLED"] = False
    measured = _pages(app, COORDINATOR, PAGES)
    for page, took in _pages(app, ADMINISTRATOR, OF_ADMINISTRATORS).items():
        measured[page.replace("/", "/ of an administrator: /", 1)] = took
    with app.app_context():
        measured["floor"] = _took(time.perf_counter, lambda: db.session.execute(text(FLOOR)).all())
    print(json.dumps(measured))


def _pages(app: Flask, email: str, pages: Iterable[str]) -> dict[str, float]:
    client = app.test_client()
    client.post("/sign-in", data={"email": email, "password": PASSWORD})
    measured = {}
    for page in pages:
        if (answered := client.get(page).status_code) != 200:
            raise RuntimeError(f"{page} was not answered, but {answered}")
        measured[page] = _took(time.perf_counter, partial(client.get, page))
        measured[f"{page} cpu"] = _took(time.process_time, partial(client.get, page))
    return measured


def _took(clock: Callable[[], float], do: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        began = clock()
        do()
        times.append((clock() - began) * 1000)
    return median(times)


if __name__ == "__main__":
    main()
