"""What the UE knows of each service, and the life of several services on one UE."""

import pytest

from muster.documents.recognise import BY_NAME
from muster.documents.sample import sample_builder
from muster.documents.vocabulary import GROUP_LIST, PARTNER_SYSTEM
from muster.documents.worlds import load_world
from muster.suite import suite_root
from muster.ue.driver import DONE, Driver, refused
from muster.ue.reference.bodies import service_info
from muster.ue.reference.documents import (
    read_service_configuration,
    read_ue_configuration,
    read_user_profile,
)
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.services import (
    MCDATA,
    MCPTT,
    MCVIDEO,
    SERVICES,
    ServiceNames,
    feature_parameters,
    services_in,
)
from tests.ue.fake_system import FakeSystem
from tests.ue.world import ALICE, World

BUILDER = sample_builder(load_world(suite_root() / "fixtures" / "worlds" / "default.toml"))
EACH = pytest.mark.parametrize("names", SERVICES.values(), ids=list(SERVICES))
VIDEO_ID = "sip:alice-video@primary.example"


@EACH
def test_names_of_documents_are_those_of_the_vocabulary(names: ServiceNames) -> None:
    for kind, own in (
        ("ue-config", names.ue_configuration),
        ("user-profile", names.user_profile),
        ("service-config", names.service_configuration),
    ):
        known = BY_NAME[f"{names.service}-{kind}"]
        assert (own.auid, own.namespace, own.root, own.media_type) == (
            known.auid,
            known.namespace,
            known.root,
            known.media_type,
        )
    partner = PARTNER_SYSTEM[names.service]
    assert (names.migratable_partner, names.partner_system_id) == (
        partner.info.text,
        partner.system_id.text,
    )
    assert names.group_list.split("/")[1] == GROUP_LIST[names.service].text


@EACH
def test_documents_that_are_served_are_understood(names: ServiceNames) -> None:
    [active] = [
        profile
        for profile in BUILDER.plan.profiles_of("primary", "alice", names.service)
        if profile.preselected
    ]

    profile = read_user_profile(BUILDER.user_profile(active).body, names)

    system = BUILDER.systems["primary"]
    assert (profile.index, profile.is_preselected) == (active.index, True)
    assert profile.groups == tuple(system.identity(label) for label in active.groups)
    [partner] = profile.partners
    access = BUILDER.systems["partner"].access
    assert (partner.system_id, dict(partner.access.servers)) == (
        access.system_id,
        dict(access.servers),
    )
    document = BUILDER.ue_configuration("primary", "alice", names.service)
    assert read_ue_configuration(document.body, names) == system.domain
    document = BUILDER.service_configuration("primary", names.service)
    assert document.selector.endswith(f"/global/{names.service_configuration_name}")
    assert read_service_configuration(document.body, names).confidentiality_protection is False


@EACH
def test_information_body_is_of_the_service(names: ServiceNames) -> None:
    part = service_info(names, access_token="t", partner_id="sip:a@b", primary_id="sip:a@c")

    service = names.service
    assert part.content_type == f"application/vnd.3gpp.{service}-info+xml"
    assert f"<{service}info xmlns={names.info_namespace!r}".replace("'", '"').encode() in part.body
    assert f"<{service}String>t</{service}String>".encode() in part.body
    assert part.body.index(b"<partner-") < part.body.index(b"<primary-")


def test_contact_names_every_service_once() -> None:
    prefix = "urn%3Aurn-7%3A3gpp-service.ims.icsi"

    assert feature_parameters([MCPTT]) == f'+g.3gpp.mcptt;+g.3gpp.icsi-ref="{prefix}.mcptt"'
    assert feature_parameters([MCVIDEO, MCDATA]) == (
        "+g.3gpp.mcvideo;+g.3gpp.mcdata.sds;+g.3gpp.mcdata.fd;"
        f'+g.3gpp.icsi-ref="{prefix}.mcvideo,{prefix}.mcdata.sds"'
    )


def test_services_are_those_of_the_option() -> None:
    assert services_in("") == ("mcptt",)
    assert services_in("mcvideo, mcdata") == ("mcvideo", "mcdata")
    with pytest.raises(Refusal, match="no client for mcradio"):
        services_in("mcptt,mcradio")


# Two services on one UE --------------------------------------------------------------------------


