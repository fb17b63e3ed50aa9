"""`/calendar`: a person's private calendar address, and the feed that it opens without a sign-in."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.actions import calendar, calendar_addresses
from app.actions.blueprint import actions
from app.clock import now, today
from config.settings import Settings


@actions.get("/calendar")
def own_calendar() -> str:
    """What the calendar is for, and whether the person has an address."""
    return _page(None)


@actions.post("/calendar/make")
def make_calendar_address() -> str:
    """A new address, shown on this page and never again; the one before ends."""
    secret = calendar_addresses.make(current_user)
    return _page(_settings().base_url + url_for("actions.calendar_feed", secret=secret))


@actions.post("/calendar/revoke")
def revoke_calendar_address() -> AnyResponse:
    """The address opens nothing any more."""
    calendar_addresses.revoke(current_user)
    flash("Your calendar address is revoked. Remove the calendar in Outlook, too.", "success")
    return redirect(url_for("actions.own_calendar"))


@actions.get("/calendar/<secret>.ics")
def calendar_feed(secret: str) -> Response:
    """The feed, for whoever has the address; for any other address there is nothing."""
    request.path = "/calendar/(secret).ics"  # what the log says should this fail
    person = calendar_addresses.holder(secret)
    if person is None:
        return Response(status=404)
    settings = _settings()
    feed = calendar.written(
        calendar.entries(person, today()),
        title=settings.service_name,
        base_url=settings.base_url,
        now=now(),
    )
    return Response(feed, content_type="text/calendar; charset=utf-8")


def _page(made: str | None) -> str:
    return render_template("actions/calendar.html", made=made, address=calendar_addresses.of(current_user))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
