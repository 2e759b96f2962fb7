"""What an IdM server decides about token requests, without sockets: accounts, codes, grants.

Profile: TS 33.180 annex B (OpenID Connect), RFC 6749, 7636, 8693, 7523.
"""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from joserfc import jwt
from joserfc.errors import JoseError

from muster.evidence import Json
from muster.protocol import oidc
from muster.protocol.tokens import SigningKey, generate_signing_key
from stubs.tokens import IssuedToken, TokenLedger

KNOWN_SCOPES = frozenset(
    ("openid", *(scope for scopes in oidc.SCOPES.values() for scope in scopes))
)
CODE_LIFETIME = 60.0


@functools.cache
def signing_key(system: str) -> SigningKey:
    """The signing key of a system's IdMS, kept for the campaign: making an RSA key is slow."""
    return generate_signing_key("RS256", kid=f"{system}-signing")


@dataclass(frozen=True)
class Account:
    """A user as an IdM server knows her."""

    username: str
    password: str
    """Empty: cannot sign in here (a visitor)."""
    identities: Mapping[str, str]
    """MC service ID per service: mcptt, mcvideo, mcdata."""
    home_identities: frozenset[str] = frozenset()
    """IDs by which security tokens of her home system may name her."""


@dataclass
class AuthorizationCode:
    """A code that was given out; it is good once."""

    account: Account
    client_id: str
    redirect_uri: str
    scope: str
    challenge: str
    expires: float
    used: bool = False


