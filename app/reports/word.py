"""A report as Word, with real styles, so that a screen reader can read it and people can edit it at once.

It passes Word's accessibility checker: a title and a language, headings in order, table header rows, no
merged cells, alternative text for pictures. The same paper gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor, Twips
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph

from app.drawing import png
from app.reports import bars
from app.reports.paper import Bullets, Grades, Paper, Paragraph, Part, Picture, Section, Table
from app.reports.word_lists import Lists
from app.reports.word_sections import BETWEEN, say_on_every_page, set_page, text_area
from app.reports.word_styles import BULLETS, CAPTION, NUMBERS, TITLE, Styles, give_borders, grid, heading
from app.reports.word_template import Template, opened

LANGUAGE = "en-GB"
FONT = "Arial"
DARK = RGBColor(0x1D, 0x3A, 0x5F)
SHADE = "E8EDF3"
WIDTHS = {" ijl.,:;'’!|": 0.3, "frt()[]-": 0.38, "mwMW%—": 0.91}
"""Letters much narrower or wider than the others in a bold font like Arial, as shares of its size."""
REGULAR = 0.93
"""The width of text that is not bold, as a share of bold text."""

CELL_SIDES = Cm(0.45)
"""The room beside the text of a cell, with what is to spare for letters that are wider than most."""

CELL_SIZE, LEAST_CELL_SIZE = 9.5, 7.0
"""The size of the text of tables in points, and the least where the page is narrow for the words in them."""

WIDEST_PICTURE = Cm(16.6)

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ANY_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Sheet:
    """The sheet of a report: a document with its styles and lists, and the room for text on a page."""

    document: WordDocument
    styles: Styles
    lists: Lists
    width: int
    height: int

    def add(self, text: str, style: str | None = None) -> WordParagraph:
        """Add a paragraph; without the name of a style it is body text."""
        return self.document.add_paragraph(
            _legal(text), style=self.styles[style] if style else self.styles.body
        )


def docx(paper: Paper, template: bytes | None = None) -> bytes:
    """Return the report as the content of a .docx file, in the council's own template if it has one.

    Raises Refused when the template cannot be opened.
    """
    sheet = _own_sheet() if template is None else _sheet_of(opened(template))
    document = sheet.document
    _set_language(document, sheet.styles)
    _describe(document, paper)
    on_each_page = map(_legal, (paper.organisation, paper.marking or "", paper.author or ""))
    say_on_every_page(document, *on_each_page)
    sheet.add(paper.title, TITLE)
    _parts(sheet, paper.opening)
    _add_particulars(sheet, paper)
    for is_annex, sections in groupby(paper.shown, key=lambda section: section.is_annex):
        for number, section in enumerate(sections):
            _section(sheet, section, 1, on_new_page=is_annex and not number)
    file = io.BytesIO()
    document.save(file)
    return _same_each_time(file.getvalue())


def _own_sheet() -> Sheet:
    """Return an empty sheet in the service's own style."""
    document = Document()
    set_page(document.sections[0])
    _set_styles(document)
    styles = Styles(document)
    return Sheet(document, styles, Lists(document, styles), *text_area(document.sections[0]))


def _sheet_of(template: Template) -> Sheet:
    document = template.document
    return Sheet(document, template.styles, template.lists, *text_area(document.sections[0]))


def _set_styles(document: WordDocument) -> None:
    sizes = {
        "Normal": 10.5,
        "Title": 20,
        "Heading 1": 15,
        "Heading 2": 11.5,
        "Heading 3": 10.5,
        "Caption": 9.5,
    }
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
    normal.space_after, normal.line_spacing = Pt(5), 1.08
    document.styles["Title"].paragraph_format.space_after = Pt(6)
    for name, before in (("Heading 1", 14), ("Heading 2", 9), ("Heading 3", 7), ("Caption", 7)):
        style = document.styles[name].paragraph_format
        style.space_before, style.space_after, style.keep_with_next = Pt(before), Pt(3), True
    for name in ("List Bullet", "List Number"):
        document.styles[name].paragraph_format.space_after = Pt(2)
    # the line that Word draws below a title says nothing
    for border in list(document.styles["Title"].element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)


