"""Reading a list of cases that was pasted or uploaded. Pure: no fault repeats a cell, which may be a case
number."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from app.case_numbers import CUT, NOTHING_LEFT, folded, without_slashes
from app.files.cells import case_number, text
from app.files.columns import Column, Table
from app.files.faults import Unreadable, suggestion
from app.files.opening import without_separator_line
from app.files.reading import read_content
from app.names import Names
from app.names import folded as folded_name
from app.sampling.seeded_draw import ListedCase
from app.wording import capitalised

MOST_CASES = 10_000
"""More than any council has children with a plan at one time."""

_team = text(100)

CASES = Table(
    "cases",
    # a team is secret, too: with the columns swapped, it holds case numbers
    (Column("case_reference", case_number, needed=True, secret=True), Column("team", _team, secret=True)),
)
HEADINGS = frozenset({"case reference", "case number", "case no", "case id", "case"})
"""First lines of a pasted list, folded, that are a heading and no case."""


@dataclass
class CaseList:
    """The cases of a list, each once, and its faults; with faults the cases are not complete."""

    cases: list[ListedCase] = field(default_factory=list)
    repeated: int = 0
    """The number of lines that repeat a case of a line above."""
    maybe_repeated: int = 0
    """The number of cases whose number differs from another one of the list by slashes alone."""
    hidden: int = 0
    """The number of lines that the spreadsheet does not show; their cases are in the list all the same."""
    faults: list[str] = field(default_factory=list)

    def written(self) -> str:
        """Return the list as text to paste: a case number, a tab and a team on each line."""
        return "\n".join(f"{case.reference}\t{case.team}" for case in self.cases)


@dataclass(frozen=True)
class _Line:
    """The place in the list ("Line 3"), the case number, and the team if one is given."""

    place: str
    reference: str
    team: str | None


def pasted(written: str, teams: Collection[str], team_of_others: str | None = None) -> CaseList:
    """Read a list of lines such as "615739", "615739, Crewe" or a row copied from a spreadsheet.

    A team is one of `teams`, in any spelling; a case without one belongs to `team_of_others`.
    """
    lines: list[_Line] = []
    case_list = CaseList()
    written, named = without_separator_line(written)
    for number, line in enumerate(written.splitlines(), start=2 if named else 1):
        if not line.strip():
            continue
        reference, team = (part.strip(' \t,;"') for part in re.split(r"[,;\t]", f"{line},", maxsplit=1))
        if not lines and folded_name(reference) in HEADINGS:
            continue
        if not reference:
            case_list.faults.append(f"Line {number}: the case number is missing")
            continue
        try:
            lines.append(_Line(f"Line {number}", case_number(reference), _team(team) if team else None))
        except Unreadable as why:
            case_list.faults.append(f"Line {number}: {_in_a_line(str(why))}")
    return _checked(case_list, lines, teams, team_of_others)


def _in_a_line(why: str) -> str:
    """Return why a cell of a line is wrong, in words that do not name its column."""
    return {CUT: CUT, NOTHING_LEFT: f"the case number {NOTHING_LEFT}"}.get(why, f"a cell {why}")


def sent(name: str, content: bytes, teams: Collection[str], team_of_others: str | None = None) -> CaseList:
    """Read a list as `pasted` does, from a csv or xlsx file with the columns case_reference and team."""
    reading = read_content(name, content, CASES)
    case_list = CaseList(hidden=reading.hidden)
    for fault in reading.faults:
        column = f", column {fault.column}" if fault.row != 1 and fault.column in CASES.names else ""
        case_list.faults.append(
            f"Row {fault.row}{column}: {fault.why}" if fault.row else capitalised(fault.why)
        )
    lines = [
        _Line(f"Row {row.number}", row["case_reference"], row["team"])
        for row in reading.rows
        if row["case_reference"] and "team" not in row.refused
    ]
    return _checked(case_list, lines, teams, team_of_others)


def _checked(
    case_list: CaseList, lines: Sequence[_Line], teams: Collection[str], team_of_others: str | None
) -> CaseList:
    if len(lines) > MOST_CASES:
        case_list.faults.append(f"The list has {len(lines):,} cases. The maximum is {MOST_CASES:,}.")
        return case_list
    if not lines and not case_list.faults:
        case_list.faults.append("The list has no cases. Enter case numbers or select a file.")
    first: dict[str, tuple[ListedCase, str]] = {}
    for line, team in _with_team(case_list, lines, teams, team_of_others):
        case, number = ListedCase(line.reference, team), folded(line.reference)
        earlier, place = first.setdefault(number, (case, line.place))
        if place == line.place:
            continue
        if earlier.team == team:
            case_list.repeated += 1
            # the same one of two spellings is always drawn, in whatever order they stand
            first[number] = (min(earlier, case, key=lambda case: case.reference), place)
        else:
            case_list.faults.append(f"{line.place}: this case has another team in {place.lower()}")
    case_list.cases = [case for case, _ in first.values()]
    by_number = Counter(map(without_slashes, first))
    case_list.maybe_repeated = sum(number - 1 for number in by_number.values())
    return case_list


def _with_team(
    case_list: CaseList, lines: Iterable[_Line], teams: Collection[str], team_of_others: str | None
) -> Iterable[tuple[_Line, str]]:
    spellings = Names((team, team) for team in teams)
    for line in lines:
        if line.team is None and team_of_others is None:
            case_list.faults.append(
                f"{line.place}: the team is missing. Add it, or select a team for all lines without one."
            )
            continue
        team = team_of_others if line.team is None else spellings.get(line.team)
        if team is None:
            hint = suggestion(line.team or "", teams)
            case_list.faults.append(f"{line.place}: this team does not exist{hint}")
            continue
        yield line, team
