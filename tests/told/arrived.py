"""Messages as they arrived at the mail server, judged at that moment by the facts of the moment.

The judges read the plain facts of the tables, and nothing of what the product thinks is due.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.actions.models import Action, Recommendation
from app.audits.models import Assignment, Audit
from app.concerns.models import Alert, CalledResponse, Remedy
from app.database import db
from app.news.models import News
from app.outbox.kinds import KINDS
from app.outbox.models import Message, MessageItem
from app.people.models import Leave, Person
from app.reminders.models import HeldItem
from app.workers.models import WorkerReply
from tests.conftest import let_in
from tests.pages import visible
from tests.smtp_conversation import Received
from tests.told.office import SECRET
from tests.told.story import Expected, Story, pair_of

ONE_A_DAY = ("digest", "manager", "calls", "weekly", "practice")
ALSO_ON_LEAVE = {"chase", "declined", "confirm", "alert", "response", "reply", "replied"}
FIRST_OPENED, ONE_OPENED_OF = 2, 30
"""The links of a sample are opened: of the first messages of each kind, then of one in so many."""

BASE_URL = "http://127.0.0.1:8000"
REFERENCE = re.compile(r"(?<![\w-])(?:CP-\d{3}(?:-[PWAF]\d+)?|[ARQ]\d+)(?![\w-])")


@dataclass(frozen=True)
class Arrived:
    """A message in the hands of its receiver."""

    id: int
    kind: str
    person: int
    on: date
    decided_on: date
    """The day of the run that decided it: an earlier one where the mail server was down or they were away."""
    subject: str
    text: str
    whole: str
    """Its headers and both its parts: all that can be read of it."""

    @property
    def references(self) -> set[str]:
        return set(REFERENCE.findall(f"{self.subject}\n{self.text}"))

    @property
    def links(self) -> list[str]:
        return list(dict.fromkeys(re.findall(rf'{BASE_URL}([^\s"<]*)', self.text)))


def arrived(received: Received, on: date) -> Arrived:
    """Return what the mail server accepted, with the row of the outbox that it was."""
    mail = message_from_bytes(received.content)
    texts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    parts = [str(part.get_payload(decode=True), "utf-8") for part in texts]  # type: ignore[arg-type]
    uid = received.message_id.strip("<>").partition("@")[0]
    row = db.session.scalars(select(Message).where(Message.uid == uid)).one()
    receiver = db.session.scalars(select(Person).where(Person.email == received.recipients[0])).one()
    assert receiver.id == row.recipient
    whole = "\n".join([str(mail.items()), received.subject, *parts])
    return Arrived(row.id, row.kind, receiver.id, on, row.on, received.subject, parts[0], whole)


@dataclass
class Judge:
    """Collects what is wrong with messages, and how many there are."""

    app: Flask
    story: Story
    faults: list[str] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)
    per_day: Counter[tuple[int, date]] = field(default_factory=Counter)
    once: Counter[tuple[int, date, str]] = field(default_factory=Counter)
    on_a_date: dict[tuple[int, date, str], Arrived] = field(default_factory=dict)
    late: Counter[tuple[int, date, str]] = field(default_factory=Counter)
    items: Counter[tuple[object, ...]] = field(default_factory=Counter)
    news: Counter[tuple[int, int]] = field(default_factory=Counter)
    told: dict[str, Counter[tuple[int, str]]] = field(default_factory=lambda: defaultdict(Counter))
    """The number of messages of a kind that told a person of a reference."""
    links: int = 0
    _clients: dict[int, FlaskClient] = field(default_factory=dict)

    def judge(self, received: Sequence[Received]) -> None:
        """Judge what has just arrived."""
        for each in received:
            self._judge(arrived(each, self.story.on))

    def look_for_awaited(self) -> None:
        """Look whether those who had to be told by now were told, as far as they are there."""
        for each in sorted(self.story.awaited):
            kind, person, reference = each
            moves = self.story.handed_over if kind == "handed-over" else self.story.given
            wanted = moves[person, reference]
            if kind == "given":
                wanted -= self.story.silent[person, reference]
            if (
                kind not in KINDS
                or self.told[kind][person, reference] >= wanted
                or not _still_wanted(each, self.story)
            ):
                self.story.awaited.discard(each)
            elif self.story.is_there(person):
                self.story.awaited.discard(each)
                name = self.story.office.names[person]
                self.faults.append(f"{self.story.on} {name} was not told of {reference} ({kind})")

    def _judge(self, message: Arrived) -> None:
        self.by_kind[message.kind] += 1
        self.per_day[message.person, message.on] += 1
        for reference in message.references:
            self.told[message.kind][message.person, reference] += 1
        self._receiver(message)
        if SECRET in message.whole.lower():
            self._fault(message, "says what no email may say")
        for fault in self._items(message):
            self._fault(message, fault)
        if (judge := JUDGES.get(message.kind)) is not None:
            for fault in judge(message, self.story):
                self._fault(message, fault)
        if self.by_kind[message.kind] <= FIRST_OPENED or message.id % ONE_OPENED_OF == 0:
            self._open_links(message)
        self.story.written_to |= {(message.person, reference) for reference in message.references}

    def _fault(self, message: Arrived, what: str) -> None:
        name = self.story.office.names[message.person]
        self.faults.append(f"{message.on} {message.kind} to {name}: {what}")

    def _receiver(self, message: Arrived) -> None:
        if self.story.has_left(message.person):
            self._fault(message, "they have left")
        if self.story.is_away(message.person) and message.kind not in ALSO_ON_LEAVE:
            self._fault(message, "they are on leave")
        if message.kind in ONE_A_DAY:
            self.once[message.person, message.decided_on, message.kind] += 1
            if self.once[message.person, message.decided_on, message.kind] > 1:
                self._fault(message, "the second of that date")
            key = (message.person, message.on, message.kind)
            before = self.on_a_date.setdefault(key, message)
            if before is not message:
                # one of yesterday that was kept up in the night, and then that of this morning
                self.late[key] += 1
                if before.decided_on == message.decided_on or self.late[key] > 1:
                    self._fault(message, "the second on that date")

    def _items(self, message: Arrived) -> Iterator[str]:
        """Yield what is wrong with the steps that a message carries: done, somebody else's, or repeated."""
        carried = select(MessageItem).where(MessageItem.carrier_id == message.id)
        rows = db.session.scalars(carried).all()
        for item in rows:
            key = (
                item.obligation_kind,
                item.obligation_id,
                item.person_id,
                item.kind,
                item.step,
                item.anchor_on,
                item.leaver_id,
            )
            self.items[key] += 1
            if self.items[key] > 1:
                yield f"{item.reference}, {item.step}, for the second time"
            if _is_held(item, self.story.on):
                yield f"{item.reference}, {item.step}, is held"
            if item.step == "news":
                self.news[item.obligation_id, item.person_id] += 1
                if wrong := _wrong_news(item):
                    yield f"{item.reference}, news: {wrong}"
            elif item.obligation_kind in STATES and (wrong := _wrong(item, message, self.story)):
                yield f"{item.reference}, {item.step}: {wrong}"
        if rows and message.kind != "weekly":
            unknown = message.references - {item.reference for item in rows} - _told_beside(rows)
            if unknown:
                yield f"speaks of {sorted(unknown)}, which it does not carry"

    def _open_links(self, message: Arrived) -> None:
        if message.person not in self._clients:
            self._clients[message.person] = let_in(self.app.test_client(), self.story.person(message.person))
        for link in message.links:
            answer = self._clients[message.person].get(link)
            self.links += 1
            if answer.status_code == 302 and "sign-in" in answer.location:
                let_in(self._clients[message.person], self.story.person(message.person))
                answer = self._clients[message.person].get(link)
            if answer.status_code != 200:
                self._fault(message, f"{link} answers {answer.status_code}")
            elif message.kind in LEAD_TO_ALL:
                page = visible(answer.get_data(as_text=True))
                missing = {
                    each
                    for each in message.references
                    if not re.search(rf"(?<![\w-]){each}(?![\w-])", page)
                    and not (message.kind == "calls" and _was_spoken_about(each, message.decided_on))
                }
                if missing:
                    self._fault(message, f"{link} does not show {sorted(missing)}")

    def too_often(self) -> list[str]:
        """Return the people who were told more than once of one move, and the news that came twice."""
        found = []
        for kind, moves in (("handed-over", self.story.handed_over), ("given", self.story.given)):
            for (person, reference), times in self.told[kind].items():
                beside = kind == "given" and reference.startswith("CP-") and reference.count("-") == 1
                if times > moves[person, reference] and not beside:
                    name = self.story.office.names[person]
                    wanted = moves[person, reference]
                    found.append(f"{name} was told {times} times of {reference} ({kind}), not {wanted}")
        found += [
            f"news {news} to {person} came {times} times"
            for (news, person), times in self.news.items()
            if times > 1
        ]
        return found


