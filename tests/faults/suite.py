"""The scenarios of faults, and how one is carried out."""

import time
from dataclasses import dataclass
from random import Random

from tests.faults.days import DAYS
from tests.faults.importing import IMPORTING
from tests.faults.large_files import LARGE_FILES
from tests.faults.places import Places
from tests.faults.scenario import Scenario
from tests.faults.sending import SENDING
from tests.faults.together import TOGETHER
from tests.faults.whole import WHOLE

SCENARIOS = (*SENDING, *WHOLE, *IMPORTING, *LARGE_FILES, *DAYS, *TOGETHER)
SEED = 19


@dataclass(frozen=True)
class Outcome:
    """The outcome of a scenario: in words, and whether the promise was kept."""

    words: str
    is_kept: bool
    seconds: float


def carry_out(scenario: Scenario, database: str, times: int, seed: int, places: Places) -> str:
    """Carry a scenario out; its chances follow from the seed."""
    chance = Random(f"{seed} {scenario.name} {database}")
    return scenario.carry_out(places.new(database), times, chance)


def outcome(scenario: Scenario, database: str, times: int, seed: int, places: Places) -> Outcome:
    """Carry a scenario out and return what came of it, whatever it is."""
    began = time.monotonic()
    try:
        words, is_kept = carry_out(scenario, database, times, seed, places), True
    except Exception as fault:  # noqa: BLE001  the next scenario is carried out all the same
        words, is_kept = f"NOT KEPT: {type(fault).__name__}: {fault}", False
    return Outcome(words, is_kept, time.monotonic() - began)
