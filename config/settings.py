"""The settings of one installation, read once from the environment and typed.

Every name is documented in docs/running.md. Nothing else in the product reads the environment.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from config.values import PORTS, SHORTEST_KEY, Environment, SettingRefused

PROJECT = Path(__file__).resolve().parent.parent

TRIES_TO_READ, SECONDS_BETWEEN_TRIES = 20, 0.05

NO_MARKING = "none"
"""The protective marking of a council that puts none on its reports."""

LONGEST_LEASE = 120
MOST_CONNECTIONS = 10
"""The most mail connections: each has a connection to the database, of which a process has 15."""


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
    read = Environment(environ)
    instance_path = Path(environ.get("INSTANCE_PATH") or PROJECT / "instance").resolve()
    # settings are read, and refused if wrong, before anything is made
    settings = Settings(
        instance_path=instance_path,
        database_url=read.database("DATABASE_URL", f"sqlite:///{instance_path / 'practice-audits.sqlite'}"),
        secret_key=read.key("SECRET_KEY") or "",
        base_url=read.origin("BASE_URL", "http://127.0.0.1:8000"),
        time_zone=read.time_zone("TIME_ZONE", "Europe/London"),
        organisation_name=read.line("ORGANISATION_NAME", "Your council"),
        service_name=read.line("SERVICE_NAME", "Practice audits"),
        protective_marking=_marking(read.line("PROTECTIVE_MARKING", "OFFICIAL-SENSITIVE")),
        demo_password=read.secret("DEMO_PASSWORD"),
        mail=_mail(read),
    )
    try:
        # other users of the machine must not read case numbers and what auditors wrote
        instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=instance_path):
            pass  # it can be written to
        return replace(settings, secret_key=settings.secret_key or _kept_secret(instance_path))
    except OSError as error:
        raise SettingRefused(
            f"INSTANCE_PATH must be a folder that the service can write to. It is {instance_path} "
            f"({error.strerror})."
        ) from error


def _marking(said: str) -> str | None:
    return None if said.casefold() == NO_MARKING else said


def _mail(read: Environment) -> MailSettings:
    use_ssl = read.yes_or_no("MAIL_USE_SSL")
    use_tls = read.yes_or_no("MAIL_USE_TLS")
    if use_ssl and use_tls:
        raise SettingRefused("Set MAIL_USE_TLS or MAIL_USE_SSL, not both")
    return MailSettings(
        server=read.server("MAIL_SERVER", "MAIL_PORT"),
        port=read.number("MAIL_PORT", 465 if use_ssl else 587 if use_tls else 25, *PORTS),
        use_tls=use_tls,
        use_ssl=use_ssl,
        username=read.sign_in("MAIL_USERNAME", "MAIL_PASSWORD"),
        password=read.sign_in("MAIL_PASSWORD", "MAIL_USERNAME"),
        default_sender=read.address("MAIL_DEFAULT_SENDER") or "practice-audits@localhost",
        reply_to=read.address("MAIL_REPLY_TO"),
        subject_prefix=read.line("MAIL_SUBJECT_PREFIX"),
        lease_seconds=read.seconds("MAIL_LEASE_SECONDS", LONGEST_LEASE, LONGEST_LEASE),
        rate_per_minute=read.number("MAIL_RATE_PER_MINUTE", 0, 0, 1_000_000) or None,
        connections=read.number("MAIL_CONNECTIONS", 1, 1, MOST_CONNECTIONS),
    )


def _kept_secret(instance_path: Path) -> str:
    """Return the installation's secret, made once and readable by its owner alone."""
    file = instance_path / "secret_key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    for _ in range(TRIES_TO_READ):
        secret = file.read_text(encoding="utf-8", errors="replace").strip()
        if secret:
            break
        time.sleep(SECONDS_BETWEEN_TRIES)  # another process has just made it
    if len(secret) < SHORTEST_KEY:
        raise SettingRefused(
            f"INSTANCE_PATH has a secret_key that is too short. Copy it from the backup, or delete {file} to "
            "have a new one made."
        )
    return secret
