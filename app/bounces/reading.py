"""Reading the emails that came back: what could not be delivered stands on the list of failed emails.

A report counts only where its Message-ID is of an email that was sent to its recipient. It is kept once, also
where several workers read the mailbox at the same time. What was handled is removed from the mailbox.
"""

import logging

from flask import current_app
from sqlalchemy import select

from app import clock
from app.bounces.mailbox import Mailbox
from app.bounces.reports import Report, reports_in
from app.database import db, insert_or_leave, transaction
from app.history.record import Event, record
from app.outbox.models import FAILED, SENT, Bounce, Message
from app.watching.heartbeat import BOUNCES, beat
from config.settings import Settings
from config.values import imap_mailbox

log = logging.getLogger(__name__)

MAIL_SERVER = "mail server"
"""Reports in the place of a person."""


def read_bounces() -> None:
    """Read the mailbox of bounces, where one is set. Raises MailboxError."""
    settings: Settings = current_app.extensions["settings"]
    if settings.mail.bounce_imap_url is None:
        return
    handled = 0
    db.session.rollback()  # no transaction while the network is waited for
    with Mailbox(imap_mailbox(settings.mail.bounce_imap_url)) as mailbox:
        for number, content in mailbox.emails():
            # one after the other, and all of them: a report may be about several recipients
            ours = [handle(report) for report in reports_in(content or b"")]
            if any(ours):
                handled += 1
                mailbox.remove(number)
            else:
                mailbox.set_aside(number)
    beat(BOUNCES)
    if handled:
        log.info("reports about emails that came back: %d", handled)


def handle(report: Report) -> bool:
    """Keep what a report says; return False where it is not about an email that was sent to its recipient."""
    with transaction():
        query = select(Message).where(Message.uid == report.uid).with_for_update()
        message = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if (
            message is None
            or message.first_tried_at is None
            or message.address.lower() not in report.recipients
        ):
            return False
        if report.is_bounce and _is_new(report, message) and report.is_hard and message.state == SENT:
            message.state, message.ended_at = FAILED, clock.now()
            message.answer = f"It came back: {report.why}"
            record(MAIL_SERVER, [Event("message", str(message.id), "reported as undeliverable")])
        return True


def _is_new(report: Report, message: Message) -> bool:
    """Keep a report; return False where it is kept already."""
    kept = insert_or_leave(Bounce).values(
        message_id=message.id,
        report=report.digest,
        read_at=clock.now(),
        is_hard=report.is_hard,
        why=report.why,
    )
    return db.session.scalar(kept.returning(Bounce.id)) is not None
