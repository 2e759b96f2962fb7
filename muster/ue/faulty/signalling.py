"""Faults of signalling over time: lifetimes, service authorisation that is refused, and its end."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace

from muster.protocol.sip.multipart import Part
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import UNLIMITED, ServiceClient
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.sip_client import REGISTRATION_SECONDS, Published, SipRefusal

REPETITIONS = 8
"""How often a UE asks again that never stops asking."""

# Lifetimes ---------------------------------------------------------------------------------------


class NeverRefreshesPublication(ServiceClient):
    async def refresh(self) -> None:
        return None


class RefreshesWithoutEntityTag(ServiceClient):
    async def refresh(self) -> None:
        await self.system.signalling.publish([], UNLIMITED)


class NamesLostPublicationAgain(ServiceClient):
    async def lost(self, index: int) -> None:
        await self._publish([self.settings_info(), self.settings(index)])


class GivesUpLostPublication(ServiceClient):
    async def lost(self, index: int) -> None:
        self.active_index = None
        raise Refusal("the server lost the publication")


class KeepsFirstEntityTag(ServiceClient):
    first: str | None = None

    async def _publish(self, parts: list[Part]) -> None:
        await super()._publish(parts)
        self.first = self.first or self._entity_tag
        self._entity_tag = self.first


class KeepsEntityTagForever(SignallingClient):
    """Remembers the entity tag where no new service authorisation can make it forgotten."""

    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        kept: str | None = getattr(self.line, "kept_entity_tag", None)
        published = await super().publish(parts, expires, entity_tag or kept)
        self.line.kept_entity_tag = published.entity_tag or entity_tag  # type: ignore[attr-defined]
        return published


class NeverRefreshesRegistration(SignallingClient):
    async def register(
        self, parts: Sequence[Part] = (), expires: int = REGISTRATION_SECONDS
    ) -> None:
        await super().register(parts, expires)
        if self._registration.refresh is not None:
            self._registration.refresh.cancel()


class RegistersUnderOneNumber(SignallingClient):
    async def register(
        self, parts: Sequence[Part] = (), expires: int = REGISTRATION_SECONDS
    ) -> None:
        self._registration.sequence = 0
        await super().register(parts, expires)


# Refusal and end ---------------------------------------------------------------------------------


class IgnoresRefusal(ServiceClient):
    async def authorise_with(self, index: int) -> None:
        try:
            await super().authorise_with(index)
        except SipRefusal as error:
            self.system.activity.problems.append(str(error))
            self.active_index = index


class AsksWithoutEnd(ServiceClient):
    async def authorise_with(self, index: int) -> None:
        for _ in range(REPETITIONS):
            try:
                await super().authorise_with(index)
            except SipRefusal as error:
                self.system.activity.problems.append(str(error))
                await asyncio.sleep(0)
            else:
                return
        raise Refusal("service authorisation was refused over and over again")


class GoesOnUnknown(ServiceClient):
    async def lost(self, index: int) -> None:
        self.system.activity.problems.append("the server does not know the user")


class NewClientIdEachTime(ServiceClient):
    def settings_info(self) -> Part:
        part = super().settings_info()
        own = self.system.provisioning.instance_id.encode()
        return replace(part, body=part.body.replace(own, f"urn:uuid:{uuid.uuid4()}".encode()))


class EndsWithoutExpiry(SignallingClient):
    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        return await super().publish(parts, expires or UNLIMITED, entity_tag)


class EndsWithoutEntityTag(SignallingClient):
    async def publish(
        self, parts: Sequence[Part], expires: int, entity_tag: str | None = None
    ) -> Published:
        return await super().publish(parts, expires, entity_tag if expires else None)


LIFETIME = (
    "service_authorisation/lifetime.feature",
    "service_authorisation/registration_lifetime.feature",
    "service_authorisation/lost_publication.feature",
)
REFUSAL = ("service_authorisation/refusal.feature",)
END = ("service_authorisation/end.feature",)
LOST = ("profile_selection/lost_choice.feature", *LIFETIME)

FAULTS = (
    FaultyUe(
        "never_refreshes_publication",
        "Lets its publication expire.",
        made_of(service=NeverRefreshesPublication),
        "RFC3903-4.3-02",
        LIFETIME,
    ),
    FaultyUe(
        "refreshes_without_entity_tag",
        "Refreshes its publication without saying which.",
        made_of(service=RefreshesWithoutEntityTag),
        "RFC3903-4.3-01",
        LIFETIME,
    ),
    FaultyUe(
        "names_lost_publication_again",
        "Goes on naming a publication that the server said to have lost.",
        made_of(service=NamesLostPublicationAgain),
        "RFC3903-4.6-01",
        LOST,
        ("RFC3903-4.6-02", "TS24379-7.3.4-01"),
    ),
    FaultyUe(
        "gives_up_lost_publication",
        "Does not publish its settings anew where the server lost them.",
        made_of(service=GivesUpLostPublication),
        "RFC3903-4.6-02",
        LOST,
    ),
    FaultyUe(
        "keeps_first_entity_tag",
        "Names the entity tag of its first publication in all that follow.",
        made_of(service=KeepsFirstEntityTag),
        "RFC3903-4.4-01",
        ("profile_selection/choice.feature", *LIFETIME),
        (
            "RFC3903-4.3-01",
            "RFC3903-4.6-01",
            "TS24379-7.2.3-03",
            "TS24379-7.2.1A-08",
        ),
    ),
    FaultyUe(
        "authorises_with_old_entity_tag",
        "Asks for service authorisation anew as a change of the publication before.",
        made_of(signalling=KeepsEntityTagForever),
        "RFC3903-4.2-01",
        END,
        ("RFC3903-4.6-01", "RFC3903-4.6-02", "TS24379-7.2.1A-08"),
    ),
    FaultyUe(
        "never_refreshes_registration",
        "Lets its registration expire.",
        made_of(signalling=NeverRefreshesRegistration),
        "RFC3261-10.2.4-01",
        LIFETIME,
    ),
    FaultyUe(
        "registers_under_one_number",
        "Gives each registration the same number.",
        made_of(signalling=RegistersUnderOneNumber),
        "RFC3261-10.2-01",
        LIFETIME,
    ),
    FaultyUe(
        "ignores_refusal",
        "Uses the service although service authorisation was refused.",
        made_of(service=IgnoresRefusal),
        "TS24379-7.3.3-01",
        (*REFUSAL, "service_authorisation/registration.feature"),
        ("TS24379-7.3.3-02",),
    ),
    FaultyUe(
        "asks_without_end",
        "Asks for service authorisation again and again, whatever the answer.",
        made_of(service=AsksWithoutEnd),
        "RFC3261-21.4.4-01",
        REFUSAL,
        ("RFC3261-21.5.4-01",),
    ),
    FaultyUe(
        "goes_on_unknown_to_the_server",
        "Works on with the chosen profile though the server does not know the user.",
        made_of(service=GoesOnUnknown),
        "TS24379-7.3.4-01",
        LOST,
        ("RFC3903-4.6-02",),
    ),
    FaultyUe(
        "new_client_id_each_time",
        "Takes a new client ID for each change of its settings.",
        made_of(service=NewClientIdEachTime),
        "TS24379-7.2.3-02",
        ("profile_selection/choice.feature",),
    ),
    FaultyUe(
        "ends_without_expiry",
        "Publishes once more where it should remove its settings.",
        made_of(signalling=EndsWithoutExpiry),
        "TS24379-7.2.1A-07",
        END,
    ),
    FaultyUe(
        "ends_without_entity_tag",
        "Removes settings without saying which.",
        made_of(signalling=EndsWithoutEntityTag),
        "TS24379-7.2.1A-08",
        END,
    ),
)
