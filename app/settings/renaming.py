"""The page that renames an entry of one of the council's lists."""

from collections.abc import Callable

from app.database import Base
from app.moves.fields import LineField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.moving import held
from app.moves.page import Page, Words, move_page
from app.wording import capitalised


def words_of_a_name(kind: str, name: str, whose: str) -> Words:
    """Return the words of the page that renames a team or an agency, which frozen figures name too."""
    return Words(
        f"Rename {kind} “{name}”",
        f"{whose} of this {kind} will show the new name. "
        "Final reports and figures that were frozen keep the old one.",
        "Save",
        f"{capitalised(kind)} renamed",
    )


def rename_page(
    form_of: type[MoveForm],
    row: Base,
    words: Words,
    rename: Callable[[str], None],
    *,
    back_to: str,
    back: str,
) -> Page:
    """Show the form of a row's name, its only field, or give the row another name and go back to its list."""
    form = form_of(obj=row)
    named = next(field for field in form if isinstance(field, LineField))
    kept = Kept(lambda: form_of(obj=row), lambda: held(row))
    return move_page(
        form,
        kept,
        words,
        lambda: rename(named.data),
        thing=back_to,
        back=back,
        template="settings/rename.html",
        named=named,
    )
