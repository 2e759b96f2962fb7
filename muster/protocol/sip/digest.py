"""SIP Digest: the challenge of a registrar and the answer to it (RFC 3261 22, RFC 2617 3.2).

MD5 with qop=auth, as SIP Digest of 3GPP has it (TS 33.203 annex N); no other use of MD5 is meant.
"""

from __future__ import annotations

import hashlib
import secrets

from sipmessage import AuthChallenge, AuthCredentials, AuthParameters

COUNT = "00000001"
"""Each nonce is used once here."""


def challenge(realm: str, nonce: str) -> str:
    """The value of WWW-Authenticate."""
    told = AuthParameters(realm=realm, nonce=nonce, algorithm="MD5", qop="auth")
    return str(AuthChallenge("Digest", told))


def answer(challenged: str, method: str, uri: str, username: str, password: str) -> str:
    """The value of Authorization that answers a challenge. ValueError if that is none of Digest."""
    asked = AuthChallenge.parse(challenged)
    told = asked.parameters
    algorithm = told.get("algorithm", "MD5")
    if asked.scheme.lower() != "digest" or algorithm.upper() != "MD5":
        raise ValueError(f"a challenge of {asked.scheme} with {algorithm} is not known")
    if "auth" not in told.get("qop", "").split(","):
        raise ValueError("a challenge without qop=auth is not known")
    client_nonce = secrets.token_hex(8)
    given = {
        "username": username,
        "realm": told["realm"],
        "nonce": told["nonce"],
        "uri": uri,
        "algorithm": algorithm,
        "qop": "auth",
        "nc": COUNT,
        "cnonce": client_nonce,
    }
    response = _response(given, method, password)
    return str(AuthCredentials("Digest", AuthParameters(**given, response=response)))


def nonce_of(authorization: str) -> str:
    """The nonce that an Authorization answers; empty for one that is none of Digest."""
    return credentials_of(authorization).get("nonce", "")


def response_of(authorization: str) -> str:
    """What proves the password; short passwords can be guessed from it."""
    return credentials_of(authorization).get("response", "")


def fits(authorization: str, method: str, realm: str, password: str) -> bool:
    """Tell whether an Authorization proves that its sender knows the password."""
    told = credentials_of(authorization)
    needed = ("username", "realm", "nonce", "uri", "qop", "nc", "cnonce", "response")
    if any(name not in told for name in needed) or told["realm"] != realm:
        return False
    expected = _response(told, method, password)
    return secrets.compare_digest(expected.encode(), told["response"].lower().encode())


def challenge_of(challenged: str) -> dict[str, str]:
    """What a challenge tells, by name. ValueError if it cannot be read."""
    return dict(AuthChallenge.parse(challenged).parameters)


def credentials_of(authorization: str) -> dict[str, str]:
    """What an Authorization tells, by name; nothing for one that is none of Digest."""
    try:
        read = AuthCredentials.parse(authorization)
    except ValueError:
        return {}
    return dict(read.parameters or {}) if read.scheme.lower() == "digest" else {}


def _response(told: dict[str, str], method: str, password: str) -> str:
    who = _md5(f"{told['username']}:{told['realm']}:{password}")
    what = _md5(f"{method}:{told['uri']}")
    return _md5(f"{who}:{told['nonce']}:{told['nc']}:{told['cnonce']}:{told['qop']}:{what}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
