"""Steps of what lasts for a time: publications and registrations, refreshed, lost and removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pytest_bdd import given, then, when

from muster.checks import publications
from muster.evidence import SipExchange, Window
from muster.journal import now
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase
from stubs.faults_sip import ForgottenPublication

SHORT = 2.0
"""A lifetime in seconds that a terminal can keep up with, before the clock scale of the IXIT."""
METHODS = {"publications": "PUBLISH", "registrations": "REGISTER", "subscriptions": "SUBSCRIBE"}


def lasting(
    scene: Scene, granted: SipExchange, lifetime: float, holds: Callable[[], object]
) -> Window:
    """Wait for what must come within a lifetime, at most to its end; the UE's clock decides when.

    A UE that proves to be idle may still have a timer running.
    """
    begins = now()
    left = max(0.0, granted.ended + lifetime - begins)
    scene.journal.wait_until(lambda: bool(holds()), left)
    after = f"{granted.name} granted {lifetime:g} s"
    window = Window(granted.ended, now(), scene.waiting.scale, after)
    scene.journal.write("wait", begins=begins, ends=window.ends, scale=window.scale, after=after)
    return window


def lifetime_of(granted: SipExchange) -> float:
    """The lifetime that an answer grants, of its Contact or as a whole."""
    answer = granted.responses[-1]
    contact = (answer.header("Contact") or "").rpartition(">")[2].lower()
    _, found, value = contact.partition("expires=")
    text = value.partition(";")[0] if found else (answer.header("Expires") or "")
    require(text.strip().isdigit(), Reason.PRECONDITION_UNMET, "no lifetime was granted")
    return float(text)


def published(scene: Scene, since: float = 0.0) -> list[SipExchange]:
    """Publications of settings: a UE publishes other states as well, as its affiliations."""
    return [
        one
        for one in scene.sip("PUBLISH", "primary", since)
        if (one.header("Event") or "").startswith("poc-settings")
    ]


def _granted(found: Sequence[SipExchange], what: str) -> SipExchange:
    succeeded = [one for one in found if one.status == 200]
    require(succeeded, Reason.UE_SILENT, f"not seen: {what} that succeeded")
    return succeeded[0]


def _first_publication(scene: Scene) -> SipExchange:
    scene.awaited(lambda: published(scene))
    return _granted(published(scene), "a publication of settings")


# What the primary does -------------------------------------------------------------------------


@given(phrase("the primary system grants {what:Label} a short lifetime"))
def grant_shortly(scene: Scene, what: str) -> None:
    seconds = max(1, round(SHORT * scene.waiting.scale))
    server = scene.primary.mc_server
    scene.world.loop.call(lambda: server.longest.update({METHODS[what]: seconds}))


def _lose_the_publication(scene: Scene) -> None:
    fault = ForgottenPublication()
    scene.world.loop.call(lambda: scene.primary.sip_faults.append(fault))


@given(phrase("the primary system has lost {user:User}'s publication"))
def publication_was_lost(scene: Scene, user: str) -> None:
    _lose_the_publication(scene)


@when(phrase("the primary system loses {user:User}'s publication"))
def lose_the_publication(scene: Scene, user: str) -> None:
    scene.chosen_at = now()
    before = _last_published(scene)
    _lose_the_publication(scene)
    lasting(scene, before, lifetime_of(before), lambda: _refused(scene))


def _last_published(scene: Scene, before: float = 0.0) -> SipExchange:
    succeeded = [p for p in published(scene) if p.status == 200]
    earlier = [p for p in succeeded if not before or p.ended <= before]
    require(earlier, Reason.PRECONDITION_UNMET, "no publication of settings succeeded before")
    return earlier[-1]


@given(phrase("{user:User}'s publication has been refreshed"))
def publication_has_been_refreshed(scene: Scene, user: str) -> None:
    first = _first_publication(scene)

    def refreshed() -> list[SipExchange]:
        return [p for p in published(scene, first.ended) if p.status == 200]

    lasting(scene, first, lifetime_of(first), refreshed)
    require(refreshed(), Reason.UE_SILENT, "the publication was not refreshed")
    # The next one is half a lifetime away: what follows is what the user makes the UE do.
    server = scene.primary.mc_server
    scene.world.loop.call(lambda: server.longest.clear())


# Publications ----------------------------------------------------------------------------------


@then(phrase("the publication is refreshed in time"))
def publication_is_refreshed(scene: Scene, verdict: VerdictKeeper) -> None:
    granted = _first_publication(scene)
    lifetime = lifetime_of(granted)
    window = lasting(scene, granted, lifetime, lambda: published(scene, granted.ended))
    later = published(scene, granted.ended)
    verdict.take(publications.publication_is_refreshed(granted, later, lifetime, window))


@then(phrase("the refresh names the publication"))
def refresh_names_the_publication(scene: Scene, verdict: VerdictKeeper) -> None:
    granted = _first_publication(scene)
    lasting(scene, granted, lifetime_of(granted), lambda: published(scene, granted.ended))
    later = published(scene, granted.ended)
    require(later, Reason.UE_SILENT, "the publication was not refreshed")
    verdict.take(publications.refresh_names_the_publication(granted, later))


def _refused(scene: Scene) -> list[SipExchange]:
    return [p for p in published(scene) if p.status == 412]


@then(phrase("the lost publication is not named again"))
def lost_publication_is_not_named(scene: Scene, verdict: VerdictKeeper) -> None:
    refused = scene.expect(lambda: _refused(scene), "a publication that was refused as unknown")
    assert isinstance(refused, SipExchange)
    window = scene.settled("a publication was refused as unknown")
    later = published(scene, refused.ended)
    verdict.take(publications.lost_entity_tag_is_not_sent_again(refused, later, window))


@then(phrase("the lost publication is made anew"))
def lost_publication_is_made_anew(scene: Scene, verdict: VerdictKeeper) -> None:
    refused = scene.expect(lambda: _refused(scene), "a publication that was refused as unknown")
    assert isinstance(refused, SipExchange)
    window = scene.settled("a publication was refused as unknown")
    later = published(scene, refused.ended)
    verdict.take(publications.lost_publication_is_made_anew(refused, later, window))


@then(phrase("that choice names the last answer to a publication"))
def choice_names_the_last_publication(scene: Scene, verdict: VerdictKeeper) -> None:
    change = scene.expect(lambda: scene.settings("primary", scene.chosen_at), "new settings")
    assert isinstance(change, SipExchange)
    before = [p for p in published(scene) if p.ended <= change.started and p.status == 200]
    require(before, Reason.PRECONDITION_UNMET, "there was no publication before the choice")
    verdict.take(publications.change_names_the_last_publication(before, change))


@when(phrase("{user:User} stops the MC service"))
def stop_the_service(scene: Scene, user: str) -> None:
    scene.stimulate("stop_service", scene.service)


@when(phrase("{user:User} stops the {service:Service} service"))
def stop_service(scene: Scene, user: str, service: str) -> None:
    scene.stimulate("stop_service", service)


@when(phrase("{user:User} signs out"))
def sign_out(scene: Scene, user: str) -> None:
    scene.stimulate("sign_out")


@then(phrase("the settings are removed from the primary system"))
def settings_are_removed(scene: Scene, verdict: VerdictKeeper) -> None:
    tag = publications.entity_tag(_last_published(scene, scene.chosen_at))
    scene.expect(lambda: published(scene, scene.chosen_at), "a last publication")
    scene.settled("the user ended the service")
    verdict.take(publications.settings_are_removed(published(scene, scene.chosen_at), tag))


@then(phrase("the next service authorisation is an initial publication"))
def authorisation_is_initial(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.expect(
        lambda: scene.authorisations("primary", scene.chosen_at),
        "a request for service authorisation",
    )
    again = scene.authorisations("primary", scene.chosen_at)
    verdict.take(publications.authorisation_is_an_initial_publication(again))


# Registrations ---------------------------------------------------------------------------------


def _registration(scene: Scene) -> tuple[SipExchange, Window]:
    """Wait for the next registration; return the first, and the window that was waited."""
    scene.awaited(lambda: scene.sip("REGISTER", "primary"))
    granted = _granted(scene.sip("REGISTER", "primary"), "a registration")

    def later() -> list[SipExchange]:
        return scene.sip("REGISTER", "primary", granted.ended)

    return granted, lasting(scene, granted, lifetime_of(granted), later)


@then(phrase("the registration is refreshed in time"))
def registration_is_refreshed(scene: Scene, verdict: VerdictKeeper) -> None:
    granted, window = _registration(scene)
    later = scene.sip("REGISTER", "primary", granted.ended)
    lifetime = lifetime_of(granted)
    verdict.take(publications.registration_is_refreshed(granted, later, lifetime, window))


@then(phrase("the registrations are numbered one after the other"))
def registrations_are_numbered(scene: Scene, verdict: VerdictKeeper) -> None:
    granted, _ = _registration(scene)
    later = scene.sip("REGISTER", "primary", granted.ended)
    require(later, Reason.UE_SILENT, "the registration was not refreshed")
    verdict.take(publications.registrations_are_numbered(granted, later))
