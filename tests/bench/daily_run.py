"""A daily run in a process of its own, without delivery: its seconds, its peak memory, what it wrote.

python -m tests.bench.daily_run FOLDER DAY
"""

import json
import resource
import sys
import time
from datetime import date

from app import create_app
from app.reminders.daily_run import run
from config.settings import from_environment
from tests.bench.installation import environment


def main() -> None:
    """Run the day and say how it went, as JSON."""
    folder, on = sys.argv[1], date.fromisoformat(sys.argv[2])
    with create_app(from_environment(environment(folder))).app_context():
        began = time.perf_counter()
        outcome = run(on)
        seconds = time.perf_counter() - began
    measured = {
        "seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "messages": len(outcome.messages),
        "items": sum(len(message.due) for message in outcome.messages),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
