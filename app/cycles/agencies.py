"""The agencies of a cycle: setting them, and the council's list that new ones are added to."""

from collections.abc import Iterable, Sequence

from sqlalchemy import exists, select

from app.audits.agencies import refuse_names
from app.audits.cycle import Agency, Cycle, CycleAgency
from app.audits.models import Audit
from app.cycles.queries import has_audits
from app.database import db, insert_or_leave, transaction
from app.history.record import RENAMED, Event, record
from app.names import Names
from app.refusal import Refused

LONGEST_AGENCY = 100


def as_listed(names: Iterable[str]) -> list[str]:
    """Return the names in the spelling of the council's list, where they are in it."""
    listed = agency_ids()
    spellings = Names((name, name) for name in listed)
    return [spellings.get(name, name) for name in names]


def new_agencies(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return those of the names that are not in the council's list yet, and all that are in it."""
    listed = agency_ids()
    return sorted({name for name in names if name not in listed}), list(listed)


def refuse_agencies(cycle: Cycle, names: Sequence[str]) -> str | None:
    """Return in a clause why a cycle cannot have these agencies, for the audits that it has; None when it
    can."""
    wanted = Names((name, name) for name in names)
    theirs = (
        select(Agency.name)
        .where(exists().where(Audit.cycle_id == cycle.id, Audit.agency_id == Agency.id))
        .order_by(Agency.name)
    )
    for agency in db.session.scalars(theirs):
        if agency not in wanted:
            return f"{agency} has audits in cycle {cycle.reference}, so you cannot take it out"
    if bool(wanted) != bool(cycle.listed_agencies) and has_audits(cycle):
        only = "only have agencies from the start" if wanted else "not be left without agencies"
        return f"cycle {cycle.reference} already has audits, so it can {only}"
    return None


def set_agencies(cycle: Cycle, names: Sequence[str]) -> None:
    """Give a cycle these agencies in this order, in the caller's transaction, adding new ones to the list."""
    if new := new_agencies(names)[0]:
        db.session.execute(insert_or_leave(Agency), [{"name": name} for name in new])
    ids = agency_ids()
    held = {each.agency_id: each for each in cycle.listed_agencies}
    cycle.listed_agencies = [
        held.get(ids[name]) or CycleAgency(agency_id=ids[name], position=place)
        for place, name in enumerate(names, start=1)
    ]
    for place, each in enumerate(cycle.listed_agencies, start=1):
        each.position = place
    db.session.flush()
    db.session.expire(cycle, ["listed_agencies"])


def rename_agency(agency_id: int, name: str, *, by: str) -> None:
    """Rename an agency everywhere. Raises Refused when another has that name, or it is the word for a
    meeting."""
    with transaction():
        agency = db.session.get_one(Agency, agency_id, with_for_update=True)
        if agency.name == name:
            return
        if refuse_names([name]):
            raise Refused(f"“{name}” is the word for the meeting of a case. Enter another name.")
        if taken := Agency.taken(name, agency_id):
            raise Refused(f"There is already an agency {taken}. Enter another name.")
        record(by, [Event("setting", "agencies", RENAMED, agency.name, name)])
        agency.name = name


def agency_ids() -> Names[int]:
    """Return the ids of all agencies of the council's list, by name."""
    return Names(db.session.execute(select(Agency.name, Agency.id)).all())
