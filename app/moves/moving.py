"""A move: one change of one thing by one person, whole or not at all, with its line in the history.

Every move raises Refused, with one sentence, when the thing's state or what was entered does not allow it;
then nothing has changed.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.sql.base import ExecutableOption

from app.called import Referenced
from app.case_numbers import holds
from app.case_numbers import refuse as refuse_number
from app.database import Base, db, transaction
from app.history.record import Event, record
from app.refusal import ChangedMeanwhile, NotNow, Refused, Removed


class Moved(Referenced):
    """A kind of thing that people change by moves: a model with references of its own."""

    kind: ClassVar[str]
    """The name of the kind in the history and in refusals."""
    this: ClassVar[str] = "this"
    """The name of the thing on its own page."""

    if TYPE_CHECKING:
        reference: Mapped[str]

    @property
    def mark(self) -> str:
        """Return the mark that a page carries, which shows whether somebody changed the thing meanwhile."""
        raise NotImplementedError


class Versioned(Moved):
    """A kind of thing whose row counts its changes."""

    if TYPE_CHECKING:
        version: Mapped[int]

    @property
    def mark(self) -> str:
        return str(self.version)


class FromFiles(Versioned):
    """A kind of thing that files bring, too. No file undoes a move made in the product."""

    moved_in_product: Mapped[bool] = mapped_column(default=False)
    """True where somebody changed it in the product: a file then fills only empty values."""


class Mover(Protocol):
    """A person, as the history records them."""

    @property
    def email(self) -> Mapped[str]: ...


Thing = TypeVar("Thing", bound=Moved)


def changed_meanwhile(thing: Moved) -> ChangedMeanwhile:
    """Return the refusal of a move of a thing that somebody else changed since the page was shown."""
    return ChangedMeanwhile(
        f"Someone changed {thing.this} while you had the page open. Check what it says now, then try again."
    )


def held(row: Base) -> None:
    """Lock a row and read it again: nobody else changes it until the transaction ends.

    Raises Removed when somebody has removed it meanwhile.
    """
    try:
        db.session.refresh(row, with_for_update={"of": type(row)})
    except InvalidRequestError:
        raise Removed("Someone removed this while you had the page open") from None


def locked(model: type[Thing], reference: str, *options: ExecutableOption) -> Thing:
    """Return the thing as the database holds it now; nobody else changes it until the transaction ends.

    Raises Refused when there is none of that reference.
    """
    query = select(model).where(model.called(reference)).options(*options)
    query = query.with_for_update(of=model).execution_options(populate_existing=True)
    thing = db.session.scalars(query).unique().one_or_none()
    if thing is None:
        raise Refused(f"There is no {model.kind} {reference}")
    return thing


@contextmanager
def moving(
    model: type[Thing],
    reference: str,
    refuse: Callable[[Thing], str | None],
    seen: int | str | None = None,
    *options: ExecutableOption,
) -> Iterator[Thing]:
    """Yield the locked thing for one move, in one transaction.

    `seen` is the mark of the thing that the person saw on a page, if they did; `refuse` returns why the state
    of the thing does not allow the move. Raises ChangedMeanwhile when somebody changed it since, NotNow when
    its state does not allow the move. A caller that refuses for other reasons must do so before changing
    anything: several moves may share one transaction.
    """
    with transaction():
        thing = locked(model, reference, *options)
        if seen is not None and str(seen) != thing.mark:
            raise changed_meanwhile(thing)
        if why := refuse(thing):
            raise NotNow(why)
        yield thing
        # a move that changes only rows that belong to the thing counts as a change of it, too
        flag_modified(thing, "reference")
        db.session.flush()


def for_each(references: Iterable[str], move: Callable[[str], None]) -> dict[str, str]:
    """Make one move of several things in one transaction; those that cannot make it are left as they are.

    Returns the reasons of refusals, by reference.
    """
    refused: dict[str, str] = {}
    with transaction():
        for reference in references:
            try:
                move(reference)
            except Refused as refusal:
                refused[reference] = str(refusal)
    return refused


def tell(
    thing: Moved,
    by: Mover,
    on: date | None,
    what: str,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
) -> None:
    """Record one move in the history of the thing. `on` is the day of the fact, None for today."""
    if isinstance(thing, FromFiles):
        thing.moved_in_product = True
    record(by.email, [Event(thing.kind, thing.reference, what, before, after, why, on)])


def words(text: str | None, wanted: str) -> str:
    """Return the words that a move needs, trimmed. Raises Refused with `wanted` when there are none."""
    trimmed = (text or "").strip()
    if not trimmed:
        raise Refused(wanted)
    return trimmed


def wanted_case_number(case_reference: str | None) -> str:
    """Return the case number that a move needs, trimmed. Raises Refused when it is none, or was cut."""
    number = words(case_reference, "Enter the case number")
    if why := refuse_number(number):
        raise Refused(why)
    return number


def without_case_number(text: str, case_reference: str | None) -> str:
    """Return words that other people will read. Raises Refused when they hold the number of the case."""
    if holds(text, case_reference):
        raise Refused("Remove the case number, because other people can read this")
    return text
