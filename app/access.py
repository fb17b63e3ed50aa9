"""The access of the person signed in to addresses, which permissions.py decides."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask import Flask, current_app

EXTENSION = "access"


@dataclass(frozen=True)
class Answers:
    """The functions that answer `may`, from an endpoint and the arguments of its address, and `may_each`."""

    one: Callable[[str, dict[str, object]], bool]
    each: Callable[[str, Collection[str]], frozenset[str]]


def answer_with(app: Flask, answers: Answers) -> None:
    """Set the functions that answer."""
    app.extensions[EXTENSION] = answers


def may(endpoint: str, **named: object) -> bool:
    """True when the person signed in may open this address; pages show only links that work."""
    answers: Answers = current_app.extensions[EXTENSION]
    return answers.one(endpoint, named)


def may_each(endpoint: str, references: Collection[str]) -> frozenset[str]:
    """Return those of these references whose address the person signed in may open, for a list of links."""
    answers: Answers = current_app.extensions[EXTENSION]
    return answers.each(endpoint, references)
