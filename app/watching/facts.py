"""The facts about the service, read from the database and the disk."""

import shutil

from flask import current_app
from sqlalchemy import func, select

from app import clock
from app.database import db
from app.outbox import pausing, queries
from app.outbox.copies import held_because
from app.people.closures import working_days
from app.reminders.models import DailyRun
from app.watching.health import history_broken
from app.watching.troubles import Facts
from config.settings import Settings


def facts() -> Facts:
    """Return the facts at this moment."""
    settings: Settings = current_app.extensions["settings"]
    local = clock.clock().local()
    state = pausing.state()
    stops = [moment for moment in (state.paused_at, state.unreachable_since) if moment is not None]
    disk = shutil.disk_usage(settings.instance_path)
    return Facts(
        now=clock.now(),
        local=local,
        is_working_day=working_days().is_working_day(local.date()),
        mail_goes=queries.mail_goes() and held_because() is None,
        stopped_since=min(stops, default=None),
        due_since=queries.due_since(),
        last_sent_at=queries.last_sent_at(),
        last_run_on=db.session.scalar(select(func.max(DailyRun.on))),
        history_broken=history_broken() is not None,
        free=disk.free,
        total=disk.total,
    )
