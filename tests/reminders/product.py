"""The product on the facts of the second implementation: loaded straight into its tables, run, read back."""

import uuid
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from app.actions.models import Action, MovedDate, Recommendation
from app.answers.models import Moderation
from app.audits.cycle import Cycle
from app.audits.models import Assignment, Audit, AuditPromise, Chase, Extension, Return
from app.concerns.models import CalledResponse, Remedy
from app.database import db, transaction
from app.news.happenings import Happening
from app.news.models import News
from app.outbox.models import QUEUED, SENT, DeliveryState, Message, MessageItem
from app.people.closures import forget_working_days
from app.people.models import Closure, Leave, Person, PersonRole, Team
from app.quick_wins.models import AudienceRole, AudienceTeam, QuickWin
from app.reminders.daily_run import Outcome
from app.reminders.models import DailyRun, EditedLadder, NotSent
from tests.factories import a_tool

from . import second_facts as second
from .second_promises import days_that_end_promises

EMPTIED = (
    News,
    MessageItem,
    NotSent,
    Message,
    DailyRun,
    DeliveryState,
    EditedLadder,
    Remedy,
    CalledResponse,
    Moderation,
    AudienceRole,
    AudienceTeam,
    QuickWin,
    MovedDate,
    Action,
    Recommendation,
    AuditPromise,
    Chase,
    Return,
    Extension,
    Assignment,
    Audit,
    Cycle,
    Leave,
    PersonRole,
    Closure,
)


def load(facts: second.Facts) -> None:
    """Put the facts into the product's tables, which are emptied first."""
    tool_id = a_tool().id
    with transaction():
        for model in EMPTIED:
            db.session.execute(db.delete(model))
        db.session.execute(db.update(Person).values(line_manager_id=None))
        db.session.execute(db.delete(Person))
        db.session.execute(db.delete(Team))
        db.session.expunge_all()
        names = {person.team for person in facts.people}
        names |= {audit.team for audit in facts.audits}
        names |= {name for quick_win in facts.quick_wins for name in quick_win.audience_teams}
        teams = {name: Team(name=name) for name in sorted(names)}
        db.session.add_all(teams.values())
        db.session.flush()
        team_ids = {name: row.id for name, row in teams.items()}
        people = _people(facts.people, team_ids)
        db.session.add_all(Closure(day=day) for day in facts.closures)
        db.session.flush()
        cycles = {cycle.reference: _cycle(cycle, tool_id, people) for cycle in facts.cycles}
        db.session.add_all(cycles.values())
        db.session.flush()
        audits = {
            audit.reference: _audit(audit, cycles[audit.cycle].id, team_ids[audit.team], people)
            for audit in facts.audits
        }
        db.session.add_all(audits.values())
        db.session.flush()
        for moderated in (audit for audit in facts.audits if audit.moderated is not None):
            db.session.add(_moderation(moderated, audits, people))
        db.session.add_all(_response(called, audits) for called in facts.responses)
        if facts.response_ladder != second.RESPONSE_LADDER:
            db.session.add(_edited(facts.response_ladder))
        audit_id = db.session.scalar(db.select(db.func.min(Audit.id)))
        for remedy in facts.remedies:
            db.session.add(_remedy(remedy, audit_id, people))
        _load_tracker(facts, people, team_ids, cycles)
        db.session.flush()
        ids = {
            (name, row.reference): row.id
            for name, model in _MODELS.items()
            for row in db.session.execute(db.select(model.id, model.reference))
        }
        db.session.add_all(_news(news, ids, people) for news in facts.news)
    forget_working_days()


Workers = tuple[dict[str, bool], dict[str, str | None]]
"""Facts without a history in the product: the cycles that tell workers, and the worker of each audit."""


def workers_on(facts: second.Facts, on: date) -> Workers:
    """Return what holds on a day, by the references of cycles and audits."""
    telling = {
        cycle.reference: [each.are_told for each in cycle.telling if each.since is None or each.since <= on]
        for cycle in facts.cycles
    }
    named = {
        audit.reference: [each.worker for each in audit.workers if each.since is None or each.since <= on]
        for audit in facts.audits
    }
    return (
        {reference: bool(found and found[-1]) for reference, found in telling.items()},
        {reference: found[-1] if found else None for reference, found in named.items()},
    )


def tell_workers(workers: Workers) -> None:
    """Set the worker of each audit, and whether its cycle tells workers."""
    telling, named = workers
    with transaction():
        people = dict(db.session.execute(db.select(Person.email, Person.id)).all())
        for cycle in db.session.scalars(db.select(Cycle)):
            cycle.workers = "told" if telling[cycle.reference] else "not told"
        for audit in db.session.scalars(db.select(Audit)):
            worker = named[audit.reference]
            audit.worker_id = people[worker] if worker else None


_MODELS: dict[str, type[Audit] | type[Action] | type[Recommendation] | type[Remedy]] = {
    "audit": Audit,
    "action": Action,
    "recommendation": Recommendation,
    "remedy": Remedy,
}


