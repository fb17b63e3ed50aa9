"""What can be imported, and by whom: the same imports as on the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.actions.importing_actions import import_actions
from app.actions.importing_recommendations import import_recommendations
from app.answers.importing import import_answers
from app.answers.importing_context import import_context
from app.audit_files.audits import import_audits
from app.audit_files.chases import import_chases
from app.clock import today
from app.cycles.importing import import_cycle
from app.files.imported import Imported
from app.files.progress import Tell
from app.people.importing import import_closures, import_leave
from app.people.importing_staff import import_staff
from app.people.roles import RoleName as R
from app.quick_wins.importing import import_quick_wins
from app.tools.importing import import_tool

OFFICE = frozenset({R.COORDINATOR, R.ADMINISTRATOR})
COORDINATORS = frozenset({R.COORDINATOR})

TABLES, TOML = (".csv", ".xlsx"), (".toml",)


TakeIn = Callable[[Path, str | None, bool, Tell], Imported]
"""Takes in a file; told the cycle of the rows that name none, whether to check only, and whom to tell."""


@dataclass(frozen=True)
class Kind:
    """One kind of file: how it is called here, what it needs, and who may import it.

    `columns` are those that it cannot do without.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    take_in: TakeIn
    roles: frozenset[R] = COORDINATORS
    endings: tuple[str, ...] = TABLES


def _plain(importing: Callable[..., Imported]) -> TakeIn:
    """An import that knows no cycle of the whole file, and is never long."""
    return lambda path, _cycle, dry_run, _tell: importing(path, dry_run=dry_run)


def _audits(path: Path, cycle: str | None, dry_run: bool, tell: Tell) -> Imported:
    return import_audits(path, on=today(), cycle=cycle, dry_run=dry_run, tell=tell)


def _answers(path: Path, _cycle: str | None, dry_run: bool, tell: Tell) -> Imported:
    return import_answers(path, dry_run=dry_run, tell=tell)


KINDS = (
    Kind("staff", "Staff", ("email", "name"), _plain(import_staff), OFFICE),
    Kind("leave", "Leave", ("email", "from_on", "to_on"), _plain(import_leave), OFFICE),
    Kind("closures", "Closure days", ("day",), _plain(import_closures), OFFICE),
    Kind("tool", "An audit tool", (), _plain(import_tool), OFFICE, TOML),
    Kind("cycle", "A cycle", (), _plain(import_cycle), endings=TOML),
    Kind("audits", "Audits", ("reference", "case_reference", "team"), _audits),
    Kind("answers", "Answers", ("audit_reference", "question", "response"), _answers),
    Kind("context", "Context of cases", ("audit_reference", "factor"), _plain(import_context)),
    Kind("chases", "Chases", ("audit_reference", "day", "channel"), _plain(import_chases)),
    Kind(
        "recommendations", "Recommendations", ("reference", "cycle", "text"), _plain(import_recommendations)
    ),
    Kind("actions", "Actions", ("reference", "text"), _plain(import_actions)),
    Kind(
        "quick-wins",
        "Quick wins",
        ("reference", "subject", "message", "audience_roles", "starts_on", "every_working_days", "times"),
        _plain(import_quick_wins),
    ),
)
"""In the order in which one needs what another has."""


def kinds_for(roles: frozenset[R]) -> list[Kind]:
    """What somebody with these roles may import."""
    return [kind for kind in KINDS if kind.roles & roles]
