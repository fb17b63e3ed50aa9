"""The typed fields of changes, for the pages on which a person sees answers differently."""

from collections.abc import Collection, Iterable, Mapping

from flask import request

from app.answers.form_page import chosen, typed
from app.answers.identifying import warnings
from app.answers.side_by_side import Beside
from app.answers.viewing import Change


def changes_typed(answers: Collection[Beside]) -> dict[int, Change]:
    """Return the changes with a chosen response or a typed reason, by the id of the question."""
    changes = {
        beside.question.id: Change(
            chosen(f"response-{beside.question.id}"), typed(f"reason-{beside.question.id}")
        )
        for beside in answers
    }
    return {key: change for key, change in changes.items() if change != Change(None, None)}


def differences_typed(answers: Collection[Beside]) -> dict[int, Change]:
    """Return the typed changes, without those that choose the response that is there and give no reason.

    So a choice that was made by mistake is undone by choosing the response that is there again.
    """
    unchanged = {
        beside.question.id: Change(beside.response.id if beside.response else None, None)
        for beside in answers
    }
    return {key: change for key, change in changes_typed(answers).items() if change != unchanged[key]}


def seen_version() -> int | None:
    """Return the version of the audit that the person saw; None where the page sent none."""
    version = request.form.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None


def warned_of(texts: Iterable[str | None]) -> list[str]:
    """Return the warnings about texts that seem to identify somebody, each once."""
    return list(dict.fromkeys(warning for text in texts if text for warning in warnings(text)))


def reasons(changes: Mapping[int, Change]) -> list[str | None]:
    """Return all reasons that were typed."""
    return [change.reason for change in changes.values()]
