"""A month of the office, day by day: the daily run, what people do, and delivery to a real mail server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from flask import Flask
from sqlalchemy import select

from app import clock
from app.audits.models import Audit
from app.concerns import alerts
from app.database import db, transaction
from app.outbox.delivery import deliver
from app.people.closures import working_days
from app.quick_wins.models import QuickWin
from app.reminders.daily_run import Outcome, run
from tests.mail_server import MailServer
from tests.reminders.second_promises import LAST_WORKING_DAY_PAST_DUE, STEPS_AFTER_THE_DUE_DAY
from tests.told import moves_of_answers as answers
from tests.told import moves_of_audits as audits
from tests.told import moves_of_the_tracker as tracker
from tests.told.arrived import Judge
from tests.told.office import FIRST, LAST, an_office
from tests.told.story import Story

Move = Callable[[Story], None]

MOVES: Mapping[Move, int] = {
    audits.assign_some: 4,
    audits.fill_gap: 4,
    audits.decline: 3,
    audits.reassign: 4,
    audits.hand_on_leaver: 3,
    audits.extend: 3,
    audits.withdraw: 1,
    audits.exempt: 2,
    audits.take_back_exemption: 1,
    audits.chase: 3,
    audits.chase_confirmation: 2,
    audits.note_promise: 5,
    audits.promise: 5,
    audits.strike_chase: 1,
    audits.hold_reminder: 3,
    audits.let_reminder_go: 1,
    audits.name_another_worker: 1,
    audits.talk: 1,
    audits.worry: 1,
    audits.take_up_worry: 1,
    audits.note_remedy: 2,
    audits.put_right: 1,
    audits.hand_on_remedy: 1,
    audits.give_remedy_more_time: 1,
    answers.fill_in: 4,
    answers.return_it: 12,
    answers.confirm: 5,
    answers.differ: 4,
    answers.agree: 2,
    answers.send_back: 2,
    answers.moderate_one: 4,
    answers.respond: 3,
    answers.decide_dispute: 1,
    answers.reply: 4,
    answers.decide_reply: 3,
    tracker.raise_action: 2,
    tracker.agree_draft: 1,
    tracker.report: 1,
    tracker.ask_later: 3,
    tracker.grant_later: 2,
    tracker.refuse_later: 1,
    tracker.move_date: 1,
    tracker.not_mine: 1,
    tracker.give_action: 2,
    tracker.propose_done: 3,
    tracker.sign_off: 2,
    tracker.hand_back: 1,
    tracker.check_impact: 2,
    tracker.withdraw_action: 1,
    tracker.recommend: 3,
    tracker.decide: 3,
    tracker.give_recommendation: 1,
    tracker.move_date_of_recommendation: 1,
    tracker.carry_out: 1,
    tracker.say_carried_out: 1,
    tracker.hand_back_recommendation: 1,
    tracker.open_recommendation_again: 1,
    tracker.ask_later_for_recommendation: 1,
    tracker.hand_over_of_leaver: 1,
    tracker.take_leave: 4,
    tracker.come_back_early: 1,
    tracker.leave_for_good: 1,
}
"""The moves of people, and how often each is made."""


@dataclass
class Month:
    """The month, and what came of it."""

    story: Story
    judge: Judge
    server: MailServer
    moves_a_day: int
    runs: list[Outcome] = field(default_factory=list)
    is_up: bool = True
    """True while the mail server takes messages."""
    _seen: int = 0
    _pack: list[Move] = field(default_factory=list)

    def live(self) -> None:
        """Live through all its days."""
        on = FIRST
        while on <= LAST:
            self._live(on)
            on += timedelta(days=1)

    def _live(self, on: date) -> None:
        story, random = self.story, self.story.random
        works = working_days().is_working_day(on)
        moves = self.moves_a_day if works else self.moves_a_day // 10
        is_down = random.random() < 0.15
        story.at(on, 7)
        self._deliver()
        story.at(on, 8, 30)
        self._run(on)
        if story.is_true(0.4):
            # an audit can be returned while the messages of the morning wait
            self._make(moves // 3)
        self._deliver()
        story.at(on, 12)
        if is_down:
            self.server.down()
            self.is_up = False
        self._make(moves // 3)
        if story.is_true(0.3):
            self._run(on)
        self._deliver()
        story.at(on, 16)
        alerts.chase(clock.clock().local())
        self._make(moves // 3)
        self._deliver()
        if is_down:
            self.server.up()
            self.is_up = True

    def _make(self, number: int) -> None:
        """Make moves in the order of a shuffled pack, in which each is as often as people make it."""
        for _ in range(number):
            if not self._pack:
                self._pack = [move for move, often in MOVES.items() for _ in range(often)]
                self.story.random.shuffle(self._pack)
            move = self._pack.pop()
            self.story.make(move.__name__, move)

    def _run(self, on: date) -> None:
        promised = _promised(on)
        outcome = run(on)
        self.runs.append(outcome)
        for message in outcome.messages:
            for item in message.items:
                if item.item in promised and item.step in STEPS_AFTER_THE_DUE_DAY:
                    self.judge.faults.append(f"{on} {message.kind} to {message.to}: {item.item} is promised")

    def _deliver(self) -> None:
        deliver(self.story.on)
        db.session.rollback()
        new = self.server.messages[self._seen :]
        self._seen += len(new)
        self.judge.judge(new)
        if self.is_up:
            self.judge.look_for_awaited()


def a_month(app: Flask, server: MailServer, seed: int, *, audits_requested: int) -> Month:
    """Set the office up on the first day, with its audits requested and assigned."""
    random = Random(seed)
    story = Story(an_office(random), random, FIRST)
    month = Month(story, Judge(app, story), server, max(18, audits_requested // 5))
    story.at(FIRST, 6)
    for number in range(1, audits_requested + 1):
        audits.request_one(story, number)
    for _ in range(4):
        audits.assign_some(story, audits_requested // 5)
    for _ in range(12):
        story.make("raise_action", tracker.raise_action)
    for _ in range(5):
        story.make("recommend", tracker.recommend)
    _quick_wins()
    return month


def _quick_wins() -> None:
    """Two quick wins for the same people, whose dates meet."""
    with transaction():
        for number, every in ((1, 2), (2, 3)):
            quick_win = QuickWin(
                reference=f"Q{number}",
                subject=f"Say when the child was seen {number}",
                message="Record it.",
                starts_on=date(2010, 11, 2),
                every_working_days=every,
                times=4,
            )
            quick_win.audience_roles = ["practitioner", "manager"]
            db.session.add(quick_win)


def _promised(on: date) -> set[str]:
    """Return the references of the audits for which a promise holds: of those of now, the latest one's date
    has not passed, the due date is at most 20 working days ago, and fewer than two were broken."""
    days, found = working_days(), set()
    for audit in db.session.scalars(select(Audit).where(Audit.promises.any())):
        live = [
            promise
            for promise in audit.promises
            if promise.given_on <= on
            and promise.ended_on is None
            and (promise.chase is None or promise.chase.struck_on is None)
        ]
        if not live or on > days.offset(audit.due_on, LAST_WORKING_DAY_PAST_DUE):
            continue
        last_days = [days.offset(promise.promised_on, 0) for promise in live]
        broken = sum(
            on > last and not any(later.given_on < last for later in live[place + 1 :])
            for place, last in enumerate(last_days)
        )
        if on <= last_days[-1] and broken < 2:
            found.add(audit.reference)
    return found
