"""A version of a tool comes back from its file and from the database as it was, whatever it says."""

from flask import Flask
from hypothesis import HealthCheck, given, settings

from app.database import db
from app.files.toml_files import read_toml_content
from app.installation.toml_texts import content_text
from app.names import Names
from app.tools.content import Content
from app.tools.importing import TOOL, content_in
from app.tools.models import Standard
from app.tools.queries import content_of, found
from app.tools.rows import tool_of
from tests.tools.content_cases import STANDARDS, contents


@given(contents())
@settings(max_examples=150, deadline=None)
def test_what_an_export_writes_an_import_reads(content: Content) -> None:
    text = content_text(content)
    reading = read_toml_content("tool.toml", text.encode(), TOOL)
    assert reading.faults == []
    assert content_in(reading, Names((name, name) for name in STANDARDS)) == content
    assert reading.faults == []


@given(content=contents())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_is_read(app: Flask, content: Content) -> None:
    standards = [Standard(name=name, source="statute") for name in STANDARDS]
    try:
        db.session.add_all(standards)
        db.session.flush()
        db.session.add(tool_of(content, {standard.name: standard.id for standard in standards}))
        db.session.flush()
        db.session.expire_all()
        tool = found(content.reference, content.version)
        assert tool is not None
        assert content_of(tool) == content
    finally:
        db.session.rollback()
