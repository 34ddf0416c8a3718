"""Authorities and certificates for mail servers in tests, good ones and bad ones."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext, TLSVersion

import trustme

__all__ = ["Authority"]


@dataclass(frozen=True)
class Authority:
    """Somebody who vouches for servers; `folder` holds its PEM file."""

    folder: Path

    @cached_property
    def _signs(self) -> trustme.CA:
        return trustme.CA()

    @cached_property
    def ca_file(self) -> str:
        """What a client needs in order to trust it."""
        path = self.folder / "authority.pem"
        self._signs.cert_pem.write_to_path(str(path))
        return str(path)

    def server(
        self, name: str = "127.0.0.1", *, expired: bool = False, newest: TLSVersion | None = None
    ) -> SSLContext:
        """Give what a server with a certificate for a name needs."""
        now = datetime.now(UTC)
        cert = self._signs.issue_cert(
            name,
            not_before=now - timedelta(days=30),
            not_after=now + timedelta(days=-1 if expired else 30),
        )
        context = SSLContext(PROTOCOL_TLS_SERVER)
        cert.configure_cert(context)
        if newest:
            context.minimum_version = min(newest, context.minimum_version)
            context.maximum_version = newest
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        return context

    def itself(self) -> SSLContext:
        """Give what a server needs that shows the authority's own, self-signed certificate."""
        path = self.folder / "itself.pem"
        self._signs.cert_pem.write_to_path(str(path))
        self._signs.private_key_pem.write_to_path(str(path), append=True)
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context
