"""The numbers of replies and talks in findings and reports, as of a day."""

from datetime import date

import pytest
from flask import Flask

from app.answers.moderation_queue import queue
from app.answers.second_look import send_back
from app.answers.side_by_side import side_by_side
from app.answers.viewing import Change
from app.audits.standing import standings
from app.audits.workers import Workers
from app.findings.document import from_json
from app.findings.freezing import findings_of
from app.people.closures import working_days
from app.workers import queries, replies
from app.workers.reply_life import ReplyState
from app.workers.reply_numbers import ReplyNumbers
from tests.workers.conftest import AGREED, RETURNED_ON, Scene, a_scene

ALL = (
    "9 workers were asked for a reply; 5 replied. 2 replies changed an answer. 1 talk with workers is noted."
)
FRIDAY, MONDAY = date(2010, 11, 5), date(2010, 11, 8)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (ReplyNumbers(9, 5, 2, 1), ALL),
        (ReplyNumbers(0), "No worker was asked for a reply."),
        (ReplyNumbers(1), "1 worker was asked for a reply; none replied."),
        (ReplyNumbers(12, 1), "12 workers were asked for a reply; 1 replied. No reply changed an answer."),
        (ReplyNumbers(12, 5, 1), "12 workers were asked for a reply; 5 replied. 1 reply changed an answer."),
        (ReplyNumbers(None), None),
        (ReplyNumbers(1, waiting=1), "1 worker was asked for a reply; 1 can still reply."),
        (ReplyNumbers(3, waiting=1), "3 workers were asked for a reply; none replied and 1 can still reply."),
        (
            ReplyNumbers(3, 1, 1, waiting=2),
            "3 workers were asked for a reply; 1 replied and 2 can still reply. 1 reply changed an answer.",
        ),
        (ReplyNumbers(None, talks=3), "3 talks with workers are noted."),
    ],
)
def test_the_numbers_are_told_in_sentences(numbers: ReplyNumbers, words: str | None) -> None:
    assert numbers.in_words == words


def numbers(scene: Scene, on: date, done_by: date | None = None) -> ReplyNumbers | None:
    cycle_id = scene.audit().cycle_id
    return queries.numbers_of([cycle_id], on, done_by=done_by)[cycle_id]


def decided(scene: Scene, on: date, grade: str | None = None) -> None:
    """Decide about the reply, with another grade of the plan if one is given."""
    (beside,) = queries.judgements(side_by_side(scene.audit(), on))
    change = {beside.question.id: Change(beside.question.ids[grade], reason="June")} if grade else {}
    replies.decide(scene.reply().reference, "Thank you", change, scene["alison"], on)


def test_the_numbers_are_those_of_the_day(scene: Scene) -> None:
    assert numbers(scene, RETURNED_ON) == ReplyNumbers(0)
    scene.returned()
    scene.replied(FRIDAY)
    decided(scene, MONDAY, "good")
    replies.note_talk("CP-009", FRIDAY, "Both", AGREED, scene["alison"], MONDAY)
    assert numbers(scene, date(2010, 11, 3)) == ReplyNumbers(0)
    assert numbers(scene, RETURNED_ON) == ReplyNumbers(1, waiting=1)
    assert numbers(scene, FRIDAY) == ReplyNumbers(1, 1)
    assert numbers(scene, MONDAY) == ReplyNumbers(1, 1, 1, 1)
    assert numbers(scene, MONDAY, FRIDAY) == ReplyNumbers(1, 1)


def test_a_worker_who_is_asked_again_is_one_worker(scene: Scene) -> None:
    scene.returned()
    scene.replied()
    decided(scene, FRIDAY)
    send_back("CP-009", scene["cora"], FRIDAY, "A reason is missing", date(2010, 11, 12))
    scene.returned(MONDAY)
    assert numbers(scene, MONDAY) == ReplyNumbers(1, 1)


def test_who_was_asked_in_vain_before_it_was_sent_back_is_not_counted(scene: Scene) -> None:
    scene.returned()
    send_back("CP-009", scene["cora"], FRIDAY, "A reason is missing", date(2010, 11, 12))
    assert numbers(scene, FRIDAY) == ReplyNumbers(0)


def test_findings_say_it_where_workers_are_told_and_keep_it(scene: Scene) -> None:
    scene.returned()
    found = findings_of(scene.audit().cycle, RETURNED_ON)
    assert found.workers_in_words == "1 worker was asked for a reply; 1 can still reply."
    assert from_json(found.to_json()).workers == found.workers
    scene.way(Workers.TOLD)
    assert findings_of(scene.audit().cycle, RETURNED_ON).workers == ReplyNumbers()
    scene.way(Workers.NOT_TOLD)
    assert findings_of(scene.audit().cycle, RETURNED_ON).workers is None


def test_both_databases_read_the_same(service: Flask) -> None:
    scene = a_scene()
    days = working_days()
    scene.returned()
    scene.replied(FRIDAY)
    assert numbers(scene, MONDAY) == ReplyNumbers(1, 1)
    (own,) = queries.own_cases(scene["wanda"], MONDAY, days)
    assert (own.audit.reference, own.state) == ("CP-009", ReplyState.REPLIED)
    (waiting,) = queries.waiting(MONDAY, days)
    assert (waiting.for_moderators, waiting.since, waiting.cycle) == (False, 1, "2010-1")
    deciding = {name for name, person in scene.people.items() if queries.to_decide(person, MONDAY)}
    assert deciding == {"alison", "imogen"}
    at = standings(MONDAY, days)
    queued = [len(queue(at, moderator=scene[name])) for name in ("moira", "wanda")]
    assert queued == [1, 0]
