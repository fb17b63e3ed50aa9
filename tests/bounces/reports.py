"""Reports of mail servers, as they come (RFC 3464), about an email that a test's server received."""

from email import message_from_bytes
from email.utils import make_msgid

from tests.smtp_conversation import Received


def a_report(
    about: Received | str,
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <{to}>: no such user",
    original_to: str | None = None,
    headers_alone: bool = False,
    own: str | None = None,
) -> bytes:
    """Return a report about an email, or about a Message-ID."""
    if isinstance(about, str):
        returned = f"Message-ID: {about}\r\nSubject: Forged\r\n\r\nWords.\r\n"
    else:
        returned = about.content.decode()
    if headers_alone:
        returned = returned.partition("\r\n\r\n")[0] + "\r\n"
    kind = "text/rfc822-headers" if headers_alone else "message/rfc822"
    original = f"Original-Recipient: rfc822;{original_to}\r\n" if original_to else ""
    content = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.council.example>\r\n"
        f"To: bounces@council.example\r\nSubject: Undelivered\r\nMessage-ID: {own or make_msgid()}\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nYour email could not be delivered.\r\n\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.council.example\r\n\r\n"
        f"{original}Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {said.format(to=to)}\r\n\r\n"
        f"--B\r\nContent-Type: {kind}\r\n\r\n{returned}\r\n--B--\r\n"
    )
    assert message_from_bytes(content.encode()).get_content_type() == "multipart/report"
    return content.encode()
