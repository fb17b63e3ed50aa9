"""The web application for any WSGI server: `gunicorn wsgi:app`, beside `practice-audits worker`."""

from app import create_app
from app.migrating import migrate

app = create_app()

with app.app_context():
    migrate()
