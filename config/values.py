"""The values of the environment, read one by one: each is fit for its use, or refused in one sentence.

A refusal names the variable and says how to put it right. It repeats no value that may hold a password.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import unquote
from urllib.parse import SplitResult, urlsplit
from urllib.parse import unquote as unquote_url
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LONGEST_LINE = 200
SHORTEST_KEY = 32
MOST_KEYS = 2
"""The keys of one name, while the first replaces the second."""
PORTS = (1, 65535)
ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

_UNFIT = {"Cc", "Cs", "Zl", "Zp"}
"""Kinds of characters that fit no header and no document: line breaks, controls, what is not UTF-8."""

_NAMED_ADDRESS = re.compile(r"(?P<name>.*)<(?P<address>[^<>]*)>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?")
_IP_VERSION_6 = re.compile(r"[0-9a-f:]*:[0-9a-f:.]+", re.IGNORECASE)
_SERVER = rf"(?:{_HOST.pattern}|\[{_IP_VERSION_6.pattern}\])"
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[\w-]+(?:\.[\w-]+)*")


class SettingRefused(ValueError):
    """A setting of the environment that cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Environment:
    """The environment of the service. Every method raises SettingRefused for a value that cannot work."""

    variables: Mapping[str, str]

    def secret(self, name: str) -> str | None:
        """Return a password, exactly as it is set."""
        return _one_line(name, self.variables.get(name) or "") or None

    def line(self, name: str, default: str = "") -> str:
        """Return a text for headers, pages and documents."""
        raw = _one_line(name, (self.variables.get(name) or "").strip()) or default
        if len(raw) > LONGEST_LINE:
            raise SettingRefused(f"{name} must be {LONGEST_LINE} characters or fewer")
        return raw

    def key(self, name: str, *, unset: str) -> str | None:
        """Return a key that nobody can guess. `unset` says what follows where none is set."""
        raw = self.secret(name)
        if raw is not None and len(raw) < SHORTEST_KEY:
            raise SettingRefused(
                f"{name} must be {SHORTEST_KEY} characters or more: leave it unset {unset}, or make one with "
                "openssl rand -hex 32"
            )
        return raw

    def keys(self, name: str, *, unset: str) -> str:
        """Return a key that nobody can guess, or two, separated by a space; empty where none is set."""
        keys = (self.key(name, unset=unset) or "").split()
        if len(keys) > MOST_KEYS or any(len(key) < SHORTEST_KEY for key in keys):
            raise SettingRefused(
                f"{name} must be {SHORTEST_KEY} characters or more without a space, or two such keys with a "
                "space between them"
            )
        return " ".join(keys)

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within limits, both included."""
        raw = self.line(name)
        if not raw:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", raw) or not least <= int(raw) <= most:
            raise SettingRefused(f'{name} must be a whole number from {least} to {most}. It is "{raw}".')
        return int(raw)

    def seconds(self, name: str, default: float, most: float) -> float:
        """Return a number of seconds that may have a fraction."""
        raw = self.line(name)
        if not raw:
            return default
        try:
            seconds = float(raw)
        except ValueError:
            seconds = 0
        if not 0 < seconds <= most:
            raise SettingRefused(f'{name} must be a number of seconds up to {most:g}. It is "{raw}".')
        return seconds

    def yes_or_no(self, name: str, *, default: bool = False) -> bool:
        """Return whether something is switched on."""
        raw = self.line(name, "true" if default else "false").lower()
        if raw in ("1", "true", "yes", "on"):
            return True
        if raw in ("0", "false", "no", "off"):
            return False
        raise SettingRefused(f'{name} must be true or false. It is "{raw}".')

    def address(self, name: str) -> str | None:
        """Return one email address, alone or as "Name <address>", as a header has it."""
        raw = self.line(name)
        return str(one_address(raw, name)) if raw else None

    def sign_in(self, name: str, other: str) -> str | None:
        """Return a part of a sign-in that needs its other part, too; mail servers take only ASCII."""
        raw = self.secret(name)
        if raw and not raw.isascii():
            raise SettingRefused(
                f"{name} must not have accented letters or other characters that mail servers do not accept"
            )
        if raw and not self.secret(other):
            raise SettingRefused(f"{name} is set and {other} is not: set both, or neither")
        return raw

    def server(self, name: str, port: str) -> str | None:
        """Return the name or address of a server, whose port is a variable of its own."""
        raw = self.line(name)
        if not raw:
            return None
        if not (_HOST.fullmatch(raw) or _IP_VERSION_6.fullmatch(raw)) or not _can_be_asked_for(raw):
            raise SettingRefused(
                f"{name} must be the name of a server and nothing else, such as mail.council.example: no "
                f"smtp:// before it, and its port in {port}"
            )
        return raw

    def origin(self, name: str, default: str) -> str:
        """Return the address at which people reach the service; what they open is written after it."""
        raw = self.line(name, default)
        try:
            parts = urlsplit(raw)
            port = parts.port
        except ValueError:
            parts, port = SplitResult("", "", "", "", ""), None
        if (
            parts.scheme not in ("http", "https")
            or not re.fullmatch(rf"{_SERVER}(?::[0-9]+)?", parts.netloc)
            or port == 0
            or raw[len(f"{parts.scheme}://{parts.netloc}") :] not in ("", "/")
        ):
            raise SettingRefused(
                f"{name} must be https:// or http:// and the name of the server, with a port if it needs one "
                "and nothing after that, such as https://audits.council.example"
            )
        return f"{parts.scheme}://{parts.netloc.lower()}"

    def web_address(self, name: str) -> str | None:
        """Return a whole address that starts with https://, or with http:// on this machine."""
        raw = self.line(name)
        if not raw:
            return None
        try:
            parts = urlsplit(raw)
        except ValueError:
            parts = SplitResult("", "", "", "", "")
        on_this_machine = parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE
        if not parts.hostname or not (parts.scheme == "https" or on_this_machine):
            raise SettingRefused(
                f"{name} must be a whole address that starts with https://, such as "
                "https://login.council.example/.well-known/openid-configuration"
            )
        return raw

    def host_and_port(self, name: str) -> str | None:
        """Return a server with its port, such as log.council.example:514."""
        raw = self.line(name)
        if not raw:
            return None
        host, _, port = raw.rpartition(":")
        known = re.fullmatch(_SERVER, host) and re.fullmatch("[0-9]{1,5}", port)
        if not known or not PORTS[0] <= int(port) <= PORTS[1]:
            raise SettingRefused(f"{name} must be a server and a port, such as log.council.example:514")
        return raw

    def imap_url(self, name: str) -> str | None:
        """Return the URL of a mailbox that is read by IMAP."""
        raw = self.secret(name)
        if raw is None:
            return None
        try:
            imap_mailbox(raw)
        except ValueError:
            raise SettingRefused(
                f"{name} must be like imaps://user:password@mail.council.example:993/INBOX, with imap:// "
                "only for a server on this machine, and with @, : and / in a name or password written as "
                "%40, %3A and %2F"
            ) from None
        return raw

    def time_zone(self, name: str, default: str) -> ZoneInfo:
        """Return a time zone."""
        raw = self.line(name, default)
        try:
            return ZoneInfo(raw)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # "Europe" is a folder
            raise SettingRefused(
                f'{name} must be a known time zone, such as Europe/London. It is "{raw}".'
            ) from None

    def database(self, name: str, default: str) -> str:
        """Return the database's URL for SQLAlchemy, with psycopg 3 for PostgreSQL."""
        raw = self.secret(name)
        if not raw:
            return default
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", raw.strip())
        if not url.startswith(("sqlite://", "postgresql+psycopg://")):
            raise SettingRefused(f"{name} must start with sqlite:// or postgresql://")
        try:
            parts = make_url(url)
            parts.get_dialect()().create_connect_args(parts)  # reads the options after a question mark
        except (ArgumentError, ValueError):
            parts = None
        if parts is None or (parts.port is not None and not PORTS[0] <= parts.port <= PORTS[1]):
            raise SettingRefused(
                f"{name} must be like postgresql://user:password@server:5432/database or "
                "sqlite:////srv/audits/audits.sqlite. Write @, : and / in a password as %40, %3A and %2F."
            )
        if parts.drivername == "sqlite" and (parts.host or parts.database in (None, "", ":memory:")):
            raise SettingRefused(
                f"{name} must name a file, such as sqlite:////srv/audits/audits.sqlite with 4 slashes"
            )
        return url


