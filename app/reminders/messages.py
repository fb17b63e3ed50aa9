"""Reminders in words: load what each kind of message says on a day, and render it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import and_, or_, select

from app.answers.begun import begun_by
from app.audits.agencies import MEETING
from app.audits.coming_back import yours_again
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.audits.worker_messages import rendered_audited, told_of
from app.database import db
from app.history.checks import last_check
from app.news.models import News
from app.news.words import sentence
from app.outbox.kinds import Rendered
from app.outbox.models import SENT, Message, MessageItem
from app.outbox.names import ASSIGNED, AUDITED, DIGEST, MANAGER, PRACTICE, WEEKLY
from app.outbox.rendering import render
from app.people.models import Team
from app.people.presence import PersonFacts
from app.people.reaching import to_ask
from app.people.roles import RoleName
from app.quick_wins.models import QuickWin
from app.quick_wins.practice_days import end_of
from app.reminders.day import Day
from app.reminders.due import AUDIT, NEWS, QUICK_WIN, RESPONSE, Due
from app.reminders.lines import (
    LINES_SHOWN,
    TO_ASSIGN,
    Group,
    Line,
    Obligation,
    Words,
    as_read_by,
    lines_of,
    sentences,
)
from app.reminders.summing_up import DeputyOf, advice, asked, counted, link, news_counted, themes, to_others
from app.reminders.thing import Thing
from app.reminders.things import THINGS, OwnedThing, thing_called
from app.reminders.weekly import Week, the_week, undelivered

Batch = Mapping[tuple[int, str], Sequence[Due]]

IDS_AT_ONCE = 5000


def render_all(batch: Batch, day: Day) -> dict[tuple[int, str], Rendered]:
    """Render messages by receiver and kind, their words true on the day."""
    shown = {key: _most_urgent(items) for key, items in batch.items()}
    every = (item for items in shown.values() for item in items if item.kind not in (PRACTICE, AUDITED))
    known = _words({(item.obligation_kind, item.obligation_id) for item in every}, day)
    of_practice = _quick_wins(
        item.obligation_id for items in batch.values() for item in items if item.kind == PRACTICE
    )
    # the same words to everyone
    practised = {number: practice_message(quick_win) for number, quick_win in of_practice.items()}
    told = told_of(
        {item.obligation_id for items in batch.values() for item in items if item.kind == AUDITED}, day.audits
    )
    new = _not_told_yet([item for items in shown.values() for item in items], day)
    again = yours_again(new)
    this_week: Week | None = None
    rendered = {}
    for (receiver, kind), items in batch.items():
        if kind == PRACTICE:
            rendered[receiver, kind] = practised[items[0].obligation_id]
        elif kind == AUDITED:
            rendered[receiver, kind] = rendered_audited([told[item.obligation_id] for item in items], day.on)
        elif kind == WEEKLY:
            this_week = this_week or the_week(day)
            rendered[receiver, kind] = _weekly(receiver, this_week, day)
        else:
            lines = lines_of(shown[receiver, kind], known, day.people, day.on, day.days, new, again)
            if kind == MANAGER:
                lines = [as_read_by(receiver, line) for line in lines]
            more = len({_line_of(item) for item in items}) - len(lines)
            deputy_of = _deputy_of(receiver, items, day)
            rendered[receiver, kind] = _reminder(receiver, kind, lines, more, deputy_of, day)
    return rendered


def _not_told_yet(items: Iterable[Due], day: Day) -> set[tuple[int, int]]:
    """Return the audits, each with its auditor, of which these items are the first that tells them that it is
    theirs: the step says so, or they were assigned in the product, and no email has gone to them since."""
    of_auditors = [item for item in items if item.obligation_kind == AUDIT and item.kind == DIGEST]
    new = {(item.obligation_id, item.person_id) for item in of_auditors if item.step == ASSIGNED}
    pair, item = day.pairs.c, MessageItem
    has_gone = Message.state == SENT
    told = (
        select(item.id)
        .outerjoin(Message, Message.id == item.carrier_id)
        .where(
            item.obligation_kind == AUDIT,
            item.obligation_id == pair.audit_id,
            item.person_id == pair.person_id,
            item.kind == DIGEST,
            item.leaver_id == 0,
            or_(
                # without a carrier it keeps the run from telling them what they knew
                and_(item.step == ASSIGNED, item.anchor_on == pair.assigned_on)
                & or_(item.carrier_id.is_(None), has_gone),
                and_(item.step != ASSIGNED, item.step_on >= pair.assigned_on, has_gone),
            ),
        )
        .exists()
    )
    for some in _portions(sorted({item.obligation_id for item in of_auditors})):
        untold = (
            select(pair.audit_id, pair.person_id)
            .join_from(day.pairs, Audit, Audit.id == pair.audit_id)
            .where(pair.audit_id.in_(some), Audit.paired_in_product, ~told)
        )
        new |= {(audit_id, person_id) for audit_id, person_id in db.session.execute(untold)}
    return new


def _most_urgent(items: Sequence[Due]) -> list[Due]:
    """Return the items of the first lines; both of two that make one line."""
    if len(items) <= LINES_SHOWN:
        return [item for item in items if item.kind != WEEKLY]
    ordered = sorted(items, key=lambda item: (item.due_on or date.max, item.reference, *_line_of(item)))
    kept: list[Due] = []
    for n, (_, same) in enumerate(groupby(ordered, key=_line_of)):
        if n == LINES_SHOWN:
            break
        kept += same
    return kept


def _line_of(item: Due) -> tuple[str, int, str]:
    """Return the key that makes two items one line."""
    return item.obligation_kind, item.obligation_id, item.step


def _deputy_of(receiver: int, items: Sequence[Due], day: Day) -> DeputyOf:
    for_whom = {item.person_id for item in items}
    names = sorted(day.people[person_id].name for person_id in for_whom - {receiver})
    named = {(response.id, response.respond_to) for response in day.responses}
    as_named = [
        item.obligation_kind == RESPONSE and (item.obligation_id, item.person_id) in named for item in items
    ]
    return DeputyOf(
        names, is_own=receiver in for_whom, is_line_manager=not all(as_named), is_named=any(as_named)
    )


def _each_once(said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return references, each with what is said of it. The same news of the same thing is told once, though
    it happened twice."""
    return list(dict.fromkeys(said))


