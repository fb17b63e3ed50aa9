"""A report as a page: in the product, and as a file of its own that needs nothing else and prints well."""

from flask import render_template
from markupsafe import Markup

from app.drawing import svg
from app.reports import bars
from app.reports.paper import ONLY_PRODUCT, Paper, Part, Picture


def html(paper: Paper) -> str:
    """The report as one HTML file with its style and pictures in it."""
    return render_template("reports/file.html", paper=paper, **shown_with())


def shown_with() -> dict[str, object]:
    """Return what the template that shows a paper needs beside the paper."""
    return {"kind_of": kind_of, "drawn": drawn, "only_product": ONLY_PRODUCT}


def kind_of(part: Part) -> str:
    """ "paragraph", "bullets", "table" or "picture"."""
    return type(part).__name__.lower()


def drawn(picture: Picture) -> Markup:
    """The picture as SVG, which says in words what it shows."""
    return svg(bars.drawing(picture.bars), picture.alternative)
