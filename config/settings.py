"""The settings of one installation, read once from the environment and typed.

Every name is documented in docs/running.md. Nothing else in the product reads the environment.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import getaddresses
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PROJECT = Path(__file__).resolve().parent.parent


ONE_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class SettingRefused(ValueError):
    """A setting of the environment that cannot be used; the text says which and why."""


@dataclass(frozen=True)
class MailSettings:
    """The settings of mail, with Flask-Mail's own names. Without a server, messages are held."""

    server: str | None
    port: int
    use_tls: bool
    use_ssl: bool
    username: str | None
    password: str | None
    default_sender: str
    reply_to: str | None
    subject_prefix: str
    lease_seconds: float
    rate_per_minute: int | None
    connections: int


@dataclass(frozen=True)
class Settings:
    """The settings of an installation: its folder, database, names and mail."""

    instance_path: Path
    database_url: str
    secret_key: str
    base_url: str
    time_zone: ZoneInfo
    organisation_name: str
    service_name: str
    protective_marking: str | None
    """The marking on every report, such as "OFFICIAL-SENSITIVE"."""
    demo_password: str | None
    mail: MailSettings

    @property
    def served_over_https(self) -> bool:
        """Return True when people reach the service over HTTPS, so that cookies can insist on it."""
        return self.base_url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read all settings, and make the instance folder and its secret key on first use.

    Raises SettingRefused with one sentence that names the variable.
    """
    instance_path = Path(environ.get("INSTANCE_PATH") or PROJECT / "instance").resolve()
    # nobody else on the machine may read case numbers and what auditors wrote
    instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Settings(
        instance_path=instance_path,
        database_url=_database_url(environ.get("DATABASE_URL"), instance_path),
        secret_key=environ.get("SECRET_KEY") or _kept_secret(instance_path / "secret_key"),
        base_url=(environ.get("BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        time_zone=_time_zone(environ.get("TIME_ZONE") or "Europe/London"),
        organisation_name=environ.get("ORGANISATION_NAME") or "Your council",
        service_name=_one_line(environ, "SERVICE_NAME", "Practice audits"),
        protective_marking=environ.get("PROTECTIVE_MARKING") or None,
        demo_password=environ.get("DEMO_PASSWORD") or None,
        mail=_mail(environ),
    )


def _mail(environ: Mapping[str, str]) -> MailSettings:
    use_ssl = _yes_or_no(environ, "MAIL_USE_SSL")
    use_tls = _yes_or_no(environ, "MAIL_USE_TLS")
    if use_ssl and use_tls:
        raise SettingRefused("Set MAIL_USE_TLS or MAIL_USE_SSL, not both")
    return MailSettings(
        server=environ.get("MAIL_SERVER") or None,
        port=_number(environ, "MAIL_PORT", 465 if use_ssl else 587 if use_tls else 25),
        use_tls=use_tls,
        use_ssl=use_ssl,
        username=_sign_in(environ, "MAIL_USERNAME"),
        password=_sign_in(environ, "MAIL_PASSWORD"),
        default_sender=_address(environ, "MAIL_DEFAULT_SENDER") or "practice-audits@localhost",
        reply_to=_address(environ, "MAIL_REPLY_TO"),
        subject_prefix=_one_line(environ, "MAIL_SUBJECT_PREFIX"),
        lease_seconds=_lease(environ),
        rate_per_minute=_number(environ, "MAIL_RATE_PER_MINUTE", 0) or None,
        connections=max(1, _number(environ, "MAIL_CONNECTIONS", 1)),
    )


def _address(environ: Mapping[str, str], name: str) -> str | None:
    """Return one email address, alone or as "Name <address>"; None where none is set."""
    raw = (environ.get(name) or "").strip()
    if not raw:
        return None
    addresses = [address for _, address in getaddresses([raw])]
    if len(raw.splitlines()) > 1 or len(addresses) != 1 or not ONE_ADDRESS.fullmatch(addresses[0]):
        raise SettingRefused(
            f'{name} must be 1 email address, such as audits@council.example. It is "{raw}".'
        )
    if not addresses[0].isascii():
        raise SettingRefused(f'{name} must be an email address without accented letters. It is "{raw}".')
    return raw


def _sign_in(environ: Mapping[str, str], name: str) -> str | None:
    """Return a part of the sign-in to the mail server; only ASCII can be sent to it."""
    raw = environ.get(name) or None
    if raw and not raw.isascii():
        raise SettingRefused(
            f"{name} must not have accented letters or other characters that mail servers do not accept"
        )
    return raw


def _one_line(environ: Mapping[str, str], name: str, default: str = "") -> str:
    """Return a text that stands in headers of messages."""
    raw = environ.get(name) or default
    if len(raw.splitlines()) > 1:
        raise SettingRefused(f"{name} must be 1 line, without a line break")
    return raw


def _lease(environ: Mapping[str, str]) -> float:
    raw = environ.get("MAIL_LEASE_SECONDS") or "120"
    try:
        seconds = float(raw)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 120:
        raise SettingRefused(f'MAIL_LEASE_SECONDS must be a number of seconds up to 120. It is "{raw}".')
    return seconds


def _database_url(url: str | None, instance_path: Path) -> str:
    """Return the database's URL for SQLAlchemy: SQLite in the instance folder by default, psycopg 3 for
    PostgreSQL."""
    if not url:
        return f"sqlite:///{instance_path / 'practice-audits.sqlite'}"
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if url.startswith(("sqlite://", "postgresql+psycopg://")):
        return url
    raise SettingRefused("DATABASE_URL must start with sqlite:// or postgresql://")


def _kept_secret(file: Path) -> str:
    """Return the installation's secret, made once and readable by its owner alone."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as stream:
        secret = secrets.token_urlsafe(48)
        stream.write(secret)
    return secret


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingRefused(
            f'TIME_ZONE must be a known time zone, such as Europe/London. It is "{name}".'
        ) from None


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    raw = environ.get(name) or str(default)
    if not raw.isdecimal():
        raise SettingRefused(f'{name} must be a whole number. It is "{raw}".')
    return int(raw)


def _yes_or_no(environ: Mapping[str, str], name: str) -> bool:
    raw = (environ.get(name) or "false").strip().lower()
    if raw in ("1", "true", "yes", "on"):
        return True
    if raw in ("0", "false", "no", "off"):
        return False
    raise SettingRefused(f'{name} must be true or false. It is "{raw}".')
