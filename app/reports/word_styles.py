"""The styles of a report in Word: those of the document, or ones made to fit its body text.

A council's template may lack them: a blank Word document has none of its headings, one made elsewhere writes
their names in another way, or in another language.
"""

from collections.abc import Iterator, Sequence

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.table import Table

TITLE, CAPTION, BULLETS, NUMBERS = "Title", "Caption", "List Bullet", "List Number"
HEADINGS = ("Heading 1", "Heading 2", "Heading 3")

SIZES = {TITLE: 24.0, "Heading 1": 17.0, "Heading 2": 13.0, "Heading 3": 11.5, CAPTION: 10.0}
"""Sizes beside a body text of 11 points."""

BODY_SIZE = 11.0
SPACE_BEFORE = {"Heading 1": 22, "Heading 2": 14, "Heading 3": 10, CAPTION: 10}
LIST_SPACE = 4
SIZE_WHERE_NONE_IS_SAID = 10.0
"""The size of text, in points, of a document that says none."""

CELL_MARGIN = 108
"""The room between a border and the text of a cell, in twentieths of a point, as Word has it."""

BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")


class Styles:
    """The paragraph styles of a document by the names that a report has for them.

    `made` names those that the document lacked.
    """

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self.body = _body(document)
        found = {name: _found(document, name) for name in (TITLE, *HEADINGS, CAPTION, BULLETS, NUMBERS)}
        self._named = {name: style for name, style in found.items() if style is not None}
        self.made = [name for name in found if name not in self._named]
        for name in self.made:
            self._named[name] = self._make(name)
        for level, name in enumerate(HEADINGS):
            _rank(self._named[name], level)

    def __getitem__(self, name: str) -> ParagraphStyle:
        """Return the style that a report calls by this name."""
        return self._named[name]

    def _make(self, name: str) -> ParagraphStyle:
        style = _added(self._document, name)
        style.base_style, style.next_paragraph_style = self.body, self.body
        style.hidden, style.quick_style = False, True
        spacing = style.paragraph_format
        if name in SIZES:
            style.font.size, style.font.bold = Pt(self._size(name)), True
            spacing.space_before, spacing.keep_with_next = Pt(SPACE_BEFORE.get(name, 0)), True
        else:
            spacing.space_after = Pt(LIST_SPACE)
            style.next_paragraph_style = style
        return style

    def _size(self, name: str) -> float:
        """Return the size of a style that is made: in proportion to the body text, and in order among the
        headings that are there."""
        size = SIZES[name] * size_of(self.body) / BODY_SIZE
        if name != CAPTION:
            ranks = (TITLE, *HEADINGS)
            rank = ranks.index(name)
            above = [size_of(self._named[one]) for one in ranks[:rank] if one in self._named]
            below = [size_of(self._named[one]) for one in ranks[rank + 1 :] if one in self._named]
            size = max([size, *(one + 1 for one in below)])
            size = min([size, *(one - 1 for one in above)])
        return round(size * 2) / 2


def heading(level: int) -> str:
    """Return the name of the style of headings of a level; those below the third look like it."""
    return HEADINGS[min(level, len(HEADINGS)) - 1]


def chain(style: BaseStyle) -> Iterator[BaseOxmlElement]:
    """Yield the element of a style, then of the one that it is based on, and so on."""
    seen: list[BaseOxmlElement] = []
    element = style.element
    while element is not None and element not in seen:
        seen.append(element)
        yield element
        element = element.base_style


def size_of(style: BaseStyle) -> float:
    """Return the size of the text of a style in points, its own or inherited."""
    defaults = style.element.getparent().findall(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
    for element in (*chain(style), *defaults):
        size = element.find(f"{qn('w:rPr')}/{qn('w:sz')}")
        if size is not None:
            return float(size.get(qn("w:val"))) / 2
    return SIZE_WHERE_NONE_IS_SAID


def grid(document: WordDocument) -> BaseStyle | None:
    """Return the document's own style of tables with borders; None where it has none."""
    return _named(document, "Table Grid", WD_STYLE_TYPE.TABLE)


def give_borders(table: Table) -> None:
    """Draw thin borders around the cells of a table whose style draws none, with room inside them."""
    style = table.style
    if style is not None and any(
        element.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}") is not None for element in chain(style)
    ):
        return
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in BORDERS)
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    properties = table._tbl.tblPr  # noqa: SLF001  python-docx has no name for it
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    sides = "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    properties.insert_element_before(margins, "w:tblLook")


def _body(document: WordDocument) -> ParagraphStyle:
    """Return the style of body text, whatever the document calls it."""
    styles = document.styles
    style = styles.default(WD_STYLE_TYPE.PARAGRAPH) or _named(document, "Normal", WD_STYLE_TYPE.PARAGRAPH)
    if style is None:
        style = _added(document, "Normal")
        style.element.set(qn("w:default"), "1")
    assert isinstance(style, ParagraphStyle)
    return style


def _found(document: WordDocument, name: str) -> ParagraphStyle | None:
    """Return a style of the document by its name, or a heading by its level, which has no language."""
    style = _named(document, name, WD_STYLE_TYPE.PARAGRAPH)
    if style is None and name in HEADINGS:
        level = HEADINGS.index(name)
        style = next((one for one in _paragraph_styles(document) if _level(one) == level), None)
    assert style is None or isinstance(style, ParagraphStyle)
    return style


def _named(document: WordDocument, name: str, kind: WD_STYLE_TYPE) -> BaseStyle | None:
    wanted = _plain(name)
    return next(
        (style for style in document.styles if style.type == kind and wanted in _names(style.element)), None
    )


def _names(style: BaseOxmlElement) -> set[str]:
    """Return the names of a style as `_plain` writes them: its name, its other names, its id."""
    named = [style.find(qn(tag)) for tag in ("w:name", "w:aliases")]
    texts = [element.get(qn("w:val"), "") for element in named if element is not None]
    return {_plain(part) for text in (*texts, style.get(qn("w:styleId"), "")) for part in text.split(",")}


def _plain(name: str) -> str:
    """Return the name of a style in one spelling: "Heading 1", "heading 1" and "Heading1" are one."""
    return name.replace(" ", "").casefold()


def _level(style: BaseStyle) -> int | None:
    """Return the level of a heading, counted from 0; None for a style that is no heading."""
    for element in chain(style):
        outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            return int(outline.get(qn("w:val")))
    return None


def _rank(style: ParagraphStyle, level: int) -> None:
    """Make a style a heading for Word and screen readers, which tell one by its level, unless it is one."""
    if _level(style) is None:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level))
        later = ("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")
        style.element.get_or_add_pPr().insert_element_before(outline, *later)


def _paragraph_styles(document: WordDocument) -> Sequence[BaseStyle]:
    return [style for style in document.styles if style.type == WD_STYLE_TYPE.PARAGRAPH]


def _added(document: WordDocument, name: str) -> ParagraphStyle:
    """Return a new paragraph style of that name, or of another one where a style for letters has it."""
    taken = {name for style in document.styles for name in _names(style.element)}
    own = name if _plain(name) not in taken else f"Report {name}"
    style = document.styles.add_style(own, WD_STYLE_TYPE.PARAGRAPH, builtin=own == name)
    assert isinstance(style, ParagraphStyle)
    return style
