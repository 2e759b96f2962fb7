"""ID tokens as the UE takes them: who states to have issued one, and whether that is true."""

import base64
import json

from muster.protocol import oidc
from muster.ue.reference.refusal import Refusal


def stated_issuer(id_token: str) -> str:
    """Read who the token says it is from; nothing of it is verified yet."""
    try:
        payload = id_token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        issuer = claims["iss"]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise Refusal("the ID token states no issuer") from error
    if not isinstance(issuer, str) or not issuer.startswith("https://"):
        raise Refusal("the issuer of the ID token is no https URL")
    return issuer


def check_id_token(id_token: str, keys: bytes, *, issuer: str, client_id: str) -> oidc.IdToken:
    """Verify the signature with the issuer's keys, then the claims."""
    try:
        document = json.loads(keys)
        if not isinstance(document, dict):
            raise ValueError("the key set is no JSON object")
        return oidc.validate_id_token(id_token, oidc.read_jwks(document), issuer, client_id)
    except ValueError as error:
        raise Refusal(f"the ID token is not valid: {error}") from error