Owned = Action | Recommendation | Remedy

LEAD_TO_ALL = {
    "digest",
    "manager",
    "calls",
    "assigned",
    "chase",
    "confirm",
    "declined",
    "given",
    "to-do-again",
}


def _told_beside(rows: Sequence[MessageItem]) -> set[str]:
    """Return the references that stand beside those of the items: the audit of a remedy or of a response."""
    return {item.reference.rpartition("-")[0] for item in rows if item.reference.count("-") > 1}


def _was_spoken_about(reference: str, since: date) -> bool:
    """True where somebody asked about an audit, or promised it, since the day on which the message was
    decided: it is off the calls to make."""
    audit = db.session.scalars(select(Audit).where(Audit.reference == reference)).one_or_none()
    if audit is None:
        return False
    return any(chase.day >= since for chase in audit.chases) or any(
        promise.given_on >= since for promise in audit.promises
    )


# what is wrong with a step


def _is_held(item: MessageItem, on: date) -> bool:
    """True for a reminder that a coordinator holds back on a day, for a time or for good."""
    held = select(HeldItem.id).where(
        HeldItem.obligation_kind == item.obligation_kind,
        HeldItem.obligation_id == item.obligation_id,
        HeldItem.person_id == item.person_id,
        HeldItem.kind == item.kind,
        HeldItem.step == item.step,
        HeldItem.anchor_on == item.anchor_on,
        HeldItem.let_go_on.is_(None),
        HeldItem.until_on.is_(None) | (HeldItem.until_on >= on),
    )
    return db.session.scalar(held.limit(1)) is not None


