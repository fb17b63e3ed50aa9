"""A report as Word, with real styles, so that a screen reader can read it and people can edit it at once.

It passes Word's accessibility checker: a title and a language, headings in order, table header rows, no
merged cells, alternative text for pictures. The same paper gives the same bytes.
"""

import io
import re
import zipfile
from datetime import datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.styles.style import BaseStyle
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph

from app.drawing import png
from app.reports import bars
from app.reports.paper import Bullets, Paper, Paragraph, Part, Picture, Section, Table
from app.reports.word_template import emptied

LANGUAGE = "en-GB"
FONT = "Arial"
DARK = RGBColor(0x1D, 0x3A, 0x5F)
SHADE = "E8EDF3"
TEXT_WIDTH = Cm(16.6)
LETTERS, PADDING = 92, 3
"""Letters of a table's size that fit on a line, and those that the borders of a column take of them."""

WIDEST_NUMBERS, WIDEST_WORDS = 12, 60
"""Most letters that a column of numbers, and one of words, asks for, however long its cells are."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ANY_DAY = (1980, 1, 1, 0, 0, 0)


def docx(paper: Paper, template: bytes | None = None) -> bytes:
    """Return the report as the content of a .docx file, in the council's own template if it has one.

    Raises Refused when the template cannot be opened.
    """
    if template is None:
        document = Document()
        _set_page(document)
        _set_styles(document)
    else:
        document = emptied(template)
    _set_language(document)
    _describe(document, paper)
    document.add_paragraph(_legal(paper.title), style=_style(document, "Title"))
    _add_particulars(document, paper)
    for section in paper.sections:
        _section(document, section, 1)
    _number_pages(document)
    file = io.BytesIO()
    document.save(file)
    return _same_each_time(file.getvalue())


def _set_page(document: WordDocument) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2.2)


def _set_styles(document: WordDocument) -> None:
    sizes = {"Normal": 11, "Title": 24, "Heading 1": 17, "Heading 2": 13, "Heading 3": 11.5, "Caption": 10}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        for fonts in style.element.iter(qn("w:rFonts")):
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            for script in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{script}"), FONT)
        if name != "Normal":
            style.font.color.rgb = DARK
            style.font.bold, style.font.italic = True, False
    normal = document.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(8), 1.15
    for name, before in (("Heading 1", 22), ("Heading 2", 14), ("Heading 3", 10), ("Caption", 10)):
        style = document.styles[name].paragraph_format
        style.space_before, style.space_after, style.keep_with_next = Pt(before), Pt(5), True
    for name in ("List Bullet", "List Number"):
        document.styles[name].paragraph_format.space_after = Pt(4)
    # the line that Word draws below a title says nothing
    for border in list(document.styles["Title"].element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)


def _set_language(document: WordDocument) -> None:
    """Make every style British English, also when the council's template has another language or none."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    normal = document.styles[_style(document, "Normal")].element.get_or_add_rPr()
    if normal.find(qn("w:lang")) is None:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGE)
        normal.append(language)


def _describe(document: WordDocument, paper: Paper) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.language = (
        _legal(paper.title),
        _legal(paper.organisation),
        LANGUAGE,
    )
    properties.subject, properties.keywords, properties.comments = f"Cycle {_legal(paper.cycle)}", "", ""
    properties.created = properties.modified = datetime.combine(paper.made_on, time())
    properties.last_modified_by, properties.revision = _legal(paper.organisation), 1


def _add_particulars(document: WordDocument, paper: Paper) -> None:
    still_to_write = [("", f"{paper.still_to_write}.")] if paper.still_to_write else []
    for name, value in [("", paper.state), *still_to_write, *paper.said_of_it]:
        paragraph = document.add_paragraph(style=_style(document, "Normal"))
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(_legal(f"{name}: " if name else value)).bold = True
        if name:
            paragraph.add_run(_legal(value))


def _section(document: WordDocument, section: Section, level: int) -> None:
    document.add_paragraph(_legal(section.heading), style=_style(document, f"Heading {min(level, 3)}"))
    before: Part | None = None
    for part in section.parts:
        _part(document, part, after_table=isinstance(before, Table))
        before = part
    for below in section.sections:
        _section(document, below, level + 1)


def _part(document: WordDocument, part: Part, *, after_table: bool) -> None:
    match part:
        case Paragraph():
            paragraph = document.add_paragraph(_legal(part.text), style=_style(document, "Normal"))
            if after_table:
                paragraph.paragraph_format.space_before = Pt(8)
        case Bullets():
            _list(document, part)
        case Table():
            _table(document, part)
        case Picture():
            _picture(document, part)


def _list(document: WordDocument, part: Bullets) -> None:
    style = _style(document, "List Number" if part.numbered else "List Bullet")
    items = [document.add_paragraph(_legal(item), style=style) for item in part.items]
    if part.numbered:
        _number_anew(document, items)


