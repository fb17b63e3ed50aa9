"""The limits of attempts: wrong passwords and codes at one account, and links that are asked for. Pure.

The guesses of others keep nobody out on a device that they have used before, where their own are limited, and
the guesses of one client keep nobody out anywhere else: a whole council can share one address. A client from
which very many attempts came still has one for each account, so that whoever types their password right gets
in. With a new password or app the wait ends: what was guessed at opens nothing any more.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

_WITH_PORT = re.compile(r"(?:([\d.]+)|\[([0-9a-fA-F:.]+)\]):\d+")
HOST_BITS_OF_IPV6 = 64
"""The bits of an address that one visitor chooses, who has a whole network."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most attempts of a kind within a time."""

    within: timedelta
    at_account: int
    """Counted from all clients and processes together, without those of known devices."""
    at_account_from_client: int
    """Fewer, so that one visitor does not use up those of the account."""
    from_client: int
    """Counted at all accounts together; very many."""
    at_account_afterwards: int
    """Allowed from a client that made so many."""
    from_device: int
    """Counted on a device that the person of the account has used before."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The attempts that were made within the time. `from_device` is None where the device is not known."""

    at_account: int = 0
    at_account_from_client: int = 0
    from_client: int = 0
    from_device: int | None = None


PASSWORD, LINK, CODE = "password", "link", "code"

_OF_GUESSES = Limits(
    within=timedelta(minutes=5),
    at_account=10,
    at_account_from_client=5,
    from_client=300,
    at_account_afterwards=1,
    from_device=10,
)

LIMITS = {
    PASSWORD: _OF_GUESSES,
    # each kind is counted by itself: who guesses a code knows the password already
    CODE: _OF_GUESSES,
    # the first has brought a link that works for longer than one has to wait
    LINK: Limits(
        within=timedelta(hours=1),
        at_account=6,
        at_account_from_client=6,
        from_client=100,
        at_account_afterwards=0,
        from_device=6,
    ),
}


def allows(limits: Limits, earlier: Earlier) -> bool:
    """Return True when one more attempt may be made."""
    if earlier.from_device is not None:
        return earlier.from_device < limits.from_device
    has_made_very_many = earlier.from_client >= limits.from_client
    from_here = limits.at_account_afterwards if has_made_very_many else limits.at_account_from_client
    return earlier.at_account < limits.at_account and earlier.at_account_from_client < from_here


def client_of(address: str | None) -> str:
    """Return the client that an address belongs to: of IPv6 the network. Some proxies add a port."""
    with_port = _WITH_PORT.fullmatch(address or "")
    try:
        read = ip_address(with_port[1] or with_port[2] if with_port else address or "")
    except ValueError:
        return ""
    if isinstance(read, IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(IPv6Network((read, HOST_BITS_OF_IPV6), strict=False))
    return str(read)
