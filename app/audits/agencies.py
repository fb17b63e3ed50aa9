"""Several agencies, one case: the audits that a cycle with agencies has of a case, and what each asks. Pure.

Each agency of the case returns one audit of its own, and the case's meeting is one more audit of it, with the
agency `together`. Questions that are marked as asked once per case are asked there, and only there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, product
from string import ascii_uppercase

from app.files.faults import suggestion
from app.names import Names, folded
from app.wording import capitalised

TOGETHER = "together"
"""The word that stands in the place of the agency for the meeting of a case."""

MEETING = "the meeting of the case"
"""The words for that audit in sentences."""


@dataclass(frozen=True, slots=True)
class Agencies:
    """The agencies of a cycle, in its order; none in a cycle whose cases have one audit each."""

    cycle: str
    names: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.names)

    @property
    def audits_of_a_case(self) -> Sequence[str]:
        """Return the agencies of the audits of one case: each of the cycle's, and then its meeting."""
        return (*self.names, TOGETHER) if self.names else ()

    def read(self, written: str | None) -> str | None:
        """Return the agency of an audit in the cycle's own spelling. Raises ValueError with a clause.

        In a cycle with agencies each audit has one of them, or is the meeting of its case; in another one no
        audit has an agency.
        """
        if not self.names:
            if written is None:
                return None
            raise ValueError(f"cycle {self.cycle} has no agencies, so leave this empty")
        if written is None:
            raise ValueError(
                f"is empty: cycle {self.cycle} has agencies, so give one of them or “{TOGETHER}”"
            )
        known = Names((name, name) for name in self.audits_of_a_case)
        if written in known:
            return known[written]
        hint = suggestion(written, list(known))
        raise ValueError(f"is not an agency of cycle {self.cycle}{hint}")


NO_AGENCIES = Agencies("")


def whose(agency: str) -> str:
    """Return whose an audit is, as people read it: the agency, or the meeting of the case."""
    return capitalised(MEETING.removeprefix("the ")) if agency == TOGETHER else agency


def of_whom(agency: str) -> str:
    """Return whose several audits are, as people read it: the agency, or the meetings of cases."""
    return "Meetings of cases" if agency == TOGETHER else agency


def references(of_case: str, wanted: Iterable[str], is_taken: Callable[[str], bool]) -> dict[str, str]:
    """Return the references of audits of one case, by agency: the reference of the case with a letter, as in
    DA-001-A and DA-001-B, and DA-001-together for its meeting. Letters that are taken are passed over."""
    letters = (f"{of_case}-{letter}" for letter in _letters())
    free = (reference for reference in letters if not is_taken(reference))
    return {agency: f"{of_case}-{TOGETHER}" if agency == TOGETHER else next(free) for agency in wanted}


def stem(reference: str) -> str:
    """Return the reference of the case of an audit whose reference was made from it."""
    return re.sub("-[A-Za-z]+$", "", reference)


def _letters() -> Iterator[str]:
    """Yield A to Z, then AA to ZZ, and so on."""
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))


def refuse_names(names: Iterable[str]) -> dict[int, str]:
    """Return why the agencies of a cycle cannot be called so, by their place from 1, each in a clause."""
    faults: dict[int, str] = {}
    first: Names[int] = Names()
    for place, name in enumerate(names, start=1):
        if folded(name) == TOGETHER:
            faults[place] = "is the meeting of a case, which a cycle with agencies has anyway: leave it out"
        elif first.setdefault(name, place) != place:
            faults[place] = "is named twice"
    return faults


def asks(*, per_case: bool, is_together: bool) -> bool:
    """Return whether an audit asks a question: one that is asked once per case in the case's meeting alone,
    any other in all audits but the meeting.

    asked_questions.py has the rule as a condition of the database.
    """
    return per_case == is_together


def refuse_tool(*, asks_per_case: bool, agencies: Iterable[str]) -> str | None:
    """Return in a clause why a cycle with these agencies cannot use a tool; None when it can."""
    if asks_per_case and not list(agencies):
        return "asks some questions once per case, so name the agencies of the cycle"
    return None


def are_returns_of_one_case(agency: str | None, other: str | None) -> bool:
    """Return whether two audits of one case in one cycle stand side by side: neither repeats the other."""
    return agency is not None and other is not None and agency != other
