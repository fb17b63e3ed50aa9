"""Logging: one line per event (`log_lines`) on standard error, without case numbers, names or secrets.

Every record of this process is cleaned when it is made, whichever library makes it and whichever handler
writes it, also those of gunicorn and waitress.
"""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from config.faults_told import in_words, traced
from config.log_lines import current, formatter_for

if TYPE_CHECKING:
    from flask import Flask

SECRET = "(secret)"  # noqa: S105  # nosec B105 # stands in place of one

_LIKE_A_SECRET = re.compile(r"[\w.~=+-]{32,}", re.ASCII)
"""Links, keys, hashes and cookies, also within addresses."""


class CleanRecord(logging.LogRecord):
    """A record without the texts of errors, and without secrets."""

    def __init__(
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: object,
        args: Any,
        exc_info: Any,
        func: str | None = None,
        sinfo: str | None = None,
        **_more: Any,
    ) -> None:
        super().__init__(name, level, pathname, lineno, _clean(msg), _clean_all(args), None, func, sinfo)
        error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
        if isinstance(error, BaseException):
            self.exc_text = traced(error)
        self.work = current()
        """The request or task that it belongs to."""

    def getMessage(self) -> str:  # noqa: N802 (the name in the library)
        """Return the message without secrets."""
        return _LIKE_A_SECRET.sub(SECRET, super().getMessage())


def _clean(value: object) -> Any:
    return in_words(value) if isinstance(value, BaseException) else value


def _clean_all(args: Any) -> Any:
    if isinstance(args, tuple):
        return tuple(each if isinstance(each, Mapping) else _clean(each) for each in args)
    return args


def init_app(app: "Flask") -> None:
    """Log to standard error; libraries log warnings only."""
    logging.setLogRecordFactory(CleanRecord)
    # a line that cannot be written would be printed with its values
    logging.raiseExceptions = False
    handler = logging.StreamHandler()
    handler.setFormatter(formatter_for(sys.stderr))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("app").setLevel(logging.INFO)
    app.logger.setLevel(logging.INFO)


def clean_end() -> None:
    """Print an error that nobody caught, with which this process ends, without its text."""

    def told(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        sys.stderr.write(f"{traced(error)}\n")

    sys.excepthook = told


def clean_threads() -> None:
    """Print errors that nobody caught in threads and in what Python does by itself, without their texts."""

    def of_a_thread(ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
            sys.stderr.write(f"{traced(ended.exc_value)}\n")

    def that_was_lost(lost: Any) -> None:
        if lost.exc_value is not None:
            sys.stderr.write(f"{traced(lost.exc_value)}\n")

    threading.excepthook, sys.unraisablehook = of_a_thread, that_was_lost
