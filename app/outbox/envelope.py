"""From a message of the outbox to what goes over the wire, the same at every try."""

from binascii import b2a_qp
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from app.outbox.models import Message
from config.settings import MailSettings


@dataclass(frozen=True)
class Envelope:
    """One message to one recipient, with its lines as SMTP wants them."""

    sender: str
    recipient: str
    content: bytes


class Letterhead:
    """What all messages of an installation share: who sends them, where answers go, how subjects begin."""

    def __init__(self, mail: MailSettings, service_name: str) -> None:
        name, self.sender = parseaddr(mail.default_sender)
        self.domain = self.sender.partition("@")[2] or "localhost"
        self.prefix = mail.subject_prefix.strip()
        self.headers = [
            _header("From", Address(name or service_name, addr_spec=self.sender)),
            # machines must not answer: no out-of-office, no delivery receipts
            _header("Auto-Submitted", "auto-generated"),
            _header("X-Auto-Response-Suppress", "All"),
        ]
        if mail.reply_to:
            self.headers.append(_header("Reply-To", mail.reply_to))

    def envelope(self, message: Message) -> Envelope:
        """Build a message. At every try its Message-ID and Date are the same.

        Raises ValueError (or one of its kind) when it cannot be built: a line break in a header, an address
        that is none or more than one, no text any more.
        """
        if message.text is None or message.html is None:
            raise ValueError("its text is no longer kept")
        built = EmailMessage(policy=SMTP)
        for header in self.headers:
            built[header.name] = header
        built["To"] = Address(addr_spec=message.address)
        built["Subject"] = f"{self.prefix} {message.subject}" if self.prefix else message.subject
        built["Date"] = message.written_at
        built["Message-ID"] = f"<{message.uid}@{self.domain}>"
        for header in ALTERNATIVES:
            built[header.name] = header
        built.attach(_part(PLAIN, message.text))
        built.attach(_part(HTML, message.html))
        return Envelope(self.sender, message.address, built.as_bytes())


def _header(name: str, value: object) -> BaseHeader:
    """A header parsed once: handed to a message, it is taken over as it is."""
    header: BaseHeader = SMTP.header_factory(name, value)
    return header


ALTERNATIVES = [_header("MIME-Version", "1.0"), _header("Content-Type", "multipart/alternative")]
PLAIN = _header("Content-Type", 'text/plain; charset="utf-8"')
HTML = _header("Content-Type", 'text/html; charset="utf-8"')
ENCODING = _header("Content-Transfer-Encoding", "quoted-printable")


def _part(content_type: BaseHeader, text: str) -> EmailMessage:
    # EmailMessage's own set_content tries encodings line by line in Python, which takes as long as sending
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = content_type
    part["Content-Transfer-Encoding"] = ENCODING
    part.set_payload(b2a_qp(text.encode(), istext=True).decode("ascii"))
    return part
