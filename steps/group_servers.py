"""Steps of group servers beside that of the configuration: what they keep, and who asks them."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_bdd import given, then

from muster.checks import groups
from muster.checks.reading import names_document, subscribed
from muster.checks.subscriptions import spellings
from muster.evidence import HttpExchange, SipExchange
from muster.verdicts import VerdictKeeper
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs.altered_documents import group_kept_by
from stubs.second_gms import SecondGms, open_second_gms


@dataclass(frozen=True)
class KeptElsewhere:
    """A group with the server that keeps it, and the profile that says so."""

    server: SecondGms
    group: str
    profile: str
    """Selectors of both documents."""


@given(
    phrase("a second group server keeps the group {group:Label} of the profile {name:Quoted}"),
    target_fixture="that_group",
)
def second_group_server(scene: Scene, group: str, name: str) -> KeptElsewhere:
    world, plan = scene.world, scene.profile("primary", name)
    kept = world.builder.group_selector("primary", group)
    listing = scene.selector(plan)
    server = world.loop.call(lambda: open_second_gms(scene.primary, [kept]))
    group_id = scene.primary.group(group).id
    world.on_loop(
        lambda: world.population.alter(
            "primary", listing, lambda body: group_kept_by(body, group_id, server.psi)
        )
    )
    return KeptElsewhere(server, kept, listing)


@then(phrase("the group {group:Label} is subscribed to at the second group server"))
def subscribed_to_at_its_server(
    scene: Scene, verdict: VerdictKeeper, that_group: KeptElsewhere, group: str
) -> None:
    def served() -> list[HttpExchange]:
        return [e for e in scene.xcap() if names_document(e, that_group.profile) and e.body == b""]

    profile = scene.expect(served, "a request for the profile that lists the group")
    assert isinstance(profile, HttpExchange)
    scene.settled("the profile was obtained")
    spelled = spellings(that_group.group)
    listing = [
        one
        for one in scene.sip("SUBSCRIBE", "primary")
        if any(entry.lstrip("/") in spelled for entry in subscribed(one))
    ]
    psi = that_group.server.psi
    verdict.take(groups.group_is_subscribed_to_where_it_is_kept(profile, listing, psi))


@then(phrase("the group {group:Label} is obtained from the second group server"))
def obtained_from_its_server(
    scene: Scene, verdict: VerdictKeeper, that_group: KeptElsewhere, group: str
) -> None:
    notify = scene.expect(
        lambda: scene.notifications("primary", that_group.group), "a NOTIFY about the group"
    )
    assert isinstance(notify, SipExchange)
    scene.settled("the group was announced")
    root = that_group.server.path
    verdict.take(
        groups.group_is_obtained_where_it_is_kept(notify, scene.xcap(), root, that_group.group)
    )
