"""Tampering of any kind without the key is found, and the first bad row is named."""

from flask import Flask

from tests.history.tampering import KINDS, tamper


def test_all_tampering_is_found_and_named(service: Flask) -> None:
    outcome = tamper(20 * len(KINDS), seed=7)
    assert outcome.missed == []
    assert set(outcome.found.values()) == {20}
