"""Steps of migration to a partner MC system."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from pytest_bdd import given, then, when

from muster.checks import migration
from muster.checks.reading import names_document
from muster.evidence import Exchange, HttpExchange, SipExchange
from muster.protocol.oidc import GRANT_REFRESH_TOKEN
from muster.requirements import Catalogue
from muster.verdicts import Reason, VerdictKeeper, require
from steps.authorisation import PRESENTS_A_TOKEN
from steps.scene import Scene
from steps.vocabulary import phrase


def _profile_of(scene: Scene, name: str) -> HttpExchange:
    """Return the request that obtained a profile of the primary: the source of all access."""
    profile = scene.profile("primary", name)
    obtained = [e for e in scene.http(holding=scene.selector(profile)) if e.status == 200]
    require(obtained, Reason.PRECONDITION_UNMET, f"the profile {name} was not obtained")
    return obtained[-1]


def _partner_token(scene: Scene, partner: str = "partner") -> HttpExchange:
    """Return the token request that the partner granted; INCONCLUSIVE when there is none."""
    granted = [
        e
        for e in scene.token_requests(migration.JWT_BEARER, partner, scene.chosen_at)
        if e.status == 200
    ]
    require(granted, Reason.PRECONDITION_UNMET, f"no token was granted at the {partner} system")
    return granted[0]


@given(phrase("no partner system has been contacted yet"))
def no_partner_contacted(scene: Scene) -> None:
    """Evidence of this is judged by a later step; here it is only awaited that all is quiet."""
    scene.settled("the user is served")


@when(
    phrase("{user:User} migrates to the {system:System} system with her profile {profile:Quoted}"),
    target_fixture="that_profile",
)
def migrate(
    scene: Scene,
    catalogue: Catalogue,
    claims: frozenset[str],
    user: str,
    system: str,
    profile: str,
) -> HttpExchange:
    source = _profile_of(scene, profile)
    chosen = scene.profile("primary", profile)
    partner = scene.system(system).access.system_id
    scene.stimulate("migrate", scene.service, partner, chosen.index)
    scene.settled(f"migration to the {system} system was asked for")
    acted = [e for e in scene.everything(scene.chosen_at) if e.system == system] or (
        scene.token_requests(migration.TOKEN_EXCHANGE, since=scene.chosen_at)
    )
    listed = system in chosen.partners
    # A UE that does not know provisional names cannot act on them; one that claims them can.
    names = [catalogue.facts[name] for name in migration.MIGRATION_ELEMENTS[scene.service]]
    require(
        acted or not listed or all(fact.holds(claims) for fact in names),
        Reason.PROVISIONAL_DOCUMENT,
        "the partner list of that user profile has element names that no verified text gives",
    )
    return source


@when(
    phrase("{user:User} asks for the {system:System} system with her profile {profile:Quoted}"),
    target_fixture="that_evidence",
)
def ask_for_unlisted_partner(scene: Scene, user: str, system: str, profile: str) -> HttpExchange:
    """Refusing is right here: the chosen profile does not list that system."""
    source = _profile_of(scene, profile)
    chosen = scene.profile("primary", profile)
    partner = scene.system(system).access.system_id
    scene.stimulate("migrate", scene.service, partner, chosen.index)
    return source


# Access ----------------------------------------------------------------------------------------


@then(phrase("the servers of the partner are reached as the chosen profile describes them"))
def partner_is_reached(scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange) -> None:
    since = scene.chosen_at
    exchanges = scene.everything(since)
    exchanged = _granted(scene.token_requests(migration.TOKEN_EXCHANGE, "primary", since))
    signed_in = _granted(scene.token_requests(migration.JWT_BEARER, "partner", since))
    triggers: dict[str, Sequence[Exchange]] = {
        "idms": exchanged,
        "sip": signed_in,
        "cms": scene.notifications("partner", "user-profile", since),
        "gms": _granted(scene.http("partner", "cms", since, "user-profile")),
    }
    verdict.take(
        migration.reaches_the_servers_of_the_chosen_entry(
            that_profile, triggers, exchanges, "partner", scene.service
        )
    )
    missing = [server for server, came in triggers.items() if not came]
    told = f"the UE never came so far as to need {', '.join(missing)} of the partner"
    require(not missing, Reason.PRECONDITION_UNMET, told)


def _granted(requests: list[HttpExchange]) -> list[HttpExchange]:
    return [request for request in requests if request.status == 200]


@then(phrase("no partner system was contacted before {user:User} chose it"))
def not_contacted_before(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, user: str
) -> None:
    others = [name for name in scene.world.systems if name != "primary"]
    contacts = scene.contacts()
    verdict.take(
        migration.partner_is_not_contacted_before_the_choice(
            that_profile, contacts, scene.chosen_at, others
        )
    )


@then(phrase("the {system:System} system is not contacted"))
def unlisted_is_not_contacted(
    scene: Scene, verdict: VerdictKeeper, that_evidence: HttpExchange, system: str
) -> None:
    window = scene.settled("an unlisted partner was asked for")
    verdict.take(
        migration.unlisted_partner_is_not_contacted(
            that_evidence, scene.everything(window.begins), scene.contacts(), system, window
        )
    )


@then(phrase("the {system:System} system of another profile is not contacted"))
def other_partner_is_not_contacted(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, system: str
) -> None:
    window = scene.settled("the user migrated")
    verdict.take(
        migration.only_the_chosen_partner_is_contacted(
            that_profile, scene.everything(window.begins), scene.contacts(), system, window
        )
    )


# Identity --------------------------------------------------------------------------------------


def _asked_for_tokens(scene: Scene, system: str) -> list[HttpExchange]:
    """Return requests to a token endpoint, whatever their method: it is judged.

    A UE may refresh its access token before it exchanges it.
    """
    endpoint = urlsplit(scene.system(system).access.idms_token_endpoint).path
    posts = [e for e in scene.http(system, "idms", scene.chosen_at) if e.decoded_path == endpoint]
    return [e for e in posts if e.form.get("grant_type") != GRANT_REFRESH_TOKEN]


@then(
    phrase("the primary system is asked to exchange its access token for a security token"),
    target_fixture="that_exchange",
)
def token_exchange_is_asked_for(scene: Scene, verdict: VerdictKeeper) -> HttpExchange:
    request = scene.expect(
        lambda: _asked_for_tokens(scene, "primary"), "a token exchange at the primary"
    )
    assert isinstance(request, HttpExchange)
    verdict.take(migration.token_exchange_has_its_form(request))
    return request


@then(phrase("the security token is presented to the identity server of the partner"))
def security_token_is_presented(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange, that_exchange: HttpExchange
) -> None:
    posts = _asked_for_tokens(scene, "partner")
    verdict.take(migration.partner_token_request_has_its_form(that_exchange, posts))
    everything = scene.http("partner", "idms", scene.chosen_at)
    # The first exchange of the whole life: one before any profile was known would be too early.
    earliest = scene.token_requests(migration.TOKEN_EXCHANGE, "primary") or [that_exchange]
    verdict.take(
        migration.exchange_comes_between_profile_and_partner(that_profile, earliest[0], everything)
    )


@then(phrase("the partner is asked with its own access token"))
def partner_sees_its_token(scene: Scene, verdict: VerdictKeeper) -> None:
    exchanges = [e for e in scene.everything(scene.chosen_at) if e.system == "partner"]
    require(exchanges, Reason.PRECONDITION_UNMET, "the partner system was not contacted")
    verdict.take(migration.partner_is_asked_with_its_own_token(exchanges, "partner"))
    missing = {"cms", "gms", "sip"} - {exchange.server for exchange in exchanges}
    told = f"the UE did not come so far as to ask the partner's {', '.join(sorted(missing))}"
    require(not missing, Reason.PRECONDITION_UNMET, told)


# Signalling and configuration ------------------------------------------------------------------


@then(phrase("the terminal registers at the partner with an identity of the partner"))
def registers_at_the_partner(scene: Scene, verdict: VerdictKeeper) -> None:
    token = _partner_token(scene)
    registers = scene.sip("REGISTER", "partner", scene.chosen_at)
    verdict.take(migration.registers_at_the_partner(token, registers, scene.home_identity))


@then(phrase("each profile that the partner holds for {user:User} is downloaded from it"))
def partner_profiles_are_downloaded(scene: Scene, verdict: VerdictKeeper, user: str) -> None:
    since = scene.chosen_at
    notify = scene.expect(
        lambda: scene.notifications("partner", "user-profile", since), "a NOTIFY of the partner"
    )
    assert isinstance(notify, SipExchange)
    requests = scene.xcap(since)
    selectors = scene.profile_selectors("partner", user)
    verdict.take(migration.partner_profiles_are_downloaded(notify, requests, selectors))


@then(phrase("no configuration is asked of the partner before the user is authenticated there"))
def configuration_follows_authentication(scene: Scene, verdict: VerdictKeeper) -> None:
    token = _partner_token(scene)
    requests = [e for e in scene.xcap(scene.chosen_at) if e.system == "partner"]
    verdict.take(migration.configuration_follows_authentication(token, requests))


def _partner_profile(scene: Scene) -> HttpExchange:
    """Return the request that obtained the partner's active profile."""
    selector = scene.selector(scene.active_profile("partner"))
    obtained = [
        e for e in scene.http("partner", "cms", scene.chosen_at, selector) if e.status == 200
    ]
    require(obtained, Reason.PRECONDITION_UNMET, "the partner's profile was not obtained")
    return obtained[0]


