"""Councils' Word templates: whatever kind they are, reports keep their header and footer and are whole."""

# ruff: noqa: SLF001  what Word reads has no name in python-docx
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, Twips
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from app.refusal import Refused
from app.reports import word_template
from app.reports.word import docx
from app.reports.word_example import example
from tests.reports import word_files
from tests.reports.word_files import (
    FOOTER,
    HEADER,
    KINDS,
    a_file,
    opened,
    with_a_picture_in_its_header,
    with_a_picture_in_its_text,
    without_pictures,
)

PAPER = example("Your council", date(2010, 12, 22))

every_kind = pytest.mark.parametrize("content", KINDS.values(), ids=KINDS.keys())


@cache
def written(content: bytes) -> WordDocument:
    return opened(docx(PAPER, content))


def words(element: BaseOxmlElement) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


@every_kind
def test_header_and_footer_stand_on_every_page(content: bytes) -> None:
    document = written(content)
    (section,) = document.sections
    pages = [(section.header, section.footer)]
    if section.different_first_page_header_footer:
        pages.append((section.first_page_header, section.first_page_footer))
    if document.settings.odd_and_even_pages_header_footer:
        pages.append((section.even_page_header, section.even_page_footer))
    for header, footer in pages:
        assert not header.is_linked_to_previous
        assert HEADER in words(header._element)
        assert FOOTER in words(footer._element)
        assert "Page " not in words(footer._element)


@every_kind
def test_no_text_of_the_template_is_left(content: bytes) -> None:
    document = written(content)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == PAPER.title
    assert not {"Cover", "Body"} & set(texts)
    assert document.element.body[-1].tag == qn("w:sectPr")


def marks(document: WordDocument, paragraph: Paragraph) -> str:
    """Return the kind of the mark that Word draws before a paragraph; "" where it draws none."""
    numbers: list[BaseOxmlElement] = []
    style: ParagraphStyle | None = paragraph.style
    numbers += paragraph._p.findall(f"{qn('w:pPr')}/{qn('w:numPr')}")
    while style is not None:
        numbers += style.element.findall(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = style.base_style
    if not numbers:
        return ""
    numbering = document.part.numbering_part.element
    abstract = numbering.num_having_numId(numbers[0].numId.val).abstractNumId.val
    which = f'w:abstractNum[@w:abstractNumId="{abstract}"]'
    if link := numbering.xpath(f"{which}/w:numStyleLink/@w:val"):
        which = f'w:abstractNum[w:styleLink[@w:val="{link[0]}"]]'
    kinds: list[str] = numbering.xpath(f'{which}/w:lvl[@w:ilvl="0"]/w:numFmt/@w:val')
    return kinds[0] if kinds else ""


@every_kind
def test_bullets_and_numbers_are_those_of_word(content: bytes) -> None:
    document = written(content)
    drawn = {paragraph.text: marks(document, paragraph) for paragraph in document.paragraphs}
    bullets, numbers = PAPER.sections[0].parts[1:3]
    assert {drawn[item] for item in bullets.items} == {"bullet"}  # type: ignore[union-attr]
    assert {drawn[item] for item in numbers.items} == {"decimal"}  # type: ignore[union-attr]
    assert drawn[PAPER.sections[0].heading] == ""


def text_width(document: WordDocument) -> int:
    (section,) = document.sections
    assert section.page_width is not None
    sides = (section.left_margin, section.right_margin, section.gutter)
    return section.page_width - sum(side or 0 for side in sides)


@every_kind
def test_tables_and_pictures_fit_between_the_margins(content: bytes) -> None:
    document = written(content)
    width = text_width(document)
    assert document.tables
    for table in document.tables:
        columns = sum(column.width for column in table.columns)
        assert Cm(2) <= columns <= width
        for row in table.rows:
            assert sum(cell.width or 0 for cell in row.cells) == columns
    assert all(shape.width <= width for shape in document.inline_shapes)


@every_kind
def test_tables_have_borders(content: bytes) -> None:
    for table in written(content).tables:
        elements = [table._tbl]
        style = table.style
        while style is not None:
            elements.append(style.element)
            style = style.base_style
        borders = [each for element in elements for each in element.findall(f".//{qn('w:tblBorders')}")]
        assert borders
        inside = borders[0].find(qn("w:insideH"))
        assert inside is not None
        assert inside.get(qn("w:val")) == "single"


def sizes(document: WordDocument) -> Iterator[tuple[str, float]]:
    """Yield what each heading says, and its size in points."""
    for paragraph in document.paragraphs:
        style: ParagraphStyle | None = paragraph.style
        while style is not None and style.font.size is None:
            style = style.base_style
        default = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:sz/@w:val") or ["20"]
        size = int(default[0]) / 2 if style is None else style.font.size.pt
        yield paragraph.text, size


@every_kind
def test_headings_are_headings_and_get_smaller(content: bytes) -> None:
    document = written(content)
    size = dict(sizes(document))
    shown = [PAPER.title, "Findings", "Key areas", "In a picture"]
    assert [size[text] for text in shown] == sorted({size[text] for text in shown}, reverse=True)
    assert size["In a picture"] >= size["This is the end of the example."]
    levels = {}
    for paragraph in document.paragraphs:
        style: ParagraphStyle | None = paragraph.style
        while style is not None and not style.element.xpath("w:pPr/w:outlineLvl"):
            style = style.base_style
        if style is not None:
            levels[paragraph.text] = style.element.xpath("w:pPr/w:outlineLvl/@w:val")[0]
    assert [levels.get(text) for text in shown] == [None, "0", "1", "2"]


def test_the_report_is_a_document_and_the_same_each_time() -> None:
    for kind in ("a template (.dotx)", "a blank document from Word"):
        content = docx(PAPER, KINDS[kind])
        assert content == docx(PAPER, KINDS[kind])
        assert opened(content).part.content_type.endswith("document.main+xml")


def test_the_section_of_the_text_is_the_one_that_is_used() -> None:
    assert written(KINDS["an appendix on its side"]).sections[0].orientation == 0
    assert "Only" not in words(written(KINDS["a cover with its own header"]).sections[0].header._element)
    assert written(KINDS["a page on its side"]).sections[0].orientation == 1


A4 = "Word reports use A4 with margins of 2.2 cm."
SECTION_2_OF = (
    "The template has {} sections. Word reports use the page, header and footer of section 2.".format
)
NO_GRID = "The template does not have the table style Table Grid. Tables get thin borders."


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("a plain document", ""),
        ("a template (.dotx)", ""),
        ("a cover whose header goes on", SECTION_2_OF(2)),
        ("an appendix on its side", SECTION_2_OF(3)),
        ("a back page without a header", SECTION_2_OF(3)),
        (
            "a cover in a content control",
            "The text of the template has 1 content control, which is left out with the text. "
            + SECTION_2_OF(2),
        ),
        ("columns", "The text of the template is in columns. Word reports have no columns."),
        ("no page", f"The template does not say how large its page is. {A4}"),
        ("no room for text", f"The margins of the template leave less than 8 cm for text. {A4}"),
        (
            "a blank document from Word",
            (
                "The template does not have the styles Title, Heading 1, Heading 2, Heading 3, Caption, "
                f"List Bullet and List Number. Word reports use similar styles that fit its text. {NO_GRID}"
            ),
        ),
        (
            "a document from LibreOffice",
            f"The style List Bullet of the template has no bullets. Word reports add them. {NO_GRID}",
        ),
        (
            "protection",
            (
                "The template is protected against changes. Word reports are not. "
                "The template asks to be opened as read-only. Word reports do not. "
                "The template is set up for a mail merge. Word reports are not."
            ),
        ),
        (
            "a content control to fill in",
            (
                "The header or footer has a content control that is not filled in. "
                "Word reports show “Click to enter text”."
            ),
        ),
    ],
)
def test_what_a_template_has_that_reports_do_not_use_is_said(kind: str, said: str) -> None:
    assert " ".join(word_template.opened(KINDS[kind]).notes) == said


