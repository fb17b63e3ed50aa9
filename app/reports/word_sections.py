"""The page of a report in Word: the one section, with header and footer, that a document gives to it.

A template may have several sections: a cover, the text, an appendix. A header or footer that a section does
not have itself is that of the section before; first and even pages can have their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer, _Header
from docx.shared import Cm, Length
from docx.text.paragraph import Paragraph

WIDTH, HEIGHT, MARGIN, FROM_EDGE = Cm(21), Cm(29.7), Cm(2.2), Cm(1.27)
"""A4, its margins, and how far header and footer are from its edge, for a document that does not say."""

A4 = "Word reports use A4 with margins of 2.2 cm."

LEAST = Cm(8)
"""The least width and height of text in which a table can be read."""

BETWEEN = " · "
"""The mark between two things that a header or footer says."""

HEADER, FOOTER = "w:headerReference", "w:footerReference"
USUAL, FIRST, EVEN = "default", "first", "even"

OF_ITS_TEXT = (
    "type",
    "cols",
    "vAlign",
    "textDirection",
    "formProt",
    "footnotePr",
    "endnotePr",
    "sectPrChange",
)
"""Settings of a section that concern its own text alone; the text of a report does not get them."""

MARKS = ("drawing", "pict", "object", "fldChar", "fldSimple")
"""Elements that a header can have beside words: pictures, and fields such as the number of the page."""

References = Mapping[tuple[str, str], str]
"""The headers and footers of a section: the id of the part by kind and pages."""


def keep_one_section(document: WordDocument) -> list[str]:
    """Take the text out of a template, and every section but the one that a report is written in.

    Its header and footer are then on every page. Return what of the template is not used, in sentences.
    """
    body = document.element.body
    sections = [each for each in body.iter(qn("w:sectPr")) if each.getparent().tag != qn("w:sectPrChange")]
    kept, notes = OxmlElement("w:sectPr"), []
    if sections:
        index = _chosen(document, sections)
        kept, notes = deepcopy(sections[index]), _not_used(sections, index)
        _replace_references(kept, _references(sections[: index + 1]))
        _forget_its_text(kept)
    for element in list(body):
        body.remove(element)
    body.append(kept)
    notes += _fit_page(document.sections[0])
    _show_on_every_page(document)
    return notes


def set_page(section: Section) -> None:
    """Make the page A4 with our margins."""
    section.orientation = WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    section.header_distance = section.footer_distance = FROM_EDGE
    section.gutter = Length(0)


def say_on_every_page(document: WordDocument, organisation: str, marking: str, author: str) -> None:
    """Put the organisation and the marking in the header, the author and "Page 2 of 7" in the footer, at the
    right of the page.

    A document that has a header or footer of its own keeps it, and gets the marking or the author below it
    unless it says them itself.
    """
    section = document.sections[0]
    own = _references([section._sectPr])  # noqa: SLF001
    header = BETWEEN.join(filter(None, [organisation, marking]))
    if header and not _shows(document, own.get((HEADER, USUAL))):
        _line(section.header, header)
    if not _shows(document, own.get((FOOTER, USUAL))):
        _number_pages(_line(section.footer, f"{author}{BETWEEN}" if author else ""))
    for (kind, _), part in own.items():
        if _shows(document, part):
            _add_below(document, part, marking if kind == HEADER else author)
    _show_on_every_page(document)


def _add_below(document: WordDocument, part: str, words: str) -> None:
    """Add a line to a header or footer of the document's own, unless it says these words already."""
    element = document.part.related_parts[part].element
    if words and words.casefold() not in _words(element).casefold():
        paragraph = Paragraph(element.add_p(), document)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run(words)


def _words(element: BaseOxmlElement) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def _line(where: _Header | _Footer, words: str) -> Paragraph:
    """Return the line of a header or footer that says these words."""
    paragraph = where.paragraphs[0] if where.paragraphs else where.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(words)
    return paragraph


def _number_pages(paragraph: Paragraph) -> None:
    for words, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(words)
        run = paragraph.add_run()
        for kind in ("begin", None, "end"):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = field
            run._r.append(element)  # noqa: SLF001


def text_area(page: Section) -> tuple[int, int]:
    """Return the width and the height that the margins of a page leave for text."""
    width, height = page.page_width or 0, page.page_height or 0
    sides = (page.left_margin or 0) + (page.right_margin or 0) + (page.gutter or 0)
    # a margin below 0 is one that the header may not push away
    return width - sides, height - abs(page.top_margin or 0) - abs(page.bottom_margin or 0)


