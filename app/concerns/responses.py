"""The moves of a response that a grade called for: answered for all, disputed, decided, no longer needed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from app.answers import disputes
from app.answers import graded as grades
from app.answers.graded import Graded
from app.answers.models import DISPUTED
from app.answers.side_by_side import side_by_side
from app.answers.viewing import Change, check, store
from app.audits.models import Audit
from app.audits.moves import tell_pair
from app.audits.moving import locked as locked_audit
from app.concerns import response_life, response_messages
from app.concerns.models import CalledResponse, Remedy, RemedyOfResponse
from app.concerns.response_life import (
    ResponseFacts,
    due_on,
    refuse_answer,
    refuse_decision,
)
from app.concerns.response_queries import answering, asked, decisions_that_hold, took_part
from app.database import db
from app.moves.moving import moving, tell, without_case_number, words
from app.news import telling
from app.news.happenings import Happening
from app.people.closures import due_in_words, working_days
from app.people.models import Person
from app.people.queries import everyone
from app.people.roles import RoleName
from app.refusal import NotNow, Refused
from app.wording import counted

SENT_BACK = "the audit was sent back"
GRADE_CHANGED = "the grade was changed"


def facts(response: CalledResponse) -> ResponseFacts:
    """Return the facts that the state of a response follows from."""
    return ResponseFacts(
        due_on=response.due_on,
        answered_on=response.answered_on,
        fell_away_on=response.fell_away_on,
        is_disputed=response.dispute is not None,
        dispute_answered_on=response.decided_on,
        disputed_by=response.disputed_by_id,
        worker_id=response.audit.worker_id,
        is_returned=response.audit.returned_on is not None,
    )


disputes.kept_in(decisions_that_hold())


def who_can_decide(
    response: CalledResponse, part: Collection[int], on: date, *, disputed_by: int | None = None
) -> str:
    """Return who can decide the dispute of a response, or could decide one by this person; or why nobody can.

    `part` are those who audited or moderated the case.
    """
    known = facts(response)
    if disputed_by is not None:
        known = replace(known, disputed_by=disputed_by)
    return response_life.who_can_decide(known, part, everyone().values(), on)


@grades.follow
def follow_grades(audit: Audit, move: Graded, by: Person, on: date) -> None:
    """Call for a response where a return or a moderation gave such a grade; end one that no grade calls for.

    A moderation that leaves the grades of an answered response calls for no other; a return after the audit
    was sent back does. A decision on a dispute calls for none.
    """
    if move is Graded.DISPUTE_DECIDED:
        return
    open_one = _open_response(audit)
    if move is Graded.SENT_BACK:
        _end(open_one, SENT_BACK, by, on)
        return
    called_for = {
        beside.question.key: beside.calls_for_response.working_days
        for beside in side_by_side(audit, on).applying
        if beside.calls_for_response
    }
    if not called_for:
        _end(open_one, GRADE_CHANGED, by, on)
    elif open_one is None and not _is_answered(audit, set(called_for), move):
        _call(audit, called_for, by, on)


def _open_response(audit: Audit) -> CalledResponse | None:
    query = select(CalledResponse).where(
        CalledResponse.audit_id == audit.id,
        CalledResponse.answered_on.is_(None),
        CalledResponse.fell_away_on.is_(None),
    )
    return db.session.scalars(query.with_for_update()).first()


def _is_answered(audit: Audit, questions: Collection[str], move: Graded) -> bool:
    """Return True where the last response answered for these questions, and the audit is not a new return."""
    if move is Graded.RETURNED:
        return False
    query = select(CalledResponse).where(CalledResponse.audit_id == audit.id)
    last = db.session.scalars(query.order_by(CalledResponse.id.desc()).limit(1)).first()
    return last is not None and last.answered_on is not None and set(questions) <= set(last.questions)


def _call(audit: Audit, called_for: Mapping[str, int], by: Person, on: date) -> None:
    number = select(func.count()).select_from(CalledResponse).where(CalledResponse.audit_id == audit.id)
    response = CalledResponse(
        reference=f"{audit.reference}-P{(db.session.scalar(number) or 0) + 1}",
        audit_id=audit.id,
        called_on=on,
        due_on=due_on(on, called_for.values(), working_days()),
        questions=list(called_for),
    )
    db.session.add(response)
    db.session.flush()
    tell(audit, by, on, "response asked for", after=response.reference)
    tell(response, by, on, "asked for", after=f"due {due_in_words(response.due_on)}")
    response_messages.write_asked(response, on)


def _end(response: CalledResponse | None, because: str, by: Person, on: date) -> None:
    if response is None:
        return
    response.fell_away_on, response.fell_away_because = on, because
    tell(response, by, on, "no longer needed", why=because)
    _tell_asked(response, Happening.RESPONSE_FELL_AWAY, by, on)


def _tell_asked(response: CalledResponse, what: Happening, by: Person, on: date) -> None:
    were_asked = [person.id for person in asked(response.audit, on)]
    telling.tell(were_asked, what, telling.about(response), on, by=by.id)


def answer(
    reference: str,
    done: str,
    remedies: Collection[str],
    dispute: str | None,
    by: Person,
    on: date,
    version: int | None = None,
) -> None:
    """Answer for all who are asked: what was done for the child and when, which remedies; and dispute the
    grade, with a reason, if they wish. Their deputies can, while they are away.

    Raises Refused for others, and for remedies of other audits.
    """
    with moving(
        CalledResponse, reference, lambda row: refuse_answer(facts(row), on, working_days()), version
    ) as response:
        audit = locked_audit(response.audit.reference)
        if by.id not in answering(audit, on):
            raise Refused("Only the people who are asked can answer this")
        number = audit.case_reference
        response.done = without_case_number(words(done, "Enter what was done for the child"), number)
        response.dispute = without_case_number((dispute or "").strip(), number) or None
        response.disputed_by_id = by.id if response.dispute else None
        response.answered_on, response.answered_by_id = on, by.id
        own = select(Remedy).where(Remedy.audit_id == audit.id, Remedy.called(*remedies))
        found = db.session.scalars(own).all()
        if len(found) != len(set(remedies)):
            raise Refused("Select remedies of this audit")
        db.session.add_all(RemedyOfResponse(response_id=response.id, remedy_id=one.id) for one in found)
        disputed = "grade disputed" if response.dispute else None
        tell(response, by, on, "answered", after=disputed)
        tell(audit, by, on, "response answered", after=disputed)
        if response.dispute:
            db.session.flush()
            _tell_moderators(response, by, on)


def _tell_moderators(response: CalledResponse, by: Person, on: date) -> None:
    """Tell the moderators who may decide a dispute, as news, that it waits for them."""
    known, part = facts(response), took_part(response.audit, on)
    deciding = [
        person.id
        for person in everyone().values()
        if RoleName.MODERATOR in person.roles
        and not person.has_left(on)
        and not refuse_decision(known, person.id, part, on)
    ]
    about = telling.about(response.audit)
    telling.tell(deciding, Happening.TO_MODERATE, about, on, by=by.id, because="dispute")


def decide(
    reference: str,
    decision: str,
    changes: Mapping[int, Change],
    by: Person,
    on: date,
    version: int | None = None,
) -> None:
    """Decide a dispute as a moderator who neither audited nor moderated: keep the grades, or change some.

    Every grade, reason and answer stays beside the new one. Once the cycle is frozen no grade can change.
    Raises Refused, NotNow and WrongChanges.
    """

    def refuse(row: CalledResponse) -> str | None:
        return refuse_decision(facts(row), by.id, took_part(row.audit, on), on)

    with moving(CalledResponse, reference, refuse, version) as response:
        audit = locked_audit(response.audit.reference)
        if RoleName.MODERATOR not in by.role_names:
            raise Refused("Only a moderator can decide this dispute")
        if changes and audit.cycle.is_frozen():
            raise NotNow("The cycle of this audit is frozen, so you cannot change its answers")
        views = side_by_side(audit, on)
        check(changes, list(views), audit, must_differ=True)
        response.decision = without_case_number(
            words(decision, "Enter your decision and the reason"), audit.case_reference
        )
        response.decided_on, response.decided_by_id = on, by.id
        store(changes, audit, DISPUTED, by, on)
        if changes:
            tell_pair(audit, Happening.GRADE_CHANGED, by, on)
        what = f"{counted(len(changes), 'answer')} changed" if changes else "grade kept"
        tell(response, by, on, "dispute decided", after=what)
        tell(audit, by, on, "dispute decided", after=what)
        _tell_asked(response, Happening.DISPUTE_DECIDED, by, on)
        grades.graded(audit, Graded.DISPUTE_DECIDED, by, on)
