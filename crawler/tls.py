"""TLS by host: what is safe today, and what old servers speak for those hosts alone with which nothing else comes about.

Certificates are not verified here, so that a bad one hides nothing; crawler/certificates.py says what they are worth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.web.client import BrowserLikePolicyForHTTPS

if TYPE_CHECKING:
    from twisted.protocols.tls import TLSMemoryBIOProtocol

# TLS 1.0 and 1.1, short Diffie-Hellman keys and old hashes: level 0 is what allows them.
OLD_CIPHERS = "DEFAULT:@SECLEVEL=0"
LEGACY_SERVER_CONNECT = 0x4  # a server that knows no secure renegotiation; Python names it from 3.12 on


class TlsByHost(BrowserLikePolicyForHTTPS):
    """Which TLS a host is spoken to with. `lowered` tells whether it is one that speaks old TLS alone, `spoke` hears what it spoke."""

    def __init__(self, lowered: Callable[[str, int], bool], spoke: Callable[[str, int, str], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._lowered, self._spoke = lowered, spoke
        self._today = CertificateOptions(fixBrokenPeers=True)
        self._old = _OldOptions(fixBrokenPeers=True, insecurelyLowerMinimumTo=TLSVersion.TLSv1_0)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - the name that Twisted gives it
        host = hostname.decode("ascii")
        if not self._lowered(host, port):
            return _Unverified(self._today._makeTLSConnection, host)
        return _Unverified(self._old._makeTLSConnection, host, lambda version: self._spoke(host, port, version))


class _OldOptions(CertificateOptions):
    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: N802, N803 - the names that Twisted gives them
        context = super()._makeContext(skipCiphers=True)
        context.set_options(LEGACY_SERVER_CONNECT)
        context.set_cipher_list(OLD_CIPHERS.encode())
        return context


class _Unverified(ClientTLSOptions):
    """Takes whatever certificate comes."""

    def __init__(self, connect: Callable[[Any], SSL.Connection], host: str, spoke: Callable[[str], None] | None = None) -> None:
        super().__init__(connect, host)
        self._spoke = spoke

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802, N803 - the names that Twisted gives them
        connection = super().clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_PEER, self._take)
        return connection

    def _take(self, connection: SSL.Connection, *_: object) -> bool:
        if self._spoke is not None:
            self._spoke(connection.get_protocol_version_name())
        return True
