"""From a message of the outbox to what goes over the wire, the same at every try."""

from binascii import b2a_qp
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from app.outbox.models import Message
from config.settings import MailSettings

# cannot stand in the text: there, as quoted-printable, "=" is never followed by "_"
BOUNDARY = "=_practice_audits_="
TEXT, HTML = "=_text", "=_html"


@dataclass(frozen=True)
class Envelope:
    """One message to one recipient, with its lines as SMTP wants them."""

    sender: str
    recipient: str
    content: bytes


class Letterhead:
    """What all messages of an installation share: who sends them, where answers go, how subjects begin.

    It is built once, with gaps for the words; a message then adds the headers that are its own. (Building
    each message from nothing takes longer than sending it.)
    """

    def __init__(self, mail: MailSettings, service_name: str) -> None:
        name, self.sender = parseaddr(mail.default_sender)
        self.domain = self.sender.partition("@")[2] or "localhost"
        self.prefix = mail.subject_prefix.strip()
        shared = EmailMessage(policy=SMTP)
        shared["From"] = Address(name or service_name, addr_spec=self.sender)
        if mail.reply_to:
            shared["Reply-To"] = mail.reply_to
        # machines must not answer: no out-of-office, no receipts
        shared["Auto-Submitted"] = "auto-generated"
        shared["X-Auto-Response-Suppress"] = "All"
        shared["MIME-Version"] = "1.0"
        shared["Content-Type"] = f'multipart/alternative; boundary="{BOUNDARY}"'
        shared.attach(_part("plain", TEXT))
        shared.attach(_part("html", HTML))
        self.before, rest = shared.as_bytes().split(TEXT.encode())
        self.between, self.after = rest.split(HTML.encode())

    def envelope(self, message: Message) -> Envelope:
        """Build a message. At every try its Message-ID and Date are the same.

        Raises ValueError (or one of its kind) when it cannot be built: a line break in a header, an address
        that is none or more than one, no text any more.
        """
        if message.text is None or message.html is None:
            raise ValueError("its text is no longer kept")
        own = EmailMessage(policy=SMTP)
        own["Date"] = message.written_at
        own["Message-ID"] = f"<{message.uid}@{self.domain}>"
        own["To"] = Address(addr_spec=message.address)
        own["Subject"] = f"{self.prefix} {message.subject}" if self.prefix else message.subject
        content = b"".join(
            (
                own.as_bytes().removesuffix(b"\r\n"),
                self.before,
                _quoted(message.text),
                self.between,
                _quoted(message.html),
                self.after,
            )
        )
        return Envelope(self.sender, message.address, content)


def _part(subtype: str, gap: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(gap)
    return part


def _quoted(text: str) -> bytes:
    """Text as quoted-printable: any characters, lines of any length, every line ended as SMTP ends them."""
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    return b2a_qp(lines.encode(), istext=True)
