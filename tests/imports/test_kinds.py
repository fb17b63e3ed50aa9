"""The registry of what can be imported agrees with what it speaks of."""

import pytest

from app.imports.kinds import KINDS, WHOLE_FILE, Kind

BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_names_with_its_own_columns_what_a_kind_before_it_has(kind: Kind) -> None:
    before = [*BY_NAME][: [*BY_NAME].index(kind.name) + 1]
    assert set(kind.names.values()) <= set(before)
    if kind.table:
        assert kind.names.keys() - {WHOLE_FILE} <= set(kind.headings)
        assert kind.table.name == kind.stem
        assert set(kind.needed) <= set(kind.headings)