def _news(news: second.News, ids: dict[tuple[str, str], int], people: dict[str, Person]) -> News:
    kind, reference = news.about
    what = Happening.TO_MODERATE if news.for_moderators else Happening.GRADE_CHANGED
    return News(
        id=news.number,
        person_id=people[news.person].id,
        what=what.value,
        about_kind=kind,
        about_id=ids[news.about],
        reference=reference,
        made_on=news.made_on,
        read_on=news.read_on,
    )


def _load_tracker(
    facts: second.Facts, people: dict[str, Person], teams: dict[str, int], cycles: dict[str, Cycle]
) -> None:
    """Recommendations, actions and quick wins."""
    for one in facts.recommendations:
        row = _owned(
            Recommendation,
            one,
            people,
            cycle_id=next(iter(cycles.values())).id,
            raised_on=one.raised_on,
            decision=one.decision,
            decided_on=one.decided_on,
            carried_out_on=one.carried_out_on,
        )
        db.session.add(row)
    actions = {}
    for each in facts.actions:
        actions[each.reference] = _owned(
            Action,
            each,
            people,
            agreed_on=each.agreed_on,
            done_on=each.done_on,
            signed_off_on=each.impact_checked_on,
            impact_checked_on=each.impact_checked_on,
            impact="effective" if each.impact_checked_on else None,
            withdrawn_on=each.withdrawn_on,
        )
    db.session.add_all(actions.values())
    db.session.flush()
    ids = {reference: action.id for reference, action in actions.items()}
    db.session.add_all(_quick_win(one, ids, teams) for one in facts.quick_wins)


def _people(facts: Iterable[second.Person], teams: dict[str, int]) -> dict[str, Person]:
    people = {
        person.email: Person(
            email=person.email,
            name=person.email.split("@")[0],
            fs_uniquifier=uuid.uuid4().hex,
            leaving_on=person.leaving_on,
            news_by_email=person.news_by_email,
            team_id=teams[person.team],
            roles=[PersonRole(name=role) for role in person.roles],
        )
        for person in facts
    }
    db.session.add_all(people.values())
    db.session.flush()
    for person in facts:
        row = people[person.email]
        row.line_manager_id = people[person.line_manager].id if person.line_manager else None
        for leave in person.leaves:
            deputy_id = people[leave.deputy].id if leave.deputy else None
            row.leave.append(Leave(from_on=leave.from_on, to_on=leave.to_on, deputy_id=deputy_id))
    db.session.flush()
    return people


def _moderation(audit: second.Audit, audits: dict[str, Audit], people: dict[str, Person]) -> Moderation:
    assert audit.moderated is not None
    moderator, on = audit.moderated
    return Moderation(
        audit_id=audits[audit.reference].id,
        chosen_because="lowest",
        moderator_id=people[moderator].id,
        decided_on=on,
        outcome="agreed",
        read_before_grade=True,
    )


def _response(called: second.Called, audits: dict[str, Audit]) -> CalledResponse:
    return CalledResponse(
        reference=called.reference,
        audit_id=audits[called.audit].id,
        called_on=called.called_on,
        due_on=called.due_on,
        questions=["grade"],
        answered_on=called.answered_on,
        fell_away_on=called.fell_away_on,
    )


def _edited(ladder: tuple[second.Step, ...]) -> EditedLadder:
    """The ladder of responses as it is stored where a coordinator changed it."""
    audiences = {"those asked": "asked"}
    steps = [
        {
            "step": step.name,
            "offset": step.offset,
            "anchor": "due",
            "to": {audiences.get(who, who): kind for who, kind in step.to},
        }
        for step in ladder
    ]
    return EditedLadder(obligation_kind="response", steps=steps)


def _cycle(cycle: second.Cycle, tool_id: int, people: dict[str, Person]) -> Cycle:
    return Cycle(
        reference=cycle.reference,
        title=cycle.reference,
        theme="Theme",
        tool_id=tool_id,
        requested_on=cycle.requested_on,
        due_on=cycle.due_on,
        closed_on=cycle.closed_on,
        auditors=cycle.auditors,
        respond_to_id=people[cycle.respond_to].id if cycle.respond_to else None,
    )


