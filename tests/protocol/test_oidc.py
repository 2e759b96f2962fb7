"""Requests of the OIDC profile carry what its tables require, and PKCE is that of RFC 7636."""

from urllib.parse import parse_qsl

import pytest

from muster.protocol import oidc
from muster.protocol.oidc import AuthorizationRefused

# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REDIRECT_URI = "http://3gpp.mcptt/cb"


def test_challenge_is_the_published_one():
    assert oidc.code_challenge(VERIFIER) == CHALLENGE
    assert oidc.verifier_fits(VERIFIER, CHALLENGE)


@pytest.mark.parametrize("verifier", ["", "a" * 42, "a" * 129, "a" * 43 + "=", "é" * 43, "a" * 43])
def test_other_verifier_does_not_fit(verifier):
    assert not oidc.verifier_fits(verifier, CHALLENGE)


@pytest.mark.parametrize("challenge", ["", VERIFIER, CHALLENGE + "=", CHALLENGE.lower(), "é"])
def test_other_challenge_does_not_fit(challenge):
    assert not oidc.verifier_fits(VERIFIER, challenge)


@pytest.mark.parametrize("verifier", ["", "a" * 42, "a" * 129, "a" * 42 + "\n"])
def test_verifier_outside_the_grammar_has_no_challenge(verifier):
    with pytest.raises(ValueError, match="43 to 128"):
        oidc.code_challenge(verifier)


def test_generated_verifiers_are_allowed_and_differ():
    first, second = oidc.generate_verifier(), oidc.generate_verifier()

    assert first != second
    assert oidc.verifier_fits(first, oidc.code_challenge(first))


def test_generated_states_differ():
    assert oidc.generate_state() != oidc.generate_state()


def test_authorization_request_has_the_eight_required_parameters():
    query = oidc.authorization_request(
        "mcptt_client", "openid 3gpp:mc:ptt_service", REDIRECT_URI, "abc123", CHALLENGE
    )

    assert parse_qsl(query) == [
        ("response_type", "code"),
        ("client_id", "mcptt_client"),
        ("scope", "openid 3gpp:mc:ptt_service"),
        ("redirect_uri", REDIRECT_URI),
        ("state", "abc123"),
        ("acr_values", "3gpp:acr:password"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
    assert [name for name, _ in parse_qsl(query)] == list(oidc.AUTHORIZATION_PARAMETERS)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://idms.example/auth", "https://idms.example/auth?a=1"),
        ("https://idms.example/auth?", "https://idms.example/auth?a=1"),
        ("https://idms.example/auth?x=y", "https://idms.example/auth?x=y&a=1"),
    ],
)
def test_query_of_an_endpoint_is_kept(uri, expected):
    assert oidc.with_query(uri, "a=1") == expected


def test_scopes_of_the_services_are_spelled_alike():
    assert oidc.SCOPES["mcptt"] == (
        "3gpp:mc:ptt_service",
        "3gpp:mc:ptt_key_management_service",
        "3gpp:mc:ptt_config_management_service",
        "3gpp:mc:ptt_group_management_service",
    )
    assert oidc.SCOPES["mcvideo"].service == "3gpp:mc:video_service"
    assert oidc.SCOPES["mcdata"].group_management == "3gpp:mc:data_group_management_service"


def test_scope_names_openid_and_each_resource_server():
    scope = oidc.scope_for(["mcptt", "mcdata"]).split(" ")

    assert scope == ["openid", *oidc.SCOPES["mcptt"], *oidc.SCOPES["mcdata"]]


@pytest.mark.parametrize("redirect_uri", [REDIRECT_URI, "app:/cb", "https://ue.example/cb?x=1"])
def test_code_comes_back(redirect_uri):
    location = oidc.authorization_response(redirect_uri, "c/o+d&e", "s=1")

    assert oidc.read_authorization_response(location, redirect_uri, "s=1") == "c/o+d&e"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (f"{REDIRECT_URI}?code=c&state=other", "state"),
        (f"{REDIRECT_URI}?code=c", "state"),
        (f"{REDIRECT_URI}?state=s", "no code"),
        (f"{REDIRECT_URI}?code=&state=s", "no code"),
        (f"{REDIRECT_URI}?code=c&code=d&state=s", "repeats"),
        (f"{REDIRECT_URI}?error=access_denied&state=s", "access_denied"),
        ("http://3gpp.mcptt.evil/cb?code=c&state=s", "elsewhere"),
        ("http://3gpp.mcptt/cb/..?code=c&state=s", "elsewhere"),
        ("", "elsewhere"),
        ("http://[/", "no URI"),
    ],
)
def test_response_that_brings_no_usable_code_is_refused(location, reason):
    with pytest.raises(AuthorizationRefused, match=reason):
        oidc.read_authorization_response(location, REDIRECT_URI, "s")


def test_token_request_with_a_code():
    assert oidc.code_token_request("c", "mcptt_client", REDIRECT_URI, VERIFIER) == {
        "grant_type": "authorization_code",
        "code": "c",
        "client_id": "mcptt_client",
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
    }


def test_token_request_that_refreshes():
    assert oidc.refresh_token_request("r") == {"grant_type": "refresh_token", "refresh_token": "r"}
    assert oidc.refresh_token_request("r", "mcptt_client", "openid") == {
        "grant_type": "refresh_token",
        "refresh_token": "r",
        "client_id": "mcptt_client",
        "scope": "openid",
    }


def test_token_exchange_names_the_partner_and_the_type_of_the_token():
    form = oidc.token_exchange_request("t", "https://idms.partner.example/token")

    assert form == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "resource": "https://idms.partner.example/token",
        "subject_token": "t",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    }
    assert oidc.token_exchange_request("t", "r", "c")["client_id"] == "c"


def test_security_token_is_given_as_an_assertion():
    assert oidc.jwt_bearer_request("a", "mcptt_client", "openid") == {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": "a",
        "client_id": "mcptt_client",
        "scope": "openid",
    }