def _set_language(document: WordDocument, styles: Styles) -> None:
    """Make every style British English, also when the council's template has another language or none."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    normal = styles.body.element.get_or_add_rPr()
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
    properties.subject, properties.keywords, properties.comments = _legal(paper.about), "", ""
    properties.created = properties.modified = datetime.combine(paper.made_on, time())
    properties.last_modified_by, properties.revision = _legal(paper.organisation), 1


def _add_particulars(sheet: Sheet, paper: Paper) -> None:
    states = [each for each in (paper.state, paper.still_to_write) if each]
    if states:
        sheet.add("").add_run(_legal(". ".join(states) + "." * (len(states) - 1))).bold = True
    if paper.said_of_it:
        paragraph = sheet.add("")
        for number, (name, value) in enumerate(paper.said_of_it):
            paragraph.add_run(_legal(f"{BETWEEN if number else ''}{name}: ")).bold = True
            paragraph.add_run(_legal(value))


def _section(sheet: Sheet, section: Section, level: int, *, on_new_page: bool = False) -> None:
    headed = sheet.add(section.heading, heading(level))
    if on_new_page:
        headed.paragraph_format.page_break_before = True
    _parts(sheet, section.parts)
    for below in section.sections:
        _section(sheet, below, level + 1)


def _parts(sheet: Sheet, parts: Sequence[Part]) -> None:
    before: Part | None = None
    for part in parts:
        _part(sheet, part, after_table=isinstance(before, Table))
        before = part


def _part(sheet: Sheet, part: Part, *, after_table: bool) -> None:
    match part:
        case Paragraph():
            paragraph = sheet.add(part.text)
            if after_table:
                paragraph.paragraph_format.space_before = Pt(8)
        case Bullets():
            items = [sheet.add(item, NUMBERS if part.numbered else BULLETS) for item in part.items]
            if part.numbered:
                sheet.lists.number_from_one(items)
        case Table():
            _table(sheet, part)
        case Picture() | Grades():
            _picture(sheet, part)


def _table(sheet: Sheet, part: Table) -> None:
    sheet.add(part.caption, CAPTION)
    table = sheet.document.add_table(rows=1, cols=len(part.headings))
    table.style = grid(sheet.document)
    give_borders(table)
    table.autofit = False
    columns = _columns(part, sheet.width)
    _row(table.rows[0].cells, part.headings, part, columns, heading=True)
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001  python-docx has no name for it
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(OxmlElement("w:tblHeader"))
    for values in part.rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        _row(row.cells, values, part, columns)
    for column, width in zip(table.columns, columns.widths, strict=True):
        column.width = width
    _describe_table(table, part.caption)


def _describe_table(table: WordTable, caption: str) -> None:
    element = OxmlElement("w:tblCaption")
    element.set(qn("w:val"), _legal(caption))
    table._tbl.tblPr.append(element)  # noqa: SLF001


@dataclass(frozen=True)
class Columns:
    """The widths of the columns of a table, and the size of its text in points."""

    widths: Sequence[Length]
    size: float


def _columns(part: Table, width: int) -> Columns:
    """Return the columns of a table, each as wide as what it holds, so far as the page has room.

    Columns of few letters get what they ask for. The others share the rest, each with room for its longest
    word. Headings break between their words where the room is narrow.
    """
    columns = list(zip(part.headings, *part.rows, strict=True))
    words = [
        max(
            _room_for(word, in_bold=not row)
            for row, cell in enumerate(cells)
            for word in cell.split() or [""]
        )
        for cells in columns
    ]
    of_cells = [max([word, *map(_room_for, cells[1:])]) for word, cells in zip(words, columns, strict=True)]
    of_all = [
        max(cell, _room_for(cells[0], in_bold=True)) for cell, cells in zip(of_cells, columns, strict=True)
    ]
    unbroken = [of_cells[n] if n in part.narrow else word for n, word in enumerate(words)]
    least = unbroken if sum(unbroken) <= width else words
    smaller = min(1, width / sum(words))
    shares = shared_out(least, of_all if sum(of_all) <= width else of_cells, width / smaller)
    # Word keeps widths in whole twips
    widths = [Twips(int(smaller * share / Twips(1))) for share in shares]
    return Columns(widths, max(round(2 * CELL_SIZE * smaller) / 2, LEAST_CELL_SIZE))


def _room_for(text: str, *, in_bold: bool = False) -> float:
    """Return the width of a cell for this text on one line."""
    return Pt(CELL_SIZE) * sum(map(_width, text)) * (1 if in_bold else REGULAR) + CELL_SIDES


def _width(letter: str) -> float:
    """Return about how wide a letter of a font like Arial is, as a share of its size, in bold."""
    for letters, width in WIDTHS.items():
        if letter in letters:
            return width
    return 0.73 if letter.isupper() else 0.59


def shared_out(least: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """Return the widths of columns that want so much and need at least so much, where there is so much room.

    What the columns do not need is shared out. A column that lacks no more than an even share of it gets
    that. The others share the rest by what they lack: so a column of long texts is broad.
    """
    given = list(least)
    left = max(0, room - sum(least))
    others = {column: wants - least[column] for column, wants in enumerate(wanted)}
    while settled := {column: more for column, more in others.items() if more <= left / len(others)}:
        for column, more in settled.items():
            given[column] += more
            left -= more
            del others[column]
    lacking = sum(others.values())
    for column, more in others.items():
        given[column] += left * more / lacking
    return given


def _row(
    cells: tuple[Cell, ...], values: tuple[str, ...], part: Table, columns: Columns, *, heading: bool = False
) -> None:
    for column, (cell, value, width) in enumerate(zip(cells, values, columns.widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.space_before = Pt(2)
        paragraph.paragraph_format.line_spacing = 1.0
        run = paragraph.add_run(_legal(value))
        run.font.size = Pt(columns.size)
        run.bold = heading or None
        if column in part.numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if heading:
            shade = OxmlElement("w:shd")
            for name, what in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
                shade.set(qn(f"w:{name}"), what)
            cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _picture(sheet: Sheet, part: Picture | Grades) -> None:
    sheet.add(part.caption, CAPTION)
    drawing = bars.drawn(part)
    # no higher than the page, beside its caption
    width = min(WIDEST_PICTURE, sheet.width, int(sheet.height * 0.9 * drawing.width / drawing.height))
    picture = sheet.add("").add_run().add_picture(io.BytesIO(png(drawing)), width=Length(width))
    for side in "TBLR":
        # LibreOffice leaves room beside a picture that does not say it needs none
        picture._inline.set(f"dist{side}", "0")  # noqa: SLF001
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("descr", _legal(part.alternative))
    properties.set("title", _legal(part.caption))


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
