"""The running service, measured from outside: how fast it starts, how much it takes, how fast it answers."""

import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.installation import COORDINATOR, PASSWORD, environment

SECONDS_TO_START = 60


@dataclass(frozen=True)
class Service:
    """`practice-audits serve` in a process of its own, which has answered. `started` is in seconds."""

    port: int
    process: int
    started: float

    def memory_mb(self) -> float:
        """Return the present memory of the process, in MB."""
        said = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process)], check=True, capture_output=True, text=True
        )
        return int(said.stdout) / 1024


@dataclass(frozen=True)
class Answers:
    """The times of answers of a page over some connections at once, in milliseconds."""

    per_second: float
    median: float
    slowest_hundredth: float


@contextlib.contextmanager
def service(folder: Path, *, web_processes: int = 0) -> Iterator[Service]:
    """The service on the installation in that folder, from its start until it is no longer needed: `serve`,
    or so many web processes of gunicorn alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    programs = Path(sys.executable).parent
    command, path = [str(programs / "practice-audits"), "serve", "--port", str(port)], "/health"
    if web_processes:
        several = ["--workers", str(web_processes), "--bind", f"127.0.0.1:{port}"]
        # /health is ill while no worker runs
        command, path = [str(programs / "gunicorn"), "wsgi:app", *several], "/sign-in"
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment(str(folder))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port, path):
            if process.poll() is not None or time.perf_counter() - began > SECONDS_TO_START:
                raise RuntimeError("the service did not start")
            time.sleep(0.005)
        yield Service(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait()


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def sign_in(port: int) -> str:
    """Sign a coordinator in through the page; the cookie."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    page = answer.read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if token is None:
        raise RuntimeError("the page to sign in has no token")
    form = {"email": COORDINATOR, "password": PASSWORD, "csrf_token": token[1]}
    headers = {"Cookie": _cookies(answer.headers.get_all("Set-Cookie")), **_FORM}
    connection.request("POST", "/sign-in", urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"signing in was answered with {answer.status}")
    connection.close()
    return _cookies(answer.headers.get_all("Set-Cookie"))


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _cookies(set_cookies: list[str] | None) -> str:
    return "; ".join(one.partition(";")[0] for one in set_cookies or [])


def load(port: int, path: str, cookie: str, *, connections: int, seconds: float) -> Answers:
    """Ask for a page again and again for some seconds, on connections that stay open."""
    times: list[float] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        while (began := time.perf_counter()) < until:
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} was answered with {answer.status}")
            times.append(time.perf_counter() - began)
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if len(times) < 2:
        raise RuntimeError(f"{path} was not answered")
    hundredths = statistics.quantiles(times, n=100)
    return Answers(len(times) / took, hundredths[49] * 1000, hundredths[98] * 1000)
