"""The moves of coordinators and auditors with audits in the month, by the product's own moves."""

from datetime import timedelta

from sqlalchemy import exists, select

from app import clock
from app.assigning import moves as assigning
from app.assigning.moves import NewPair
from app.assigning.requesting import request
from app.audits import chasing, moves, promising
from app.audits.models import Assignment, Audit, Chase
from app.concerns import alerts, remedies
from app.concerns.alerts import PhoneCall
from app.concerns.models import Alert, Remedy
from app.database import db
from app.people.closures import working_days
from app.reminders.deciding import day_of, decide
from app.reminders.holds import can_be_held, hold, let_go
from app.reminders.models import HeldItem
from app.workers.naming import name_worker
from app.workers.replies import note_talk
from tests.told.office import ALONE, PAIRS, SECRET, TEAMS, team_id
from tests.told.story import BACK, OPEN, OUT, NobodyThere, Story, pair_of

HAS_AUDITORS = exists().where(Assignment.audit_id == Audit.id, Assignment.ended_on.is_(None))


def request_one(story: Story, number: int) -> None:
    """Request an audit; of three audits in four a worker is named, every fifth needs one auditor alone."""
    team = story.random.choice(TEAMS)
    workers = [worker for worker, their in story.office.workers.items() if their == team]
    request(
        ALONE if number % 5 == 0 else PAIRS,
        f"CP-{number:03}",
        f"{SECRET}{number:04}",
        team_id(team),
        story.person(story.office.coordinators[0]),
        story.on,
        due_on=story.on + timedelta(days=story.random.randint(3, 17)),
        worker_id=story.random.choice(workers) if story.is_true(0.75) else None,
    )


def assign_some(story: Story, number: int = 8) -> None:
    """Assign several audits that have nobody, in one step."""
    waiting = db.session.scalars(select(Audit).where(*OPEN, ~HAS_AUDITORS).order_by(Audit.id).limit(number))
    pairs = []
    for audit in waiting.all():
        lead, second = story.random.sample(_independent(story, audit), 2)
        pairs.append(NewPair(audit.reference, lead, None if audit.cycle.auditors == 1 else second))
    if not pairs:
        raise NobodyThere
    assigning.assign_all(pairs, story.coordinator(), story.on)


def _independent(story: Story, audit: Audit) -> list[int]:
    """Return the auditors of other teams who have not left and are not of the audit."""
    team, taken = audit.team.name, set(pair_of(audit).values())
    return [
        person
        for person, their in story.office.auditors.items()
        if their != team and person not in taken and not story.has_left(person)
    ]


def fill_gap(story: Story) -> None:
    """Assign somebody in the place of one who declined."""
    for audit in db.session.scalars(select(Audit).where(*OPEN, HAS_AUDITORS).order_by(Audit.id)):
        pair = pair_of(audit)
        if len(pair) == 1 and audit.cycle.auditors == 2:
            new = story.random.choice(_independent(story, audit))
            part = "second" if "lead" in pair else "lead"
            new_pair = NewPair(audit.reference, *((new, None) if part == "lead" else (None, new)))
            assigning.assign(new_pair, story.coordinator(), story.on)
            return
    raise NobodyThere


def decline(story: Story) -> None:
    audit = story.audit(*OPEN, HAS_AUDITORS)
    by = story.one_of(list(pair_of(audit).values()))
    reason = story.random.choice(("capacity", "leave", "conflict"))
    assigning.decline(audit.reference, by, story.on, reason, story.secret("I said"))


def reassign(story: Story) -> None:
    """Give one part to somebody else, sometimes with a later due date."""
    audit = story.audit(*OPEN, HAS_AUDITORS)
    part, before = story.random.choice(sorted(pair_of(audit).items()))
    to = story.random.choice(_independent(story, audit))
    later = max(audit.due_on, story.on) + timedelta(days=5) if story.is_true(0.3) else None
    because = story.secret("Replaced")
    assigning.reassign(audit.reference, part, to, story.coordinator(), story.on, because, later)
    story.lose(before, audit.reference)


