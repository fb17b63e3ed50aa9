"""The moves of an audit's auditors: assign, reassign, decline.

Like every move, each raises Refused with one sentence and then has changed nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.assigning.independence import Tie, not_independent, tie_to
from app.assigning.suitability import case_facts
from app.audits import messages, to_do_again
from app.audits.coming_back import coming_back
from app.audits.facts import Pair, facts, pair_on
from app.audits.handed_over import write_handed_over
from app.audits.lifecycle import DECLINE_REASONS, Move, is_exempt
from app.audits.models import DECLINED, Assignment, Audit
from app.audits.moves import move_due_day, refuse_due_day, tell_due_day
from app.audits.moving import locked as locked_audit
from app.audits.moving import moving
from app.audits.parts import LEAD, SECOND, needed
from app.audits.promises import Promise
from app.audits.promising import (
    end_promises,
    promise_ended_since,
    promise_that_holds,
    tell_promise_over,
)
from app.database import db, transaction
from app.moves.moving import for_each, tell, without_case_number, words
from app.news import telling
from app.news.coming_back import Said
from app.news.happenings import Happening
from app.nothing_more import REPLACED
from app.people.closures import due_in_words
from app.people.models import Person
from app.people.presence import PersonFacts
from app.people.queries import everyone
from app.people.roles import RoleName
from app.refusal import NotNow, Refused

REASSIGNED = "reassigned"


@dataclass(frozen=True)
class NewPair:
    """The pair that is to audit a case. A part that somebody has already, or that the cycle does not need,
    may be None; `override_reason` says why somebody who is not independent of the case audits it all the
    same."""

    reference: str
    lead_id: int | None
    second_id: int | None
    override_reason: str | None = None
    version: int | None = None


def assign(pair: NewPair, by: Person, on: date) -> None:
    """Give an audit its pair, or the auditor that it lacks; the new auditors are told at once.

    Who was its auditor already has the news of who is the other one.
    """
    with transaction():
        _tell_assigned([_assign(pair, by, on, everyone())], by, on)


class SomeRefused(Refused):
    """The refusal of several assignments because some cannot be made.

    `refused` gives the reasons by reference; `overtaken` is True where one of the audits has changed since
    the page was shown.
    """

    def __init__(self, refused: Mapping[str, Refused]) -> None:
        super().__init__("No audits have been assigned")
        self.refused = {reference: str(why) for reference, why in refused.items()}
        self.overtaken = any(isinstance(why, NotNow) for why in refused.values())


def assign_all(pairs: Sequence[NewPair], by: Person, on: date) -> None:
    """Assign several, whole or not at all, with one message to each auditor. Raises SomeRefused."""
    people, assigned = everyone(), []
    with transaction():
        refused: dict[str, Refused] = {}
        for pair in pairs:
            try:
                assigned.append(_assign(pair, by, on, people))
            except Refused as refusal:
                refused[pair.reference] = refusal
        if refused:
            raise SomeRefused(refused)
        _tell_assigned(assigned, by, on)


def _assign(pair: NewPair, by: Person, on: date, people: Mapping[int, PersonFacts]) -> list[Assignment]:
    with moving(pair.reference, Move.ASSIGN, on, pair.version) as audit:
        new = _parts_to_fill(pair_on(audit, on), pair)
        overridden = _refuse_auditors(audit, new.values(), people, on, pair.override_reason)
        promise = promise_that_holds(audit, on)
        for person_id in new.values():
            _tell_others(audit, new.values(), promise, by, on, auditor=people[person_id].name)
        return _begin(audit, new, overridden, pair.override_reason, by, on, people)


def _parts_to_fill(held: Pair, pair: NewPair) -> dict[str, int]:
    wanted = {LEAD: pair.lead_id, SECOND: pair.second_id}
    for_one = held.is_for_one
    new: dict[str, int] = {}
    for part, person_id in wanted.items():
        if held.of(part) is not None:
            if person_id is not None and person_id != held.of(part).person_id:  # type: ignore[union-attr]
                raise Refused(
                    f"This audit already has a {part} auditor. To change them, replace the auditor."
                )
        elif person_id is not None:
            new[part] = person_id
        elif part in needed(held.auditors):
            raise Refused("Select an auditor" if for_one else f"Select a {part} auditor")
    ids = list(new.values()) + [spell.person_id for spell in held.spells]
    if len(ids) != len(set(ids)):
        raise Refused("Lead auditor and second auditor must be different people")
    return new


def _refuse_auditors(
    audit: Audit,
    ids: Iterable[int],
    people: Mapping[int, PersonFacts],
    on: date,
    override_reason: str | None,
) -> Mapping[int, Tie]:
    """Refuse auditors who may not audit this case; return the ties of those whom an override lets through,
    by their ids."""
    case = case_facts([audit], on)[audit.id]
    overridden = {}
    for person_id in ids:
        person = people.get(person_id)
        if person is None or RoleName.AUDITOR not in person.roles:
            raise Refused("Select an auditor from the list")
        if person.has_left(on):
            raise Refused(f"{person.name} has left. Select another auditor.")
        if (tied := tie_to(person, case)) is not None:
            if not (override_reason or "").strip():
                raise Refused(
                    f"{not_independent(person, case)}. Select someone else, or enter a reason for an auditor "
                    "who is not independent."
                )
            without_case_number(override_reason or "", audit.case_reference)
            overridden[person_id] = tied
    return overridden


def _begin(
    audit: Audit,
    new: Mapping[str, int],
    overridden: Mapping[int, Tie],
    override_reason: str | None,
    by: Person,
    on: date,
    people: Mapping[int, PersonFacts],
) -> list[Assignment]:
    reason = (override_reason or "").strip() or None
    spells = [
        Assignment(
            part=part,
            person_id=person_id,
            # an audit of a cycle that has not begun is assigned on the day it is requested
            assigned_on=max(on, audit.requested_on),
            override_reason=reason if person_id in overridden else None,
            overridden=overridden.get(person_id),
        )
        for part, person_id in new.items()
    ]
    audit.assignments.extend(spells)
    audit.paired_in_product = True
    end_promises(audit, on)
    for_one = pair_on(audit, on).is_for_one
    names = ", ".join(
        history_name(people[spell.person_id or 0].name, spell.part, for_one=for_one) for spell in spells
    )
    tell(audit, by, on, "assigned", after=names, why=reason if overridden else None)
    db.session.flush()
    return spells


def reassign(
    reference: str,
    part: str,
    to: int,
    by: Person,
    on: date,
    because: str,
    due_on: date | None = None,
    override_reason: str | None = None,
    version: int | None = None,
) -> None:
    """Give one part to another auditor, with a new due day if one is given.

    Both are told at once, who has it and who had it; to the other auditor it is news.
    """
    with transaction():
        ended, spells = _reassign(reference, part, to, by, on, because, due_on, override_reason, version)
        _tell_assigned([spells], by, on)
        _tell_ended([ended], to, by, on)


def reassign_all(
    references: Sequence[str],
    from_id: int,
    to_id: int,
    by: Person,
    on: date,
    because: str,
    due_on: date | None = None,
) -> Mapping[str, str]:
    """Give the parts of one auditor in several audits to another; each of the two is told in one message.

    Returns why some were refused, by reference.
    """
    assigned: list[list[Assignment]] = []
    ended: list[Assignment] = []

    def hand_over(reference: str) -> None:
        held = pair_on(locked_audit(reference), on).part_of(from_id)
        if held is None:
            raise Refused("This person is not an auditor of this audit")
        spell, spells = _reassign(reference, held.part, to_id, by, on, because, due_on)
        ended.append(spell)
        assigned.append(spells)

    with transaction():
        refused = for_each(references, hand_over)
        _tell_assigned(assigned, by, on)
        _tell_ended(ended, to_id, by, on)
    return refused


def _tell_assigned(assigned: Sequence[Sequence[Assignment]], by: Person, on: date) -> None:
    spells = [spell for spells in assigned for spell in spells]
    returns = coming_back(spells, on)
    unaware = {key for key, each in returns.items() if each.said is Said.NOTHING}
    told = [spell for spell in spells if (spell.audit_id, spell.person_id) not in unaware]
    to_do_again.write_given_back(told, by, on)
    messages.write_assigned(spells, on, returns)
    for spell in spells:
        if spell.person_id is not None and (back := returns.get((spell.audit_id, spell.person_id))):
            promise = promise_ended_since(spell.audit, back.since, on)
            tell_promise_over(spell.audit, promise, [spell.person_id], "auditors", by, on)


def _tell_ended(ended: Iterable[Assignment], to_id: int, by: Person, on: date) -> None:
    had = [(spell.audit, spell.person_id) for spell in ended if spell.person_id is not None]
    write_handed_over(had, REPLACED, by, on, to=to_id)


def _tell_others(
    audit: Audit,
    but: Collection[int | None],
    promise: Promise | None,
    by: Person,
    on: date,
    **names: str,
) -> None:
    """Tell the other auditors of an audit, as news, who has replaced whom, has joined or is gone, and that
    the promise ends which held until now."""
    others = [person.id for person in pair_on(audit, on).people if person.id not in but]
    telling.tell(others, Happening.OTHER_AUDITOR, telling.about(audit), on, by=by.id, **names)
    tell_promise_over(audit, promise, others, "auditors", by, on)


def _reassign(
    reference: str,
    part: str,
    to_id: int,
    by: Person,
    on: date,
    because: str,
    due_on: date | None = None,
    override_reason: str | None = None,
    version: int | None = None,
) -> tuple[Assignment, list[Assignment]]:
    """Return the spell that ended and those that begin; both people are still to be told."""
    people = everyone()
    with moving(reference, Move.REASSIGN, on, version) as audit:
        because = without_case_number(
            words(because, "Enter why you are replacing the auditor"), audit.case_reference
        )
        pair = pair_on(audit, on)
        held = pair.of(part)
        if held is None:
            raise Refused(f"This audit has no {part} auditor. Assign one instead.")
        if pair.part_of(to_id) is not None:
            raise Refused("This person is already an auditor of this audit")
        overridden = _refuse_auditors(audit, [to_id], people, on, override_reason)
        promise = promise_that_holds(audit, on)
        if due_on is not None and due_on != audit.due_on:
            refuse_due_day(audit, due_on, on)
            move_due_day(audit, due_on, on, because)
            stays = pair.partner_of(held.person_id or 0)
            if not is_exempt(facts(audit, on), on):
                tell_due_day(audit, [stays] if stays else [], by, on)
        was_with = people[held.person_id or 0].name
        names = {"auditor": people[to_id].name, "before": was_with}
        _tell_others(audit, [held.person_id], promise, by, on, **names)
        _end(held, REASSIGNED, on, because)
        before = history_name(was_with, part, for_one=pair.is_for_one)
        tell(
            audit, by, on, "reassigned", before=before, after=f"due {due_in_words(audit.due_on)}", why=because
        )
        return held, _begin(audit, {part: to_id}, overridden, override_reason, by, on, people)


def decline(
    reference: str,
    by: Person,
    on: date,
    reason: str,
    said: str | None = None,
    version: int | None = None,
) -> None:
    """End the part of an auditor who cannot do it; the coordinators are told at once. Nobody is blamed.

    To the other auditor it is news.
    """
    with moving(reference, Move.DECLINE, on, version) as audit:
        pair = pair_on(audit, on)
        held = pair.part_of(by.id)
        if held is None:
            raise Refused("You are not an auditor of this audit, so you cannot decline it")
        if reason not in DECLINE_REASONS:
            raise Refused("Select a reason")
        said = without_case_number((said or "").strip(), audit.case_reference)
        promise = promise_that_holds(audit, on)
        _end(held, DECLINED, on, f"{reason}: {said}" if said else reason)
        audit.paired_in_product = True
        before = history_name(by.name, held.part, for_one=pair.is_for_one)
        tell(audit, by, on, "declined", before=before, why=held.why)
        db.session.flush()
        messages.write_declined(audit, by, held.part, reason, on)
        _tell_others(audit, [by.id], promise, by, on, before=by.name)


def history_name(name: str, part: str, *, for_one: bool) -> str:
    """Return an auditor as the history names them: "Ann Lee (lead)", and just "Ann Lee" for one alone."""
    return name if for_one else f"{name} ({part})"


def _end(spell: Assignment, because: str, on: date, why: str) -> None:
    spell.ended_on, spell.ended_because, spell.why = on, because, why
    end_promises(spell.audit, on)
    # the part must be free in the database before somebody else has it
    db.session.flush()