def _wrong(item: MessageItem, message: Arrived, story: Story) -> str:
    state = STATES[item.obligation_kind](item.obligation_id)
    if state:
        return state
    if item.obligation_kind == "audit" and message.kind in ("digest", "assigned", "manager"):
        return _wrong_receiver(item, message, story)
    if item.obligation_kind in ("action", "recommendation", "remedy") and message.kind == "digest":
        owner = _owner(item)
        if message.person != owner and message.person not in story.office.coordinators:
            return "it is somebody else's"
    return ""


def _wrong_news(item: MessageItem) -> str:
    """Return what is not true any more of a piece of news that arrived, or is said twice of one thing."""
    news = db.session.get(News, item.obligation_id)
    if news is None:
        return "it was taken back"
    beside = select(func.count(News.id)).join(MessageItem, MessageItem.obligation_id == News.id)
    same = beside.where(
        MessageItem.step == "news",
        MessageItem.carrier_id == item.carrier_id,
        News.about_kind == news.about_kind,
        News.about_id == news.about_id,
        News.what == news.what,
        News.what != "to moderate",
    )
    if (db.session.scalar(same) or 0) > 1:
        return f"“{news.what}” stands there twice"
    return _not_true(news)


def _not_true(news: News) -> str:
    if news.about_kind == "audit":
        audit = db.session.get_one(Audit, news.about_id)
        people = {part: db.session.get_one(Person, held) for part, held in pair_of(audit).items()}
        others = [person.name for person in people.values() if person.id != news.person_id]
        said = [news.facts["auditor"]] if "auditor" in news.facts else []
        if news.what == "other auditor" and others != said:
            return f"the other auditor is {others}"
        due_on: date | None = audit.due_on
    elif news.about_kind in ("action", "recommendation", "remedy"):
        [thing] = _owned([news.reference])
        is_over = isinstance(thing, Action | Remedy) and thing.withdrawn_on is not None
        says_it_is_over = news.what in ("no longer theirs", "nothing more to do")
        if says_it_is_over and thing.owner_id == news.person_id and not is_over:
            return "it is theirs"
        due_on = thing.due_on
    else:
        return ""
    if news.what in ("other due date", "later granted") and news.facts["due_on"] != str(due_on):
        return f"it is due {due_on}"
    return ""


