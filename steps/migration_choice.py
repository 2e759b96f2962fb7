"""Steps about partners that the terminal chooses by itself, as NOTE 1 of TS 23.280 permits."""

from __future__ import annotations

from pytest_bdd import when

from muster.evidence import HttpExchange
from muster.verdicts import Reason, require
from steps.scene import Scene
from steps.vocabulary import phrase

NOBODYS_NETWORK = "99942"
"""The code of a network that no system of any world calls its own."""


def _active_profile(scene: Scene) -> HttpExchange:
    """Return the request that obtained the profile by which a terminal chooses."""
    selector = scene.selector(scene.active_profile("primary"))
    obtained = [e for e in scene.http("primary", "cms", holding=selector) if e.status == 200]
    require(obtained, Reason.PRECONDITION_UNMET, "the active profile was not obtained")
    return obtained[-1]


@when(
    phrase("the terminal comes into the network of the {system:System} system"),
    target_fixture="that_profile",
)
def comes_into_the_network(scene: Scene, system: str) -> HttpExchange:
    source = _active_profile(scene)
    scene.stimulate("enter_network", scene.world.plan.systems[system].plmn)
    scene.settled(f"the network of the {system} system serves the terminal")
    return source


@when(phrase("the terminal comes into a network of nobody"))
def comes_into_another_network(scene: Scene) -> None:
    scene.stimulate("enter_network", NOBODYS_NETWORK)
    scene.settled("a network of nobody serves the terminal")


@when(
    phrase("the terminal comes into the network of a partner that is not its own to choose"),
    target_fixture="that_evidence",
)
def comes_into_a_network_of_no_choice(scene: Scene) -> HttpExchange:
    """The neighbour stands on lists of other profiles only."""
    source = _active_profile(scene)
    scene.stimulate("enter_network", scene.world.plan.systems["neighbour"].plmn)
    scene.settled("the network of the neighbour system serves the terminal")
    return source
