"""The items that an ICS can claim, with what each one means: the one table that `ue.toml` is
written from, and that every `@ics:` tag of the suite must stand in.
"""

from __future__ import annotations

from collections.abc import Mapping

from muster.requirements import Catalogue
from muster.ue.contract import OPERATIONS

OPERATION = "operation:"
"""How the items begin that claim an operation of the driver."""

FEATURES: Mapping[str, str] = {
    "service_authorisation_by_publish": "Asks for service authorisation in a PUBLISH.",
    "service_authorisation_by_register": "Can ask for service authorisation in its REGISTER.",
    "several_services": "Can have several MC services started at the same time.",
    "sip_over_udp": "Sends and takes SIP over UDP.",
    "sip_over_tcp": "Sends and takes SIP over TCP.",
    "sip_over_tls": "Sends and takes SIP over TLS.",
    "sip_digest_authentication": "Answers a SIP core that challenges its REGISTER (SIP Digest).",
    "uses_http_proxy": "Sends HTTP through the proxy that its initial configuration names.",
    "kms_transport_key": "Has a transport key, and takes keys that the KMS encrypts for it.",
    "pdn_by_source_address": "Sends over each PDN connection from an address that ixit.pdn tells.",
    "keys_at_partner": "Asks the key server of the partner for keys when the user migrates.",
    "updates_preselected_profile": "Lets the user make another user profile the pre-selected one.",
    "activates_functional_aliases": "Activates functional aliases of the user profile.",
    "tls_1_3": "Speaks TLS 1.3 besides TLS 1.2.",
    "ipv6": "Reaches servers at IPv6 addresses.",
    "automatic_partner_selection": "Chooses the partner by itself when another network serves it.",
}
"""Optional features of a UE, as tags name them."""


def known_items(catalogue: Catalogue) -> dict[str, str]:
    """Every item with its meaning: features, operations, then names that no read text gives."""
    operations = {
        f"{OPERATION}{one.name}": f"{one.what}." for one in OPERATIONS.values() if not one.optional
    }
    facts = {fact.ics: fact.statement for fact in catalogue.facts.values() if fact.ics}
    return {**FEATURES, **operations, **facts}
