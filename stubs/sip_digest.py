"""A SIP core that lets nobody register who does not answer its challenge (RFC 3261 22)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from muster.masking import Masker
from muster.protocol.sip import digest
from muster.protocol.sip.message import SipRequest, SipResponse, response_to

REMEMBERED = 1000
"""Nonces that wait for their answer; the oldest goes first."""


@dataclass
class DigestGate:
    """Challenges each REGISTER that does not answer a nonce which was not answered before."""

    realm: str
    password: str
    masker: Masker
    """Learns what a password could be guessed from."""
    _nonces: dict[str, None] = field(default_factory=dict)

    def refusal(self, request: SipRequest) -> SipResponse | None:
        """Return the challenge; None for a request that may pass."""
        if request.method != "REGISTER":
            return None
        given = request.headers.get("Authorization") or ""
        self.masker.register(digest.response_of(given), "digest")
        nonce = digest.nonce_of(given)
        if nonce in self._nonces:
            del self._nonces[nonce]
            if digest.fits(given, request.method, self.realm, self.password):
                return None
        fresh = secrets.token_hex(16)
        self._nonces[fresh] = None
        while len(self._nonces) > REMEMBERED:
            del self._nonces[next(iter(self._nonces))]
        challenge = ("WWW-Authenticate", digest.challenge(self.realm, fresh))
        return response_to(request, 401, headers=[challenge])
