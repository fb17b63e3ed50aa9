"""`/tools`: the audit tools and their versions. Each module of pages adds its own to the blueprint."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import groupby

from flask import abort, flash, redirect, render_template, url_for
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.audits.cycle import Cycle
from app.database import db
from app.history import record
from app.refusal import Refused
from app.tools import (
    draft_views,
    drafting,
    overall_views,
    part_views,
    queries,
    question_views,
    standard_views,
    versions,
)
from app.tools.blueprint import tools
from app.tools.models import Tool
from app.tools.queries import content_of
from app.tools.saying import KINDS, limit_in_words, question_sentences, responses_in_words, section_sentences

__all__ = ["draft_views", "overall_views", "part_views", "question_views", "standard_views", "tools"]


@tools.get("/tools")
def listing() -> str:
    """Show all tools with their versions and the cycles that use each."""
    by_reference = groupby(queries.all_tools(), key=lambda tool: tool.reference)
    return render_template(
        "tools/listing.html",
        tools=[list(group) for _, group in by_reference],
        cycles=_cycles_by_tool(),
    )


@tools.get("/tools/<reference>/<int:version>")
def page(reference: str, version: int) -> str:
    """Show a version as auditors see it, with how each response counts and what is new in it."""
    return _page(queries.found(reference, version) or abort(404), None)


@tools.post("/tools/<reference>/<int:version>/next")
def new_version(reference: str, version: int) -> Response | tuple[str, int]:
    """Begin the next version as a draft."""
    tool = queries.found(reference, version) or abort(404)
    try:
        draft = drafting.new_version(reference, by=current_user.email)
    except Refused as why:
        return _page(queries.found(tool.reference, tool.version) or abort(404), str(why)), 409
    flash(
        f"Version {draft.version} created as a copy of version {draft.version - 1}. "
        "Edit it, then publish it.",
        "success",
    )
    return redirect(url_for("tools.edit", reference=reference, version=draft.version))


def _page(tool: Tool, refused: str | None) -> str:
    content = content_of(tool)
    earlier = queries.before(tool)
    changes = versions.changes(content_of(earlier), content) if earlier else []
    return render_template(
        "tools/page.html",
        tool=tool,
        content=content,
        sentences=partial(question_sentences, content),
        section_sentences=partial(section_sentences, content),
        limits=[limit_in_words(limit, content) for limit in content.limits],
        responses=responses_in_words,
        kinds=KINDS,
        earlier=earlier,
        changes=changes,
        judge=versions.JUDGE_COMPARISON if versions.is_reworded(changes) else None,
        draft=queries.draft_of(tool.reference),
        newest=queries.latest_published(tool.reference),
        cycles=_cycles_by_tool().get(tool.id, ()),
        history=record.of("tool", drafting.name_of(tool)),
        refused=refused,
    )


def _cycles_by_tool() -> dict[int, Sequence[Cycle]]:
    cycles: defaultdict[int, list[Cycle]] = defaultdict(list)
    for cycle in db.session.scalars(select(Cycle).order_by(Cycle.requested_on.desc(), Cycle.reference)):
        cycles[cycle.tool_id].append(cycle)
    return dict(cycles)
