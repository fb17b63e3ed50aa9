"""The audits of the example's second cycle, as planned. All of it is invented.

Days are numbers of working days from today: -5 is five working days ago.
"""

from dataclasses import dataclass

TOOL = "cared-for-post-16"
THEME = "Cared for Children post 16"
COORDINATOR = "jack.denny"

REQUESTED, ASSIGNED = -22, -20
FIRST_DUE, DUE = -10, 3
CUT_OFF, REPORTED = 13, 20

LISTED, SEED = 210, 2016
"""The number of cases that the sample is drawn from, and the seed."""

JUDGED, DIFFERED, MODERATED = "pathway_plan_quality", "CC-002", "CC-001"
"""The key of a judgement, the audit whose second auditor disagreed, the audit that a moderator changed."""

LEAVER, LEAVES = "derek.ollerton@council.example", -2
NOT_TRAINED = "gwen.tattersall@council.example"

LEAVE = (
    ("chitra.menon@council.example", -3, 6, ""),
    ("quentin.shaw@council.example", 4, 9, ""),
    ("ingrid.solomon@council.example", -1, 2, "jack.denny@council.example"),
)
"""The person on leave, the first and the last day, the deputy."""

REFUSED_FOR = "owen.bickerton@council.example"
REFUSED_BECAUSE = f"550 5.1.1 <{REFUSED_FOR}>: Recipient address rejected: User unknown"
"""A mail server's answer to one message, so that there is one that could not be delivered."""


@dataclass(frozen=True)
class Plan:
    """An audit, as it goes if nothing comes between."""

    reference: str
    team: str
    lead: str | None = None
    second: str | None = None
    due: int = DUE
    requested: int = REQUESTED
    started: int | None = None
    returned: int | None = None
    confirmed: int | None = None


CARED_FOR, CREWE, MACCLESFIELD = "Cared for Children", "Crewe", "Macclesfield"
CONGLETON, WILMSLOW, NANTWICH = "Congleton", "Wilmslow", "Nantwich"

PLANS = (
    Plan("CC-001", CARED_FOR, "alison.hartley", "imogen.sayle", FIRST_DUE, -22, -18, -12, -11),
    Plan("CC-002", CREWE, "brendan.foxe", "jerome.baptiste", FIRST_DUE, -22, -17, -11, -9),
    # waits for the second auditor
    Plan("CC-003", MACCLESFIELD, "chitra.menon", "katarzyna.wilk", FIRST_DUE, -22, -16, -10),
    # returned late
    Plan("CC-004", CONGLETON, "eirlys.pugh", "leonard.marsh", FIRST_DUE, -22, -14, -7, -6),
    # will be sent back
    Plan("CC-005", WILMSLOW, "farid.anwar", "maeve.corrigan", FIRST_DUE, -22, -15, -12),
    # will be extended
    Plan("CC-006", NANTWICH, "gwen.tattersall", "nasreen.qureshi", FIRST_DUE, -22, -13),
    # overdue: started long ago, never started, started late
    Plan("CC-007", CARED_FOR, "brendan.foxe", "owen.bickerton", FIRST_DUE, -22, -15),
    Plan("CC-008", CREWE, "eirlys.pugh", "imogen.sayle", -4),
    Plan("CC-009", MACCLESFIELD, "howard.keele", "jerome.baptiste", -2, -22, -9),
    # the lead leaves, the lead is on leave
    Plan("CC-010", CONGLETON, "derek.ollerton", "katarzyna.wilk"),
    Plan("CC-011", WILMSLOW, "chitra.menon", "leonard.marsh"),
    # the lead will decline, the second will decline and somebody else take over
    Plan("CC-012", NANTWICH, "howard.keele", "maeve.corrigan"),
    Plan("CC-013", CARED_FOR, "gwen.tattersall", "nasreen.qureshi", started=-6),
    # will be withdrawn
    Plan("CC-014", CREWE, "howard.keele", "leonard.marsh"),
    # due today
    Plan("CC-015", MACCLESFIELD, "alison.hartley", "jerome.baptiste", 0, -22, -3),
    Plan("CC-016", CONGLETON, "farid.anwar", "imogen.sayle"),
    # will be reassigned, exempted
    Plan("CC-017", WILMSLOW, "brendan.foxe", "maeve.corrigan"),
    Plan("CC-018", NANTWICH, "alison.hartley", "owen.bickerton"),
    Plan("CC-019", MACCLESFIELD, "farid.anwar", "leonard.marsh", started=-2),
    # asked for yesterday, nobody has them yet
    Plan("CC-020", CARED_FOR, due=10, requested=-1),
    Plan("CC-021", CREWE, due=10, requested=-1),
)