def _reminder(
    receiver: int, kind: str, lines: list[Line], more: int, deputy_of: DeputyOf, day: Day
) -> Rendered:
    in_words = [(line, sentences(line, kind, day.on)) for line in lines]
    work = [line for line in lines if line.group is not Group.NEWS]
    things = [thing for thing in THINGS.values() if any(line.what.thing == thing for line in work)]
    groups = {
        group.value: _each_once((line.reference, words) for line, words in in_words if line.group == group)
        for group in Group
        if any(line.group == group for line in lines)
    }
    path, words_of_link = link(lines, things, kind)
    return render(
        kind,
        asked=asked(work, things, kind, more),
        counted=counted(work, things) if work else news_counted(lines),
        groups=groups,
        lines=_each_once((line.reference, words) for line, words in in_words),
        more=more,
        link=path,
        words_of_link=words_of_link,
        advice=advice(work, things),
        is_to_assign=any(line.group in TO_ASSIGN for line in lines),
        to_others=to_others(things),
        deputy_of=deputy_of,
        themes=themes(work),
        to_ask=to_ask(day.people.values(), receiver, day.on),
        coordinates=_coordinates(receiver, day),
    )


def _weekly(receiver: int, this_week: Week, day: Day) -> Rendered:
    return render(
        WEEKLY,
        cycles=this_week.cycles,
        other_calls=this_week.other_calls,
        undelivered=undelivered(),
        history=last_check(),
        on=day.on,
        coordinates=_coordinates(receiver, day),
    )


def _coordinates(receiver: int, day: Day) -> bool:
    """Return True for a coordinator; False for a deputy, who reads what the messages speak of and changes
    nothing."""
    return RoleName.COORDINATOR in day.people[receiver].roles


def _words(obligations: Iterable[Obligation], day: Day) -> dict[Obligation, Words]:
    ids: dict[str, list[int]] = {}
    for name, number in sorted(obligations):
        ids.setdefault(name, []).append(number)
    known: dict[Obligation, Words] = {}
    for name, wanted in ids.items():
        thing = thing_called(name)
        if isinstance(thing, OwnedThing):
            read = _of_owned(thing, wanted, day)
        else:
            read = _OF_OTHERS[name](thing, wanted, day)
        known.update({(name, number): words for number, words in read})
    return known


