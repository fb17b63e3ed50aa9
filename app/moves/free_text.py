"""The check of every free text that is written in a form: it must not say who a child is.

Nothing is refused: only the writer can tell. They see the warnings once, and send the form again as it is if
nobody can be known by the text. Forms whose texts are in no field of their own are checked where they are
read, by the same rules (app/identifying/).
"""

from collections.abc import Iterable

from flask import g
from wtforms import Form

from app.identifying.checking import warned_of
from app.moves.fields import LineField, LinesField, WordsField


def warned_of_texts(form: Form) -> list[str]:
    """Return the warnings about what was written in the form's fields of free text, each once."""
    sentences: list[str] = []
    for field in form:
        if isinstance(field, LineField | WordsField | LinesField) and field.is_free and field.data:
            text = field.data if isinstance(field.data, str) else "\n".join(field.data)
            if text != field.object_data:
                sentences += warned_of(text, with_names=not field.has_names)
    return list(dict.fromkeys(sentences))


def show_on_page(warnings: Iterable[str]) -> None:
    """Show these warnings at the top of the page that answers; its forms carry them, as read."""
    g.warned_of_texts = list(warnings)


def shown_on_page() -> list[str]:
    """Return the warnings about texts that this page shows."""
    warnings: list[str] = g.get("warned_of_texts", [])
    return warnings
