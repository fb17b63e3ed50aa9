"""Emails that wait on hold, for the second implementation: what a new one takes over from an earlier one."""

from datetime import date
from typing import NamedTuple

from .second_due import Due, Reached, coordinators_or_nobody, next_working_day, steps_reached
from .second_facts import Facts, Item, Key, Sent
from .second_news import it_holds
from .second_promises import is_promised
from .second_state import open_obligations, quick_win_is_stopped

WITH_ITEMS = ("digest", "manager", "calls")


class TakenOver(NamedTuple):
    """The items that a new message carries besides its own, and those that are given back, not sent."""

    carried: dict[Key, Item]
    given_back: dict[Key, Item]


def take_over(waiting: dict[Key, Item], new: list[Due], facts: Facts, on: date) -> TakenOver:
    """The rule: "When a digest, manager or calls message is written for a person whose earlier one of that
    kind is still unsent, the new one takes over the items that still hold, each obligation once at its latest
    step." And of a promise: "nothing of that audit goes to that person in that kind of message": what was
    written and not sent is given back, so that the latest step can go when the promise is over."""
    spoken_of = {(one.key.about, one.key.leaver) for one in new}
    carried: dict[Key, Item] = {}
    given_back: dict[Key, Item] = {}
    days: dict[Key, tuple[date, int]] = {}
    for key, item in waiting.items():
        found = still_holds(key, item, facts, on)
        if found is None:
            continue
        latest = latest_step(key, facts, on)
        if latest is not None and is_promised(key.about, latest.name, facts, on):
            if (latest.name, latest.anchor) == (key.step, key.anchor):
                given_back[key] = Item(item.item, key.step, item.due_on)
            continue
        if (key.about, key.leaver) not in spoken_of:
            carried[key], days[key] = found
    return TakenOver({key: item for key, item in carried.items() if is_latest(key, days)}, given_back)


def held_after(
    going: list[tuple[str, Due]], sent: Sent, facts: Facts, on: date
) -> tuple[dict[tuple[str, str], dict[Key, Item]], dict[Key, Item]]:
    """Return what the messages carry that are on hold after a run, and what was given back in it."""
    on_hold, given_back = dict(sent.on_hold), dict[Key, Item]()
    for to, kind in sorted({(to, one.key.kind) for to, one in going if one.key.kind in WITH_ITEMS}):
        new = [one for other, one in going if (other, one.key.kind) == (to, kind)]
        taken = take_over(sent.on_hold.get((to, kind), {}), new, facts, on)
        on_hold[to, kind] = {**taken.carried, **{one.key: one.item for one in new}}
        given_back |= taken.given_back
    return on_hold, given_back


def is_latest(key: Key, days: dict[Key, tuple[date, int]]) -> bool:
    """Return True for the latest step of an obligation that a message carries, also of two people's keys."""
    same = [other for other in days if (other.about, other.leaver) == (key.about, key.leaver)]
    return key.step == max(same, key=lambda other: days[other]).step


def still_holds(key: Key, item: Item, facts: Facts, on: date) -> tuple[Item, tuple[date, int]] | None:
    """The rule: "those no longer open, with another due day, or no longer this person's are taken out".

    Returns the item as of the day, with the day of its step and its place.
    """
    if key.step == "news":
        news = next(news for news in facts.news if ("news", str(news.number)) == key.about)
        return (item, (key.anchor, 0)) if it_holds(news, facts, on) else None
    if key.step == "check":
        quick_win = next(one for one in facts.quick_wins if ("quick win", one.reference) == key.about)
        is_asked = key.person in coordinators_or_nobody(facts)
        return (
            (item, (key.anchor, 0)) if is_asked and not quick_win_is_stopped(quick_win, facts, on) else None
        )
    obligation = next((one for one in open_obligations(facts, on) if one.about == key.about), None)
    if obligation is None:
        return None
    if key.step == "reassign":
        still_theirs = key.leaver in {holder.person for holder in obligation.holders}
        if not still_theirs or key.person not in coordinators_or_nobody(facts):
            return None
        day = next_working_day(key.anchor, facts)
        return Item(item.item, item.step, obligation.due_on), (day, 0)
    if item.due_on != obligation.due_on:
        return None
    for reached in steps_reached(obligation, key.person, key.kind, facts, on):
        if (reached.name, reached.anchor) == (key.step, key.anchor):
            return item, (reached.day, reached.place)
    return None


def latest_step(key: Key, facts: Facts, on: date) -> Reached | None:
    """The latest step of a key's person in its kind of message; None for what stands beside the ladder."""
    if key.step in ("news", "check", "reassign"):
        return None
    obligation = next(one for one in open_obligations(facts, on) if one.about == key.about)
    return max(steps_reached(obligation, key.person, key.kind, facts, on))
