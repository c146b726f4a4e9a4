"""Where a host really is: names resolved once for a whole run, and which addresses a public site may lead us to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.threads import deferToThread

_KEEP_SECONDS = 300.0  # names move seldom; a crawl asks for one thousands of times
_TIMEOUT_SECONDS = 20.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

# The name is there and has no such address; glibc tells it in one of three ways.
_NO_SUCH_ADDRESS = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5), getattr(socket, "EAI_ADDRFAMILY", -9)})

Lookup = Callable[[str], Awaitable[tuple[str, ...]]]


class PrivateAddressError(IgnoreRequest):
    """A host that the registry does not name lies on a loopback, private or reserved address: nothing of a public site's is there."""

    reason_key = "private-address"


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; addresses that carry another one count as that one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


async def look_up(host: str) -> tuple[str, ...]:
    """The addresses the system gives for a name. Raises CannotResolveHostError."""
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            # Twisted's threads, not asyncio's: a name server that hangs must not hold the process at its end.
            found = await maybe_deferred_to_future(deferToThread(socket.getaddrinfo, host, None, 0, socket.SOCK_STREAM))
    except (OSError, UnicodeError, TimeoutError) as error:
        raise CannotResolveHostError(f"{host}: {error or 'no answer from the name server'}") from error
    return tuple(sorted({str(entry[4][0]) for entry in found}))


async def look_up_ipv6(host: str) -> bool | None:
    """Whether a name has a public IPv6 address; None where the resolver could not tell."""
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            found = await maybe_deferred_to_future(deferToThread(socket.getaddrinfo, host, None, socket.AF_INET6, socket.SOCK_STREAM))
    except socket.gaierror as error:
        return False if error.errno in _NO_SUCH_ADDRESS else None
    except (OSError, UnicodeError, TimeoutError):
        return None
    return any(is_public(str(entry[4][0])) for entry in found)


async def accepts(address: str, port: int, *, timeout: float = 5.0) -> bool:
    """Whether anything at an address takes a connection; nothing is asked of it."""
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(address, port)
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


class AddressBook:
    """Addresses of hosts, shared by every crawl of a run."""

    def __init__(
        self,
        lookup: Lookup = look_up,
        now: Callable[[], float] = time.monotonic,
        ipv6: Callable[[str], Awaitable[bool | None]] = look_up_ipv6,
    ) -> None:
        self._lookup = lookup
        self._ipv6 = ipv6
        self._now = now
        self._held: dict[str, tuple[float, tuple[str, ...]]] = {}

    def held(self, host: str) -> tuple[str, ...] | None:
        """What is known without asking."""
        found = self._held.get(host)
        return found[1] if found is not None and self._now() < found[0] else None

    async def of(self, host: str) -> tuple[str, ...]:
        """Every address of a host, sorted; of an address written out, itself. Raises CannotResolveHostError."""
        known = self.held(host)
        if known is not None:
            return known
        try:
            addresses: tuple[str, ...] = (str(ipaddress.ip_address(host)),)
        except ValueError:
            addresses = await self._lookup(host)
        self._held[host] = (self._now() + _KEEP_SECONDS, addresses)
        return addresses

    async def has_ipv6(self, host: str) -> bool | None:
        """Whether a name has an IPv6 address; None for what is no public name, or is not found at all."""
        try:
            addresses = await self.of(host)
        except CannotResolveHostError:
            return None
        if host in addresses or not any(is_public(address) for address in addresses):
            return None
        return await self._ipv6(host)
