"""Messages composed with Flask-Mail: from a row of the outbox to what goes over the wire, the same each time.

Flask-Mail is set up from the settings of the installation, under its own names.
"""

from binascii import b2a_qp
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.headerregistry import Address
from email.message import Message as MimeMessage
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import parseaddr
from functools import cached_property
from typing import Any, cast

import flask_mail
from flask import Flask, current_app

from app.outbox.models import Message
from config.settings import Settings
from config.values import SettingRefused, one_address

# a policy that folds headers again garbles subjects with curly quotes and dashes
AS_COMPOSED = SMTP.clone(refold_source="none")

# cannot stand in the text: there, as quoted-printable, "=" is never followed by "_"
BOUNDARY = "=_practice_audits_="

# UTF-8 as any mail server takes it: in ASCII, with short lines
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP

# machines must not answer: no out-of-office, no receipts
NO_ANSWERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}

A_PLAIN_MESSAGE = {
    "uid": "trial",
    "address": "somebody@council.example",
    "subject": "Trial",
    "text": "Trial\n",
    "html": "<p>Trial</p>\n",
    "written_at": datetime(2010, 11, 5, 12, tzinfo=UTC),
}


def init_app(app: Flask, settings: Settings) -> None:
    """Set up Flask-Mail."""
    mail = settings.mail
    sender = one_address(mail.default_sender, "MAIL_DEFAULT_SENDER")
    app.config.update(
        MAIL_SERVER=mail.server,
        MAIL_PORT=mail.port,
        MAIL_USE_TLS=mail.use_tls,
        MAIL_USE_SSL=mail.use_ssl,
        MAIL_USERNAME=mail.username,
        MAIL_PASSWORD=mail.password,
        MAIL_DEFAULT_SENDER=str(
            Address(sender.display_name or settings.service_name, addr_spec=sender.addr_spec)
        ),
        MAIL_SUPPRESS_SEND=False,
    )
    flask_mail.Mail(app)


def sender_domain() -> str:
    """Return the domain of the address that all messages come from."""
    return parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1].partition("@")[2]


def compose(message: Message) -> "ComposedMessage":
    """Compose a message. Its Message-ID, its Date and every other byte are the same at every try.

    Raises ValueError (or an error derived from it) when that is not possible: a line break in a header, not
    exactly one address, a text that is no longer kept.
    """
    if message.text is None or message.html is None:
        raise ValueError("its text is no longer kept")
    settings: Settings = current_app.extensions["settings"]
    prefix, reply_to = settings.mail.subject_prefix.strip(), settings.mail.reply_to
    composed = ComposedMessage(
        subject=f"{prefix} {message.subject}" if prefix else message.subject,
        recipients=[_checked(message.address)],
        body=message.text,
        html=message.html,
        reply_to=str(one_address(reply_to, "MAIL_REPLY_TO")) if reply_to else None,
        date=message.written_at.timestamp(),
        extra_headers=NO_ANSWERS,
    )
    composed.msgId = f"<{message.uid}@{sender_domain()}>"
    if composed.has_bad_headers():
        raise ValueError("a header has a line break")
    composed.as_bytes()
    return composed


def fault_of_settings() -> str | None:
    """Return why no message at all can be written with the settings of this installation.

    None where a plain message can: what is wrong with another is its own fault then.
    """
    try:
        compose(Message(**A_PLAIN_MESSAGE))
    except SettingRefused as why:
        return str(why)
    except Exception as fault:  # noqa: BLE001  whatever it is, it stops every message
        return (
            "No email can be written with MAIL_DEFAULT_SENDER, MAIL_REPLY_TO and MAIL_SUBJECT_PREFIX as they "
            f"are set: {type(fault).__name__}: {fault}"
        )
    return None


class ComposedMessage(flask_mail.Message):
    """Flask-Mail's message, written out once and as it was composed."""

    @cached_property
    def _content(self) -> bytes:
        mixed = self._message()
        # there is nothing to mix the two texts with: no attachment
        mixed.set_payload(cast(MimeMessage, mixed.get_payload(0)).get_payload())
        mixed.replace_header("Content-Type", f'multipart/alternative; boundary="{BOUNDARY}"')
        return mixed.as_bytes(policy=AS_COMPOSED)

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        part = MIMEText("", subtype, cast(str, QUOTED_PRINTABLE))
        part.set_payload(b2a_qp((text or "").encode(), istext=True).decode("ascii"))
        return part

    def as_bytes(self) -> bytes:
        """Return what goes over the wire."""
        return self._content

    def has_bad_headers(self) -> bool:
        """Return True when any header has a line break (Flask-Mail checks some, and allows some breaks)."""
        headers: list[Any] = [
            self.subject,
            self.sender,
            self.reply_to or "",
            self.msgId,
            *self.recipients,
            *(self.extra_headers or {}).values(),
        ]
        return any("".join(header.splitlines()) != header for header in headers)


def _checked(address: str) -> str:
    Address(addr_spec=address)  # raises for what is not exactly one address
    return address
