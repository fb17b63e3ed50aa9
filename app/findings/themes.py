"""The theme that all key areas below half share: a sign of what to work on together. Pure."""

from collections.abc import Sequence

from app.names import folded
from app.wording import all_of


def theme_below_half(themes: Sequence[str | None]) -> str | None:
    """Return "Both areas below half are about families."; None unless all of several share one theme.

    `themes` has the theme of each area below half, None for one without.
    """
    if len(themes) < 2 or len({folded(theme or "") for theme in themes}) > 1 or not themes[0]:
        return None
    return f"{all_of(len(themes))} areas below half are about {themes[0]}."
