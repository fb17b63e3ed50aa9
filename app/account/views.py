"""`/account`: a person's own password, second factor and sessions."""

from flask import flash, redirect, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.account.code_views import account, recovery_codes_page, setting_up, wanted
from app.account.forms import ChangePasswordForm, CodeForm, PasswordAgainForm
from app.account.guessing import guess_at_code, guess_at_password
from app.moves.forms import MoveForm
from app.moves.page import Page, Words, form_page, move_page
from app.people import moves, passwords, second_factor, sessions
from app.people.sessions import BrowserSession
from app.people.signing_in import browser_session, go_on_anew, go_on_with, password_is, remember_device
from app.people.ways_in import only_with_local_passwords, ways_in
from app.refusal import Refused

__all__ = ["account"]

NOT_RIGHT = "Password is not correct"

REMOVE = Words(
    "Remove your authenticator app",
    "You will sign in with your password alone. Your recovery codes will stop working, and you will be "
    "signed out on all other devices.",
    "Remove authenticator app",
    "Authenticator app removed",
    serious=True,
)


@account.get("/account")
def page() -> str:
    """Show a person's password, second factor and sessions."""
    here = _here()
    return render_template(
        "account/page.html",
        here=here,
        has_password=_has_password(here),
        sessions=sessions.of_person(here.person.id),
        codes_left=second_factor.recovery_codes_left(here.person),
        must_have=_has_password(here) and sessions.must_have_second_factor(here.person),
    )


@account.route("/account/password", methods=["GET", "POST"])
def password() -> Page:
    """Change one's own password; all other browsers are signed out."""
    only_with_local_passwords()
    form = ChangePasswordForm()
    here = _here()

    def change() -> str:
        _check_password(form.password.data or "")
        moves.set_password(here.person.id, form.new_password.data or "", by=here.person.email)
        go_on_anew(here)
        remember_device(here.person.id)
        return url_for("account.page")

    return form_page(
        form,
        lambda shown: render_template(
            "account/password.html", form=form, refused=shown.refused, shortest=passwords.SHORTEST
        ),
        change,
        done="Password changed. You are signed out on all other devices.",
        at=lambda why: form.password if str(why) == NOT_RIGHT else form.new_password,
    )


@account.route("/account/confirm", methods=["GET", "POST"])
def confirm() -> Page:
    """Ask for the password again, before what matters most."""
    here, then = _here(), wanted()
    has_password = _has_password(here)
    form = PasswordAgainForm() if has_password else CodeForm()
    field = form.password if has_password else form.code

    def check() -> str:
        if has_password:
            _check_password(field.data or "")
        else:
            with guess_at_code(here):
                second_factor.use(here.person.id, field.data or "")
        sessions.confirm(here)
        return then

    return form_page(
        form,
        lambda shown: render_template(
            "account/confirm.html",
            form=form,
            refused=shown.refused,
            next=then,
            person=here.person,
            has_password=has_password,
        ),
        check,
        at=field,
    )


@account.post("/account/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response:
    """Sign oneself out on another device."""
    if sessions.end_one(_here().person.id, session_id):
        flash("You are signed out on that device", "success")
    else:
        flash("You are not signed in on that device")
    return redirect(url_for("account.page"))


@account.post("/account/sessions/end-others")
def end_others() -> Response:
    """Sign oneself out on all other devices."""
    sessions.end_others(_here())
    flash("You are signed out on all other devices", "success")
    return redirect(url_for("account.page"))


@account.route("/account/authenticator-app", methods=["GET", "POST"])
def set_up() -> Page:
    """Set an authenticator app up, or another one in its place."""
    return setting_up(_here(), needed=False, then=url_for("account.page"))


@account.route("/account/authenticator-app/remove", methods=["GET", "POST"])
def remove_app() -> Page:
    """Take one's authenticator app away, where no role needs it."""
    here = _here()
    needs = sessions.must_have_second_factor(here.person)

    def remove() -> None:
        go_on_with(second_factor.remove(here, by=here.person.email))

    return move_page(
        MoveForm(),
        None,
        REMOVE,
        remove,
        thing="Your account",
        back=url_for("account.page"),
        refused=second_factor.NEEDED if needs else None,
    )


@account.post("/account/recovery-codes")
def make_recovery_codes() -> Page:
    """Make new recovery codes, and show them once."""
    try:
        codes = second_factor.make_recovery_codes(_here(), by=current_user.email)
    except Refused as why:
        flash(str(why), "refused")
        return redirect(url_for("account.page"))
    return recovery_codes_page(codes, url_for("account.page"))


def _here() -> BrowserSession:
    """Return the session of the person who is signed in."""
    here = browser_session()
    assert here is not None  # the table of permissions lets nobody else in
    return here


def _has_password(here: BrowserSession) -> bool:
    return here.person.password is not None and ways_in().local_passwords


def _check_password(given: str) -> None:
    here = _here()
    with guess_at_password(here):
        if not password_is(here.person, given):
            raise Refused(NOT_RIGHT)
