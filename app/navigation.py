"""The links on top of every page: what the person signed in may open."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from app.permissions import may

PLACES = (
    ("Today", "today.home"),
    ("Audits", "audits.chase_list"),
    ("Cycles", "cycles.listing"),
    ("Messages", "outbox.listing"),
    ("People", "people.listing"),
    ("Settings", "settings.page"),
)


@dataclass(frozen=True)
class Entry:
    """One link of the navigation."""

    text: str
    address: str
    here: bool


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(navigation=navigation)


def navigation() -> list[Entry]:
    """The places that this person may open, in order."""
    area = (request.blueprint or "") if request.endpoint else ""
    return [
        Entry(text, url_for(endpoint), here=endpoint.split(".")[0] == area)
        for text, endpoint in PLACES
        if may(endpoint)
    ]
