"""A daily run in a process of its own, as the service does it, without delivery: its seconds, its processor
time, its peak memory, what it wrote; beside a floor of bare SQL that reads the open audits with their pairs
and writes as many items.

python -m tests.bench.daily_run FOLDER DAY
"""

import json
import resource
import sys
import time
from datetime import date

from sqlalchemy import Table, func, select, text

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
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        floor = _floor(items)
    measured = {
        "seconds": seconds,
        "processor": processor,
        "peak_mb": peak_mb,
        "messages": messages,
        "items": items,
        "floor": floor,
    }
    print(json.dumps(measured))


OPEN_AUDITS = """
    select * from audits join cycles on cycles.id = audits.cycle_id
    join assignments on assignments.audit_id = audits.id join people on people.id = assignments.person_id
    where returned_on is null and withdrawn_on is null and assignments.ended_on is null
"""


def _floor(items: int) -> float:
    """Return the seconds in which bare SQL reads the open audits and writes that many items."""
    table = MessageItem.__table__
    assert isinstance(table, Table)
    newest = select(table).order_by(table.c.id.desc()).limit(items)
    rows = [dict(row._mapping) for row in db.session.execute(newest)]  # noqa: SLF001  its public name
    names = list(table.c.keys())
    db.session.execute(text("create temporary table floor_items as select * from message_items limit 0"))
    began = time.perf_counter()
    for _row in db.session.execute(text(OPEN_AUDITS)):
        pass
    if rows:
        values = ", ".join(f":{name}" for name in names)
        db.session.execute(text(f"insert into floor_items ({', '.join(names)}) values ({values})"), rows)  # noqa: S608
    seconds = time.perf_counter() - began
    db.session.rollback()
    return seconds


def _items() -> int:
    return db.session.scalar(select(func.count(MessageItem.id))) or 0


if __name__ == "__main__":
    main()
