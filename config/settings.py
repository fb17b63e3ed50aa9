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
MOST_PROXIES = 5

CASE_NUMBER_KEY = "case_number_key"
HISTORY_KEY, SECRET_KEY = "history_key", "secret_key"
DATABASE = "practice-audits.sqlite"
"""The file of the instance folder that keeps the key of case numbers, where no setting gives it."""

MADE = "to have one made on the first start"
"""The hint for a key that the first start makes where none is set."""

_LOST = {
    "secret_key": "people must then sign in and set up their authenticator apps again",  # nosec B105 # a price
    "history_key": "do that for a new database alone, because no other key fits its history",
    CASE_NUMBER_KEY: "do that for a new database alone, because no other key opens its case numbers",
}
"""The price of a new key, by the file of the old one."""

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
    return_path: str | None
    """The address that bounces come back to; None where they go to the sender."""
    bounce_imap_url: str | None
    """The mailbox of bounces, such as "imaps://user:password@mail.council.example/INBOX"; None: not read."""


@dataclass(frozen=True)
class IdentityProvider:
    """The council's own accounts, by OpenID Connect."""

    discovery_url: str
    """The whole address of the provider's openid-configuration."""
    client_id: str
    client_secret: str
    role_claim: str | None
    """The claim that lists a person's roles; None where the roles are those of the service."""


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
    case_number_key: str
    """Encrypts case numbers; it is never in the database or in a backup. Two, separated by a space, while the
    first replaces the second. Empty where none is set: it is then in the instance folder, and made with the
    first database that needs it (app/case_keys/ring.py)."""
    history_key: str
    """Keys the chain of the history; it is never in the database or in a backup."""
    backup_key: str | None = None
    """Encrypts backups; None where they are not encrypted."""
    proxy_count: int = 0
    """Proxies in front of the service whose forwarding headers are believed."""
    identity_provider: IdentityProvider | None = None
    local_passwords: bool = True
    """False where people sign in with their council's accounts alone."""
    second_factor: bool = False
    """True where coordinators, moderators and administrators need a second factor to sign in."""
    history_syslog: str | None = None
    """The server and port, such as "log.council.example:514", that is told the head of the history."""
    metrics_token: str | None = None
    """The token that reads the metrics; None where there are none."""

    @property
    def served_over_https(self) -> bool:
        """Return True when people reach the service over HTTPS, so that cookies can insist on it."""
        return self.base_url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read all settings, and make the instance folder and its secret key on first use.

    Raises SettingRefused with one sentence that names the variable.
    """
    read = Environment(environ)
    instance_path = instance_folder(environ)
    # settings are read, and refused if wrong, before anything is made
    settings = Settings(
        instance_path=instance_path,
        database_url=read.database("DATABASE_URL", f"sqlite:///{instance_path / DATABASE}"),
        secret_key=read.key("SECRET_KEY", unset=MADE) or "",
        base_url=read.origin("BASE_URL", "http://127.0.0.1:8000"),
        time_zone=read.time_zone("TIME_ZONE", "Europe/London"),
        organisation_name=read.line("ORGANISATION_NAME", "Your council"),
        service_name=read.line("SERVICE_NAME", "Practice audits"),
        protective_marking=_marking(read.line("PROTECTIVE_MARKING", "OFFICIAL-SENSITIVE")),
        demo_password=read.secret("DEMO_PASSWORD"),
        mail=_mail(read),
        case_number_key=read.keys("CASE_NUMBER_KEY", unset=MADE),
        history_key=read.key("HISTORY_KEY", unset=MADE) or "",
        backup_key=read.key("BACKUP_KEY", unset="to leave backups as they are, not encrypted"),
        proxy_count=read.number("PROXY_COUNT", 0, 0, MOST_PROXIES),
        identity_provider=_identity_provider(read),
        local_passwords=read.yes_or_no("LOCAL_PASSWORDS", default=True),
        second_factor=read.yes_or_no("SECOND_FACTOR", default=bool(read.line("MAIL_SERVER"))),
        history_syslog=read.host_and_port("HISTORY_SYSLOG"),
        metrics_token=read.key("METRICS_TOKEN", unset="to have no metrics"),
    )
    if not settings.local_passwords and settings.identity_provider is None:
        raise SettingRefused(
            "LOCAL_PASSWORDS is false and OIDC_DISCOVERY_URL is not set: no one could sign in. Set "
            "OIDC_DISCOVERY_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or leave LOCAL_PASSWORDS unset."
        )
    try:
        # other users of the machine must not read case numbers and what auditors wrote
        instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=instance_path):
            pass  # it can be written to
        case_number_keys_there(instance_path)  # one that was damaged is refused now
        return replace(
            settings,
            secret_key=settings.secret_key or kept_key(instance_path, SECRET_KEY),
            history_key=settings.history_key or kept_key(instance_path, HISTORY_KEY),
        )
    except OSError as error:
        raise SettingRefused(
            f"INSTANCE_PATH must be a folder that the service can write to. It is {instance_path} "
            f"({error.strerror})."
        ) from error


def instance_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the installation, which may not be there yet."""
    return Path(environ.get("INSTANCE_PATH") or PROJECT / "instance").resolve()


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
        return_path=read.address("MAIL_RETURN_PATH"),
        bounce_imap_url=read.imap_url("MAIL_BOUNCE_IMAP_URL"),
    )


def _identity_provider(read: Environment) -> IdentityProvider | None:
    discovery_url = read.web_address("OIDC_DISCOVERY_URL")
    client_id, client_secret = read.line("OIDC_CLIENT_ID"), read.secret("OIDC_CLIENT_SECRET")
    given = {
        "OIDC_DISCOVERY_URL": discovery_url,
        "OIDC_CLIENT_ID": client_id,
        "OIDC_CLIENT_SECRET": client_secret,
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing or not discovery_url or not client_secret:
        raise SettingRefused(
            f"{missing[0]} is not set: set OIDC_DISCOVERY_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or "
            "none of them"
        )
    return IdentityProvider(discovery_url, client_id, client_secret, read.line("OIDC_ROLE_CLAIM") or None)


def kept_key(instance_path: Path, name: str) -> str:
    """Return a key of the installation, made once and readable by its owner alone."""
    file = instance_path / name
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(new_key())
    key = _kept(file)
    if len(key) < SHORTEST_KEY:
        raise SettingRefused(f"{_too_short(file)}, or delete {file} to have a new one made: {_LOST[name]}.")
    return key


def case_number_keys_there(instance_path: Path) -> list[str]:
    """Return the keys that the file of case numbers keeps: two while the first replaces the second, and none
    where there is no file."""
    file = instance_path / CASE_NUMBER_KEY
    keys = _kept(file).split() if file.exists() else []
    if file.exists() and (not keys or any(len(key) < SHORTEST_KEY for key in keys)):
        raise SettingRefused(f"{_too_short(file)}.")
    return keys


def new_key() -> str:
    """Return a key that nobody has had before."""
    return secrets.token_urlsafe(48)


def _kept(file: Path) -> str:
    for _ in range(TRIES_TO_READ):
        key = file.read_text(encoding="utf-8", errors="replace").strip()
        if key:
            break
        time.sleep(SECONDS_BETWEEN_TRIES)  # another process has just made it
    return key


def _too_short(file: Path) -> str:
    return f"INSTANCE_PATH has a {file.name} that is too short. Copy it from where you keep your keys"
