"""The line that says whom the service chased about a thing on a day, or why it chased nobody. Pure.

The facts are what is recorded of that day, and what held on it: followed.py reads them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.reminders.settle import (
    ACCESS_OFF,
    ALREADY_SENT,
    HELD,
    LEFT,
    NOBODY_TO_SEND_TO,
    ON_LEAVE,
    PROMISED,
    REASONS_IN_WORDS,
)
from app.wording import in_words, listed, were


@dataclass(frozen=True)
class Emailed:
    """A reminder that was written to a person. `to` is their name, with that of a deputy who got it."""

    to: str
    reminder: str
    not_gone: str = ""
    """The end of the sentence about an email that was not sent: "is waiting to be sent"."""
    sent_on: date | None = None
    """The day on which it was sent, where that is another than the one it was written for."""
    written_on: date | None = None
    """The day for which it was written, on the later one on which it was sent."""
    reason: str = ""
    """The reason why it was not sent, where that is known; `until` is its date."""
    until: date | None = None


@dataclass(frozen=True)
class KeptBack:
    """A reminder that was due to a person and not written, with the reason that held on the day."""

    to: str
    reminder: str
    reason: str
    until: date | None = None
    because: str = ""
    """A coordinator's own reason for holding it."""
    struck_on: date | None = None
    """The day on which the entry of the chase log that noted the promise was struck through since."""


@dataclass(frozen=True)
class DayOfThing:
    """The facts of one thing on one day. `coming` and `last` are reminders in words, each with its day."""

    on: date
    is_today: bool
    is_working_day: bool
    has_run: bool
    """True where the daily run of the day is recorded."""
    not_open: str = ""
    """The reason why nobody was to be reminded, as "it was returned on 10 November 2010"."""
    by_hand: Sequence[str] = ()
    """The chases that somebody made, each in a sentence without its full stop."""
    emailed: Sequence[Emailed] = ()
    kept_back: Sequence[KeptBack] = ()
    has_others: bool = False
    """True where there are emails about it that the reader of the line may not know of."""
    last: tuple[str, date] | None = None
    coming: tuple[str, date] | None = None

    @property
    def is_told(self) -> bool:
        """True where something was sent, said, or kept back."""
        return bool(self.by_hand or self.emailed or self.kept_back or self.has_others)


def in_a_line(day: DayOfThing, *, to_coordinator: bool) -> str:
    """Return who was written to on the day, or why nobody was.

    The reasons why somebody is away or is not reminded are for coordinators alone.
    """
    said = [f"{each}." for each in day.by_hand]
    said += _emailed(day.emailed, to_coordinator)
    told = {each.to for each in day.emailed if not each.not_gone}
    said += _kept_back(day.kept_back, told, to_coordinator)
    if day.has_others:
        said.append("There is an email on another matter, which you cannot see here.")
    return " ".join(said) or _nothing(day)


def reason_in_words(
    reason: str, until: date | None = None, because: str = "", *, to_coordinator: bool = True
) -> str:
    """Return a reason why somebody is not emailed: "on leave until 14 January 2011"."""
    if reason == ON_LEAVE and not to_coordinator:
        return "away"
    if reason == ACCESS_OFF:
        return "their access is turned off" if to_coordinator else ""
    if reason == HELD:
        held = f"held by a coordinator{f' until {in_words(until)}' if until else ''}"
        return f"{held}: {because}" if because and to_coordinator else held
    if until is None or reason not in _WITH_DATE:
        return REASONS_IN_WORDS.get(reason, reason)
    return _WITH_DATE[reason].format(in_words(until))


_WITH_DATE = {
    LEFT: "left on {}",
    ON_LEAVE: "on leave until {}",
    PROMISED: "promised for {}, so not chased",
}


def _emailed(emailed: Sequence[Emailed], to_coordinator: bool) -> list[str]:
    names: dict[Emailed, dict[str, None]] = defaultdict(dict)
    for each in emailed:
        names[replace(each, to="")][each.to] = None
    said = []
    for each, to in names.items():
        if each.not_gone:
            why = reason_in_words(each.reason, each.until, to_coordinator=to_coordinator)
            because = f" ({why})" if why else ""
            said.append(f"The email to {listed(to)} ({each.reminder}) {each.not_gone}{because}.")
        else:
            later = f" on {in_words(each.sent_on)}" if each.sent_on else ""
            written = f", written on {in_words(each.written_on)}" if each.written_on else ""
            said.append(f"{listed(to)} {were(len(to))} emailed{later} ({each.reminder}{written}).")
    return said


def _kept_back(kept_back: Sequence[KeptBack], told: Collection[str], to_coordinator: bool) -> list[str]:
    """Return who did not get which reminder; `told` are those who were emailed about something else."""
    names: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    said = []
    for each in kept_back:
        if each.reason == NOBODY_TO_SEND_TO:
            said.append(f"There was no one to email ({each.reminder}).")
        else:
            why = (
                "had already had the email of that day"
                if each.reason == ALREADY_SENT
                else reason_in_words(each.reason, each.until, each.because, to_coordinator=to_coordinator)
            )
            if each.struck_on:
                why += f"; the entry was struck through on {in_words(each.struck_on)}"
            names[each.reminder if each.to in told else "", why][each.to] = None
    for (reminder, why), to in names.items():
        said.append(
            f"The reminder to {listed(to)} ({reminder}) was not sent ({why})."
            if reminder
            else f"{listed(to)} {were(len(to))} not emailed ({why})."
        )
    return said


def _nothing(day: DayOfThing) -> str:
    """Return why nobody was written to on a day of which nothing is recorded about the thing."""
    if day.not_open:
        return f"No one was emailed, because {day.not_open}."
    if not day.is_working_day:
        return "No one was emailed, because this was not a working day."
    if not day.has_run:
        if day.is_today:
            return "The daily emails of today are not written yet."
        return "No daily emails are recorded for this date, so no one was emailed."
    if day.last is None and day.coming is None:
        return "No one was emailed, because no reminder was due."
    said = ["No one was emailed, because no reminder was due" + ("." if day.last else " yet.")]
    if day.last:
        said.append(f"The latest was sent on {in_words(day.last[1])} ({day.last[0]}).")
    if day.coming:
        said.append(f"The next is on {in_words(day.coming[1])} ({day.coming[0]}).")
    return " ".join(said)
