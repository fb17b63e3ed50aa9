"""The files of `deploy/`: they can be read, their commands exist, and they set what the service reads."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from app.commands import COMMANDS
from tests.conftest import PASSWORD
from tests.texts import ROOT

DEPLOY = ROOT / "deploy"
PROGRAMS = Path(sys.executable).parent
OURS = re.compile(r"(?:\S*/)?(practice-audits|gunicorn) (.+)")


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


def commands() -> list[str]:
    """Return all command lines that start a program of the service."""
    units = [path.read_text(encoding="utf-8") for path in sorted((DEPLOY / "systemd").glob("*.service"))]
    lines = [line for unit in units for line in re.findall("^ExecStart=(.+)$", unit, re.MULTILINE)]
    lines += [service["command"] for service in compose()["services"].values() if "command" in service]
    [container] = re.findall(r"^CMD \[(.+)\]$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    lines.append(container.replace(",", "").replace('"', ""))
    return [found[0] for line in lines if (found := OURS.search(line))]


def test_all_parts_are_started() -> None:
    said = " ".join(commands())
    assert len(commands()) == 7
    assert all(f"practice-audits {name}" in said for name in ("serve", "worker", "backup"))


@pytest.mark.parametrize("line", [line for line in commands() if "gunicorn" not in line])
def test_the_commands_of_the_service_are_there(line: str) -> None:
    name, *options = shlex.split(line.rstrip("'"))[1:]
    assert name in COMMANDS
    told = subprocess.run(
        [PROGRAMS / "practice-audits", name, "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(option in told for option in options if option.startswith("--"))


def test_gunicorn_takes_its_options_and_loads_the_service(tmp_path: Path) -> None:
    lines = {line.rpartition("gunicorn ")[2] for line in commands() if "gunicorn" in line}
    assert len({re.sub(r"--bind \S+", "", line) for line in lines}) == 1
    subprocess.run(
        [PROGRAMS / "gunicorn", "--check-config", *shlex.split(lines.pop())],
        cwd=ROOT,
        env={"INSTANCE_PATH": str(tmp_path), "HISTORY_KEY": PASSWORD * 2},
        check=True,
        timeout=60,
    )


def test_they_set_what_the_service_reads() -> None:
    table = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    settings = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "settings").read_text(encoding="utf-8"), re.MULTILINE)
    shared = compose()["x-service"]["environment"]
    assert len(settings) > 10
    assert [name for name in (*settings, *shared) if f"`{name}`" not in table] == []


def test_what_was_not_tried_says_so() -> None:
    for name in ("Containerfile", "compose.yaml"):
        assert (DEPLOY / name).read_text(encoding="utf-8").startswith("# NOT TRIED")
    assert {"web", "worker", "db"} <= set(compose()["services"])


def test_no_proxy_logs_secret_addresses_or_refuses_what_the_service_takes() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "~^/(choose-password|calendar)/ 0;" in nginx
    assert "combined if=$practice_audits_loggable;" in nginx
    assert "client_max_body_size 25m;" in nginx
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert re.search(r"^\s*log\b", caddy, re.MULTILINE) is None
    assert "max_size 25MB" in caddy
