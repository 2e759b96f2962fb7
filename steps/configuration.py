"""Steps of online configuration: what is subscribed to, and which documents are obtained."""

from __future__ import annotations

from pytest_bdd import then

from muster.checks import configuration, mcdata, mcvideo
from muster.checks.reading import concerns_configuration, subscribed
from muster.evidence import HttpExchange, SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase


@then(
    phrase("the configuration documents are subscribed to at the primary system"),
    target_fixture="that_subscription",
)
def configuration_is_subscribed_to(scene: Scene, verdict: VerdictKeeper) -> SipExchange:
    def subscribing() -> list[SipExchange]:
        return [s for s in scene.sip("SUBSCRIBE", "primary") if concerns_configuration(s)]

    def of_service() -> list[SipExchange]:
        usage = f"org.3gpp.{scene.service}."
        return [s for s in subscribing() if any(usage in entry for entry in subscribed(s))]

    # A UE may subscribe to the documents of its other services first.
    scene.awaited(of_service)
    what = "a SUBSCRIBE for configuration documents"
    subscribe = next(iter(of_service()), None) or scene.expect(subscribing, what)
    assert isinstance(subscribe, SipExchange)
    verdict.take(configuration.subscription_has_its_form(subscribe, scene.service))
    verdict.take(configuration.subscription_goes_to_the_named_psi(subscribe, scene.primary.psi.cms))
    return subscribe


@then(phrase("that subscription presents the user's access token"))
def subscription_presents_the_token(verdict: VerdictKeeper, that_subscription: SipExchange) -> None:
    verdict.take(configuration.subscription_presents_the_token(that_subscription))


@then(phrase("UE configuration, user profiles and service configuration are covered"))
def configuration_is_covered(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("the configuration was subscribed to")
    subscribes = scene.sip("SUBSCRIBE", "primary")
    verdict.take(configuration.subscriptions_cover_the_configuration(subscribes, scene.service))


@then(
    phrase("the configuration server has told the terminal of its documents"),
    target_fixture="that_notification",
)
def documents_are_announced(scene: Scene) -> SipExchange:
    notify = scene.expect(
        lambda: scene.notifications("primary", "user-profile"), "a NOTIFY answered by the UE"
    )
    assert isinstance(notify, SipExchange)
    return notify


@then(
    phrase("{user:User}'s terminal asks for its own UE configuration"),
    target_fixture="those_requests",
)
def own_ue_configuration_is_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange, user: str
) -> list[HttpExchange]:
    selector = scene.world.ue_configuration_selector("primary", user, scene.service)
    scene.awaited(lambda: scene.http(holding="ue-config"))
    scene.settled("documents were announced")
    requests = scene.xcap()
    asks = {
        "mcptt": configuration.asks_for_own_ue_configuration,
        "mcvideo": mcvideo.asks_for_own_ue_configuration,
        "mcdata": mcdata.asks_for_own_ue_configuration,
    }
    verdict.take(asks[scene.service](that_notification, requests, selector))
    return _some(scene.http(holding=f"{scene.service}.ue-config"), "the UE configuration")


def _some(requests: list[HttpExchange], of: str) -> list[HttpExchange]:
    require(requests, Reason.UE_SILENT, f"no request for {of} was seen")
    return requests


@then(phrase("those requests go to the configuration server of the primary system"))
def requests_go_to_the_configuration_server(
    verdict: VerdictKeeper, those_requests: list[HttpExchange]
) -> None:
    verdict.take(configuration.asks_the_named_configuration_server(those_requests, "primary"))


@then(phrase("those requests carry the user's access token"))
def requests_carry_the_token(verdict: VerdictKeeper, those_requests: list[HttpExchange]) -> None:
    verdict.take(configuration.presents_a_configuration_token(those_requests))


@then(phrase("each of {user:User}'s profiles is obtained"), target_fixture="those_requests")
def each_profile_is_obtained(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange, user: str
) -> list[HttpExchange]:
    scene.settled("documents were announced")
    selectors = scene.profile_selectors("primary", user)
    requests = scene.xcap()
    obtains = {
        "mcptt": configuration.obtains_each_profile,
        "mcvideo": mcvideo.obtains_each_profile,
        "mcdata": mcdata.obtains_each_profile,
    }
    verdict.take(obtains[scene.service](that_notification, requests, selectors))
    return _some(scene.http(holding=f"{scene.service}.user-profile"), "user profiles")


@then(phrase("those requests are made below the XCAP root of the configuration"))
def requests_are_below_the_root(
    scene: Scene, verdict: VerdictKeeper, those_requests: list[HttpExchange]
) -> None:
    root = scene.primary.access.cms_xcap_root
    verdict.take(configuration.retrieves_below_the_named_root(those_requests, root))


@then(phrase("the service configuration is obtained from the global tree"))
def service_configuration_is_obtained(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    scene.settled("documents were announced")
    selector = scene.world.service_configuration_selector(scene.service)
    requests = scene.xcap()
    obtains = {
        "mcptt": configuration.obtains_the_service_configuration,
        "mcvideo": mcvideo.obtains_the_service_configuration,
        "mcdata": mcdata.obtains_the_service_configuration,
    }
    verdict.take(obtains[scene.service](that_notification, requests, selector))


@then(phrase("every document that was announced is obtained"))
def announced_documents_are_obtained(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    scene.settled("documents were announced")
    requests = scene.xcap()
    verdict.take(
        configuration.fetches_what_the_first_notification_names(that_notification, requests)
    )
