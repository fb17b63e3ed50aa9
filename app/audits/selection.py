"""How the cases of a cycle were chosen, which decides what may be said beyond them. Pure."""

from enum import StrEnum


class Selection(StrEnum):
    """A way of choosing cases, by the name that files and pages give it."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    HAND_PICKED = "hand-picked"
    WHOLE_POPULATION = "whole population"
