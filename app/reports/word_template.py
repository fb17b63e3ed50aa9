"""The council's own Word template: its page, styles, header and footer, with its text taken out."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.oxml import serialize_part_xml
from docx.opc.rel import _Relationship as Link
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn
from docx.oxml.xmlchemy import BaseOxmlElement

from app.refusal import Refused
from app.reports.word_lists import Lists
from app.reports.word_sections import keep_one_section, parts_shown
from app.reports.word_styles import Styles, grid
from app.wording import counted, listed, plural

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 500

ELSEWHERE = (
    "The header or footer of the template shows something that is kept in another file, such as a linked "
    "picture. Put it in the document itself, then save and upload it again."
)
NOT_WORD = "The selected file must be a Word document or template (.docx or .dotx) that can be opened"
OLD_OR_PROTECTED = (
    "The selected file has a password, or was made for Word 97 to 2003 (.doc or .dot). "
    "Open it in Word, remove the password, and save it as a Word document (.docx)."
)
STRICT = (
    "The selected file is a “Strict Open XML Document”. "
    "Open it in Word and save it as “Word Document (.docx)” instead."
)
OPEN_DOCUMENT = "The selected file is an OpenDocument text (.odt). Save it as a Word document (.docx)."
MACROS = (
    "The selected file has macros, or can have them. "
    "Save it as a Word document (.docx) or template (.dotx) without macros."
)

_CONTENT_TYPES = "[Content_Types].xml"
_WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml."
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_OF_THE_TEXT = ("header", "footer", "image", "chart", "package", "oleObject", "aFChunk", "comments")
"""The kinds of parts that nothing but the text of a document needs, unless a section names them."""

_OF_ITS_OWN_MAKING = ("attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "recipientData")
"""The kinds of files that a document was made from: Word looks for them whenever it is opened."""

_LINKED = f"{{{nsmap['r']}}}"
"""The beginning of the names of attributes that name a link to another part."""

_FETCHES = re.compile(r"^\s*(INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DDE|DDEAUTO|DATABASE)\b", re.IGNORECASE)
"""Fields that show what lies in another file."""


@dataclass(frozen=True)
class Template:
    """A template as a document without text. `notes` says in sentences what of it reports do not use."""

    document: WordDocument
    styles: Styles
    lists: Lists
    notes: tuple[str, ...]


def opened(content: bytes) -> Template:
    """Return the template as a document without text that opens without fetching anything.

    Raises Refused when it cannot be used.
    """
    try:
        refuse_unsound(content)
        document = Document(io.BytesIO(_readable(content)))
        notes = [*_left_out(document), *_taken_off(document), *keep_one_section(document)]
        _drop_what_is_not_needed(document)
        _refuse_what_lies_elsewhere(document)
        styles = Styles(document)
        lists = Lists(document, styles)
    except Refused:
        raise
    except Exception as fault:
        raise Refused(NOT_WORD) from fault
    notes += [*_not_filled_in(document), *_lacking(document, styles, lists)]
    return Template(document, styles, lists, tuple(notes))


def refuse_unsound(content: bytes) -> None:
    """Refuse what is not Word, is too large, unpacks to too much, or can hold macros."""
    if len(content) > MOST_BYTES:
        raise Refused(f"The selected file must be {MOST_BYTES // 1024 // 1024} MB or smaller")
    if content.startswith(_OLD_WORD):
        raise Refused(OLD_OR_PROTECTED)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refused("The selected file has too much in it. Save it with fewer or smaller pictures.")
        if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
            raise Refused(MACROS)
        if "mimetype" in archive.namelist() and b"opendocument" in archive.read("mimetype"):
            raise Refused(OPEN_DOCUMENT)
        if b"macroEnabled" in archive.read(_CONTENT_TYPES):
            raise Refused(MACROS)
        if b"purl.oclc.org/ooxml" in archive.read("_rels/.rels"):
            raise Refused(STRICT)


def _readable(content: bytes) -> bytes:
    """Return the file as python-docx reads it: as a document, with no link to a part that it lacks."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
        names = {name.lower() for name in before.namelist()}
        for name in before.namelist():
            part = before.read(name)
            if name == _CONTENT_TYPES:
                part = part.replace(_WORD + b"template.main+xml", _WORD + b"document.main+xml")
            elif name.endswith(".rels"):
                part = _related(part, dirname(dirname(name)), names)
            after.writestr(name, part)
    return file.getvalue()


def _related(rels: bytes, folder: str, names: set[str]) -> bytes:
    """Return the links of a part; one to a part that the file lacks is as one to something elsewhere."""
    links = parse_xml(rels)
    for link in links:
        target = normpath(join("/", folder, link.get("Target", ""))).lstrip("/")
        if target.lower() not in names:
            link.set("TargetMode", "External")
    return serialize_part_xml(links)


