"""The daily run, written a second time: slow, obvious, straight from the section on reminders of the rules.

It shares nothing with the product, working days included, so that the two can be compared. One function per
rule, each quoting the sentence that it is; every obligation, person and kind of message is looped over,
every day anew.

The rules leave some things open. They are read so:

- `assigned` "no longer due" once "a later step has gone": ever, and in any kind of message?
    -> In the person's digest, since the day of this assignment: who is put back on an audit is told, and so
       is a coordinator who becomes its auditor
- Then the latest step is `assigned` and not due: does an earlier one take its place?
    -> No: the latest counts, and nothing is due
- The anchor of a due day at a weekend
    -> The due day as it stands: moved from Saturday to Monday it is another anchor, although both are
       worked on Monday
- "These three" for the coordinators of half a pair: no `phone-call` to them?
    -> The call goes on: it is about the one who is left. The three come on top
- Half a pair from a file, before its `declined_on`
    -> The other has not declined yet (nobody knows who it was): the one who is named gets their steps,
       coordinators none
- Both of a pair have declined
    -> An audit without auditors
- Both of a pair have left
    -> Still a pair: `reassign`, the managers' copies and the calls, but not the three steps of an audit
       without auditors
- A leaver's line manager
    -> Gets the manager's copy: "the other steps go on for the others"
- "From the next working day on" after leaving
    -> The first working day after the leaving day, Monday for a Saturday
- Two leavers of one audit in one digest
    -> One item, two keys
- `reassign` of a recommendation that has an owner and no due day
    -> Sent, with no due day: it stands beside the ladder, which alone is missing
- A leave without a deputy, or whose deputy is away or has left
    -> The `manager` and `calls` messages wait
- A deputy who has the same message of their own, or is deputy of two
    -> One message, the items once, a key for each person whose it is
- An item that the deputy has had on another day in their own name
    -> Sent to them again, for the one who is away
- "One per person per day" for `manager` and `calls`
    -> Counted over all runs of the day for the receiver, as for the digest: the rest waits
- Does an `assigned` message, sent at once, use up the day's digest?
    -> No: "counts as `digest`" is said of its key
- "The first working day of the week on which the run happens"
    -> The first day of that week with a run: on a later one nobody gets a first weekly (a cycle that opens
       on Wednesday, a coordinator back from leave), save those for whom it waited
- A weekly whose deputy is away too
    -> Waits within its week; a leave that names no deputy leaves it out
- Does it still hold on Tuesday that Monday's weekly was left out (leave, left)?
    -> No: it is a decision of the day that the weekly falls on; one that waits holds on every day it waits
- A weekly while no cycle is open
    -> Not written
- Is a cycle open before the day it was requested?
    -> No: it has not happened yet, nor have its audits
- A response whose named person has left
    -> They are not asked; they are still the one to be told, so "left" is recorded
- A response none of whose asked has a line manager, where the cycle names nobody
    -> "Nobody to send to", once
- A line manager of those asked who has left
    -> "Left" is recorded, and nobody takes their place
- A response of a leaver
    -> Those asked are asked anew every day: it is nobody's to hand on
- A worker who is named again, after somebody else was named
    -> "Once per worker and audit": not told again
- A worker of an audit that is overdue when the cycle begins to tell
    -> Told: it is open
- A worker of an audit that came back before they were told, and was sent back
    -> Told then: it is open again
- A worker's deputy
    -> Gets nothing of theirs: the message waits for them
- A worker who audits the case as well, or coordinates
    -> Told as any other, in a message of its own
- Who is asked `check` after the 20 working days
    -> Those for whom it had to wait within them, when they are back; nobody else
- Who gets a practice message first
    -> The earlier `starts_on`, then the reference; the others wait
- "Nobody to send to"
    -> A step for coordinators when there are none; a manager's copy for somebody without a line manager
- Why was it not sent, when several reasons hold
    -> The first of: left, on leave, promised, already sent today
- A promise that was given on the day of an extension, another pair or a sending back
    -> Belongs to the new due day and pair
- A promise that another follows on its own day
    -> Broken, unless the audit is back that day: only "replaced before its day" is neither
- A promise that was withdrawn, because the chase that noted it was logged by mistake
    -> From then on as if it had never been given: the one before it is not replaced by it
- A promise and the coordinators' three steps of an audit without auditors, or of half a pair
    -> Their `overdue` is kept back as well: nothing of that audit goes
- A promise and the copy of a line manager, and the calls
    -> Kept back each for itself: the latest step of that person in that kind of message decides
- A promise, and what an earlier message that is on hold says of that audit
    -> That message stays as it is. One that takes it over leaves the audit out; the latest step counts as
       never written, so that it goes when the promise is over
- Decisions on a day that is not a working day
    -> None: nothing is decided
- News that was read on the day of a run
    -> Not sent: a fact dated on a day has happened on it
- News of an audit that was returned, withdrawn or exempted, or whose cycle is closed
    -> Its auditors still have it: it goes
- News to a moderator who has moderated it by then, or that somebody else has
    -> No longer theirs: it waits for nobody
- News alone for somebody who turned these off
    -> Not sent, and no decision is recorded: it comes along with the next item
- Two pieces of news about one thing
    -> Two items
- Two items of one audit in one message (same due day and reference)
    -> In the order of the ladder, `reassign` last
"""

