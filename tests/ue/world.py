"""The cast of the tests of the UE: two filled systems and a provisioning for the first."""

from dataclasses import dataclass

import trustme

from muster.ue.driver import DONE, Credentials, Driver, Provisioning
from muster.ue.registry import make_driver
from tests.ue.fake_system import PASSWORD, FakeSystem, Loop

ALICE = Credentials("alice", PASSWORD)


@dataclass
class World:
    """The cast of one test."""

    loop: Loop
    primary: FakeSystem
    partner: FakeSystem
    authority: trustme.CA

    def provisioning(self, **options: str) -> Provisioning:
        return Provisioning(
            bootstrap_uri=f"{self.primary.base}/bootstrap",
            mcs_ue_id="ue-1",
            instance_id="urn:uuid:00000000-0000-1000-8000-000A95A0E128",
            client_id="mcptt_client",
            redirect_uri="http://3gpp.mcptt/cb",
            public_identity="sip:alice.ims@primary.example",
            trusted_ca_pem=self.authority.cert_pem.bytes(),
            hosts={system.host: system.address for system in (self.primary, self.partner)},
            source_address="127.0.0.1",
            options=options,
        )

    def make(self, name: str = "reference", **options: str) -> Driver:
        driver = make_driver(name)
        driver.reset(self.provisioning(**options))
        return driver


def partner_list(partner: FakeSystem) -> str:
    """The entry of a user profile that permits migration to the partner."""
    return f"""<MigratablePartnerMCPTTSystemInfo>
        <PartnerMCPTTSystemId>sip:partner.example</PartnerMCPTTSystemId>
        {partner.initial_configuration()}</MigratablePartnerMCPTTSystemInfo>"""


def fill(primary: FakeSystem, partner: FakeSystem) -> None:
    """Give both systems their documents; profile 2 is marked and lists the partner."""
    for system in (primary, partner):
        system.put_usual_documents("ue-1")
        for group in "ab":
            system.put_group(f"sip:{group}@{system.name}.example")
    primary.put_profile(1, ["sip:b@primary.example"])
    primary.put_profile(2, ["sip:a@primary.example"], marked=True, partners=partner_list(partner))
    partner.put_profile(7, ["sip:a@partner.example", "sip:b@partner.example"])


def serve(ue: Driver) -> None:
    """Bring the UE into service at the primary."""
    answers = [ue.power_on(), ue.sign_in("alice", ALICE), ue.start_service("mcptt")]
    assert answers == [DONE, DONE, DONE]
