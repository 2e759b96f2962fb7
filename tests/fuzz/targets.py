"""What a UE can send, made up: each target draws inputs and sends them to the running stubs.

A target tells what became of one input as a list of complaints; none is what is wanted. Nobody may
crash, keep a sender waiting, or leave an exchange out of the journal, whatever the input is.
"""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from muster.evidence import HttpExchange
from muster.protocol import oidc
from stubs.grants import signing_key
from stubs.world import World
from tests.stubs import sip_torture, test_http_fuzz, test_sip_fuzz
from tests.stubs.stub_helpers import PATIENCE, authorization

LONGEST_SECONDS = 5.0
"""No input may keep anybody longer."""
SILENCE_SECONDS = 0.5
"""After so long without an answer the sender hangs up."""
AUIDS = (
    "org.3gpp.mcptt.user-profile",
    "org.3gpp.mcptt.ue-config",
    "org.3gpp.mcvideo.service-config",
    "org.openmobilealliance.groups",
    "xcap-caps",
)
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "foreign", "use": "sig"})


@dataclass(frozen=True)
class Target:
    """A kind of input: how one is drawn, and how it is sent."""

    name: str
    inputs: st.SearchStrategy[Any]
    send: Callable[[World, Any], Sequence[str]]
    """Returns what is wrong."""

    def attack(self, world: World, given: Any, limit: float = LONGEST_SECONDS) -> list[str]:
        """Send one input; return what did not hold. `limit`: seconds that it may take."""
        begun = time.monotonic()
        wrong = list(self.send(world, given))
        took = time.monotonic() - begun
        if took > limit:
            wrong.append(f"kept waiting for {took:.1f} s")
        return wrong + [f"crash: {one}" for one in world.journal.crashes]


def told(world: World) -> int:
    """How much the journal tells of HTTP."""
    return test_http_fuzz.told(world)


def recorded(world: World, before: int) -> list[str]:
    """Wait for the record of what was sent."""
    came = world.journal.wait_until(lambda: told(world) > before, PATIENCE)
    return [] if came else ["not journalled"]


def http(world: World, server: str, wire: bytes, system: str = "primary") -> list[str]:
    """Send octets to a server over TLS."""
    aim, before = test_http_fuzz.Aim(world), told(world)
    with aim.connection(server, system) as secured, contextlib.suppress(OSError):
        secured.settimeout(SILENCE_SECONDS)  # a server may wait for what does not come
        secured.sendall(wire)
        test_http_fuzz.everything(secured)
    return recorded(world, before) if wire.strip(b"\r\n") else []


def post(
    world: World, server: str, path: str, media_type: str, body: bytes, system: str = "primary"
) -> list[str]:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x.example\r\nConnection: close\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return http(world, server, head.encode("latin-1", "replace") + body, system)


def last_status(world: World) -> int | None:
    seen = [one for one in world.journal.exchanges if isinstance(one, HttpExchange)]
    return seen[-1].status if seen else None


# HTTP as such ----------------------------------------------------------------------------------


def send_mutation(world: World, given: tuple[int, list[tuple[float, int, bytes]]]) -> list[str]:
    which, changes = given
    server, wire = test_http_fuzz.seeds(world)[which]
    for place, length, piece in changes:
        start = int(place * len(wire))
        wire = wire[:start] + piece + wire[start + length :]
    return http(world, server, wire)


# XCAP ------------------------------------------------------------------------------------------

