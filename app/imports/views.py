"""`/imports`: upload a file, see what it would change or its faults, then import it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePath

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
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

from app import clock
from app.audits.cycle import Cycle
from app.database import db, transaction
from app.downloads import marked, protective_marking
from app.files import waiting
from app.files.faults import Unreadable, shown
from app.files.imported import Imported
from app.files.opening import MOST_MEGABYTES
from app.files.progress import Tell, silent
from app.files.sandbox import refuse_unsound
from app.files.waiting import Waiting
from app.files.workbook import TYPE
from app.history.record import Event, record
from app.imports import running
from app.imports.kinds import ENDINGS, KINDS, Kind, kinds_for
from app.imports.marked import listed as faults_listed
from app.imports.marked import marked as with_marks
from app.imports.preview import LINES_SHOWN, MOST_PREVIEWED, Line, preview
from app.imports.running import Progress
from app.moves.fields import ChoiceField, FileField, RadiosField
from app.moves.sent_once import note_work
from app.people import confirming
from app.wording import capitalised
from config.settings import Settings

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
    note_work()
    return redirect(url_for("imports.looked_at", token=token))


@imports.get("/imports/<token>")
def looked_at(token: str) -> Page:
    """Show what the file would add and change, or its faults; while it is imported, the progress."""
    kind, sent, path = _waiting_file(token)
    if progress := running.progress(path):
        return _progress_page(token, sent, kind, path, progress)
    outcome = kind.take_in(path, on=clock.today(), cycle=sent.cycle, dry_run=True, by=current_user.email)
    previewed = not outcome.refused and 0 < outcome.added + outcome.changed <= MOST_PREVIEWED
    return _outcome_page(
        token, sent, kind, outcome, preview(kind, path, sent.cycle, current_user.email) if previewed else []
    )


@imports.post("/imports/<token>")
def take_in(token: str) -> Page:
    """Import the whole file, or nothing if it has a fault by now."""
    kind, sent, path = _waiting_file(token)
    if kind.name == "staff":
        confirming.require()  # a staff file changes roles
    import_it = partial(_import, kind, path, sent.cycle, current_user.email)
    if path.stat().st_size >= running.LONG_FROM_BYTES or running.progress(path):
        running.start(path, import_it)
        return redirect(url_for("imports.looked_at", token=token))
    outcome = import_it(silent)
    if outcome.refused:
        return _outcome_page(token, sent, kind, outcome), 409
    waiting.remove(_folder(), token)
    flash(running.told(outcome), "success")
    return redirect(url_for("imports.page"))


def _import(kind: Kind, path: Path, cycle: str | None, who: str, tell: Tell) -> Imported:
    with transaction():
        outcome = kind.take_in(path, on=clock.today(), cycle=cycle, tell=tell, by=who)
        if outcome.added + outcome.changed and not outcome.refused:
            counts = f"{outcome.added:,} added, {outcome.changed:,} changed"
            record(who, [Event("import", kind.name, "imported", after=counts, on=clock.today())])
    return outcome


def _progress_page(token: str, sent: Waiting, kind: Kind, path: Path, progress: Progress) -> Page:
    if progress.failed or progress.is_silent(clock.now()):
        running.forget(path)
        why = progress.ended or "The service stopped during the import."
        flash(f"{why} Nothing was imported.", "warning")
        return redirect(url_for("imports.looked_at", token=token))
    if progress.ended:
        waiting.remove(_folder(), token)
        flash(progress.ended, "success")
        return redirect(url_for("imports.page"))
    answer = make_response(render_template("imports/running.html", sent=sent, kind=kind, rows=progress.rows))
    answer.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


@imports.post("/imports/<token>/drop")
def drop(token: str) -> AnyResponse:
    """Remove the file without importing it."""
    _waiting_file(token)
    waiting.remove(_folder(), token)
    note_work()
    flash("File removed. Nothing was changed.", "success")
    return redirect(url_for("imports.page"))


@imports.get("/imports/<token>/faults.xlsx")
def faults(token: str) -> Response:
    """Send the file with its faulty cells marked, each with the reason."""
    kind, sent, path = _waiting_file(token)
    file_faults = kind.take_in(
        path, on=clock.today(), cycle=sent.cycle, dry_run=True, by=current_user.email
    ).faults or abort(404)
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
    folder, now = _folder(), clock.now()
    waiting.remove_old(folder, now)
    facts = Waiting(
        current_user.id, kind.name, cycle, shown(name), f"{kind.name}{ending}", kept_at=now.isoformat()
    )
    token = waiting.keep(folder, sent.read(MOST_MEGABYTES * 1_000_000 + 1), facts)
    try:
        refuse_unsound(folder / token / facts.file)
    except Unreadable:
        waiting.remove(folder, token)
        raise
    return token


def _outcome_page(
    token: str, sent: Waiting, kind: Kind, outcome: Imported, lines: Sequence[Line] = ()
) -> str:
    return render_template(
        "imports/looked_at.html",
        token=token,
        sent=sent,
        kind=kind,
        outcome=outcome,
        faults=outcome.faults[:FAULTS_SHOWN],
        warnings=outcome.warnings[:WARNINGS_SHOWN],
        lines=lines,
        all_shown=len(lines) < LINES_SHOWN,
        would_change=outcome.added + outcome.changed > 0,
    )


def _waiting_file(token: str) -> tuple[Kind, Waiting, Path]:
    """Return the person's own file of a token, if its kind is one that they may still import."""
    sent, path = waiting.found(_folder(), token, current_user.id, clock.now()) or abort(404)
    return _kind(sent.kind), sent, path


def _kind(name: str) -> Kind:
    kind = next(kind for kind in KINDS if kind.name == name)
    if not kind.roles & current_user.role_names:
        abort(403)
    return kind


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance_path / "imports"


def _cycles() -> list[tuple[str, str]]:
    query = select(Cycle.reference, Cycle.title).order_by(Cycle.requested_on.desc(), Cycle.reference)
    return [(row.reference, f"{row.reference}, {row.title}") for row in db.session.execute(query)]