def hand_on_leaver(story: Story) -> None:
    """Give all audits of somebody who has left to another, in one step."""
    left = [person for person in story.office.auditors if story.has_left(person)]
    held = select(Audit).join(Assignment, Assignment.audit_id == Audit.id)
    for person in left:
        of_person = held.where(Assignment.person_id == person, Assignment.ended_on.is_(None), *OPEN)
        references = [audit.reference for audit in db.session.scalars(of_person.order_by(Audit.id))]
        if references:
            to = story.one_of(list(story.office.auditors)).id
            because = story.secret("Left")
            assigning.reassign_all(references, person, to, story.coordinator(), story.on, because)
            return
    raise NobodyThere


def extend(story: Story) -> None:
    audit = story.audit(*OUT)
    due_on = max(audit.due_on, story.on) + timedelta(days=story.random.randint(3, 8))
    moves.extend(audit.reference, story.coordinator(), story.on, story.secret("Longer"), due_on)


def withdraw(story: Story) -> None:
    audit = story.audit(*OUT)
    pair = pair_of(audit)
    moves.withdraw(audit.reference, story.coordinator(), story.on, story.secret("Withdrawn"))
    for person in pair.values():
        story.lose(person, audit.reference)


def exempt(story: Story) -> None:
    audit = story.audit(*OPEN, HAS_AUDITORS)
    pair = pair_of(audit)
    moves.exempt(audit.reference, story.coordinator(), story.on, story.secret("Exempt"), story.secret("Head"))
    for person in pair.values():
        story.lose(person, audit.reference)


def take_back_exemption(story: Story) -> None:
    audit = story.audit(*OUT, Audit.exempted_on.is_not(None))
    moves.lift_exemption(audit.reference, story.coordinator(), story.on, story.secret("After all"))


def chase(story: Story) -> None:
    """Chase one audit by hand, or three at once."""
    late = (Audit.due_on <= story.on, HAS_AUDITORS)
    if story.is_true():
        audit = story.audit(*OPEN, *late)
        chasing.chase(audit.reference, story.coordinator(), story.on, "Can I help you?")
    else:
        references = {story.audit(*OPEN, *late).reference for _ in range(3)}
        chasing.chase_all(sorted(references), story.coordinator(), story.on, "When will it be back?")


def chase_confirmation(story: Story) -> None:
    audit = story.audit(*BACK, Audit.confirmed_on.is_(None))
    chasing.chase(audit.reference, story.coordinator(), story.on, "Please confirm it.")


def note_promise(story: Story) -> None:
    """Note a phone call in which an auditor said when it will be back."""
    audit = story.audit(*OPEN, HAS_AUDITORS, Audit.due_on <= story.on + timedelta(days=2))
    day = story.on - timedelta(days=story.random.choice((0, 0, 0, 1)))
    back_on = story.on + timedelta(days=story.random.randint(0, 9))
    by = story.coordinator()
    with_whom, outcome = story.secret("With"), story.secret("They said")
    chasing.log_chase(audit.reference, by, story.on, day, "phone", with_whom, outcome, back_on)


def promise(story: Story) -> None:
    audit = story.audit(*OPEN, HAS_AUDITORS, Audit.due_on <= story.on + timedelta(days=4))
    by = story.one_of(list(pair_of(audit).values()))
    back_on = story.on + timedelta(days=story.random.randint(1, 9))
    promising.promise(audit.reference, by, story.on, back_on)


def strike_chase(story: Story) -> None:
    chases = select(Chase).where(Chase.struck_on.is_(None), Chase.new_expected_on.is_not(None))
    logged = story.random.choice(db.session.scalars(chases.order_by(Chase.id)).all() or [None])
    if logged is None:
        raise NobodyThere
    audit = db.session.get_one(Audit, logged.audit_id)
    because = story.secret("Wrong entry")
    chasing.strike_chase(audit.reference, logged.id, story.coordinator(), story.on, because)


