"""The reminders in words: what each kind of message says on a day. Loads what it needs, then renders."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import select

from app.audits.models import Audit
from app.database import db
from app.outbox.kinds import Rendered
from app.outbox.rendering import render
from app.people.models import Team
from app.people.presence import PersonFacts
from app.reminders.due import Due
from app.reminders.due_audits import Day
from app.reminders.lines import (
    LINES_SHOWN,
    THE_AUDITORS_OWN,
    AuditWords,
    Group,
    Line,
    counted,
    in_words,
    lines,
    sentence,
)
from app.reminders.settle import WEEKLY
from app.reminders.weekly import WeekOfCycle, undelivered, week_of_cycles

Batch = Mapping[tuple[int, str], Sequence[Due]]

IDS_AT_ONCE = 5000


def render_all(batch: Batch, day: Day) -> dict[tuple[int, str], Rendered]:
    """Render messages by receiver and kind, their words true on the day."""
    shown = {key: _most_urgent(items) for key, items in batch.items()}
    audits = _audit_words({item.obligation_id for items in shown.values() for item in items}, day)
    week: list[WeekOfCycle] | None = None
    rendered = {}
    for (receiver, kind), items in batch.items():
        if kind == WEEKLY:
            week = week if week is not None else week_of_cycles(day)
            rendered[receiver, kind] = _weekly(day.people[receiver], week, day)
        else:
            found = lines(shown[receiver, kind], audits, day.people, day.on, day.days)
            more = len({(item.obligation_id, item.step) for item in items}) - len(found)
            rendered[receiver, kind] = _reminder(kind, day.people[receiver], found, more, day)
    return rendered


def _most_urgent(items: Sequence[Due]) -> list[Due]:
    """The items of the first lines; both of two that make one line."""
    if len(items) <= LINES_SHOWN:
        return [item for item in items if item.kind != WEEKLY]
    ordered = sorted(items, key=lambda item: (item.due_on, item.reference, item.step))
    kept: list[Due] = []
    for n, (_, same) in enumerate(groupby(ordered, key=lambda item: (item.reference, item.step))):
        if n == LINES_SHOWN:
            break
        kept += same
    return kept


def _reminder(kind: str, receiver: PersonFacts, found: list[Line], more: int, day: Day) -> Rendered:
    said = [(line, sentence(line, kind, day.on)) for line in found]
    groups = {
        group.value: [(line.reference, words) for line, words in said if line.group == group]
        for group in Group
        if any(line.group == group for line in found)
    }
    return render(
        kind,
        receiver=receiver,
        counted=counted(found),
        groups=groups,
        lines=[(line.reference, words) for line, words in said],
        more=more,
        to_do=any(line.group in THE_AUDITORS_OWN for line in found),
    )


def _weekly(receiver: PersonFacts, week: list[WeekOfCycle], day: Day) -> Rendered:
    return render(
        WEEKLY, receiver=receiver, cycles=week, undelivered=undelivered(), on=day.on, in_words=in_words
    )


def _audit_words(ids: Iterable[int], day: Day) -> dict[int, AuditWords]:
    wanted = sorted(ids)
    found: dict[int, AuditWords] = {}
    for first in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[first : first + IDS_AT_ONCE]
        pair = day.pairs
        auditors: dict[int, list[PersonFacts]] = {}
        query = (
            select(pair.c.audit_id, pair.c.person_id).where(pair.c.audit_id.in_(some)).order_by(pair.c.part)
        )
        for row in db.session.execute(query):
            auditors.setdefault(row.audit_id, []).append(day.people[row.person_id])
        still_open = day.audits
        audits = (
            select(Audit.id, Audit.reference, Team.name, Audit.started_on, still_open.c.due_on)
            .join(Team, Team.id == Audit.team_id)
            .join(still_open, still_open.c.id == Audit.id)
            .where(Audit.id.in_(some))
        )
        for row in db.session.execute(audits):
            started = row.started_on is not None and row.started_on <= day.on
            pair_of_it = tuple(auditors.get(row.id, ()))
            found[row.id] = AuditWords(row.reference, row.name, row.due_on, started, pair_of_it)
    return found