segment = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x24F, exclude_characters="#?"), max_size=12
)
ODD_STEPS = ("*", "@index", "x:profile[1]", 'p[@id="a/b"]', "..", ".", "namespace::*", "[")
step = segment | st.sampled_from(ODD_STEPS) | st.integers(-5, 10**12).map("e[{}]".format)
node = st.lists(step, max_size=6).map("/".join) | st.just("/" * 500) | st.just("a[" * 400)
below = segment | st.sampled_from(["{xui}", "..", "%2e%2e", "%00", "."])
targets = st.tuples(
    st.sampled_from(["{root}", "", "//", "/..", "{root}/..", "{root}%2f"]),
    st.just("/"),
    st.sampled_from(AUIDS) | segment,
    st.just("/"),
    st.sampled_from(["users", "global", "USERS", "%75sers"]) | segment,
    st.lists(below.map("/".__add__), max_size=5).map("".join),
    st.just("") | node.map("/~~/".__add__) | node.map("/~~~/".__add__),
    st.sampled_from(["", "?xmlns(a=b)", "?" + "x" * 3000, "?%"]),
).map("".join)


def send_target(world: World, given: tuple[str, str, bool]) -> list[str]:
    method, target, escaped = given
    aim = test_http_fuzz.Aim(world)
    root = urlsplit(world.primary.url("cms")).path
    target = target.replace("{root}", root).replace("{xui}", world.primary.identity("alice"))
    path = quote(target, safe="/~%?[]@=*:()") if escaped else target
    octets = path.encode("utf-8").replace(b" ", b"+")
    body = b"" if method in ("GET", "DELETE") else b"<x/>"
    length = b"Content-Length: %d\r\n" % len(body)
    wire = b"%b %b HTTP/1.1\r\n%b%b\r\n%b" % (method.encode(), octets, aim.usual, length, body)
    return http(world, "cms", wire)


# OIDC ------------------------------------------------------------------------------------------

value = st.text(max_size=30) | st.sampled_from(["", "openid", "S256", "code", "x" * 20_000, "\0"])
names = st.sampled_from(
    [
        *("response_type", "client_id", "scope", "redirect_uri", "state", "acr_values", "code"),
        *("code_challenge", "code_challenge_method", "code_verifier", "grant_type", "assertion"),
        *("subject_token", "subject_token_type", "resource", "audience", "refresh_token"),
        *("username", "password", "login_session"),
    ]
)
parameters = st.lists(st.tuples(names | st.text(max_size=8), value), max_size=12)


def send_parameters(world: World, given: tuple[str, bool, list[tuple[str, str]]]) -> list[str]:
    """Some are added to a request that is in order, which makes doubles."""
    where, keep, drawn = given
    path = urlsplit(world.primary.url("idms")).path
    usual = list(authorization(world, "v" * 43).items()) if keep else []
    encoded = urlencode([*usual, *drawn], errors="replace")
    if where == "authorize":
        query = encoded.encode("ascii")[:8000]
        return http(
            world,
            "idms",
            b"GET %b/authorize?%b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            % (path.encode(), query),
        )
    return post(world, "idms", f"{path}/{where}", oidc.FORM_MEDIA_TYPE, encoded.encode("ascii"))


# JWTs ------------------------------------------------------------------------------------------


def part(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def claims_for(world: World, system: str) -> dict[str, object]:
    now = int(time.time())
    return {
        "iss": world.primary.access.idms_token_endpoint,
        "sub": world.primary.identity("alice"),
        "aud": world.systems[system].access.idms_token_endpoint,
        "exp": now + 600,
        "iat": now,
        "jti": secrets.token_hex(8),
        "mcptt_id": world.primary.identity("alice"),
        "client_id": world.terminal.client_id,
        "scope": "openid",
    }


def forged(world: World, kind: str, junk: bytes) -> str:
    """A token that nobody here signed."""
    claims = claims_for(world, "partner")
    match kind:
        case "none":
            return f"{part({'alg': 'none'})}.{part(claims)}."
        case "none with a signature":
            return f"{part({'alg': 'NONE'})}.{part(claims)}.{part(junk)}"
        case "public key as a secret":
            public = json.dumps(oidc.public_jwks([signing_key("primary")])).encode()
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(public))
        case "foreign key":
            return jwt.encode({"alg": "RS256", "kid": "foreign"}, claims, FOREIGN_KEY)
        case "key of its own":
            header = {"alg": "RS256", "jwk": FOREIGN_KEY.as_dict(private=False)}
            return jwt.encode(header, claims, FOREIGN_KEY)
        case "huge":
            return f"{part({'alg': 'RS256', 'x': 'y' * 200_000})}.{part(claims)}.{part(junk)}"
        case "deep":
            return f"{part(b'[' * 50_000)}.{part(claims)}.{part(junk)}"
        case "odd claims":
            odd: dict[str, object] = {**claims, "exp": "soon", "aud": {"x": []}, "iss": None}
            return f"{part({'alg': 'RS256'})}.{part(odd)}.{part(junk)}"
        case _:
            return f"{part(junk)}.{part(junk)}.{part(junk)}"


