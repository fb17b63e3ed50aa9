"""`/calendar`: a person's private calendar address, and the feed that it opens without a sign-in."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.calendar import addresses
from app.calendar import feed as feeds
from app.calendar.blueprint import calendar
from app.clock import now, today
from config.settings import Settings


@calendar.get("/calendar")
def own() -> str:
    """Say what the calendar is for, and whether the person has an address."""
    return _page(None)


@calendar.post("/calendar/make")
def make() -> str:
    """Make a new address, shown on this page and never again; the address before ends."""
    secret = addresses.make(current_user)
    return _page(_settings().base_url + url_for("calendar.feed", secret=secret))


@calendar.post("/calendar/revoke")
def revoke() -> AnyResponse:
    """End the address."""
    addresses.revoke(current_user)
    flash("Calendar address deleted. Remove the calendar from Outlook too.", "success")
    return redirect(url_for("calendar.own"))


@calendar.get("/calendar/<secret>.ics")
def feed(secret: str) -> Response:
    """Answer with the feed of an address; any other address is not found."""
    request.path = "/calendar/(secret).ics"  # what the log says should this fail
    person = addresses.holder(secret)
    if person is None:
        return Response(status=404)
    settings = _settings()
    feed = feeds.written(
        feeds.entries(person, today()),
        title=settings.service_name,
        base_url=settings.base_url,
        now=now(),
    )
    return Response(feed, content_type="text/calendar; charset=utf-8")


def _page(made: str | None) -> str:
    return render_template("calendar/own.html", made=made, address=addresses.of(current_user))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