def _number_anew(document: WordDocument, items: list[WordParagraph]) -> None:
    """Number a list from 1: Word's style alone would go on from one list to the next.

    A template whose style has no numbers gets them as words.
    """
    properties = document.styles["List Number"].element.pPr
    numbers = None if properties is None else properties.numPr
    if numbers is None or numbers.numId is None:
        for number, item in enumerate(items, start=1):
            item.runs[0].text = f"{number}. {item.text}"
        return
    numbering = document.part.numbering_part.element
    shared = numbering.num_having_numId(numbers.numId.val)
    own = numbering.add_num(shared.abstractNumId.val)
    own.add_lvlOverride(ilvl=0).add_startOverride(1)
    for item in items:
        list_item = item._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
        list_item.get_or_add_ilvl().val = 0
        list_item.get_or_add_numId().val = own.numId


def _table(document: WordDocument, part: Table) -> None:
    document.add_paragraph(_legal(part.caption), style=_style(document, "Caption"))
    table = document.add_table(rows=1, cols=len(part.headings), style=_table_style(document))
    table.autofit = False
    widths = _widths(part)
    _row(table.rows[0].cells, part.headings, part, widths, heading=True)
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001  python-docx has no name for it
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(OxmlElement("w:tblHeader"))
    for values in part.rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        _row(row.cells, values, part, widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Length(width)
    _describe_table(table, part.caption)


def _describe_table(table: WordTable, caption: str) -> None:
    element = OxmlElement("w:tblCaption")
    element.set(qn("w:val"), _legal(caption))
    table._tbl.tblPr.append(element)  # noqa: SLF001


def _widths(part: Table) -> list[int]:
    """Return the width of each column: its longest word, and a share of the rest by its longest cell."""
    columns = list(zip(part.headings, *part.rows, strict=True))
    least, wanted = [], []
    for column, cells in enumerate(columns):
        word = max(len(word) for cell in cells for word in (cell.split() or [""]))
        # a number stays on one line; a heading may break between its words
        longest = max(map(len, cells[1:]), default=0)
        number = min(longest, WIDEST_NUMBERS) if column in part.numbers else 0
        least.append(PADDING + max(word, number))
        wanted.append(1 if number else max(1, min(longest, WIDEST_WORDS) - least[-1]))
    spare = max(0, LETTERS - sum(least))
    letters = [few + spare * more / sum(wanted) for few, more in zip(least, wanted, strict=True)]
    return [int(TEXT_WIDTH * share / sum(letters)) for share in letters]


def _row(
    cells: tuple[Cell, ...], values: tuple[str, ...], part: Table, widths: list[int], *, heading: bool = False
) -> None:
    for column, (cell, value, width) in enumerate(zip(cells, values, widths, strict=True)):
        cell.width = Length(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.line_spacing = 1.0
        run = paragraph.add_run(_legal(value))
        run.font.size = Pt(9.5)
        run.bold = heading or None
        if column in part.numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if heading:
            shade = OxmlElement("w:shd")
            for name, what in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
                shade.set(qn(f"w:{name}"), what)
            cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _picture(document: WordDocument, part: Picture) -> None:
    document.add_paragraph(_legal(part.caption), style=_style(document, "Caption"))
    paragraph: WordParagraph = document.add_paragraph(style=_style(document, "Normal"))
    picture = paragraph.add_run().add_picture(io.BytesIO(png(bars.drawing(part.bars))), width=TEXT_WIDTH)
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("descr", _legal(part.alternative))
    properties.set("title", _legal(part.caption))


def _number_pages(document: WordDocument) -> None:
    """Put "Page 2 of 7" in the footer, unless the council's template has a footer of its own."""
    footer = document.sections[0].footer
    if any(paragraph.text.strip() for paragraph in footer.paragraphs) or footer._element.findall(  # noqa: SLF001
        f".//{qn('w:fldChar')}"
    ):
        return
    paragraph = footer.paragraphs[0] if footer.paragraphs else footer.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
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


def _style(document: WordDocument, name: str) -> str:
    """Return the name of a style. A template that lacks the style gets it as a copy of its body text."""
    if name not in [style.name for style in document.styles if style.type == WD_STYLE_TYPE.PARAGRAPH]:
        added = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name.startswith("Heading"):
            _as_heading(added, int(name[-1]))
        added.font.bold = name != "Normal" and not name.startswith("List")
    return name


def _as_heading(style: BaseStyle, level: int) -> None:
    """Make a style a heading, which Word tells by its outline level."""
    properties = style.element.get_or_add_pPr()
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(level - 1))
    properties.append(outline)


def _table_style(document: WordDocument) -> str | None:
    tables = [style.name for style in document.styles if style.type == WD_STYLE_TYPE.TABLE]
    return "Table Grid" if "Table Grid" in tables else None


def _legal(text: str) -> str:
    """Return the text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def _same_each_time(content: bytes) -> bytes:
    """Return the same file without any time of writing in it."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _ANY_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return file.getvalue()
