"""Rendering a message from a folder of templates: subject, plain text and HTML side by side."""

from flask import current_app

from app.outbox.kinds import Rendered
from app.outbox.subjects import fitting
from config.settings import Settings


def render(folder: str, **values: object) -> Rendered:
    """Render subject.txt, body.txt and body.html of a folder of `templates/emails/` with these values.

    Every template also has `service_name`, `organisation_name` and `base_url`. Each line of the subject is a
    wording of it, the fullest first: the first that is short enough is taken.
    """
    settings: Settings = current_app.extensions["settings"]
    values = {"base_url": settings.base_url, **values}

    def rendered(name: str) -> str:
        return current_app.jinja_env.get_template(f"emails/{folder}/{name}").render(values)

    return Rendered(
        subject=fitting(rendered("subject.txt").split("\n")),
        text=rendered("body.txt").strip() + "\n",
        html=rendered("body.html").strip() + "\n",
    )
