"""`practice-audits remind` and `practice-audits deliver`."""

from dataclasses import asdict
from datetime import date
from typing import Any

import click

from app.api import ending
from app.command_line import command
from app.commands.running import as_json, day_or_today, on_a_day, say_json, service
from app.outbox import copies
from app.outbox.delivery import Delivery, outbox_as_it_stands
from app.outbox.delivery import deliver as deliver_outbox
from app.outbox.in_words import kind_in_words, reminder_with_date
from app.people.closures import working_days
from app.people.inviting import write_links_asked_for
from app.reminders import daily_run
from app.reminders.daily_run import Outcome
from app.reminders.settle import REASONS_IN_WORDS
from app.wording import counted, in_words, plural, were


@click.command()
@on_a_day
@click.option("--dry-run", is_flag=True, help="Only show what would be written. Nothing is changed or sent.")
@click.option("--no-deliver", is_flag=True, help="Write the emails but do not send them.")
@as_json
def remind(*, on: date | None, dry_run: bool, no_deliver: bool, as_json: bool) -> None:
    """Do the daily run for a date: decide who gets an email, then write and send the emails.

    If you run it twice, no email is sent twice.

    \b
    Example:
      practice-audits remind --on 2010-11-05 --dry-run
    """
    with service():
        on = day_or_today(on)
        outcome = daily_run.run(on, dry_run=dry_run)
        if outcome.working_day and not dry_run:
            ending.warn(on)
        delivery = outbox_as_it_stands() if dry_run or no_deliver else deliver_outbox(on)
        if as_json:
            say_json(document_of(outcome, delivery))
        else:
            _say(outcome, None if dry_run or no_deliver else delivery, dry_run=dry_run)


@click.command()
@on_a_day
@click.option(
    "--release", is_flag=True, help="Also send emails that are on hold because no mail server was set."
)
@as_json
def deliver(*, on: date | None, release: bool, as_json: bool) -> None:
    """Send the emails that are waiting or due to be sent again. Emails that no longer apply are not sent.

    \b
    Example:
      practice-audits deliver --release
    """
    with service():
        write_links_asked_for(day_or_today(on))
        delivery = deliver_outbox(day_or_today(on), release=release)
        if as_json:
            say_json({"delivery": asdict(delivery)})
        else:
            click.echo(described(delivery))


def document_of(outcome: Outcome, delivery: Delivery) -> dict[str, Any]:
    """Return the outcome of a run as the JSON document of `remind --json`.

    Each message has its kind: assigned, digest, manager, calls, weekly, practice, or audited, whose items
    have the step audited.
    """
    return {
        "on": outcome.on,
        "working_day": outcome.working_day,
        "messages": [
            {
                "id": message.id,
                "to": message.to,
                "kind": message.kind,
                "subject": message.subject,
                "items": [
                    {"item": line.item, "step": line.step, "due_on": line.due_on} for line in message.items
                ],
            }
            for message in outcome.messages
        ],
        "not_sent": [
            {"to": held.to, "item": held.item, "step": held.step, "reason": held.reason}
            for held in outcome.not_sent
        ],
        "delivery": asdict(delivery),
    }


def _say(outcome: Outcome, delivery: Delivery | None, *, dry_run: bool) -> None:
    days = working_days()
    if not outcome.working_day:
        click.echo(f"{in_words(outcome.on)} is not a working day, so no emails are written.")
    for message in outcome.messages:
        click.echo(f"{message.to}, {kind_in_words(message.kind)}: {message.subject}")
        for item in message.items:
            click.echo(f"  {item.item}: {reminder_with_date(item.step, item.due_on, outcome.on, days)}")
    for held in outcome.not_sent:
        reason = REASONS_IN_WORDS.get(held.reason, held.reason)
        click.echo(f"Not sent{f' to {held.to}' if held.to else ''} ({reason})")
        click.echo(f"  {held.item}: {held.reminder}")
    number = len(outcome.messages)
    if outcome.working_day:
        verb = "would be written" if dry_run else f"{were(number)} written"
        click.echo(f"{counted(number, 'email')} {verb} for {in_words(outcome.on)}.")
    if delivery is not None:
        click.echo(described(delivery))


def _are(number: int) -> str:
    return plural(number, "is", "are")


def described(delivery: Delivery) -> str:
    """Return a delivery in words: "7 emails were sent, 0 failed and 0 were no longer needed. …"."""
    text = (
        f"{counted(delivery.sent, 'email')} {were(delivery.sent)} sent, {delivery.failed} could not be "
        f"delivered and {delivery.overtaken} {were(delivery.overtaken)} no longer needed. "
        f"{counted(delivery.queued, 'email')} {_are(delivery.queued)} waiting to be sent and "
        f"{delivery.held} {_are(delivery.held)} on hold."
    )
    if copies.held_because() is not None:
        text += f" To send the emails on hold, run: {command('deliver --release')}"
    elif delivery.held:
        text += f" To send the emails on hold, set MAIL_SERVER, then run: {command('deliver --release')}"
    if delivery.paused:
        text += f" Sending is paused. To see why, run: {command('check')}"
    return text
