"""Runs a reference UE on a loop and thread of its own, and offers it as a driver."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from muster.ue.driver import (
    DONE,
    OPERATION_LIMIT,
    Answer,
    Credentials,
    Provisioning,
    refused,
    unsupported,
)
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.services import SERVICES
from muster.ue.reference.ue import ReferenceUe

CLEARING_SECONDS = 10.0
"""How long cancelled work may take to put its things away."""

Result = TypeVar("Result")
Work = Callable[[ReferenceUe], Coroutine[Any, Any, None]]


class ReferenceDriver:
    """Drives a UE that is written in Python, in this process."""

    def __init__(
        self, name: str, ue_class: type[ReferenceUe] = ReferenceUe, limit: float = OPERATION_LIMIT
    ) -> None:
        self._name = name
        self._ue_class = ue_class
        self.limit = limit
        """Seconds that an operation may take."""
        self._ue: ReferenceUe | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=f"ue {name}", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """What reports call this UE."""
        return self._name

    @property
    def proves_quiet(self) -> bool:
        """The UE runs in this process and knows what it has under way."""
        return True

    # Operations

    def reset(self, provisioning: Provisioning) -> Answer:
        """Replace the UE by a new one."""
        return self._perform(self._replace(provisioning))

    def power_on(self) -> Answer:
        """Switch the UE on."""
        return self._act(lambda ue: ue.power_on())

    def sign_in(self, user: str, credentials: Credentials) -> Answer:
        """Sign the user in; who it is, the credentials say."""
        return self._act(lambda ue: ue.sign_in(credentials))

    def start_service(self, service: str) -> Answer:
        """Start an MC service."""
        return self._act_on(service, lambda ue: ue.start_service(service))

    def stop_service(self, service: str) -> Answer:
        """Stop an MC service."""
        return self._act_on(service, lambda ue: ue.stop_service(service))

    def select_profile(self, service: str, index: int) -> Answer:
        """Make another profile the active one."""
        return self._act_on(service, lambda ue: ue.select_profile(service, index))

    def preselect_profile(self, service: str, index: int) -> Answer:
        """Mark another profile as the one to begin with."""
        return self._act_on(service, lambda ue: ue.preselect_profile(service, index))

    def migrate(self, service: str, partner: str, profile: int) -> Answer:
        """Migrate to a partner system."""
        return self._act_on(service, lambda ue: ue.migrate(service, partner, profile))

    def enter_network(self, plmn: str) -> Answer:
        """Be served by the network of a PLMN."""
        return self._act(lambda ue: ue.enter_network(plmn))

    def return_home(self) -> Answer:
        """Come back to the primary."""
        return self._act(lambda ue: ue.return_home())

    def sign_out(self) -> Answer:
        """Sign the user out."""
        return self._act(lambda ue: ue.sign_out())

    def power_off(self) -> Answer:
        """Switch the UE off."""
        return self._act(lambda ue: ue.power_off())

    def report_state(self) -> Mapping[str, object] | None:
        """What the UE holds."""
        ue = self._ue
        return None if ue is None else self._result(_state(ue), self.limit)

    def quiet(self, limit_seconds: float) -> bool:
        """Wait until nothing is under way; False where that did not come in time."""
        ue = self._ue
        if ue is None:
            return True
        try:
            self._result(ue.activity.idle(), limit_seconds)
        except TimeoutError:
            return False
        self._raise_failure()
        return True

    def close(self) -> None:
        """End the UE, its loop and its thread."""
        if self._loop.is_closed():
            return
        self._result(self._discard(), self.limit)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # The way into the loop

    def _act_on(self, service: str, work: Work) -> Answer:
        if service not in SERVICES:
            return unsupported(f"this UE has no client for {service}")
        return self._act(work)

    def _act(self, work: Work) -> Answer:
        ue = self._ue
        if ue is None:
            return refused("the UE has not been provisioned")
        self._raise_failure()
        return self._perform(_under_way(ue, work))

    def _perform(self, work: Coroutine[Any, Any, None]) -> Answer:
        try:
            self._result(work, self.limit)
        except TimeoutError:
            return refused(f"not finished within {self.limit:g} s")
        except Refusal as error:
            return refused(str(error))
        return DONE

    def _result(self, work: Coroutine[Any, Any, Result], limit: float) -> Result:
        """Run the work on the loop; past the limit it is cancelled and has ended on return."""
        bounded = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, limit), self._loop)
        return bounded.result(limit + CLEARING_SECONDS)

    def _raise_failure(self) -> None:
        """An error in background work that is no refusal is a fault of the UE's program."""
        if self._ue is not None and self._ue.activity.failures:
            raise RuntimeError("the UE failed") from self._ue.activity.failures.pop()

    async def _replace(self, provisioning: Provisioning) -> None:
        await self._discard()
        self._ue = self._ue_class(provisioning)

    async def _discard(self) -> None:
        ue, self._ue = self._ue, None
        if ue is not None:
            await ue.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


async def _under_way(ue: ReferenceUe, work: Work) -> None:
    async with ue.activity.under_way():
        await work(ue)


async def _state(ue: ReferenceUe) -> dict[str, object]:
    return ue.state()
