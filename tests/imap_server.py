"""A real IMAP server on loopback, pymap, in a process of its own, with one mailbox in memory."""

import contextlib
import imaplib
import socket
import subprocess
import sys
import time
from pathlib import Path

USER, PASSWORD = "bounces@council.example", 'a pass:word/@ "quoted"'
URL = "imap://bounces%40council.example:a%20pass%3Aword%2F%40%20%22quoted%22@127.0.0.1:{port}/INBOX"


class ImapServer:
    """The server, and the mailbox as a person's mail program sees it."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        program = Path(sys.executable).parent / "pymap"
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls", "--no-service", "admin"]
        who = ["--demo-user", USER, "--demo-password", PASSWORD]
        self.process = subprocess.Popen(
            [program, *where, "--no-service", "managesieve", "dict", "--demo-data", *who],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def url(self) -> str:
        """Return the address of the mailbox, as the setting has it."""
        return URL.format(port=self.port)

    def open(self) -> imaplib.IMAP4:
        """Sign in, once the server is up."""
        until = time.monotonic() + 60
        while True:
            try:
                server = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                quoted = PASSWORD.replace('"', r"\"")
                server._simple_command("LOGIN", f'"{USER}"', f'"{quoted}"')  # noqa: SLF001
                server.state = "AUTH"
                return server

    def empty(self) -> None:
        """Remove what is there from the start."""
        with self.open() as server:
            server.select("INBOX")
            server.store("1:*", "+FLAGS", r"(\Deleted)")
            server.expunge()

    def receive(self, content: bytes) -> None:
        """Put an email into the mailbox."""
        with self.open() as server:
            assert server.append("INBOX", "", None, content)[0] == "OK"

    def count(self, folder: str = "INBOX") -> int:
        """Return how many emails a folder has; 0 where there is no such folder."""
        with self.open() as server:
            answer, data = server.select(f'"{folder}"')
            return int(data[0] or 0) if answer == "OK" else 0

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