def _quick_wins(ids: Iterable[int]) -> dict[int, QuickWin]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {
        quick_win.id: quick_win
        for quick_win in db.session.scalars(select(QuickWin).where(QuickWin.id.in_(wanted)))
    }


def practice_message(quick_win: QuickWin) -> Rendered:
    """A quick win's message: what to record, where, and an example. No case, no blame."""
    return render(PRACTICE, quick_win=quick_win)


def _of_quick_wins(thing: Thing, wanted: Sequence[int], day: Day) -> Iterator[tuple[int, Words]]:
    """Yield the words of quick wins that have ended."""
    for quick_win in _quick_wins(wanted).values():
        ended_on = end_of(quick_win, day.days)
        yield quick_win.id, Words(thing, quick_win.reference, ended_on, (), about=quick_win.subject)


def _of_owned(thing: OwnedThing, wanted: Sequence[int], day: Day) -> Iterator[tuple[int, Words]]:
    """Yield the words of those that have one owner."""
    still_open = day.owned(thing)
    in_words = thing.in_messages()
    number, about = in_words.c
    for some in _portions(wanted):
        query = (
            select(number, about, still_open.c.reference, still_open.c.due_on, still_open.c.owner_id)
            .join_from(still_open, in_words, number == still_open.c.id)
            .where(still_open.c.id.in_(some), still_open.c.owner_id.is_not(None))
        )
        waiting = thing.waiting(some, day.on) if thing.waiting else {}
        for obligation_id, words, reference, due_on, owner_id in db.session.execute(query):
            owner, waits = (day.people[owner_id],), waiting.get(obligation_id)
            yield obligation_id, Words(thing, reference, due_on, owner, about=words, waiting=waits)


def _of_audits(thing: Thing, wanted: Sequence[int], day: Day) -> Iterator[tuple[int, Words]]:
    """Yield the words of audits."""
    for some in _portions(wanted):
        pair = day.pairs
        auditors: dict[int, list[PersonFacts]] = {}
        parts: dict[int, list[str]] = {}
        query = (
            select(pair.c.audit_id, pair.c.person_id, pair.c.part)
            .where(pair.c.audit_id.in_(some))
            .order_by(pair.c.part)
        )
        for row in db.session.execute(query):
            auditors.setdefault(row.audit_id, []).append(day.people[row.person_id])
            parts.setdefault(row.audit_id, []).append(row.part)
        begun = begun_by(some, day.on)
        still_open = day.audits
        audits = (
            select(
                Audit.id,
                Audit.reference,
                Team.name,
                still_open.c.due_on,
                Cycle.auditors,
                Audit.is_together,
                Cycle.theme,
            )
            .join(Team, Team.id == Audit.team_id)
            .join(Cycle, Cycle.id == Audit.cycle_id)
            .join(still_open, still_open.c.id == Audit.id)
            .where(Audit.id.in_(some))
        )
        for row in db.session.execute(audits):
            holders = tuple(auditors.get(row.id, ()))
            yield (
                row.id,
                Words(
                    thing,
                    row.reference,
                    row.due_on,
                    holders,
                    team=row.name,
                    parts=tuple(parts.get(row.id, ())),
                    auditors=row.auditors,
                    about=MEETING if row.is_together else "",
                    theme=row.theme,
                    filled_in_by=tuple(person for person in holders if person.id in begun.get(row.id, ())),
                ),
            )


def _of_responses(thing: Thing, wanted: Sequence[int], day: Day) -> Iterator[tuple[int, Words]]:
    """Yield the words of responses: never the grade, the case or the reason."""
    for response in day.responses:
        if response.id in wanted:
            address = f"/audits/{response.audit}/response"
            holders = tuple(response.asked)
            yield response.id, Words(thing, response.reference, response.due_on, holders, address=address)


def _of_news(thing: Thing, wanted: Sequence[int], day: Day) -> Iterator[tuple[int, Words]]:
    """Yield the sentences of news."""
    for some in _portions(wanted):
        for news in db.session.scalars(select(News).where(News.id.in_(some))):
            yield (
                news.id,
                Words(thing, news.reference, None, (), about=sentence(news.what, news.facts, day.days)),
            )


_OF_OTHERS = {AUDIT: _of_audits, QUICK_WIN: _of_quick_wins, RESPONSE: _of_responses, NEWS: _of_news}
"""The readers of those things that have no one owner."""


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + IDS_AT_ONCE] for first in range(0, len(ids), IDS_AT_ONCE))
