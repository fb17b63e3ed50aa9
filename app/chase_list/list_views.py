"""`/audits`: the chase list, which a coordinator opens every morning; an auditor sees their own audits."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, render_template, request
from flask_security import current_user
from sqlalchemy import Select, exists, select

from app.audits.agencies import TOGETHER, of_whom
from app.audits.audited_again import audited_again_by
from app.audits.case_returns import CaseReturns, of_audits
from app.audits.cycle import Agency, Cycle, CycleAgency
from app.audits.models import Assignment
from app.audits.open_on import half_declined
from app.audits.promises import holds_until
from app.audits.standing import Standing, Standings, standings
from app.chase_list.blueprint import chase_list
from app.chase_list.queries import BY_CASE, PAGE, SORTS, Asked, Counts, counts, has_second, how_many, ids
from app.chase_list.rows import ChaseRow, rows, waits_for
from app.clock import today
from app.database import db
from app.downloads import Ending, as_file, asked_for, at_once
from app.files.writing import Value
from app.listing import Address, paged_by
from app.people.closures import working_days
from app.people.models import Person, Team
from app.people.standing_in_sql import coordinates
from app.reminders.due import AUDIT
from app.reminders.ladder_book import LadderBook, ladder_book
from app.reminders.ladders import coming_in_words
from app.reminders.next_reminder import Open, next_reminder, receiving_of_audit
from app.reminders.written import recorded_of, those_reminded
from app.wording import capitalised
from app.working_days import WorkingDays

COLUMNS = (
    "reference",
    "cycle",
    "team",
    "agency",
    "case",
    "case_is_complete",
    "state",
    "due_on",
    "first_due_on",
    "working_days_overdue",
    "waits_for",
    "lead_auditor",
    "lead_on_leave_until",
    "second_auditor",
    "second_on_leave_until",
    "last_chase_on",
    "last_chase_by",
    "next_step",
    "next_step_on",
    "requested_on",
    "started_on",
    "returned_on",
)


@dataclass(frozen=True)
class Line:
    """A line of the list: its row, its state in words, whom it waits for, and its next step."""

    row: ChaseRow
    waits_for: str
    next_step: str | None
    next_step_on: date | None
    case: CaseReturns | None
    """The returns of its case, in a cycle with agencies."""


@chase_list.get("/audits")
def listing() -> str | Response:
    """Show the audits that have not come back, the most overdue first; then the rest."""
    on, days = today(), working_days()
    asked = _asked(request.args.to_dict())
    if asked is None:
        return _page(on, Asked(standing=None), lambda _skip: [], None, 0)
    on_day = standings(on, days)
    if ending := asked_for():
        return _download(asked, on, days, ending)
    counted = counts(asked, on_day)
    narrowed = asked.never_chased or asked.search or asked.promised is not None
    counted_total = None if narrowed else counted.of(asked.standing)
    total = how_many(asked, on_day) if counted_total is None else counted_total

    unread = audited_again_by(current_user.id, on)

    def lines(skip: int) -> list[Line]:
        return _lines(ids(asked, on_day, skip=skip), on_day, days, unread) if total else []

    return _page(on, asked, lines, counted, total)


def _page(
    on: date, asked: Asked, lines: Callable[[int], list[Line]], counted: Counts | None, total: int
) -> str:
    has_agencies = exists().where(CycleAgency.cycle_id == Cycle.id).label("has_agencies")
    query = select(Cycle.reference, Cycle.title, Cycle.auditors, has_agencies)
    cycles = db.session.execute(query.order_by(Cycle.requested_on.desc(), Cycle.reference)).all()
    shown = [cycle for cycle in cycles if asked.cycle in (None, cycle.reference)]
    needed = [cycle.auditors for cycle in shown]
    by_agency = asked.own is None and any(cycle.has_agencies for cycle in shown)
    return render_template(
        "chase_list/listing.html",
        page=paged_by(lines, total, PAGE),
        counts=counted,
        asked=asked,
        address=Address.here(),
        may_choose=asked.own is None,
        states=[(standing, capitalised(standing.words)) for standing in _standings_offered(asked, needed)],
        cycles=cycles,
        teams=_teams() if asked.own is None else [],
        auditors=_auditors() if asked.own is None else [],
        agencies=_agencies(asked) if by_agency else [],
        on=on,
    )


def _standings_offered(asked: Asked, auditors: Iterable[int]) -> list[Standing]:
    """Return the standings to filter by: those of pairs only where the list may have a pair.

    `auditors` are the numbers of auditors that the audits of its cycles need.
    """
    may_have_pairs = any(number > 1 for number in auditors) or has_second(asked.cycle)
    of_pairs = () if may_have_pairs else (Standing.HALF_A_PAIR, Standing.TO_CONFIRM)
    return [standing for standing in Standing if standing not in of_pairs or standing is asked.standing]


def _asked(args: dict[str, str]) -> Asked | None:
    """Return the filters and the order of the address; None when it names a state that does not exist."""
    state = args.get("state", "").replace("-", " ").replace("_", " ").strip().lower()
    if state and state not in set(Standing):
        return None
    sort = args.get("sort", "")
    sees_all = coordinates(current_user, today())
    return Asked(
        cycle=Cycle.asked_for(args.get("cycle")),
        team=Team.asked_for(args.get("team")),
        auditor=(args.get("auditor") or None) if sees_all else None,
        own=None if sees_all else current_user.id,
        standing=Standing(state) if state else None,
        never_chased=args.get("chased") == "never",
        promised={"yes": True, "no": False}.get(args.get("promised", "")),
        search=args.get("q", "").strip() or None,
        sort=sort if sort.removeprefix("-") in {*SORTS, BY_CASE} else None,
        agency=Agency.asked_for(args.get("agency")),
        case=args.get("case") or None,
        complete={"complete": True, "not complete": False}.get(args.get("returns", "")),
    )


def _agencies(asked: Asked) -> list[tuple[str, str]]:
    """Return the agencies to filter by, of the cycle that is asked for or of all, and the meetings, each with
    its words."""
    query = select(Agency.name).order_by(Agency.name)
    if asked.cycle is not None:
        its_cycle = exists().where(CycleAgency.agency_id == Agency.id, CycleAgency.cycle_id == Cycle.id)
        query = query.where(exists().where(Cycle.called(asked.cycle), its_cycle))
    return [(agency, of_whom(agency)) for agency in (*db.session.scalars(query), TOGETHER)]


def _teams() -> list[str]:
    return list(db.session.scalars(select(Team.name).order_by(Team.name)))


def _auditors() -> list[tuple[str, str]]:
    """Return email and name of everybody who was ever one of a pair."""
    has_audited = exists().where(Assignment.person_id == Person.id)
    query = select(Person.email, Person.name).where(has_audited).order_by(Person.name)
    return [(row.email, row.name) for row in db.session.execute(query)]


def _lines(
    listed: list[int], standings: Standings, days: WorkingDays, unread: Select[int | None] | None = None
) -> list[Line]:
    book, on = ladder_book(), standings.on
    found = rows(listed, on, days, unread=unread)
    cases = of_audits([row.id for row in found if row.agency], standings)
    following = _following([row for row in found if row.is_open], book, days, on)
    none = (None, None)
    return [Line(row, waits_for(row, on), *following.get(row.id, none), cases.get(row.id)) for row in found]


def _following(
    open_rows: Sequence[ChaseRow], book: LadderBook, days: WorkingDays, on: date
) -> dict[int, tuple[str | None, date | None]]:
    """Return the next step of each open audit in words and its day, by id."""
    ids_of_rows = [row.id for row in open_rows]
    if not ids_of_rows:
        return {}
    recorded = recorded_of(AUDIT, ids_of_rows, on)
    people = those_reminded(each.person_id for row in open_rows for each in row.pair.values())
    may_have_declined = any(len(row.pair) == 1 and row.facts.missing for row in open_rows)
    declined = half_declined(on) if may_have_declined else ()
    found = {}
    for row in open_rows:
        due_on = row.facts.due_on
        auditors = {each.person_id: each.assigned_on for each in row.pair.values()}
        until = holds_until(row.promised_on, due_on, days) if row.promised_on else None
        thing = Open(
            due_on,
            receiving_of_audit(
                book.for_audits_of(row.cycle_id), auditors, people, is_half_declined=row.id in declined
            ),
            auditors,
            [each for _, each in recorded[row.id].written],
            recorded[row.id].held,
            until,
        )
        after = on if row.has_run else on - timedelta(days=1)
        coming = next_reminder(thing, people, after, days)
        found[row.id] = coming_in_words(coming, row.promised_on, until)
    return found


def _download(asked: Asked, on: date, days: WorkingDays, ending: Ending) -> Response:
    """Return the whole filtered list, in its order, as a file that is written while it is read.

    It has no case numbers and no grades: nobody can say who reads a file.
    """
    on_day = standings(on, days)
    listed = ids(asked, on_day, limit=None)
    at_once(len(listed))

    def cells() -> Iterator[list[Value]]:
        for start in range(0, len(listed), 500):
            for line in _lines(listed[start : start + 500], on_day, days):
                yield _cells(line)

    return as_file(f"audits {on}", "Audits", COLUMNS, cells(), ending)


def _cells(line: Line) -> list[Value]:
    row = line.row
    lead, second, chase = row.lead, row.second, row.last_chase
    return [
        row.reference,
        row.cycle,
        row.team,
        row.agency,
        line.case.called if line.case else None,
        ("yes" if line.case.is_complete else "no") if line.case else None,
        row.words,
        row.facts.due_on,
        row.first_due_on,
        row.working_days_late or None,
        line.waits_for or None,
        lead.name if lead else None,
        lead.on_leave_until if lead else None,
        second.name if second else None,
        second.on_leave_until if second else None,
        chase.day if chase else None,
        chase.channel if chase else None,
        line.next_step,
        line.next_step_on,
        row.facts.requested_on,
        row.facts.started_on,
        row.facts.returned_on,
    ]
