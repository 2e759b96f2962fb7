"""Keys: what the key management client asks of the KMS (TS 33.180 annex D)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from muster.checks.reading import bearer, root_of, schema_problems, text_of, told
from muster.evidence import Departure, HttpExchange
from muster.judging import check

ROOT = "/keymanagement/identity/v1"
NAMESPACE = "urn:3gpp:ns:mcsecKMSInterface:1.0"


def _resource(request: HttpExchange) -> str:
    """Return what follows the root of the KMS's resources, as "init" or "keyprov"."""
    return unquote(request.path.partition(ROOT + "/")[2]).partition("/")[0]


@check("TS33180-D.2.1-01", "TS33180-D.2.1-02", "TS33180-D.2.1-03", "TS33180-D.2.1-04")
def asks_for_certificate_and_keys(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Every request is a POST under the KMS root; init and keyprov are among them."""
    for request in requests:
        if request.method != "POST":
            yield Departure("POST", request.method, "TS33180-D.2.1-01", exchange=request)
        if ROOT + "/" not in request.path:
            yield Departure(
                f"a resource under {ROOT}", request.path, "TS33180-D.2.1-02", exchange=request
            )
    asked = [_resource(request) for request in requests]
    for wanted, requirement in (("init", "TS33180-D.2.1-03"), ("keyprov", "TS33180-D.2.1-04")):
        if wanted not in asked:
            yield Departure(f"a request to {wanted}", f"only {', '.join(asked)}", requirement)


@check("TS33180-D.2.2-01", "TS33180-D.2.2-02")
def kms_request_is_valid(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """The body is a valid KmsRequest with user, KMS, time and request URL."""
    for request in requests:
        root = root_of(request.body)
        if root is None or root.tag not in (
            f"{{{NAMESPACE}}}KmsRequest",
            f"{{{NAMESPACE}}}SignedKmsRequest",
        ):
            observed = "no XML" if root is None else str(root.tag)
            yield Departure("a KmsRequest", observed, "TS33180-D.2.2-01", exchange=request)
            continue
        for problem in schema_problems(request.body):
            yield Departure("a valid KmsRequest", problem, "TS33180-D.2.2-01", exchange=request)
        for name in ("UserUri", "KmsUri", "Time", "ClientReqUrl"):
            if not text_of(root, name):
                yield Departure(name, "absent", "TS33180-D.2.2-02", exchange=request)


@check("TS33180-D.2.2-03", "TS33180-D.2.2-05")
def kms_request_names_user_and_url(
    requests: Sequence[HttpExchange], user: str, urls: Sequence[str], others: Sequence[str] = ()
) -> Iterator[Departure]:
    """UserUri is the user's MC service ID; ClientReqUrl is the URL that is posted to.

    `others` are IDs of the user for other services: keys for these may be asked for as well.
    """
    named_at_all = {text_of(root_of(request.body), "UserUri") for request in requests}
    also = others if user in named_at_all else ()
    for request in requests:
        root = root_of(request.body)
        named, url = text_of(root, "UserUri"), text_of(root, "ClientReqUrl")
        if named is not None and named != user and named not in also:
            yield Departure(user, named, "TS33180-D.2.2-03", exchange=request)
        own = [known for known in urls if known.endswith(request.path)]
        if url is not None and own and unquote(url) != unquote(own[0]):
            yield Departure(own[0], url, "TS33180-D.2.2-05", exchange=request)


@check("TS33180-5.1.3.1-01", "TS33180-5.1.3.1-05")
def presents_a_key_management_token(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Each request carries an access token of this system, scoped for key management."""
    for request in requests:
        token = bearer(request)
        if token is None or token.kind != "access" or token.issuer != request.system:
            expected = f"an access token of {request.system}"
            yield Departure(expected, told(token), "TS33180-5.1.3.1-01", exchange=request)
        elif not any(scope.endswith("key_management_service") for scope in token.scopes):
            scopes = " ".join(token.scopes)
            yield Departure(
                "a key management scope", scopes, "TS33180-5.1.3.1-05", exchange=request
            )


@check("TS23280-10.1.1.1-05")
def asks_the_named_key_server(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Requests for keys arrive at the key server that the initial configuration names."""
    for request in requests:
        if request.server != "kms":
            yield Departure("the key server", f"the {request.server} server", exchange=request)
