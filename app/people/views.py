"""The pages of people: the list, one person, adding and editing, leave, invitations."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from markupsafe import Markup

from app import access, due_dates
from app.clock import today
from app.database import db
from app.listing import Address, paged
from app.moves.meanwhile import Kept, mark_of
from app.moves.page import Page, Shown, form_page, removal
from app.outbox.queries import mail_goes
from app.pages import phone
from app.people import caring, confirming, inviting, leave_moves, moves, own_roles, reaching, signing_in
from app.people.closures import due_in_words, working_days
from app.people.forms import LeaveForm, PersonForm
from app.people.listing import PAGE, STATES, asked_for, away_of, listed, team_names
from app.people.looking_after import Care
from app.people.models import Leave, Person
from app.people.presence import PersonFacts
from app.people.reading_history import history_of_person, who_in_words
from app.people.roles import RoleName
from app.people.ways_in import Standing, connected_at, standing_of, ways_in, with_way_in
from app.refusal import Refused
from app.wording import counted, in_words, plural
from app.wording import listed as listed_in_words

people = Blueprint("people", __name__)


@people.app_template_filter("that_counts")
def that_counts(due_on: date | None) -> date | None:
    """Return the date that a due date counts as, to be shown as any date is."""
    return due_dates.that_counts(due_on, working_days())


@people.app_template_filter("due_in_full")
def due_in_full(due_on: date | None) -> str:
    """Return the date that counts, and the one that was entered where it is another."""
    return due_dates.in_full(due_on, working_days())


@people.app_template_filter("named")
def named(person: Person | PersonFacts, *, with_number: bool = False) -> str:
    """Return a person as pages name them: "Ann Lee", "Ann Lee (has left)", and where they can be phoned "Ann
    Lee, 01270 555 001"."""
    if with_number and person.telephone and not person.has_left(today()):
        return Markup("{}, {}").format(person.name, phone(person.telephone))
    return reaching.with_leaving(person, today())


people.add_app_template_filter(due_in_words)
people.add_app_template_filter(who_in_words)


@people.get("/people")
def listing() -> str:
    """List people by name, filtered by the address."""
    asked = asked_for(request.args)
    on = today()
    page = paged(listed(asked, on), PAGE)
    return render_template(
        "people/listing.html",
        asked=asked,
        page=page,
        on=on,
        away=away_of(page, on),
        address=Address.here(),
        states=STATES,
        roles=list(RoleName),
        teams=team_names(),
        not_invited=inviting.number_not_invited(on, current_user.email),
        asking=own_roles.people_who_ask(),
        mail_goes=mail_goes(),
        can_sign_in=_standings(page, on),
    )


@people.route("/people/new", methods=["GET", "POST"])
def new() -> Page:
    """Add a person."""
    form = PersonForm()

    def add() -> str:
        if form.roles.data:
            confirming.require()
        person = moves.add_person(form.details(), by=current_user.email)
        flash(f"{person.name} added", "success")
        return url_for("people.page", person_id=person.id)

    return form_page(form, lambda _shown: _edit_page(form, None), add)


@people.get("/people/<int:person_id>")
def page(person_id: int) -> str:
    """Show a person: details, leave, history."""
    return _page(_person_or_404(person_id))


@people.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
def edit(person_id: int) -> Page:
    """Change the details of a person."""
    person = _person_or_404(person_id)
    form = PersonForm(person)

    def change() -> str:
        details, roles = form.details(), set(person.role_names)
        if details.roles != roles or details.email != person.email:
            confirming.require()
        here = signing_in.browser_session()
        asked = moves.change_person(person_id, details, by=current_user.email)
        if person.role_names != roles and here is not None and here.person.id == person_id:
            signing_in.go_on_anew(here)
        flash(_saved(asked), "success")
        # not for those who have just given up the role that shows it
        is_shown = access.may("people.page", person_id=person_id)
        return url_for("people.page", person_id=person_id) if is_shown else url_for("today.home")

    return form_page(
        form,
        lambda _shown: _edit_page(form, person),
        change,
        kept=Kept(lambda: PersonForm(person), moves.hold_all),
    )


@people.post("/people/<int:person_id>/roles/<role>/confirm")
def confirm_role(person_id: int, role: str) -> Page:
    """Give a person a role that they asked for."""
    return _decide_role(person_id, role, own_roles.confirm, done="Role confirmed. The person gets an email.")


@people.post("/people/<int:person_id>/roles/<role>/refuse")
def refuse_role(person_id: int, role: str) -> Page:
    """Refuse a role that a person asked for, or take one's own request back."""
    return _decide_role(person_id, role, own_roles.refuse, done="The role was not given")


def _decide_role(person_id: int, role: str, decide: Callable[..., None], *, done: str) -> Page:
    person = _person_or_404(person_id)
    try:
        decide(person_id, role, by=current_user.email)
    except Refused as why:
        return _page(person, refused=str(why)), 409
    flash(done, "success")
    return redirect(url_for("people.page", person_id=person_id))


def _saved(asked: Collection[RoleName]) -> str:
    if not asked:
        return "Changes saved"
    roles = f"{plural(len(asked), 'role')} {listed_in_words(sorted(asked))}"
    return f"Changes saved. Another coordinator or administrator must confirm your {roles}."


@people.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
def add_leave(person_id: int) -> Page:
    """Enter leave."""
    return _leave(_person_or_404(person_id), None)


