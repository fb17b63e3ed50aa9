"""The first cycle with all that came of it, for tests of its report."""

from collections.abc import Callable
from datetime import date

import pytest

from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.audit_files.chases import import_chases
from app.cycles import queries
from app.findings.freezing import freeze_closed
from app.quick_wins.importing import import_quick_wins
from app.reports.making import report_of
from app.reports.paper import Audience, Paper
from tests.findings.conftest import FILES, first_cycle, taken_in

__all__ = ["first_cycle"]

MEETING = date(2010, 12, 22)


@pytest.fixture
def whole_first_cycle(first_cycle: None) -> None:
    """The first cycle, frozen on the day of the meeting, with what was recommended and done."""
    taken_in(import_chases(FILES / "chases.csv"))
    taken_in(import_recommendations(FILES / "recommendations.csv"))
    taken_in(import_actions(FILES / "actions.csv"))
    taken_in(import_quick_wins(FILES / "quick_wins.csv"))
    freeze_closed(MEETING)


@pytest.fixture
def report(whole_first_cycle: None) -> Callable[..., Paper]:
    """A report of the first cycle, as of the day of the meeting."""

    def made(audience: Audience = Audience.COUNCIL, on: date = MEETING) -> Paper:
        cycle = queries.found("2010-1")
        assert cycle is not None
        return report_of(cycle, audience, on, None)

    return made
