"""The web application for any WSGI server: `gunicorn wsgi:app`, beside `practice-audits worker`."""

import sys

from app import create_app
from app.case_keys.fitting import take_key
from app.commands.running import Refusal, refusing
from app.history.checking import refuse_other_key
from app.migrating import migrate
from app.outbox.copies import look
from config.logging_setup import clean_end, clean_threads

GUNICORN_STOPS = 4
"""The exit status of a worker after which gunicorn starts no other."""

clean_end()
clean_threads()

try:
    with refusing():
        app = create_app()
        with app.app_context():
            migrate()
            refuse_other_key()
            take_key()
            look()
except Refusal as refusal:
    refusal.show()
    sys.exit(GUNICORN_STOPS)
