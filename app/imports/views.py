"""`/imports`: upload a file, see what it would change or its faults, then import it."""

from collections.abc import Sequence
from pathlib import Path, PurePath

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_security import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from app import clock, waiting_files
from app.audits.cycle import Cycle
from app.copies_at_work import folder_for_a_copy
from app.database import db
from app.downloads import marked, protective_marking
from app.files.faults import Unreadable, shown
from app.files.imported import Imported
from app.files.opening import MOST_MEGABYTES
from app.files.progress import silent
from app.files.sandbox import refuse_unsound
from app.files.workbook import TYPE
from app.imports import running
from app.imports.kinds import ENDINGS, Kind, kinds_for, named
from app.imports.marked import listed as faults_listed
from app.imports.marked import marked as with_marks
from app.imports.preview import LINES_SHOWN, MOST_PREVIEWED, Line, preview
from app.long_work import carrying_out
from app.long_work.models import LongWork
from app.moves.fields import ChoiceField, FileField, RadiosField
from app.people import confirming
from app.waiting_files import WaitingFile, as_file
from app.wording import capitalised

imports = Blueprint("imports", __name__)

Page = str | AnyResponse | tuple[str, int]

FAULTS_SHOWN = WARNINGS_SHOWN = 100
SECONDS_BETWEEN_LOOKS = 2


class ImportForm(FlaskForm):  # type: ignore[misc]
    """The form that uploads a file."""

    kind = RadiosField("What is in the file?", named="what is in the file")
    cycle = ChoiceField("Cycle of the audits (optional)", needed=False)
    file = FileField("File", named="a file")


@imports.route("/imports", methods=["GET", "POST"])
def page() -> Page:
    """Choose the kind of a file and upload it."""
    form = ImportForm()
    kinds = kinds_for(current_user.role_names)
    form.kind.choices = [(kind.name, kind.title) for kind in kinds]
    form.cycle.choices = [("", "The cycle is named in the file"), *_cycles()]

    def page_of(form: ImportForm, status: int) -> tuple[str, int]:
        return render_template(
            "imports/page.html", form=form, kinds=kinds, endings=ENDINGS, most=MOST_MEGABYTES
        ), status

    if not form.is_submitted():
        form.kind.data = request.args.get("kind")
        return page_of(form, 200)
    if not form.validate():
        return page_of(form, 422)
    try:
        token = _kept(_kind(form.kind.data), form.cycle.data or None, form.file.data)
    except Unreadable as why:
        form.file.errors = [capitalised(str(why))]
        return page_of(form, 422)
    return redirect(url_for("imports.looked_at", token=token))


@imports.get("/imports/<token>")
def looked_at(token: str) -> Page:
    """Show what the file would add and change, or its faults; while it is imported, the progress."""
    kind, sent = _waiting_file(token)
    if work := carrying_out.progress(sent):
        return _progress_page(sent, kind, work)
    with as_file(sent) as path:
        outcome = _looked_through(kind, sent, path)
        previewed = not outcome.refused and 0 < outcome.added + outcome.changed <= MOST_PREVIEWED
        lines = preview(kind, path, sent.cycle, current_user.email) if previewed else []
    return _outcome_page(sent, kind, outcome, lines)


@imports.post("/imports/<token>")
def take_in(token: str) -> Page:
    """Import the whole file, or nothing if it has a fault by now."""
    kind, sent = _waiting_file(token)
    if kind.name == "staff":
        confirming.require()  # a staff file changes roles
    if sent.size >= running.LONG_FROM_BYTES or carrying_out.progress(sent):
        carrying_out.start(running.IMPORTS, token, by=current_user.email)
        return redirect(url_for("imports.looked_at", token=token))
    outcome = running.take_in(sent, by=current_user.email, tell=silent)
    if outcome.refused:
        return _outcome_page(sent, kind, outcome), 409
    waiting_files.remove(token)
    flash(running.told(outcome), "success")
    return redirect(url_for("imports.page"))


