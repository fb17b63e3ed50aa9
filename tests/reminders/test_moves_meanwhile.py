"""A move while the daily run is at work: what is done by then is left out, and the others are told."""

from collections.abc import Callable
from datetime import date

import pytest

from app.audits import moves
from app.database import db
from app.people.models import Person
from app.reminders import daily_run, deciding
from app.reminders.day import Day
from app.reminders.settle import Settled
from tests.factories import a_cycle, a_person, an_audit

from .conftest import Installation

ON = date(2010, 11, 5)


def run_while(happens: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> daily_run.Outcome:
    """Run the day; after it is decided and before it is written, something happens."""
    decide = deciding.decide

    def decided(day: Day) -> Settled:
        settled = decide(day)
        happens()
        return settled

    monkeypatch.setattr(daily_run, "decide", decided)
    return daily_run.run(ON)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ((), {}),
        (
            ("CP-2",),
            {("lea", "digest"): ["CP-2"], ("sam", "digest"): ["CP-2"], ("wendy", "audited"): ["CP-2"]},
        ),
    ],
)
def test_an_audit_returned_while_the_run_writes_is_not_in_its_messages(
    installation: Installation,
    clock_at: Callable[[date], None],
    monkeypatch: pytest.MonkeyPatch,
    others: tuple[str, ...],
    told: dict[tuple[str, str], list[str]],
) -> None:
    clock_at(ON)
    cycle = a_cycle("2010-2", workers="told")
    lea, sam = a_person("Lea"), a_person("Sam")
    wendy = a_person("Wendy", roles=["practitioner"])
    for reference in ("CP-1", *others):
        an_audit(reference, lead=lea, second=sam, started_on=ON, cycle=cycle, worker=wendy)
    lea_id = lea.id
    outcome = run_while(
        lambda: moves.return_audit("CP-1", db.session.get_one(Person, lea_id), ON), monkeypatch
    )
    written = {
        (message.to.split("@")[0], message.kind): [item.item for item in message.items]
        for message in outcome.messages
        if message.to.split("@")[0] in ("lea", "sam", "wendy")
    }
    assert written == told
