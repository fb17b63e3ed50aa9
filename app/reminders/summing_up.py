"""A message summed up from its lines: its subject, what it asks and by when, where it leads. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.audits.own_part import themes_in_words
from app.outbox.names import CALLS, MANAGER
from app.reminders.lines import THEIR_OWN, TO_ASSIGN, Group, Line
from app.reminders.thing import MIXED, OF_AUDITORS, TODAY, Thing, ToOthers
from app.wording import capitalised, day_and_month, have, listed, plural


@dataclass(frozen=True)
class DeputyOf:
    """The people whose message for managers the receiver gets as their deputy, whether it is also their own,
    and as what they get it."""

    names: Sequence[str]
    is_own: bool
    is_line_manager: bool = True
    """True where the receiver, or whom they stand in for, manages somebody whom the message is about."""
    is_named: bool = False
    """True where a cycle names the receiver, or whom they stand in for, for responses."""

    @property
    def team(self) -> str:
        """Return whose team it is about, for the subject."""
        if not self.is_line_manager:
            return "To follow up"
        if not self.names:
            return "Your team"
        return "Teams" if self.is_own or len(self.names) > 1 else f"{self.names[0]}’s team"

    @property
    def why(self) -> str:
        """Return why the receiver is told."""
        reasons = []
        if self.is_own and self.is_line_manager:
            reasons.append("the line manager")
        if self.is_own and self.is_named:
            reasons.append("the person whom the cycle names for responses")
        if self.names:
            reasons.append(f"the deputy of {listed(self.names)}")
        return f"You get this email because you are {listed(reasons)}."


def asked(lines: Sequence[Line], things: Sequence[Thing], kind: str, more: int) -> str:
    """Return the sentences with which a message begins: what is asked, and by when.

    `things` are those of the lines, in the order in which they are counted; `more` are left out of the lines.
    Without lines there is news alone, which asks for nothing.
    """
    if not lines:
        return "There is news about your work."
    said: list[str] = []
    if kind in _ASKED_OF_OTHERS:
        of_others = [line for line in lines if not line.is_receivers]
        own = [line for line in lines if line.is_receivers]
        for verb, some in ((_ASKED_OF_OTHERS[kind], of_others), ("complete", own)):
            if some:
                said.append(f"{'Also' if said else 'Please'} {verb} {_what_by_when(some, things, more)}.")
        return " ".join(said)
    waiting = [line for line in lines if _waits(line)]
    for groups, verb in _ASKED_IN_A_DIGEST:
        some = [line for line in lines if line.group in groups and line not in waiting]
        if some:
            said.append(f"{'Also' if said else 'Please'} {verb} {_what_by_when(some, things, more)}.")
    if waiting:
        said.append(_what_waits(waiting, things, more))
    return " ".join(said)


def _waits(line: Line) -> bool:
    """True for what the receiver owns and cannot complete yet: they are told of it, and not asked to."""
    return line.what.waiting is not None and line.group in THEIR_OWN


def _what_waits(lines: Sequence[Line], things: Sequence[Thing], more: int) -> str:
    if more:
        return "Some of the work listed below waits for a decision or for a coordinator."
    waiting = lines[0].what.waiting
    if len(lines) == 1 and waiting:
        name = capitalised(lines[0].what.thing.name)
        return f"{name} {lines[0].reference} {_first_due(lines)}. {waiting.said}"
    due = f"The first {_first_due(lines)}."
    return f"{_numbers(lines, things)} wait for a decision or for a coordinator. {due}"


_ASKED_OF_OTHERS = {MANAGER: "find out what is holding up", CALLS: "call about"}
_ASKED_IN_A_DIGEST = (
    (THEIR_OWN, "complete"),
    (TO_ASSIGN, "assign someone to"),
    ((Group.CHECK,), "say if the figure changed after"),
)


def _what_by_when(lines: Sequence[Line], things: Sequence[Thing], more: int) -> str:
    references = {(line.what.thing.name, line.reference) for line in lines}
    due = _first_due(lines)
    if more:
        # the number of each is not known
        return f"the work listed below. The first {due}" if due else "the work listed below"
    if len(references) == 1:
        return " ".join(references.pop()) + (f", which {due}" if due else "")
    return _numbers(lines, things) + (f". The first {due}" if due else "")


def _first_due(lines: Sequence[Line]) -> str:
    dated = [line for line in lines if line.due_on]
    if not dated:
        return ""
    first = min(dated, key=lambda line: line.due_on or date.max)
    day = day_and_month(first.due_on or date.max)
    if first.group is Group.CHECK:
        return f"ended on {day}"
    if first.is_late:
        return f"was due on {day}"
    return f"is due today, {day}" if first.group is Group.TODAY else f"is due on {day}"


def counted(lines: Sequence[Line], things: Sequence[Thing]) -> list[str]:
    """Return what a digest is about, for its subject: "2 audits: 1 overdue, 1 due today".

    There are several wordings, the fullest first.

    `things` are those of the lines, in the order in which they are counted.
    """
    parts = [
        (n, group, word)
        for group, word in _GROUPS_COUNTED
        if (n := sum(line.group == group for line in lines))
    ]
    if len(parts) == 1:
        return _all_alike(lines, things)
    told = [f"{n} {_needs(group, lines, n) or word}" for n, group, word in parts]
    shorter = [
        [*told[:first], f"{sum(n for n, _, _ in parts[first:])} more"]
        for first in range(len(told) - 1, 0, -1)
    ]
    everything = [", ".join(some) for some in (told, *shorter)]
    due_on = min((line.due_on for line in lines if line.due_on), default=None)
    if due_on and not any(line.group in (Group.OVERDUE, Group.TODAY) for line in lines):
        everything.insert(0, f"{everything[0]}, the first due {_without_weekday(due_on)}")
    return [f"{what}: {some}" for what in _counts(lines, things) for some in everything]


_GROUPS_COUNTED = (
    (Group.OVERDUE, "overdue"),
    (Group.TODAY, "due today"),
    (Group.SOON, "due soon"),
    (Group.NEW, "new"),
    (Group.NOBODY, ""),
    (Group.HALF, ""),
    (Group.LEFT, ""),
    (Group.CHECK, "to check"),
)


def news_counted(lines: Sequence[Line]) -> list[str]:
    """Return the subject of a daily email that has nothing but news, the fullest wording first."""
    references = sorted({line.reference for line in lines})
    return [f"News about {listed(references)}", "News about your work"]


def _needs(group: Group, lines: Sequence[Line], n: int) -> str:
    """Return "needs a new auditor" for a group that needs another person, else nothing."""
    whats = [line.what for line in lines if line.group is group]
    owned = {what.thing.audiences != OF_AUDITORS for what in whats}
    auditors = "auditors" if owned == {False} else "someone"
    if owned == {False} and all(what.auditors == 1 for what in whats):
        auditors = "an auditor"
    missing = {
        Group.NOBODY: "an owner" if owned == {True} else auditors,
        Group.LEFT: "a new owner"
        if owned == {True}
        else "a new auditor"
        if owned == {False}
        else "someone new",
    }
    if group is Group.HALF:
        return f"{have(n)} only one auditor"
    return f"{plural(n, 'needs', 'need')} {missing[group]}" if group in missing else ""


def _counts(lines: Sequence[Line], things: Sequence[Thing], adjective: str = "") -> tuple[str, str]:
    """Return "2 audits and 1 remedy" and the shorter "3 items"."""
    n = len({(line.what.thing.name, line.reference) for line in lines})
    return _numbers(lines, things, adjective), f"{n} {adjective}{plural(n, 'item')}"


def _numbers(lines: Sequence[Line], things: Sequence[Thing], adjective: str = "") -> str:
    """Return "5 audits", "2 audits and 1 remedy"."""
    numbers = []
    for thing in things:
        n = len({line.reference for line in lines if line.what.thing == thing})
        if n:
            numbers.append(f"{n} {adjective}{plural(n, thing.name, thing.many)}")
    return listed(numbers)


def _all_alike(lines: Sequence[Line], things: Sequence[Thing]) -> list[str]:
    group, alone = lines[0].group, len(lines) == 1
    name, reference = things[0].name, lines[0].reference
    by_name = (f"{capitalised(name)} {reference}", f"1 {name}")
    whats = by_name if alone else _counts(lines, things)
    if group is Group.CHECK:
        ended = "has ended: say if the figure changed" if alone else "have ended: say if the figures changed"
        return [f"{what} {ended}" for what in whats]
    if alone and lines[0].is_again:
        comma = "" if group is Group.NEW else ","
        whats = (f"{by_name[0]}, yours again{comma}", f"{by_name[1]}, yours again{comma}")
    elif group is Group.NEW or (alone and lines[0].is_new):
        whats = (f"New {name} {reference}", f"New {name}") if alone else _counts(lines, things, "new ")
    dates = [line.due_on for line in lines if line.due_on]
    word = dict(_GROUPS_COUNTED)[group] or _needs(group, lines, len({line.reference for line in lines}))
    without_date = f"{whats[-1]} {word}" if group is not Group.NEW else whats[-1]
    if not dates:
        return [*(f"{what} {word}" for what in whats), without_date]
    due_on, same = min(dates), len(set(dates)) == 1 and len(dates) == len(lines)
    days = (day_and_month(due_on), _without_weekday(due_on))
    if group in TO_ASSIGN and any(line.is_late for line in lines):
        word = f"{word}: {'was' if same else 'the first was'} due"
        return [*(f"{what} {word} {day}" for what in whats for day in days), without_date]
    return [*(f"{what}{_due(group, word, day, same)}" for what in whats for day in days), without_date]


def _due(group: Group, word: str, day: str, same: bool) -> str:
    """Return when all of one group are due, or the first of them."""
    match group:
        case Group.OVERDUE:
            return f" overdue since {day}" if same else f" overdue, the first since {day}"
        case Group.TODAY:
            return f" due today, {day}"
        case Group.SOON:
            return f" due {day}" if same else f" due soon, the first on {day}"
        case Group.NEW:
            return f": due {day}" if same else f": the first due {day}"
    return f" {word}: due {day}" if same else f" {word}: the first due {day}"


def _without_weekday(day: date) -> str:
    return f"{day.day} {day:%B}"


def advice(lines: Sequence[Line], things: Sequence[Thing]) -> list[str]:
    """Return the sentences on what to do when what the receiver has to do cannot be done in time."""
    own = {line.what.thing for line in lines if line.group in THEIR_OWN and not _waits(line)}
    sentences = [line.what.waiting.can for line in lines if line.what.waiting and line.group in THEIR_OWN]
    for each in (thing.advice for thing in things if thing in own and thing.advice):
        if len(lines) == 1:
            sentences.append(each.alone)
        else:
            sentences.append(each.among_its_kind if len(things) == 1 else each.among_others)
    return list(dict.fromkeys(sentences))


def themes(lines: Sequence[Line]) -> str:
    """Return what the audits of a message are about, in a sentence that names each theme once."""
    audits = [line for line in lines if line.what.theme]
    return themes_in_words([line.what.theme for line in audits], len({line.reference for line in audits}))


def to_others(things: Sequence[Thing]) -> ToOthers:
    """Return the words for line managers and coordinators of a message about these things."""
    return things[0].to_others if len(things) == 1 else MIXED


def link(lines: Sequence[Line], things: Sequence[Thing], message: str) -> tuple[str, str]:
    """Return the path that a message leads to, and the words of the link: the one thing it is about, or the
    reader's first page, which has all of them and the news as well; for calls the page where they are
    logged."""
    if any(line.group is Group.NEWS for line in lines):
        return TODAY, "Open the Today page"
    if message == CALLS:
        return "/calls", "Open the phone calls to make"
    if len(lines) > 1:
        return TODAY, "Open the Today page"
    thing = things[0]
    own = lines[0].what.address or f"{thing.place}/{lines[0].reference}"
    return own, f"Open {thing.name} {lines[0].reference}"
