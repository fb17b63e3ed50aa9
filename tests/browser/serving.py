"""A service on a port of this machine, for a real browser."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers, by the server that `serve` uses."""
    listening = socket.create_server(("127.0.0.1", 0))
    open_ones: dict[int, Any] = {}
    server: Any = create_server(app, sockets=[listening], map=open_ones, clear_untrusted_proxy_headers=True)
    thread = Thread(target=server.run, name="web server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.task_dispatcher.shutdown()
        # by the thread that waits for the sockets: closed by another, they go away while it looks at them
        server.trigger.pull_trigger(lambda: wasyncore.close_all(open_ones))
        thread.join(timeout=5)
        assert not thread.is_alive(), "the web server of the test did not end"
