"""Configuration documents in other shapes, numbers and tempers: what is served, and how."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from parse import with_pattern
from pytest_bdd import given, parsers, when

from muster.documents.worlds import GroupPlan, ProfilePlan
from muster.evidence import SipExchange
from muster.journal import now
from steps.scene import Scene
from steps.vocabulary import TYPES, phrase
from stubs import altered_documents as altered
from stubs.faults import HttpFault, Refusal
from stubs.faults_documents import (
    OtherMediaType,
    RefusedToken,
    SameVersionAgain,
    SecondRoot,
    StrayAnnouncements,
    TwoLengths,
    WeakEtags,
    WithheldDocument,
)
from stubs.faults_identity import LateGrant
from stubs.xcap import DocumentStore, StoredDocument

Change = Callable[[bytes], bytes]
PROFILE_CHANGES: dict[str, Change] = {
    "with unknown extensions": altered.profile_with_extensions,
    "in another order": altered.profile_with_children_reversed,
    "cut off": altered.cut_off,
    "in another namespace": altered.in_another_namespace,
}
ODD = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != '"')
"""Every character that an ETag may hold between its quotes."""
SERVERS = {"configuration": "cms", "group": "gms"}
TIMES_UNAVAILABLE = 1

MORE_TYPES = {
    **TYPES,
    # A document of the primary system, in words.
    "Document": with_pattern(
        r'UE configuration|service configuration|profile "[^"]+"|group [a-z-]+'
    )(lambda text: text),
    "Shape": with_pattern("|".join(PROFILE_CHANGES))(lambda text: text),
    "Server": with_pattern("|".join(SERVERS))(lambda text: SERVERS[text]),
}


def told(text: str) -> parsers.parse:
    """Return a step phrase that also knows documents, their shapes, and servers."""
    return parsers.parse(text, extra_types=MORE_TYPES)


def selector_of(scene: Scene, document: str) -> str:
    """Where the primary system serves a document that a sentence names."""
    kind, _, name = document.partition(" ")
    match kind:
        case "UE":
            return scene.world.ue_configuration_selector("primary", "alice", scene.service)
        case "service":
            return scene.world.service_configuration_selector(scene.service)
        case "profile":
            return scene.selector(scene.profile("primary", name.strip('"')))
    return scene.world.builder.group_selector("primary", name)


def server_of(document: str) -> str:
    return "gms" if document.startswith("group ") else "cms"


def add_fault(scene: Scene, server: str, fault: HttpFault) -> None:
    scene.primary.faults[server].append(fault)


def alter(scene: Scene, document: str, change: Change) -> None:
    selector = selector_of(scene, document)
    world = scene.world
    world.on_loop(lambda: world.population.alter("primary", selector, change))


def replan(
    scene: Scene, profiles: Iterable[ProfilePlan] = (), groups: Iterable[GroupPlan] = ()
) -> None:
    """Add profiles and groups to the world that runs; a profile replaces the one of its index."""
    world, more = scene.world, tuple(profiles)
    taken = {(p.system, p.user, p.service, p.index) for p in more}
    kept = [p for p in world.plan.profiles if (p.system, p.user, p.service, p.index) not in taken]
    added = tuple(groups)
    world.plan = replace(world.plan, profiles=(*kept, *more), groups=(*world.plan.groups, *added))
    world.builder = replace(world.builder, plan=world.plan)
    world.population = replace(world.population, builder=world.builder)
    for group in added:
        world.on_loop(partial(world.put_group, group.system, group.name))
    for profile in more:
        world.on_loop(partial(world.put_profile, profile))


def _stored_again(store: DocumentStore, falling: bool = False) -> None:
    """Take all documents out and put them back, in falling order of their names on request."""
    documents = list(store)
    if falling:
        documents.sort(key=lambda document: document.selector, reverse=True)
    for document in documents:
        store.remove(document.selector)
    for document in documents:
        store.put(document)


def more_profiles(scene: Scene, *indexes: int) -> None:
    """Give Alice further profiles for the service of the scenario."""
    known = scene.profiles("primary")[0]
    new = {"groups": ("station",), "preselected": False}
    replan(
        scene,
        [known.model_copy(update={**new, "index": i, "name": f"Duty {i}"}) for i in indexes],
    )


# Profiles ----------------------------------------------------------------------------------------


@given(phrase("the primary system holds five profiles for {user:User}"))
def five_profiles(scene: Scene, user: str) -> None:
    more_profiles(scene, 2, 3, 4)


@given(phrase("the primary system holds profiles for {user:User} with indexes far apart"))
def sparse_profiles(scene: Scene, user: str) -> None:
    more_profiles(scene, 7, 255)


@given(phrase("the primary system announces {user:User}'s profiles in falling order"))
def falling_profiles(scene: Scene, user: str) -> None:
    more_profiles(scene, 2, 3)
    scene.world.loop.call(partial(_stored_again, scene.primary.configuration, falling=True))


@given(phrase("the primary system also announces a profile of {user:User}"))
def foreign_profile(scene: Scene, user: str) -> None:
    selector = scene.world.profile_selector("primary", user, 0, scene.service)
    _announce_stray(scene, selector)


@given(phrase("the primary system also announces the UE configuration of another terminal"))
def foreign_ue_configuration(scene: Scene) -> None:
    own = selector_of(scene, "UE configuration")
    _announce_stray(scene, f"{own}-of-the-spare-terminal")


def _announce_stray(scene: Scene, selector: str) -> None:
    stray = StoredDocument(selector, b"", "", etag='"stray"')
    server = scene.primary.mc_server
    server.configuration = StrayAnnouncements(scene.primary.configuration, (stray,))


@given(told("the profile {name:Quoted} is served {shape:Shape}"))
def profile_in_another_shape(scene: Scene, name: str, shape: str) -> None:
    alter(scene, f'profile "{name}"', PROFILE_CHANGES[shape])


@given(phrase("no profile of {user:User} lists a partner system"))
def profiles_without_partners(scene: Scene, user: str) -> None:
    plans = scene.profiles("primary", user)
    replan(scene, [plan.model_copy(update={"partners": ()}) for plan in plans])


# Other documents ---------------------------------------------------------------------------------


@given(phrase("the UE configuration is served with unknown extensions"))
def extended_ue_configuration(scene: Scene) -> None:
    alter(scene, "UE configuration", altered.ue_configuration_with_extensions)


@given(phrase("the service configuration is served with unknown extensions"))
def extended_service_configuration(scene: Scene) -> None:
    alter(scene, "service configuration", altered.service_configuration_with_extensions)


@given(phrase("the service configuration turns protection off in digits"))
def protection_off_in_digits(scene: Scene) -> None:
    alter(scene, "service configuration", altered.protection_off_in_digits)


# Refusals ----------------------------------------------------------------------------------------


@given(told("the {document:Document} is announced and cannot be found"))
def missing_document(scene: Scene, document: str) -> None:
    fault = WithheldDocument(selector_of(scene, document))
    add_fault(scene, server_of(document), fault)


@given(told("access to the {document:Document} is refused"))
def forbidden_document(scene: Scene, document: str) -> None:
    fault = WithheldDocument(selector_of(scene, document), 403)
    add_fault(scene, server_of(document), fault)


@given(told("the {document:Document} is unavailable at first"))
def document_unavailable_at_first(scene: Scene, document: str) -> None:
    fault = WithheldDocument(selector_of(scene, document), 503, TIMES_UNAVAILABLE)
    add_fault(scene, server_of(document), fault)


@given(told("the {document:Document} comes as something else"))
def document_of_another_type(scene: Scene, document: str) -> None:
    add_fault(scene, server_of(document), OtherMediaType(selector_of(scene, document)))


@given(told("the {document:Document} comes with two lengths"))
def document_with_two_lengths(scene: Scene, document: str) -> None:
    add_fault(scene, server_of(document), TwoLengths(selector_of(scene, document)))


@given(told("the {server:Server} server takes no token"))
def server_takes_no_token(scene: Scene, server: str) -> None:
    add_fault(scene, server, Refusal(401))


@given(told("the {server:Server} server refuses the first token that it is shown"))
def server_refuses_the_first_token(scene: Scene, server: str) -> None:
    add_fault(scene, server, RefusedToken())
    add_fault(scene, "idms", LateGrant(scene.moment))


# Versions and roots ------------------------------------------------------------------------------


@given(phrase("versions are named with every character that may stand in such a name"))
def odd_versions(scene: Scene) -> None:
    numbers = itertools.count()
    for store in (scene.primary.configuration, scene.primary.groups):
        store.new_etag = lambda: f'"{next(numbers)}{ODD}"'
        scene.world.loop.call(partial(_stored_again, store))


@given(phrase("versions reach the terminal marked as weak"))
def weak_versions(scene: Scene) -> None:
    for server in SERVERS.values():
        add_fault(scene, server, WeakEtags())


@given(phrase("the configuration documents are announced below another root"))
def another_root(scene: Scene) -> None:
    url = urlsplit(scene.primary.url("cms"))
    path = f"{url.path}-moved"
    add_fault(scene, "cms", SecondRoot(path, url.path))
    moved = url._replace(path=path).geturl()
    server = scene.primary.mc_server
    server.psi = replace(server.psi, cms_root=moved)


@when(
    told("the primary system announces the {document:Document} without having changed it"),
    target_fixture="that_announcement",
)
def announce_unchanged(scene: Scene, document: str) -> SipExchange:
    selector = selector_of(scene, document)
    server = server_of(document)
    store = {"cms": scene.primary.configuration, "gms": scene.primary.groups}[server]
    held = store.get(selector)
    assert held is not None
    add_fault(scene, server, SameVersionAgain(selector, held.etag))
    return change_during_service(scene, document, lambda body: body)


def change_during_service(scene: Scene, document: str, change: Change) -> SipExchange:
    """Change a document that is subscribed to, and return the NOTIFY that the UE answered."""
    scene.chosen_at = since = now()
    alter(scene, document, change)
    selector = selector_of(scene, document)
    notify = scene.expect(
        lambda: scene.notifications("primary", selector, since), f"a NOTIFY about {selector}"
    )
    assert isinstance(notify, SipExchange)
    scene.settled("the change was announced")
    return notify
