"""The registry of the kinds of files that can be imported.

Used by the command, the page, the import of a folder and the export. The columns of a kind are defined in
the module that imports it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.actions.importing_actions import ACTIONS, import_actions
from app.actions.importing_recommendations import RECOMMENDATIONS, import_recommendations
from app.answers.importing import ANSWERS, import_answers
from app.answers.importing_context import CONTEXT, import_context
from app.audit_files.audits import AUDITS, import_audits
from app.audit_files.chases import CHASES, import_chases
from app.cycles.importing import import_cycle
from app.files.columns import Table
from app.files.imported import Imported
from app.files.progress import Tell, silent
from app.names import folded
from app.people.importing import CLOSURES, LEAVE, import_closures, import_leave
from app.people.importing_staff import STAFF, import_staff
from app.people.roles import OFFICE
from app.people.roles import RoleName as R
from app.quick_wins.importing import QUICK_WINS, import_quick_wins
from app.tools.importing import import_tool

WHOLE_FILE = ""
"""A key of `Kind.names` that stands for the whole file instead of a column."""

_COORDINATORS = frozenset({R.COORDINATOR})


@dataclass(frozen=True)
class Kind:
    """A kind of file: its content, its import, and the roles that may import it.

    `table` has its columns; a file without one is toml. `asks` are the further arguments of its import.
    `names` are its columns or keys that name things of another kind of file, with that kind.
    """

    name: str
    title: str
    says: str
    importing: Callable[..., Imported]
    table: Table | None = None
    roles: frozenset[R] = _COORDINATORS
    asks: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The name of its file, without the ending."""
        return self.name.replace("-", "_")

    @property
    def endings(self) -> tuple[str, ...]:
        """Return how the names of its files can end, the usual ending first."""
        return (".csv", ".xlsx") if self.table else (".toml",)

    def is_file(self, stem: str, ending: str) -> bool:
        """Return True for the name, folded, of a file of this kind. Of toml files there may be several, each
        with more in its name."""
        own = folded(self.stem)
        begins = stem == own if self.table else stem.startswith(own)
        return begins and ending in self.endings

    @property
    def headings(self) -> Sequence[str]:
        """Return all its columns, in the order in which they are written."""
        return self.table.names if self.table else ()

    @property
    def needed(self) -> Sequence[str]:
        """Return the columns that are needed."""
        return self.table.needed if self.table else ()

    @property
    def takes_cycle(self) -> bool:
        """Return True when its rows may leave it to whoever imports them to name their cycle."""
        return "cycle" in self.asks

    def take_in(
        self,
        path: Path,
        *,
        on: date,
        cycle: str | None = None,
        dry_run: bool = False,
        tell: Tell = silent,
        by: str | None = None,
    ) -> Imported:
        """Take in a file on the day `on`; nothing when it has a fault, or with `dry_run`.

        `cycle` is the cycle of the rows that name none; `tell` is called with the progress. `by` is the email
        of who imports it, None for a command on the server.
        """
        known = {"on": on, "cycle": cycle, "tell": tell, "by": by}
        return self.importing(path, dry_run=dry_run, **{name: known[name] for name in self.asks})


KINDS = (
    Kind(
        "staff",
        "Staff",
        "People: their names, teams, line managers and roles.",
        import_staff,
        STAFF,
        OFFICE,
        asks=frozenset({"by"}),
    ),
    Kind(
        "leave",
        "Leave",
        "People’s leave. The first and last day both count as leave.",
        import_leave,
        LEAVE,
        OFFICE,
        asks=frozenset({"by"}),
        names={"email": "staff", "deputy_email": "staff"},
    ),
    Kind(
        "closures",
        "Closure days",
        "Days when the council is closed, not counting bank holidays.",
        import_closures,
        CLOSURES,
        OFFICE,
    ),
    Kind(
        "tool",
        "An audit tool",
        "A version of an audit tool: its questions and how each response counts.",
        import_tool,
        roles=OFFICE,
    ),
    Kind(
        "cycle",
        "A cycle",
        "A cycle. It is open unless the file gives closed_on.",
        import_cycle,
        names={
            "cycle / tool": "tool",
            "cycle / tool_version": "tool",
            "cycle / comparable_with": "cycle",
            "cycle / audits_again": "cycle",
        },
    ),
    Kind(
        "audits",
        "Audits",
        "Audits of one or more cycles. Name the cycle with --cycle or in a column called cycle.",
        import_audits,
        AUDITS,
        asks=frozenset({"on", "cycle", "tell"}),
        names={
            "lead_auditor": "staff",
            "second_auditor": "staff",
            "worker_email": "staff",
            "cycle": "cycle",
            WHOLE_FILE: "cycle",
        },
    ),
    Kind(
        "answers",
        "Answers",
        "Answers to audit questions. An empty response counts as not answered and changes nothing.",
        import_answers,
        ANSWERS,
        asks=frozenset({"tell"}),
        names={"audit_reference": "audits", "question": "tool"},
    ),
    Kind(
        "context",
        "The context of cases",
        "What was happening around the audited cases, for example a vacancy.",
        import_context,
        CONTEXT,
        names={"audit_reference": "audits"},
    ),
    Kind(
        "chases",
        "The chase log",
        "Phone calls, emails and conversations about audits.",
        import_chases,
        CHASES,
        names={"audit_reference": "audits", "by": "staff"},
    ),
    Kind(
        "recommendations",
        "Recommendations",
        "Recommendations to bodies, and what the bodies decided.",
        import_recommendations,
        RECOMMENDATIONS,
        names={"cycle": "cycle", "owner": "staff"},
    ),
    Kind(
        "actions",
        "Actions",
        "Actions, each with 1 owner and a due date. An action without an owner or a due date is a draft.",
        import_actions,
        ACTIONS,
        names={
            "recommendation": "recommendations",
            "question": "tool",
            "owner": "staff",
            "signed_off_by": "staff",
        },
    ),
    Kind(
        "quick-wins",
        "Quick wins",
        "Messages to staff about things that are easy to forget: who gets them, from when and how often.",
        import_quick_wins,
        QUICK_WINS,
        names={"action": "actions", "question": "tool", "audience_teams": "staff"},
    ),
)
"""The kinds, each after those that it needs."""

ENDINGS = tuple(dict.fromkeys(ending for kind in KINDS for ending in kind.endings))
"""The endings of the files of all kinds."""


def named(name: str) -> Kind | None:
    """Return the kind with this name; None where there is none."""
    return next((kind for kind in KINDS if kind.name == name), None)


def kinds_for(roles: frozenset[R]) -> list[Kind]:
    """Return the kinds that somebody with these roles may import."""
    return [kind for kind in KINDS if kind.roles & roles]
