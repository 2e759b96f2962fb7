"""What the UE refuses at sign-in and on the way there, and how it renews its token."""

from dataclasses import replace

import pytest
import trustme
from aiohttp import web

from muster.ue.driver import DONE, Answer, AnswerKind, Credentials, Driver
from tests.ue.fake_system import PASSWORD, FakeSystem
from tests.ue.world import ALICE, World, serve


def sign_in(ue: Driver) -> Answer:
    """Switch on, sign in."""
    assert ue.power_on() == DONE
    return ue.sign_in("alice", ALICE)


def test_untrusted_certificate_is_refused(world: World, ue: Driver) -> None:
    stranger = trustme.CA().cert_pem.bytes()
    ue.reset(replace(world.provisioning(), trusted_ca_pem=stranger))

    answer = ue.power_on()

    assert answer.kind is AnswerKind.REFUSED
    assert "certificate" in answer.reason.lower()
    assert world.primary.seen == []


def test_certificate_of_another_host_is_refused(world: World, ue: Driver) -> None:
    provisioning = world.provisioning()
    hosts = {**provisioning.hosts, "www.other.example": world.primary.address}
    uri = f"https://www.other.example:{world.primary.port}/bootstrap"
    ue.reset(replace(provisioning, hosts=hosts, bootstrap_uri=uri))

    assert ue.power_on().kind is AnswerKind.REFUSED
    assert world.primary.seen == []


def test_plain_http_is_refused(world: World, ue: Driver) -> None:
    uri = world.provisioning().bootstrap_uri.replace("https", "http")
    ue.reset(replace(world.provisioning(), bootstrap_uri=uri))

    assert ue.power_on() == Answer(AnswerKind.REFUSED, f"not an https URL: {uri!r}")


def test_changed_state_ends_the_sign_in(world: World, ue: Driver) -> None:
    world.primary.state_suffix = "x"

    answer = sign_in(ue)

    assert answer.kind is AnswerKind.REFUSED
    assert "state" in answer.reason
    assert "POST token" not in world.primary.seen


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another_client"}, "audience"),
        ({"exp": 1000}, "expired"),
        ({"iss": "https://www.partner.example"}, "another issuer"),
        ({"mcptt_id": None}, "MCPTT ID"),
    ],
)
def test_wrong_id_token_is_refused(
    world: World, ue: Driver, claims: dict[str, object], reason: str
) -> None:
    world.primary.claims = claims

    answer = sign_in(ue)

    assert answer.kind is AnswerKind.REFUSED
    assert reason in answer.reason
    assert ue.start_service("mcptt") == Answer(AnswerKind.REFUSED, "nobody is signed in")


def test_wrong_password_is_refused_and_may_be_corrected(world: World, ue: Driver) -> None:
    ue.power_on()

    wrong = ue.sign_in("alice", Credentials("alice", PASSWORD + "!"))

    assert wrong.kind is AnswerKind.REFUSED
    assert ue.sign_in("alice", ALICE) == DONE


def test_form_that_leads_elsewhere_gets_no_password(world: World, ue: Driver) -> None:
    page = f'<form method="post" action="{world.partner.base}/login"><input name="username">'
    page += '<input name="password"></form>'
    world.primary.overrides["authorize"] = lambda request: web.Response(text=page)

    answer = sign_in(ue)

    assert "another server" in answer.reason
    assert world.partner.seen == []


def test_refused_token_is_refreshed_once(world: World, ue: Driver) -> None:
    serve(ue)
    before = len(world.primary.seen)
    world.primary.valid_tokens.clear()

    path = world.primary.put_profile(1, [])
    world.loop.run(world.primary.notify("cms"))
    assert ue.quiet(10)

    asked = world.primary.since(before)
    assert asked == [f"GET cms/{path}", "POST token", "GET jwks", f"GET cms/{path}"]
    assert world.primary.forms[-1]["grant_type"] == "refresh_token"


def test_token_is_renewed_before_its_end(world: World, ue: Driver) -> None:
    world.primary.lifetime = 0
    assert sign_in(ue) == DONE
    before = len(world.primary.seen)

    answer = ue.start_service("mcptt")

    assert answer == DONE
    assert world.primary.since(before)[0] == "POST token"
    assert {form["grant_type"] for form in world.primary.forms[2:]} == {"refresh_token"}


def test_token_that_stays_refused_ends_the_operation(world: World, ue: Driver) -> None:
    assert sign_in(ue) == DONE
    refuse = "keymanagement/identity/v1/init"
    world.primary.overrides[refuse] = lambda request: web.Response(status=401)

    answer = ue.start_service("mcptt")

    assert answer.reason.endswith("/keymanagement/identity/v1/init: answered 401")
    assert world.primary.seen.count(f"POST {refuse}") == 2


def test_redirect_is_not_followed(world: World, ue: Driver) -> None:
    elsewhere = {"Location": f"{world.partner.base}/bootstrap"}
    world.primary.overrides["bootstrap"] = lambda request: web.Response(
        status=302, headers=elsewhere
    )

    assert ue.power_on().reason.endswith("/bootstrap: answered 302")
    assert world.partner.seen == []


def test_oversized_answer_is_refused(world: World, ue: Driver) -> None:
    huge = b" " * (2 * 1024 * 1024 + 1)
    world.primary.overrides["bootstrap"] = lambda request: web.Response(body=huge)

    assert "exceeds" in ue.power_on().reason


def test_keys_of_another_kms_are_refused(world: World, ue: Driver) -> None:
    """The certificate names another KMS, so the UID of the keys is computed from another URI."""
    assert sign_in(ue) == DONE
    world.loop.run(_rename(world.primary))

    answer = ue.start_service("mcptt")

    assert answer == Answer(AnswerKind.REFUSED, "the UserID of the keys is not the UID of the user")


async def _rename(system: FakeSystem) -> None:
    honest = system._answer_kms

    def answer(path: str, body: bytes) -> web.Response:
        response = honest(path, body)
        if path.endswith("init"):
            text = bytes(response.body or b"").replace(system.host.encode(), b"kms.example")  # type: ignore[arg-type]
            return web.Response(body=text, content_type="application/xml")
        return response

    system._answer_kms = answer  # type: ignore[method-assign]
