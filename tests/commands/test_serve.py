"""`serve` and `worker` as real programs: they say how to sign in, answer, and end when they are asked to."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.command_line import command

PROGRAM = Path(sys.executable).parent / "practice-audits"


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    """The program while it runs; killed if it does not end by itself."""
    with subprocess.Popen(
        [PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_serve_answers_with_a_live_scheduler_and_ends_when_asked(installation: Path) -> None:
    with started("serve", "--port", "0") as process:
        found = re.search(r"http://127\.0\.0\.1:\d+", first_line(process))
        assert found is not None
        with urllib.request.urlopen(f"{found[0]}/health", timeout=10) as answer:  # noqa: S310
            assert json.load(answer)["status"] == "ok"
        assert process.stdout is not None
        assert "Press Ctrl+C to stop." in process.stdout.readline()
        assert "go to http://127.0.0.1:8000/. To change this, set BASE_URL." in process.stdout.readline()
        assert "practice-audits user create" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_what_serve_says_works_when_it_is_pasted(installation: Path) -> None:
    with started("serve", "--port", "0") as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(5))
        hint = re.search(r"run: (.+)", said)
        assert hint is not None
        given = subprocess.run(
            [*shlex.split(hint[1]), "--password-stdin"],
            input="a password that is long",
            capture_output=True,
            text=True,
            check=False,
        )
        assert given.returncode == 0, given.stderr
        address = re.search(r"page Emails: (\S+)", said)
        assert address is not None
        with urllib.request.urlopen(address[1], timeout=10) as answer:  # noqa: S310
            assert "/sign-in" in answer.url


def test_a_hint_names_the_command_by_its_folder_unless_it_is_on_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / ".venv" / "bin" / "practice-audits"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o700)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert command("check") == ".venv/bin/practice-audits check"
    monkeypatch.chdir(Path(sys.executable).parent)
    assert command("check") == f"{program} check"
    monkeypatch.setenv("PATH", str(program.parent))
    assert command("check") == "practice-audits check"


def test_a_port_that_is_taken_is_refused(installation: Path) -> None:
    with started("serve", "--port", "0") as process:
        found = re.search(r":(\d+)/", first_line(process))
        assert found is not None
        other = subprocess.run(
            [PROGRAM, "serve", "--port", found[1]], capture_output=True, text=True, check=False
        )
        assert other.returncode == 1
        assert f"port {found[1]}: " in other.stderr
        assert "Choose another port with --port" in other.stderr


def test_a_worker_beats_and_ends_when_asked(installation: Path) -> None:
    coordinator = ("--email", "cora@council.example", "--name", "Cora Lee", "--role", "coordinator")
    subprocess.run(
        [PROGRAM, "user", "create", *coordinator, "--password-stdin"],
        input="a password that is long",
        capture_output=True,
        text=True,
        check=True,
    )
    with started("worker") as process:
        assert "sends reminders and other emails" in first_line(process)
        found = subprocess.run([PROGRAM, "check", "--json"], capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr
        process.send_signal(signal.SIGTERM)
        before = time.monotonic()
        assert process.wait(timeout=20) == 0
        assert time.monotonic() - before < 10
