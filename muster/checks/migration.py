"""Migration to a partner MC system: who is contacted, in which order, with whose tokens.

TS 23.280 10.1.1.2; TS 33.180 annexes B.7 to B.9 and C.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from muster.checks.reading import (
    SERVED_NAMES,
    address,
    bearer,
    body_token,
    names_document,
    profile_index,
    registered_identity,
    served,
    subscribed,
    told,
)
from muster.evidence import Contact, Departure, Exchange, HttpExchange, SipExchange, Window
from muster.judging import check

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
TOKEN_TYPE_JWT = "urn:ietf:params:oauth:token-type:jwt"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"

MIGRATION_ELEMENTS = {
    service: (f"FACT-{service}-migration-elements",) for service in ("mcptt", "mcvideo", "mcdata")
}
"""By service the fact through which its profile's list of partners is read."""
REACHED = {
    "idms": "TS23280-10.1.1.2-07",
    "sip": "TS23280-10.1.1.2-08",
    "cms": "TS23280-10.1.1.2-09",
    "gms": "TS23280-10.1.1.2-10",
}


# Contact ---------------------------------------------------------------------------------------


@check(*REACHED.values())
def reaches_the_servers_of_the_chosen_entry(
    profile: HttpExchange,
    triggers: Mapping[str, Sequence[Exchange]],
    exchanges: Sequence[Exchange],
    partner: str,
    service: str = "mcptt",
) -> Iterator[Departure]:
    """Identity, signalling, configuration and group server of the chosen entry are reached.

    Their addresses are new in each run and stand nowhere but in the partner's entry of the
    profile, so that whoever reaches them has read them there. `triggers` are, for each server,
    the exchanges after which the UE had all it needs to turn to it; a server whose trigger never
    came is not judged.
    """
    for server, requirement in REACHED.items():
        came = triggers.get(server, ())
        reached = any((e.system, e.server) == (partner, server) for e in exchanges)
        if came and not reached:
            known = sorted({e.server for e in exchanges if e.system == partner})
            expected = f"the {server} server of {partner} reached"
            observed = f"of {partner} only {', '.join(known) or 'nothing'} reached"
            read = MIGRATION_ELEMENTS.get(service, ())
            yield Departure(expected, observed, requirement, came[0], through=read)


@check("TS23280-10.1.1.2-13")
def partner_is_not_contacted_before_the_choice(
    evidence: Exchange, contacts: Sequence[Contact], chosen: float, systems: Sequence[str]
) -> Iterator[Departure]:
    """No server of any partner is contacted before the user chose it."""
    for contact in contacts:
        if contact.system in systems and contact.time < chosen:
            observed = f"a connection to {contact.system} {contact.server}"
            yield Departure("no contact before the choice", observed, exchange=evidence)


@check("TS23280-10.1.1.2-04")
def unlisted_partner_is_not_contacted(
    evidence: Exchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    system: str,
    window: Window,
) -> Iterator[Departure]:
    """A partner that the chosen profile does not list is not contacted, within the window."""
    yield from _contacted(evidence, exchanges, contacts, system, "TS23280-10.1.1.2-04")


@check("TS23280-10.1.1.2-05")
def only_the_chosen_partner_is_contacted(
    evidence: Exchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    system: str,
    window: Window,
) -> Iterator[Departure]:
    """A partner that only another profile lists is not contacted during migration."""
    yield from _contacted(evidence, exchanges, contacts, system, "TS23280-10.1.1.2-05")


def _contacted(
    evidence: Exchange,
    exchanges: Sequence[Exchange],
    contacts: Sequence[Contact],
    system: str,
    requirement: str,
) -> Iterator[Departure]:
    for exchange in exchanges:
        if exchange.system == system:
            yield Departure(
                f"{system} not contacted", exchange.summary[:200], requirement, exchange
            )
            return
    for contact in contacts:
        if contact.system == system:
            observed = f"a connection to its {contact.server} server ({contact.event})"
            yield Departure(f"{system} not contacted", observed, requirement, evidence)
            return


# Identity --------------------------------------------------------------------------------------


@check(
    "TS33180-B.7.2-01",
    "TS33180-B.7.2-02",
    "TS33180-B.7.2-03",
    "TS33180-B.7.2-04",
    "TS33180-B.7.2-06",
    "TS33180-B.7.2-07",
    "TS33180-B.7.2-08",
    "TS33180-B.7.2-09",
)
def token_exchange_has_its_form(request: HttpExchange) -> Iterator[Departure]:
    """The primary is asked for a security token with its own access token as subject."""
    form = request.form
    if request.method != "POST":
        yield Departure("POST", request.method, "TS33180-B.7.2-01")
    if not form:
        yield Departure("a form-urlencoded body", "none", "TS33180-B.7.2-02")
    if form and form.get("grant_type") != TOKEN_EXCHANGE:
        grant = form.get("grant_type") or "absent"
        yield Departure(TOKEN_EXCHANGE, grant, "TS33180-B.7.2-03")
    kind = form.get("subject_token_type")
    if kind and kind != TOKEN_TYPE_JWT:
        yield Departure(TOKEN_TYPE_JWT, kind, "TS33180-B.7.2-09")
    for name, requirement in (
        ("resource", "TS33180-B.7.2-04"),
        ("subject_token", "TS33180-B.7.2-06"),
        ("subject_token_type", "TS33180-B.7.2-08"),
    ):
        if not form.get(name):
            yield Departure(name, "absent", requirement)
    if request.facts.get("subject_token_valid") is False:
        expected = f"the access token of {request.system}"
        yield Departure(expected, told(body_token(request)), "TS33180-B.7.2-07")


