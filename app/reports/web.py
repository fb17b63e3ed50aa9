"""A report as HTML: on a page of the product, and as a file that needs no other and prints well."""

from flask import render_template
from markupsafe import Markup

from app.drawing import svg
from app.reports import bars
from app.reports.paper import Grades, Paper, Part, Picture


def html(paper: Paper) -> str:
    """Return the report as one HTML file with its style and pictures in it."""
    return render_template("reports/file.html", paper=paper, **template_context())


def template_context() -> dict[str, object]:
    """Return what the template of a paper needs besides the paper."""
    return {"kind_of": kind_of, "drawn": drawn}


def kind_of(part: Part) -> str:
    """Return "paragraph", "bullets", "table", "picture" or "grades"."""
    return type(part).__name__.lower()


def drawn(picture: Picture | Grades) -> Markup:
    """Return the picture as SVG, with its alternative text."""
    return svg(bars.drawn(picture), picture.alternative)
