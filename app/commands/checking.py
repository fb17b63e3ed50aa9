"""`practice-audits check`: the checks of an installation."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import available_timezones

import click
from flask import current_app

from app import clock, database, migrating
from app.bounces.mailbox import Mailbox, MailboxError
from app.case_keys.checking import wrong_numbers
from app.case_keys.fitting import why_unfit
from app.command_line import GIVE_ACCESS, command
from app.commands.running import Refusal, as_json, say_json, service
from app.history.checking import NOT_THE_KEY, Checked, Head, key_fits, one_moment
from app.history.checking import check as compare_with
from app.history.checks import in_short, is_of_numbers, standing_breaks
from app.outbox import copies
from app.outbox.composing import fault_of_settings
from app.outbox.queries import standing
from app.outbox.smtp import Connection, NoConnection
from app.people.queries import no_coordinator
from app.watching.heartbeat import scheduler_late
from app.watching.history_check import check_history
from app.wording import counted, in_words, listed
from config.settings import MailSettings, Settings
from config.values import ImapMailbox, imap_mailbox

SHORTEST = 8
"""The fewest characters of a hash that are compared."""

MAIL_SECONDS = 5
"""The time that the mail server may take to greet."""


@dataclass(frozen=True)
class Check:
    """The result of a check."""

    name: str
    ok: bool
    says: str


class ShortHead(click.ParamType):  # type: ignore[type-arg]
    """A head of the history in its short form, as the weekly summary says it."""

    name = "HEAD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        """Return the head; refuse as wrong usage what is none."""
        written = re.fullmatch(r"([\d,]+)(?: ?rows?)?[, ]+([0-9a-f ]+)…?", str(value).strip().lower())
        rows, beginning = written.groups() if written else ("", "")
        beginning = beginning.replace(" ", "")
        if not rows.replace(",", "") or len(beginning) < SHORTEST:
            raise click.UsageError(
                '--head must be a line of the weekly summary, such as "1,234 rows, 3f9c 21ab 77de 0042"', ctx
            )
        return Head(int(rows.replace(",", "")), beginning)


@click.command()
@click.option(
    "--head",
    "heads",
    type=ShortHead(),
    multiple=True,
    help="What the weekly summary of an earlier week says of the history, to compare it with.",
)
@as_json
def check(heads: Sequence[Head], *, as_json: bool) -> None:
    """Check the database, history, case numbers, mail servers, scheduler, time zone and coordinator.

    If a check fails, the exit status is 1.

    \b
    Example:
      practice-audits check
      practice-audits check --head "1,234 rows, 3f9c 21ab 77de 0042"
    """
    with service(any_key=True, as_it_is=True):
        checks = list(run_checks(heads))
    wrong = [each for each in checks if not each.ok]
    if as_json:
        say_json({"ok": not wrong, "checks": [asdict(each) for each in checks]})
    else:
        for each in checks:
            if each.ok:
                click.echo(f"ok     {each.name}: {each.says}")
    if wrong:
        raise Refusal("\n".join(f"ERROR  {each.name}: {each.says}" for each in wrong))


def run_checks(heads: Sequence[Head] = ()) -> Iterator[Check]:
    """Yield the result of each check."""
    settings: Settings = current_app.extensions["settings"]
    yield _database()
    yield _history(heads)
    yield _case_numbers()
    yield _mail(settings.mail)
    if (sign := copies.held_because()) is not None:
        yield Check("emails", True, f"Emails are on hold until someone releases them. {sign}.")
    if settings.mail.bounce_imap_url is not None:
        yield _bounces(imap_mailbox(settings.mail.bounce_imap_url))
    yield _scheduler()
    yield _time_zone(settings)
    yield _coordinator()


def _database() -> Check:
    if not database.reachable():
        return Check("database", False, "The database does not answer")
    return Check("database", True, f"The database answers and has version {migrating.head()}")


def _fits_nowhere() -> bool:
    broken = compare_with().broken
    return broken is not None and broken.why == NOT_THE_KEY


def _history(heads: Sequence[Head]) -> Check:
    if not key_fits() and _fits_nowhere():
        # nothing is kept: this key would seal what the right one then takes for a forgery
        return Check("history", False, NOT_THE_KEY)
    found = check_history()
    not_checked = found.not_checked
    if found.broken is not None and is_of_numbers(found.broken.why):
        # said with the case numbers
        found = Checked(found.head, None)
        breaks = [each for each in standing_breaks() if not each.is_of_numbers]
    else:
        breaks = standing_breaks()
    if heads and found.broken is None:
        # a line that somebody typed may be wrong: only they are told
        found = compare_with(heads)
    if found.broken is not None:
        return Check("history", False, found.broken.why)
    if breaks:
        settings: Settings = current_app.extensions["settings"]
        return Check(
            "history",
            False,
            f"It holds now, but not on {in_words(breaks[0].on)}: {breaks[0].why}. An administrator has to "
            f"acknowledge this, with a reason, at {settings.base_url}/history",
        )
    says = f"No row was changed or removed: {in_short(found.head.rows, found.head.hash)}"
    if not_checked:
        says += (
            f". The answers behind the findings of {counted(len(not_checked), 'closed cycle')} cannot be "
            f"checked, because these were frozen by an earlier version: {listed(not_checked)}"
        )
    return Check("history", True, says)


def _case_numbers() -> Check:
    if (why := why_unfit()) is not None:
        return Check("case numbers", False, why)
    with one_moment() as connection:
        if (why := wrong_numbers(connection)) is not None:
            return Check("case numbers", False, why)
    return Check("case numbers", True, "The key of this installation opens them")


def _mail(mail: MailSettings) -> Check:
    if mail.server is None:
        return Check("mail server", True, "No mail server is set (MAIL_SERVER), so emails are on hold")
    if why := fault_of_settings():
        return Check("mail server", False, why)
    where = f"{mail.server} port {mail.port}"
    try:
        with Connection(min(mail.lease_seconds, MAIL_SECONDS)):
            pass
    except NoConnection as refused:
        return Check("mail server", False, f"{where}: {refused}")
    paused = standing().paused_because
    if paused is not None:
        return Check("mail server", False, f"{where} can be reached, but sending is paused: {paused}")
    return Check("mail server", True, f"{where} can be reached")


def _bounces(where: ImapMailbox) -> Check:
    name, at = "emails that come back", f"{where.host} port {where.port}"
    try:
        with Mailbox(where):
            pass
    except MailboxError as error:
        return Check(name, False, f"{at}: the service {error}")
    return Check(name, True, f"{at} can be read")


def _scheduler() -> Check:
    late = scheduler_late(clock.now(), command)
    return Check("scheduler", late is None, late or "The scheduler is running")


def _coordinator() -> Check:
    if (why := no_coordinator(clock.today())) is not None:
        return Check("coordinator", False, f"{why}. To give someone access, run: {command(GIVE_ACCESS)}")
    return Check("coordinator", True, "A coordinator can sign in")


def _time_zone(settings: Settings) -> Check:
    name = settings.time_zone.key
    if name not in available_timezones():
        return Check("time zone data", False, f"There is no time zone data for {name}")
    return Check("time zone data", True, f"There is time zone data for {name}")