def _looked_through(kind: Kind, sent: WaitingFile, path: Path) -> Imported:
    return kind.take_in(path, on=clock.today(), cycle=sent.cycle, dry_run=True, by=current_user.email)


def _progress_page(sent: WaitingFile, kind: Kind, work: LongWork) -> Page:
    if work.ended and work.failed:
        flash(f"{work.ended} Nothing was imported.", "warning")
        carrying_out.forget(sent)
        return redirect(url_for("imports.looked_at", token=sent.token))
    if work.ended:
        flash(work.ended, "success")
        waiting_files.remove(sent.token)
        return redirect(url_for("imports.page"))
    page = render_template(
        "imports/running.html",
        sent=sent,
        kind=kind,
        rows=carrying_out.rows_done(work),
        has_begun=work.attempts > 0,
        waits_too_long=carrying_out.waits_too_long(work, clock.now()),
    )
    answer = make_response(page)
    answer.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


@imports.post("/imports/<token>/drop")
def drop(token: str) -> AnyResponse:
    """Remove the file without importing it."""
    _waiting_file(token)
    waiting_files.remove(token)
    flash("File removed. Nothing was changed.", "success")
    return redirect(url_for("imports.page"))


@imports.get("/imports/<token>/faults.xlsx")
def faults(token: str) -> Response:
    """Send the file with its faulty cells marked, each with the reason."""
    kind, sent = _waiting_file(token)
    with as_file(sent) as path:
        file_faults = _looked_through(kind, sent, path).faults or abort(404)
        marking = protective_marking()
        content = (
            with_marks(path.name, path.read_bytes(), kind.headings, file_faults, marking)
            if kind.table
            else faults_listed(file_faults, marking)
        )
    answer = Response(content, mimetype=TYPE)
    name = marked(f"{kind.name} errors")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _kept(kind: Kind, cycle: str | None, sent: FileStorage) -> str:
    """Store the file and return its token. Raises Unreadable, and stores nothing, if it is not sound."""
    name = PurePath((sent.filename or "").replace("\\", "/")).name
    ending = PurePath(name).suffix.lower()
    if ending not in kind.endings:
        raise Unreadable(f"the file name must end in {' or '.join(kind.endings)}")
    content = sent.read(MOST_MEGABYTES * 1_000_000 + 1)
    with folder_for_a_copy() as folder:
        path = folder / f"{kind.name}{ending}"
        path.write_bytes(content)
        refuse_unsound(path)
    return waiting_files.keep(
        content, person_id=current_user.id, kind=kind.name, sent_as=shown(name), ending=ending, cycle=cycle
    )


def _outcome_page(sent: WaitingFile, kind: Kind, outcome: Imported, lines: Sequence[Line] = ()) -> str:
    return render_template(
        "imports/looked_at.html",
        token=sent.token,
        sent=sent,
        kind=kind,
        outcome=outcome,
        faults=outcome.faults[:FAULTS_SHOWN],
        warnings=outcome.warnings[:WARNINGS_SHOWN],
        lines=lines,
        all_shown=len(lines) < LINES_SHOWN,
        would_change=outcome.added + outcome.changed > 0,
    )


def _waiting_file(token: str) -> tuple[Kind, WaitingFile]:
    """Return the person's own file of a token, if its kind is one that they may still import."""
    sent = waiting_files.found(token, current_user.id) or abort(404)
    return _kind(sent.kind), sent


def _kind(name: str) -> Kind:
    kind = named(name) or abort(404)
    if not kind.roles & current_user.role_names:
        abort(403)
    return kind


def _cycles() -> list[tuple[str, str]]:
    query = select(Cycle.reference, Cycle.title).order_by(Cycle.requested_on.desc(), Cycle.reference)
    return [(row.reference, f"{row.reference}, {row.title}") for row in db.session.execute(query)]
