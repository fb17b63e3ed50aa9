"""The bullets and numbers of lists in Word: those of the document's own list styles, or ones made here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.numbering import CT_Numbering
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from app.reports.word_styles import BULLETS, NUMBERS, Styles, chain

BULLET, NOTHING = "bullet", "none"
INDENT = 360
"""The indent of a list's text from the margin, and of its mark from the text, in twentieths of a point."""


@dataclass(frozen=True)
class Level:
    """The mark of a list: where the document defines it, at which depth, and its kind, such as "bullet"."""

    marks: int
    depth: int
    kind: str


class Lists:
    """The bullets and numbers of a document. `without_bullets` is True when its own style draws none."""

    def __init__(self, document: WordDocument, styles: Styles) -> None:
        self._document = document
        bullets, numbers = level_of(document, styles[BULLETS]), level_of(document, styles[NUMBERS])
        bulleted = bullets is not None and bullets.kind == BULLET
        self.without_bullets = not bulleted and BULLETS not in styles.made
        if not bulleted:
            properties = styles[BULLETS].element.get_or_add_pPr()
            _put(properties, self._begun(self._added(BULLET, "•")), 0)
        if numbers is None or numbers.kind in (BULLET, NOTHING):
            numbers = Level(self._added("decimal", "%1."), 0, "decimal")
        self._numbers = numbers

    def number_from_one(self, items: Iterable[Paragraph]) -> None:
        """Number these paragraphs from 1: by its style alone, a list would go on from the one before."""
        number = self._begun(self._numbers.marks, anew_at=self._numbers.depth)
        for item in items:
            properties = item._p.get_or_add_pPr()  # noqa: SLF001  python-docx has no name for it
            _put(properties, number, self._numbers.depth)

    def _begun(self, marks: int, *, anew_at: int | None = None) -> int:
        """Begin a list with these marks, which count from 1 at that depth; return its number."""
        own: Any = _numbering(self._document).add_num(marks)  # type: ignore[no-untyped-call]
        if anew_at is not None:
            own.add_lvlOverride(ilvl=anew_at).add_startOverride(1)
        number: int = own.numId
        return number

    def _added(self, kind: str, mark: str) -> int:
        """Add marks of one depth to the document, as many lists as you like; return their number."""
        numbering = _numbering(self._document)
        taken = (int(one.get(qn("w:abstractNumId"))) for one in numbering.findall(qn("w:abstractNum")))
        abstract = max(taken, default=-1) + 1
        element = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}">'
            '<w:multiLevelType w:val="singleLevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{mark}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{INDENT}" w:hanging="{INDENT}"/></w:pPr></w:lvl>'
            "</w:abstractNum>"
        )
        numbering.insert_element_before(element, "w:num", "w:numIdMacAtCleanup")
        return abstract


def level_of(document: WordDocument, style: ParagraphStyle) -> Level | None:
    """Return the mark that a style gives to its paragraphs; None where it gives none that can be found."""
    for element in chain(style):
        properties = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is not None and properties.find(qn("w:numId")) is not None:
            depth = properties.find(qn("w:ilvl"))
            number = int(properties.find(qn("w:numId")).get(qn("w:val")))
            return _level(document, number, 0 if depth is None else int(depth.get(qn("w:val"))), style)
    return None


def _level(document: WordDocument, number: int, depth: int, style: ParagraphStyle) -> Level | None:
    numbering = _part(document)
    if numbering is None:
        return None
    numbers = {int(one.get(qn("w:numId"))): one for one in numbering.findall(qn("w:num"))}
    if number not in numbers:
        return None
    abstract = int(numbers[number].find(qn("w:abstractNumId")).get(qn("w:val")))
    levels = _levels(numbering, abstract)
    linked = [one for one in levels if _value(one, "w:pStyle") == style.style_id]
    fitting = linked or [one for one in levels if int(one.get(qn("w:ilvl"))) == depth]
    if not fitting:
        return None
    depth = int(fitting[0].get(qn("w:ilvl")))
    return Level(abstract, depth, _value(fitting[0], "w:numFmt") or "decimal")


def _levels(numbering: BaseOxmlElement, abstract: int) -> list[BaseOxmlElement]:
    """Return the levels of a numbering, its own or those of the list style that it refers to."""
    found = [
        one
        for one in numbering.findall(qn("w:abstractNum"))
        if int(one.get(qn("w:abstractNumId"))) == abstract
    ]
    if not found:
        return []
    own: list[BaseOxmlElement] = found[0].findall(qn("w:lvl"))
    linked = _value(found[0], "w:numStyleLink")
    if own or linked is None:
        return own
    return [
        level
        for one in numbering.findall(qn("w:abstractNum"))
        if _value(one, "w:styleLink") == linked
        for level in one.findall(qn("w:lvl"))
    ]


def _value(element: BaseOxmlElement, tag: str) -> str | None:
    child = element.find(qn(tag))
    value: str | None = None if child is None else child.get(qn("w:val"))
    return value


def _put(properties: BaseOxmlElement, number: int, depth: int) -> None:
    """Make a paragraph, or those of a style, an item of a numbering."""
    item = properties.get_or_add_numPr()
    item.get_or_add_ilvl().val = depth
    item.get_or_add_numId().val = number


def _part(document: WordDocument) -> CT_Numbering | None:
    try:
        part = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        return None
    assert isinstance(part, NumberingPart)
    element: CT_Numbering = part.element
    return element


def _numbering(document: WordDocument) -> CT_Numbering:
    """Return the numberings of a document, which python-docx cannot begin."""
    numbering = _part(document)
    if numbering is None:
        numbering = parse_xml(f"<w:numbering {nsdecls('w')}/>")
        name, kind = PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING
        part = NumberingPart(name, kind, numbering, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    assert numbering is not None
    return numbering