@people.route("/people/<int:person_id>/leave/<int:leave_id>", methods=["GET", "POST"])
def edit_leave(person_id: int, leave_id: int) -> Page:
    """Change a spell of leave."""
    return _leave(_person_or_404(person_id), _leave_or_404(person_id, leave_id))


@people.post("/people/<int:person_id>/leave/<int:leave_id>/remove")
def remove_leave(person_id: int, leave_id: int) -> Page:
    """Take a spell of leave out."""
    spell = _leave_or_404(person_id, leave_id)

    def remove() -> str:
        leave_moves.remove_leave(leave_id, by=current_user.email)
        return url_for("people.page", person_id=person_id)

    def refused(why: str) -> str:
        form = _leave_form(spell)
        form.form_errors = [why]
        form.version.data = mark_of(form)
        return _leave_page(form, spell.person, spell, Shown())

    kept = Kept(
        hold=lambda: leave_moves.hold_leave(person_id, spell), mark=lambda: mark_of(_leave_form(spell))
    )
    return removal(kept, remove, refused, done="Leave removed")


@people.post("/people/<int:person_id>/invite")
def invite(person_id: int) -> Page:
    """Send one person a link for choosing a password, or show it once where no mail goes."""
    person = _person_or_404(person_id)
    if not mail_goes():
        confirming.require()
    try:
        invited = inviting.invite(person_id, by=current_user.email, on=today())
    except Refused as why:
        return _page(person, refused=str(why)), 409
    if invited.link:
        return render_template("people/links.html", invited=[invited])
    flash(f"{person.name} will get an email {_with_what()}", "success")
    return redirect(url_for("people.page", person_id=person_id))


@people.post("/people/invite")
def invite_all() -> Page:
    """Invite everybody who was not invited yet."""
    if not mail_goes():
        confirming.require()
    invited = inviting.invite_all(by=current_user.email, on=today())
    if invited and not mail_goes():
        return render_template("people/links.html", invited=invited)
    people_invited = counted(len(invited), "person", "people")
    flash(f"{people_invited} will get an email {_with_what()}", "success")
    return redirect(url_for("people.listing"))


def _with_what() -> str:
    ways = ways_in()
    return "with a link to choose a password" if ways.local_passwords else "that says how to sign in"


def _leave(person: Person, spell: Leave | None) -> Page:
    form = _leave_form(spell)
    person_id = person.id
    replacing: list[tuple[date, date]] = []

    def overlapping() -> list[str]:
        others = leave_moves.overlapped(person_id, form.from_on.data, form.to_on.data, spell)
        replacing[:] = [(other.from_on, other.to_on) for other in others]
        return [
            f"This overlaps leave from {in_words(from_on)} to {in_words(to_on)}: replace it?"
            for from_on, to_on in replacing
        ]

    def save() -> str:
        details = (form.from_on.data, form.to_on.data, form.deputy.person_id)
        if spell is None:
            leave_moves.add_leave(person_id, *details, by=current_user.email, replacing=replacing)
        else:
            leave_moves.change_leave(spell.id, *details, by=current_user.email, replacing=replacing)
        return url_for("people.page", person_id=person_id)

    return form_page(
        form,
        lambda shown: _leave_page(form, person, spell, shown),
        save,
        done="Leave saved",
        warned=overlapping,
        kept=_kept_leave(person_id, spell) if spell is not None else None,
    )


def _kept_leave(person_id: int, spell: Leave) -> Kept:
    return Kept(lambda: _leave_form(spell), lambda: leave_moves.hold_leave(person_id, spell))


def _leave_form(spell: Leave | None) -> LeaveForm:
    if spell is None:
        return LeaveForm()
    deputy = spell.deputy.email if spell.deputy else ""
    return LeaveForm(data={"from_on": spell.from_on, "to_on": spell.to_on, "deputy": deputy})


def _leave_page(form: LeaveForm, person: Person, spell: Leave | None, shown: Shown) -> str:
    if shown.refused:
        form.form_errors = [shown.refused]
    about = {"person": person, "spell": spell, "warnings": shown.warnings}
    return render_template("people/leave.html", form=form, **about)


def _edit_page(form: PersonForm, person: Person | None) -> str:
    return render_template("people/edit.html", form=form, person=person, teams=team_names())


def _page(person: Person, refused: str | None = None) -> str:
    on = today()
    return render_template(
        "people/page.html",
        person=person,
        on=on,
        refused=refused,
        mail_goes=mail_goes(),
        ways=ways_in(),
        can_sign_in=_standings([person], on)[person.id],
        connected_at=connected_at(person.id),
        why_no_link=inviting.why_no_link(person, current_user.email),
        not_theirs=caring.why_not(person, Care.KEEP, current_user.email),
        requests=own_roles.requests_of([person.id]),
        why_not_confirmed=own_roles.why_not_confirmed,
        history=history_of_person(person),
    )


def _standings(some: Iterable[Person], on: date) -> Mapping[int, Standing]:
    """Return whether people can sign in, by id."""
    listed_people = list(some)
    with_one = with_way_in(listed_people)
    return {person.id: standing_of(person, on, has_way_in=person.id in with_one) for person in listed_people}


def _person_or_404(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)


def _leave_or_404(person_id: int, leave_id: int) -> Leave:
    spell = db.session.get(Leave, leave_id)
    if spell is None or spell.person_id != person_id:
        abort(404)
    return spell
