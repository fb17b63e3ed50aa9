"""The check of the history: every night, and by command. A break is told at once, once for each."""

import logging
import socket
from dataclasses import replace
from datetime import UTC, date, datetime, time

from flask import current_app

from app import clock
from app.case_keys.checking import wrong_numbers
from app.database import db, transaction
from app.findings.counted_facts import check_facts
from app.history.checking import NO_ROW, Break, Checked, check, one_moment
from app.history.checks import LastCheck, is_of_numbers, keep_check, last_check, standing_breaks
from app.history.closed import missing, put_back
from app.history.record import Event, hold_history, record
from app.outbox import kinds
from app.outbox.kinds import Holds, Overtaken, Verdict
from app.outbox.models import Message
from app.outbox.rendering import render
from app.outbox.writing import write
from app.people.queries import everyone
from app.people.roles import OFFICE
from app.wording import listed
from config.settings import Settings

log = logging.getLogger(__name__)

KIND = "history"

UPDATE = "update"
"""Does what the command that updates the database does, in the place of a person."""

NOT_BEFORE = time(2)
"""The time from which a day's check is made: at night, when nobody waits for the service."""

LOG_AUDIT, CRITICAL, INFORMATIONAL = 13, 2, 6
"""The facility and severities of syslog (RFC 5424)."""


def check_if_due() -> None:
    """Check the history, if it is time for it and it was not checked today."""
    local = clock.clock().local()
    last = last_check()
    if local.time() >= NOT_BEFORE and (last is None or last.on != local.date()):
        check_history()


def check_history() -> Checked:
    """Check the history, then what frozen findings count and the encrypted case numbers; keep and tell it.

    A break is told by email, the head by syslog.
    """
    found = check()
    if found.broken is None:
        with one_moment() as connection:
            facts = check_facts(connection)
            broken = facts.broken
            if broken is None and (why := wrong_numbers(connection)) is not None:
                broken = Break(NO_ROW, why)
        found = Checked(found.head, broken, facts.not_checked)
    on, broken = clock.today(), found.broken
    made = LastCheck(
        on,
        found.head.rows,
        found.head.hash,
        broken.row if broken else None,
        broken.why if broken else None,
    )
    with transaction():
        # one after the other, so that nobody is told twice
        hold_history()
        before = last_check()
        if before is not None and (before.broken_row, before.why) == (made.broken_row, made.why):
            # it was acknowledged, and is still what it was
            made = replace(made, acknowledged=before.acknowledged)
        keep_check(made, clock.now())
        if broken and (before is None or (before.broken_row, before.why) != (broken.row, broken.why)):
            if is_of_numbers(broken.why):
                log.error("case numbers are not as they were saved")
            else:
                log.error("the history does not hold at row %d", broken.row)
            _tell_of_break(made, before, on)
    _tell_syslog(made)
    return found


def put_protection_back() -> list[str]:
    """Make the triggers again by which the database refuses changes of the history; return their names.

    The history is checked before that, so that the break is known and stands.
    """
    with one_moment() as connection:
        if not missing(connection):
            return []
    check_history()
    with transaction():
        names = put_back(db.session.connection())
        record(UPDATE, [Event("history", "history", "protection put back", after=listed(names))])
    return names


def _tell_of_break(made: LastCheck, before: LastCheck | None, on: date) -> None:
    whole_on = before.on if before is not None and before.why is None else None
    about = {"of_numbers": made.is_of_numbers, "of_frozen": made.is_of_frozen}
    rendered = render(KIND, why=made.why, **about, whole_on=whole_on)
    for person in everyone().values():
        if OFFICE & person.roles and not person.has_left(on):
            write(
                KIND,
                recipient=person.id,
                address=person.email,
                rendered=rendered,
                why="Sent at once to all coordinators and administrators, because the history was changed",
                on=on,
            )


def recheck(message: Message, on: date) -> Verdict:
    """Hold until the break is acknowledged, while the person looks after the service."""
    person = everyone().get(message.recipient or 0)
    if person is None or person.has_left(max(on, message.on)) or not OFFICE & person.roles:
        return Overtaken("They are no longer a coordinator or an administrator")
    if not standing_breaks():
        return Overtaken("An administrator has acknowledged that the history did not hold")
    return Holds()


kinds.register(KIND, 0, kinds.each(recheck))


def _tell_syslog(made: LastCheck) -> None:
    """Tell the council's log of the head, where there is one. Nothing stops where that fails."""
    settings: Settings = current_app.extensions["settings"]
    if settings.history_syslog is None:
        return
    host, _, port = settings.history_syslog.rpartition(":")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as sender:
            sender.sendto(line_of_syslog(made, clock.now(), socket.gethostname()).encode(), address)
    except OSError as error:
        log.warning("the log at HISTORY_SYSLOG was not told of the history: %s", error.strerror)


def line_of_syslog(made: LastCheck, at: datetime, machine: str) -> str:
    """Return what a check found as a line of syslog (RFC 5424)."""
    severity = INFORMATIONAL if made.why is None else CRITICAL
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    state = "whole" if made.broken_row is None else f"broken row={made.broken_row}"
    head = f"rows={made.rows} hash={made.hash}"
    return f"<{LOG_AUDIT * 8 + severity}>1 {moment} {machine} practice-audits - history - {state} {head}"
