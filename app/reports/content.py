"""The content of a report: from what is known of a cycle to the paper. Pure."""

from collections.abc import Callable, Mapping

from app.reports import auditors, council, partnership, staff
from app.reports.facts import Material
from app.reports.paper import Audience, Paper

_WRITTEN: Mapping[Audience, Callable[[Material], Paper]] = {
    Audience.COUNCIL: council.written,
    Audience.PARTNERSHIP: partnership.written,
    Audience.AUDITORS: auditors.written,
    Audience.STAFF: staff.written,
}


def written(material: Material, audience: Audience) -> Paper:
    """Return the draft of a report."""
    return _WRITTEN[audience](material)
