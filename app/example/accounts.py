"""People of the example who see different things, and their roles in words."""

SIGN_IN_AS = (
    ("jack.denny@council.example", "audit coordinator: start here"),
    ("brendan.foxe@council.example", "auditor and manager"),
    ("imogen.sayle@council.example", "auditor, second of a pair"),
    ("harriet.vance@council.example", "senior leader"),
    ("neil.ashworth@council.example", "administrator"),
)
