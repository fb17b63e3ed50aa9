"""An example report, which shows how reports will look in a template before it is used."""

from datetime import date

from app.reports.paper import Audience, Bar, Bullets, Paper, Paragraph, Picture, Section, Table
from app.wording import in_words

FIGURES = (("Core groups", 15, 25, 41.0, 77.0), ("Child seen alone", 20, 25, 61.0, 91.0))
"""Key areas with the audits with evidence, all audits, and the ends of the range."""


def example(organisation: str, on: date) -> Paper:
    """Return a report with every part that reports have, and invented figures."""
    return Paper(
        audience=Audience.COUNCIL,
        title="Practice audits: example report",
        organisation=organisation,
        cycle="example",
        made_on=on,
        said_of_it=(("Cycle", "an example, with invented figures"), ("Written on", in_words(on))),
        sections=(_text(), _findings(), _follow_up(on)),
    )


def _text() -> Section:
    return Section(
        "text",
        "Text and lists",
        (
            Paragraph("This is how the text of reports looks. The figures in this report are invented."),
            Bullets(("A list without an order has bullets.", "Each item stands on a line of its own.")),
            Bullets(("A list with an order has numbers.", "Each list begins at 1."), numbered=True),
        ),
    )


def _findings() -> Section:
    rows = tuple((name, f"{met} of {asked}", f"{met * 100 // asked}%") for name, met, asked, *_ in FIGURES)
    bars = tuple(
        Bar(name, met * 100 // asked, low, high, 80, f"{met} of {asked}")
        for name, met, asked, low, high in FIGURES
    )
    return Section(
        "findings",
        "Findings",
        (Paragraph("Sections have headings of up to 3 levels."),),
        (
            Section(
                "areas",
                "Key areas",
                (Table("Evidence found", ("Key area", "Evidence", "Percentage"), rows, (1, 2)),),
                (Section("picture", "In a picture", (Picture("Percentages", _said(), bars),)),),
            ),
        ),
    )


def _said() -> str:
    return "; ".join(f"{name}: {met} of {asked}" for name, met, asked, *_ in FIGURES) + "."


def _follow_up(on: date) -> Section:
    headings = ("Reference", "Recommendation", "Decided by", "Owner", "Due", "State")
    row = (
        "EX-R1",
        "Write the date of the next meeting into the record when it is agreed",
        "Senior Management Team",
        "Head of service",
        in_words(on),
        "accepted",
    )
    return Section(
        "follow-up",
        "What follows",
        (Table("Recommendations", headings, (row,)), Paragraph("This is the end of the example.")),
    )
