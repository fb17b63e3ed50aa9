"""The forms of moves: completeness is checked here, moves carry them out."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.moves.fields import WordsField
from app.moves.meanwhile import Both, entered


class MoveForm(FlaskForm):  # type: ignore[misc]
    """The form of a move. It carries the mark of the thing as the page showed it, mostly its version."""

    version = HiddenField()

    meanwhile: Sequence[Both] = ()
    """The fields that somebody else changed while the page was open, beside what was entered."""

    @property
    def seen(self) -> int | None:
        """Return the version of the thing that the person saw; None where the page sent none."""
        version = str(self.version.data or "")
        return int(version) if version.isdecimal() else None

    def entered(self) -> dict[str, Any]:
        """Return the entered values, by the names of fields, which are the names of the move's arguments."""
        return {field.name: field.data for field in self if field.name not in ("version", "csrf_token")}

    @property
    def mark(self) -> str | None:
        """Return the mark of the thing that the person saw, where it has no version."""
        return self.version.data or None

    @property
    def typed(self) -> Sequence[tuple[str, str]]:
        """Return what was entered, to be shown where it cannot be sent any more."""
        return entered(self) if self.is_submitted() else ()


class WordsForm(FlaskForm):  # type: ignore[misc]
    """The form of words alone; the page sets their label."""

    said = WordsField("Reason", named="a reason", needed=False)


class WordsMoveForm(WordsForm, MoveForm):
    """The form of a move that needs a reason and nothing else."""

    def entered(self) -> dict[str, Any]:
        return {"because": self.said.data}
