"""Lines of the log, one for each event: JSON for programs, or plain text for a person at a terminal.

Each event has the number of the request or of the task (a job of the scheduler, a command, an import) that it
belongs to. A page that says that something went wrong shows its number, so that a person can quote it.
"""

import json
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TextIO

FACTS = ("task", "method", "endpoint", "status", "ms")
"""The facts that an event may have besides its words. None of them is about a person or a thing."""


@dataclass(frozen=True)
class Work:
    """A request or a task, while it lasts."""

    number: str
    """Eight characters in two halves, such as "3f9c-21ab"."""
    task: str | None = None
    """The name of the task; None for a request."""


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)


def current() -> Work | None:
    """Return the request or task of this thread; None outside of both."""
    return _WORK.get()


def begin(name: str | None = None) -> Work:
    """Begin a request, or the task of this name, with a number of its own."""
    digits = secrets.token_hex(4)
    work = Work(f"{digits[:4]}-{digits[4:]}", name)
    _WORK.set(work)
    return work


def end() -> None:
    """End the request or task of this thread."""
    _WORK.set(None)


@contextmanager
def task(name: str) -> Iterator[Work]:
    """Give the events inside the number and name of a task. It may stand inside of another."""
    before = _WORK.get()
    try:
        yield begin(name)
    finally:
        _WORK.set(before)


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """Return the number of an event, and those of the known facts that it has."""
    work: Work | None = getattr(record, "work", None)
    told = {"id": work.number, "task": work.task} if work else {}
    told |= {name: getattr(record, name, None) for name in FACTS if name != "task"}
    return {name: value for name, value in told.items() if value is not None}


class JsonLines(logging.Formatter):
    """An event as one line of JSON."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03}Z"
        line: dict[str, object] = {
            "time": moment,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        } | facts_of(record)
        if record.exc_text:
            line["trace"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """An event for a person at a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the name in the library)
        """Return the line, with the facts of the event after its words."""
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        return super().formatMessage(record) + (f" ({facts})" if facts else "")


def formatter_for(stream: TextIO) -> logging.Formatter:
    """Return the form of lines for this output: plain where it is a terminal."""
    return PlainLines() if stream.isatty() else JsonLines()