def _wrong_receiver(item: MessageItem, message: Arrived, story: Story) -> str:
    audit = db.session.get_one(Audit, item.obligation_id)
    if item.due_on != audit.due_on:
        return "it has another due date"
    pair = set(pair_of(audit).values())
    if message.kind == "manager":
        managers = {db.session.get_one(Person, person).line_manager_id for person in pair}
        return "" if managers & _acting_as(message.person, story) else "nobody of theirs has it"
    if message.person in pair or message.person in story.office.coordinators:
        return ""
    return "it is somebody else's"


def _acting_as(person: int, story: Story) -> set[int]:
    """Return a person and those on leave whose deputy they are today."""
    spells = select(Leave.person_id).where(
        Leave.deputy_id == person, Leave.from_on <= story.on, Leave.to_on >= story.on
    )
    return {person, *db.session.scalars(spells)}


def _owner(item: MessageItem) -> int | None:
    [thing] = _owned([item.reference])
    return thing.owner_id


def _owned(references: Iterable[str]) -> list[Owned]:
    """Return what has one owner, of these references."""
    wanted = list(references)
    return [
        *db.session.scalars(select(Action).where(Action.reference.in_(wanted))),
        *db.session.scalars(select(Recommendation).where(Recommendation.reference.in_(wanted))),
        *db.session.scalars(select(Remedy).where(Remedy.reference.in_(wanted))),
    ]


def _audit(audit_id: int) -> str:
    audit = db.session.get_one(Audit, audit_id)
    if audit.returned_on is not None:
        return "it is back"
    if audit.withdrawn_on is not None:
        return "it is withdrawn"
    return "it is exempt" if audit.exempted_on is not None else ""


def _action(action_id: int) -> str:
    action = db.session.get_one(Action, action_id)
    if action.done_on is not None:
        return "it is done"
    if action.withdrawn_on is not None:
        return "it is withdrawn"
    return "it is a draft" if action.is_draft else ""


def _recommendation(recommendation_id: int) -> str:
    recommendation = db.session.get_one(Recommendation, recommendation_id)
    if recommendation.carried_out_on is not None:
        return "it is carried out"
    return "it is decided against" if recommendation.decision in ("rejected", "deferred") else ""


def _remedy(remedy_id: int) -> str:
    remedy = db.session.get_one(Remedy, remedy_id)
    return "it is over" if remedy.done_on is not None or remedy.withdrawn_on is not None else ""


def _response(response_id: int) -> str:
    response = db.session.get_one(CalledResponse, response_id)
    return "it is over" if response.answered_on is not None or response.fell_away_on is not None else ""


STATES: dict[str, Callable[[int], str]] = {
    "audit": _audit,
    "action": _action,
    "recommendation": _recommendation,
    "remedy": _remedy,
    "response": _response,
}
"""The judges of a thing, by its kind: why it is over; nothing while it is to be done."""


# what is wrong with a message that was sent at once


def _chase(message: Arrived, story: Story) -> Iterator[str]:
    for audit in _audits(message):
        pair = pair_of(audit)
        if audit.withdrawn_on or audit.exempted_on or message.person not in pair.values():
            yield f"{audit.reference} is not theirs to do"
        if audit.returned_on and (audit.confirmed_on or pair.get("second") != message.person):
            yield f"{audit.reference} is back"


