"""Steps of a bad day: servers that are late, busy, unusual, lost or not to be trusted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from parse import with_pattern
from pytest_bdd import given, parsers, then

from muster.checks import bootstrap, robustness
from muster.checks.reading import announced
from muster.evidence import HttpExchange, Judgement, SipExchange
from muster.protocol.oidc import GRANT_AUTHORIZATION_CODE
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import TYPES, phrase
from stubs import faults_bootstrap
from stubs.faults import HttpFault
from stubs.faults_sip import LateAnswer, SipRefusal
from stubs.faults_transport import (
    AnswerLost,
    Busy,
    Chunked,
    Closing,
    Late,
    MoreFields,
    OtherSipStatus,
    Redirect,
)

SERVERS = {"identity": "idms", "key": "kms", "configuration": "cms", "group": "gms"}
LATE_SECONDS = 0.5
"""How late the first answer of an HTTP server comes: less than anybody would mind."""
LATE_SIP_SECONDS = robustness.LONGEST_T1 + 0.3
"""Past the first retransmission over UDP (RFC 3261 17.1.2.2), whichever T1 a UE has."""
BUSY_SECONDS = 1
UNKNOWN_FIELDS = (
    ("X-Later-Release", "yes"),
    ("Operator-Says", 'a="b"; c, "d;e"'),
    ("3GPP-Later", "x" * 700),
)
LIST_IN_LINES = (("Vary", "Accept"), ("Vary", "Authorization"), ("Cache-Control", "private"))
FORMS: dict[str, Callable[[], HttpFault]] = {
    "answers in chunks": Chunked,
    "ends the connection with each answer": Closing,
    "sends fields that nobody knows": lambda: MoreFields(fields=UNKNOWN_FIELDS),
    "sends a list in several fields": lambda: MoreFields(fields=LIST_IN_LINES),
}
EXTENSION = "later-release"
METHODS = {"registrations": "REGISTER", "publications": "PUBLISH"}
MORE_PROFILES = range(100, 130)

_TYPES = {
    **TYPES,
    "Server": with_pattern("|".join(SERVERS))(lambda text: SERVERS[text]),
    "Form": with_pattern("|".join(FORMS))(lambda text: text),
    "Requests": with_pattern("|".join(METHODS))(lambda text: METHODS[text]),
}


def _phrase(text: str) -> parsers.parse:
    return parsers.parse(text, extra_types=_TYPES)


# HTTP ------------------------------------------------------------------------------------------


@given(_phrase("the configuration server {form:Form}"))
def unusual_form(scene: Scene, form: str) -> None:
    scene.primary.faults["cms"].append(FORMS[form]())


@given(_phrase("the {server:Server} server answers late"))
def late_server(scene: Scene, server: str) -> None:
    seconds = LATE_SECONDS * scene.waiting.scale
    scene.primary.faults[server].append(Late(times=1, seconds=seconds))


@given(phrase("the configuration server is busy at first"))
def busy_configuration_server(scene: Scene) -> None:
    scene.primary.faults["cms"].append(Busy(times=1, seconds=BUSY_SECONDS))


@given(phrase("the answer to the first token request is lost"))
def token_response_is_lost(scene: Scene) -> None:
    scene.primary.faults["idms"].append(AnswerLost(path="/token", times=1))


@given(phrase("the configuration server redirects to that of the partner system"))
def redirected_to_the_partner(scene: Scene) -> None:
    location = f"{scene.system('partner').url('cms')}/{scene.profile_selectors('primary')[0]}"
    fault = Redirect(path="user-profile", location=location)
    scene.primary.faults["cms"].append(fault)


@given(phrase("the configuration server redirects to an address without TLS"))
def documents_redirected_to_plain_http(scene: Scene) -> None:
    plain = scene.primary.url("cms").replace("https:", "http:", 1)
    location = f"{plain}/{scene.profile_selectors('primary')[0]}"
    scene.primary.faults["cms"].append(Redirect(path="user-profile", location=location))


@given(_phrase("the {server:Server} server shows a certificate of an unknown authority"))
def untrusted_server(scene: Scene, server: str) -> None:
    context = faults_bootstrap.of_unknown_authority(scene.primary)
    scene.primary.servers[server].tls = context


def _written(scene: Scene, find: Callable[[], Sequence[HttpExchange]]) -> None:
    """Wait for a late answer to be written down: an exchange is one when it has ended."""
    late = 2 * LATE_SECONDS * scene.waiting.scale
    scene.journal.wait_until(lambda: bool(find()), late)


Told = Callable[[SipExchange, Sequence[HttpExchange]], Judgement]


def _others(scene: Scene, verdict: VerdictKeeper, notify: SipExchange, check: Told) -> None:
    """Judge the requests for documents after a NOTIFY; some were asked for, or none was due."""
    _written(scene, lambda: scene.xcap(scene.chosen_at))
    scene.settled("documents were announced")
    requests = scene.xcap(scene.chosen_at)
    require(requests, Reason.UE_SILENT, "no document was asked for")
    verdict.take(check(notify, requests))


@then(phrase("chunks do not keep it from the others"))
def chunks_are_decoded(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    _others(scene, verdict, that_notification, robustness.decodes_chunks)


@then(phrase("ended connections do not keep it from the others"))
def other_connections_serve(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    _others(scene, verdict, that_notification, robustness.goes_on_over_another_connection)


@then(phrase("unknown fields do not keep it from the others"))
def unknown_fields_are_ignored(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    _others(scene, verdict, that_notification, robustness.ignores_unknown_fields)


@then(phrase("several fields do not keep it from the others"))
def several_fields_are_a_list(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    _others(scene, verdict, that_notification, robustness.takes_lists_in_several_lines)


@then(phrase("late documents do not keep it from the others"))
def late_documents_are_borne(
    scene: Scene, verdict: VerdictKeeper, that_notification: SipExchange
) -> None:
    _others(scene, verdict, that_notification, robustness.bears_late_documents)


@then(phrase("the sign-in goes on to its end"))
def late_sign_in_ends(scene: Scene, verdict: VerdictKeeper) -> None:
    _written(scene, scene.authentication_requests)
    request = scene.expect(scene.authentication_requests, "an authentication request")
    assert isinstance(request, HttpExchange)
    scene.settled("the identity server was asked")
    requests = scene.token_requests(GRANT_AUTHORIZATION_CODE)
    verdict.take(robustness.bears_a_late_identity_server(request, requests))


@then(phrase("the keys follow the certificate"))
def keys_follow(scene: Scene, verdict: VerdictKeeper) -> None:
    _written(scene, lambda: scene.http("primary", "kms"))
    first = scene.expect(lambda: scene.http("primary", "kms"), "a request to the key server")
    assert isinstance(first, HttpExchange)
    scene.settled("the key server was asked")
    requests = scene.http("primary", "kms")
    verdict.take(robustness.bears_a_late_key_server(first, requests))


@then(phrase("the terminal asks again no sooner than it was told"))
def asks_again_in_time(scene: Scene, verdict: VerdictKeeper) -> None:
    def refused() -> list[HttpExchange]:
        return [e for e in scene.http("primary") if e.status == 503]

    refusal = scene.expect(refused, "a request that was put off")
    assert isinstance(refusal, HttpExchange)
    scene.settled("the request was put off")
    again = [
        e
        for e in scene.http("primary", refusal.server, refusal.ended)
        if (e.method, e.decoded_path) == (refusal.method, refusal.decoded_path)
    ]
    verdict.take(robustness.waits_as_it_was_told(refusal, again, float(BUSY_SECONDS)))


@then(phrase("the code is not sent a second time"))
def code_is_sent_once(scene: Scene, verdict: VerdictKeeper) -> None:
    lost = scene.expect(lambda: scene.token_requests(GRANT_AUTHORIZATION_CODE), "a token request")
    assert isinstance(lost, HttpExchange)
    scene.settled("the answer was lost")
    later = [e for e in scene.token_requests(GRANT_AUTHORIZATION_CODE) if e is not lost]
    verdict.take(robustness.redeems_the_code_once(lost, later))


def _redirection(scene: Scene) -> HttpExchange:
    def redirected() -> list[HttpExchange]:
        return [e for e in scene.http("primary", "cms") if e.status == 307]

    found = scene.expect(redirected, "a request that was redirected")
    assert isinstance(found, HttpExchange)
    scene.settled("the request was redirected")
    return found


@then(phrase("no token of the primary is shown elsewhere"))
def token_stays_home(scene: Scene, verdict: VerdictKeeper) -> None:
    redirection = _redirection(scene)
    requests = scene.http(since=redirection.started)
    verdict.take(robustness.takes_no_token_to_another_system(redirection, requests))


@then(phrase("documents are asked for over TLS only"))
def documents_over_tls(scene: Scene, verdict: VerdictKeeper) -> None:
    redirection = _redirection(scene)
    contacts = scene.contacts(redirection.started)
    verdict.take(robustness.stays_with_tls(redirection, contacts))


@then(_phrase("nothing is asked of the {server:Server} server"))
def nothing_is_asked(scene: Scene, verdict: VerdictKeeper, server: str) -> None:
    def came() -> bool:
        return any(
            (c.system, c.server) == ("primary", server) for c in scene.contacts(scene.chosen_at)
        )

    scene.awaited(came)
    require(came(), Reason.UE_SILENT, f"the {server} server was not contacted")
    scene.settled("the server showed its certificate")
    contacts = [c for c in scene.contacts(scene.chosen_at) if c.server == server]
    requests = scene.http("primary", server, scene.chosen_at)
    evidence = scene.everything()[0]
    verdict.take(bootstrap.trusts_only_the_certified_server(contacts, evidence, requests))


# SIP -------------------------------------------------------------------------------------------


@given(_phrase("the MC service server answers {method:Requests} late"))
def late_sip(scene: Scene, method: str) -> None:
    scene.primary.sip_faults.append(LateAnswer(method, LATE_SIP_SECONDS))


@given(phrase("the MC service server is busy at first"))
def busy_sip(scene: Scene) -> None:
    fault = SipRefusal("REGISTER", 503, retry_after=BUSY_SECONDS, times=1)
    scene.primary.sip_faults.append(fault)


@given(phrase("the MC service server accepts registrations in an unknown way"))
def unknown_sip_success(scene: Scene) -> None:
    scene.primary.sip_faults.append(OtherSipStatus("REGISTER"))


@given(phrase("notifications of the primary system have fields that nobody knows"))
def notifications_with_unknown_fields(scene: Scene) -> None:
    scene.primary.sip.more_fields["NOTIFY"] = UNKNOWN_FIELDS


@given(phrase("notifications of the primary system require an unknown extension"))
def notifications_require_an_extension(scene: Scene) -> None:
    scene.primary.sip.more_fields["NOTIFY"] = (("Require", EXTENSION),)


@given(phrase("{user:User} has thirty profiles more"))
def many_profiles(scene: Scene, user: str) -> None:
    store = scene.primary.configuration
    chosen = scene.active_profile("primary", user)
    others = [p for p in scene.profiles("primary", user) if p != chosen]
    selector = scene.selector(others[0])
    document = store.get(selector)
    assert document is not None
    for index in MORE_PROFILES:
        named = selector.replace(f"-{others[0].index}.xml", f"-{index}.xml")
        body = re.sub(
            rb'user-profile-index="\d+"', b'user-profile-index="%d"' % index, document.body, count=1
        )
        copy = replace(document, selector=named, content=body)
        scene.world.on_loop(lambda copy=copy: store.put(copy))  # type: ignore[misc]


@then(_phrase("the registration is repeated while no answer comes"))
def registration_is_repeated(scene: Scene, verdict: VerdictKeeper) -> None:
    _repeated(scene, verdict, "REGISTER")


@then(_phrase("the publication is repeated while no answer comes"))
def publication_is_repeated(scene: Scene, verdict: VerdictKeeper) -> None:
    _repeated(scene, verdict, "PUBLISH")


def _repeated(scene: Scene, verdict: VerdictKeeper, method: str) -> None:
    request = scene.expect(lambda: scene.sip(method, "primary"), f"a {method}")
    assert isinstance(request, SipExchange)
    over_udp(request)
    verdict.take(robustness.repeats_a_request_over_udp(request))


def over_udp(exchange: SipExchange) -> None:
    """Over a stream nothing is repeated: what came over one proves nothing."""
    chosen = f"{exchange.method} went over {exchange.transport}"
    require(exchange.transport == "udp", Reason.PRECONDITION_UNMET, chosen)


@then(phrase("it is sent nothing before the time is over"))
def busy_server_is_left_alone(scene: Scene, verdict: VerdictKeeper) -> None:
    def refused() -> list[SipExchange]:
        return [e for e in scene.sip("REGISTER", "primary") if e.status == 503]

    refusal = scene.expect(refused, "a REGISTER that was put off")
    assert isinstance(refusal, SipExchange)
    scene.settled("the REGISTER was put off")
    later = [
        e
        for e in scene.everything(refusal.ended)
        if isinstance(e, SipExchange) and e.direction == "from_ue" and e.system == "primary"
    ]
    verdict.take(robustness.leaves_a_busy_server_alone(refusal, later, float(BUSY_SECONDS)))


@then(phrase("the service goes on after the registration"))
def service_goes_on(scene: Scene, verdict: VerdictKeeper) -> None:
    register = scene.expect(lambda: scene.sip("REGISTER", "primary"), "a REGISTER")
    assert isinstance(register, SipExchange)
    scene.settled("the terminal was registered")
    later = [
        e
        for e in scene.everything(register.started)
        if isinstance(e, SipExchange) and e.direction == "from_ue"
    ]
    verdict.take(robustness.takes_an_unknown_success_for_200(register, later))


@then(phrase("the notification is accepted as it is"))
def notification_is_accepted(verdict: VerdictKeeper, that_announcement: SipExchange) -> None:
    verdict.take(robustness.ignores_unknown_sip_fields(that_announcement))


@then(phrase("the notification is refused for that extension"))
def notification_is_refused(verdict: VerdictKeeper, that_announcement: SipExchange) -> None:
    verdict.take(robustness.refuses_what_it_does_not_support(that_announcement, EXTENSION))


@then(phrase("the long notification is taken whole"))
def long_notification_is_taken(scene: Scene, verdict: VerdictKeeper) -> None:
    def long_ones() -> list[SipExchange]:
        sent = scene.sip("NOTIFY", "primary", direction="to_ue")
        return [notify for notify in sent if len(announced(notify)) >= len(MORE_PROFILES)]

    notify = scene.expect(long_ones, "a NOTIFY of many documents")
    assert isinstance(notify, SipExchange)
    over_tcp = f"the UE chose {notify.transport}, though its configuration names TCP"
    require(notify.transport == "tcp", Reason.PRECONDITION_UNMET, over_tcp)
    scene.settled("many documents were announced")
    verdict.take(robustness.takes_a_long_message_whole(notify, scene.xcap()))
