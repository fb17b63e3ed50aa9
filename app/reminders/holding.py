"""The items of a message that still hold on a day: nobody is chased for what is done."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from app.audits.worker_messages import told_of
from app.concerns.responses_open import OpenResponse
from app.database import db
from app.outbox.names import ASSIGNED, AUDITED, CALLS, DIGEST, MANAGER
from app.people.roles import RoleName
from app.quick_wins.models import QuickWin
from app.quick_wins.practice_days import end_of
from app.reminders.day import Day
from app.reminders.due import AUDIT, CHECK, NEWS, QUICK_WIN, REASSIGN, RESPONSE, Due
from app.reminders.due_news import news_that_holds
from app.reminders.due_quick_wins import is_for, running
from app.reminders.ladders import WITHOUT_AUDITORS
from app.reminders.things import OwnedThing, owned_things, thing_called

IDS_AT_ONCE = 5000


def holding(items: Mapping[int, Due], day: Day) -> dict[int, Due]:
    """Those of the items (by their row's id) that still hold on the day: what they are about still open, with
    the due day that was told, and still this person's; of a worker, who may be told another, that one; of
    news, what they have not read."""
    of_workers, of_news, others = dict[int, Due](), dict[int, Due](), dict[int, Due]()
    for row_id, item in items.items():
        kind = of_workers if item.kind == AUDITED else of_news if item.obligation_kind == NEWS else others
        kind[row_id] = item
    return _of_workers(of_workers, day) | _of_news(of_news, day) | _of_others(others, day)


def _of_workers(items: Mapping[int, Due], day: Day) -> dict[int, Due]:
    """Those that are about a case of the worker, which their cycle tells them; with the due day of now."""
    told = told_of({item.obligation_id for item in items.values()}, day.audits)
    return {
        row_id: item._replace(due_on=audit.due_on)
        for row_id, item in items.items()
        if (audit := told.get(item.obligation_id)) and audit.worker_id == item.person_id
    }


def _of_news(items: Mapping[int, Due], day: Day) -> dict[int, Due]:
    """Those that the person has not read, and whose thing they still have."""
    still: set[int] = set()
    for some in _portions(_ids(NEWS, items)):
        still |= news_that_holds(some, day)
    return {row_id: item for row_id, item in items.items() if item.obligation_id in still}


def _of_others(items: Mapping[int, Due], day: Day) -> dict[int, Due]:
    audits = _ids(AUDIT, items)
    due_days: dict[tuple[str, int], date | None] = {
        (AUDIT, number): due_on for number, due_on in _due_days(audits, day).items()
    }
    auditors = _auditors(audits, day)
    owners: dict[tuple[str, int], int] = {}
    asked = _quick_wins(_ids(QUICK_WIN, items), day)
    due_days.update({(QUICK_WIN, number): None for number in asked})
    responses = {response.id: response for response in day.responses}
    due_days.update({(RESPONSE, number): response.due_on for number, response in responses.items()})
    for thing in owned_things():
        for number, (due_on, owner_id) in _owned(thing, _ids(thing.name, items), day).items():
            due_days[thing.name, number], owners[thing.name, number] = due_on, owner_id
    kept = {}
    for row_id, carried in items.items():
        obligation = (thing_called(carried.obligation_kind).name, carried.obligation_id)
        if obligation not in due_days:
            continue
        if carried.obligation_kind == QUICK_WIN:
            if _is_still_asked(carried, asked[carried.obligation_id], day):
                kept[row_id] = carried
            continue
        # who is to hand it on is told its due day of the moment
        item = carried._replace(due_on=due_days[obligation]) if carried.step == REASSIGN else carried
        if item.due_on != due_days[obligation]:
            continue
        if _is_this_persons(item, auditors, owners, responses, day):
            kept[row_id] = item
    return kept


def _is_this_persons(
    item: Due,
    auditors: Mapping[int, Mapping[int, date]],
    owners: Mapping[tuple[str, int], int],
    responses: Mapping[int, OpenResponse],
    day: Day,
) -> bool:
    if item.obligation_kind == RESPONSE:
        return _is_theirs_of_response(item, responses[item.obligation_id], day)
    if item.obligation_kind == AUDIT:
        pair = auditors.get(item.obligation_id, {})
        return _is_theirs(item, pair, item.obligation_id in day.half_declined, day)
    return _is_theirs_of_owned(item, owners[item.obligation_kind, item.obligation_id], day)


def _quick_wins(ids: list[int], day: Day) -> dict[int, QuickWin]:
    """Those of the quick wins that nobody has stopped."""
    wanted = set(ids)
    return {quick_win.id: quick_win for quick_win in running(day.on) if quick_win.id in wanted}


def _is_still_asked(item: Due, quick_win: QuickWin, day: Day) -> bool:
    """The question at its end, while nobody has answered it; its message, until its end, to its audience."""
    person = day.people[item.person_id]
    if item.step == CHECK:
        return quick_win.moved is None and RoleName.COORDINATOR in person.roles
    return day.on < end_of(quick_win, day.days) and is_for(quick_win, person)


def _is_theirs_of_owned(item: Due, owner_id: int, day: Day) -> bool:
    """True while the step is this person's: as the owner, the owner's line manager, or a coordinator."""
    coordinator = RoleName.COORDINATOR in day.people[item.person_id].roles
    if item.step == REASSIGN:
        return coordinator and item.leaver_id == owner_id
    if item.kind == CALLS:
        return coordinator
    if item.kind == MANAGER:
        return day.people[owner_id].line_manager_id == item.person_id
    return item.person_id == owner_id


def _is_theirs_of_response(item: Due, response: OpenResponse, day: Day) -> bool:
    """True while the step is this person's: as one who is asked, who is told when it is late, or a
    coordinator."""
    if item.kind == CALLS:
        return RoleName.COORDINATOR in day.people[item.person_id].roles
    theirs = response.told_late if item.kind == MANAGER else response.asked
    return item.person_id in {person.id for person in theirs}


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
        return item.step != ASSIGNED or pair[item.person_id] == item.anchor_on
    return coordinator and item.step in WITHOUT_AUDITORS and (half or not pair)


def _ids(name: str, items: Mapping[int, Due]) -> list[int]:
    return sorted({item.obligation_id for item in items.values() if item.obligation_kind == name})


def _owned(thing: OwnedThing, ids: list[int], day: Day) -> dict[int, tuple[date | None, int]]:
    """The due day and the owner of those that are open and have an owner."""
    rows = day.owned(thing).c
    owned = {}
    for some in _portions(ids):
        query = select(rows.id, rows.due_on, rows.owner_id)
        theirs = query.where(rows.id.in_(some), rows.owner_id.is_not(None))
        for number, due_on, owner_id in db.session.execute(theirs):
            owned[number] = (due_on, owner_id)
    return owned


def _due_days(ids: list[int], day: Day) -> dict[int, date]:
    """The due days of those audits that are open on the day."""
    audits = day.audits
    due_days = {}
    for some in _portions(ids):
        query = select(audits.c.id, audits.c.due_on).where(audits.c.id.in_(some))
        due_days.update({row.id: row.due_on for row in db.session.execute(query)})
    return due_days


def _auditors(ids: list[int], day: Day) -> dict[int, dict[int, date]]:
    """The auditors of each audit on the day, with the day each was assigned."""
    pair = day.pairs
    auditors: dict[int, dict[int, date]] = {}
    for some in _portions(ids):
        query = select(pair.c.audit_id, pair.c.person_id, pair.c.assigned_on).where(pair.c.audit_id.in_(some))
        for row in db.session.execute(query):
            auditors.setdefault(row.audit_id, {})[row.person_id] = row.assigned_on
    return auditors


def _portions(ids: list[int]) -> Iterable[list[int]]:
    return (ids[first : first + IDS_AT_ONCE] for first in range(0, len(ids), IDS_AT_ONCE))
