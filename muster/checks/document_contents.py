"""What becomes of a configuration document once it was obtained: used, or rightly not used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import names_document, parts, root_of, served
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange, Window
from muster.judging import check

ENCRYPTED_DATA = "{http://www.w3.org/2001/04/xmlenc#}EncryptedData"


def _groups_missed(
    document: HttpExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """What shows that a profile is used: the groups that it lists are obtained."""
    for selector in selectors:
        if not any(names_document(request, selector) for request in served(requests)):
            yield Departure(f"{selector} obtained", "not obtained", exchange=document)


@check("TS24484-8.3.2.3-51", through=("FACT-group-list",))
def extended_profile_is_used(
    document: HttpExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """The groups of a profile with unknown extensions are obtained."""
    yield from _groups_missed(document, requests, selectors)


@check("TS24484-8.3.2.3-52", through=("FACT-group-list",))
def reordered_profile_is_used(
    document: HttpExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """The groups of a profile are obtained whatever the order of the children of its root."""
    yield from _groups_missed(document, requests, selectors)


@check("TS24484-8.3.2.3-53", through=("FACT-group-list",))
def profile_without_partners_is_used(
    document: HttpExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """The groups of a profile that lists no partner system are obtained."""
    yield from _groups_missed(document, requests, selectors)


@check("TS24484-8.2.2.3-51")
def extended_ue_configuration_is_used(
    document: HttpExchange, authorisations: Sequence[SipExchange]
) -> Iterator[Departure]:
    """A UE configuration with unknown extensions does not stand before service authorisation."""
    if not authorisations:
        yield Departure("a request for service authorisation", "none", exchange=document)


@check("TS24484-8.4.2.3-51")
def extended_service_configuration_is_used(
    document: HttpExchange, authorisations: Sequence[SipExchange]
) -> Iterator[Departure]:
    """A service configuration with unknown extensions does not keep the UE from its service."""
    if not authorisations:
        yield Departure("a request for service authorisation", "none", exchange=document)


def _used_after_all(
    requests: Sequence[HttpExchange], selectors: Sequence[str], why: str
) -> Iterator[Departure]:
    for request in requests:
        for selector in selectors:
            if names_document(request, selector):
                yield Departure(f"no use of {why}", f"{selector} asked for", exchange=request)


@check("XML1.0-1.2-01")
def broken_profile_is_not_used(
    document: Exchange, requests: Sequence[HttpExchange], selectors: Sequence[str], window: Window
) -> Iterator[Departure]:
    """Groups that only a profile that is not well-formed lists are not asked for."""
    yield from _used_after_all(requests, selectors, "a profile that is not well-formed")


@check("RFC9112-6.3-02")
def contradictory_answer_is_not_used(
    document: Exchange, requests: Sequence[HttpExchange], selectors: Sequence[str], window: Window
) -> Iterator[Departure]:
    """Groups that only an answer with two lengths lists are not asked for."""
    yield from _used_after_all(requests, selectors, "an answer that states two lengths")


@check("TS24484-8.3.2.4-51")
def foreign_document_is_not_used(
    document: Exchange, requests: Sequence[HttpExchange], selectors: Sequence[str], window: Window
) -> Iterator[Departure]:
    """Groups that only a document of another namespace lists are not asked for."""
    yield from _used_after_all(requests, selectors, "a document that is no user profile")


@check("TS24484-8.4.2.6-51", through=("FACT-signalling-protection-off",))
def bodies_are_sent_unprotected(
    configuration: HttpExchange, requests: Sequence[SipExchange]
) -> Iterator[Departure]:
    """Once the service configuration turned protection off, no XML body is encrypted."""
    for request in requests:
        if request.started < configuration.ended:
            continue
        for part in parts(request):
            root = root_of(part.body)
            found = [] if root is None else [e for e in root.iter("*") if _is_encrypted(e)]
            if found:
                expected = f"a plain body of type {part.content_type}"
                yield Departure(expected, "an encrypted one", exchange=request)


def _is_encrypted(element: object) -> bool:
    attributes = getattr(element, "attrib", {})
    return getattr(element, "tag", "") == ENCRYPTED_DATA or attributes.get("type") == "Encrypted"
