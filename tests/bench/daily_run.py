"""A daily run in a process of its own, as the service does it, without delivery: its seconds, its processor
time, its peak memory, what it wrote.

python -m tests.bench.daily_run FOLDER DAY
"""

import json
import resource
import sys
import time
from datetime import date

from sqlalchemy import func, select

from app import create_app
from app.database import db
from app.outbox.models import MessageItem
from app.reminders.daily_run import write_emails
from config.settings import from_environment
from tests.bench.installation import environment


def main() -> None:
    """Run the day and say how it went, as JSON."""
    folder, on = sys.argv[1], date.fromisoformat(sys.argv[2])
    with create_app(from_environment(environment(folder))).app_context():
        before = _items()
        began, processor = time.perf_counter(), time.process_time()
        messages = write_emails(on)
        seconds, processor = time.perf_counter() - began, time.process_time() - processor
        items = _items() - before
    measured = {
        "seconds": seconds,
        "processor": processor,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "messages": messages,
        "items": items,
    }
    print(json.dumps(measured))


def _items() -> int:
    return db.session.scalar(select(func.count(MessageItem.id))) or 0


if __name__ == "__main__":
    main()
