"""Choosing cases as a coordinator does: the list that the tests draw from, and the steps to a kept draw."""

import re
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.cycles.queries import found
from app.database import db
from app.sampling import queries as drawn
from app.sampling.models import Draw
from tests.pages import visible

ON = date(2010, 10, 4)
CASES = "/cycles/2010-1/cases"
LIST = "\n".join(
    [f"7{number:05}, Crewe" for number in range(90)]
    + [f"8{number:05}\tNantwich" for number in range(60)]
    + [f"9{number:05};wilmslow" for number in range(30)]
)
STRATIFIED = {"cases": LIST, "method": "stratified", "size": "30", "seed": "42", "is_whole_list": "y"}


def cycle() -> Cycle:
    db.session.rollback()
    db.session.expire_all()
    known = found("2010-1")
    assert known is not None
    return known


def kept() -> Draw:
    draw = drawn.kept(cycle())
    assert draw is not None
    return draw


def words(answer: TestResponse) -> str:
    return visible(answer.get_data(as_text=True))


def marked(answer: TestResponse) -> str:
    """The mark of the draw that the page shows."""
    mark = re.search(r'name="shown"[^>]* value="(\w+)"', answer.get_data(as_text=True))
    assert mark is not None
    return mark[1]


def keep(client: FlaskClient, **form: str) -> TestResponse:
    """Look at a draw, then keep it."""
    shown = client.post(CASES, data={**form, "do": "show"})
    assert shown.status_code == 200, words(shown)
    return client.post(CASES, data={**form, "shown": marked(shown), "do": "keep"}, follow_redirects=True)


def audits() -> list[Audit]:
    cycle()
    return list(db.session.scalars(select(Audit).order_by(Audit.id)))
