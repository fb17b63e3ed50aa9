"""The choices about retention: another date for a cycle, a hold, letting it go, and the council's periods."""

from datetime import date

from sqlalchemy import select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.case_numbers import masking
from app.database import db, transaction
from app.history.record import Event, record
from app.moves.moving import changed_meanwhile, locked, tell, words
from app.people.models import Person
from app.refusal import NotNow, Refused
from app.retention import due, queries, removing
from app.retention.models import Removal, Retention, RetentionPeriods
from app.wording import in_words


def set_date(
    reference: str, remove_on: date, because: str, *, by: Person, on: date, version: int | None = None
) -> None:
    """Set the date of removal of a cycle, in place of the usual one. Raises Refused."""
    with transaction():
        cycle = _held(reference, version)
        _refuse_removed(cycle, on)
        if remove_on < on:
            raise Refused("Date of removal must be today or in the future")
        because = _words(cycle, because, "Enter why the date is another one")
        before = queries.of(cycle, on).due_on
        row = _row(cycle)
        row.remove_on, row.remove_because = remove_on, because
        was = in_words(before) if before else None
        tell(cycle, by, on, "date of removal set", before=was, after=in_words(remove_on), why=because)


def hold(reference: str, because: str, *, by: Person, on: date, version: int | None = None) -> None:
    """Keep the texts of a cycle until somebody lets them go. Raises Refused."""
    with transaction():
        cycle = _held(reference, version)
        _refuse_removed(cycle, on)
        row = _row(cycle)
        if row.held_because is not None:
            raise NotNow("The texts of this cycle are already on hold")
        because = _words(cycle, because, "Enter why the texts must be kept")
        row.held_on, row.held_because, row.held_by_id = on, because, by.id
        tell(cycle, by, on, "removal of texts held", why=because)


def let_go(reference: str, *, by: Person, on: date, version: int | None = None) -> None:
    """End the hold of a cycle's texts. Raises Refused where there is none."""
    with transaction():
        cycle = _held(reference, version)
        row = _row(cycle)
        if row.held_because is None:
            raise NotNow("The texts of this cycle are not on hold")
        was = row.held_because
        row.held_on = row.held_because = row.held_by_id = None
        # whoever was warned before the hold is warned again
        row.warned_on = row.warned_of = None
        tell(cycle, by, on, "hold on the removal of texts ended", why=was)


def remove_now(
    reference: str, confirmed: str, *, by: Person, on: date, version: int | None = None
) -> Removal:
    """Remove the texts of a cycle by hand, from its date on, after its reference was typed to confirm."""
    with transaction():
        cycle = _held(reference, version)
        if why := refuse(cycle, on):
            raise NotNow(why)
        if confirmed.strip().casefold() != cycle.reference.casefold():
            raise Refused(f"Reference of the cycle must be {cycle.reference}")
        removal = removing.remove(reference, by=by.email, on=on)
        if removal is None:
            raise NotNow("There is nothing left to remove")
    return removal


def refuse(cycle: Cycle, on: date) -> str | None:
    """Return why the texts of a cycle cannot be removed by hand, in a sentence; None when they can."""
    return due.refuse_removal(queries.of(cycle, on).facts, queries.periods().months, on)


def nothing_left(cycle: Cycle, on: date) -> str | None:
    """Return in a sentence that the texts of a cycle are gone; None while there is something to keep."""
    removed_on = queries.of(cycle, on).texts_removed_on
    if removed_on is None or removing.what_goes(cycle):
        return None
    return f"The texts of this cycle were removed on {in_words(removed_on)}, so nothing is left to keep"


def _refuse_removed(cycle: Cycle, on: date) -> None:
    if why := nothing_left(cycle, on):
        raise NotNow(why)


def set_periods(months: int, email_months: int, *, by: Person) -> None:
    """Set the council's periods."""
    with transaction():
        row = db.session.get(RetentionPeriods, 1, with_for_update=True)
        before = queries.periods()
        if row is None:
            db.session.add(row := RetentionPeriods(id=1, months=months, email_months=email_months))
        else:
            row.months, row.email_months = months, email_months
        changes = [
            Event("setting", "retention", f"months for {what} changed", str(old), str(new))
            for what, old, new in (
                ("texts of cycles", before.months, months),
                ("texts of emails", before.email_months, email_months),
            )
            if old != new
        ]
        record(by.email, changes)


def lock_periods() -> None:
    """Lock the periods until the transaction ends, and read them again."""
    db.session.get(RetentionPeriods, 1, with_for_update=True, populate_existing=True)


def version_of(cycle: Cycle) -> int:
    """Return the number of the last change of a cycle's choices; 0 while there are none."""
    row = db.session.get(Retention, cycle.id)
    return row.version if row else 0


def _held(reference: str, version: int | None) -> Cycle:
    cycle = locked(Cycle, reference)
    if version is not None and version != version_of(cycle):
        raise changed_meanwhile(cycle)
    return cycle


def _row(cycle: Cycle) -> Retention:
    row = db.session.get(Retention, cycle.id)
    if row is None:
        db.session.add(row := Retention(cycle_id=cycle.id))
    return row


def _words(cycle: Cycle, text: str, wanted: str) -> str:
    because = words(text, wanted)
    numbers = select(Audit.case_reference).where(
        Audit.cycle_id == cycle.id, Audit.case_reference.is_not(None)
    )
    if masking(db.session.scalars(numbers))(because) != because:
        raise Refused("Reason must not include a case number, because other people can read it")
    return because
