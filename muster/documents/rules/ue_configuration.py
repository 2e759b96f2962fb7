"""Rules of the UE configuration (TS 24.484 8.2, 9.2, 10.2)."""

from collections.abc import Iterator

from muster.documents.rules.reading import children, departure, descendants, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule
from muster.documents.rules.uris import absolute_uri


@rule("TS23379-A.2-01", documents=("mcptt-ue-config",))
def relayed_groups_need_the_relay_service(subject: Subject) -> Iterator[RuleProblem]:
    """Groups for relaying are listed only where the relay service is on.

    Not for MCVideo: its schema wants the list in any case.
    """
    for on_network in children(subject.root, "on-network"):
        relay = [text_of(element) for element in children(on_network, "Relay-Service")]
        relayed = children(on_network, "Relayed-MCPTT-Group")
        if relayed and relay and relay[0] in ("false", "0"):
            yield departure(relayed[0], "Relay-Service true", "false")


@rule("TS24484-8.2.2.7-01", documents=("mcptt-ue-config",))
@rule("TS24484-9.2.2.7-01", documents=("mcvideo-ue-config",))
def group_ids_are_uris(subject: Subject) -> Iterator[RuleProblem]:
    """A group is named by a URI."""
    for element in descendants(subject.root, "MCPTT-Group-ID", "MCVIDEO-Group-ID"):
        yield from absolute_uri(element)