def _audit(audit: second.Audit, cycle_id: int, team_id: int, people: dict[str, Person]) -> Audit:
    due_days = [due.due_on for due in audit.due_days]
    row = Audit(
        reference=audit.reference,
        case_reference=None,
        team_id=team_id,
        cycle_id=cycle_id,
        requested_on=audit.requested_on,
        started_on=audit.started_on,
        due_on=due_days[-1],
        first_due_on=audit.first_due_on or due_days[0],
        returned_on=next((spell.returned_on for spell in audit.returns if spell.sent_back_on is None), None),
        withdrawn_on=audit.withdrawn_on,
        exempted_on=audit.exempted_on,
    )
    for before, after in zip(audit.due_days, audit.due_days[1:], strict=False):
        row.extensions.append(
            Extension(
                made_on=after.since, from_due_on=before.due_on, to_due_on=after.due_on, because="a reason"
            )
        )
    for spell in audit.returns:
        if spell.sent_back_on is not None:
            row.returns.append(
                Return(returned_on=spell.returned_on, sent_back_on=spell.sent_back_on, because="a reason")
            )
    for one in audit.assignments:
        row.assignments.append(
            Assignment(
                part=one.part,
                person_id=people[one.person].id,
                assigned_on=one.assigned_on,
                ended_on=one.ended_on,
                ended_because={"decline": "declined", "reassignment": "reassigned", None: None}[one.ended_by],
            )
        )
    if audit.declined_on is not None:
        taken = {one.part for one in audit.assignments}
        part = "second" if "lead" in taken else "lead"
        row.assignments.append(
            Assignment(
                part=part,
                person_id=None,
                assigned_on=min(audit.requested_on, audit.declined_on),
                ended_on=audit.declined_on,
                ended_because="declined",
            )
        )
    row.promises += [_promise(promise, audit, people) for promise in audit.promises]
    row.chases += [promise.chase for promise in row.promises if promise.chase is not None]
    return row


def _promise(promise: second.Promise, audit: second.Audit, people: dict[str, Person]) -> AuditPromise:
    """As moves and files leave it: with the day of the first later move that ends it."""
    later = [day for day in days_that_end_promises(audit) if day > promise.given_on]
    row = AuditPromise(
        given_on=promise.given_on, promised_on=promise.promised_on, ended_on=min(later, default=None)
    )
    if promise.auditor is not None:
        row.auditor_id = people[promise.auditor].id
    else:
        row.chase = Chase(
            day=promise.given_on,
            channel="phone",
            new_expected_on=promise.promised_on,
            struck_on=promise.struck_on,
            struck_because="a reason" if promise.struck_on else None,
        )
    return row


def _owned(
    model: type[Action] | type[Recommendation],
    fact: second.Action | second.Recommendation,
    people: dict[str, Person],
    **more: object,
) -> Action | Recommendation:
    """An action or a recommendation; a due day that was set later is a date that was moved on that day."""
    due_days = list(fact.due_days)
    row = model(
        reference=fact.reference,
        text="Something",
        owner_id=people[fact.owner].id if fact.owner else None,
        due_on=due_days[-1].due_on if due_days else None,
        first_due_on=due_days[0].due_on if due_days else None,
        **more,
    )
    row.moved_dates = [
        MovedDate(from_due_on=before.due_on, to_due_on=after.due_on, because="a reason", made_on=after.since)
        for before, after in pairwise(due_days)
    ]
    return row


def _quick_win(quick_win: second.QuickWin, actions: dict[str, int], teams: dict[str, int]) -> QuickWin:
    return QuickWin(
        reference=quick_win.reference,
        subject="Something",
        message="Record it.",
        action_id=actions[quick_win.action] if quick_win.action else None,
        starts_on=quick_win.starts_on,
        every_working_days=quick_win.every_working_days,
        times=quick_win.times,
        stopped_on=quick_win.stopped_on,
        audience_roles=quick_win.audience_roles,
        audience_team_ids=[teams[name] for name in quick_win.audience_teams],
    )


def _remedy(remedy: second.Remedy, audit_id: int, people: dict[str, Person]) -> Remedy:
    due_on = remedy.due_days[-1].due_on
    return Remedy(
        reference=remedy.reference,
        audit_id=audit_id,
        text="Something",
        owner_id=people[remedy.owner].id if remedy.owner else None,
        raised_by_id=next(iter(people.values())).id,
        raised_on=remedy.raised_on,
        due_on=due_on,
        first_due_on=due_on,
        done_on=remedy.done_on,
        withdrawn_on=remedy.withdrawn_on,
    )


def told(outcome: Outcome) -> tuple[list[second.Message], list[second.NotSent]]:
    """Return what a run of the product did, as a result of the second implementation."""
    messages = [
        second.Message(
            message.to,
            message.kind,
            tuple(second.Item(item.item, item.step, item.due_on) for item in message.items),
        )
        for message in outcome.messages
    ]
    not_sent = [second.NotSent(one.to or "", one.item, one.step, one.reason) for one in outcome.not_sent]
    return sorted(messages, key=lambda message: (message.to, message.kind)), sorted(not_sent)


def send_all() -> None:
    """Let everything that waits be sent, as with a mail server that takes it all."""
    with transaction():
        db.session.execute(db.update(Message).where(Message.state == QUEUED).values(state=SENT))


def on_hold(outcome: Outcome) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Return the reference and step of all that the messages of a run carry, also of what they took over, by
    receiver and kind."""
    written = {message.id: (message.to, message.kind) for message in outcome.messages}
    carried: dict[tuple[str, str], set[tuple[str, str]]] = {key: set() for key in written.values()}
    query = db.select(MessageItem.carrier_id, MessageItem.reference, MessageItem.step)
    for carrier, reference, step in db.session.execute(query.where(MessageItem.carrier_id.in_(written))):
        carried[written[carrier]].add((reference, step))
    return carried


def days_between(first: date, last: date) -> list[date]:
    """Return the days from the first to the last, both included."""
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
