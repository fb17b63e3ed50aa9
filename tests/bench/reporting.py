"""Making the reports of a cycle as Word in one process, the first time and then again: seconds, as JSON.

python -m tests.bench.reporting FOLDER DAY
"""

import json
import statistics
import sys
import time
from datetime import date

from app import create_app
from app.cycles import queries
from app.database import db
from app.reports.formats import as_file
from app.reports.paper import Audience
from config.settings import from_environment
from tests.bench.installation import environment

TIMES = 5


def main() -> None:
    """Make each report and say how long it took."""
    folder, on = sys.argv[1], date.fromisoformat(sys.argv[2])
    app = create_app(from_environment(environment(folder)))
    measured: dict[str, float] = {}
    with app.app_context():
        for audience in Audience:
            took = [_seconds(audience, on) for _ in range(TIMES + 1)]
            measured |= {f"{audience}: first": took[0], f"{audience}: median": statistics.median(took[1:])}
    print(json.dumps(measured))


def _seconds(audience: Audience, on: date) -> float:
    db.session.rollback()
    began = time.perf_counter()
    cycle = queries.all_cycles()[0]
    as_file(cycle, audience, ".docx", on, None)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
