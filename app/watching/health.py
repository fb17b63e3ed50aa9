"""`/health`: the health of the service, without personal data."""

import shutil
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, current_app, render_template

from app import clock, database, migrating
from app.case_keys.fitting import why_unfit
from app.command_line import named
from app.history.checking import key_fits
from app.history.checks import LastCheck, last_check, standing_breaks
from app.history.record import EndMissing, has_end
from app.outbox.queries import Standing, standing
from app.people.queries import no_coordinator
from app.watching.heartbeat import bounces_unread, scheduler_late
from app.watching.troubles import disk_is_nearly_full
from app.wording import in_words
from config.settings import Settings

health = Blueprint("health", __name__, url_prefix="")


@health.get("/health", endpoint="health")
def tell() -> tuple[dict[str, object], int]:
    """Answer 200 with "ok", or 503 with what is wrong. Paused delivery and held messages are 200."""
    now = clock.now()
    wrong = what_is_wrong(now)
    if wrong:
        return {"status": "wrong", "wrong": wrong}, 503
    stands = standing()
    return {
        "status": "ok",
        "paused": stands.paused_at is not None,
        "held": stands.held,
        "on_hold": stands.copy_because is not None,
        "failed": stands.failed,
        "unreachable": stands.unreachable_for_long(now),
        "notes": notes(stands, now),
    }, 200


@health.app_errorhandler(EndMissing)
def end_missing(error: EndMissing) -> tuple[str, int]:
    """Return the page that says that nothing can be saved, and what to do."""
    return render_template("fault.html", title="The service cannot save anything", hint=f"{error}."), 503


def what_is_wrong(now: datetime) -> dict[str, str]:
    """Return a sentence for the part that keeps the service from its work: database, migrations, case
    numbers, scheduler or history. Empty when all is well."""
    if not database.reachable():
        return {"database": "The database does not answer"}
    if (version := migrating.current()) != migrating.head():
        if version is not None and migrating.is_later(version):
            return {"migrations": "A later version of the service has updated the database, so install that"}
        return {"migrations": f"The database does not have the right version, so run `{named('migrate')}`"}
    if why_unfit() is not None:
        return {"case numbers": f"The key does not fit the case numbers, so run `{named('check')}`"}
    wrong = {"scheduler": scheduler_late(now), "history": history_broken()}
    return {part: why for part, why in wrong.items() if why}


def history_broken() -> str | None:
    """Return that the history does not hold, in a sentence without anything that it says; None where it does.

    The key is looked at now, everything else was by the last check.
    """
    if not has_end():
        what = "The record of the end of the history was removed, so nothing can be saved"
        return f"{what}. Run `{named('check')}`"
    if not key_fits():
        return f"The key does not fit the history, so run `{named('check')}`"
    breaks, last = standing_breaks(), last_check()
    if not breaks or last is None:
        return None
    if last.stands and last.is_of_numbers:
        return f"Case numbers are not as they were saved, so run `{named('check')}`"
    if last.stands and last.is_of_frozen:
        return f"What was frozen is not as it was kept, so run `{named('check')}`"
    if last.stands:
        return f"The history does not hold{last.where}, so run `{named('check')}`"
    found = breaks[0]
    if found.is_of_numbers:
        what = "Case numbers were not as saved"
    elif found.is_of_frozen:
        what = "What was frozen was not as kept"
    else:
        what = f"The history did not hold{found.where}"
    return f"{what} on {in_words(found.on)}, and no administrator has acknowledged that"


def _what_does_not_hold(last: LastCheck) -> str:
    if last.is_of_numbers:
        return "Case numbers are not as saved"
    return "What was frozen is not as kept" if last.is_of_frozen else f"The history does not hold{last.where}"


def notes(stands: Standing, now: datetime) -> list[str]:
    """Return the sentences about what a coordinator should see to, without names or addresses."""
    sentences = list(_of_sending(stands, now))
    if (last := last_check()) is not None and last.acknowledged is not None:
        sentences.append(f"{_what_does_not_hold(last)}, which an administrator has acknowledged")
    if (none := no_coordinator(clock.today())) is not None:
        sentences.append(none)
    if stands.failed:
        sentences.append(f"Emails that could not be delivered: {stands.failed}")
    disk = shutil.disk_usage(_settings().instance_path)
    if disk_is_nearly_full(disk.free, disk.total):
        sentences.append("The disk is nearly full")
    if bounces_unread(now):
        sentences.append(
            f"Emails that come back could not be read for an hour or more. Run: {named('check')}"
        )
    return sentences


def _of_sending(stands: Standing, now: datetime) -> Iterator[str]:
    if stands.setting_at_fault:
        yield f"No email can be written because a setting of mail is wrong. Run: {named('check')}"
    elif stands.paused_at is not None:
        yield "Sending is paused because the mail server refuses the sender"
    if stands.unreachable_for_long(now):
        yield "The mail server could not be reached for an hour or more"
    if stands.stands_still_since is not None:
        yield "Emails have not been sent for an hour or more, so the service cannot tell anyone by email"
    if stands.copy_because is not None:
        yield (
            f"Emails are on hold until someone releases them: {stands.copy_because}. Emails on hold: "
            f"{stands.held}"
        )
    elif stands.held:
        no_server = _settings().mail.server is None
        why = "because no mail server is set" if no_server else "until someone releases them"
        yield f"Emails on hold {why}: {stands.held}"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
