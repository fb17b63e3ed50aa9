"""The ways of choosing the cases of a cycle, which decide what may be said beyond them. Pure."""

from enum import StrEnum


class Selection(StrEnum):
    """A way of choosing cases, by the name that files and pages give it."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    HAND_PICKED = "hand-picked"
    WHOLE_POPULATION = "whole population"
