"""The UEs that come with Muster, by name: reference, faulty:<name>, variant:<name>."""

from muster.ue.driver import Driver
from muster.ue.faulty import FAULTY
from muster.ue.reference.driver import ReferenceDriver
from muster.ue.reference.ue import ReferenceUe
from muster.ue.variants import VARIANTS


def ue_names() -> tuple[str, ...]:
    """Every name that `make_driver` takes."""
    faulty = (f"faulty:{name}" for name in FAULTY)
    variants = (f"variant:{name}" for name in VARIANTS)
    return ("reference", *faulty, *variants)


def make_driver(name: str) -> Driver:
    """Make the driver of a built-in UE; LookupError for a name that is none."""
    return ReferenceDriver(name, _ue_class(name))


def not_claimed(name: str) -> frozenset[str]:
    """The ICS items that a built-in UE does not claim: it is made in another way."""
    kind, _, which = name.partition(":")
    return VARIANTS[which].not_claimed if kind == "variant" and which in VARIANTS else frozenset()


def _ue_class(name: str) -> type[ReferenceUe]:
    kind, _, which = name.partition(":")
    if name == "reference":
        return ReferenceUe
    if kind == "faulty" and which in FAULTY:
        return FAULTY[which].ue
    if kind == "variant" and which in VARIANTS:
        return VARIANTS[which].ue
    raise LookupError(f"there is no built-in UE {name!r}; there are: {', '.join(ue_names())}")
