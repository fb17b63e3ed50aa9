"""The council's texts about privacy: why it may use information, how long, about staff, whom to ask."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db, transaction
from app.files.cells import email as read_email
from app.files.faults import Unreadable
from app.history.record import Event, record
from app.privacy.models import PrivacyText
from app.refusal import Refused


@dataclass(frozen=True)
class PrivacyTexts:
    """The texts of the page about privacy, each as the council wrote it or as the service comes with it."""

    lawful_basis: str = (
        "Your council has not entered its own lawful basis yet. Councils audit their work with children as "
        "part of a public task (Article 6(1)(e) of the UK GDPR). Where that involves information about "
        "health or other special categories, it is for reasons of substantial public interest "
        "(Article 9(2)(g))."
    )
    retention: str = "Your council decides how long everything else is kept, such as counts and dates."
    about_staff: str = (
        "Your council uses this to ask for audits and actions, to remind people of them, and to show "
        "coordinators who has done how many."
    )
    contact: str = ""
    """The email address of whoever answers questions about privacy; none where the council has not said."""


SUBJECT = "privacy page"

WORDS = {
    "lawful_basis": "lawful basis",
    "retention": "how long information is kept",
    "about_staff": "use of information about staff",
    "contact": "contact",
}
"""Names of the texts in the history."""

BEST_BEFORE = timedelta(days=180)
"""Time that security.txt holds: under a year, as RFC 9116 asks."""


def privacy_texts() -> PrivacyTexts:
    """Return the texts of the page about privacy."""
    return replace(PrivacyTexts(), **_own())


def hold_privacy_texts() -> None:
    """Lock the council's texts until the transaction ends, and read them again."""
    db.session.scalars(select(PrivacyText).with_for_update().execution_options(populate_existing=True)).all()


def set_privacy_texts(texts: PrivacyTexts, *, by: str) -> None:
    """Set what the page says. An empty text brings back that of the service. Raises Refused."""
    contact = texts.contact.strip()
    if contact:
        try:
            contact = read_email(contact)
        except Unreadable:
            raise Refused(
                "Contact must be an email address, such as data.protection@council.example"
            ) from None
    wanted = replace(texts, contact=contact)
    with transaction():
        before, defaults = privacy_texts(), PrivacyTexts()
        events = []
        for each in fields(PrivacyTexts):
            name = each.name
            text = getattr(wanted, name).strip() or getattr(defaults, name)
            if text == getattr(before, name):
                continue
            row = db.session.get(PrivacyText, name)
            if text == getattr(defaults, name):
                db.session.delete(row)
            elif row is None:
                db.session.add(PrivacyText(name=name, text=text))
            else:
                row.text = text
            events.append(
                Event(
                    "setting", SUBJECT, f"{WORDS[name]} changed", getattr(before, name) or None, text or None
                )
            )
        record(by, events)


def security_txt(contact: str, base_url: str, now: datetime) -> str:
    """Return the text of /.well-known/security.txt (RFC 9116): whom to tell about a hole in the service."""
    expires = (now + BEST_BEFORE).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: mailto:{contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {base_url}/.well-known/security.txt",
        f"Policy: {base_url}/privacy",
    )
    return "".join(f"{line}\n" for line in lines)


def _own() -> Mapping[str, str]:
    return dict(db.session.execute(select(PrivacyText.name, PrivacyText.text)).all())
