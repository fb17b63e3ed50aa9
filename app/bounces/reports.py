"""Reports of mail servers about emails that they could not deliver (RFC 3464). Pure."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message

LONGEST = 300
"""Characters of what a mail server says that are kept."""

ADDRESSES_WITHHELD = "(the address)"

_NUMBER = re.compile(r"<([^@<>\s]+)@[^@<>\s]+>")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_STATUS = ("message/delivery-status", "message/global-delivery-status")


@dataclass(frozen=True)
class Report:
    """The report about one email and one recipient."""

    uid: str
    """The first part of the Message-ID of the email that came back."""
    recipients: frozenset[str]
    """The address that it was for, also as it was before it was forwarded, in lower case."""
    action: str
    """failed, delayed, delivered, relayed or expanded."""
    why: str
    """The words of the mail server, without the address."""
    digest: str
    """Tells this report from others."""

    @property
    def is_hard(self) -> bool:
        """Return True where nobody tries any more."""
        return self.action == "failed"

    @property
    def is_bounce(self) -> bool:
        """Return True where the email has not been delivered, or not yet."""
        return self.action in ("failed", "delayed")


def reports_in(content: bytes) -> Sequence[Report]:
    """Return what an email reports, for each recipient; nothing where it is no report."""
    report = message_from_bytes(content)
    if report.get_content_type() != "multipart/report" or not report.is_multipart():
        return []
    parts = list(_parts(report))
    uid = next((uid for part in parts if (uid := _uid_returned(part))), None)
    if uid is None:
        return []
    own = _words(report.get("Message-ID")) or hashlib.sha256(content).hexdigest()
    return [
        found
        for part in parts
        if part.get_content_type() in _STATUS
        for block in _parts(part)
        if (found := _report(block, uid, own)) is not None
    ]


def _parts(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))


def _uid_returned(part: Message) -> str | None:
    """Return the first part of the Message-ID of an email, from a part that returns it or its headers."""
    if part.get_content_type() not in _RETURNED:
        return None
    returned = next(_parts(part), None)
    if returned is None:
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            return None
        returned = message_from_string(content.decode("utf-8", "replace"))
    number = _NUMBER.search(_words(returned.get("Message-ID")))
    return number[1] if number else None


def _report(block: Message, uid: str, own: str) -> Report | None:
    recipients = frozenset(
        address
        for name in ("Final-Recipient", "Original-Recipient")
        if (address := _after_the_kind(block.get(name)).strip("<>").lower())
    )
    if not recipients:
        return None
    status, said = _words(block.get("Status")), _after_the_kind(block.get("Diagnostic-Code"))
    for address in sorted(recipients, key=len, reverse=True):
        said = re.sub(re.escape(address), ADDRESSES_WITHHELD, said, flags=re.IGNORECASE)
    why = said if status and status in said else f"{status} {said}".strip()
    action = _words(block.get("Action")).lower()
    digest = hashlib.sha256("\n".join((own, uid, *sorted(recipients), action)).encode("utf-8", "replace"))
    return Report(uid, recipients, action, why[:LONGEST] or "No reason given", digest.hexdigest())


def _after_the_kind(field: object) -> str:
    """Return "550 no such user" of "smtp; 550 no such user"."""
    kind, sign, rest = _words(field).partition(";")
    return (rest if sign else kind).strip()


def _words(field: object) -> str:
    """Return a field as one line of characters that can be shown."""
    text = str(field or "").encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