def hold_reminder(story: Story) -> None:
    """Hold a reminder that is due today, for some days or for good."""
    settled = decide(day_of(story.on))
    due = [item for items in settled.messages.values() for item in items if can_be_held(item)]
    if not due:
        raise NobodyThere
    item = story.random.choice(sorted(due))
    until_on = story.on + timedelta(days=story.random.randint(0, 4)) if story.is_true() else None
    hold(item, story.coordinator(), story.on, until_on, story.secret("Held"))


def let_reminder_go(story: Story) -> None:
    held = db.session.scalars(
        select(HeldItem)
        .where(HeldItem.let_go_on.is_(None), HeldItem.until_on.is_(None) | (HeldItem.until_on >= story.on))
        .order_by(HeldItem.id)
    ).all()
    if not held:
        raise NobodyThere
    let_go(story.random.choice(held).id, story.coordinator(), story.on)


def name_another_worker(story: Story) -> None:
    audit = story.audit(Audit.withdrawn_on.is_(None), Audit.worker_id.is_not(None))
    worker = story.one_of([worker for worker in story.office.workers if worker != audit.worker_id])
    name_worker(audit.reference, worker.id, story.coordinator(), story.on)


def talk(story: Story) -> None:
    audit = story.audit(*BACK, Audit.worker_id.is_not(None))
    who, agreed = story.secret("Who"), story.secret("Agreed")
    note_talk(audit.reference, story.on, who, agreed, story.coordinator(), story.on)


def worry(story: Story) -> None:
    """Record a worry about a child, after a phone call."""
    audit = story.audit(*OUT, HAS_AUDITORS)
    by = story.one_of(list(pair_of(audit).values()))
    call = PhoneCall(*(story.secret(what) for what in ("Whom", "When", "How", "Answer")))
    alerts.raise_alert(audit.reference, call, by, clock.now(), story.on)


def take_up_worry(story: Story) -> None:
    open_ones = select(Alert).where(Alert.acknowledged_at.is_(None)).order_by(Alert.id)
    alert = db.session.scalars(open_ones).first()
    if alert is None:
        raise NobodyThere
    receivers = [person.id for person in alerts.receivers(alert, story.on) if person.id != alert.raised_by_id]
    by = story.one_of(receivers)
    alerts.acknowledge(alert.reference, by, story.secret("I visit"), clock.now(), story.on)


def note_remedy(story: Story) -> None:
    audit = story.audit(*BACK, HAS_AUDITORS)
    by = story.one_of(list(pair_of(audit).values()))
    owner = story.office.managers[audit.team.name] if story.is_true(0.8) else None
    due_on = story.on + timedelta(days=story.random.randint(1, 10))
    reference = remedies.note(audit.reference, story.secret("Put right"), due_on, owner, by, story.on)
    story.give(owner, reference, by)


def put_right(story: Story) -> None:
    remedy = story.remedy(*OPEN_REMEDY, Remedy.owner_id.is_not(None))
    remedies.finish(remedy.reference, story.secret("Done"), story.one_of([remedy.owner_id or 0]), story.on)


def hand_on_remedy(story: Story) -> None:
    remedy = story.remedy(*OPEN_REMEDY)
    to = story.one_of([owner for owner in story.office.owners if owner != remedy.owner_id])
    by = story.coordinator()
    remedies.hand_on(remedy.reference, to.id, by, story.on)
    story.give(to.id, remedy.reference, by)


def give_remedy_more_time(story: Story) -> None:
    remedy = story.remedy(*OPEN_REMEDY)
    due_on = working_days().offset(max(remedy.due_on, story.on), 3)
    because = story.secret("More time")
    remedies.give_more_time(remedy.reference, due_on, because, story.coordinator(), story.on)


OPEN_REMEDY = (Remedy.done_on.is_(None), Remedy.withdrawn_on.is_(None))
