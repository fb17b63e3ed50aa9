"""The moves of an audit from request to return. Each is one transaction: rule, facts, history, message.

Requesting is in assigning/requesting.py, assigning in assigning/moves.py, chasing in chasing.py. Every move
raises Refused, with one sentence, when the audit's state or what was entered does not allow it; then nothing
has changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from app.audits import messages, to_do_again
from app.audits.case_returns import meeting_of
from app.audits.chase_message import write_chases
from app.audits.facts import facts, pair_on
from app.audits.former_numbers import keep_former_numbers
from app.audits.handed_over import take_exemption_back, write_handed_over
from app.audits.lifecycle import Move, is_exempt
from app.audits.models import Audit, Extension, LiftedExemption, NotReturnedReason, Return
from app.audits.moving import moving
from app.audits.parts import LEAD
from app.audits.promising import (
    end_promises,
    forget_promise_over,
    promise_that_holds,
    tell_promise_over,
)
from app.case_keys.mark import as_compared
from app.database import db, transaction
from app.moves.moving import for_each, tell, wanted_case_number, without_case_number, words
from app.news import telling
from app.news.happenings import Happening
from app.nothing_more import EXEMPT, WITHDRAWN
from app.people.closures import due_in_words
from app.people.models import Person
from app.refusal import Refused

FROM_SENDING_BACK = "sent back"
CASE_NUMBER_CORRECTED = "case number corrected"


def start(reference: str, by: Person, on: date, version: int | None = None) -> None:
    """Start an audit as one of its auditors; either of two may."""
    with moving(reference, Move.START, on, version) as audit:
        if pair_on(audit, on).part_of(by.id) is None:
            raise Refused("Only an auditor of this audit can start it")
        audit.started_on, audit.started_in_product = on, True
        tell(audit, by, on, "started")


def return_audit(
    reference: str, by: Person, on: date, version: int | None = None, *, from_paper: bool = False
) -> None:
    """Return an audit as its lead; a second is asked at once to confirm it, or to say where they differ.

    A form from paper is returned in the lead's name by the person who typed it in (`from_paper`).
    """
    with moving(reference, Move.RETURN, on, version) as audit:
        if refused := refuse_returner(audit, by, on, from_paper=from_paper):
            raise Refused(refused)
        lead = pair_on(audit, on).lead
        in_the_name_of = lead.person.name if lead and lead.person and lead.person_id != by.id else None
        audit.returned_on, audit.returned_by_id = on, by.id
        audit.returned_in_product = True
        forget_promise_over(audit)
        tell(audit, by, on, "returned", after=in_the_name_of and f"from paper, for {in_the_name_of}")
        db.session.flush()
        messages.write_confirm(audit, on)


def refuse_returner(audit: Audit, by: Person, on: date, *, from_paper: bool = False) -> str | None:
    """Return why this person may not return it; None when they may. From paper, not only the lead may."""
    pair = pair_on(audit, on)
    lead = pair.lead
    if lead is None or lead.person is None:
        who = "lead auditor" if pair.spells else "auditor"
        return f"This audit has no {who}, so no one can return it"
    if from_paper or lead.person_id == by.id:
        return None
    return f"Only the {pair.called(LEAD)}, {lead.person.name}, can return this audit"


def confirm(
    reference: str, by: Person, on: date, differs: str | None = None, version: int | None = None
) -> None:
    """Confirm as the second what the lead returned, or say where they differ (`differs`)."""
    with moving(reference, Move.CONFIRM, on, version) as audit:
        second = pair_on(audit, on).second
        if second is None or second.person_id != by.id:
            raise Refused("Only the second auditor can confirm this audit")
        differs = without_case_number((differs or "").strip(), audit.case_reference)
        audit.confirmed_on, audit.differs = on, differs or None
        audit.confirmed_in_product = True
        tell(audit, by, on, "disagreed" if audit.differs else "confirmed", why=audit.differs)
        if audit.differs and (lead := pair_on(audit, on).lead):
            about = telling.about(audit)
            telling.tell([lead.person_id], Happening.SECOND_DIFFERS, about, on, by=by.id, auditor=by.name)


def send_back(
    reference: str, by: Person, on: date, because: str, due_on: date, version: int | None = None
) -> None:
    """Send a return back, with a new due day; the pair is told at once what is missing."""
    with moving(reference, Move.SEND_BACK, on, version) as audit:
        because = without_case_number(words(because, "Enter what is missing"), audit.case_reference)
        if due_on < on:
            raise Refused("New due date must be today or in the future")
        was_returned_on = audit.returned_on or on
        end_promises(audit, on)
        audit.returns.append(
            Return(
                returned_on=was_returned_on,
                sent_back_on=on,
                because=because,
                confirmed_on=audit.confirmed_on,
            )
        )
        audit.returned_on = audit.returned_by_id = audit.confirmed_on = audit.differs = None
        audit.confirmed_in_product = False
        telling.take_back([Happening.SECOND_DIFFERS], audit.kind, audit.id)
        was_due = audit.due_on
        move_due_day(audit, due_on, on, FROM_SENDING_BACK)
        tell(
            audit,
            by,
            on,
            "sent back",
            before=f"due {due_in_words(was_due)}",
            after=f"due {due_in_words(due_on)}",
            why=because,
        )
        db.session.flush()
        write_chases([audit], by, on, because, sent_back=True)


def extend(
    reference: str, by: Person, on: date, because: str, due_on: date, version: int | None = None
) -> None:
    """Set a later due day, with a reason; the first due day is kept, and the ladder starts again.

    It is news to its auditors.
    """
    with moving(reference, Move.EXTEND, on, version) as audit:
        because = without_case_number(words(because, "Enter why more time is needed"), audit.case_reference)
        refuse_due_day(audit, due_on, on)
        was_due, promise = audit.due_on, promise_that_holds(audit, on)
        move_due_day(audit, due_on, on, because)
        tell(
            audit,
            by,
            on,
            "extended",
            before=f"due {due_in_words(was_due)}",
            after=f"due {due_in_words(due_on)}",
            why=because,
        )
        if not is_exempt(facts(audit, on), on):
            auditors = pair_on(audit, on).people
            tell_due_day(audit, auditors, by, on)
            tell_promise_over(audit, promise, [person.id for person in auditors], "due date", by, on)


def tell_pair(audit: Audit, what: Happening, by: Person, on: date) -> None:
    """Tell the auditors what became of their audit, as news."""
    people = [person.id for person in pair_on(audit, on).people]
    telling.tell(people, what, telling.about(audit), on, by=by.id)


def tell_due_day(audit: Audit, auditors: Iterable[Person], by: Person, on: date) -> None:
    """Tell auditors that another due day holds, as news."""
    people, due_day = [person.id for person in auditors], audit.due_on.isoformat()
    telling.tell(people, Happening.OTHER_DUE_DATE, telling.about(audit), on, by=by.id, due_on=due_day)


def extend_all(
    references: Sequence[str], by: Person, on: date, because: str, due_on: date
) -> Mapping[str, str]:
    """Extend several audits to the same day. Returns the reasons of those refused, by reference."""
    return for_each(references, lambda reference: extend(reference, by, on, because, due_on))


def withdraw(reference: str, by: Person, on: date, because: str, version: int | None = None) -> None:
    """Withdraw an audit: it need not be done any more, and its auditors are told so at once."""
    with transaction():
        tell_withdrawn([withdraw_one(reference, by, on, because, version)], by, on)


def tell_withdrawn(audits: Iterable[Audit], by: Person, on: date) -> None:
    """Tell the auditors of audits that were withdrawn, in one message each."""
    write_handed_over(_each_auditor(audits, on), WITHDRAWN, by, on)


def _each_auditor(audits: Iterable[Audit], on: date) -> list[tuple[Audit, int]]:
    return [(audit, person.id) for audit in audits for person in pair_on(audit, on).people]


def withdraw_one(reference: str, by: Person, on: date, because: str, version: int | None = None) -> Audit:
    """Withdraw an audit and return it; its auditors are still to be told."""
    with moving(reference, Move.WITHDRAW, on, version) as audit:
        because = without_case_number(words(because, "Enter a reason"), audit.case_reference)
        audit.withdrawn_on, audit.withdrawn_because = on, because
        audit.withdrawn_in_product = True
        end_promises(audit, on)
        tell(audit, by, on, "withdrawn", why=because)
        return audit


def exempt(
    reference: str,
    by: Person,
    on: date,
    because: str,
    approved_by: str,
    version: int | None = None,
) -> None:
    """Exempt an audit, with an approval: nobody is chased for it, and it counts as not returned.

    Its auditors are told at once.
    """
    with moving(reference, Move.EXEMPT, on, version) as audit:
        because = without_case_number(words(because, "Enter why this audit is exempt"), audit.case_reference)
        approved_by = words(approved_by, "Enter who approved it")
        audit.exempted_on, audit.exempted_because = on, because
        audit.exemption_approved_by = approved_by
        tell(audit, by, on, "exempted", after=f"approved by {approved_by}", why=because)
        db.session.flush()
        write_handed_over(_each_auditor([audit], on), EXEMPT, by, on)


def lift_exemption(reference: str, by: Person, on: date, because: str, version: int | None = None) -> None:
    """Take an exemption back: from now on the audit is to be returned, and its auditors are reminded again.

    On the days between, it was exempt. The auditors who were told so are told at once that it is not. It is
    news to those who read on their first page that it was, and to nobody else.
    """
    with moving(reference, Move.LIFT_EXEMPTION, on, version) as audit:
        because = without_case_number(
            words(because, "Enter why this audit is no longer exempt"), audit.case_reference
        )
        audit.lifted_exemptions.append(
            LiftedExemption(
                exempted_on=audit.exempted_on,
                exempted_because=audit.exempted_because,
                approved_by=audit.exemption_approved_by,
                lifted_on=on,
                lifted_because=because,
            )
        )
        exempt_since = audit.exempted_on or on
        audit.exempted_on = audit.exempted_because = audit.exemption_approved_by = None
        tell(audit, by, on, "exemption taken back", why=because)
        db.session.flush()
        told = to_do_again.write_lifted(audit, exempt_since, by, on)
        knew = take_exemption_back(audit, exempt_since)
        others = {person.id for person, _ in messages.still_to_do(audit, on)} & knew - told
        due_day, about = audit.due_on.isoformat(), telling.about(audit)
        telling.tell(sorted(others), Happening.NO_LONGER_EXEMPT, about, on, by=by.id, due_on=due_day)


def give_reason(
    reference: str,
    by: Person,
    on: date,
    reason: str | None,
    note: str | None,
    version: int | None = None,
) -> None:
    """Record why it was not returned, from the council's list, and a note that only coordinators see."""
    with moving(reference, Move.GIVE_REASON, on, version) as audit:
        if reason and reason not in reasons_not_returned():
            raise Refused(f"“{reason}” is not in the list of reasons")
        before, audit.reason_not_returned = audit.reason_not_returned, reason or None
        note_before, audit.note = audit.note, (note or "").strip() or None
        if before != audit.reason_not_returned:
            tell(audit, by, on, "reason not returned", before=before, after=audit.reason_not_returned)
        if note_before != audit.note:
            tell(audit, by, on, "note changed")


