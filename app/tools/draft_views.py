"""The pages of a draft: begin it, change it, publish or delete it."""

from collections.abc import Callable
from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from wtforms import Field

from app.clock import today
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept, digest
from app.moves.moving import held
from app.moves.page import Page, Shown, form_page
from app.refusal import ChangedMeanwhile, Refused
from app.tools import drafting, queries, versions
from app.tools.blueprint import tools
from app.tools.content import Content
from app.tools.double_questions import two_in_one
from app.tools.drafting import NotADraft
from app.tools.forms import DetailsForm, NewToolForm, TitleForm
from app.tools.models import Tool
from app.tools.queries import content_of, part
from app.tools.saying import limit_in_words, question_sentences, scale_in_words, section_sentences
from app.tools.soundness import one_sided

AS_ASKED = 200


def shown(template: str, status: int = AS_ASKED, **names: object) -> Page:
    """Render a page, with a status if it is not 200."""
    page = render_template(template, **names)
    return page if status == AS_ASKED else (page, status)


def draft_or_refusal(reference: str, version: int) -> tuple[Tool, Page | None]:
    """Return the version to be changed, and the page that refuses it if it cannot be."""
    tool = queries.found(reference, version) or abort(404)
    why = drafting.refuse_change(tool)
    return tool, refusal_page(tool, why) if why else None


def draft_of_form(reference: str, version: int) -> tuple[Tool, Page | None]:
    """Return the version that a form changes, and the page that refuses to show the form.

    A form that was sent is not refused here: the page that refuses it shows what was entered.
    """
    tool, refusal = draft_or_refusal(reference, version)
    return tool, refusal if request.method == "GET" else None


def refusal_page(tool: Tool, why: str) -> Page:
    """Render the page that says why a version cannot be changed, with 409."""
    return shown("tools/refused.html", 409, tool=tool, refused=why)


def part_page(
    tool: Tool,
    form: MoveForm,
    template: str,
    change: Callable[[], None],
    filled: Callable[[], MoveForm] | None = None,
    *,
    at: Callable[[Refused], Field] | None = None,
    refused: str | None = None,
    mark: Callable[[], object] | None = None,
    beside: str | None = None,
    **names: object,
) -> Page:
    """Show the form of a part of a draft, or make its change and go to the draft, at the anchor `beside`.

    `filled` returns the form of the part as it is kept; None for a new part. `mark` returns what the form
    changes, where its fields do not say all of it.
    """
    reference, version = tool.reference, tool.version

    def render(shown: Shown) -> str:
        tool = queries.found(reference, version) or abort(404)
        if shown.refused:
            return render_template("tools/refused.html", tool=tool, refused=shown.refused, form=form)
        return render_template(template, tool=tool, form=form, **names)

    def carry_out() -> str:
        change()
        return url_for("tools.edit", reference=reference, version=version, _anchor=beside)

    return form_page(
        form,
        render,
        carry_out,
        at=at,
        refused=drafting.refuse_change(tool) or refused,
        kept=Kept(filled, lambda: held(tool), mark) if filled is not None else None,
    )


def make_change(
    tool: Tool,
    change: Callable[[], None],
    *,
    beside: str | None = None,
    part: Callable[[], object] | None = None,
) -> Page:
    """Make a change without a form of its own, then go to the draft, at the anchor `beside`.

    `part` returns the part that the change removes, as it is now; None where it is gone.
    """
    reference, version, form = tool.reference, tool.version, MoveForm()

    def carry_out() -> str:
        change()
        return ""

    def mark() -> str | None:
        now = part() if part is not None else None
        return digest(now) if now is not None else form.mark

    try:
        Kept(hold=lambda: held(tool), mark=mark).carry_out(form, carry_out)
    except ChangedMeanwhile as why:
        return edit_page(queries.found(reference, version) or abort(404), refused=str(why), status=409)
    except NotADraft as why:
        return refusal_page(tool, str(why))
    except Refused as why:
        return edit_page(queries.found(reference, version) or abort(404), refused=str(why), status=422)
    return redirect(url_for("tools.edit", reference=reference, version=version, _anchor=beside))


def edit_page(
    tool: Tool, *, section: TitleForm | None = None, refused: str | None = None, status: int = AS_ASKED
) -> Page:
    """Show the draft with all that can be changed in it."""
    content = content_of(tool)
    return shown(
        "tools/edit.html",
        status,
        tool=tool,
        content=content,
        section_form=section or TitleForm(formdata=None),
        refused=refused,
        sentences=partial(question_sentences, content),
        section_sentences=partial(section_sentences, content),
        part=part,
        limits=[limit_in_words(limit, content) for limit in content.limits],
        in_words=scale_in_words,
        mark_of=digest,
        doubles=doubles(tool),
        one_sided=scales_of_one_side(content),
    )


