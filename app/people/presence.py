"""The presence of people on a day: leave, deputies, leaving. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.people.roles import RoleName


def has_left(leaving_on: date | None, on: date) -> bool:
    """Return True after a leaving day: nothing is sent and signing in is refused."""
    return leaving_on is not None and on > leaving_on


@dataclass(frozen=True, slots=True)
class LeaveSpell:
    """A spell of leave, both days included, and who stands in."""

    from_on: date
    to_on: date
    deputy_id: int | None

    def in_words(self, deputy: str | None) -> str:
        """Return the dates and the address of the deputy, as the history says them."""
        dates = f"{self.from_on} to {self.to_on}"
        return f"{dates}, deputy {deputy}" if deputy else dates


def replaced(stored: Iterable[LeaveSpell], brought: Iterable[LeaveSpell]) -> dict[date, list[LeaveSpell]]:
    """Return what each spell of a file takes the place of, by its first day: a later file corrects an
    earlier one.

    That is the stored spell of the same person with the same first day, and every other that it shares days
    with, unless the file has that one too. A spell that is stored with the same days replaces no other.
    """
    rows = sorted(brought, key=lambda spell: spell.from_on)
    there = {spell.from_on: spell for spell in stored}
    places = {row.from_on: [there[row.from_on]] if row.from_on in there else [] for row in rows}
    left = [spell for first, spell in there.items() if first not in places]
    for row in rows:
        if any(spell.to_on == row.to_on for spell in places[row.from_on]):
            continue
        taken = [spell for spell in left if spell.from_on <= row.to_on and row.from_on <= spell.to_on]
        places[row.from_on] += taken
        left = [spell for spell in left if spell not in taken]
    return places


def overlapping(leave: Iterable[LeaveSpell]) -> list[tuple[LeaveSpell, LeaveSpell]]:
    """Return the spells of one person that share days, in pairs, the earlier first."""
    pairs: list[tuple[LeaveSpell, LeaveSpell]] = []
    before: list[LeaveSpell] = []
    for spell in sorted(leave, key=lambda spell: (spell.from_on, spell.to_on)):
        before = [earlier for earlier in before if earlier.to_on >= spell.from_on]
        pairs += [(earlier, spell) for earlier in before]
        before.append(spell)
    return pairs


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The facts about a person that reminders and lists need."""

    id: int
    email: str
    name: str
    telephone: str | None
    team_id: int | None
    line_manager_id: int | None
    leaving_on: date | None
    trained_on: date | None
    roles: frozenset[RoleName]
    leave: tuple[LeaveSpell, ...]
    news_by_email: bool = True
    """False where they turned off daily emails that have nothing but news."""
    has_access: bool = True
    """False while their access is turned off: emails to them wait."""

    @property
    def managed_team_id(self) -> int | None:
        """The id of the team that this person manages; None for those who are no manager."""
        return self.team_id if RoleName.MANAGER in self.roles else None

    def has_left(self, on: date) -> bool:
        """Return True after the leaving day."""
        return has_left(self.leaving_on, on)

    def leave_on(self, on: date) -> LeaveSpell | None:
        """Return the spell of leave that covers the day, if any; of two, the one that ends last."""
        covering = [spell for spell in self.leave if spell.from_on <= on <= spell.to_on]
        return max(covering, key=lambda spell: spell.to_on, default=None)

    def is_there(self, on: date) -> bool:
        """Return True when the person has neither left nor is on leave, so can be written to."""
        return not self.has_left(on) and self.leave_on(on) is None
