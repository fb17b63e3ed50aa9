"""Settings that cannot work are refused at the start, each in one sentence that names the variable."""

import os
import subprocess
import sys
from email.headerregistry import Address
from email.utils import unquote
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import CASE_NUMBER_KEY, PROJECT, IdentityProvider, from_environment
from config.values import PORTS, SettingRefused, one_address
from tests.conftest import settings_in

LINE_BREAKS = ("\n", "\r\n", "\x0b", "\x85", "\u2028")

CANNOT_WORK = {
    "MAIL_DEFAULT_SENDER": [
        "audits",
        "audits@",
        "@council.example",
        "a@b..c",
        "a..b@c.d",
        "a@b.c>",
        "a@b.c, d@e.f",
        "A <a@b.c>, B <d@e.f>",
        "a@b.c, Crewe <d@e.f>",
        "mailto:a@b.c",
        "räte@b.example",
        "audits@bücher.example",
    ],
    "MAIL_REPLY_TO": ["audits", "a@b.c; d@e.f", "Audits, Crewe"],
    "MAIL_SERVER": [
        "smtp://mail.council.example",
        "mail.council.example:587",
        "mail council",
        "mail..council",
        "mail/x",
        "user@mail",
        "[::1]",
        "x" * 64,
    ],
    "MAIL_PORT": ["0", "65536", "-1", "25.0", "smtp", "9" * 200],
    "MAIL_CONNECTIONS": ["0", "11", "two"],
    "MAIL_RATE_PER_MINUTE": ["none", "-1", "1.5"],
    "MAIL_LEASE_SECONDS": ["0", "-1", "121", "nan", "inf", "soon"],
    "MAIL_USE_TLS": ["maybe", "2"],
    "MAIL_USERNAME": ["somebody", "jürgen"],
    "MAIL_PASSWORD": ["secret", "päß"],
    "BASE_URL": [
        "audits.council.example",
        "//audits.council.example",
        "ftp://audits.council.example",
        "https://",
        "https:/audits",
        "https://audits council",
        "https://audits/service",
        "https://audits?x=1",
        "https://audits?",
        "https://audits#top",
        "https://audits//",
        "https://user:secret@audits",
        "https://audits:0",
        "https://audits:65536",
        "https://audits:port",
        "https://audits:",
        "https://audits..council",
    ],
    "DATABASE_URL": [
        "audits.sqlite",
        "mysql://server/audits",
        "postgresql+psycopg2://server/audits",
        "postgresql://user:secret@server:65536/audits",
        "postgresql://user:secret@server:port/audits",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://folder/audits.sqlite",
        "sqlite:////srv/audits.sqlite?timeout=long",
    ],
    "SECRET_KEY": ["short", "x" * 31],
    "CASE_NUMBER_KEY": ["short", "x" * 31, f"{'x' * 32} short", " ".join(3 * ["x" * 32])],
    "HISTORY_KEY": ["short"],
    "BACKUP_KEY": ["short"],
    "METRICS_TOKEN": ["short"],
    "MAIL_RETURN_PATH": ["bounces", "a@b.c, d@e.f"],
    "MAIL_BOUNCE_IMAP_URL": [
        "mail.council.example",
        "https://user:secret@mail.council.example/INBOX",
        "imap://user:secret@mail.council.example/INBOX",
        "imap://user:secret@127.0.0.1.council.example/INBOX",
        "imaps://mail.council.example/INBOX",
        "imaps://user@mail.council.example/INBOX",
        "imaps://:secret@mail.council.example/INBOX",
        "imaps://user:secret@/INBOX",
        "imaps://user:secret@mail..council/INBOX",
        "imaps://user:secret@mail.council.example:0/INBOX",
        "imaps://user:secret@mail.council.example:65536/INBOX",
        "imaps://user:secret@mail.council.example:port/INBOX",
        "imaps://user:secret@mail.council.example/INBOX?x=1",
        "imaps://user:secret@mail.council.example/INBOX#top",
        "imaps://user:secret%0d%0aA1@mail.council.example/INBOX",
        "imaps://user:secr%C3%A9t@mail.council.example/INBOX",
        "imaps://user:secret@mail.council.example/Zurückgekommen",
        "imaps://user:secret/1@mail.council.example/INBOX",
        "imaps://[user:secret@mail.council.example/INBOX",
    ],
    "TIME_ZONE": ["Europe/Crewe", "London", "Europe", "../London", "GMT+1"],
    "ORGANISATION_NAME": ["x" * 201],
}

