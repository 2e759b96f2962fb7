"""Checks of what services have in common, and of several services on one UE."""

from typing import Any

from muster.checks import services
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import ALICE, CONTACT, Case, cases, publish, register, settings

preselected = services.no_other_profile_becomes_active
told = services.choice_is_told_to_the_server
shares = services.services_share_one_registration
leaves = services.stopped_service_leaves_the_registration

BOTH = f"{CONTACT};+g.3gpp.mcvideo"
ELSEWHERE = CONTACT.replace(":5062", ":5063")
BOB = "sip:bob@primary.example"


def info_of(service: str, *elements: tuple[str, str]) -> Part:
    """An information body of a service; URIs stand in its URI element, all else in its String."""
    inner = ""
    for element, value in elements:
        typed = f"{service}{'URI' if value.startswith('sip:') else 'String'}"
        inner += f'<{element} type="Normal"><{typed}>{value}</{typed}></{element}>'
    return Part(
        f"application/vnd.3gpp.{service}-info+xml",
        f'<{service}info xmlns="urn:3gpp:ns:{service}Info:1.0"><{service}-Params>{inner}'
        f"</{service}-Params></{service}info>".encode(),
    )


def registers(*contacts: str, **more: Any) -> list[Any]:
    return [register(at, name=f"R{n}", **more) for n, at in enumerate(contacts, start=1)]


ACCEPTED = (
    Case("pre-selected profile named", preselected, (publish(), [publish()], 1, "mcvideo")),
    Case(
        "no profile named",
        preselected,
        (publish(), [publish([settings(None)])], 1, "mcdata"),
    ),
    Case("choice named", told, ([publish([settings("0")])], 0, publish())),
    Case("same contact with another service", shares, (registers(CONTACT, BOTH),)),
    Case("one service", shares, (registers(CONTACT),)),
    Case(
        "binding that is removed",
        shares,
        ([*registers(CONTACT), register(f"{ELSEWHERE};expires=0")],),
    ),
    Case(
        "binding that was refused",
        shares,
        ([*registers(CONTACT), register(ELSEWHERE, statuses=(403,))],),
    ),
    Case(
        "contact without the stopped service",
        leaves,
        (register(BOTH), registers(CONTACT), "mcvideo"),
    ),
    Case(
        "contact without the stopped service, then what was refused and what ends it",
        leaves,
        (
            register(BOTH),
            [
                *registers(CONTACT),
                register(BOTH, name="R2", statuses=(403,)),
                register(f"{BOTH};expires=0", name="R3"),
            ],
            "mcvideo",
        ),
    ),
)

REPORTED = (
    Case(
        "another profile named",
        preselected,
        (publish(), [publish([settings("0")], name="S2")], 1, "mcvideo"),
        (("TS23280-10.1.1.1-17", "profile index 1", "profile index 0", "S2"),),
    ),
    Case(
        "choice not told",
        told,
        ([], 0, publish()),
        (("TS23280-10.1.1.1-23", "profile index 0", "no settings", "S1"),),
    ),
    Case(
        "another contact for the second service",
        shares,
        (registers(CONTACT, ELSEWHERE),),
        (
            (
                "TS24379-7.1-02",
                f"the binding 127.0.0.9:5062 as {ALICE}",
                f"127.0.0.9:5063 as {ALICE}",
                "R2",
            ),
        ),
    ),
    Case(
        "another identity for the second service",
        shares,
        ([*registers(CONTACT), register(to=BOB, name="R2")],),
        (
            (
                "TS24379-7.1-02",
                f"the binding 127.0.0.9:5062 as {ALICE}",
                f"127.0.0.9:5062 as {BOB}",
                "R2",
            ),
        ),
    ),
    Case(
        "no new registration",
        leaves,
        (register(BOTH), [], "mcvideo"),
        (("TS24379-7.1-04", "a REGISTER without g.3gpp.mcvideo", "no REGISTER", "S1"),),
    ),
    Case(
        "stopped service still in the contact",
        leaves,
        (register(BOTH), registers(BOTH), "mcvideo"),
        (("TS24379-7.1-04", "a Contact without g.3gpp.mcvideo", BOTH, "R1"),),
    ),
)


@cases(*ACCEPTED, *REPORTED)
def test_service_check(case: Case) -> None:
    case.judge()
