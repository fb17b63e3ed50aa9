"""What every move of an audit shares: the locked row, the rule that may refuse it, the history."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from app.audits import lifecycle
from app.audits.facts import WITH_ITS_FACTS, facts
from app.audits.lifecycle import Move
from app.audits.models import Audit
from app.case_numbers import holds
from app.database import db, transaction
from app.history.record import Event, record
from app.people.closures import working_days
from app.people.models import Person
from app.refusal import NotNow, Refused

CHANGED_MEANWHILE = (
    "Somebody changed this audit while you had the page open. Look at what it says now, then try again."
)


@contextmanager
def moving(reference: str, move: Move, on: date, version: int | None = None) -> Iterator[Audit]:
    """One move of one audit on a day, whole or not at all: yields the locked audit to the change.

    `version` is the one that the person saw, where they saw a page. Raises NotNow when somebody changed the
    audit since, or when its state does not allow the move. Whoever refuses for a reason of their own does so
    before changing anything: several moves may share one transaction.
    """
    with transaction():
        audit = locked(reference)
        if version is not None and version != audit.version:
            raise NotNow(CHANGED_MEANWHILE)
        if refusal := lifecycle.refuse(move, facts(audit, on), on, working_days()):
            raise NotNow(refusal)
        yield audit
        # a move that changes only what hangs on the audit counts as a change of it, too
        flag_modified(audit, "reference")
        db.session.flush()


def for_each(references: Iterable[str], move: Callable[[str], None]) -> dict[str, str]:
    """One move for several audits in one transaction: those that refuse it are left as they are.

    Returns why some were refused, by reference.
    """
    refused: dict[str, str] = {}
    with transaction():
        for reference in references:
            try:
                move(reference)
            except Refused as refusal:
                refused[reference] = str(refusal)
    return refused


def locked(reference: str) -> Audit:
    """The audit as the database holds it now; nobody else changes it until the transaction ends."""
    query = (
        select(Audit)
        .where(Audit.reference == reference)
        .options(*WITH_ITS_FACTS)
        .with_for_update(of=Audit)
        .execution_options(populate_existing=True)
    )
    audit = db.session.scalars(query).unique().one_or_none()
    if audit is None:
        raise Refused(f"There is no audit {reference}.")
    return audit


def tell(
    audit: Audit,
    by: Person,
    on: date,
    what: str,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
) -> None:
    """Write one move into the history of the audit."""
    record(by.email, [Event("audit", audit.reference, what, before, after, why, on)])


def words(text: str | None, wanted: str) -> str:
    """The words that a move needs, trimmed; refused with `wanted` when there are none."""
    given = (text or "").strip()
    if not given:
        raise Refused(wanted)
    return given


def without_case_number(text: str, audit: Audit) -> str:
    """Words that other people will read, some of them by email: refused when they hold the case's number."""
    if holds(text, audit.case_reference):
        raise Refused("Leave the case number out: other people read this, some of them by email.")
    return text
