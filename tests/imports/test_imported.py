"""The outcome of an import in words."""

import pytest

from app.files.faults import Fault
from app.files.imported import Imported


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
            (
                "a.csv: 2 audits: 0 added, 0 changed, 2 unchanged; in 1 a move made in the product was left "
                "as it is"
            ),
        ),
    ],
)
def test_an_outcome_adds_up(outcome: Imported, words: str) -> None:
    assert str(outcome) == words
    assert not outcome.refused


def test_a_file_with_a_fault_is_refused() -> None:
    assert Imported("a.csv", "audits", faults=[Fault(file="a.csv", why="the file is empty")]).refused
