"""The outcome of an import in words."""

import pytest

from app.files.faults import Fault
from app.files.imported import Imported
from app.files.rows import Reading
from app.people.importing import CLOSURES


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Imported("a.csv", "audits"), "a.csv: 0 audits: 0 added, 0 changed, 0 unchanged"),
        (Imported("a.csv", "audits", 29), "a.csv: 29 audits: 29 added, 0 changed, 0 unchanged"),
        (
            Imported("a.csv", "audits", 2000, 500, 100),
            "a.csv: 2,600 audits: 2,000 added, 500 changed, 100 unchanged",
        ),
        (
            Imported("a.csv", "audits", unchanged=2, left=1),
            "a.csv: 2 audits: 0 added, 0 changed, 2 unchanged. 1 row kept a change made in the service",
        ),
        (
            Imported("a.csv", "audits", unchanged=2, left=2, cases_kept=1),
            (
                "a.csv: 2 audits: 0 added, 0 changed, 2 unchanged. 2 rows kept a change made in the service. "
                "1 audit that has begun kept its case number"
            ),
        ),
        (
            Imported("a.csv", "audits", changed=1, unchanged=1, cases_kept=2),
            (
                "a.csv: 2 audits: 0 added, 1 changed, 1 unchanged. "
                "2 audits that have begun kept their case numbers"
            ),
        ),
        (Imported("a.csv", "people", added=1), "a.csv: 1 person: 1 added, 0 changed, 0 unchanged"),
        (
            Imported("a.csv", "periods of leave", unchanged=1),
            "a.csv: 1 period of leave: 0 added, 0 changed, 1 unchanged",
        ),
        (Imported("a.csv", "chases", changed=1), "a.csv: 1 chase: 0 added, 1 changed, 0 unchanged"),
        (Imported("a.toml", "tool", added=1), "a.toml: 1 tool: 1 added, 0 changed, 0 unchanged"),
    ],
)
def test_an_outcome_adds_up(outcome: Imported, words: str) -> None:
    assert str(outcome) == words
    assert not outcome.refused


@pytest.mark.parametrize(
    ("hidden", "warnings"),
    [
        (0, []),
        (1, ["1 row is hidden in the spreadsheet, for example by a filter. It is imported too."]),
        (
            2_000,
            ["2,000 rows are hidden in the spreadsheet, for example by a filter. They are imported too."],
        ),
    ],
)
def test_hidden_rows_are_the_first_warning(hidden: int, warnings: list[str]) -> None:
    assert Imported.of(Reading("a.xlsx", CLOSURES, hidden=hidden), "closure days").warnings == warnings


def test_a_file_with_a_fault_is_refused() -> None:
    assert Imported("a.csv", "audits", faults=[Fault(file="a.csv", why="the file is empty")]).refused