def _confirm(message: Arrived, _story: Story) -> Iterator[str]:
    for audit in _audits(message):
        if not audit.returned_on or audit.confirmed_on or pair_of(audit).get("second") != message.person:
            yield f"{audit.reference} is not theirs to confirm"


def _declined(message: Arrived, _story: Story) -> Iterator[str]:
    for audit in _audits(message):
        if _audit(audit.id) or len(pair_of(audit)) == audit.cycle.auditors:
            yield f"{audit.reference} lacks nobody"


def _reply(message: Arrived, _story: Story) -> Iterator[str]:
    for audit in _audits(message):
        open_ones = select(WorkerReply.id).where(
            WorkerReply.audit_id == audit.id,
            WorkerReply.worker_id == message.person,
            WorkerReply.replied_on.is_(None),
            WorkerReply.ended_on.is_(None),
        )
        if db.session.scalar(open_ones.limit(1)) is None:
            yield f"no reply of theirs about {audit.reference} is waited for"


def _replied(message: Arrived, _story: Story) -> Iterator[str]:
    for audit in _audits(message):
        undecided = select(WorkerReply.id).where(
            WorkerReply.audit_id == audit.id,
            WorkerReply.replied_on.is_not(None),
            WorkerReply.decided_on.is_(None),
            WorkerReply.ended_on.is_(None),
        )
        if db.session.scalar(undecided.limit(1)) is None:
            yield f"the reply about {audit.reference} is decided"


def _asked(message: Arrived, _story: Story) -> Iterator[str]:
    for audit in _audits(message):
        open_ones = select(CalledResponse.id).where(
            CalledResponse.audit_id == audit.id,
            CalledResponse.answered_on.is_(None),
            CalledResponse.fell_away_on.is_(None),
        )
        if db.session.scalar(open_ones.limit(1)) is None:
            yield f"no response about {audit.reference} is waited for"


def _alert(message: Arrived, _story: Story) -> Iterator[str]:
    query = select(Alert).where(Alert.reference.in_(message.references), Alert.acknowledged_at.is_not(None))
    for alert in db.session.scalars(query):
        yield f"{alert.reference} was taken up"


def _handed_over(message: Arrived, _story: Story) -> Iterator[str]:
    for audit in _audits(message):
        if message.person in pair_of(audit).values() and not _audit(audit.id):
            yield f"{audit.reference} is theirs"
        if (message.person, audit.reference) not in _story.handed_over:
            yield f"{audit.reference} was not taken from them"


def _to_do_again(message: Arrived, _story: Story) -> Iterator[str]:
    for audit in _audits(message):
        if message.person not in pair_of(audit).values() or _audit(audit.id):
            yield f"{audit.reference} is not theirs to do"


def _given(message: Arrived, _story: Story) -> Iterator[str]:
    for thing in _owned(message.references):
        if thing.owner_id != message.person or STATES[thing.kind](thing.id):
            yield f"{thing.reference} is not theirs to do"


JUDGES: dict[str, Callable[[Arrived, Story], Iterator[str]]] = {
    "chase": _chase,
    "confirm": _confirm,
    "declined": _declined,
    "reply": _reply,
    "replied": _replied,
    "response": _asked,
    "alert": _alert,
    "handed-over": _handed_over,
    "to-do-again": _to_do_again,
    "given": _given,
}


def _audits(message: Arrived) -> Sequence[Audit]:
    return db.session.scalars(select(Audit).where(Audit.reference.in_(message.references))).all()


def _still_wanted(expected: Expected, story: Story) -> bool:
    """Return True while somebody is to be told: of what was taken from them and is not theirs again, or of
    what they were given, and still have to do."""
    kind, person, reference = expected
    if story.has_left(person):
        return False
    if kind == "handed-over":
        audit = db.session.scalars(select(Audit).where(Audit.reference == reference)).one()
        held = select(Assignment.id).where(
            Assignment.audit_id == audit.id, Assignment.person_id == person, Assignment.ended_on.is_(None)
        )
        return db.session.scalar(held.limit(1)) is None or bool(_audit(audit.id))
    return any(thing.owner_id == person and not STATES[thing.kind](thing.id) for thing in _owned([reference]))
