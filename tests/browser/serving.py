"""A service on a port of this machine, for a real browser."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from waitress.server import create_server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers, by the server that `serve` uses."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(app, sockets=[listening], clear_untrusted_proxy_headers=True)
    thread = Thread(target=server.run, name="web server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.close()
        thread.join(timeout=5)
