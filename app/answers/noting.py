"""Saving the pair's notes beside its answers: the context of the case, and the last page of the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, update

from app.answers.merging import NOT_THERE, Factor, Merge, fingerprint, tidied
from app.answers.models import ContextNote, FormNote
from app.answers.saving import Keep, Outcome, filling_in, note_saved, resolve, text_fault
from app.answers.stored_notes import context_of, factors, note_of
from app.audits.models import Audit
from app.database import db
from app.people.models import Person

MOST_MINUTES = 10_000
TOOK_PART, MINUTES, HARD_TO_FIND, EXEMPLAR = "took_part", "minutes", "hard_to_find", "exemplar_because"
NO_MINUTES = f"Minutes taken must be a whole number from 1 to {MOST_MINUTES:,}, such as 110"
NAMES = {
    TOOK_PART: "List of who took part",
    HARD_TO_FIND: "Description of what was hard to find or answer",
    EXEMPLAR: "Reason for the example of good work",
}
"""The names of the texts of the last page, for errors."""


def at_the_end(audit: Audit) -> Sequence[str]:
    """Return the fields of the last page of a form; that of the meeting of a case asks who took part."""
    fields = (MINUTES, HARD_TO_FIND, EXEMPLAR)
    return (TOOK_PART, *fields) if audit.is_together else fields


@dataclass(frozen=True)
class SentFactor:
    """A factor as the page sent it: see Sent."""

    factor: Factor
    seen: str
    keep: Keep | None = None


@dataclass(frozen=True)
class SentNote:
    """A field of the last page as the page sent it, tidied: see Sent."""

    text: str | None
    seen: str
    keep: Keep | None = None


def save_context(reference: str, by: Person, on: date, sent: Mapping[int, SentFactor]) -> Outcome:
    """Save which factors were there, factor by factor."""
    with filling_in(reference, by, on) as audit:
        stored = context_of(audit.id)
        outcome = Outcome()
        for factor_id in factors().keys() & sent.keys():
            entry, before = sent[factor_id], stored.get(factor_id, NOT_THERE)
            match resolve(entry.seen, entry.factor.fingerprint, before.fingerprint, entry.keep):
                case Merge.CONFLICT:
                    outcome.conflicts.append(factor_id)
                case Merge.WRITE:
                    if fault := text_fault(entry.factor.note, audit, "Note"):
                        outcome.faults[factor_id] = fault
                    else:
                        _write_factor(audit, factor_id, before, entry.factor)
                        outcome.written.append(factor_id)
        if outcome.written:
            note_saved(audit, by, on)
        return outcome


def _write_factor(audit: Audit, factor_id: int, before: Factor, factor: Factor) -> None:
    key = {"audit_id": audit.id, "factor_id": factor_id}
    if not factor.is_there:
        db.session.execute(delete(ContextNote).filter_by(**key))
    elif before.is_there:
        db.session.execute(update(ContextNote).filter_by(**key).values(note=factor.note))
    else:
        db.session.execute(insert(ContextNote).values(**key, note=factor.note))


@dataclass
class EndOutcome:
    """The outcome of saving the last page, by the names of its fields; each conflict with the stored text."""

    written: list[str]
    conflicts: dict[str, str | None]
    faults: dict[str, str]

    @property
    def is_whole(self) -> bool:
        """True when everything that was sent is stored."""
        return not self.conflicts and not self.faults


def text_of(note: FormNote, name: str) -> str | None:
    """Return a field of the last page as text; None where it is empty."""
    value = getattr(note, name)
    return None if value is None else tidied(str(value))


def save_end(reference: str, by: Person, on: date, sent: Mapping[str, SentNote]) -> EndOutcome:
    """Save who took part, the time taken, what was hard to find and the nomination, field by field."""
    with filling_in(reference, by, on) as audit:
        note = note_of(audit.id)
        outcome = EndOutcome([], {}, {})
        for name in at_the_end(audit):
            field, before = sent[name], text_of(note, name)
            match resolve(field.seen, fingerprint(field.text), fingerprint(before), field.keep):
                case Merge.CONFLICT:
                    outcome.conflicts[name] = before
                case Merge.WRITE:
                    if fault := _fault(name, field.text, audit):
                        outcome.faults[name] = fault
                    else:
                        value = int(field.text) if name == MINUTES and field.text else field.text
                        setattr(note, name, value)
                        outcome.written.append(name)
        if outcome.written:
            db.session.add(note)
            note_saved(audit, by, on)
        return outcome


def _fault(name: str, text: str | None, audit: Audit) -> str | None:
    if name == MINUTES and text is not None:
        whole = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_MINUTES))
        return None if whole and 1 <= int(text) <= MOST_MINUTES else NO_MINUTES
    return text_fault(text, audit, NAMES[name])
