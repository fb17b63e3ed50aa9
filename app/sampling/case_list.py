"""Reading a list of cases that was pasted or uploaded. Pure: no fault repeats a cell, which may be a case
number."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from app.files.cells import text
from app.files.columns import Column, Table
from app.files.faults import Unreadable, folded, nearest
from app.files.reading import read_content
from app.sampling.seeded_draw import ListedCase

MOST_CASES = 10_000
"""More than any council has children with a plan at one time."""

_reference, _team = text(60), text(100)

CASES = Table(
    "cases",
    # a team is secret, too: with the columns swapped, it holds case numbers
    (Column("case_reference", _reference, needed=True, secret=True), Column("team", _team, secret=True)),
)
HEADINGS = frozenset({"case_reference", "case_number", "case_no", "case_id", "case"})
"""First lines of a pasted list, folded, that are a heading and no case."""


@dataclass
class CaseList:
    """The cases of a list, each once, and its faults; with faults the cases are not complete."""

    cases: list[ListedCase] = field(default_factory=list)
    repeated: int = 0
    """The number of lines that repeat a line above."""
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

    A team is one of `teams`, letter case apart; a case without one belongs to `team_of_others`.
    """
    lines: list[_Line] = []
    case_list = CaseList()
    for number, line in enumerate(written.splitlines(), start=1):
        if not line.strip():
            continue
        reference, team = (part.strip(' \t,;"') for part in re.split(r"[,;\t]", f"{line},", maxsplit=1))
        if not lines and folded(reference) in HEADINGS:
            continue
        try:
            lines.append(_Line(f"Line {number}", _reference(reference), _team(team) if team else None))
        except Unreadable as why:
            case_list.faults.append(f"Line {number}: a cell {why}")
        if not reference:
            case_list.faults.append(f"Line {number}: the case number is missing")
    return _checked(case_list, lines, teams, team_of_others)


def sent(name: str, content: bytes, teams: Collection[str], team_of_others: str | None = None) -> CaseList:
    """Read a list as `pasted` does, from a csv or xlsx file with the columns case_reference and team."""
    reading = read_content(name, content, CASES)
    case_list = CaseList()
    for fault in reading.faults:
        column = f", column {fault.column}" if fault.row != 1 and fault.column in CASES.names else ""
        case_list.faults.append(
            f"Row {fault.row}{column}: {fault.why}" if fault.row else f"{fault.why[0].upper()}{fault.why[1:]}"
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
    first: dict[str, tuple[str, str]] = {}
    for line, team in _with_team(case_list, lines, teams, team_of_others):
        earlier = first.setdefault(line.reference, (team, line.place))
        if earlier == (team, line.place):
            case_list.cases.append(ListedCase(line.reference, team))
        elif earlier[0] == team:
            case_list.repeated += 1
        else:
            case_list.faults.append(f"{line.place}: this case has another team in {earlier[1].lower()}")
    return case_list


def _with_team(
    case_list: CaseList, lines: Iterable[_Line], teams: Collection[str], team_of_others: str | None
) -> Iterable[tuple[_Line, str]]:
    by_folded = {folded(team): team for team in teams}
    for line in lines:
        if line.team is None and team_of_others is None:
            case_list.faults.append(
                f"{line.place}: the team is missing. Add it, or select a team for all lines without one."
            )
            continue
        team = team_of_others if line.team is None else by_folded.get(folded(line.team))
        if team is None:
            hint = f": the nearest is {nearest(line.team or '', teams)}" if teams else ""
            case_list.faults.append(f"{line.place}: this team does not exist{hint}")
            continue
        yield line, team