@then(phrase("the groups of the partner's profile are obtained from the partner"))
def partner_groups_are_obtained(scene: Scene, verdict: VerdictKeeper) -> None:
    profile = _partner_profile(scene)
    selectors = scene.group_selectors(scene.active_profile("partner"))
    requests = scene.xcap(scene.chosen_at)
    judged = (profile, requests, selectors, scene.service)
    verdict.take(migration.partner_groups_are_obtained(*judged))


@then(phrase("no group of the primary's profile is asked for"))
def primary_groups_stay_unused(
    scene: Scene, verdict: VerdictKeeper, that_profile: HttpExchange
) -> None:
    window = scene.settled("the user migrated")
    selectors = [
        selector
        for profile in scene.profiles("primary")
        for selector in scene.group_selectors(profile)
    ]
    exchanges = scene.everything(window.begins)
    verdict.take(
        migration.primary_groups_are_not_asked_for(that_profile, exchanges, selectors, window)
    )


# Service authorisation -------------------------------------------------------------------------


@then(phrase("service authorisation at the partner comes after its profiles and groups"))
def authorisation_comes_last(scene: Scene, verdict: VerdictKeeper) -> None:
    since = scene.chosen_at
    profiles = scene.http("partner", "cms", since, "user-profile")
    require(profiles, Reason.PRECONDITION_UNMET, "no profile was asked of the partner")
    wanted = scene.group_selectors(scene.active_profile("partner"))
    groups = [
        e
        for e in scene.http("partner", "gms", since)
        if any(names_document(e, selector) for selector in wanted)
    ]
    asked = scene.authorisations("partner", since)
    verdict.take(migration.partner_authorisation_comes_last(asked, profiles, groups))


