"""The connection to the mail server: encrypted where the settings say so."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from app.outbox.composing import compose
from app.outbox.retry import Answer, Stage
from app.outbox.smtp import Connection, NoConnection
from tests.mail_server import MailServer
from tests.outbox.messages import connect_to
from tests.outbox.test_composing import a_row

Serve = Callable[[str], ssl.SSLContext]


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with MailServer() as running:
        connect_to(running.port)
        yield running


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Make a server's certificate for a name or address, which this machine trusts."""

    def context_for(address: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail server of the tests")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(address))]), critical=False
            )
            .sign(key, SHA256())
        )
        file = tmp_path / "certificate.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    return context_for


@pytest.mark.parametrize("at_once", [True, False], ids=["SSL", "STARTTLS"])
def test_a_message_goes_encrypted_to_a_server_that_signs_in(
    app: Flask, certified: Serve, at_once: bool
) -> None:
    with MailServer(tls=certified("127.0.0.1"), tls_at_once=at_once) as server:
        connect_to(server.port, use_ssl=at_once, use_tls=not at_once, username="audits", password="a secret")
        with Connection(lease_seconds=120) as connection:
            connection.send(compose(a_row()))
            assert connection.client.sock is not None
            assert isinstance(connection.client.sock, ssl.SSLSocket)
            assert connection.answer == Answer(Stage.END, 250, "2.0.0 Ok: queued")
        assert len(server.messages) == 1
        assert server.signed_in == [("audits", "a secret")]


@pytest.mark.parametrize("at_once", [True, False], ids=["SSL", "STARTTLS"])
def test_the_certificate_must_be_the_servers(app: Flask, certified: Serve, at_once: bool) -> None:
    with MailServer(tls=certified("127.0.0.9"), tls_at_once=at_once) as server:
        connect_to(server.port, use_ssl=at_once, use_tls=not at_once)
        with pytest.raises(NoConnection, match="certificate is not accepted"), Connection(lease_seconds=120):
            pass


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear(app: Flask, server: MailServer) -> None:
    connect_to(server.port, use_tls=True)
    with pytest.raises(NoConnection, match="STARTTLS"), Connection(lease_seconds=120):
        pass


def test_after_each_refusal_the_next_message_goes(app: Flask, server: MailServer) -> None:
    connect_to(server.port)
    with Connection(lease_seconds=120) as connection:
        for stage, reached in (
            ("mail", Stage.MAIL),
            ("rcpt", Stage.RCPT),
            ("data", Stage.DATA),
            ("end", Stage.END),
        ):
            server.answer(stage, "550 5.0.0 no", times=1)  # type: ignore[arg-type]
            connection.send(compose(a_row()))
            assert connection.answer == Answer(reached, 550, "5.0.0 no")
            connection.send(compose(a_row()))
            assert connection.answer.code == 250
    assert server.connections == 1
