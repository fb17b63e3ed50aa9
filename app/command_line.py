"""The command in hints, as it can be pasted: with its folder, where that is not on the path."""

import shutil
import sys
from pathlib import Path

NAME = "practice-audits"

GIVE_ACCESS = 'user create --email you@council.example --name "Your Name" --role coordinator'


def named(words: str) -> str:
    """Return a command by its name alone, for readers who do not sit at the machine, such as those of
    `/health`."""
    return f"{NAME} {words}"


def command(words: str) -> str:
    """Return a command as whoever reads the hint in this folder can paste it: `.venv/bin/practice-audits
    check`."""
    program = Path(sys.prefix) / "bin" / NAME
    found = shutil.which(NAME)
    if found is not None and Path(found).resolve() == program.resolve():
        return named(words)
    here = Path.cwd()
    return f"{program.relative_to(here) if program.is_relative_to(here) else program} {words}"
