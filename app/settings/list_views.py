"""`/settings/places` and `/settings/context`: the council's own lists that the form offers."""

from flask import abort, redirect, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.answers import list_moves
from app.answers.list_moves import CONTEXT, PLACES, Entry, OwnList
from app.database import db
from app.moves.fields import LineField
from app.moves.forms import MoveForm
from app.moves.page import Page, Words, form_page
from app.settings.blueprint import settings
from app.settings.renaming import rename_page
from app.wording import capitalised

LISTS = {"places": PLACES, "context": CONTEXT}


class EntryForm(MoveForm):
    """An entry of one of the lists."""

    label = LineField("Name", has_names=True, longest=100)


@settings.get("/settings/places", defaults={"which": "places"})
@settings.get("/settings/context", defaults={"which": "context"})
def own_list(which: str) -> str:
    """Show a list in the order of the form."""
    return _page(which, EntryForm())


@settings.post("/settings/places", defaults={"which": "places"})
@settings.post("/settings/context", defaults={"which": "context"})
def add_entry(which: str) -> Page:
    """Add an entry at the end."""
    form = EntryForm()

    def add() -> str:
        list_moves.add(LISTS[which], form.label.data, by=current_user.email)
        return url_for("settings.own_list", which=which)

    return form_page(
        form,
        lambda _shown: _page(which, form),
        add,
        done=f"{capitalised(LISTS[which].one)} added",
        at=form.label,
    )


@settings.route("/settings/places/<int:entry_id>", methods=["GET", "POST"], defaults={"which": "places"})
@settings.route("/settings/context/<int:entry_id>", methods=["GET", "POST"], defaults={"which": "context"})
def rename_entry(which: str, entry_id: int) -> Page:
    """Rename an entry."""
    entry, own_list = _entry_or_404(LISTS[which], entry_id), LISTS[which]
    return rename_page(
        EntryForm,
        entry,
        Words(
            f"Rename “{entry.label}”",
            f"Answers that use this {own_list.one} will show the new name.",
            "Save",
            f"{capitalised(own_list.one)} renamed",
        ),
        lambda label: list_moves.rename(own_list, entry_id, label, by=current_user.email),
        back_to=capitalised(own_list.name),
        back=url_for("settings.own_list", which=which),
    )


@settings.post("/settings/places/<int:entry_id>/up", defaults={"which": "places"})
@settings.post("/settings/context/<int:entry_id>/up", defaults={"which": "context"})
def move_entry_up(which: str, entry_id: int) -> Response:
    """Put an entry one place higher."""
    list_moves.move_up(LISTS[which], _entry_or_404(LISTS[which], entry_id).id, by=current_user.email)
    return redirect(url_for("settings.own_list", which=which))


def _page(which: str, form: EntryForm) -> str:
    return render_template(
        "settings/own_list.html",
        form=form,
        which=which,
        list=LISTS[which],
        entries=list_moves.entries(LISTS[which]),
    )


def _entry_or_404(which: OwnList, entry_id: int) -> Entry:
    return db.session.get(which.model, entry_id) or abort(404)
