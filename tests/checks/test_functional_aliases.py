"""Checks of functional aliases."""

from muster.checks import functional_aliases
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import PROFILE, WINDOW, Case, cases, publish, read

listed = functional_aliases.only_listed_aliases_are_activated
chosen = functional_aliases.aliases_follow_the_chosen_profile
far = functional_aliases.alias_of_a_far_place_is_not_activated

CHIEF = "sip:chief@primary.example"
DRIVER = "sip:driver@primary.example"
SERVED = read(PROFILE)
CHANGE = publish(name="S9")


def presence(*aliases: str, name: str = "S1", event: str = "presence"):
    states = "".join(
        f'<a:functionalAlias xmlns:a="urn:example:aliases" functionalAliasID="{alias}"/>'
        for alias in aliases
    )
    document = f'<presence xmlns="urn:ietf:params:xml:ns:pidf">{states}</presence>'
    part = Part("application/pidf+xml", document.encode())
    return publish([part], name=name, fields={"Event": event})


ACCEPTED = (
    Case("listed alias", listed, (SERVED, [presence(CHIEF)], [CHIEF, DRIVER], WINDOW)),
    Case("no alias", listed, (SERVED, [presence()], [CHIEF], WINDOW)),
    Case("another event", listed, (SERVED, [presence(DRIVER, event="reg")], [CHIEF], WINDOW)),
    Case(
        "old one given up at last",
        chosen,
        (CHANGE, [presence(CHIEF), presence(CHIEF), presence(DRIVER)], [DRIVER], WINDOW),
    ),
    Case(
        "old one given up", chosen, (CHANGE, [presence(CHIEF), presence(DRIVER)], [DRIVER], WINDOW)
    ),
    Case("another alias than the far one", far, (SERVED, [presence(CHIEF)], DRIVER, WINDOW)),
)

REPORTED = (
    Case(
        "alias of another profile",
        listed,
        (SERVED, [presence(CHIEF), presence(CHIEF, DRIVER, name="S2")], [CHIEF], WINDOW),
        (
            (
                "TS24484-8.3.2.7-53",
                "functional aliases of the active profile alone",
                DRIVER,
                "S2",
            ),
        ),
    ),
    Case(
        "old one kept",
        chosen,
        (CHANGE, [presence(DRIVER), presence(CHIEF, DRIVER, name="S2")], [DRIVER], WINDOW),
        (
            (
                "TS24484-8.3.2.7-54",
                "functional aliases of the chosen profile alone",
                CHIEF,
                "S2",
            ),
        ),
    ),
    Case(
        "alias of a far place",
        far,
        (SERVED, [presence(CHIEF, DRIVER)], DRIVER, WINDOW),
        (("TS24484-8.3.2.7-55", "not before that place is entered", DRIVER, "S1"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
