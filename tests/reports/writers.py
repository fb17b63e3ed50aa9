"""A paper with everything in it, for the tests of its writers."""

from datetime import date

from app.reports.paper import Audience, Bar, Bullets, Paper, Paragraph, Picture, Section, Table

RICH = Paper(
    audience=Audience.COUNCIL,
    title="Practice audits: First cycle",
    organisation="Your council",
    cycle="2010-1",
    made_on=date(2010, 12, 22),
    said_of_it=(("Cycle", "2010-1"), ("Protective marking", "OFFICIAL-SENSITIVE")),
    sections=(
        Section(
            "purpose",
            "Purpose",
            (
                Paragraph("Why <this> & what."),
                Bullets(("One", "Two")),
                Bullets(("First", "Then"), numbered=True),
            ),
            only_product=True,
        ),
        Section(
            "findings",
            "Findings",
            (Paragraph("In our words.", is_written=True),),
            (
                Section(
                    "areas",
                    "Key areas",
                    (
                        Table(
                            "Evidence found",
                            ("Key area", "Percentage", "What was said"),
                            (
                                ("Core groups", "60%", "=1+1"),
                                ("Gatekeeping", "no figure", "\x0bodd\x00 \ufffe"),
                            ),
                            (1,),
                        ),
                        Picture(
                            "Figures",
                            "Core groups: 60%; Gatekeeping: no figure.",
                            (Bar("Core groups", 60, 41.0, 77.0, 80, "15 of 25"), Bar("Gatekeeping", None)),
                        ),
                        Paragraph("After the picture."),
                    ),
                ),
            ),
        ),
    ),
)
