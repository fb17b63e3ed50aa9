"""What of the items of a message still holds on a day: nobody is chased for what is done."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from app.database import db
from app.people.roles import RoleName
from app.reminders.due import REASSIGN, Due
from app.reminders.due_audits import Day
from app.reminders.ladders import CALLS, DIGEST, MANAGER, WITHOUT_AUDITORS

IDS_AT_ONCE = 5000


def holding(items: Mapping[int, Due], day: Day) -> dict[int, Due]:
    """Those of the items (by their row's id) that still hold on the day: the audit still open, with the due
    day that was told, and still this person's."""
    audits = sorted({item.obligation_id for item in items.values() if item.obligation_kind == "audit"})
    due_days = _due_days(audits, day)
    auditors = _auditors(audits, day)
    kept = {}
    for row_id, told in items.items():
        due_on = due_days.get(told.obligation_id)
        if due_on is None:
            continue
        # who is to hand an audit on is told its due day of the moment
        item = told._replace(due_on=due_on) if told.step == REASSIGN else told
        pair = auditors.get(item.obligation_id, {})
        if item.due_on == due_on and _is_theirs(item, pair, item.obligation_id in day.half_declined, day):
            kept[row_id] = item
    return kept


def _is_theirs(item: Due, pair: Mapping[int, date], half: bool, day: Day) -> bool:
    """True while the step is this person's: as an auditor, a line manager of one, or a coordinator."""
    coordinator = RoleName.COORDINATOR in day.people[item.person_id].roles
    if item.step == REASSIGN:
        return coordinator and item.leaver_id in pair
    if item.kind == CALLS:
        return coordinator and bool(pair)
    if item.kind == MANAGER:
        return any(day.people[auditor].line_manager_id == item.person_id for auditor in pair)
    if item.kind == DIGEST and item.person_id in pair:
        return item.step != "assigned" or pair[item.person_id] == item.anchor_on
    return coordinator and item.step in WITHOUT_AUDITORS and (half or not pair)


def _due_days(ids: list[int], day: Day) -> dict[int, date]:
    """The due days of those audits that are open on the day."""
    audits = day.audits
    found = {}
    for some in _portions(ids):
        query = select(audits.c.id, audits.c.due_on).where(audits.c.id.in_(some))
        found.update({row.id: row.due_on for row in db.session.execute(query)})
    return found


def _auditors(ids: list[int], day: Day) -> dict[int, dict[int, date]]:
    """The auditors of each audit on the day, with the day each was assigned."""
    pair = day.pairs
    found: dict[int, dict[int, date]] = {}
    for some in _portions(ids):
        query = select(pair.c.audit_id, pair.c.person_id, pair.c.assigned_on).where(pair.c.audit_id.in_(some))
        for row in db.session.execute(query):
            found.setdefault(row.audit_id, {})[row.person_id] = row.assigned_on
    return found


def _portions(ids: list[int]) -> Iterable[list[int]]:
    return (ids[first : first + IDS_AT_ONCE] for first in range(0, len(ids), IDS_AT_ONCE))