def parts_shown(document: WordDocument) -> list[XmlPart]:
    """Return the headers and footers of the first section."""
    references = _references([document.sections[0]._sectPr])  # noqa: SLF001
    return [document.part.related_parts[each] for each in dict.fromkeys(references.values())]


def _chosen(document: WordDocument, sections: Sequence[BaseOxmlElement]) -> int:
    """Return which section is that of the text: the last upright one with a header or footer.

    A cover comes before it, and an appendix on its side or a back page without a header after it.
    """
    every = range(len(sections))
    headed = [index for index in every if _is_headed(document, sections[: index + 1])]
    upright = [index for index in headed or every if _is_upright(sections[index])]
    return (upright or headed or every)[-1]


def _is_headed(document: WordDocument, sections: Sequence[BaseOxmlElement]) -> bool:
    """True when a page of the last of these sections has a header or footer."""
    pages = (USUAL, FIRST) if sections[-1].titlePg_val else (USUAL,)
    references = _references(sections)
    return any(
        _shows(document, references.get((kind, which))) for kind in (HEADER, FOOTER) for which in pages
    )


def _is_upright(section: BaseOxmlElement) -> bool:
    page = section.find(qn("w:pgSz"))
    return page is None or page.w is None or page.h is None or page.w <= page.h


def _not_used(sections: Sequence[BaseOxmlElement], index: int) -> list[str]:
    notes = []
    if len(sections) > 1:
        notes.append(
            f"The template has {len(sections)} sections. "
            f"Word reports use the page, header and footer of section {index + 1}."
        )
    columns = sections[index].find(qn("w:cols"))
    if columns is not None and int(columns.get(qn("w:num"), "1")) > 1:
        notes.append("The text of the template is in columns. Word reports have no columns.")
    return notes


def _references(sections: Iterable[BaseOxmlElement]) -> dict[tuple[str, str], str]:
    """Return the headers and footers of the last of these sections, its own and those that it takes over."""
    return {
        (kind, reference.get(qn("w:type"), USUAL)): reference.get(qn("r:id"))
        for section in sections
        for kind in (HEADER, FOOTER)
        for reference in section.findall(qn(kind))
    }


def _replace_references(section: BaseOxmlElement, references: References) -> None:
    for kind in (HEADER, FOOTER):
        for reference in section.findall(qn(kind)):
            section.remove(reference)
    for (kind, which), part in reversed(list(references.items())):
        reference = OxmlElement(kind)
        reference.set(qn("w:type"), which)
        reference.set(qn("r:id"), part)
        section.insert(0, reference)


def _forget_its_text(section: BaseOxmlElement) -> None:
    for name in OF_ITS_TEXT:
        for element in section.findall(qn(f"w:{name}")):
            section.remove(element)
    for numbers in section.findall(qn("w:pgNumType")):
        # the pages that were counted before it are gone
        numbers.attrib.pop(qn("w:start"), None)


def _fit_page(section: Section) -> list[str]:
    """Give a section without a page A4, and also one whose margins leave no room; say so."""
    said = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    if None in (*said, section.top_margin, section.bottom_margin):
        set_page(section)
        return [f"The template does not say how large its page is. {A4}"]
    width, height = text_area(section)
    if min(width, height) < LEAST:
        set_page(section)
        return [f"The margins of the template leave less than 8 cm for text. {A4}"]
    return []


def _show_on_every_page(document: WordDocument) -> None:
    """Let the usual header and footer stand on first and even pages that have none of their own."""
    section = document.sections[0]
    own = {
        key: part
        for key, part in _references([section._sectPr]).items()  # noqa: SLF001
        if key[1] == USUAL or _shows(document, part)
    }
    is_first_different = section.different_first_page_header_footer and any(
        (kind, FIRST) in own for kind in (HEADER, FOOTER)
    )
    section.different_first_page_header_footer = is_first_different
    pages = [USUAL]
    if is_first_different:
        pages.append(FIRST)
    if document.settings.odd_and_even_pages_header_footer:
        pages.append(EVEN)
    shown = {
        (kind, which): part
        for kind in (HEADER, FOOTER)
        for which in pages
        if (part := own.get((kind, which)) or own.get((kind, USUAL)))
    }
    _replace_references(section._sectPr, shown)  # noqa: SLF001


def _shows(document: WordDocument, part: str | None) -> bool:
    """True for a header or footer with words, a picture or a field in it."""
    if part is None:
        return False
    element = document.part.related_parts[part].element
    return bool(_words(element).strip()) or any(
        next(element.iter(qn(f"w:{mark}")), None) is not None for mark in MARKS
    )