class GrantRefused(Exception):
    """A token request is answered with an OAuth error (RFC 6749 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


@dataclass
class TokenService:
    """Issues tokens for one system; `facts` of a request are what it attests before masking."""

    system: str
    issuer: str
    names: frozenset[str]
    """Everything that may name this IdM server as audience: issuer, endpoints."""
    ledger: TokenLedger
    accounts: list[Account]
    clients: Mapping[str, frozenset[str]]
    """Registered client_id to its redirect URIs."""
    trusted: dict[str, SigningKey] = field(default_factory=dict)
    """Issuer of another system to the key that verifies its security tokens."""
    access_lifetime: float = 3600.0
    security_lifetime: float = 600.0
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    refreshable: dict[str, tuple[Account, str, str]] = field(default_factory=dict)

    # Authorization endpoint --------------------------------------------------------------------

    def authorization_problem(self, query: Mapping[str, str]) -> tuple[str, str] | None:
        """Return (error, description) unless all eight parameters are right (B.4.2.2)."""
        missing = [name for name in oidc.AUTHORIZATION_PARAMETERS if not query.get(name)]
        if query.get("client_id") not in self.clients:
            return "unauthorized_client", "unknown client_id"
        if query.get("redirect_uri") not in self.clients[query["client_id"]]:
            return "invalid_request", "redirect_uri is not registered"
        if missing:
            return "invalid_request", f"missing {', '.join(missing)}"
        if query["response_type"] != "code":
            return "unsupported_response_type", query["response_type"]
        if query["code_challenge_method"] != oidc.CHALLENGE_METHOD:
            return "invalid_request", "code_challenge_method is not S256"
        if "openid" not in query["scope"].split():
            return "invalid_scope", "openid is missing"
        return None

    def authenticate(self, username: str, password: str) -> Account | None:
        for account in self.accounts:
            if account.username == username and account.password:
                matches = secrets.compare_digest(account.password.encode(), password.encode())
                return account if matches else None
        return None

    def give_code(self, account: Account, query: Mapping[str, str]) -> str:
        code = secrets.token_urlsafe(24)
        expires = time.time() + CODE_LIFETIME
        self.codes[code] = AuthorizationCode(
            account,
            query["client_id"],
            query["redirect_uri"],
            granted_scope(query["scope"]),
            query["code_challenge"],
            expires,
        )
        self._issue(code, "code", account, "", expires)
        return code

    # Token endpoint ----------------------------------------------------------------------------

    def answer(self, form: Mapping[str, str], facts: dict[str, Json]) -> dict[str, Json]:
        """Return the token response or raise GrantRefused."""
        grants = {
            oidc.GRANT_AUTHORIZATION_CODE: self._code,
            oidc.GRANT_REFRESH_TOKEN: self._refresh,
            oidc.GRANT_TOKEN_EXCHANGE: self._exchange,
            oidc.GRANT_JWT_BEARER: self._bearer,
        }
        grant = grants.get(form.get("grant_type", ""))
        if grant is None:
            raise GrantRefused("unsupported_grant_type", form.get("grant_type", "none"))
        return grant(form, facts)

    def _code(self, form: Mapping[str, str], facts: dict[str, Json]) -> dict[str, Json]:
        code = self.codes.get(form.get("code", ""))
        facts["code_known"] = code is not None
        if code is None:
            raise GrantRefused("invalid_grant", "unknown code")
        facts["code_used_before"] = code.used
        facts["client_id_matches"] = form.get("client_id") == code.client_id
        facts["redirect_uri_matches"] = form.get("redirect_uri") == code.redirect_uri
        verifier = form.get("code_verifier", "")
        facts["verifier_fits"] = oidc.verifier_fits(verifier, code.challenge)
        facts["verifier_allowed"] = oidc.verifier_allowed(verifier)
        if code.used or code.expires < time.time():
            raise GrantRefused("invalid_grant", "the code was used or has expired")
        code.used = True
        if not (facts["client_id_matches"] and facts["redirect_uri_matches"]):
            raise GrantRefused("invalid_grant", "client_id or redirect_uri differs")
        if not facts["verifier_fits"]:
            raise GrantRefused("invalid_grant", "code_verifier does not fit the challenge")
        return self._tokens(code.account, code.client_id, code.scope)

    def _refresh(self, form: Mapping[str, str], facts: dict[str, Json]) -> dict[str, Json]:
        known = self.refreshable.get(form.get("refresh_token", ""))
        facts["refresh_token_known"] = known is not None
        if known is None:
            raise GrantRefused("invalid_grant", "unknown refresh token")
        account, client_id, scope = known
        wanted = form.get("scope", scope)
        if not set(wanted.split()) <= set(scope.split()):
            raise GrantRefused("invalid_scope", "wider than granted")
        del self.refreshable[form["refresh_token"]]
        return self._tokens(account, client_id, wanted)

    def _exchange(self, form: Mapping[str, str], facts: dict[str, Json]) -> dict[str, Json]:
        """TS 33.180 B.7.2: the access token of this domain for a security token."""
        for name in ("resource", "subject_token", "subject_token_type"):
            if not form.get(name):
                raise GrantRefused("invalid_request", f"missing {name}")
        subject = self.ledger.valid(form["subject_token"], kind="access", issuer=self.system)
        facts["subject_token_valid"] = subject is not None
        if subject is None:
            raise GrantRefused("invalid_request", "the subject token is not a valid access token")
        account = self._account(subject.owner)
        client_id = form.get("client_id", next(iter(self.clients)))
        expires = time.time() + self.security_lifetime
        claims = self._claims(account, expires) | {"aud": [client_id, form["resource"]]}
        token = self._sign(claims)
        self._issue(token, "security", account, "", expires)
        return {
            "access_token": token,
            "issued_token_type": oidc.TOKEN_TYPE_JWT,
            "token_type": "Bearer",
            "expires_in": int(self.security_lifetime),
        }

    def _bearer(self, form: Mapping[str, str], facts: dict[str, Json]) -> dict[str, Json]:
        """TS 33.180 B.7.4: a security token of a trusted domain for an access token of this one."""
        claims = self._assertion_claims(form.get("assertion", ""))
        facts["assertion_signed_by"] = claims.get("iss", "") if claims else ""
        audience = claims.get("aud", []) if claims else []
        audience = [audience] if isinstance(audience, str) else audience
        facts["assertion_for_us"] = bool(self.names & set(audience))
        if not claims or claims.get("exp", 0) < time.time():
            raise GrantRefused("invalid_grant", "the assertion is not a valid security token")
        if not facts["assertion_for_us"]:
            raise GrantRefused("invalid_grant", "the assertion is for another audience")
        named = {str(claims.get(name)) for name in ("sub", "mcptt_id", "mcvideo_id", "mcdata_id")}
        visitors = [account for account in self.accounts if account.home_identities & named]
        if not visitors:
            raise GrantRefused("invalid_grant", "the user is not known here")
        scope = granted_scope(form.get("scope", "openid"))
        return self._tokens(visitors[0], form.get("client_id", ""), scope)

    def _assertion_claims(self, assertion: str) -> dict[str, Json]:
        for issuer, key in self.trusted.items():
            try:
                claims = jwt.decode(assertion, key, algorithms=list(oidc.SIGNATURE_ALGORITHMS))
            except (JoseError, ValueError):
                continue
            if claims.claims.get("iss") == issuer:
                return dict(claims.claims)
        return {}

    # Tokens ------------------------------------------------------------------------------------

    def _tokens(self, account: Account, client_id: str, scope: str) -> dict[str, Json]:
        expires = time.time() + self.access_lifetime
        identity = self._claims(account, expires) | {"aud": client_id}
        access = self._claims(account, expires) | {"scope": scope, "client_id": client_id}
        answer: dict[str, Json] = {
            "access_token": self._sign(access | {"jti": secrets.token_hex(8)}),
            "token_type": "Bearer",
            "expires_in": int(self.access_lifetime),
            "scope": scope,
            "id_token": self._sign(identity),
            "refresh_token": secrets.token_urlsafe(32),
        }
        self.refreshable[answer["refresh_token"]] = (account, client_id, scope)
        self._issue(answer["access_token"], "access", account, scope, expires)
        self._issue(answer["id_token"], "id", account, "", expires)
        self._issue(answer["refresh_token"], "refresh", account, scope, time.time() + 86400)
        return answer

    def _claims(self, account: Account, expires: float) -> dict[str, Json]:
        services = {f"{service}_id": name for service, name in account.identities.items()}
        now = int(time.time())
        subject = {"iss": self.issuer, "sub": account.username}
        return {**subject, "iat": now, "exp": int(expires), **services}

    def _sign(self, claims: dict[str, Json]) -> str:
        key = signing_key(self.system)
        return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key)

    def _issue(self, value: str, kind: str, account: Account, scope: str, expires: float) -> None:
        owner = account.identities.get("mcptt") or next(iter(account.identities.values()), "")
        self.ledger.issue(
            IssuedToken(
                value, kind, self.system, owner, tuple(scope.split()), expires, account.identities
            )
        )

    def _account(self, owner: str) -> Account:
        return next(a for a in self.accounts if owner in a.identities.values())


def granted_scope(asked: str) -> str:
    """Unknown scopes are ignored (RFC 6749 3.3); the response says what was granted."""
    return " ".join(scope for scope in asked.split() if scope in KNOWN_SCOPES)
