"""Word files as councils have them, made for the tests: by python-docx and by changing their XML."""

# ruff: noqa: SLF001  python-docx has no names for what is changed here
import io
import re
import zipfile
from collections.abc import Callable
from copy import deepcopy

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Cm

from app.drawing import Drawing, png

HEADER, FOOTER = "Cheshire East Council", "Children’s services"

Change = Callable[[WordDocument], None]


def a_file(*changes: Change) -> bytes:
    """Return a Word document that has the header and footer of a council, after these changes."""
    document = Document()
    name(document.sections[0])
    for change in changes:
        change(document)
    return saved(document)


def saved(document: WordDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def opened(content: bytes) -> WordDocument:
    return Document(io.BytesIO(content))


def name(section: Section, header: str = HEADER, footer: str = FOOTER) -> None:
    section.header.paragraphs[0].text = header
    section.footer.paragraphs[0].text = footer


def unname(section: Section) -> None:
    """Take header and footer away from a section: it has its own, which are empty."""
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    name(section, "", "")


def replaced(content: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """Return the file with some of its parts changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
        for part in before.namelist():
            content_of_it = before.read(part)
            after.writestr(part, changes[part](content_of_it) if part in changes else content_of_it)
    return file.getvalue()


def as_dotx(content: bytes) -> bytes:
    return of_type(content, b"wordprocessingml.template.main+xml")


def of_type(content: bytes, kind: bytes) -> bytes:
    """Return the file as one whose main part is of another kind."""

    def change(types: bytes) -> bytes:
        return types.replace(b"wordprocessingml.document.main+xml", kind)

    return replaced(content, {"[Content_Types].xml": change})


def strict(content: bytes) -> bytes:
    def change(rels: bytes) -> bytes:
        return rels.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    return replaced(content, {"_rels/.rels": change})


def with_a_cover(document: WordDocument) -> None:
    """Put a cover before the text, whose header and footer the text takes over."""
    document.add_paragraph("Cover")
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("Body")


def with_a_cover_of_its_own(document: WordDocument) -> None:
    with_a_cover(document)
    name(document.sections[0], "Only on the cover", "Only under the cover")
    document.sections[1].header.is_linked_to_previous = False
    document.sections[1].footer.is_linked_to_previous = False
    name(document.sections[1])


def with_an_appendix_on_its_side(document: WordDocument) -> None:
    with_a_cover(document)
    turn(document.add_section(WD_SECTION.NEW_PAGE))


def with_a_back_page(document: WordDocument) -> None:
    with_a_cover(document)
    unname(document.add_section(WD_SECTION.NEW_PAGE))


def with_a_cover_in_a_content_control(document: WordDocument) -> None:
    """Put a cover from Word's gallery before the text, with the end of its section inside the control."""
    with_a_cover(document)
    body = document.element.body
    paragraphs = [each for each in body if each.tag == qn("w:p")]
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    body.insert(0, control)
    for paragraph in paragraphs[:2]:
        control.find(qn("w:sdtContent")).append(paragraph)


def turn(section: Section) -> None:
    section.orientation = WD_ORIENTATION.LANDSCAPE
    height, width = section.page_width, section.page_height
    section.page_width, section.page_height = width, height


def on_its_side(document: WordDocument) -> None:
    turn(document.sections[0])


def with_wide_margins(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.left_margin, section.right_margin = Cm(21), Cm(6), Cm(3)
    section.gutter = Cm(1)


def with_columns(document: WordDocument) -> None:
    columns = document.sections[0]._sectPr.find(qn("w:cols"))
    columns.set(qn("w:num"), "2")


def with_a_different_first_page(document: WordDocument) -> None:
    """Leave the first page of a section without a header, as for a cover."""
    document.sections[0].different_first_page_header_footer = True


def with_a_first_page_of_its_own(document: WordDocument) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = f"First page of {HEADER}"


def with_a_first_page_from_the_section_before(document: WordDocument) -> None:
    with_a_first_page_of_its_own(document)
    with_a_cover(document)
    document.sections[1].different_first_page_header_footer = True


def with_even_pages(document: WordDocument) -> None:
    document.settings.odd_and_even_pages_header_footer = True
    document.sections[0].even_page_header.paragraphs[0].text = f"Even page of {HEADER}"


def with_a_tracked_change_of_its_page(document: WordDocument) -> None:
    section = document.sections[0]._sectPr
    change = parse_xml(f'<w:sectPrChange {nsdecls("w")} w:id="1" w:author="A"><w:sectPr/></w:sectPrChange>')
    section.append(change)


def with_the_footer_in_a_table(document: WordDocument) -> None:
    footer = document.sections[0].footer
    footer.paragraphs[0].text = ""
    footer.add_table(1, 2, Cm(10)).rows[0].cells[0].text = FOOTER


def without_a_section(document: WordDocument) -> None:
    body = document.element.body
    body.remove(body.sectPr)


def without_a_page(document: WordDocument) -> None:
    section = document.sections[0]._sectPr
    for tag in ("w:pgSz", "w:pgMar"):
        section.remove(section.find(qn(tag)))


def without_room(document: WordDocument) -> None:
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(9)


def blank(document: WordDocument) -> None:
    """Leave the four styles of an empty file from Word, and no numbering."""
    for style in list(document.styles):
        if style.name not in ("Normal", "Default Paragraph Font", "Normal Table", "No List"):
            style.element.getparent().remove(style.element)
    styles = document.styles.element
    styles.remove(styles.find(qn("w:latentStyles")))
    _without_numbering(document)


def made_by_libre_office(document: WordDocument) -> None:
    """Name the styles as LibreOffice does, with lists that have no marks and no style of tables."""
    for style in list(document.styles):
        element = style.element
        if style.type == WD_STYLE_TYPE.TABLE or style.name.startswith(("Table", "Light", "Medium")):
            element.getparent().remove(element)
        elif style.name.startswith("Heading ") or style.name == "Caption":
            element.find(qn("w:name")).set(qn("w:val"), style.name)
    for element in document.styles.element.findall(f".//{qn('w:numPr')}"):
        element.getparent().remove(element)
    _without_numbering(document)


IN_GERMAN = {
    "Normal": "Standard",
    "Title": "Titel",
    "Heading 1": "Überschrift 1",
    "Heading 2": "Überschrift 2",
    "Heading 3": "Überschrift 3",
    "Caption": "Beschriftung",
    "List Bullet": "Aufzählungszeichen",
    "List Number": "Listennummer",
    "Table Grid": "Tabellenraster",
}


def with_ids_in_german(document: WordDocument) -> None:
    """Give the styles the ids of a German Word, which keeps their English names."""
    _rename_ids(document)


def with_names_in_german(document: WordDocument) -> None:
    _rename_ids(document)
    for style in list(document.styles):
        if style.name in IN_GERMAN:
            style.element.find(qn("w:name")).set(qn("w:val"), IN_GERMAN[style.name])


def _rename_ids(document: WordDocument) -> None:
    ids = {document.styles[name].style_id: IN_GERMAN[name].replace(" ", "") for name in IN_GERMAN}
    for element in document.styles.element.iter():
        for attribute in (qn("w:styleId"), qn("w:val")):
            is_named = element.tag.endswith(("}basedOn", "}next", "}link", "}style"))
            if is_named and element.get(attribute) in ids:
                element.set(attribute, ids[element.get(attribute)])


def with_bullets_from_a_list_style(document: WordDocument) -> None:
    """Let the bullets come from a numbering that refers to a list style, as a council's own list does."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Bullet"].element
    number = int(style.pPr.numPr.numId.val)
    abstract = numbering.num_having_numId(number).abstractNumId.val
    own = numbering.xpath(f'w:abstractNum[@w:abstractNumId="{abstract}"]')[0]
    link = deepcopy(own)
    for level in link.findall(qn("w:lvl")):
        link.remove(level)
    link.set(qn("w:abstractNumId"), "990")
    for element, tag in ((link, "w:numStyleLink"), (own, "w:styleLink")):
        reference = OxmlElement(tag)
        reference.set(qn("w:val"), "CouncilList")
        element.insert(2, reference)
    own.addprevious(link)
    numbering.num_having_numId(number).abstractNumId.val = 990


def without_some_styles(document: WordDocument) -> None:
    for style in ("Heading 2", "Caption", "List Bullet", "List Number", "Table Grid"):
        element = document.styles[style].element
        element.getparent().remove(element)


def without_levels(document: WordDocument) -> None:
    """Leave the headings without their level, as Google Docs does."""
    for outline in document.styles.element.findall(f".//{qn('w:outlineLvl')}"):
        outline.getparent().remove(outline)


def without_sizes(document: WordDocument) -> None:
    """Be a document whose default size is not said, and whose headings are gone."""
    blank(document)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    document.styles.element.remove(defaults)


def protected(document: WordDocument) -> None:
    for tag in ("w:writeProtection", "w:documentProtection", "w:mailMerge"):
        document.settings.element.insert(0, OxmlElement(tag))


def with_a_control_to_fill_in(document: WordDocument) -> None:
    """Put two content controls into the header: one for Word to fill in with the title, one for people."""
    to_title = '<w:dataBinding w:prefixMappings="xmlns:ns0=\'…/core-properties\'" w:xpath="/ns0:title"/>'
    for prompt, bound in (("[Title]", to_title), ("Click to enter text", "")):
        control = parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/>{bound}</w:sdtPr>"
            f"<w:sdtContent><w:p><w:r><w:t>{prompt}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        document.sections[0].header._element.append(control)


def with_a_picture_in_its_text(document: WordDocument) -> None:
    document.add_paragraph().add_run().add_picture(io.BytesIO(png(Drawing(10, 10, []))))


def with_a_picture_in_its_header(document: WordDocument) -> None:
    run = document.sections[0].header.paragraphs[0].add_run()
    run.add_picture(io.BytesIO(png(Drawing(10, 10, []))))


def without_pictures(content: bytes, part: str) -> bytes:
    """Let the pictures of a part be missing, as Word writes it when a linked one is gone."""
    return replaced(
        content,
        {f"word/_rels/{part}.xml.rels": lambda links: re.sub(rb"media/image\w+\.png", b"../NULL", links)},
    )


def with_a_field_from_elsewhere(document: WordDocument) -> None:
    """Show a picture from elsewhere in the header, by a field that Word splits over several places."""
    run = document.sections[0].header.paragraphs[0].add_run()._r
    for kind, words in (
        ("begin", ""),
        ("", " INCLUDE"),
        ("", 'PICTURE "https://x.example/a.png"'),
        ("end", ""),
    ):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = words
        run.append(element)


def open_document() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return file.getvalue()


def _without_numbering(document: WordDocument) -> None:
    for name, link in list(document.part.rels.items()):
        if link.reltype.endswith("/numbering"):
            del document.part.rels[name]


KINDS: dict[str, bytes] = {
    "a plain document": a_file(),
    "a template (.dotx)": as_dotx(a_file()),
    "a cover whose header goes on": a_file(with_a_cover),
    "a cover with its own header": a_file(with_a_cover_of_its_own),
    "a cover in a content control": a_file(with_a_cover_in_a_content_control),
    "an appendix on its side": a_file(with_an_appendix_on_its_side),
    "a back page without a header": a_file(with_a_back_page),
    "a page on its side": a_file(on_its_side),
    "wide margins": a_file(with_wide_margins),
    "columns": a_file(with_columns),
    "a different first page": a_file(with_a_different_first_page),
    "a first page of its own": a_file(with_a_first_page_of_its_own),
    "a first page from the section before": a_file(with_a_first_page_from_the_section_before),
    "even pages of their own": a_file(with_even_pages),
    "a tracked change of its page": a_file(with_a_tracked_change_of_its_page),
    "a footer in a table": a_file(with_the_footer_in_a_table),
    "no page": a_file(without_a_page),
    "no room for text": a_file(without_room),
    "a blank document from Word": a_file(blank),
    "a document from LibreOffice": a_file(made_by_libre_office),
    "ids in German": a_file(with_ids_in_german),
    "names in German": a_file(with_names_in_german),
    "bullets from a list style": a_file(with_bullets_from_a_list_style),
    "some styles missing": a_file(without_some_styles),
    "headings without a level": a_file(without_levels),
    "no sizes": a_file(without_sizes),
    "protection": a_file(protected),
    "a content control to fill in": a_file(with_a_control_to_fill_in),
}
"""A template of every kind, each with HEADER and FOOTER."""