KINDS = (
    *("none", "none with a signature", "public key as a secret", "foreign key", "key of its own"),
    *("huge", "deep", "odd claims", "junk"),
)


def send_token(world: World, given: tuple[str, str, bytes]) -> list[str]:
    """As assertion at the partner, as subject token at home, and as bearer of a document."""
    where, kind, junk = given
    token = forged(world, kind, junk)
    if where == "bearer":
        aim = test_http_fuzz.Aim(world)
        usual = aim.usual.replace(aim.token.encode(), token.encode())
        wrong = http(world, "cms", b"GET %b HTTP/1.1\r\n%b\r\n" % (aim.path, usual))
    else:
        form = {"client_id": world.terminal.client_id, "scope": "openid"}
        system = "partner" if where == "assertion" else "primary"
        if where == "assertion":
            form |= {"grant_type": oidc.GRANT_JWT_BEARER, "assertion": token}
        else:
            form |= {"grant_type": oidc.GRANT_TOKEN_EXCHANGE, "subject_token": token}
            form |= {"resource": world.systems["partner"].access.idms_token_endpoint}
        path = f"{urlsplit(world.systems[system].url('idms')).path}/token"
        encoded = urlencode(form).encode()
        wrong = post(world, "idms", path, oidc.FORM_MEDIA_TYPE, encoded, system)
    if last_status(world) == 200:
        wrong.append(f"a forged token was taken: {kind} as {where}")
    return wrong


# XML -------------------------------------------------------------------------------------------

NAMESPACE = "urn:3gpp:ns:mcsecKMSInterface:1.0"
GOOD = (
    f'<KmsRequest xmlns="{NAMESPACE}" Version="1.1.0"><UserUri>sip:a@b.example</UserUri>'
    "<KmsUri>kms.example</KmsUri><Time>2026-01-01T00:00:00Z</Time>"
    "<ClientReqUrl>https://kms.example/keymanagement/identity/v1/init</ClientReqUrl></KmsRequest>"
).encode()
ENTITIES = b"".join(b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
BOMBS = (
    b'<!DOCTYPE x [<!ENTITY e0 "ha">' + ENTITIES + b"]><x>&e11;</x>",
    b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]><x>&a;</x>',
    b"<a>" * 60_000,
    b"<a>" * 5_000 + b"</a>" * 5_000,
    b"<x " + b" ".join(b'a%d="b"' % n for n in range(20_000)) + b"/>",
    b"<x xmlns:p='" + b"u" * 100_000 + b"'/>",
    b"\xff\xfe<\0x\0/\0>\0",
    b'<?xml version="1.0" encoding="utf-7"?><x/>',
    b"<x>" + b"&#x41;" * 50_000 + b"</x>",
    b"",
)
documents = st.sampled_from(BOMBS) | st.builds(
    lambda start, length, piece: GOOD[:start] + piece + GOOD[start + length :],
    st.integers(0, len(GOOD)),
    st.integers(0, 40),
    st.sampled_from([b"<", b">", b"&", b"]]>", b"<!--", b"\0", b"<a>" * 300, b'"'])
    | st.binary(max_size=8),
)


def send_key_request(world: World, given: tuple[str, str, bytes]) -> list[str]:
    path, media_type, body = given
    root = urlsplit(world.primary.url("kms")).path
    return post(world, "kms", f"{root}/keymanagement/identity/v1/{path}", media_type, body)


