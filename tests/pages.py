"""The visible words of pages, as a person reads them."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from app.identifying.known_numbers import CASE_NUMBER

INSISTS = {"let_through": CASE_NUMBER}
"""The entry of somebody who was told that their text seems to include a case number, and sends it again."""

VISITED = 3
"""The pages of one kind that are looked at when links are followed."""

_UNREAD = re.compile(r"<(select|script|head|style)\b.*?</\1>", re.DOTALL)
_WITHIN_A_LINE = re.compile(r"</?(a|abbr|b|code|em|i|span|strong)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def opened(client: FlaskClient, address: str) -> str:
    """Return the page at an address; fail the test if it does not open."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status}"
    return answer.get_data(as_text=True)


def visible(page: str) -> str:
    """Return the words of a page on one line, without markup and without lists of choices."""
    words = _TAG.sub(" ", _WITHIN_A_LINE.sub("", _UNREAD.sub(" ", page)))
    return " ".join(html.unescape(words).split())


def reached(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Yield path and page of what a person finds who follows links from the first page."""
    seen, visited, waiting = {"/"}, defaultdict[Any, int](int), ["/"]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(app, path)
        if kind is None or visited[kind] == VISITED:
            continue
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        visited[kind] += 1
        page = answer.get_data(as_text=True)
        yield path, page
        for href in re.findall(r'<a\b[^>]*\bhref="([^"#]+)"', page):
            address = urlsplit(urljoin(f"http://localhost{path}", html.unescape(href)))
            if address.netloc == "localhost" and address.path not in seen and not address.query:
                seen.add(address.path)
                waiting.append(address.path)


def kind_of(app: Flask, path: str) -> str | None:
    """Return the endpoint of a path; None where it is no page."""
    if path.startswith(("/static", "/sign-out")):
        return None
    try:
        return str(app.url_map.bind("localhost").match(path, "GET")[0])
    except HTTPException:
        return None
