"""Reading a toml file, such as an audit tool or a cycle, by a description of its keys.

    CYCLE = Keys(Key("reference", Text(text(40)), needed=True), Key("due_on", Day()))
    reading = read_toml(path, Keys(Key("cycle", CYCLE, needed=True), Key("next", Anything())))
    if reading.values["cycle"]["due_on"] is None:
        reading.refuse("is needed to assign audits", "cycle", "due_on")

The values of a file with faults are not complete: they are for finding further faults only.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Protocol, TypeVar

from app.files.cells import Cell, day, is_blank
from app.files.faults import Fault, Unreadable, suggestion
from app.files.opening import content_of, refuse_size, text_of

Amount = TypeVar("Amount", int, float)

MOST_TOML_MEGABYTES = 2
"""The most megabytes of a file, about thirty times the longest audit tool."""

_KEY_OF_MANY_PARTS = re.compile(
    r"""(?xm) (?: ^ | [\[{,] ) [\ \t]*+
    (?: (?: [\w-]++ | "[^"\n]*+" | '[^'\n]*+' ) [\ \t]*+ \. [\ \t]*+ ){16}"""
)
"""Such as [a.b.c.…]: the time that the parser takes grows with the square of the parts."""

Place = tuple[str | int, ...]
"""The way to a key: names, and for one of several tables of the same name its number, from 1."""

_TOO_DEEP = "the file has too many lists or tables inside each other"


@dataclass
class TomlReading:
    """The content of a toml file: `values` by key, nested as in it, None where a known key is absent."""

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, why: str, *place: str | int, value: str | None = None) -> None:
        """Add a fault of the whole file, or of the key at `place`, such as "section", 2, "title"."""
        key = "".join(f" {step}" if isinstance(step, int) else f" / {step}" for step in place)
        self.faults.append(Fault(file=self.file, why=why, key=key.removeprefix(" / ") or None, value=value))


class Shape(Protocol):
    """The shape of what may stand at a key."""

    def read(self, value: Any, place: Place, reading: TomlReading, /) -> Any:
        """Return the meaning of the value; where it is faulty, add that to the reading and return None."""


@dataclass(frozen=True)
class Key:
    """A key of a table. A `needed` key must be there and hold something."""

    name: str
    shape: Shape
    needed: bool = False


class Keys:
    """A table that has these keys and no others. Its value is a dict with all of them."""

    def __init__(self, *keys: Key) -> None:
        self.keys = {key.name: key for key in keys}

    def read(self, value: Any, place: Place, reading: TomlReading) -> dict[str, Any] | None:
        if not _is_a(dict, "a table", value, place, reading):
            return None
        for name in value:
            if name not in self.keys:
                reading.refuse(f"is not a known key{suggestion(name, self.keys)}", *place, name)
        values: dict[str, Any] = {}
        for name, key in self.keys.items():
            filled = name in value and not (isinstance(value[name], str) and is_blank(value[name]))
            values[name] = key.shape.read(value[name], (*place, name), reading) if filled else None
            if key.needed and not filled:
                reading.refuse("must not be empty" if name in value else "is missing", *place, name)
        return values


@dataclass(frozen=True)
class Each:
    """Any number of values or tables of one shape, as `[[section]]` has them. Its value is a list."""

    shape: Shape

    def read(self, value: Any, place: Place, reading: TomlReading) -> list[Any] | None:
        if not _is_a(list, "a list", value, place, reading):
            return None
        return [
            self.shape.read(each, (*place, number), reading) for number, each in enumerate(value, start=1)
        ]


@dataclass(frozen=True)
class ByName:
    """A table whose keys are names that the file chooses, such as responses. Its value is a dict."""

    shape: Shape

    def read(self, value: Any, place: Place, reading: TomlReading) -> dict[str, Any] | None:
        if not _is_a(dict, "a table", value, place, reading):
            return None
        return {name: self.shape.read(each, (*place, name), reading) for name, each in value.items()}


class Anything:
    """A value that others read. It is as toml has it."""

    def read(self, value: Any, _place: Place, _reading: TomlReading) -> Any:
        return value


@dataclass(frozen=True)
class Text:
    """Text in quotation marks, read as a filled cell is."""

    reader: Callable[[Cell], Any]

    def read(self, value: Any, place: Place, reading: TomlReading) -> Any:
        if _is_a(str, "text in quotation marks", value, place, reading):
            return _read_by(self.reader, value, place, reading)
        return None


class Day:
    """A day, with or without quotation marks."""

    def read(self, value: Any, place: Place, reading: TomlReading) -> date | None:
        if isinstance(value, datetime) and value.time() == time.min:
            value = value.date()
        if isinstance(value, datetime) or not isinstance(value, date | str):
            reading.refuse("must be a date, such as 2010-11-12", *place, value=_shown(value))
            return None
        read: date | None = _read_by(day, value, place, reading)
        return read


@dataclass(frozen=True)
class WholeNumber:
    """A whole number, both limits included."""

    least: int = 0
    most: int = 1_000_000

    def read(self, value: Any, place: Place, reading: TomlReading) -> int | None:
        if not _is_a(int, "a whole number without quotation marks", value, place, reading):
            return None
        number: int = value
        return _within(self.least, self.most, number, place, reading)


class TrueOrFalse:
    """A key with toml's own true or false, without quotation marks."""

    def read(self, value: Any, place: Place, reading: TomlReading) -> bool | None:
        if isinstance(value, bool):
            return value
        reading.refuse("must be true or false, without quotation marks", *place, value=str(value))
        return None


@dataclass(frozen=True)
class Number:
    """A number that need not be whole, such as a share, both limits included."""

    least: float
    most: float

    def read(self, value: Any, place: Place, reading: TomlReading) -> float | None:
        if not _is_a(int | float, "a number without quotation marks", value, place, reading):
            return None
        number: float = value
        return _within(self.least, self.most, number, place, reading)


def read_toml(path: Path, keys: Keys) -> TomlReading:
    """Read the values and faults of a toml file. A missing file, or one that is not toml, is a fault too."""
    try:
        content = content_of(path)
    except Unreadable as fault:
        reading = TomlReading(path.name)
        reading.refuse(str(fault))
        return reading
    return read_toml_content(path.name, content, keys)


def read_toml_content(name: str, content: bytes, keys: Keys) -> TomlReading:
    """Read a file that was sent in, as `read_toml` does."""
    reading = TomlReading(name)
    try:
        values = parsed(content)
    except Unreadable as fault:
        reading.refuse(str(fault))
    else:
        reading.values = keys.read(values, (), reading) or {}
    return reading


def parsed(content: bytes) -> dict[str, Any]:
    """Return the content of a toml file, whatever it is. Raises `Unreadable`."""
    refuse_size(content, MOST_TOML_MEGABYTES)
    text = text_of(content)
    if _KEY_OF_MANY_PARTS.search(text):
        raise Unreadable(_TOO_DEEP)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(_syntax_fault(str(error))) from None
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None
    except ValueError:
        # an error of toml is one too: what is left is Python's own limit on the digits of a number
        raise Unreadable("the file has a number that is too long") from None


def _syntax_fault(error: str) -> str:
    """Return the parser's "Invalid value (at line 3, column 9)" with the line first."""
    match = re.fullmatch(r"(?s)(.+) \(at (line \d+|end of document).*\)", error)
    if match is None:
        return f"the file is not TOML: {error}"
    what, where = match.groups()
    where = "the end of the file" if where == "end of document" else where
    return f"{where} is not TOML: {what[0].lower()}{what[1:]}"


def _is_a(kind: Any, described: str, value: Any, place: Place, reading: TomlReading) -> bool:
    """Return True for a value of that type, else add the fault; toml's true and false are no numbers."""
    if isinstance(value, kind) and not isinstance(value, bool):
        return True
    reading.refuse(f"must be {described}", *place, value=_shown(value))
    return False


def _within(least: Amount, most: Amount, value: Amount, place: Place, reading: TomlReading) -> Amount | None:
    if least <= value <= most:
        return value
    reading.refuse(f"must be from {least} to {most}", *place, value=_shown(value))
    return None


def _read_by(reader: Callable[[Cell], Any], value: Cell, place: Place, reading: TomlReading) -> Any:
    try:
        return reader(value)
    except Unreadable as fault:
        reading.refuse(str(fault), *place, value=_shown(value))
        return None


def _shown(value: Any) -> str | None:
    """Return a plain value as toml writes it; a list or a table is known by its key alone."""
    if isinstance(value, list | dict):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
