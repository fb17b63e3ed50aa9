"""The mailbox that emails come back to, read by IMAP. No exchange takes longer than it may."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from config.values import ImapMailbox

SECONDS = 30
AT_ONCE = 100
"""The emails that are read in one look."""

LARGEST = 2_000_000
"""Bytes of an email that may be a report; a larger one is set aside unread."""

SET_ASIDE = "Other emails"
"""The folder for emails that are no reports about emails of this service: a person may read them."""


class MailboxError(Exception):
    """The failure to read the mailbox; the text says at what, and nothing that a server or an email says."""

    holds_no_value = True


class Mailbox:
    """The mailbox, open while it is read."""

    def __init__(self, where: ImapMailbox) -> None:
        self.where = where
        self.is_to_be_emptied = False

    def __enter__(self) -> Self:
        """Connect, sign in and open the folder. Raises MailboxError."""
        try:
            if self.where.is_encrypted:
                tls = ssl.create_default_context()
                self.server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    self.where.host, self.where.port, ssl_context=tls, timeout=SECONDS
                )
            else:
                self.server = imaplib.IMAP4(self.where.host, self.where.port, timeout=SECONDS)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError("cannot connect") from error
        try:
            self._done("sign in", self.server.login, _quoted(self.where.user), self.where.password)
            self._done("open the folder", self.server.select, _quoted(self.where.folder))
        except MailboxError:
            self.server.shutdown()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what is marked as deleted, and leave."""
        try:
            if self.is_to_be_emptied:
                self.server.expunge()
            self.server.logout()
        except (OSError, imaplib.IMAP4.error):
            self.server.shutdown()

    def emails(self) -> Iterator[tuple[str, bytes | None]]:
        """Yield the first emails with their numbers; None for the content of one that is too large."""
        found = self._done("search", self.server.uid, "SEARCH", "UNDELETED", "UNFLAGGED")
        numbers = (found[0] or b"").decode("ascii").split()
        for number in numbers[:AT_ONCE]:
            size = re.search(rb"RFC822\.SIZE (\d+)", _line(self._fetch(number, "(RFC822.SIZE)")))
            if size is None:
                continue  # somebody else has removed it
            if int(size[1]) > LARGEST:
                yield number, None
                continue
            read = [part[1] for part in self._fetch(number, "(BODY.PEEK[])") if isinstance(part, tuple)]
            if read:
                yield number, read[0]

    def remove(self, number: str) -> None:
        """Remove an email that was handled."""
        self._done("remove an email", self.server.uid, "STORE", number, "+FLAGS", r"(\Deleted)")
        self.is_to_be_emptied = True

    def set_aside(self, number: str) -> None:
        """Move an email to the folder of others; where that fails, mark it, and it is not read again."""
        try:
            self.server.create(_quoted(SET_ASIDE))  # it may be there
            copied, _ = self.server.uid("COPY", number, _quoted(SET_ASIDE))
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError("cannot set an email aside") from error
        if copied == "OK":
            self.remove(number)
        else:
            self._done("mark an email", self.server.uid, "STORE", number, "+FLAGS", r"(\Flagged)")

    def _fetch(self, number: str, what: str) -> list[Any]:
        return self._done("read an email", self.server.uid, "FETCH", number, what)

    def _done(self, what: str, command: Any, *args: str) -> list[Any]:
        try:
            answer, data = command(*args)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"cannot {what}") from error
        if answer != "OK":
            raise MailboxError(f"cannot {what}")
        return list(data)


def _line(data: list[Any]) -> bytes:
    return b" ".join(part[0] if isinstance(part, tuple) else part or b"" for part in data)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
