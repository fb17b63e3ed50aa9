"""An alert is told at once and again until somebody else has it; what it says, and who may close it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.audits.facts import found as audit_found
from app.concerns import alerts
from app.concerns.alert_queries import found
from app.concerns.alerts import PhoneCall
from app.concerns.messages import key, recheck
from app.concerns.models import Alert
from app.database import db, transaction
from app.history import record
from app.outbox.delivery import deliver
from app.outbox.kinds import Holds, Overtaken, Verdict
from app.outbox.models import SENT, Message
from app.people.models import Leave, Person, PersonRole
from app.refusal import Refused
from tests.factories import a_person, an_audit
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to

from .conftest import CASE_NUMBER

LONDON = ZoneInfo("Europe/London")
SATURDAY = datetime(2010, 11, 6, 22, 15, tzinfo=LONDON)
MONDAY = datetime(2010, 11, 8, 9, 0, tzinfo=LONDON)
CALL = PhoneCall("Mona Reese, team manager", "today, 22:05", "by telephone", "She visits within the hour.")


def raised(by: Person, at: datetime = SATURDAY, call: PhoneCall = CALL) -> str:
    return alerts.raise_alert("CP-009", call, by, at, at.date())


def messages() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == "alert").order_by(Message.id)))


def told(times: int) -> list[str]:
    """The addresses written to the n-th time, without the domain."""
    return sorted(each.address.split("@")[0] for each in messages() if each.facts["time"] == times)


def verdict(message: Message, on: date) -> Verdict:
    with transaction():
        return recheck(db.session.get_one(Message, message.id), on)


def test_on_a_saturday_night_every_manager_of_the_team_and_every_coordinator_gets_one(
    people: dict[str, Person],
) -> None:
    with transaction():
        day = SATURDAY.date()
        db.session.add(Leave(person_id=people["cora"].id, from_on=day, to_on=day))
    assert raised(people["alison"]) == "CP-009-A1"
    assert told(1) == ["cora.lane", "jack.denny", "mona.reese"]
    assert raised(people["imogen"]) == "CP-009-A2"


def test_the_message_has_the_audits_reference_and_whom_to_call_and_nothing_of_the_case(
    people: dict[str, Person],
) -> None:
    raised(people["alison"])
    for message in messages():
        assert message.subject == "Read now: a child may be at risk, alert CP-009-A1"
        for part in (message.text or "", message.html or ""):
            assert "Alison Hartley" in part
            assert "01270 555 014" in part
            assert "audit CP-009" in part
            assert "/alerts/CP-009-A1" in part
            assert "6 November 2010 at 10:15pm" in part
            for hidden in (CASE_NUMBER, CALL.whom, CALL.when, CALL.answer):
                assert hidden not in part


def test_it_goes_before_everything_else_through_a_real_mail_server(people: dict[str, Person]) -> None:
    raised(people["alison"])
    assert {message.urgency for message in messages()} == {-1}
    with MailServer() as server:
        connect_to(server.port)
        deliver(SATURDAY.date())
    assert {message.state for message in messages()} == {SENT}
    assert len(server.messages) == 3


@pytest.mark.parametrize("part", range(4), ids=["whom", "when", "how", "answer"])
@pytest.mark.parametrize("words", ["  ", f"about {CASE_NUMBER}"], ids=["missing", "with the case number"])
def test_a_phone_call_with_a_part_missing_or_with_the_case_number_is_refused_and_nothing_is_kept(
    people: dict[str, Person], part: int, words: str
) -> None:
    given = [CALL.whom, CALL.when, CALL.how, CALL.answer]
    given[part] = words
    with pytest.raises(Refused):
        raised(people["alison"], call=PhoneCall(*given))
    assert messages() == []
    assert found("CP-009-A1") is None


def test_every_two_hours_of_a_working_day_everybody_is_told_again_until_one_acknowledges(
    people: dict[str, Person],
) -> None:
    raised(people["alison"])
    moments = [SATURDAY + timedelta(hours=3), SATURDAY + timedelta(hours=14)]
    moments += [MONDAY + timedelta(minutes=15 * n) for n in range(6 * 4)]
    assert [at.hour for at in moments if alerts.chase(at)] == [9, 11, 13]
    assert told(4) == ["cora.lane", "jack.denny", "mona.reese"]
    assert messages()[-1].subject.startswith("No answer yet: ")
    assert "No one has acknowledged the alert yet." in (messages()[-1].text or "")
    later = MONDAY + timedelta(hours=6)
    alerts.acknowledge("CP-009-A1", people["mona"], "The child is seen at 16:00.", later, later.date())
    assert alerts.chase(MONDAY + timedelta(hours=8)) == 0
    assert len(messages()) == 4 * 3


def test_where_one_cannot_be_written_nobody_is_written_to_of_it_and_the_other_alerts_go_on(
    people: dict[str, Person],
) -> None:
    raised(people["alison"])
    raised(people["imogen"])
    first = found("CP-009-A1")
    assert first is not None
    with transaction():
        in_the_way = messages()[0]
        in_the_way.once = key(first, people["cora"].id, 2)
    with pytest.raises(ExceptionGroup):
        alerts.chase(MONDAY)
    db.session.expire_all()
    assert [alert.times_told for alert in db.session.scalars(select(Alert).order_by(Alert.id))] == [1, 2]
    assert len(told(2)) == 3
    with transaction():
        db.session.get_one(Message, in_the_way.id).once = None
    assert alerts.chase(MONDAY + timedelta(minutes=1)) == 1
    assert len(told(2)) == 6


def test_a_manager_who_came_since_is_told_the_next_time_and_one_who_left_is_not(
    people: dict[str, Person],
) -> None:
    raised(people["alison"])
    with transaction():
        db.session.get_one(Person, people["mona"].id).leaving_on = SATURDAY.date()
    a_person("Nora New", roles=["manager"], team="Nantwich")
    alerts.chase(MONDAY)
    assert told(2) == ["cora.lane", "jack.denny", "nora.new"]


def test_a_message_is_overtaken_once_somebody_has_it_or_a_newer_one_says_it(
    people: dict[str, Person],
) -> None:
    raised(people["alison"])
    first = messages()
    assert verdict(first[0], SATURDAY.date()) == Holds()
    alerts.chase(MONDAY)
    again = messages()[3:]
    assert isinstance(verdict(first[0], MONDAY.date()), Overtaken)
    assert verdict(again[0], MONDAY.date()) == Holds()
    alerts.acknowledge("CP-009-A1", people["jack"], "I call the team.", MONDAY, MONDAY.date())
    assert isinstance(verdict(again[0], MONDAY.date()), Overtaken)


def test_a_message_to_somebody_who_is_no_receiver_any_more_is_overtaken(people: dict[str, Person]) -> None:
    raised(people["alison"])
    with transaction():
        db.session.execute(db.delete(PersonRole).where(PersonRole.person_id == people["mona"].id))
    verdicts = {each.address.split("@")[0]: verdict(each, MONDAY.date()) for each in messages()}
    assert isinstance(verdicts["mona.reese"], Overtaken)
    assert verdicts["jack.denny"] == Holds()


def test_whoever_raised_it_can_never_acknowledge_it_a_coordinator_either(people: dict[str, Person]) -> None:
    raised(people["jack"])
    assert "mona.reese" in told(1)
    with pytest.raises(Refused, match="so someone else must acknowledge it"):
        alerts.acknowledge("CP-009-A1", people["jack"], "Done.", MONDAY, MONDAY.date())
    alerts.acknowledge("CP-009-A1", people["cora"], "I call the team.", MONDAY, MONDAY.date())
    alert = found("CP-009-A1")
    assert alert is not None
    assert alert.acknowledged_by_id == people["cora"].id


@pytest.mark.parametrize(
    ("who", "said", "why"),
    [
        ("max", "Done.", "Only a manager of the case’s team"),
        ("imogen", "Done.", "Only a manager of the case’s team"),
        ("mona", " ", "Enter what you are doing"),
        ("mona", f"Done for {CASE_NUMBER}", "case number"),
    ],
)
def test_others_cannot_acknowledge_it_and_nobody_without_saying_what_they_do(
    people: dict[str, Person], who: str, said: str, why: str
) -> None:
    raised(people["alison"])
    with pytest.raises(Refused, match=why):
        alerts.acknowledge("CP-009-A1", people[who], said, MONDAY, MONDAY.date())
    assert alerts.chase(MONDAY) == 1


def test_the_second_to_acknowledge_is_told_who_was_first(people: dict[str, Person]) -> None:
    raised(people["alison"])
    alerts.acknowledge("CP-009-A1", people["mona"], "I visit.", MONDAY, MONDAY.date())
    with pytest.raises(Refused, match="Mona Reese has already"):
        alerts.acknowledge("CP-009-A1", people["jack"], "Me too.", MONDAY, MONDAY.date())


def test_the_history_tells_what_happened_and_nothing_of_the_case(people: dict[str, Person]) -> None:
    raised(people["alison"])
    alerts.chase(MONDAY)
    alerts.acknowledge("CP-009-A1", people["mona"], "I visit at 4.", MONDAY, MONDAY.date())
    rows = [*record.of("alert", "CP-009-A1"), *record.of("audit", "CP-009")]
    assert [row.what for row in rows] == ["acknowledged", "told again", "raised", "worry recorded"]
    said = " ".join(f"{row.before} {row.after} {row.why}" for row in rows)
    assert "Mona Reese" in said
    for hidden in (CASE_NUMBER, CALL.when, CALL.answer, "I visit"):
        assert hidden not in said


def test_four_clocks_at_once_tell_once(service: Flask) -> None:
    auditor = a_person("Alison Hartley")
    a_person("Jack Denny", roles=["coordinator"])
    an_audit("CP-009", lead=auditor)
    raised(auditor)
    db.session.rollback()
    together = Barrier(4)

    def look(_machine: int) -> int:
        with service.app_context():
            together.wait()
            try:
                return alerts.chase(MONDAY.astimezone(UTC))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(look, range(4))) == [0, 0, 0, 1]
    assert [message.facts["time"] for message in messages()] == [1, 2]
    assert audit_found("CP-009") is not None
