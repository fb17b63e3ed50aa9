"""The council's own Word template: its styles, logo, header and footer, with its text taken out."""

import io
import zipfile

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from app.refusal import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 500

ELSEWHERE = (
    "The template shows something that is kept in another file, such as a linked picture. "
    "Put it in the document itself, then save and upload it again."
)
NOT_WORD = "The selected file must be a Word document (.docx) that can be opened"


def emptied(content: bytes) -> WordDocument:
    """Return the template as a document without text that opens without fetching anything.

    Its page set-up stays. Raises Refused when it cannot be used.
    """
    refuse_unsound(content)
    try:
        document = Document(io.BytesIO(content))
        body = document.element.body
        page = body.sectPr if body.sectPr is not None else None
        for element in list(body):
            if element is not page and element.tag != qn("w:sectPr"):
                body.remove(element)
        remove_attached_template(document)
    except Refused:
        raise
    except Exception as fault:
        raise Refused(NOT_WORD) from fault
    return document


def remove_attached_template(document: WordDocument) -> None:
    """Remove the reference to the file that the template was itself made from.

    Word would look for that file whenever a report is opened, on whatever machine it names. Hyperlinks stay.
    Raises Refused for any other external part.
    """
    for part in document.part.package.iter_parts():
        for name, related in list(part.rels.items()):
            if not related.is_external or related.reltype.endswith("/hyperlink"):
                continue
            if not related.reltype.endswith("/attachedTemplate"):
                raise Refused(ELSEWHERE)
            for element in list(part.element.iter(qn("w:attachedTemplate"))):
                part.element.remove(element)
            del part.rels[name]


def refuse_unsound(content: bytes) -> None:
    """Refuse what is no .docx, is too large, unpacks to too much, or holds macros."""
    if len(content) > MOST_BYTES:
        raise Refused(f"The selected file must be {MOST_BYTES // 1024 // 1024} MB or smaller")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = [part.filename.lower() for part in parts]
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Refused("The selected file has too much in it. Save it with fewer or smaller pictures.")
            if any(name.endswith("vbaproject.bin") for name in names):
                raise Refused(
                    "The selected file has macros. Save it as a Word document without macros (.docx)."
                )
            if "word/document.xml" not in names:
                raise Refused(NOT_WORD)
    except zipfile.BadZipFile as fault:
        raise Refused(NOT_WORD) from fault
