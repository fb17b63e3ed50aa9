"""A report in Word: what Word's accessibility checker looks for, and what a council's template brings."""

# ruff: noqa: SLF001  what the checker looks for has no name in python-docx
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Length
from hypothesis import given
from hypothesis import strategies as st

from app.refusal import Refused
from app.reports.paper import Paragraph, Section, Table, from_json
from app.reports.word import docx, shared_out
from tests.reports.writers import RICH


@pytest.fixture(scope="module")
def written() -> WordDocument:
    return opened(docx(RICH))


def opened(content: bytes) -> WordDocument:
    return Document(io.BytesIO(content))


def words(document: WordDocument) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_it_has_a_title_and_a_language(written: WordDocument) -> None:
    assert written.core_properties.title == "Practice audits: First cycle"
    assert written.core_properties.language == "en-GB"
    languages = {each.get(qn("w:val")) for each in written.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_every_page_says_whose_report_it_is_and_whom_to_ask() -> None:
    author = "Jack Denny, jack.denny@council.example, 01270 000000"
    (section,) = opened(docx(replace(RICH, marking="OFFICIAL-SENSITIVE", author=author))).sections
    assert not section.different_first_page_header_footer
    assert [each.text for each in section.header.paragraphs] == [f"{RICH.organisation} · OFFICIAL-SENSITIVE"]
    assert [each.text for each in section.footer.paragraphs] == [f"{author} · Page  of "]
    (section,) = opened(docx(RICH)).sections
    assert [each.text for each in section.header.paragraphs] == [RICH.organisation]
    assert [each.text for each in section.footer.paragraphs] == ["Page  of "]


def test_headings_are_styles_and_skip_no_level(written: WordDocument) -> None:
    named = [(each.style.name, each.text) for each in written.paragraphs if each.style is not None]
    assert [each for each in named if each[0] and each[0].startswith(("Title", "Heading"))] == [
        ("Title", "Practice audits: First cycle"),
        ("Heading 1", "Purpose"),
        ("Heading 1", "Findings"),
        ("Heading 2", "Key areas"),
    ]


def test_a_table_repeats_its_heading_row_and_merges_no_cells(written: WordDocument) -> None:
    table = written.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Key area", "Percentage", "What was said"]
    heading = table.rows[0]._tr.trPr
    assert heading is not None
    assert heading.find(qn("w:tblHeader")) is not None
    merged = [each for tag in ("w:gridSpan", "w:vMerge", "w:hMerge") for each in table._tbl.iter(qn(tag))]
    assert merged == []
    assert {len(row.cells) for row in table.rows} == {3}


def widths(table: Table) -> list[float]:
    """The columns of a table in centimetres."""
    written = opened(docx(replace(RICH, sections=(Section("one", "One", (table,)),)))).tables[0]
    return [Length(column.width or 0).cm for column in written.columns]


def test_a_column_is_as_wide_as_what_it_holds() -> None:
    small = widths(Table("Places", ("Team", "Main place"), (("Crewe", "ICS"), ("Nantwich", "Paris"))))
    assert sum(small) < 6
    dates = Table(
        "Actions",
        ("Reference", "Action", "Responds to", "Owner", "Due", "State"),
        (("A1", "Remind staff " * 9, "R4 and how it went " * 3, "Ann Lee, Head of " * 2, *FEBRUARY),),
    )
    reference, action, responds, owner, due, state = widths(dates)
    assert sum(widths(dates)) <= 16.6
    # a date stays on one line, a reference takes no more than its heading, and long texts have the most room
    assert due > 2.9
    assert reference < 2.2
    assert action > responds > owner
    assert state < 3


FEBRUARY = ("25 February 2011", "closed not effective")


@given(st.lists(st.tuples(st.floats(1, 30), st.floats(0, 200)), min_size=1, max_size=9), st.floats(0, 200))
def test_columns_fit_the_page_and_have_room_for_their_longest_word(
    columns: list[tuple[float, float]], spare: float
) -> None:
    least = [word for word, _ in columns]
    wanted = [word + more for word, more in columns]
    given_room = shared_out(least, wanted, sum(least) + spare)
    assert sum(given_room) <= sum(least) + spare + 0.001
    assert all(width >= word - 0.001 for width, word in zip(given_room, least, strict=True))
    if sum(wanted) <= sum(least) + spare:
        assert given_room == pytest.approx(wanted)


def test_annexes_begin_on_a_page_of_their_own() -> None:
    one, two = (
        Section(f"annex-{letter}", f"Annex {letter}", (Paragraph("It."),), is_annex=True) for letter in "AB"
    )
    document = opened(docx(replace(RICH, sections=(*RICH.sections, one, two))))
    breaks = [each.text for each in document.paragraphs if each.paragraph_format.page_break_before]
    assert breaks == ["Annex A"]


def test_a_picture_has_no_room_beside_it(written: WordDocument) -> None:
    [shape] = written.inline_shapes
    assert {shape._inline.get(f"dist{side}") for side in "TBLR"} == {"0"}


def test_every_picture_says_in_words_what_it_shows(written: WordDocument) -> None:
    told = [shape._inline.docPr.get("descr") for shape in written.inline_shapes]
    assert told == ["Core groups: 60%; Gatekeeping: no figure."]


def test_a_numbered_list_is_one_that_word_counts_from_one() -> None:
    twice = replace(RICH, sections=(RICH.sections[0], replace(RICH.sections[0], key="again")))
    document = opened(docx(twice))
    items = [each for each in document.paragraphs if each.style and each.style.name == "List Number"]
    assert [each.text for each in items] == ["First", "Then", "First", "Then"]
    ids = [int(number.get(qn("w:val"), 0)) for each in items for number in each._p.iter(qn("w:numId"))]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    numbering = document.part.numbering_part.element
    starts = [numbering.num_having_numId(one).findall(f".//{qn('w:startOverride')}") for one in set(ids)]
    assert [[each.get(qn("w:val")) for each in found] for found in starts] == [["1"], ["1"]]


def test_it_is_numbered_page_by_page(written: WordDocument) -> None:
    footer = written.sections[0].footer._element
    assert [each.text for each in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_no_paragraph_is_left_empty_to_make_room(written: WordDocument) -> None:
    empty = [
        each
        for each in written.paragraphs
        if not each.text.strip() and not each._p.findall(f".//{qn('w:drawing')}")
    ]
    assert empty == []


def test_a_draft_says_at_its_top_that_it_is_one_and_how_much_is_still_to_write(
    written: WordDocument,
) -> None:
    assert [each.text for each in written.paragraphs][1:3] == [
        "Draft: not final",
        "Cycle: 2010-1 · Protective marking: OFFICIAL-SENSITIVE",
    ]
    empty = replace(RICH, sections=(*RICH.sections, Section("background", "Background", only_product=True)))
    assert "Draft: not final. 1 section is not written yet." in words(opened(docx(empty)))
    corrected = words(opened(docx(replace(empty, is_draft=False, number=2, because="a date was wrong"))))
    assert "Final, version 2, corrected: a date was wrong" in corrected
    assert not any("written yet" in said for said in corrected)


def test_the_same_paper_gives_the_same_bytes_also_from_what_was_frozen() -> None:
    assert docx(RICH) == docx(from_json(RICH.to_json()))


def test_what_xml_cannot_hold_is_left_out_and_a_formula_stays_text(written: WordDocument) -> None:
    cells = [cell.text for row in written.tables[0].rows for cell in row.cells]
    assert "=1+1" in cells
    assert cells[-1].strip() == "odd"


def a_template(change: Callable[[WordDocument], None] = lambda _: None) -> bytes:
    document = Document()
    change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_the_councils_template_keeps_its_header_and_loses_its_text() -> None:
    def with_header(document: WordDocument) -> None:
        document.sections[0].header.paragraphs[0].text = "Cheshire East"
        document.sections[0].footer.paragraphs[0].text = "Page of the council's own"
        document.add_paragraph("Text of the template")

    written = opened(docx(RICH, a_template(with_header)))
    assert written.sections[0].header.paragraphs[0].text == "Cheshire East"
    assert [each.text for each in written.sections[0].footer.paragraphs] == ["Page of the council's own"]
    assert "Text of the template" not in words(written)
    assert "Findings" in words(written)


def test_the_councils_template_gets_the_marking_and_the_author_that_it_lacks() -> None:
    author = "Jack Denny, jack.denny@council.example"
    paper = replace(RICH, marking="OFFICIAL-SENSITIVE", author=author)

    def with_header(document: WordDocument) -> None:
        document.sections[0].header.paragraphs[0].text = "Cheshire East"
        document.sections[0].footer.paragraphs[0].text = "Official-sensitive. Page 1"

    def said(content: bytes) -> tuple[list[str], list[str]]:
        (section,) = opened(content).sections
        return [each.text for each in section.header.paragraphs], [
            each.text for each in section.footer.paragraphs
        ]

    own = "Official-sensitive. Page 1"
    assert said(docx(paper, a_template(with_header))) == (
        ["Cheshire East", "OFFICIAL-SENSITIVE"],
        [own, author],
    )

    def with_marking(document: WordDocument) -> None:
        document.sections[0].header.paragraphs[0].text = "Cheshire East: Official-Sensitive"

    assert said(docx(paper, a_template(with_marking)))[0] == ["Cheshire East: Official-Sensitive"]


def test_a_template_in_another_language_or_none_is_read_as_british_english() -> None:
    def american(document: WordDocument) -> None:
        for each in document.styles.element.iter(qn("w:lang")):
            each.set(qn("w:val"), "en-US")

    def silent(document: WordDocument) -> None:
        for each in list(document.styles.element.iter(qn("w:lang"))):
            each.getparent().remove(each)

    for change in (american, silent):
        styles = opened(docx(RICH, a_template(change))).styles.element
        assert {each.get(qn("w:val")) for each in styles.iter(qn("w:lang"))} == {"en-GB"}


def test_a_template_that_lacks_a_style_gets_it() -> None:
    def without_headings(document: WordDocument) -> None:
        for name in ("Heading 2", "Caption", "List Bullet"):
            element = document.styles[name].element
            element.getparent().remove(element)

    written = opened(docx(RICH, a_template(without_headings)))
    heading = next(each for each in written.paragraphs if each.text == "Key areas")
    assert heading.style is not None
    assert heading.style.name == "Heading 2"
    assert [each.get(qn("w:val")) for each in heading.style.element.iter(qn("w:outlineLvl"))] == ["1"]


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind: str) -> bytes:
    def change(document: WordDocument) -> None:
        parts = document.part.package.iter_parts()
        settings = next(each for each in parts if each.partname == "/word/settings.xml")
        name = settings.relate_to("file://far/away", f"{OFFICE}/{kind}", is_external=True)
        if kind == "attachedTemplate":
            element = document.settings.element.makeelement(qn("w:attachedTemplate"), {qn("r:id"): name})
            document.settings.element.insert(0, element)

    return a_template(change)


def test_the_file_that_a_template_was_made_from_is_let_go_and_a_link_stays() -> None:
    for kind, left in (("attachedTemplate", 0), ("hyperlink", 1)):
        content = related(kind)
        assert outside(opened(content)) == [f"{OFFICE}/{kind}"]
        written = opened(docx(RICH, content))
        assert len(outside(written)) == left
        assert list(written.settings.element.iter(qn("w:attachedTemplate"))) == []


def outside(document: WordDocument) -> list[str]:
    parts = document.part.package.iter_parts()
    return [each.reltype for part in parts for each in part.rels.values() if each.is_external]


def test_a_template_with_a_picture_from_elsewhere_is_refused() -> None:
    with pytest.raises(Refused, match="kept in another file"):
        docx(RICH, related("image"))


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "must be a Word document"),
        (b"%PDF-1.7", "must be a Word document"),
        (zipped(a_txt=b"x"), "must be a Word document"),
        (zipped(word__document_xml=b"<broken"), "must be a Word document"),
        (a_template()[:4000], "must be a Word document"),
        (zipped(word__document_xml=b"x", word__vbaProject_bin=b"x"), "macros"),
        (zipped(word__document_xml=b"0" * 60_000_000), "has too much in it"),
        (b"0" * 6_000_000, "must be 5 MB or smaller"),
    ],
)
def test_a_template_that_is_not_sound_is_refused_in_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        docx(RICH, content)
