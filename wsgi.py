"""The web application for any WSGI server: `gunicorn wsgi:app`. The scheduler runs in `practice-audits worker`."""

from app import create_app
from app.migrating import migrate

app = create_app()

with app.app_context():
    migrate()