@then(phrase("the pre-selected profile of the partner is made active there"))
def partner_profile_is_active(scene: Scene, verdict: VerdictKeeper) -> None:
    settings = scene.settings("partner", scene.chosen_at)
    require(settings, Reason.UE_SILENT, "the UE told the partner of no active profile")
    known = [profile.index for profile in scene.profiles("partner")]
    wanted = scene.active_profile("partner").index
    verdict.take(migration.partner_profile_is_named_active(settings, known))
    verdict.take(migration.partner_preselected_profile_becomes_active(settings, wanted))


@then(phrase("the request for service authorisation at the partner presents its token"))
def authorisation_presents_partner_token(scene: Scene, verdict: VerdictKeeper) -> None:
    asked = scene.authorisations("partner", scene.chosen_at)
    require(asked, Reason.UE_SILENT, "service authorisation was not asked of the partner")
    verdict.take(PRESENTS_A_TOKEN[scene.service](asked[0]))


@when(phrase("{user:User} returns to the primary system"))
def return_home(scene: Scene, user: str) -> None:
    scene.stimulate("return_home")
    scene.settled("the user returned")


@then(phrase("service authorisation is asked of the primary system anew"))
def authorised_anew(scene: Scene, verdict: VerdictKeeper) -> None:
    since = scene.chosen_at
    request = scene.expect(
        lambda: scene.authorisations("primary", since), "service authorisation at the primary"
    )
    assert isinstance(request, SipExchange)
    verdict.take(PRESENTS_A_TOKEN[scene.service](request))
