"""References in addresses: in any letter case there, and as they are stored for the pages."""

from collections.abc import Mapping

from flask import Flask, request

from app.actions.models import Action, Recommendation
from app.audits.cycle import Cycle
from app.audits.models import Audit
from app.called import Referenced
from app.concerns.models import Alert, Remedy
from app.cycles.models import EarlierCycle
from app.exemplars.models import Exemplar
from app.quick_wins.models import QuickWin
from app.tools.models import Tool

ADDRESSED: Mapping[str, type[Referenced]] = {
    "/actions/": Action,
    "/alerts/": Alert,
    "/api/v1/cycles/": Cycle,
    "/audits/": Audit,
    "/cycles/": Cycle,
    "/exemplars/": Exemplar,
    "/exemplars/nominations/": Audit,
    "/findings/earlier/": EarlierCycle,
    "/practice/": QuickWin,
    "/quick-wins/": QuickWin,
    "/recommendations/": Recommendation,
    "/remedies/": Remedy,
    "/retention/": Cycle,
    "/tools/": Tool,
}
"""The kinds of things that have a reference in addresses, by what stands before it."""


def init_app(app: Flask) -> None:
    """Give every page the reference of its address as it is stored."""

    @app.url_value_preprocessor
    def as_stored(_endpoint: str | None, named: dict[str, str] | None) -> None:
        reference = (named or {}).get("reference")
        if named is None or reference is None or request.url_rule is None:
            return
        before = request.url_rule.rule.partition("<reference>")[0]
        named["reference"] = ADDRESSED[before].as_stored(reference)