@check(
    "TS33180-B.7.4-01",
    "TS33180-B.7.4-02",
    "TS33180-B.7.4-03",
    "TS33180-B.7.4-04",
    "TS33180-B.7.4-06",
)
def partner_token_request_has_its_form(
    security: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """The security token is presented to the partner's token endpoint as assertion."""
    if not requests:
        if security.status != 200:
            return  # without a security token there is nothing to present
        observed = "no token request at the partner"
        yield Departure("a token request at the partner", observed, "TS33180-B.7.4-01", security)
        return
    request = requests[0]
    form = request.form
    if request.method != "POST":
        yield Departure("POST", request.method, "TS33180-B.7.4-01", request)
    if form.get("grant_type") != JWT_BEARER:
        grant = form.get("grant_type", "absent")
        yield Departure(JWT_BEARER, grant, "TS33180-B.7.4-02", request)
    if form and not form.get("scope"):
        yield Departure("scope", "absent", "TS33180-B.7.4-06", request)
    if not form.get("assertion"):
        yield Departure("assertion", "absent", "TS33180-B.7.4-03", request)
    elif not any(
        (use.place, use.kind, use.issuer) == ("body", "security", security.system)
        for use in request.tokens
    ):
        expected = f"the security token of {security.system}"
        yield Departure(expected, told(body_token(request)), "TS33180-B.7.4-04", request)


@check("TS33180-C.2-01", "TS33180-C.2-02")
def exchange_comes_between_profile_and_partner(
    profile: HttpExchange, exchange: HttpExchange, partner_requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """The token exchange follows the profile and precedes the partner's token endpoint.

    Metadata and keys of the partner's identity server may be read earlier: those are no POST.
    """
    if exchange.started < profile.ended:
        expected = f"after the profile [{profile.name}]"
        yield Departure(expected, "before it", "TS33180-C.2-01", exchange)
    for request in partner_requests:
        if request.method == "POST" and request.started < exchange.ended:
            expected = f"after the security token [{exchange.name}]"
            yield Departure(expected, "before it", "TS33180-C.2-02", request)


@check("TS33180-B.9-01", "TS33180-B.9-02", "TS33180-B.9-04")
def partner_is_asked_with_its_own_token(
    exchanges: Sequence[Exchange], partner: str
) -> Iterator[Departure]:
    """Configuration, group and MC service server of the partner see tokens of the partner."""
    requirements = {"cms": "TS33180-B.9-01", "gms": "TS33180-B.9-02", "sip": "TS33180-B.9-04"}
    for exchange in exchanges:
        requirement = requirements.get(exchange.server)
        if exchange.system != partner or requirement is None:
            continue
        http = isinstance(exchange, HttpExchange)
        token = bearer(exchange) if http else body_token(exchange)
        if token is None and not http:
            continue  # a SIP request without a token claims nothing (REGISTER, later settings)
        if token is None or token.kind != "access" or token.issuer != partner:
            expected = f"an access token of {partner}"
            yield Departure(expected, told(token), requirement, exchange)


# Signalling and configuration ------------------------------------------------------------------


@check("TS23280-10.1.1.2-19", "TS23280-10.1.6.2-03")
def registers_at_the_partner(
    token: HttpExchange, registers: Sequence[SipExchange], home_identity: str
) -> Iterator[Departure]:
    """The UE registers with the partner's SIP core, and not as the primary's user."""
    if not registers:
        yield Departure("a REGISTER at the partner", "none", "TS23280-10.1.1.2-19", token)
    for register in registers:
        registered = register.header("To") or ""
        if registered_identity(register) == address(home_identity):
            expected = "an identity of the partner"
            yield Departure(expected, registered, "TS23280-10.1.6.2-03", register)


@check("TS23280-10.1.1.2-23", "TS23280-10.1.1.2-24", "TS23280-10.1.4.3.2-01")
def partner_profiles_are_downloaded(
    notify: SipExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """Each profile that the partner holds for the user is downloaded from the partner's CMS."""
    at_partner = [request for request in requests if request.system == notify.system]
    directory = selectors[0].rpartition("/")[0] if selectors else ""
    got = [
        selector
        for selector in selectors
        if any(
            names_document(request, selector)
            or request.decoded_path.rstrip("/").endswith("/" + directory)
            for request in served(at_partner)
        )
    ]
    if selectors and not got:
        for requirement in ("TS23280-10.1.1.2-23", "TS23280-10.1.4.3.2-01"):
            yield Departure(f"a profile of {directory}", "none obtained", requirement, notify)
    for selector in selectors:
        if selector not in got:
            expected = f"{selector} obtained"
            yield Departure(expected, "not obtained", "TS23280-10.1.1.2-24", notify)


@check("TS23280-10.1.1.2-18")
def configuration_follows_authentication(
    token: HttpExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """No configuration is asked of the partner before the user is authenticated there."""
    for request in requests:
        if request.started < token.ended:
            expected = f"after the token of the partner [{token.name}]"
            yield Departure(expected, "before it", exchange=request)


@check("TS23280-10.1.1.2-26", "TS23280-10.1.1.2-27", "TS23280-10.1.1.2-28")
def partner_groups_are_obtained(
    profile: HttpExchange,
    requests: Sequence[HttpExchange],
    selectors: Sequence[str],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """The groups of the partner's profile come from the partner, after the profile."""
    for selector in selectors:
        asked = [request for request in requests if names_document(request, selector)]
        obtained = [r for r in served(asked) if r.system == profile.system]
        if not asked:
            expected = f"{selector} obtained"
            read = SERVED_NAMES.get(service, ())
            required = "TS23280-10.1.1.2-26"
            yield Departure(expected, "not asked for", required, profile, through=read)
        elif not obtained:
            observed = f"asked of {asked[0].system} {asked[0].server}: {asked[0].status}"
            yield Departure(f"{selector} obtained", observed, "TS23280-10.1.1.2-27", asked[0])
        elif obtained[0].started < profile.ended:
            expected = f"after the profile [{profile.name}]"
            yield Departure(expected, "before it", "TS23280-10.1.1.2-28", obtained[0])


@check("TS23280-10.1.1.2-32")
def primary_groups_are_not_asked_for(
    evidence: Exchange, exchanges: Sequence[Exchange], selectors: Sequence[str], window: Window
) -> Iterator[Departure]:
    """A group that only the primary's profile lists is not asked for during migrated service.

    Neither by GET nor by subscription, at any system; the end of a subscription asks for nothing.
    """
    for exchange in exchanges:
        for selector in selectors:
            if isinstance(exchange, HttpExchange):
                asked = names_document(exchange, selector)
            else:
                asked = selector in _asked_by_subscription(exchange)
            if asked:
                observed = f"{exchange.summary[:160]} at {exchange.system}"
                yield Departure("no group of the primary's profile", observed, exchange=exchange)


def _asked_by_subscription(exchange: SipExchange) -> set[str]:
    if exchange.direction != "from_ue" or (exchange.header("Expires") or "").strip() == "0":
        return set()
    entries = {entry.strip("/") for entry in subscribed(exchange)}
    return entries | {entry.replace("/byGroup/", "/byGroupID/") for entry in entries}


# Service authorisation -------------------------------------------------------------------------


@check("TS23280-10.1.1.2-29", "TS23280-10.1.1.2-30", "TS23280-10.1.1.2-31")
def partner_authorisation_comes_last(
    authorisations: Sequence[SipExchange],
    profiles: Sequence[HttpExchange],
    groups: Sequence[HttpExchange],
) -> Iterator[Departure]:
    """Service authorisation at the partner follows its profiles and its groups (C13).

    What was obtained before may be asked for again afterwards.
    """
    if not authorisations:
        last = max([*profiles, *groups], key=lambda exchange: exchange.ended, default=None)
        expected = "service authorisation asked of the partner"
        yield Departure(expected, "not asked", "TS23280-10.1.1.2-31", last)
        return
    first = authorisations[0]
    for what, exchanges, requirement in (
        ("profile", profiles, "TS23280-10.1.1.2-29"),
        ("group", groups, "TS23280-10.1.1.2-30"),
    ):
        before = [exchange for exchange in served(exchanges) if exchange.ended <= first.started]
        known = {exchange.decoded_path for exchange in before}
        late = [e for e in served(exchanges) if e.decoded_path not in known]
        if late or not before:
            observed = f"{what} {late[0].name} came later" if late else f"no {what} before it"
            yield Departure(f"each {what} before it", observed, requirement, first)


@check("TS23280-10.1.1.2-33", through=("FACT-profile-index-in-settings",))
def partner_profile_is_named_active(
    settings: Sequence[SipExchange], partner_indexes: Sequence[int]
) -> Iterator[Departure]:
    """The profile that is named as active at the partner is one that the partner gave."""
    for setting in settings:
        index = profile_index(setting)
        if index is not None and index not in {str(known) for known in partner_indexes}:
            expected = f"one of {', '.join(map(str, partner_indexes))}"
            yield Departure(expected, f"profile index {index}", exchange=setting)


@check(
    "TS23280-10.1.1.2-36",
    through=("FACT-pre-selected-indication", "FACT-profile-index-in-settings"),
)
def partner_preselected_profile_becomes_active(
    settings: Sequence[SipExchange], index: int
) -> Iterator[Departure]:
    """The profile that the partner's configuration pre-selects becomes active there."""
    named = [(value, s) for s in settings if (value := profile_index(s)) is not None]
    if named and named[0][0] != str(index):
        observed = f"profile index {named[0][0]}"
        yield Departure(f"profile index {index}", observed, exchange=named[0][1])
