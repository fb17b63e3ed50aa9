"""Councils' Word templates: whatever kind they are, reports keep their header and footer and are whole."""

# ruff: noqa: SLF001  what Word reads has no name in python-docx
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from app.reports import word_template
from app.reports.word import docx
from app.reports.word_example import example
from tests.reports.word_files import FOOTER, HEADER, KINDS, opened

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
        assert Cm(8) <= columns <= width
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
        size = int(default[0]) / 2 if style is None else style.font.size.pt  # type: ignore[union-attr]
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


def notes(content: bytes) -> list[str]:
    return list(word_template.opened(content).notes)