def doubles(tool: Tool) -> dict[str, str]:
    """Return the words that seem to ask two things, by the key of their question."""
    doubles = {question.key: two_in_one(question.text) for question in content_of(tool).questions()}
    return {key: words for key, words in doubles.items() if words}


def scales_of_one_side(content: Content) -> dict[str, str]:
    """Return the sentences about scales with responses of one kind only, by scale."""
    sentences = {scale.name: one_sided(scale) for scale in content.scales}
    return {name: why for name, why in sentences.items() if why}


@tools.route("/tools/new", methods=["GET", "POST"])
def new() -> Page:
    """Begin a new tool."""
    form = NewToolForm()

    def begin() -> str:
        tool = drafting.create(form.reference.data, form.details(), by=current_user.email)
        flash(f"Draft of {tool.title} created. Add sections and questions, then publish it.", "success")
        return url_for("tools.edit", reference=tool.reference, version=tool.version)

    return form_page(
        form, lambda _shown: render_template("tools/new.html", form=form), begin, at=form.reference
    )


@tools.get("/tools/<reference>/<int:version>/edit")
def edit(reference: str, version: int) -> Page:
    """Show the draft with all that can be changed in it."""
    tool, refusal = draft_or_refusal(reference, version)
    return refusal or edit_page(tool)


@tools.route("/tools/<reference>/<int:version>/edit/details", methods=["GET", "POST"])
def edit_details(reference: str, version: int) -> Page:
    """Change the title and the least that gives a figure."""
    tool, refusal = draft_of_form(reference, version)
    if refusal:
        return refusal
    form = DetailsForm(tool)
    return part_page(
        tool,
        form,
        "tools/details.html",
        lambda: drafting.change_details(tool, form.details(), by=current_user.email),
        lambda: DetailsForm(tool),
    )


@tools.route("/tools/<reference>/<int:version>/publish", methods=["GET", "POST"])
def publish(reference: str, version: int) -> Page:
    """Publish a draft, after a page that says what that means and what prevents it."""
    tool, refusal = draft_or_refusal(reference, version)
    if refusal:
        return refusal
    return _publish(tool)


def _publish(tool: Tool) -> Page:
    faults = drafting.refuse_publish(tool)
    content, earlier = content_of(tool), queries.before(tool)
    sent, refused = request.method == "POST", None
    if sent and not faults:
        reference, version = tool.reference, tool.version

        def carry_out() -> str:
            drafting.publish(tool, by=current_user.email, on=today())
            flash(f"Version {version} published. New cycles can use it.", "success")
            return url_for("tools.page", reference=reference, version=version)

        try:
            return redirect(_whole(tool).carry_out(MoveForm(), carry_out))
        except ChangedMeanwhile as why:
            refused, content = str(why), content_of(tool)
        except NotADraft as why:
            return refusal_page(tool, str(why))
        except Refused as why:
            faults = [str(why)]
    return shown(
        "tools/publish.html",
        409 if refused else 422 if sent else AS_ASKED,
        tool=tool,
        mark=digest(content),
        refused=refused,
        faults=faults,
        doubles=doubles(tool),
        one_sided=scales_of_one_side(content),
        changes=versions.changes(content_of(earlier), content) if earlier else [],
        earlier=earlier,
    )


@tools.route("/tools/<reference>/<int:version>/delete", methods=["GET", "POST"])
def delete(reference: str, version: int) -> Page:
    """Delete a draft, after a page that asks to confirm it."""
    tool, refusal = draft_or_refusal(reference, version)
    if refusal:
        return refusal
    form, title = MoveForm(), tool.title

    def render(shown: Shown) -> str:
        if shown.refused:
            return render_template("tools/refused.html", tool=tool, refused=shown.refused)
        return render_template("tools/delete.html", tool=tool, form=form)

    def delete() -> str:
        drafting.delete(tool, by=current_user.email)
        return url_for("tools.listing")

    done = f"Draft of {title}, version {version} deleted"
    return form_page(form, render, delete, done=done, kept=_whole(tool))


def _whole(tool: Tool) -> Kept:
    """Return a draft as a whole, for what ends it."""
    return Kept(hold=lambda: held(tool), mark=lambda: digest(content_of(tool)))