@dataclass(frozen=True)
class ImapMailbox:
    """A mailbox that is read by IMAP."""

    host: str
    port: int
    is_encrypted: bool
    user: str
    password: str
    folder: str


def imap_mailbox(url: str) -> ImapMailbox:
    """Return the mailbox of a URL like imaps://user:password@mail.council.example/INBOX.

    Raises ValueError where it is none. Without TLS it must be on this machine.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    is_encrypted = parts.scheme == "imaps"
    user, password = unquote_url(parts.username or ""), unquote_url(parts.password or "")
    folder = unquote_url(parts.path.removeprefix("/")) or "INBOX"
    is_allowed = is_encrypted or (parts.scheme == "imap" and host in ON_THIS_MACHINE)
    is_whole = bool(user and password) and not parts.query and not parts.fragment and port != 0
    is_server = bool(_HOST.fullmatch(host) or _IP_VERSION_6.fullmatch(host)) and _can_be_asked_for(host)
    texts = f"{user}{password}{folder}"
    if not (is_allowed and is_whole and is_server and texts.isascii() and texts.isprintable()):
        raise ValueError("not an address of IMAP")
    return ImapMailbox(host, port or (993 if is_encrypted else 143), is_encrypted, user, password, folder)


def _one_line(name: str, raw: str) -> str:
    """Return the value of a variable. Raises SettingRefused for characters that fit no line of text."""
    if any(unicodedata.category(character) in _UNFIT for character in raw):
        raise SettingRefused(f"{name} must be 1 line, without line breaks or control characters")
    return raw


def one_address(raw: str, name: str) -> Address:
    """Return the one email address of a variable, alone or as "Name <address>".

    The name may have any characters, also those that a header has only in quotes: "Audits, Crewe <a@b.c>".
    """
    named = _NAMED_ADDRESS.fullmatch(raw)
    shown, address = (named["name"].strip(), named["address"].strip()) if named else ("", raw)
    if _QUOTED.fullmatch(shown):
        shown = unquote(shown)
    elif re.search("[<>@]", shown):
        address = ""  # the name holds a second address
    if not _ADDRESS.fullmatch(address):
        raise SettingRefused(
            f"{name} must be 1 email address, such as audits@council.example or "
            f'Audits, Crewe <audits@council.example>. It is "{raw}".'
        )
    if not address.isascii():
        raise SettingRefused(f'{name} must be an email address without accented letters. It is "{raw}".')
    try:
        return Address(shown, addr_spec=address)
    except (HeaderParseError, ValueError):
        raise SettingRefused(
            f'{name} must be an email address, such as audits@council.example. It is "{raw}".'
        ) from None


def _can_be_asked_for(host: str) -> bool:
    """Return False for a name that no name service can be asked for: too long, or with an empty part."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True