# SIP -------------------------------------------------------------------------------------------


def sip(world: World, transport: str, wire: bytes) -> list[str]:
    before = sip_torture.told(world)
    peer = sip_torture.BareSocket(world, transport)
    try:
        with contextlib.suppress(OSError):  # it may close while we still send
            peer.send(wire)
            peer.end()
        if not wire.strip(b"\r\n"):
            return []
        came = world.journal.wait_until(lambda: sip_torture.told(world) > before, PATIENCE)
        return [] if came else ["not journalled"]
    finally:
        peer.socket.close()


def send_sip(world: World, given: tuple[str, tuple[int, list[test_sip_fuzz.Change]]]) -> list[str]:
    transport, (which, changes) = given
    mark = secrets.token_hex(8).encode()
    wire = test_sip_fuzz.mutated(test_sip_fuzz.seeds(world)[which], changes)
    wire = wire.replace(sip_torture.MARK, mark)
    if transport == "udp" and not test_sip_fuzz.is_kept_apart(wire, mark):
        return []  # a copy of one before is answered, not told again
    return sip(world, transport, wire)


def send_sip_body(world: World, given: tuple[str, str, int, bytes, int]) -> list[str]:
    """Bodies that are no multipart, or lie about their length, up to what a datagram holds."""
    transport, media_type, lie, body, times = given
    body = (body * times)[:63_000]
    wire = sip_torture.message(
        *("PUBLISH", "Event: poc-settings", f"Content-Type: {media_type}"),
        start=f"PUBLISH {world.primary.psi.server} SIP/2.0",
        body=body,
        length=str(max(0, len(body) + lie)),
    )
    return sip(world, transport, sip_torture.marked(wire))


transports = st.sampled_from(["udp", "tcp"])
MEDIA_TYPES = (
    *("multipart/mixed", "multipart/mixed;boundary=", 'multipart/mixed;boundary="b"'),
    *("multipart/mixed;boundary=" + "b" * 300, "text/plain"),
    "application/vnd.3gpp.mcptt-info+xml",
)
PARTS = (
    *(b"--b\r\n", b"--b--\r\n", b"\r\n\r\n", b"Content-Type: a/b\r\n"),
    b"--b\r\nContent-Type: x\r\n\r\n",
)
mixed = st.lists(st.sampled_from(PARTS) | st.binary(max_size=40), max_size=8).map(b"".join)
bodies = mixed | st.sampled_from(BOMBS)

TARGETS = (
    Target(
        "HTTP requests, mutated",
        st.tuples(st.integers(0, 5), test_http_fuzz.CHANGES),
        send_mutation,
    ),
    Target(
        "XCAP paths and node selectors",
        st.tuples(st.sampled_from(["GET", "PUT", "DELETE", "POST"]), targets, st.booleans()),
        send_target,
    ),
    Target(
        "OIDC parameters",
        st.tuples(st.sampled_from(["authorize", "token", "login"]), st.booleans(), parameters),
        send_parameters,
    ),
    Target(
        "JWTs",
        st.tuples(
            st.sampled_from(["assertion", "subject", "bearer"]),
            st.sampled_from(KINDS),
            st.binary(max_size=60),
        ),
        send_token,
    ),
    Target(
        "KMS bodies and XML bombs",
        st.tuples(
            st.sampled_from(["init", "keyprov", "certcache", "x"]),
            st.sampled_from(["application/xml", "text/xml", "application/octet-stream"]),
            documents,
        ),
        send_key_request,
    ),
    Target("SIP messages, mutated", st.tuples(transports, test_sip_fuzz.mutations()), send_sip),
    Target(
        "SIP bodies and lengths",
        st.tuples(
            transports,
            st.sampled_from(MEDIA_TYPES),
            st.integers(-50, 50),
            bodies,
            st.sampled_from([1, 3, 2000]),
        ),
        send_sip_body,
    ),
)
