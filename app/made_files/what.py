"""The files that a worker makes: each is the answer of an address, which gives small ones at once."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, url_for
from flask_security import current_user
from werkzeug.exceptions import HTTPException

from app import clock
from app.access import may
from app.people.standing_in_sql import coordinates


@dataclass(frozen=True)
class Download:
    """A file to download: its name in words, and the endpoint of the page that has its link."""

    words: str
    page: str


DOWNLOADS = {
    "chase_list.listing": Download("List of audits", "chase_list.listing"),
    "actions.tracker": Download("List of actions", "actions.tracker"),
    "actions.recommendations": Download("List of recommendations", "actions.recommendations"),
    "outbox.listing": Download("List of emails", "outbox.listing"),
    "readings.listing": Download("Record of reading", "readings.listing"),
    "answers.of_cycle": Download("Answers of cycle {reference}", "cycles.page"),
    "reports.download": Download("Report on cycle {reference}", "reports.page"),
    "summary.download": Download("Summary of cycles", "summary.page"),
}
"""The downloads by the endpoint of their address. No other address is answered by a worker."""


@dataclass(frozen=True)
class Asked:
    """The address that was asked for, and where it leads."""

    address: str
    endpoint: str
    values: dict[str, object]

    @property
    def path(self) -> str:
        """Return the address without its question, as the record of reading has it."""
        return urlsplit(self.address).path

    @property
    def words(self) -> str:
        """Return the name of the file in words."""
        return DOWNLOADS[self.endpoint].words.format_map(self.values)

    @property
    def back(self) -> str:
        """Return the address of the page that has its link."""
        values = {name: value for name, value in self.values.items() if name != "ending"}
        return url_for(DOWNLOADS[self.endpoint].page, **values)  # type: ignore[arg-type]

    @property
    def is_list(self) -> bool:
        """True for a list whose page has filters, which make it smaller."""
        return DOWNLOADS[self.endpoint].page == self.endpoint

    @property
    def is_open(self) -> bool:
        """True when the person signed in may download it."""
        return may(self.endpoint, **self.values)


def asked(address: str) -> Asked | None:
    """Return what an address asks for; None where it is not that of a file that a worker makes."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(parts.path, method="GET")
    except HTTPException:
        return None
    return Asked(address, endpoint, dict(values)) if endpoint in DOWNLOADS else None


def seen_as() -> str:
    """Return the roles with which the person signed in sees things, those of someone away included."""
    others = [" for another"] if coordinates(current_user, clock.today()) else []
    return " ".join(sorted(current_user.role_names)) + "".join(others)
