"""Case numbers, and the ways in which people and programs spell them: for Hypothesis."""

from dataclasses import dataclass

from hypothesis import strategies as st

TAKEN_OUT = (
    " \t\u00a0\u2007\u2009\u202f\u3000"
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e"
    "."
    "-\u2010\u2011\u2012\u2013\u2014\u2212"
)
"""Characters that tell no two numbers apart: spaces, invisible ones, dots, hyphens and dashes."""


def numbers() -> st.SearchStrategy[str]:
    """Return plainly written numbers: digits, and sometimes small letters and slashes."""
    digits = st.text("0123456789", min_size=1, max_size=9)
    mixed = st.text("0123abc/", min_size=1, max_size=9)
    return (digits | mixed).map(lambda number: number.lstrip("0")).filter(bool)


@dataclass(frozen=True)
class NumberSpelt:
    """A number, and one of its spellings."""

    number: str
    written: str


@st.composite
def spellings(draw: st.DrawFn) -> NumberSpelt:
    """Return a number with something between its characters, noughts before it, and letters of any case."""
    number = draw(numbers())
    between = st.text(TAKEN_OUT, max_size=2)
    front = draw(st.sampled_from(("", "0", "00", "0 ", "0-0")))
    characters = [draw(st.sampled_from((each, each.upper()))) + draw(between) for each in number]
    return NumberSpelt(number, front + "".join(characters))


SPELLINGS = spellings()
