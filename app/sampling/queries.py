"""Queries of the draws of a cycle."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.selection import Selection
from app.database import db
from app.sampling.method_note import DrawFacts, MethodFacts
from app.sampling.models import Draw, DrawnCase
from app.sampling.seeded_draw import ListedCase
from app.sampling.seeded_draw import draw as draw_again


def kept(cycle: Cycle) -> Draw | None:
    """Return the latest draw of a cycle; earlier ones are set aside. None if there is none."""
    query = select(Draw).where(Draw.cycle_id == cycle.id).order_by(Draw.id.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def cases_of(draw: Draw) -> Sequence[DrawnCase]:
    """Return all cases of the list, in the order of the draw."""
    query = select(DrawnCase).where(DrawnCase.draw_id == draw.id).order_by(DrawnCase.position)
    return db.session.scalars(query).all()


def method_facts(cycle: Cycle) -> MethodFacts:
    """Return the facts of how the cases of a cycle were chosen, for `method_note`."""
    stated = Selection(cycle.selection) if cycle.selection else None
    draw = kept(cycle)
    facts = draw and _draw_facts(cycle, draw)
    # a method stated after the draw, as by a file, replaces this draw
    return MethodFacts(
        stated, cycle.population, cycle.hide_up_to, facts if facts and facts.method is stated else None
    )


def requested_otherwise(cycle: Cycle, draw: Draw | None) -> int:
    """Count the audits of a cycle, not withdrawn, of cases that are not in the draw; all if there is none."""
    query = select(func.count(Audit.id)).where(Audit.cycle_id == cycle.id, Audit.withdrawn_on.is_(None))
    if draw is not None:
        is_in = exists().where(
            DrawnCase.draw_id == draw.id,
            DrawnCase.is_chosen,
            or_(DrawnCase.case_folded == Audit.case_folded, DrawnCase.case_reference.is_(None)),
        )
        query = query.where(~is_in.correlate(Audit))
    return db.session.scalar(query) or 0


def _draw_facts(cycle: Cycle, draw: Draw) -> DrawFacts:
    stood_in_for = set(
        db.session.scalars(
            select(DrawnCase.stands_in_for_id).where(
                DrawnCase.draw_id == draw.id, DrawnCase.stands_in_for_id.is_not(None)
            )
        )
    )
    listed: Counter[str] = Counter()
    drawn: Counter[str] = Counter()
    replaced: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    rows = select(DrawnCase.id, DrawnCase.position, DrawnCase.stratum, DrawnCase.left_out_because).where(
        DrawnCase.draw_id == draw.id
    )
    for case in db.session.execute(rows.order_by(DrawnCase.stratum)):
        listed[case.stratum] += 1
        drawn[case.stratum] += case.position <= draw.size
        if case.left_out_because:
            reason = case.left_out_because.partition(": ")[0]  # the words after "other" are the coordinators'
            (replaced if case.id in stood_in_for else left_out)[reason] += 1
    draws = db.session.scalar(select(func.count()).select_from(Draw).where(Draw.cycle_id == cycle.id)) or 1
    return DrawFacts(
        Selection(draw.method),
        draw.seed,
        draw.drawn_on,
        listed,
        drawn,
        replaced,
        left_out,
        before=draws - 1,
        requested_otherwise=requested_otherwise(cycle, draw),
    )


def case_at(draw: Draw, position: int) -> DrawnCase | None:
    """Return the case at a position of the draw, counted from 1; None if there is none."""
    query = select(DrawnCase).where(DrawnCase.draw_id == draw.id, DrawnCase.position == position)
    return db.session.scalars(query).one_or_none()


def chosen(draw: Draw) -> Sequence[DrawnCase]:
    """Return the cases to be audited, stand-ins included."""
    query = select(DrawnCase).where(DrawnCase.draw_id == draw.id, DrawnCase.is_chosen)
    return db.session.scalars(query.order_by(DrawnCase.position)).all()


def left_out(draw: Draw) -> Sequence[tuple[DrawnCase, int | None]]:
    """Return the drawn cases that cannot be audited, each with the position of its stand-in, if any."""
    stand_in = aliased(DrawnCase)
    query = (
        select(DrawnCase, stand_in.position)
        .outerjoin(stand_in, stand_in.stands_in_for_id == DrawnCase.id)
        .where(DrawnCase.draw_id == draw.id, DrawnCase.left_out_because.is_not(None))
    )
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(DrawnCase.position))]


def reserves(draw: Draw) -> Sequence[DrawnCase]:
    """Return the cases that were not drawn and may still stand in, in their order."""
    query = select(DrawnCase).where(
        DrawnCase.draw_id == draw.id, DrawnCase.is_chosen.is_(False), DrawnCase.left_out_because.is_(None)
    )
    return db.session.scalars(query.order_by(DrawnCase.position)).all()


def comes_out_the_same(draw: Draw) -> bool | None:
    """Draw again from the stored list with the stored seed; return True when every case has the same place.

    None when it cannot be repeated because the case numbers have been removed.
    """
    cases = [(case.case_reference, case.stratum) for case in cases_of(draw)]
    listed = [ListedCase(reference, team) for reference, team in cases if reference is not None]
    if len(listed) < len(cases):
        return None
    # the list is put into another order first, which must not matter
    again = draw_again(
        sorted(listed, key=lambda case: case.reference), Selection(draw.method), draw.size, draw.seed
    )
    return list(again) == listed