from dataclasses import replace
from datetime import date

from .second_due import (
    NOBODY,
    Due,
    due_checks,
    due_of_ladders,
    due_of_leavers,
    due_of_workers,
    due_practice,
    due_weekly,
)
from .second_facts import Facts, Item, Key, Message, NotSent, Result, Sent
from .second_news import due_news
from .second_on_hold import held_after
from .second_promises import is_promised
from .second_state import has_left, leave_on, person_of
from .second_working_days import is_working_day

LEFT = "left"
ON_LEAVE = "on leave"
NOBODY_TO_SEND_TO = "nobody to send to"
PROMISED = "promised"
ALREADY_SENT_TODAY = "today's message already sent"
PRACTICE_WAITS = "another practice message goes first"


def run(facts: Facts, sent: Sent, on: date, *, is_on_hold: bool = False) -> Result:
    """The daily run of the day `on`, after the runs that `sent` remembers; where no mail server is set, its
    messages are on hold.

    "Nothing in this section is sent on a day that is not a working day."
    """
    if not is_working_day(on, facts.closures):
        return Result(on, False, (), (), sent)
    due = [
        *due_of_ladders(facts, sent, on),
        *due_of_leavers(facts, sent, on),
        *due_of_workers(facts, sent, on),
        *due_weekly(facts, sent, on),
        *due_checks(facts, sent, on),
        *due_news(facts, sent, on),
    ]
    practice = due_practice(facts, sent, on)
    return settle(facts, sent, on, due, practice, is_on_hold=is_on_hold)


# Whom it goes to, or why not


def receiver(person: str, kind: str, facts: Facts, on: date) -> tuple[str, str]:
    """Return the receiver of a person's message and "", or `NOBODY` and the reason why.

    "A person on leave on D is not sent to; the step waits until they are back. A coordinator's or line
    manager's leave may name a deputy, who then gets their `manager`, `calls` and `weekly` messages instead
    (it counts as sent to the one who is away; if the deputy is away too, it waits)."
    """
    if person == NOBODY:
        return NOBODY, NOBODY_TO_SEND_TO
    if has_left(facts, person, on):
        return NOBODY, LEFT
    leave = leave_on(facts, person, on)
    if leave is None:
        return person, ""
    if leave.deputy is not None and kind in ("manager", "calls", "weekly"):
        deputy_is_away = has_left(facts, leave.deputy, on) or leave_on(facts, leave.deputy, on) is not None
        if not deputy_is_away:
            return leave.deputy, ""
    return NOBODY, ON_LEAVE


