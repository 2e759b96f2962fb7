"""What is judged of configuration documents: which are obtained, shown what, and used how."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bdd import then, when

from muster.checks import configuration, document_contents, documents
from muster.checks.reading import bearer, names_document
from muster.evidence import HttpExchange, SipExchange
from muster.verdicts import Reason, VerdictKeeper, require
from steps.documents_more import alter, selector_of, server_of, told
from steps.scene import Scene
from steps.vocabulary import phrase


def to_server(scene: Scene, server: str) -> list[HttpExchange]:
    """Requests to a server of the primary; INCONCLUSIVE where there is none."""
    scene.settled("documents were announced")
    found = scene.http("primary", server)
    require(found, Reason.UE_SILENT, f"no request to the {server} server was seen")
    return found


def document_served(scene: Scene, document: str) -> HttpExchange:
    """The first answer that gave the UE a document: what makes it act."""
    selector = selector_of(scene, document)
    found = scene.expect(
        lambda: [e for e in scene.xcap() if names_document(e, selector) and e.status == 200],
        f"an answer with the {document}",
    )
    assert isinstance(found, HttpExchange)
    return found


def groups_only_of(scene: Scene, name: str) -> list[str]:
    """Groups that no other profile of the user lists."""
    wanted = scene.profile("primary", name)
    others = [p for p in scene.profiles("primary", wanted.user) if p != wanted]
    elsewhere = {group for other in others for group in scene.group_selectors(other)}
    return [one for one in scene.group_selectors(wanted) if one not in elsewhere]


@when(phrase("{user:User} starts the MC service again"))
def start_service_again(scene: Scene, user: str) -> None:
    scene.stimulate("start_service", scene.service)
    scene.active = scene.active_profile("primary", user)


@then(
    told("the configuration server has told the terminal anew of the {document:Document}"),
    target_fixture="that_notification",
)
def document_is_announced_anew(scene: Scene, document: str) -> SipExchange:
    # Of this document: a terminal may subscribe to each on its own, in any order.
    selector = selector_of(scene, document)
    notify = scene.expect(
        lambda: scene.notifications("primary", selector, scene.chosen_at),
        f"a NOTIFY about the {document}, answered by the UE",
    )
    assert isinstance(notify, SipExchange)
    return notify


# Whose documents, and where ----------------------------------------------------------------------


@then(phrase("every profile of {user:User} that can be had is obtained"))
def every_profile_is_obtained(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange, user: str
) -> None:
    scene.settled("documents were announced")
    requests = scene.xcap()
    gone = {r.decoded_path for r in requests if r.status in (403, 404)}
    selectors = scene.profile_selectors("primary", user)
    wanted = [one for one in selectors if not any(path.endswith(f"/{one}") for path in gone)]
    verdict.take(documents.every_profile_is_obtained(that_notification, requests, wanted))


@then(phrase("profiles are asked for by their names"))
def profiles_have_their_names(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(documents.profiles_have_their_names(to_server(scene, "cms")))


@then(phrase("the profiles are asked of the primary system alone"))
def profiles_are_asked_of_the_primary(scene: Scene, verdict: VerdictKeeper) -> None:
    to_server(scene, "cms")
    requests = [e for e in scene.xcap() if "user-profile" in e.decoded_path]
    require(requests, Reason.UE_SILENT, "no request for a user profile was seen")
    verdict.take(documents.profiles_are_asked_of_the_own_system(requests, "primary"))


@then(phrase("nothing is asked for in the directory of {user:User}"))
def no_foreign_document_is_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange, user: str
) -> None:
    window = scene.settled("documents were announced")
    owner = scene.primary.identity("alice", scene.service)
    judged = (that_notification, scene.xcap(), owner, window, scene.service)
    verdict.take(documents.asks_only_for_own_documents(*judged))


@then(phrase("the UE configuration of the other terminal is not asked for"))
def no_other_terminal_is_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    window = scene.settled("documents were announced")
    own = selector_of(scene, "UE configuration")
    verdict.take(documents.asks_for_no_other_terminal(that_notification, scene.xcap(), own, window))


@then(phrase("the UE configuration is asked of the configuration server"))
def ue_configuration_is_asked_for(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    scene.settled("documents were announced")
    own = selector_of(scene, "UE configuration")
    requests = _since_the_failure(scene, "UE configuration")
    verdict.take(documents.ue_configuration_is_asked_for(that_notification, requests, own))


def _since_the_failure(scene: Scene, document: str) -> list[HttpExchange]:
    """What was asked for since the document could not be had: a UE is free to ask of itself."""
    selector = selector_of(scene, document)
    failed = [e for e in scene.xcap() if names_document(e, selector) and e.status == 503]
    require(failed, Reason.UE_SILENT, f"the {document} was not asked for while it was unavailable")
    return scene.xcap(failed[0].ended)


@then(phrase("the service configuration is asked of the global tree once more"))
def service_configuration_is_asked_for_again(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    scene.settled("documents were announced")
    selector = selector_of(scene, "service configuration")
    requests = _since_the_failure(scene, "service configuration")
    verdict.take(
        configuration.obtains_the_service_configuration(that_notification, requests, selector)
    )


@then(told("the refusals by the {server:Server} server are taken"))
def refusals_of_a_server_are_taken(scene: Scene, verdict: VerdictKeeper, server: str) -> None:
    def refused() -> list[HttpExchange]:
        return [e for e in scene.http("primary", server) if e.status in (401, 403)]

    scene.expect(refused, "a request that is refused")
    window = scene.settled("requests were refused")
    verdict.take(documents.refusal_is_taken(refused(), window))


@then(phrase("the documents are retrieved below the root that was announced"))
def documents_are_below_the_announced_root(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    scene.settled("documents were announced")
    root = scene.primary.mc_server.psi.cms_root
    verdict.take(
        documents.documents_are_below_the_announced_root(that_notification, scene.xcap(), root)
    )


# Tokens and refusals -----------------------------------------------------------------------------


@then(phrase("each request to the configuration server carries authorisation"))
def each_request_carries_authorization(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(documents.each_request_carries_authorization(to_server(scene, "cms")))


@then(phrase("the configuration server is shown tokens for configuration management"))
def token_is_scoped_for_configuration(scene: Scene, verdict: VerdictKeeper) -> None:
    verdict.take(documents.token_is_scoped_for_configuration(to_server(scene, "cms")))


@then(told("the {server:Server} server is shown the renewed token"))
def renewed_token_is_shown(scene: Scene, verdict: VerdictKeeper, server: str) -> None:
    requests = to_server(scene, server)
    refused = [e for e in requests if e.status == 401 and bearer(e) is not None]
    require(refused, Reason.PRECONDITION_UNMET, "no token was refused")
    grants = scene.http("primary", "idms", refused[0].ended)
    renewals = [e for e in grants if e.form.get("grant_type") == "refresh_token"]
    renewed = [e for e in renewals if e.status == 200]
    require(renewed, Reason.PRECONDITION_UNMET, "the UE did not renew its token")
    later = [e for e in requests if e.started > renewed[0].ended]
    require(later, Reason.UE_SILENT, "nothing was asked for with the renewed token")
    verdict.take(documents.renewed_token_is_shown(renewed[0], later, refused[0]))


@then(told("the {document:Document} is not asked for without end"))
def missing_document_is_let_be(scene: Scene, verdict: VerdictKeeper, document: str) -> None:
    refusals = _refusals(scene, document, (404,))
    window = scene.settled("the document was not found")
    verdict.take(documents.missing_document_is_let_be(refusals, window))


@then(told("the refusal of the {document:Document} is taken"))
def refusal_is_taken(scene: Scene, verdict: VerdictKeeper, document: str) -> None:
    refusals = _refusals(scene, document, (401, 403))
    window = scene.settled("the document was refused")
    verdict.take(documents.refusal_is_taken(refusals, window))


def _refusals(scene: Scene, document: str, statuses: Sequence[int]) -> list[HttpExchange]:
    selector = selector_of(scene, document)

    def refused() -> list[HttpExchange]:
        to = scene.http("primary", server_of(document))
        return [e for e in to if e.status in statuses and names_document(e, selector)]

    scene.expect(refused, f"a request for the {document} that is refused")
    scene.settled("a document was refused")
    return refused()


# Versions ----------------------------------------------------------------------------------------


@then(phrase("each condition names a version that was received"))
def condition_names_a_version_that_was_received(scene: Scene, verdict: VerdictKeeper) -> None:
    scene.settled("documents were asked for again")
    notifies = scene.sip("NOTIFY", "primary", direction="to_ue")
    requests = scene.xcap()
    require(requests, Reason.UE_SILENT, "no request for a document was seen")
    verdict.take(documents.condition_names_a_version_that_was_received(requests, notifies))


@then(phrase("the terminal goes on with the profile {name:Quoted} that it holds"))
def goes_on_with_the_profile(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange, name: str
) -> None:
    scene.settled("another profile was chosen")
    answers = _asked_again(scene, that_announcement, f'profile "{name}"')
    later = scene.xcap(scene.chosen_at)
    verdict.take(documents.goes_on_with_what_it_holds(answers, later, groups_only_of(scene, name)))


@then(told("the terminal goes on, and follows a later change of the {document:Document}"))
def goes_on_after_the_answer(
    scene: Scene, verdict: VerdictKeeper, that_announcement: SipExchange, document: str
) -> None:
    scene.settled("a document was found unchanged")
    answers = _asked_again(scene, that_announcement, "")
    since = answers[-1].ended
    selector = selector_of(scene, document)
    alter(scene, document, lambda body: body + b"\n")
    scene.awaited(lambda: [e for e in scene.xcap(since) if names_document(e, selector)])
    later = scene.xcap(since)
    verdict.take(documents.goes_on_with_what_it_holds(answers, later, [selector]))


def _asked_again(scene: Scene, announcement: SipExchange, document: str) -> list[HttpExchange]:
    asked = scene.xcap(announcement.started)
    if document:
        selector = selector_of(scene, document)
        asked = [e for e in asked if names_document(e, selector)]
    require(asked, Reason.UE_SILENT, "the announced document was not asked for")
    return asked


# Contents ----------------------------------------------------------------------------------------


def _profile_in_use(scene: Scene, name: str) -> tuple[HttpExchange, list[HttpExchange], list[str]]:
    document = document_served(scene, f'profile "{name}"')
    scene.settled("the profile was obtained")
    selectors = scene.group_selectors(scene.profile("primary", name))
    return document, scene.xcap(document.ended), selectors


@then(phrase("the extended profile {name:Quoted} is used"))
def extended_profile_is_used(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    verdict.take(document_contents.extended_profile_is_used(*_profile_in_use(scene, name)))


@then(phrase("the reordered profile {name:Quoted} is used"))
def reordered_profile_is_used(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    verdict.take(document_contents.reordered_profile_is_used(*_profile_in_use(scene, name)))


@then(phrase("the profile {name:Quoted} is used without partners"))
def profile_without_partners_is_used(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    in_use = _profile_in_use(scene, name)
    verdict.take(document_contents.profile_without_partners_is_used(*in_use))


def _nothing_else_failed(scene: Scene) -> None:
    """A UE that was refused something has another reason not to go on."""
    failed = [e for e in scene.xcap() if e.status is None or e.status >= 400]
    told_of = f"{failed[0].summary} was answered {failed[0].status}" if failed else ""
    require(not failed, Reason.PRECONDITION_UNMET, told_of)


@then(phrase("the extended UE configuration is used"))
def extended_ue_configuration_is_used(scene: Scene, verdict: VerdictKeeper) -> None:
    document = document_served(scene, "UE configuration")
    scene.settled("the UE configuration was obtained")
    _nothing_else_failed(scene)
    asked = scene.authorisations("primary")
    verdict.take(document_contents.extended_ue_configuration_is_used(document, asked))


@then(phrase("the extended service configuration is used"))
def extended_service_configuration_is_used(scene: Scene, verdict: VerdictKeeper) -> None:
    document = document_served(scene, "service configuration")
    scene.settled("the service configuration was obtained")
    _nothing_else_failed(scene)
    asked = scene.authorisations("primary")
    verdict.take(document_contents.extended_service_configuration_is_used(document, asked))


@then(phrase("no group that only the broken profile {name:Quoted} lists is asked for"))
def broken_profile_is_not_used(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    document = document_served(scene, f'profile "{name}"')
    window = scene.settled("the profile was obtained")
    only = groups_only_of(scene, name)
    requests = scene.xcap()
    verdict.take(document_contents.broken_profile_is_not_used(document, requests, only, window))


@then(phrase("no group that only the profile {name:Quoted} of two lengths lists is asked for"))
def contradictory_profile_is_not_used(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    document = document_served(scene, f'profile "{name}"')
    window = scene.settled("the profile was obtained")
    only = groups_only_of(scene, name)
    requests = scene.xcap()
    verdict.take(
        document_contents.contradictory_answer_is_not_used(document, requests, only, window)
    )


@then(phrase("no group that only the foreign document {name:Quoted} lists is asked for"))
def foreign_document_is_not_used(scene: Scene, verdict: VerdictKeeper, name: str) -> None:
    document = document_served(scene, f'profile "{name}"')
    window = scene.settled("the profile was obtained")
    only = groups_only_of(scene, name)
    requests = scene.xcap()
    verdict.take(document_contents.foreign_document_is_not_used(document, requests, only, window))


@then(phrase("bodies that follow the service configuration are unprotected"))
def bodies_are_sent_unprotected(scene: Scene, verdict: VerdictKeeper) -> None:
    document = document_served(scene, "service configuration")
    scene.settled("the service configuration was obtained")
    requests = [e for e in scene.sip("PUBLISH", "primary") if e.started >= document.ended]
    requests += [e for e in scene.sip("REGISTER", "primary") if e.started >= document.ended]
    verdict.take(document_contents.bodies_are_sent_unprotected(document, requests))
