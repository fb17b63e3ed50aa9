"""Past cycles that are known only as they were published: percentages without the answers behind them."""

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
    """A percentage as it was published, with the number answered if the publication has it.

    It has no interval: from a rounded per cent the number met is not known.
    """

    percent: int
    answered: int | None = None

    def __str__(self) -> str:
        """Return "60%" or "60% of 25"."""
        return f"{self.percent}%" if self.answered is None else f"{self.percent}% of {self.answered}"


@dataclass(frozen=True)
class Details:
    """The details that are entered of a past cycle, with its figures by the key of their question."""

    title: str
    reported_on: date
    source: str
    figures: Mapping[str, Published]


def earlier_cycles() -> Sequence[EarlierCycle]:
    """Return all past cycles as published, the latest reported first."""
    query = select(EarlierCycle).options(selectinload(EarlierCycle.figures))
    return db.session.scalars(query.order_by(EarlierCycle.reported_on.desc(), EarlierCycle.reference)).all()


def earlier_cycle(reference: str) -> EarlierCycle | None:
    """Return the past cycle of that reference with its figures; None when there is none."""
    query = select(EarlierCycle).options(selectinload(EarlierCycle.figures))
    return db.session.scalars(query.where(EarlierCycle.called(reference))).one_or_none()


def published(cycle: EarlierCycle) -> dict[str, Published]:
    """Return the figures of a past cycle, by the key of their question."""
    return {figure.question: Published(figure.percent, figure.answered) for figure in cycle.figures}


def enter(reference: str, details: Details, *, by: Person) -> EarlierCycle:
    """Enter a past cycle as it was published. Raises Refused when another cycle has its reference."""
    with transaction():
        if reason := refuse_reference(reference):
            raise Refused(reason)
        cycle = EarlierCycle(
            reference=reference,
            title=details.title,
            reported_on=details.reported_on,
            source=details.source,
            figures=[_row(question, figure) for question, figure in details.figures.items()],
        )
        db.session.add(cycle)
        tell(cycle, by, None, "entered as published", after=_all_in_words(details.figures))
    return cycle


def change(reference: str, details: Details, *, by: Person) -> None:
    """Change what was entered. Each change has its own line in the history.

    Raises NotNow when somebody has removed it in the meantime.
    """
    with transaction():
        cycle = _locked(reference)
        for name, what in (("title", "title"), ("reported_on", "date of the report"), ("source", "source")):
            before, after = getattr(cycle, name), getattr(details, name)
            if before != after:
                setattr(cycle, name, after)
                tell(cycle, by, None, f"{what} changed", before=str(before), after=str(after))
        entered = published(cycle)
        rows = {figure.question: figure for figure in cycle.figures}
        for question in sorted(entered.keys() | details.figures.keys()):
            old, new = entered.get(question), details.figures.get(question)
            if old == new:
                continue
            if new is None:
                cycle.figures.remove(rows[question])
            elif old is None:
                cycle.figures.append(_row(question, new))
            else:
                rows[question].percent, rows[question].answered = new.percent, new.answered
            tell(
                cycle, by, None, f"figure of {question} changed", before=_in_words(old), after=_in_words(new)
            )


def remove(reference: str, *, by: Person) -> None:
    """Remove a past cycle; the history keeps its figures. Raises NotNow when it is gone already."""
    with transaction():
        cycle = _locked(reference)
        tell(cycle, by, None, "removed", before=_all_in_words(published(cycle)))
        db.session.delete(cycle)


def _row(question: str, figure: Published) -> EarlierFigure:
    return EarlierFigure(question=question, percent=figure.percent, answered=figure.answered)


def _in_words(figure: Published | None) -> str | None:
    return None if figure is None else str(figure)


def _all_in_words(figures: Mapping[str, Published]) -> str:
    return ", ".join(f"{question} {figure}" for question, figure in sorted(figures.items()))


def _locked(reference: str) -> EarlierCycle:
    try:
        return locked(EarlierCycle, reference)
    except Refused:
        raise NotNow(f"Someone else has removed past cycle {reference}") from None
