"""The check of free text by everything that may say who a child is."""

from collections.abc import Iterable

from app import clock
from app.identifying.known_numbers import CASE_NUMBER, holding_known_numbers, holds_known_number
from app.identifying.warnings import names_warned_of, numbers_warned_of


def warned_of(text: str | None, *, with_names: bool = True) -> list[str]:
    """Return one sentence for each thing in the text by which a child may be known.

    Without names where the text is to name a member of staff.
    """
    if not text:
        return []
    of_case = [CASE_NUMBER] if holds_known_number(text) else []
    return [*numbers_warned_of(text, clock.today()), *of_case, *(names_warned_of(text) if with_names else ())]


def warned_of_all(texts: Iterable[str | None]) -> list[str]:
    """Return the sentences about several texts, each once."""
    return list(dict.fromkeys(sentence for text in texts for sentence in warned_of(text)))


def those_warned_of(texts: Iterable[str | None]) -> set[str]:
    """Return those of several texts by which a child may be known."""
    given = {text for text in texts if text}
    on = clock.today()
    others = {text for text in given if numbers_warned_of(text, on) or names_warned_of(text)}
    return others | holding_known_numbers(given - others)
