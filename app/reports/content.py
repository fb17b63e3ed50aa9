"""The content of a report: from the material of a cycle to the paper. Pure."""

from collections.abc import Callable, Mapping

from app.reports import auditors, council, partnership, so_far, staff
from app.reports.facts import Material
from app.reports.paper import Audience, Paper

_DRAFTS: Mapping[Audience, Callable[[Material], Paper]] = {
    Audience.COUNCIL: council.draft,
    Audience.PARTNERSHIP: partnership.draft,
    Audience.AUDITORS: auditors.draft,
    Audience.STAFF: staff.draft,
}


def draft(material: Material, audience: Audience) -> Paper:
    """Return the draft of one report. While its cycle is open, it has the returns so far."""
    if material.is_open:
        return so_far.draft(material, audience)
    return _DRAFTS[audience](material)
