"""Changes of the draw of a cycle: keeping one, and replacing a case that cannot be audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, insert, select

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.selection import Selection, counts_its_population
from app.case_numbers import masking
from app.database import db, transaction
from app.moves.moving import locked, tell
from app.people.models import Person
from app.refusal import ChangedMeanwhile, Refused
from app.sampling import queries as drawn
from app.sampling.models import Draw, DrawnCase
from app.sampling.seeded_draw import ListedCase, draw, next_reserve, takes_all
from app.wording import counted

OTHER = "other"
REASONS = (
    "case closed or transferred",
    "record cannot be opened",
    "not a case of this theme",
    "audited recently",
    "same family as another case",
    OTHER,
)
"""Reasons why a drawn case is not audited; the report counts them."""


@dataclass(frozen=True)
class Plan:
    """The plan of a draw: the cases to draw from, the method, the size and the seed.

    `is_whole_list` says that the list holds every case that could have been chosen, so that its length is the
    population.
    """

    cases: Sequence[ListedCase]
    method: Selection
    size: int
    seed: int
    is_whole_list: bool

    def order(self) -> Sequence[ListedCase]:
        """Return the cases in the order of the draw, the first `size` drawn."""
        return draw(self.cases, self.method, self.size, self.seed)

    @property
    def counting_population(self) -> int | None:
        """Return the population that makes the figures' intervals narrower; None if none does."""
        return counting_population(self.method, len(self.cases), is_whole_list=self.is_whole_list)


def counting_population(method: Selection, listed: int, *, is_whole_list: bool) -> int | None:
    """Return the length of the list for a random sample of a list of all cases, else None.

    It narrows the intervals of the figures; a stratified sample keeps the wider interval.
    """
    return listed if counts_its_population(method) and is_whole_list else None


def keep(reference: str, plan: Plan, *, by: Person, on: date, seen: str | None = None) -> Draw:
    """Store a draw with its whole list, so that it can be repeated, and set the cycle's way of choosing.

    An earlier draw is set aside. `seen` is the mark of the one that the person saw. Raises ChangedMeanwhile
    when somebody else has drawn cases since.

    Raises Refused when the cycle is closed or audits of an earlier draw's cases have been requested.
    """
    with transaction():
        cycle = open_cycle(reference, on)
        if why := refuse_another(cycle, on):
            raise Refused(why)
        earlier = drawn.kept(cycle)
        if seen is not None and seen != mark_of_draw(earlier) and earlier is not None:
            drawn_by = db.session.get_one(Person, earlier.drawn_by_id).name
            raise ChangedMeanwhile(
                f"{drawn_by} drew {counted(earlier.size, 'case')} ({earlier.method}) while you had the page "
                "open. If you keep your draw, it replaces theirs."
            )
        kept = Draw(
            cycle_id=cycle.id,
            method=plan.method,
            seed=plan.seed,
            size=plan.size,
            drawn_on=on,
            drawn_by_id=by.id,
        )
        db.session.add(kept)
        db.session.flush()
        rows = [
            {
                "draw_id": kept.id,
                "position": position,
                "case_reference": case.reference,
                "stratum": case.team,
                "is_chosen": position <= plan.size,
            }
            for position, case in enumerate(plan.order(), start=1)
        ]
        db.session.execute(insert(DrawnCase), rows)
        cycle.selection = plan.method
        if plan.is_whole_list or plan.method is Selection.WHOLE_POPULATION:
            cycle.population = len(rows)
        after = f"{plan.size} of {len(rows)}, {plan.method}"
        if not takes_all(plan.method):
            after += f", seed {plan.seed}"
        tell(cycle, by, on, "cases drawn", after=after)
    return kept


def mark_of_draw(kept: Draw | None) -> str:
    """Return the mark of the latest draw of a cycle."""
    return str(kept.id) if kept is not None else "none"


def refuse_another(cycle: Cycle, on: date) -> str | None:
    """Return why cases cannot be drawn, or drawn again; None when they can."""
    if why := _refuse_change(cycle, on):
        return why
    kept = drawn.kept(cycle)
    if kept is not None and is_requested(kept):
        return "Audits of the drawn cases have been requested, so you cannot draw again"
    if requested := drawn.requested_otherwise(cycle, kept):
        audits = "1 audit has" if requested == 1 else f"{requested} audits have"
        return (
            f"{audits} already been requested in cycle {cycle.reference}. You can only draw cases before you "
            "request audits, because a draw does not show how other cases were chosen."
        )
    return None


def is_requested(kept: Draw) -> bool:
    """Return True when the cycle has an audit of a chosen case."""
    query = select(DrawnCase.id).join(
        Audit, (Audit.cycle_id == kept.cycle_id) & (Audit.case_folded == DrawnCase.case_folded)
    )
    return bool(
        db.session.scalar(select(exists(query.where(DrawnCase.draw_id == kept.id, DrawnCase.is_chosen))))
    )


def substitute(
    cycle: Cycle, position: int, reason: str, words: str | None, *, by: Person, on: date
) -> tuple[DrawnCase, DrawnCase | None]:
    """Leave out a drawn case for one of `REASONS`; the next reserve stands in for it, if there is one.

    The report counts the reason; `words` are for coordinators. Part of a move that has locked the cycle
    (`open_cycle`). Returns both cases. Raises Refused when the case is not in, or there is no reason.
    """
    kept = drawn.kept(cycle)
    case = drawn.case_at(kept, position) if kept is not None else None
    if kept is None or case is None:
        raise Refused("This case is not in the draw")
    if not case.is_chosen:
        raise Refused("This case is not one of the cases to be audited")
    if reason not in REASONS:
        raise Refused("Select why the case cannot be audited")
    words = (words or "").strip()
    if reason == OTHER and not words:
        raise Refused("Enter details of why the case cannot be audited")
    numbers = (case.case_reference for case in drawn.cases_of(kept) if case.case_reference)
    if masking(numbers)(words) != words:
        raise Refused("Details must not include a case number, because other people can read them")
    reserve = reserve_for(kept, case)
    case.is_chosen, case.left_out_because = False, f"{reason}: {words}" if words else reason
    if reserve is not None:
        reserve.is_chosen, reserve.stands_in_for_id = True, case.id
    after = (
        f"by case {reserve.position}"
        if reserve is not None
        else "by no other case, because no reserve was left"
    )
    tell(cycle, by, on, f"case {position} of the draw replaced", after=after, why=reason)
    return case, reserve


def reserve_for(kept: Draw, case: DrawnCase) -> DrawnCase | None:
    """Return the case that would stand in for this one; None when no reserve is left."""
    reserves = drawn.reserves(kept)
    position = next_reserve(
        ((each.position, each.stratum) for each in reserves), Selection(kept.method), case.stratum
    )
    return next((each for each in reserves if each.position == position), None)


def open_cycle(reference: str, on: date) -> Cycle:
    """Return the cycle, locked for a change of its draw. Raises Refused if there is none or it is closed."""
    cycle = locked(Cycle, reference)
    if why := _refuse_change(cycle, on):
        raise Refused(why)
    return cycle


def _refuse_change(cycle: Cycle, on: date) -> str | None:
    if cycle.is_closed(on):
        return f"Cycle {cycle.reference} is closed, so you cannot change its cases"
    return None