def _left_out(document: WordDocument) -> Iterator[str]:
    """Say what is left out with the text of the template."""
    body = document.element.body
    controls = len(body.findall(f".//{qn('w:sdt')}"))
    if controls:
        yield (
            f"The text of the template has {counted(controls, 'content control')}, "
            f"which {plural(controls, 'is', 'are')} left out with the text."
        )
    if any(next(body.iter(qn(tag)), None) is not None for tag in ("w:drawing", "w:pict")):
        yield (
            "Pictures in the text of the template are left out. "
            "To show a logo in reports, put it in the header."
        )


def _taken_off(document: WordDocument) -> Iterator[str]:
    """Take off what would bind a report: protection, mail merge, the file that the template was made from."""
    settings = document.settings.element
    for tag, note in (
        ("w:documentProtection", "The template is protected against changes. Word reports are not."),
        ("w:writeProtection", "The template asks to be opened as read-only. Word reports do not."),
        ("w:mailMerge", "The template is set up for a mail merge. Word reports are not."),
        ("w:attachedTemplate", None),
    ):
        for element in settings.findall(qn(tag)):
            settings.remove(element)
            if note:
                yield note


def _drop_what_is_not_needed(document: WordDocument) -> None:
    """Drop what the text of the template needed, a picture of its first page, and what it was made from."""
    package, part = document.part.package, document.part
    for name in part.rels.keys() - set(_named(document.element)):
        if part.rels[name].is_external or _kind(part.rels[name]) in _OF_THE_TEXT:
            del part.rels[name]
    for name in [name for name, link in package.rels.items() if _kind(link) == "thumbnail"]:
        del package.rels[name]
    for each in package.iter_parts():
        for name in [name for name, link in each.rels.items() if _kind(link) in _OF_ITS_OWN_MAKING]:
            del each.rels[name]


def _refuse_what_lies_elsewhere(document: WordDocument) -> None:
    """Refuse a template that would fetch something when a report is opened or printed. Hyperlinks stay."""
    for part in document.part.package.iter_parts():
        if any(link.is_external and _kind(link) != "hyperlink" for link in part.rels.values()):
            raise Refused(ELSEWHERE)
    if any(_FETCHES.match(field) for part in parts_shown(document) for field in _fields(part.element)):
        raise Refused(ELSEWHERE)


def _not_filled_in(document: WordDocument) -> Iterator[str]:
    """Name the content controls of header and footer that show a prompt, which Word does not fill in."""
    controls = (control for part in parts_shown(document) for control in part.element.iter(qn("w:sdt")))
    for control in controls:
        properties = control.find(qn("w:sdtPr"))
        if properties is None or properties.find(qn("w:showingPlcHdr")) is None:
            continue
        bound = properties.find(qn("w:dataBinding"))
        if bound is None or not any("core-properties" in value for value in bound.attrib.values()):
            words = "".join(text.text or "" for text in control.iter(qn("w:t")))
            yield (
                "The header or footer has a content control that is not filled in. "
                f"Word reports show “{words}”."
            )


def _lacking(document: WordDocument, styles: Styles, lists: Lists) -> Iterator[str]:
    if styles.made:
        similar = plural(len(styles.made), "a similar style that fits", "similar styles that fit")
        yield (
            f"The template does not have the {plural(len(styles.made), 'style')} {listed(styles.made)}. "
            f"Word reports use {similar} its text."
        )
    if lists.without_bullets:
        yield "The style List Bullet of the template has no bullets. Word reports add them."
    if grid(document) is None:
        yield "The template does not have the table style Table Grid. Tables get thin borders."


def _kind(link: Link) -> str:
    return link.reltype.rsplit("/", 1)[-1]


def _named(element: BaseOxmlElement) -> Iterator[str]:
    """Yield the names of all links that are used in an element."""
    for each in element.iter():
        yield from (value for name, value in each.attrib.items() if name.startswith(_LINKED))


def _fields(element: BaseOxmlElement) -> Iterator[str]:
    """Yield what each field is told to show, such as "PAGE"; Word may split it over several places."""
    told: list[str] = []
    for each in element.iter(qn("w:fldSimple"), qn("w:fldChar"), qn("w:instrText")):
        if each.tag == qn("w:fldSimple"):
            yield each.get(qn("w:instr"), "")
        elif each.tag == qn("w:instrText"):
            told[-1:] = [told[-1] + (each.text or "")] if told else []
        elif each.get(qn("w:fldCharType")) == "begin":
            told.append("")
        elif each.get(qn("w:fldCharType")) == "end" and told:
            yield told.pop()
