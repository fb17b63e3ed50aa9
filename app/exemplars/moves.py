"""The moves of an exemplar: write, change, approve, retire; and setting a nomination aside.

Each is one transaction with its history, and raises Refused, with one sentence, when it is not allowed. The
history does not repeat the words of an exemplar: what was taken out of them must not live on there.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.audits.models import Audit
from app.audits.moving import locked
from app.database import db, transaction
from app.exemplars.life import ExemplarFacts, ExemplarMove, refuse
from app.exemplars.models import Exemplar, SetAside
from app.moves.moving import moving, tell, without_case_number, words
from app.people.models import Person
from app.references import next_reference
from app.refusal import NotNow

PREFIX = "E"
SEEN_TO = "This nomination has already been written up or set aside"


@dataclass(frozen=True)
class Words:
    """The words of an exemplar. `question` is the key of the question that it is about, if any."""

    title: str
    text: str
    question: str | None


def words_of(exemplar: Exemplar) -> Words:
    """Return the present words of an exemplar."""
    return Words(exemplar.title, exemplar.text, exemplar.question)


def facts_of(exemplar: Exemplar) -> ExemplarFacts:
    """Return the facts of an exemplar for the rules."""
    return ExemplarFacts(exemplar.written_by_id, exemplar.approved_on, exemplar.retired_on)


def write(audit_reference: str, new: Words, *, by: Person, on: date) -> Exemplar:
    """Write up what was good about a nominated audit, in own words and without the case."""
    with transaction():
        audit = locked(audit_reference)
        new = _checked(new, audit)
        exemplar = Exemplar(
            reference=next_reference(Exemplar, PREFIX),
            audit_id=audit.id,
            question=new.question,
            title=new.title,
            text=new.text,
            written_on=on,
            written_by_id=by.id,
        )
        db.session.add(exemplar)
        db.session.flush()
        tell(exemplar, by, on, "written")
    return exemplar


def change(reference: str, new: Words, *, by: Person, on: date, seen: str | None = None) -> None:
    """Change the words while it waits for approval. The person who does so becomes the author."""
    with _moving(reference, ExemplarMove.CHANGE, by, on, seen) as exemplar:
        audit = db.session.get(Audit, exemplar.audit_id) if exemplar.audit_id else None
        new = _checked(new, audit)
        if new == words_of(exemplar):
            return
        exemplar.title, exemplar.text, exemplar.question = new.title, new.text, new.question
        exemplar.written_by_id, exemplar.written_on = by.id, on
        tell(exemplar, by, on, "changed")


def approve(reference: str, *, by: Person, on: date, seen: str | None = None) -> None:
    """Approve an exemplar, so that all staff may read it. Its author cannot approve it."""
    with _moving(reference, ExemplarMove.APPROVE, by, on, seen) as exemplar:
        exemplar.approved_on, exemplar.approved_by_id = on, by.id
        tell(exemplar, by, on, "approved")


def retire(reference: str, because: str, *, by: Person, on: date, seen: str | None = None) -> None:
    """Retire an exemplar: staff no longer see it."""
    with _moving(reference, ExemplarMove.RETIRE, by, on, seen) as exemplar:
        because = words(because, "Enter the reason for retiring this example")
        exemplar.retired_on, exemplar.retired_because = on, because
        tell(exemplar, by, on, "retired", why=because)


def set_aside(audit_reference: str, because: str, *, by: Person, on: date) -> None:
    """Set a nomination aside. Raises NotNow when it has been written up or set aside already."""
    with transaction():
        audit = locked(audit_reference)
        because = words(because, "Enter the reason for setting aside this nomination")
        without_case_number(because, audit.case_reference)
        if db.session.get(SetAside, audit.id) or db.session.scalar(
            select(Exemplar.id).where(Exemplar.audit_id == audit.id).limit(1)
        ):
            raise NotNow(SEEN_TO)
        db.session.add(SetAside(audit_id=audit.id, on=on, because=because, by_id=by.id))
        tell(audit, by, on, "nomination set aside", why=because)


def _checked(new: Words, audit: Audit | None) -> Words:
    """Return the words as they are stored: a title of one line, nothing empty, no case number."""
    title = " ".join(words(new.title, "Enter a title").split())
    text = words(new.text, "Enter what is good about it")
    if audit is not None:
        without_case_number(f"{title} {text}", audit.case_reference)
    return Words(title, text, new.question)


def _moving(
    reference: str, move: ExemplarMove, by: Person, on: date, seen: str | None
) -> AbstractContextManager[Exemplar]:
    """Lock an exemplar for a move and yield it. `seen` is the mark of the words that the person saw."""
    return moving(Exemplar, reference, lambda exemplar: refuse(move, facts_of(exemplar), on, by.id), seen)
