"""Past cycles known only as they were published: percentages without the answers behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.cycles.models import EarlierCycle, EarlierFigure
from app.cycles.moves import refuse_reference
from app.database import db, transaction
from app.moves.moving import locked, tell
from app.people.models import Person
from app.refusal import NotNow, Refused


@dataclass(frozen=True)
class Published:
    """A percentage as it was published, and out of how many where the publication says so.

    It has no interval: from a rounded per cent the number met is not known.
    """

    percent: int
    answered: int | None = None

    def __str__(self) -> str:
        """ "60%", "60% of 25"."""
        return f"{self.percent}%" if self.answered is None else f"{self.percent}% of {self.answered}"


@dataclass(frozen=True)
class Details:
    """What is entered of a past cycle, its figures by the key of the question that they answer."""

    title: str
    reported_on: date
    source: str
    figures: Mapping[str, Published]


def earlier_cycles() -> Sequence[EarlierCycle]:
    """Return all past cycles as published, the latest reported first."""
    query = select(EarlierCycle).options(selectinload(EarlierCycle.figures))
    return db.session.scalars(query.order_by(EarlierCycle.reported_on.desc(), EarlierCycle.reference)).all()


def found(reference: str) -> EarlierCycle | None:
    """The past cycle of that reference, with its figures."""
    query = select(EarlierCycle).options(selectinload(EarlierCycle.figures))
    return db.session.scalars(query.where(EarlierCycle.reference == reference)).one_or_none()


def published(cycle: EarlierCycle) -> dict[str, Published]:
    """Its figures, by the key of the question that they answer."""
    return {figure.question: Published(figure.percent, figure.answered) for figure in cycle.figures}


def enter(reference: str, details: Details, *, by: Person) -> EarlierCycle:
    """Enter a past cycle as it was published. Raises Refused when a cycle or a past one has its reference."""
    with transaction():
        if why := refuse_reference(reference):
            raise Refused(why)
        cycle = EarlierCycle(
            reference=reference,
            title=details.title,
            reported_on=details.reported_on,
            source=details.source,
            figures=[_row(question, figure) for question, figure in details.figures.items()],
        )
        db.session.add(cycle)
        tell(cycle, by, None, "entered as published", after=_told(details.figures))
    return cycle


def change(reference: str, details: Details, *, by: Person) -> None:
    """Change what was entered, each change with its own line in the history.

    Raises Refused when somebody has removed it in the meantime.
    """
    with transaction():
        kept = _locked(reference)
        for name, what in (("title", "title"), ("reported_on", "day of the report"), ("source", "source")):
            before, after = getattr(kept, name), getattr(details, name)
            if before != after:
                setattr(kept, name, after)
                tell(kept, by, None, f"{what} changed", before=str(before), after=str(after))
        there = published(kept)
        rows = {figure.question: figure for figure in kept.figures}
        for question in sorted(there.keys() | details.figures.keys()):
            old, new = there.get(question), details.figures.get(question)
            if old == new:
                continue
            if new is None:
                kept.figures.remove(rows[question])
            elif old is None:
                kept.figures.append(_row(question, new))
            else:
                rows[question].percent, rows[question].answered = new.percent, new.answered
            tell(kept, by, None, f"figure of {question} changed", before=_said(old), after=_said(new))


def remove(reference: str, *, by: Person) -> None:
    """Take a past cycle out; the history keeps what it said. Raises Refused when it is gone already."""
    with transaction():
        kept = _locked(reference)
        tell(kept, by, None, "removed", before=_told(published(kept)))
        db.session.delete(kept)


def _row(question: str, figure: Published) -> EarlierFigure:
    return EarlierFigure(question=question, percent=figure.percent, answered=figure.answered)


def _said(figure: Published | None) -> str | None:
    return None if figure is None else str(figure)


def _told(figures: Mapping[str, Published]) -> str:
    return ", ".join(f"{question} {figure}" for question, figure in sorted(figures.items()))


def _locked(reference: str) -> EarlierCycle:
    try:
        return locked(EarlierCycle, reference)
    except Refused:
        raise NotNow("This past cycle has been removed in the meantime.") from None
