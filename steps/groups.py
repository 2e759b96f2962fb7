"""Steps of group configuration."""

from __future__ import annotations

from pytest_bdd import then

from muster.checks import groups
from muster.evidence import HttpExchange, SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase


@then(
    phrase("each group of {user:User}'s active profile is obtained"),
    target_fixture="those_group_requests",
)
def each_group_is_obtained(
    scene: Scene, verdict: VerdictKeeper, that_authorisation: SipExchange, user: str
) -> list[HttpExchange]:
    scene.settled("the user is served")
    selectors = scene.group_selectors(scene.active_profile("primary", user))
    requests = scene.xcap()
    judged = (that_authorisation, requests, selectors, scene.service)
    verdict.take(groups.obtains_each_listed_group(*judged))
    for_groups = [e for e in requests if groups.USAGE in e.decoded_path]
    require(for_groups, Reason.UE_SILENT, "no request for a group was seen")
    return for_groups


@then(phrase("those group requests go to the group server of the primary system"))
def requests_go_to_the_group_server(
    verdict: VerdictKeeper, those_group_requests: list[HttpExchange]
) -> None:
    verdict.take(groups.asks_the_named_group_server(those_group_requests, "primary"))


@then(phrase("those group requests carry the user's access token"))
def group_requests_carry_the_token(
    verdict: VerdictKeeper, those_group_requests: list[HttpExchange]
) -> None:
    verdict.take(groups.presents_a_group_token(those_group_requests))


@then(phrase("they follow the profile that lists them"))
def groups_follow_the_profile(
    scene: Scene, verdict: VerdictKeeper, those_group_requests: list[HttpExchange]
) -> None:
    profiles = scene.http("primary", "cms", holding="user-profile")
    listed = [one for one in those_group_requests if groups.profiles_listing(one, profiles)]
    require(listed, Reason.PRECONDITION_UNMET, "no profile was obtained that lists these groups")
    verdict.take(groups.groups_follow_the_profile(those_group_requests, profiles))


@then(phrase("no other group is asked for"))
def no_other_group_is_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_authorisation: SipExchange
) -> None:
    window = scene.settled("service authorisation was asked for")
    selectors = scene.group_selectors(scene.active_profile("primary"))
    requests = scene.xcap()
    verdict.take(groups.asks_for_no_other_group(that_authorisation, requests, selectors, window))


@then(phrase("the groups of {user:User}'s active profile are subscribed to"))
def groups_are_subscribed_to(
    scene: Scene, verdict: VerdictKeeper, that_authorisation: SipExchange, user: str
) -> None:
    scene.settled("the user is served")
    selectors = scene.group_selectors(scene.active_profile("primary", user))
    subscribes = scene.sip("SUBSCRIBE", "primary")
    judged = (that_authorisation, subscribes, selectors, scene.service)
    verdict.take(groups.groups_are_subscribed_to(*judged))
