"""Faults of what every UE does on its way: the first address, the name of a service, an answer."""

from __future__ import annotations

import re
from dataclasses import replace

from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, changed, made_of
from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.documents import XcapDiff
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.signalling import SignallingClient, Subscription
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import WebAnswer

REQUEST_URI = re.compile(rb"<(\w+:)?mcptt-request-uri.*?</(\w+:)?mcptt-request-uri>", re.DOTALL)


class TriesAnotherAddressFirst(ReferenceUe):
    async def bootstrap(self) -> WebAnswer:
        web = self.clients.web(self.provisioning)
        try:
            await web.get(f"{self.provisioning.bootstrap_uri}.xml", self.bootstrap_headers())
        finally:
            await web.close()
        return await super().bootstrap()


class NamesNoService(SignallingClient):
    def _contact(self) -> str:
        return super()._contact().partition(";+g.3gpp")[0]


class RefusesEveryChange(SignallingClient):
    def _deliver(self, subscription: Subscription, diff: XcapDiff) -> None:
        if subscription.first.done():
            raise Refusal("no change is wanted")
        super()._deliver(subscription, diff)


class SkipsServiceConfiguration(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        if "service-config" not in selector:
            await super().fetch(url, selector)


class ChangesSettingsWithoutUser(ServiceClient):
    def settings_info(self) -> Part:
        part = super().settings_info()
        return replace(part, body=REQUEST_URI.sub(b"", part.body))


FAULTS = (
    FaultyUe(
        "tries_another_address_first",
        "Asks for its initial configuration under another name before the provisioned one.",
        changed(TriesAnotherAddressFirst),
        "TS24484-7.2.1-52",
        ("bootstrap/initial_configuration.feature",),
    ),
    FaultyUe(
        "registers_without_naming_the_service",
        "Registers a Contact that names no MC service.",
        made_of(signalling=NamesNoService),
        "TS24379-7.2.1-01",
        ("service_authorisation/authorisation.feature:48",),
        ("TS24379-7.2.1-02",),
    ),
    FaultyUe(
        "refuses_every_change",
        "Refuses every notification of a change.",
        made_of(signalling=RefusesEveryChange),
        "RFC6665-4.1.3-01",
        ("updates/documents.feature",),
    ),
    FaultyUe(
        "skips_service_configuration",
        "Does not fetch the service configuration that the first notification names.",
        made_of(configuration=SkipsServiceConfiguration),
        "RFC5875-4.8-01",
        ("ue_configuration/subscription.feature",),
    ),
    FaultyUe(
        "changes_settings_without_user",
        "Does not name the user whose profile it changes.",
        made_of(service=ChangesSettingsWithoutUser),
        "TS24379-7.2.3-01",
        ("profile_selection/active_profile.feature:7",),
    ),
)
