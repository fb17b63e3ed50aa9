"""The content of an answer: responses of a scale, a number, or two dates with the days between. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.moves.typed_dates import EMPTY, Parts, parts_of, typed_date
from app.refusal import Refused
from app.tools.content import (
    DAYS,
    MOST,
    NOT_APPLICABLE,
    NOT_FOUND,
    NUMBER,
    RESPONSE,
    WORKING,
    Asked,
    Scale,
)
from app.wording import capitalised, counted, in_digits, in_words, listed, plural, with_unit
from app.working_days import WorkingDays

WITHOUT_NUMBER = (NOT_FOUND, NOT_APPLICABLE)
"""The responses that a person can select in place of a number or of dates."""

NO_SUCH_RESPONSE = "Select a response from the list"
ONE_RESPONSE = "Select only one response"
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,10})?")


@dataclass(frozen=True)
class Answered:
    """An answer as its row has it: its first response (an id, in the scale's order), further ones, a number
    or two dates.

    `number` is the number that was answered, or the days between the two dates, counted when it was answered.
    """

    response_id: int | None = None
    further: frozenset[int] = field(default=frozenset(), kw_only=True)
    number: float | None = field(default=None, kw_only=True)
    from_on: date | None = field(default=None, kw_only=True)
    to_on: date | None = field(default=None, kw_only=True)

    @property
    def responses(self) -> frozenset[int]:
        """Return the ids of all its responses."""
        return self.further if self.response_id is None else self.further | {self.response_id}

    @property
    def said(self) -> tuple[object, ...]:
        """Return what the person said, to compare with what another said.

        Of two dates it is the dates alone: their distance is counted once, and may be another today.
        """
        if self.from_on or self.to_on:
            return (str(self.from_on), str(self.to_on))
        if self.number is not None:
            return (float(self.number),)
        return (self.response_id, sorted(self.further))


@dataclass(frozen=True)
class Typed:
    """An answer as a page sends it: the responses that were selected, and a number or two dates as typed."""

    selected: frozenset[int] = frozenset()
    number: str = ""
    first: Parts = EMPTY
    last: Parts = EMPTY

    @property
    def words(self) -> str:
        """Return the number or the dates as they were typed."""
        typed = (self.number, " ".join(self.first), " ".join(self.last))
        return ", ".join(text.strip() for text in typed if text.strip())


def typed_as(given: Answered) -> Typed:
    """Return a stored answer as its fields show it."""
    if given.from_on or given.to_on:
        return Typed(first=parts_of(given.from_on), last=parts_of(given.to_on))
    if given.number is not None:
        return Typed(number=f"{given.number:.12g}")
    return Typed(given.responses)


def _day(parts: Parts, label: str | None) -> date | None:
    try:
        return typed_date(parts, f"“{label}”")
    except ValueError as why:
        raise Refused(str(why)) from None


def read(
    typed: Typed, asked: Asked, scale: Scale, ids: Mapping[str, int], before: Answered, days: WorkingDays
) -> Answered:
    """Return what was typed as an answer to a question. Raises Refused, with the reason, where it is none.

    `ids` has the ids of the responses of its scale. The distance of two dates that are those of `before` is
    kept as it was counted then.
    """
    responses = _responses(typed.selected, asked, scale, ids)
    if asked.answer == RESPONSE or responses.responses:
        if responses.responses and _says_more(typed, asked):
            what = "number" if asked.answer == NUMBER else "dates"
            raise Refused(f"Enter {'a ' if what == 'number' else ''}{what} or select a response, not both")
        return responses
    if asked.answer == NUMBER:
        number = _number(typed.number)
        return Answered() if number is None else Answered(ids[asked.response_to(number)], number=number)
    first, last = _day(typed.first, asked.from_label), _day(typed.last, asked.to_label)
    if first is None and last is None:
        return Answered()
    if first is None or last is None:
        missing = asked.from_label if first is None else asked.to_label
        raise Refused(f"Enter both dates: “{missing}” is missing")
    if (first, last) == (before.from_on, before.to_on) and before.number is not None:
        return Answered(before.response_id, number=before.number, from_on=first, to_on=last)
    if why := refuse_order(asked, first, last):
        raise Refused(why)
    distance = asked.days_between(first, last, days)
    return Answered(ids[asked.response_to(distance)], number=distance, from_on=first, to_on=last)


def refuse_order(asked: Asked, first: date, last: date) -> str | None:
    """Return why two dates cannot be in this order, naming both; None when they can."""
    if last >= first:
        return None
    return (
        f"“{asked.to_label}” ({in_words(last)}) must be the same as or after "
        f"“{asked.from_label}” ({in_words(first)})"
    )


def after_today(given: Answered, asked: Asked, on: date) -> str | None:
    """Return the warning about dates of an answer that are after today; None where there is none.

    It is let through: only the tool's author knows whether a question may ask for a planned date.
    """
    dates = ((asked.from_label, given.from_on), (asked.to_label, given.to_on))
    later = [f"“{label}” ({in_words(day)})" for label, day in dates if day is not None and day > on]
    if not later:
        return None
    are = plural(len(later), "is", "are")
    return f"{listed(later)} {are} after today. A planned date does not show that something happened."


def _says_more(typed: Typed, asked: Asked) -> bool:
    if asked.answer == NUMBER:
        return bool(typed.number.strip())
    return asked.answer == DAYS and any((*typed.first, *typed.last))


def _responses(selected: frozenset[int], asked: Asked, scale: Scale, ids: Mapping[str, int]) -> Answered:
    """Return the selected responses as an answer, the first of the scale's order first."""
    in_order = [response for response in selectable(asked, scale) if ids[response] in selected]
    if selected - {ids[response] for response in in_order}:
        raise Refused(NO_SUCH_RESPONSE)
    if not in_order:
        return Answered()
    if len(in_order) > 1 and not scale.several:
        raise Refused(ONE_RESPONSE)
    if alone := scale.standing_alone(in_order):
        raise Refused(f"“{capitalised(alone)}” cannot be selected together with another response")
    first, *further = [ids[response] for response in in_order]
    return Answered(first, further=frozenset(further))


def selectable(asked: Asked, scale: Scale) -> tuple[str, ...]:
    """Return the responses that a person can select; those that a number gives are not among them."""
    return tuple(response for response, _ in scale.responses) if asked.answer == RESPONSE else WITHOUT_NUMBER


def _number(text: str) -> float | None:
    tidy = " ".join(text.split())
    if not tidy:
        return None
    if not _NUMBER.fullmatch(tidy) or abs(number := float(tidy.replace(",", ""))) > MOST:
        raise Refused("Enter a number, such as 12 or 2.5")
    return number + 0.0  # no number is below 0 by its sign alone


def amount(number: float, asked: Asked) -> str:
    """Return a number with what it counts: "13 working days", "2.5 visits", "12"."""
    if asked.answer == DAYS:
        return counted(int(number), "working day" if asked.counted_in == WORKING else "day")
    return with_unit(in_digits(number), asked.unit or "")
