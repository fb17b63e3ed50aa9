"""The agencies of a cycle in its reports: their returns, and the counts of theirs that may leave. Pure."""

from app.findings.document import Findings
from app.reports.paper import Part, Table


def parts(findings: Findings) -> list[Part]:
    """Return the returns of each agency, and the counts by agency of the questions where they may leave;
    nothing for a cycle without agencies."""
    told = findings.several_agencies
    if told is None:
        return []
    returns = Table(
        f"Returns of each agency ({told.cases_in_words})",
        ("Agency", "Returned", "Of"),
        tuple(
            (name, f"{returned.returned:,}", f"{returned.wanted:,}")
            for name, returned in told.returns_in_words.items()
        ),
        (1, 2),
    )
    counts = told.counts_that_leave or {}
    names = {area.question: area.name for area in findings.areas}
    tables = [
        Table(
            f"{names[question]}, by agency",
            ("Agency", *responses),
            tuple(
                (agency, *(f"{number:,}" for number in of[question].values()))
                for agency, of in counts.items()
            ),
            tuple(range(1, 1 + len(responses))),
        )
        for question in told.leaving
        if (responses := tuple(next(iter(counts.values()))[question]))
    ]
    return [returns, *tables]
