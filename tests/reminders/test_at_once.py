"""Running the day twice, or four times at once in processes of their own, sends nothing twice."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.outbox.models import Message, MessageItem
from app.reminders.daily_run import run

from .conftest import Installation

ON = date(2010, 11, 24)
"""A Wednesday on which the three audits that never came back have reached several steps."""


def remind(environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    program = Path(sys.executable).with_name("practice-audits")
    return subprocess.Popen(
        [program, "remind", "--on", ON.isoformat(), "--no-deliver", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def written() -> Counter[tuple[str, str]]:
    """Return the number of messages for each receiver and kind."""
    db.session.rollback()
    return Counter(
        (row.address, row.kind) for row in db.session.execute(select(Message.address, Message.kind))
    )


def test_the_same_day_twice_writes_nothing_the_second_time(installation: Installation) -> None:
    first = run(ON)
    assert first.messages
    assert run(ON).messages == []
    assert max(written().values()) == 1


def test_four_runs_at_once_share_the_work_and_write_each_message_once(installation: Installation) -> None:
    processes = [remind(installation.environment) for _ in range(4)]
    told: list[dict[str, Any]] = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        told.append(json.loads(out))
    ids = [message["id"] for one in told for message in one["messages"]]
    assert len(ids) == len(set(ids))
    assert sum(written().values()) == len(ids)
    assert max(written().values()) == 1
    assert ("harriet.vance@council.example", "manager") in written()
    assert db.session.scalar(select(func.count()).select_from(MessageItem))
