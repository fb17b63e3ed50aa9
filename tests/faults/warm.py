"""Workers and web processes as forks of this process, which is warm: they need no start of Python."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from multiprocessing.process import BaseProcess
from types import TracebackType

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import clock, create_app
from app.scheduling import clockwork
from tests.conftest import settings_in
from tests.faults.killing import FORK
from tests.faults.places import PATIENCE, Environ, Place


class Warm:
    """A service that this process never uses, so that its forks inherit no connection. All end with it."""

    def __init__(self, place: Place, environ: Environ, at: datetime | None = None) -> None:
        self._app = create_app(settings_in(place.folder, **place.environ, **environ))
        with self._app.app_context():
            clock.clock().fixed = at
        self._log = place.folder / "log"
        self._begun: list[BaseProcess] = []

    def __enter__(self) -> "Warm":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._begun:
            process.terminate() if error is None else process.kill()
        for process in self._begun:
            process.join(PATIENCE)

    def worker(self) -> BaseProcess:
        """Begin what `practice-audits worker` does, with its scheduler or queue."""
        return self._begin(self._work)

    def web(self, processes: int) -> str:
        """Begin gunicorn with so many processes; return the address."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        options = {"bind": address, "workers": processes, "timeout": 120, "control_socket_disable": True}
        self._begin(lambda: _Gunicorn(self._app, options).run())
        return f"http://{address}"

    def said(self) -> str:
        """Return what they all have said."""
        return self._log.read_text() if self._log.exists() else ""

    def _work(self) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        with suppress(SystemExit), clockwork.running(self._app):
            threading.Event().wait()

    def _begin(self, work: Callable[[], None]) -> BaseProcess:
        def begun() -> None:
            log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            work()

        process = FORK.Process(target=begun, daemon=True)
        process.start()
        self._begun.append(process)
        return process


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """Gunicorn with an application that is there."""

    def __init__(self, app: Flask, options: dict[str, object]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app