WORKS = {
    "MAIL_DEFAULT_SENDER": ["a@b.c", "audits@localhost", "<a@b.c>", "Audits, Crewe <a@b.c>"],
    "MAIL_SERVER": ["mail.council.example", "mail_server", "127.0.0.1", "::1"],
    "MAIL_PORT": [str(port) for port in PORTS],
    "MAIL_CONNECTIONS": ["1", "10"],
    "MAIL_RATE_PER_MINUTE": ["30"],
    "MAIL_LEASE_SECONDS": ["0.5", "120"],
    "MAIL_USE_TLS": ["yes", "FALSE", "1"],
    "BASE_URL": ["https://audits.council.example", "http://127.0.0.1:8000/", "http://[::1]:8000"],
    "DATABASE_URL": [
        "sqlite:////srv/audits.sqlite",
        "postgresql://user:p%40ss@server:5432/audits",
        "postgres://",
    ],
    "SECRET_KEY": ["x" * 32],
    "METRICS_TOKEN": ["x" * 32],
    "MAIL_RETURN_PATH": ["bounces@council.example", "Bounces <bounces@council.example>"],
    "MAIL_BOUNCE_IMAP_URL": [
        "imaps://user:secret@mail.council.example",
        "imaps://user%40council.example:p%40ss%2Fword@mail.council.example:1993/INBOX",
        "imaps://user:secret@mail.council.example/INBOX/Bounces",
        "imap://user:secret@127.0.0.1:1143/INBOX",
        "imap://user:secret@[::1]/INBOX",
    ],
    "TIME_ZONE": ["Europe/London", "UTC"],
    "ORGANISATION_NAME": ["Crewe\u00a0Council", "x" * 200],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in CANNOT_WORK for value in CANNOT_WORK[name]]
)
def test_what_cannot_work_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name) as refusal:
        settings_in(tmp_path, **{name: value})
    assert len(str(refusal.value).splitlines()) == 1
    assert "secret" not in str(refusal.value), "a password in an error"


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WORKS for value in WORKS[name]])
def test_what_can_work_is_taken(tmp_path: Path, name: str, value: str) -> None:
    settings_in(tmp_path, **{name: value})
    settings_in(tmp_path, **{name: ""})


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize(
    "name",
    [
        "ORGANISATION_NAME",
        "SERVICE_NAME",
        "PROTECTIVE_MARKING",
        "MAIL_SUBJECT_PREFIX",
        "MAIL_DEFAULT_SENDER",
        "MAIL_PASSWORD",
        "DEMO_PASSWORD",
    ],
)
def test_a_line_break_is_refused_in_every_text(tmp_path: Path, name: str, line_break: str) -> None:
    with pytest.raises(SettingRefused, match=f"{name} must be 1 line"):
        settings_in(tmp_path, **{name: f"a@b.c{line_break}Bcc: d@e.f"})


def test_only_one_kind_of_encryption_is_taken(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="MAIL_USE_TLS or MAIL_USE_SSL, not both"):
        settings_in(tmp_path, MAIL_USE_TLS="true", MAIL_USE_SSL="true")


def test_an_address_of_the_service_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, BASE_URL=" HTTPS://Audits.Council.Example/ ")
    assert settings.base_url == "https://audits.council.example"
    assert settings.served_over_https


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"], blacklist_characters='<>@"')))
def test_any_name_of_a_sender_stands_in_a_header_as_one_address(name: str) -> None:
    read = one_address(f"{name.strip()} <a@b.c>", "MAIL_DEFAULT_SENDER")
    assert (unquote(read.display_name), read.addr_spec) == (unquote(name.strip()), "a@b.c")
    again = one_address(str(read), "MAIL_DEFAULT_SENDER")
    assert again == read
    assert isinstance(again, Address)


def test_a_folder_that_is_a_file_or_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "below", Path("/proc"), Path("/proc/below")):
        with pytest.raises(SettingRefused, match="INSTANCE_PATH must be a folder"):
            from_environment({"INSTANCE_PATH": str(folder)})


def test_a_refused_setting_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused):
        settings_in(tmp_path / "new", TIME_ZONE="Europe/Crewe")
    assert not (tmp_path / "new").exists()


KEYS = ("secret_key", "history_key")

