"""What a site's certificate is worth: the crawl does not verify it, so that a bad one hides nothing; one handshake of its own does."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime

from crawler.tls import LEGACY_SERVER_CONNECT, OLD_CIPHERS

# X509_V_ERR_* of OpenSSL.
_VERDICTS = {9: "not-yet-valid", 10: "expired", 18: "self-signed", 19: "self-signed", 62: "wrong-host", 64: "wrong-host"}


async def certificate(
    address: str, port: int, host: str, *, timeout: float = 15.0, trust: ssl.SSLContext | None = None, old_tls: bool = False
) -> str | None:
    """What a browser would say of the certificate: `ok:2027-03-01` (its last day), `expired`, `wrong-host`, `self-signed`,
    `untrusted`, `not-yet-valid`; None where no handshake came about, which is no fact about the certificate.

    `address` is where to connect, `host` whom the certificate has to name; `old_tls`: the host speaks that alone.
    """
    context = trust or ssl.create_default_context()
    if old_tls:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers(OLD_CIPHERS)
        context.options |= LEGACY_SERVER_CONNECT
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        return _VERDICTS.get(error.verify_code, "untrusted")
    except (OSError, TimeoutError, ValueError):
        return None
    try:
        shown = writer.get_extra_info("peercert") or {}
    finally:
        writer.transport.abort()
    until = shown.get("notAfter")
    if not isinstance(until, str):
        return None
    return f"ok:{datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC):%Y-%m-%d}"
