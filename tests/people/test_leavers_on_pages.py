"""Pages say of each person they name who has left that they have."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.database import db, transaction
from app.example import loading
from app.people.models import Person
from app.people.roles import RoleName
from app.reminders.daily_run import run
from tests.pages import kind_of, reached, visible

ON = date(2026, 7, 6)

OF_ANOTHER_DATE = {
    "answers.printed_for_audit",  # a paper to fill in
    "outbox.detail",  # an email as it was written
    "reports.page",  # a paper of a date
}
OF_ONE_PERSON = {
    "actions.hand_over",
    "people.add_leave",
    "people.edit",
    "people.page",
    "retention.anonymous",
    "retention.file",
}
"""Pages that have the name of a person for their heading."""

AN_EXAMPLE = "such as “Harriet Vance, Head of Service”"
RECORDED = re.compile(r"\) (?:declined|assigned|reassigned) .*?(?=Remove words)")
"""The words of before and after, in a row of the history."""


def test_whoever_has_left_is_said_to_have_left(
    app: Flask, sign_in: Callable[[Person], FlaskClient], clock_at: Callable[[date], None]
) -> None:
    clock_at(ON)
    loading.load(ON, "a password that is long")
    run(ON)
    people = db.session.query(Person).order_by(Person.id).all()
    cora = next(each for each in people if RoleName.COORDINATOR in each.role_names)
    leavers = [each for each in people if each.id != cora.id]
    with transaction():
        for each in leavers:
            each.leaving_on = ON - timedelta(days=1)
    names = "|".join(re.escape(each.name) for each in leavers)
    named, bare = 0, []
    for path, page in reached(app, sign_in(cora)):
        kind = str(kind_of(app, path))
        if kind in OF_ANOTHER_DATE | OF_ONE_PERSON:
            continue
        text = RECORDED.sub(") ", visible(re.sub(r"(?s)<textarea.*?</textarea>", "", page)))
        for match in re.finditer(names, text.replace(AN_EXAMPLE, "")):
            after = match.string[match.end() : match.end() + 60]
            named += 1
            if "left" not in after:
                bare.append(f"{kind}: {match.string[max(0, match.start() - 40) : match.end()]}{after}")
    assert bare == []
    assert named > 100
