"""The visible words of pages, as a person reads them."""

import html
import re

from flask.testing import FlaskClient

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
