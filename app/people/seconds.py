"""The second person for a role: never one whom the first let in, as the history of the last days knows."""

from collections.abc import Collection, Iterator

from sqlalchemy import and_, or_, select

from app import clock
from app.database import db
from app.history.models import HistoryRow
from app.history.record import IMPORT
from app.people.beholden import WITHIN, givers
from app.people.models import Person
from app.people.queries import addresses

ADDED, ROLES_CHANGED, ADDRESS_CHANGED = "added", "roles changed", "email changed"
INVITED, LINK_SENT = "invited", "link to choose a new password sent"

BY_A_SECOND_PERSON = "asked for by the person, confirmed by a second one"
"""The reason of a role that somebody asked for: who confirmed it did not let them in."""

_GIFTS = (ADDED, ROLES_CHANGED, ADDRESS_CHANGED, INVITED, LINK_SENT)


def beholden_to(by: str) -> set[int]:
    """Return the ids of those who lately let this person in, or those who did: added them, gave them a role
    or another address, sent or showed them a link."""
    known = addresses()
    return givers(known[by], _gifts(known)) if by in known else set()


def why_not(first: Person, by: str, what: str) -> str | None:
    """Return why `by` cannot be the second person for this one; `what` is what somebody else must do."""
    if first.id not in beholden_to(by):
        return None
    return (
        f"{first.name} added you, or gave you a role, an email address or a link, in the last "
        f"{WITHIN.days} days, or someone whom they added did, so someone else must {what}"
    )


def why_not_given(first: Person, given: Collection[str], by: str) -> str | None:
    """Return why `by` cannot give roles to the person who let them in; None where they can."""
    return why_not(first, by, "give them a role") if given else None


def _gifts(known: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Yield giver and receiver of what lately let somebody in; programs on the server are no givers."""
    of_people = and_(HistoryRow.subject_kind == "person", HistoryRow.what.in_(_GIFTS))
    of_files = and_(HistoryRow.subject_kind == "import", HistoryRow.subject == "staff")
    query = (
        select(HistoryRow)
        .where(or_(of_people, of_files), HistoryRow.at >= clock.now() - WITHIN)
        .order_by(HistoryRow.id.desc())
    )
    importer: str | None = None
    for row in db.session.scalars(query):
        # what a file brings comes before the row that says who imported it
        if row.subject_kind == "import":
            importer = row.who
            continue
        giver = known.get((importer or "") if row.who == IMPORT else row.who)
        if giver is not None and _is_given(row):
            yield giver, int(row.subject)


def _is_given(row: HistoryRow) -> bool:
    if row.why == BY_A_SECOND_PERSON:
        return False
    taken_alone = set((row.after or "").split()) <= set((row.before or "").split())
    return row.what != ROLES_CHANGED or not taken_alone
