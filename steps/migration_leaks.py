"""The one sentence about what each system of a world may see."""

from __future__ import annotations

from pytest_bdd import then

from muster.checks import leaks
from muster.verdicts import Reason, VerdictKeeper, require
from steps.scene import Scene
from steps.vocabulary import phrase


@then(phrase("no system saw what belongs to another"))
def nothing_leaked(scene: Scene, verdict: VerdictKeeper) -> None:
    """Of the whole life of the UE so far, not only of its last act."""
    window = scene.settled("the last stimulus was answered")
    exchanges = scene.everything()
    require(exchanges, Reason.UE_SILENT, "the UE contacted nobody")
    domains = {name: system.domain for name, system in scene.world.systems.items()}
    aliases = {n: s.alias_of for n, s in scene.world.plan.systems.items() if s.alias_of}
    verdict.take(
        leaks.no_system_sees_what_belongs_to_another(
            exchanges[0], exchanges, domains, window, aliases
        )
    )
