"""`/files`: the files that a worker makes for the person signed in, and downloading them."""

from io import BytesIO

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import clock, downloads, waiting_files
from app.downloads import LargeFile
from app.files.workbook import TYPE
from app.long_work import carrying_out
from app.long_work.models import LongWork
from app.made_files import making, what
from app.made_files.what import Asked
from app.readings.kinds import Kind
from app.readings.noting import note
from app.waiting_files import WaitingFile

made_files = Blueprint("made_files", __name__)

SECONDS_BETWEEN_LOOKS = 2

TYPES = {".xlsx": TYPE}
"""The types of files that Python does not know everywhere."""


@made_files.app_errorhandler(LargeFile)
def large(_file: LargeFile) -> str:
    """Show, in the place of a large file, that a worker makes it, and the button for that."""
    asked = what.asked(request.full_path.removesuffix("?")) or abort(404)
    return render_template("made_files/large.html", asked=asked, at_once=f"{downloads.AT_ONCE:,}")


@made_files.get("/files")
def listing() -> str:
    """Show the person's own files."""
    files = [
        (file, work, asked, _is_offered(work, asked))
        for file, work in making.files_of(current_user.id)
        if (asked := making.asked_for(work)) is not None
    ]
    return render_template("made_files/listing.html", files=files)


@made_files.post("/files")
def ask() -> AnyResponse:
    """Let a worker make a file."""
    asked = what.asked(request.args.get("address", "")) or abort(404)
    if not asked.is_open:
        abort(403)
    return redirect(url_for("made_files.page", token=making.ask(asked, current_user)))


@made_files.get("/files/<token>")
def page(token: str) -> Response:
    """Show how far a file is; when it is made, offer it."""
    file, work, asked = _own(token)
    page = render_template(
        "made_files/page.html",
        file=file,
        work=work,
        asked=asked,
        rows=carrying_out.rows_done(work),
        gone_at=waiting_files.gone_at(file),
        is_offered=_is_offered(work, asked),
        seconds=SECONDS_BETWEEN_LOOKS,
        waits_too_long=carrying_out.waits_too_long(work, clock.now()),
    )
    answer = make_response(page)
    if work.ended is None:
        answer.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


@made_files.get("/files/<token>/download")
def download(token: str) -> Response:
    """Send a file that was made, to who may still see what is in it. It is recorded as always."""
    file, work, asked = _own(token)
    if work.ended is None or work.failed:
        abort(404)
    if not _is_offered(work, asked):
        abort(403)
    note(Kind.DOWNLOAD, asked.path).how_many = 1
    content = BytesIO(waiting_files.content_of(file))
    return send_file(content, TYPES.get(file.ending), as_attachment=True, download_name=file.sent_as)


def _own(token: str) -> tuple[WaitingFile, LongWork, Asked]:
    file = waiting_files.found(token, current_user.id)
    work = carrying_out.progress(file) if file else None
    asked = making.asked_for(work) if work else None
    if file is None or work is None or asked is None:
        abort(make_response(render_template("made_files/gone.html"), 404))
    return file, work, asked


def _is_offered(work: LongWork, asked: Asked) -> bool:
    """Return True where the person still sees what is in a file as they did when it was made."""
    return asked.is_open and work.seen_as == what.seen_as()
