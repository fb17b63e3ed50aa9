"""Pages across cycles: a cycle compared with an earlier one, and a key area over time."""

from flask import abort, render_template, request

from app.audits.cycle import Cycle
from app.clock import today
from app.cycles import queries
from app.cycles.day_asked import day_of
from app.findings.bars import interval_bar
from app.findings.blueprint import findings
from app.findings.compared import candidates, compared, default_of
from app.findings.earlier import earlier_cycles, published
from app.findings.over_time import points_of, stretches
from app.findings.over_time_chart import chart
from app.findings.questions import key_area_names
from app.findings.run_chart import LIMITS_FROM, RUN_CHART_FROM
from app.intervals import whole
from app.listing import Address
from app.moves.day_asked import day_in_address


@findings.get("/cycles/<reference>/compared")
def beside(reference: str) -> str:
    """Show a cycle compared with an earlier one, `?with=` the reference of that one, as of a day, `?on=`."""
    cycle = queries.found(reference) or abort(404)
    of_day = day_of(cycle)
    on = of_day or today()
    others = candidates(cycle)
    asked_for = request.args.get("with")
    other = default_of(cycle, others)
    if asked_for:
        wanted = Cycle.fold(asked_for)
        other = next((earlier for earlier in others if earlier.folded == wanted), None) or abort(404)
    return render_template(
        "findings/compared.html",
        address=Address.here(),
        cycle=cycle,
        other=other,
        others=others,
        bar=interval_bar,
        compared=None if other is None else compared(other, cycle, on),
        on=on,
        of_day=of_day,
    )


@findings.get("/findings/over-time")
def over_time() -> str:
    """Show a key area over all cycles, `?question=` its key; without a key, a choice. `?on=` as of a day."""
    names, of_day = key_area_names(), day_in_address()
    for cycle in earlier_cycles():
        names = {key: key for key in published(cycle)} | names
    question = request.args.get("question")
    if not question:
        return render_template(
            "findings/compared_over_time.html",
            names=names,
            question=None,
            address=Address.here(),
            of_day=of_day,
        )
    if question not in names:
        abort(404)
    points = points_of(question, of_day or today())
    parts = stretches(points)
    figures = sum(point.share is not None for point in points)
    return render_template(
        "findings/compared_over_time.html",
        address=Address.here(),
        names=names,
        of_day=of_day,
        question=question,
        points=points,
        areas=[point.area for point in points if point.area],
        stretches=parts,
        figures=figures,
        chart=chart(names[question], points, parts) if figures > 1 else None,
        per_cent=_per_cent,
        run_chart_from=RUN_CHART_FROM,
        limits_from=LIMITS_FROM,
    )


def _per_cent(share: float) -> str:
    return f"{whole(100 * share)}%"
