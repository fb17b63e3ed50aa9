"""The council's identity provider, through Authlib: code flow with PKCE, state and nonce."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import requests
from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from app.council_accounts.claims import is_everybodys, of_another_tenant
from app.council_accounts.no_account import NoAnswer, NotBegun, NotBelieved, TurnedAway
from config.settings import IdentityProvider

NAME = "council"

SECONDS = 10
"""The longest time that the provider has for an answer."""

SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
"""Kinds of signature with a key that the provider alone has; none, or one with a shared key, is no proof."""

_IN_THE_COOKIE = f"_state_{NAME}_"


class _Client(FlaskOAuth2App):  # type: ignore[misc]
    """The provider's client, which takes no weak signature and no provider that stands for everybody."""

    def load_server_metadata(self) -> dict[str, Any]:
        known = super().load_server_metadata()
        issuer = known.get("issuer")
        if not isinstance(issuer, str) or is_everybodys(issuer):
            self.server_metadata.pop("_loaded_at", None)
            raise NotBelieved("the discovery address names no issuer of one organisation")
        signed = known.get("id_token_signing_alg_values_supported") or ["RS256"]
        known["id_token_signing_alg_values_supported"] = sorted(SIGNATURES.intersection(signed))
        return dict(known)


def ask(provider: IdentityProvider, come_back_to: str) -> Response:
    """Send the browser to the provider. A sign-in that it began before is forgotten.

    Raises NoAnswer and NotBelieved.
    """
    for key in [key for key in session if key.startswith(_IN_THE_COOKIE)]:
        session.pop(key)
    try:
        answer: Response = _client(provider).authorize_redirect(come_back_to)
    except (requests.RequestException, RuntimeError, ValueError) as error:
        raise NoAnswer(type(error).__name__) from None
    return answer


def claims(provider: IdentityProvider) -> Mapping[str, object]:
    """Return the verified claims about whoever comes back from the provider with this request.

    Raises NoAnswer, NotBegun, TurnedAway and NotBelieved.
    """
    client = _client(provider)
    try:
        token = client.authorize_access_token(
            claims_options={
                "iss": {"essential": True, "value": client.load_server_metadata()["issuer"]},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
            },
        )
    except MismatchingStateError as error:
        raise NotBegun(error.error) from None
    except OAuthError as error:
        raise _meant_by(error) from None
    except requests.RequestException as error:
        raise NoAnswer(type(error).__name__) from None
    except (JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise NotBelieved(type(error).__name__) from None
    said: Mapping[str, object] | None = token.get("userinfo")
    if said is None:
        raise NotBelieved("no id token")
    if of_another_tenant(said):
        raise NotBelieved("another tenant")
    return said


def _meant_by(error: OAuthError) -> Exception:
    """Return what a refusal of the provider means for whoever signs in."""
    match error.error:
        case "invalid_grant":
            return NotBegun("invalid_grant")  # the code was used already, or took too long
        case "access_denied" | "interaction_required" | "login_required" | "consent_required":
            return TurnedAway(error.error)
        case "invalid_client" | "unauthorized_client" | "invalid_request" | "invalid_scope" as known:
            return NoAnswer(known)  # the settings of the provider or of this service are wrong
        case _:
            return NoAnswer("refused")


@lru_cache(maxsize=8)
def _client(provider: IdentityProvider) -> _Client:
    """Return the client of a provider, which keeps what it has read of its addresses and keys."""
    return _Client(
        FlaskIntegration(NAME),
        name=NAME,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=provider.discovery_url,
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
