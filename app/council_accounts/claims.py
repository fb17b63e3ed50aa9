"""The claims of the council's identity provider about somebody, and which of them are believed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.people.roles import RoleName

GOOGLE = "https://accounts.google.com"
"""The issuer of everybody's Google account, private ones included: the claim `hd` names the organisation."""

_TENANT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the council as its provider describes it."""

    issuer: str
    subject: str
    email: str | None
    """The address, folded; None where the provider has not verified that it is theirs."""
    roles: frozenset[RoleName] | None
    """The roles that the provider gives them; None where roles are those of the service."""


def account_of(claims: Mapping[str, object], role_claim: str | None) -> Account:
    """Return the account that verified claims describe."""
    return Account(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=_verified_email(claims),
        roles=None if role_claim is None else roles_in(claims.get(role_claim)),
    )


def roles_in(claimed: object) -> frozenset[RoleName]:
    """Return the roles among the values of a claim: a list, or one text. What is no role of ours counts for
    nothing, and so does a claim that is missing: providers leave it out where somebody has no role."""
    values = claimed if isinstance(claimed, list) else [claimed]
    named = {value.strip().casefold() for value in values if isinstance(value, str)}
    return frozenset(role for role in RoleName if role.value in named)


def is_everybodys(issuer: str) -> bool:
    """Return True for the address of a provider that stands for all its customers: "{tenantid}"."""
    return "{" in issuer


def of_another_tenant(claims: Mapping[str, object]) -> bool:
    """Return True when the organisation in the claims is not the one that the issuer and address stand for.

    The signature, issuer and audience have been checked already. Microsoft names the organisation in the
    issuer's address; Google has one issuer for all.
    """
    issuer = str(claims["iss"])
    tenant = _TENANT.search(issuer)
    if tenant and "tid" in claims and str(claims["tid"]).casefold() != tenant[0].casefold():
        return True
    if issuer == GOOGLE:
        _, _, domain = str(claims.get("email", "")).rpartition("@")
        return not domain or str(claims.get("hd", "")).casefold() != domain.casefold()
    return False


def _verified_email(claims: Mapping[str, object]) -> str | None:
    # Microsoft says in xms_edov that the domain of the address is the organisation's own
    verified = any(
        str(claims.get(name)).casefold() in ("true", "1") for name in ("email_verified", "xms_edov")
    )
    email = claims.get("email")
    if not verified or not isinstance(email, str):
        return None
    return email.strip().lower() or None
