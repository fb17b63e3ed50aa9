"""The links on top of every page, to the places that the person signed in may open."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from app.access import may

PLACES = (
    ("Today", "today.home"),
    ("Audits", "chase_list.listing"),
    ("Remedies", "concerns.remedies"),
    ("Moderation", "answers.moderation"),
    ("Cycles", "cycles.listing"),
    ("Tools", "tools.listing"),
    ("Actions", "actions.tracker"),
    ("Good work", "exemplars.shown"),
    ("Emails", "outbox.listing"),
    ("People", "people.listing"),
    ("Settings", "settings.page"),
)


@dataclass(frozen=True)
class Entry:
    """A link of the navigation."""

    text: str
    address: str
    here: bool


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(navigation=navigation)


def navigation() -> list[Entry]:
    """Return the links to the places that this person may open, in order."""
    return [
        Entry(text, url_for(endpoint), here=_is_within(url_for(endpoint)))
        for text, endpoint in PLACES
        if may(endpoint)
    ]


def _is_within(address: str) -> bool:
    """True when the page shown is at this address or below it ("/" has nothing below it)."""
    path = request.path
    return path == address or (address != "/" and path.startswith(f"{address}/"))
