"""Breaks the service in all the ways in which machines break, and prints what became of its promises.

    python -m tests.faults [--only NAME] [--times N] [--seed S] [--short] [--database sqlite]

The chances of a run follow from its seed, which is printed; the moments at which programs are killed are also
those of this machine. Ends with 1 where a promise was not kept.
"""

import argparse
import os
import sys
from contextlib import ExitStack
from functools import cache

from tests.faults.places import Places, breakable_server, migrated_database
from tests.faults.suite import SCENARIOS, SEED, outcome
from tests.postgresql import Server


def main() -> int:
    """Carry out the scenarios that the command line names, all by default."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--only", action="append", choices=[one.name for one in SCENARIOS])
    arguments.add_argument("--times", type=int, help="how often, in the place of each scenario's own number")
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--short", action="store_true", help="as often as the tests do")
    arguments.add_argument("--database", choices=("sqlite", "postgresql"))
    given = arguments.parse_args()
    os.environ.pop("DATABASE_URL", None)
    say(f"Seed {given.seed}")
    say("| scenario | promise | fault | database | times | outcome | seconds |")
    say("| --- | --- | --- | --- | --- | --- | --- |")
    all_kept = True
    with ExitStack() as ends:
        migrated = ends.enter_context(migrated_database())

        @cache
        def server() -> Server:
            return ends.enter_context(breakable_server())

        for scenario in SCENARIOS:
            if given.only and scenario.name not in given.only:
                continue
            times = given.times or (scenario.short if given.short else scenario.long)
            for database in scenario.databases:
                if given.database and database not in (given.database, "-"):
                    continue
                with Places(migrated, server) as places:
                    came = outcome(scenario, database, times, given.seed, places)
                cells = (
                    scenario.name,
                    scenario.promise,
                    scenario.fault,
                    database,
                    times,
                    came.words,
                    f"{came.seconds:.0f}",
                )
                say("| " + " | ".join(" ".join(str(cell).split()) for cell in cells) + " |")
                all_kept &= came.is_kept
    return 0 if all_kept else 1


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
