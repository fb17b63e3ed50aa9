"""Practice Audits: the service. `create_app` lists all its parts.

The parts are imported when an application is made, so that the command's help comes at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Make the web application of one installation; its settings come from the environment by default."""
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from app import addresses, clock, database, navigation, pages, permissions, security_headers
    from app.account.access_views import account
    from app.answers.views import answers
    from app.api.routes import api, keys
    from app.assigning.views import assigning
    from app.audit_pages.views import audits
    from app.bodies.views import bodies
    from app.calendar.views import calendar
    from app.case_keys import ring as case_keys
    from app.chase_list.views import chase_list
    from app.concerns.views import concerns
    from app.council_accounts.views import council_accounts
    from app.cycle_pages.views import cycles
    from app.exemplars.views import exemplars
    from app.findings.views import findings
    from app.imports.views import imports
    from app.made_files.views import made_files
    from app.moves import sent_once, typed_texts
    from app.moves.typed_views import typed
    from app.outbox import composing
    from app.outbox.views import outbox
    from app.people import confirming, signing_in
    from app.people import messages as people_messages
    from app.people.password_views import people
    from app.reading_pages.views import readings
    from app.readings import requests as reading_requests
    from app.reminders import recheck as reminder_kinds
    from app.reminders.views import reminders
    from app.reports.views import reports
    from app.retention.views import retention
    from app.sampling.views import sampling
    from app.settings.history_views import history
    from app.settings.views import settings as settings_pages
    from app.summary.views import summaries
    from app.today.views import today
    from app.tools.views import tools
    from app.tracker.quick_wins import quick_wins
    from app.tracker.views import actions
    from app.watching import requests
    from app.watching.health import health
    from app.watching.views import watching
    from app.workers.views import workers
    from config import logging_setup, private_files
    from config.settings import PROJECT, from_environment

    settings = settings or from_environment()
    app = Flask(__name__, template_folder=str(PROJECT / "templates"))
    if settings.proxy_count:
        # what the proxies before these say of the client can be forged
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.config["SECRET_KEY"] = settings.secret_key
    app.extensions["settings"] = settings
    logging_setup.init_app(app)
    requests.init_app(app)
    private_files.keep_private(settings)
    clock.init_app(app, settings.time_zone)
    database.init_app(app, settings.database_url)
    case_keys.init_app(app, settings)
    pages.init_app(app, settings)
    security_headers.init_app(app, settings)
    signing_in.init_app(app, settings)
    composing.init_app(app, settings)
    sent_once.init_app(app)
    typed_texts.init_app(app)
    confirming.init_app(app)
    addresses.init_app(app)
    permissions.init_app(app)
    navigation.init_app(app)
    reading_requests.init_app(app)
    reminder_kinds.register_kinds()
    people_messages.register_kinds()
    for blueprint in (
        today,
        workers,
        cycles,
        findings,
        sampling,
        assigning,
        audits,
        chase_list,
        answers,
        concerns,
        actions,
        quick_wins,
        bodies,
        calendar,
        exemplars,
        tools,
        people,
        council_accounts,
        account,
        settings_pages,
        reminders,
        outbox,
        readings,
        history,
        reports,
        summaries,
        retention,
        imports,
        made_files,
        api,
        keys,
        typed,
        health,
        watching,
    ):
        app.register_blueprint(blueprint)
    return app
