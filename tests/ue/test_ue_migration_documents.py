"""What the reference UE reads about migration: entries of a partner list, and results."""

import pytest

from muster.protocol.sip.multipart import Part, build_multipart
from muster.ue.reference.bodies import service_info
from muster.ue.reference.documents import read_user_profile, refuses_migration
from muster.ue.reference.services import MCPTT

PROFILE = """<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0" user-profile-index="1">
<OnNetwork><anyExt><MigratablePartnerMCPTTSystemInfo>
<PartnerMCPTTSystemId>sip:system@partner.example</PartnerMCPTTSystemId>{access}
</MigratablePartnerMCPTTSystemInfo></anyExt></OnNetwork></mcptt-user-profile>"""
ROOT = "mcptt-UE-initial-configuration"
EMPTY = f'<{ROOT} xmlns="urn:3gpp:mcptt:mcpttUEinitConfig:1.0" domain="partner.example"/>'


@pytest.mark.parametrize("access", ["", EMPTY], ids=["none", "empty"])
def test_entry_without_access_information_is_kept_without_it(access: str) -> None:
    profile = read_user_profile(PROFILE.format(access=access).encode())

    assert [(entry.system_id, entry.access) for entry in profile.partners] == [
        ("sip:system@partner.example", None)
    ]


def result(text: str) -> bytes:
    return (
        '<mcpttinfo xmlns="urn:3gpp:ns:mcpttInfo:1.0"><mcptt-Params><anyExt>'
        f'<migration-auth-result type="Normal"><mcpttBoolean>{text}</mcpttBoolean>'
        "</migration-auth-result></anyExt></mcptt-Params></mcpttinfo>"
    ).encode()


@pytest.mark.parametrize(("text", "refuses"), [("false", True), ("0", True), ("true", False)])
def test_negative_result_is_a_refusal(text: str, refuses: bool) -> None:
    assert refuses_migration(MCPTT.info_type, result(text)) is refuses


def test_result_is_found_among_other_parts() -> None:
    parts = [Part("text/plain", b"x"), Part(MCPTT.info_type, result("false"))]

    assert refuses_migration(*build_multipart(parts))


@pytest.mark.parametrize("body", [b"", b"<", b"<mcpttinfo/>"])
def test_body_that_says_nothing_refuses_nothing(body: bytes) -> None:
    assert not refuses_migration(MCPTT.info_type, body)


def test_request_at_a_partner_names_identities_and_profile() -> None:
    part = service_info(MCPTT, partner_id="sip:a@p", primary_id="sip:a@h", profile_index=5)

    assert b"partner-mcptt-id" in part.body
    assert b"primary-mcptt-id" in part.body
    assert b"<user-profile-index>5</user-profile-index>" in part.body
