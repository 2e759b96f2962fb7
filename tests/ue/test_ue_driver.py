"""The synchronous driver: order of operations, time-outs, quietness, and the registry."""

import asyncio

import pytest

from muster.ue.driver import DONE, Answer, AnswerKind, Driver, refused
from muster.ue.faulty import FAULTY
from muster.ue.reference.driver import ReferenceDriver
from muster.ue.reference.ue import ReferenceUe
from muster.ue.registry import make_driver, ue_names
from muster.ue.variants import VARIANTS
from tests.ue.world import ALICE, World, serve


class StuckUe(ReferenceUe):
    """Never finishes switching on, and leaves work under way."""

    async def power_on(self) -> None:
        self.activity.spawn(self._wait())
        await asyncio.Event().wait()

    async def _wait(self) -> None:
        await asyncio.Event().wait()


class BrokenUe(ReferenceUe):
    """Its program fails in the background."""

    async def power_on(self) -> None:
        self.activity.spawn(self._fail())

    async def _fail(self) -> None:
        raise ZeroDivisionError


def test_operation_past_its_limit_is_refused(world: World) -> None:
    driver = ReferenceDriver("stuck", StuckUe, limit=0.05)
    driver.reset(world.provisioning())

    assert driver.power_on() == refused("not finished within 0.05 s")
    assert driver.quiet(0.05) is False
    assert driver.reset(world.provisioning()) == DONE
    assert driver.quiet(0.05) is True
    driver.close()


def test_failed_background_work_is_no_refusal(world: World) -> None:
    driver = ReferenceDriver("broken", BrokenUe)
    driver.reset(world.provisioning())
    driver.power_on()

    with pytest.raises(RuntimeError, match="the UE failed"):
        driver.quiet(10)
    driver.close()


def test_operations_out_of_order_are_refused(ue: Driver) -> None:
    answers = [
        ue.start_service("mcptt"),
        ue.select_profile("mcptt", 1),
        ue.return_home(),
        ue.power_off(),
    ]

    assert answers == [refused("the UE is not switched on")] * 4


def test_unknown_service_is_unsupported(ue: Driver) -> None:
    kinds = {ue.start_service("mcradio").kind, ue.preselect_profile("mcradio", 1).kind}

    assert kinds == {AnswerKind.UNSUPPORTED}


def test_service_that_is_not_provisioned_is_refused(ue: Driver) -> None:
    ue.power_on()
    ue.sign_in("alice", ALICE)

    assert ue.start_service("mcvideo") == refused("the UE is not provisioned for mcvideo")


def test_unprovisioned_ue_refuses() -> None:
    driver = make_driver("reference")

    assert driver.power_on() == Answer(AnswerKind.REFUSED, "the UE has not been provisioned")
    assert driver.report_state() is None
    assert driver.quiet(0) is True
    driver.close()
    driver.close()


def test_every_name_makes_a_driver() -> None:
    for name in ue_names():
        driver = make_driver(name)
        assert isinstance(driver, Driver)
        assert driver.name == name
        driver.close()
    assert len(ue_names()) == 1 + len(FAULTY) + len(VARIANTS)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(LookupError, match="faulty:no_such"):
        make_driver("faulty:no_such")


def test_state_tells_what_is_held(ue: Driver) -> None:
    serve(ue)

    state = ue.report_state()

    assert state is not None
    services = state["services"]
    assert isinstance(services, dict)
    assert list(services) == ["mcptt"]
    system = services["mcptt"]
    assert system["active_profile"] == 2
    assert system["groups"] == ["sip:a@primary.example"]
    assert len(system["documents"]) == 5
