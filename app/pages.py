"""The parts that all pages share: the set-up and filters of templates, and the pages for faults."""

from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, render_template
from flask_security import current_user
from flask_wtf.csrf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, StrictUndefined, Undefined
from jinja2.utils import missing
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import IntegerConverter, Map

from app import clock, wording
from app.stacked_rows import stacked
from config import log_lines
from config.settings import Settings

csrf = CSRFProtect()


class RowNumber(IntegerConverter):
    """A row's number in an address; a number that no database can hold is answered 404."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


FAULTS = {
    400: ("The service did not understand this request", "Go back and try again."),
    403: (
        "You do not have permission to see this page",
        "You can only see pages that are part of your work.",
    ),
    404: ("Page not found", "If you typed the web address, check that it is correct."),
    405: ("The service did not understand this request", "Go back and try again."),
    413: ("The file is too large", "The file must be 25 MB or smaller."),
    500: (
        "Sorry, there is a problem with the service",
        "Everything that you saved is still there. Try again later.",
    ),
}


# names that the macros of govuk-frontend-jinja read without setting them
LOOSE_NAMES = frozenset({"undefined", "null", "caller", "successBanner", "typeClass"})


class StrictNames(StrictUndefined):
    """A name that a template lacks, which is an error; one that a GOV.UK macro lacks is just absent."""

    def __new__(cls, hint: Any = None, obj: Any = missing, name: Any = None, *_more: Any) -> Any:
        if isinstance(obj, dict) or name in LOOSE_NAMES:
            return Undefined(hint, obj, name)
        return super().__new__(cls)


def init_app(app: Flask, settings: Settings) -> None:
    own = app.jinja_loader
    assert own is not None
    app.jinja_env.loader = ChoiceLoader(
        [
            own,
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    app.jinja_env.undefined = StrictNames
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=wording.in_words,
        full_day=wording.full_day,
        day_and_month=wording.day_and_month,
        short_day=wording.short_day,
        near_day=wording.near_day,
        moment=moment,
        counted=wording.counted,
        plural=wording.plural,
        listed=wording.listed,
        capitalised=wording.capitalised,
        working_days=wording.working_days,
        phone=phone,
        stacked=stacked,
    )
    app.jinja_env.globals.update(
        organisation_name=settings.organisation_name,
        marking=settings.protective_marking,
        service_name=settings.service_name,
        today=clock.today,
    )
    app.url_map.converters["int"] = RowNumber
    # a form may be written in for as long as its sign-in lasts, not for the hour that is the default
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    WTFormsHelpers(app)
    app.register_error_handler(HTTPException, fault)
    app.register_error_handler(500, fault)


def phone(number: str) -> Markup:
    """Return a telephone number as a link, which phones and softphones call."""
    called = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return Markup('<a class="govuk-link govuk-link--no-visited-state" href="tel:{}">{}</a>').format(
        called, number
    )


def moment(value: datetime | None) -> str:
    """Return "10 January 2011 at 8:30am", in the council's time zone."""
    if value is None:
        return ""
    local = value.astimezone(clock.clock().zone)
    return f"{wording.in_words(local.date())} at {wording.time_of_day(local.time())}"


def fault(error: Exception) -> tuple[str, int, dict[str, str]]:
    """Return a page that says what happened and what to do, never the details of the error."""
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    title, hint = FAULTS.get(code, FAULTS[400 if code < 500 else 500])
    if code == 403 and "coordinator" not in getattr(current_user, "role_names", ()):
        hint += " If you need access, ask an audit coordinator."
    allowed = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    headers = {"Allow": ", ".join(allowed)} if allowed else {}
    work = log_lines.current() if code >= 500 else None
    number = work.number if work else None
    try:
        page = render_template("fault.html", title=title, hint=hint, number=number)
    except DBAPIError:
        # the database is away: nobody can tell who has signed in
        nobody = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
        g._login_user = nobody  # noqa: SLF001  where Flask-Login keeps whom it found
        page = render_template("fault.html", title=title, hint=hint, number=number)
    return page, code, headers


def stale_form(_error: Exception) -> tuple[str, int]:
    """Return the page for a form whose token is out of date, mostly because it was left open overnight."""
    title = "This page was open for too long"
    return render_template(
        "fault.html",
        title=title,
        hint="Go back, reload the page and send the form again.",
    ), 400
