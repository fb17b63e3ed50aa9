"""The kinds of entry in the record of reading, in words. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """The kind of an entry."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    NOT_SIGNED_IN = "sign-in refused"
    LOCKED_OUT = "locked out"
    REFUSED = "refused"
    CASE_NUMBERS = "case numbers"
    DOWNLOAD = "download"
    API = "api"
    EXPORT = "export"


OF_SIGNING_IN = (Kind.SIGNED_IN, Kind.SIGNED_OUT, Kind.NOT_SIGNED_IN, Kind.LOCKED_OUT)
"""The kinds that tell how a sign-in went, each with the network address that it came from."""

SEE_CASE_NUMBERS = (Kind.CASE_NUMBERS, Kind.EXPORT)
"""The kinds by which somebody sees a case number."""

IN_WORDS = {
    Kind.SIGNED_IN: "Signed in",
    Kind.SIGNED_OUT: "Signed out",
    Kind.NOT_SIGNED_IN: "Sign-in refused",
    Kind.LOCKED_OUT: "Too many wrong passwords",
    Kind.REFUSED: "Page refused",
    Kind.CASE_NUMBERS: "Case numbers seen",
    Kind.DOWNLOAD: "File downloaded",
    Kind.API: "API read",
    Kind.EXPORT: "Export",
}

COUNTED = {
    Kind.CASE_NUMBERS: "case number",
    Kind.DOWNLOAD: "file",
    Kind.API: "item",
    Kind.EXPORT: "audit",
}
"""The things that an entry of a kind counts; the other kinds count nothing."""