def settle(
    facts: Facts, sent: Sent, on: date, due: list[Due], practice: list[Due], *, is_on_hold: bool
) -> Result:
    """Put each thing that is due into its receiver's one message of its kind, or give the reason why not.

    "One digest per person per day at most, counting all runs of that day (what comes later waits for the next
    working day). `manager` and `calls` are messages of their own, one per person per day. At most one
    practice message per person per day (the other waits for the next working day). Two people in one step, or
    one person in two parts, change nothing: one item per message." And of reasons: "in this order: left, on
    leave, promised, already sent".
    """
    going: list[tuple[str, Due]] = []
    not_sent: set[NotSent] = set()
    waiting = set(sent.waiting)
    for one in [*due, *practice]:
        kind = one.key.kind
        to, reason = receiver(one.key.person, kind, facts, on)
        if not reason and is_promised(one.key.about, one.key.step, facts, on):
            reason = PROMISED
        one_goes = any((to, kind) == (other, each.key.kind) for other, each in going)
        if not reason and kind == "practice" and (one_goes or (on, to, kind) in sent.written):
            reason = PRACTICE_WAITS
        if not reason and (on, to, kind) in sent.written:
            reason = ALREADY_SENT_TODAY
        if reason:
            not_sent.add(NotSent(one.key.person, one.item.item, one.item.step, reason))
            if may_be_sent_later(one.key, reason, facts, on):
                waiting.add(one.key)
        else:
            going.append((to, one))
    going = without_unwanted_news(going, facts)
    decided: dict[tuple[str, str], dict[tuple[tuple[str, str], str], Item]] = {}
    keys = dict(sent.keys)
    for to, one in going:
        decided.setdefault((to, one.key.kind), {})[(one.key.about, one.item.step)] = one.item
        keys[one.key] = on
    messages = [
        Message(to, kind, () if kind == "weekly" else in_order(list(items.values()), facts))
        for (to, kind), items in decided.items()
    ]
    on_hold, given_back = held_after(going, sent, facts, on) if is_on_hold else ({}, {})
    not_sent |= {NotSent(key.person, item.item, item.step, PROMISED) for key, item in given_back.items()}
    keys = {key: day for key, day in keys.items() if key not in given_back}
    written = sent.written | {(on, to, kind) for to, kind in decided}
    after = Sent(keys, frozenset(written), sent.runs | {on}, frozenset(waiting), on_hold)
    return Result(
        on, True, tuple(sorted(messages, key=lambda m: (m.to, m.kind))), tuple(sorted(not_sent)), after
    )


def without_unwanted_news(going: list[tuple[str, Due]], facts: Facts) -> list[tuple[str, Due]]:
    """The rule: "News alone make a digest, unless the person has turned those off." """
    with_more = {to for to, one in going if one.key.kind == "digest" and one.item.step != "news"}
    return [
        (to, one)
        for to, one in going
        if one.item.step != "news" or to in with_more or person_of(facts, to).news_by_email
    ]


def may_be_sent_later(key: Key, reason: str, facts: Facts, on: date) -> bool:
    """Return True if a later run must remember what this one could not send, as it would not be due by then.

    Of a check, "leave makes it wait". Of a weekly, "one that falls in leave without a deputy is left out";
    "if the deputy is away too, it waits".
    """
    if reason not in (ON_LEAVE, ALREADY_SENT_TODAY):
        return False
    if key.step == "check":
        return True
    if key.step == "weekly":
        leave = leave_on(facts, key.person, on)
        return leave is None or leave.deputy is not None
    return False


def in_order(items: list[Item], facts: Facts) -> tuple[Item, ...]:
    """The rule: "Most urgent first (due day, then reference)." """
    ladders = (*facts.audit_ladder, *facts.tracker_ladder, *facts.response_ladder)
    names = [step.name for step in ladders]

    def urgency(item: Item) -> tuple[date, str, int]:
        place = names.index(item.step) if item.step in names else len(names)
        return item.due_on or date.max, item.item, place

    return tuple(sorted(items, key=urgency))


# At once


def tell_at_once(facts: Facts, sent: Sent, reference: str, person: str, on: date) -> tuple[bool, Sent]:
    """Return True if a person assigned in the product on the day `on` is told that day, and what is
    remembered.

    To be called for each person whom a move assigns, before the day's next run.

    "A pair assigned in the product is told at once (kind `assigned`) if it is a working day and they are not
    on leave; otherwise the next daily run tells them. An `assigned` message counts as `digest`." (In the
    key.)
    """
    to, _ = receiver(person, "assigned", facts, on)
    if not is_working_day(on, facts.closures) or to == NOBODY:
        return False, sent
    key = Key(("audit", reference), on, "assigned", person, "digest")
    return True, replace(sent, keys={**sent.keys, key: on})