def put_mcvideo(system: FakeSystem) -> None:
    """The documents of MCVideo for Alice, and a server for it."""
    system.claims = {"mcvideo_id": VIDEO_ID}
    configuration = system.initial_configuration()
    psi = f"sip:mcvideo@{system.host}:{system.sip_port}"
    details = f"<MCVideo-Service-Details><Server-URI>{psi}</Server-URI></MCVideo-Service-Details>"
    system.put(
        "bootstrap",
        configuration.replace("<anyExt>", f"<anyExt>{details}"),
        "vnd.3gpp.mcptt-ue-init-config",
    )
    user = f"users/{VIDEO_ID}"
    for kind, path, namespace, root, inner in (
        ("ue-config", f"{user}/ue-1", "mcvideo:mcvideoUEConfig", "mcvideo-UE-configuration", ""),
        (
            "user-profile",
            f"{user}/mcvideo-user-profile-3.xml",
            "ns:mcvideo:user-profile",
            "mcvideo-user-profile",
            "<OnNetwork/>",
        ),
        (
            "service-config",
            "global/mcvideo-service-config.xml",
            "ns:mcvideoServiceConfig",
            "service-configuration-info",
            "<service-configuration-params><on-network><signalling-protection>"
            "<confidentiality-protection>false</confidentiality-protection>"
            "</signalling-protection></on-network></service-configuration-params>",
        ),
    ):
        body = (
            f'<{root} xmlns="urn:3gpp:{namespace}:1.0" domain="d" user-profile-index="3">'
            f"<common/><on-network/>{inner}</{root}>"
        )
        system.put(f"cms/org.3gpp.mcvideo.{kind}/{path}", body, f"vnd.3gpp.mcvideo-{kind}")


def start_both(world: World) -> Driver:
    put_mcvideo(world.primary)
    ue = world.make(services="mcptt,mcvideo")
    answers = [ue.power_on(), ue.sign_in("alice", ALICE)]
    answers += [ue.start_service("mcptt"), ue.start_service("mcvideo")]
    assert answers == [DONE] * 4
    return ue


def test_second_service_joins_the_registration(world: World) -> None:
    ue = start_both(world)
    ue.close()

    first, second = (r for r in world.primary.sip if r.method == "REGISTER")
    assert [r.headers.get("Call-ID") for r in (first, second)] == [first.headers.get("Call-ID")] * 2
    assert [r.headers.get("CSeq") for r in (first, second)] == ["1 REGISTER", "2 REGISTER"]
    contacts = [(r.headers.get("Contact") or "").partition(">")[0] for r in (first, second)]
    assert contacts[0] == contacts[1]
    assert "mcvideo" not in (first.headers.get("Contact") or "")
    assert "+g.3gpp.mcptt;+g.3gpp.mcvideo" in (second.headers.get("Contact") or "")


def test_each_service_speaks_for_itself(world: World) -> None:
    ue = start_both(world)
    ue.close()

    published = [r for r in world.primary.sip if r.method == "PUBLISH"]
    assert [r.uri.partition("@")[0] for r in published] == ["sip:mcptt", "sip:mcvideo"]
    assert [r.headers.get("P-Preferred-Service") for r in published] == [MCPTT.icsi, MCVIDEO.icsi]
    assert b"mcvideo-access-token" in published[1].body
    assert b"user-profile-index>3<" in published[1].body


def test_stopped_service_leaves_the_other_alone(world: World) -> None:
    ue = start_both(world)
    before = len(world.primary.sip)

    assert ue.stop_service("mcvideo") == DONE

    last = [r for r in world.primary.sip[before:] if r.method == "REGISTER"]
    assert [r.headers.get("Expires") for r in last] == ["3600"]
    assert "mcvideo" not in (last[0].headers.get("Contact") or "")
    assert world.loop.run(world.primary.notify("cms")) == [200]
    assert ue.select_profile("mcvideo", 3) == refused("mcvideo is not started")
    assert ue.select_profile("mcptt", 1) == DONE
    ue.close()


def test_notification_is_answered_by_the_service_that_subscribed(world: World) -> None:
    ue = start_both(world)
    before = len(world.primary.seen)
    path = "cms/org.3gpp.mcvideo.service-config/global/mcvideo-service-config.xml"
    body, _, _ = world.primary.documents[path]
    world.primary.put(path, body.decode(), "vnd.3gpp.mcvideo-service-config")

    assert world.loop.run(world.primary.notify("cms")) == [200, 200]
    assert ue.quiet(10)

    assert world.primary.since(before) == [f"GET {path}"]
    ue.close()