def correct_case_number(
    reference: str,
    by: Person,
    on: date,
    case_reference: str,
    because: str,
    version: int | None = None,
) -> None:
    """Correct the number of the case, with a reason. The history has neither the old nor the new number."""
    with moving(reference, Move.CORRECT_CASE, on, version) as audit:
        number = wanted_case_number(case_reference)
        because = words(because, "Enter why the case number was wrong")
        for each in (audit.case_reference, number):
            without_case_number(because, each)
        if number == audit.case_reference:
            raise Refused("Enter a case number that is not the present one")
        if audit.is_together and (other := meeting_of(audit.cycle_id, as_compared(number), audit.id)):
            raise Refused(f"The meeting of that case is {other} already")
        keep_former_numbers({audit.id: audit.case_reference})
        audit.case_reference, audit.numbered_in_product = number, True
        tell(audit, by, on, CASE_NUMBER_CORRECTED, why=because)


def reasons_not_returned() -> list[str]:
    """Return the council's own reasons for not returning an audit, in its order."""
    return list(db.session.scalars(select(NotReturnedReason.label).order_by(NotReturnedReason.position)))


def refuse_due_day(audit: Audit, due_on: date, on: date) -> None:
    """Raise Refused unless the new due day is later than the one that holds, and not in the past."""
    if due_on <= audit.due_on:
        raise Refused(f"New due date must be after the current due date, {due_in_words(audit.due_on)}")
    if due_on < on:
        raise Refused("New due date must be today or in the future")


def move_due_day(audit: Audit, due_on: date, on: date, because: str) -> None:
    """Set the due day and keep the one that held before; nothing when it is the same."""
    if due_on != audit.due_on:
        audit.extensions.append(
            Extension(made_on=on, from_due_on=audit.due_on, to_due_on=due_on, because=because)
        )
        audit.due_on = due_on
        end_promises(audit, on)
