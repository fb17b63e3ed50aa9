"""The things that an email sent at once is about, from its facts: these stay when its text goes. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

ONE = ("audit", "alert", "remedy", "response", "reply")
"""The kinds of thing that a fact of the same name gives, by its id."""


def things_named(facts: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the things that the facts of an email name, each by its kind and its id."""
    for kind in ONE:
        if kind in facts:
            yield kind, facts[kind]
    for audit in facts.get("audits", ()):
        yield "audit", audit[0] if isinstance(audit, list) else audit
    for kind, number in facts.get("things", ()):
        yield kind, number
