"""What the pages share on which somebody sees answers differently: the fields of a change, as typed."""

from collections.abc import Collection, Iterable, Mapping

from flask import request

from app.answers.form_page import chosen, typed
from app.answers.identifying import warnings
from app.answers.side_by_side import Beside
from app.answers.viewing import Change


def changes_typed(asked: Collection[Beside]) -> dict[int, Change]:
    """The questions of which a response was chosen or a reason typed, by id."""
    given = {
        beside.question.id: Change(
            chosen(f"response-{beside.question.id}"), typed(f"reason-{beside.question.id}")
        )
        for beside in asked
    }
    return {key: change for key, change in given.items() if change != Change(None, None)}


def differences_typed(asked: Collection[Beside]) -> dict[int, Change]:
    """As changes_typed, without what says just what is there: a choice that was made by mistake is undone by
    choosing the response that is there again."""
    there = {
        beside.question.id: Change(beside.response.id if beside.response else None, None) for beside in asked
    }
    return {key: change for key, change in changes_typed(asked).items() if change != there[key]}


def seen_version() -> int | None:
    """The version of the audit that the person saw."""
    given = request.form.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


def warned_of(texts: Iterable[str | None]) -> list[str]:
    """Return what in the texts looks as if it named somebody, each sentence once."""
    return list(dict.fromkeys(warning for text in texts if text for warning in warnings(text)))


def reasons(changes: Mapping[int, Change]) -> list[str | None]:
    """Return all reasons that were typed."""
    return [change.reason for change in changes.values()]