UNSET = {
    "SECRET_KEY": "to have one made on the first start",
    "CASE_NUMBER_KEY": "to have one made on the first start",
    "HISTORY_KEY": "to have one made on the first start",
    "BACKUP_KEY": "to leave backups as they are, not encrypted",
    "METRICS_TOKEN": "to have no metrics",
}
"""The keys among the settings, and what a refusal says of leaving one unset."""


@pytest.mark.parametrize("name", UNSET)
def test_a_refused_key_says_truly_what_follows_without_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingRefused) as refusal:
        settings_in(tmp_path, **{name: "short"})
    assert f"leave it unset {UNSET[name]}, or make one with openssl rand -hex 32" in str(refusal.value)
    settings = from_environment({"INSTANCE_PATH": str(tmp_path)})
    is_made = name.lower() == CASE_NUMBER_KEY or bool(getattr(settings, name.lower()))
    assert is_made is ("made" in UNSET[name])


def test_a_damaged_key_of_the_history_is_not_lightly_deleted(tmp_path: Path) -> None:
    (tmp_path / "history_key").write_text("short")
    with pytest.raises(SettingRefused, match="do that for a new database alone"):
        from_environment({"INSTANCE_PATH": str(tmp_path)})


@pytest.mark.parametrize("key", [*KEYS, CASE_NUMBER_KEY])
@pytest.mark.parametrize("kept", ["", "short"])
def test_a_kept_key_that_was_damaged_is_refused(tmp_path: Path, key: str, kept: str) -> None:
    (tmp_path / key).write_text(kept)
    with pytest.raises(SettingRefused, match=f"{key} that is too short"):
        from_environment({"INSTANCE_PATH": str(tmp_path)})
    assert (tmp_path / key).read_text() == kept


def test_each_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = (from_environment({"INSTANCE_PATH": str(tmp_path)}) for _ in range(2))
    made = {key: getattr(first, key) for key in KEYS}
    assert len(set(made.values())) == len(KEYS)
    assert made == {key: getattr(second, key) for key in KEYS}
    assert {(tmp_path / key).stat().st_mode & 0o777 for key in KEYS} == {0o600}


DISCOVERY = "https://login.council.example/.well-known/openid-configuration"
OIDC = {"OIDC_DISCOVERY_URL": DISCOVERY, "OIDC_CLIENT_ID": "audits", "OIDC_CLIENT_SECRET": "said to nobody"}


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({**OIDC, "OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET is not set"),
        ({"OIDC_CLIENT_ID": "audits"}, "OIDC_DISCOVERY_URL is not set"),
        ({**OIDC, "OIDC_DISCOVERY_URL": DISCOVERY.replace("https", "http")}, "must be a whole address"),
        ({**OIDC, "OIDC_DISCOVERY_URL": "login.council.example"}, "must be a whole address"),
        ({"LOCAL_PASSWORDS": "false"}, "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        ({"PROXY_COUNT": "6"}, "PROXY_COUNT must be a whole number from 0 to 5"),
        ({"HISTORY_SYSLOG": "log.council.example"}, "must be a server and a port"),
    ],
)
def test_settings_of_signing_in_that_cannot_work_are_refused(
    tmp_path: Path, variables: dict[str, str], why: str
) -> None:
    with pytest.raises(SettingRefused, match=why):
        from_environment({"INSTANCE_PATH": str(tmp_path), **variables})


def test_settings_of_signing_in_are_read(tmp_path: Path) -> None:
    plain = from_environment({"INSTANCE_PATH": str(tmp_path)})
    assert (plain.identity_provider, plain.local_passwords, plain.second_factor) == (None, True, False)
    with_mail = from_environment({"INSTANCE_PATH": str(tmp_path), "MAIL_SERVER": "mail.council.example"})
    assert with_mail.second_factor
    given = {"INSTANCE_PATH": str(tmp_path), **OIDC, "LOCAL_PASSWORDS": "no", "OIDC_ROLE_CLAIM": "roles"}
    read = from_environment(given)
    assert read.identity_provider == IdentityProvider(DISCOVERY, "audits", "said to nobody", "roles")
    assert not read.local_passwords


def test_processes_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    says = "from config.settings import from_environment; print(from_environment().secret_key)"
    environ = os.environ | {"INSTANCE_PATH": str(tmp_path / "new"), "PYTHONPATH": str(PROJECT)}
    starts = [
        subprocess.Popen([sys.executable, "-c", says], env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({start.communicate()[0] for start in starts}) == 1