def test_a_template_without_a_section_gets_an_a4_page() -> None:
    content = a_file(word_files.without_a_section)
    assert word_template.opened(content).notes == (f"The template does not say how large its page is. {A4}",)
    (section,) = written(content).sections
    assert (section.page_width, section.left_margin) == (Twips(11906), Twips(1247))
    assert "Page " in words(section.footer._element)


def test_pictures_of_the_text_are_not_in_the_report_and_their_loss_is_said() -> None:
    content = a_file(with_a_picture_in_its_text)
    (note,) = word_template.opened(content).notes
    assert note == (
        "Pictures in the text of the template are left out. To show a logo in reports, put it in the header."
    )
    with zipfile.ZipFile(io.BytesIO(docx(PAPER, content))) as archive:
        pictures = [name for name in archive.namelist() if name.endswith((".png", ".jpeg"))]
    assert pictures == ["word/media/image2.png"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (word_files.strict(a_file()), "Strict Open XML"),
        (word_files.of_type(a_file(), b"ms-word.document.macroEnabled.main+xml"), "macros"),
        (word_files.of_type(a_file(), b"ms-word.template.macroEnabledTemplate.main+xml"), "macros"),
        (word_files.of_type(a_file(), b"other+xml"), "must be a Word document or template"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "has a password, or was made for Word 97"),
        (word_files.open_document(), "OpenDocument"),
        (a_file(word_files.with_a_field_from_elsewhere), "kept in another file"),
        (without_pictures(a_file(with_a_picture_in_its_header), "header1"), "kept in another file"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        word_template.opened(content)


def test_a_link_to_a_part_that_the_text_lost_is_let_go() -> None:
    content = without_pictures(a_file(with_a_picture_in_its_text), "document")
    assert b"../NULL" in zipfile.ZipFile(io.BytesIO(content)).read("word/_rels/document.xml.rels")
    assert HEADER in words(written(content).sections[0].header._element)


def test_a_wide_table_on_a_narrow_page_has_smaller_letters() -> None:
    def size(kind: str) -> float:
        run = written(KINDS[kind]).tables[-1].rows[0].cells[0].paragraphs[0].runs[0]
        assert run.font.size is not None
        return float(run.font.size.pt)

    assert size("a page on its side") == 9.5
    assert 7 <= size("wide margins") < 9.5


def test_a_heading_that_is_made_stands_between_those_that_are_there() -> None:
    def change(document: WordDocument) -> None:
        word_files.without_some_styles(document)
        document.styles["Heading 1"].font.size, document.styles["Heading 3"].font.size = Pt(30), Pt(16)

    size = dict(sizes(written(a_file(change))))
    assert (size["Findings"], size["Key areas"], size["In a picture"]) == (30, 17, 16)
