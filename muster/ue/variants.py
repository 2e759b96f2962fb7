"""UEs that use a freedom that the specifications leave: the suite must not complain about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from multidict import CIMultiDict

from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.system import Clients
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import Web, WebAnswer
from muster.ue.reference.xcap import StoredDocument, XcapClient


@dataclass(frozen=True)
class Variant:
    """A UE that is right in another way."""

    name: str
    description: str
    ue: type[ReferenceUe]
    not_claimed: frozenset[str] = frozenset()
    """ICS items that this UE does not claim."""


class _AuthorisesByRegister(ServiceClient):
    def authorises_by_register(self) -> bool:
        return True


class _EscapedXui(ConfigurationClient):
    def xui(self) -> str:
        return quote(super().xui(), safe="")


class _EscapedGroupId(GroupClient):
    def entry(self, group_id: str) -> str:
        return super().entry(quote(group_id, safe=""))


class _SipOverTcp(SignallingClient):
    def transport(self) -> str:
        return "tcp"


class _NoKeepAlive(Web):
    keeps_connections: ClassVar[bool] = False


class _OtherHeaders(Web):
    def arrange(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        own = {"user-agent": "variant/1", "accept-language": "en"}
        backwards = reversed(list(headers.items()))
        return CIMultiDict([*own.items(), *((name.lower(), value) for name, value in backwards)])


class _SubscriptionPerDocument(ConfigurationClient):
    def subscription_lists(self) -> list[list[str]]:
        return [[entry] for entry in self.entries()]


class _SeveralGets(ConfigurationClient):
    async def fetch(self, url: str, selector: str) -> None:
        await super().fetch(url, selector)
        await super().fetch(url, selector)


class _UnconditionalGets(XcapClient):
    def condition(self, held: StoredDocument | None) -> Mapping[str, str]:
        return {}


class _TokenInBootstrap(ReferenceUe):
    def bootstrap_headers(self) -> Mapping[str, str]:
        return {**super().bootstrap_headers(), "Authorization": "Bearer left-over-from-last-time"}


class _BootstrapsTwice(ReferenceUe):
    async def bootstrap(self) -> WebAnswer:
        await super().bootstrap()
        return await super().bootstrap()


def _made_of(**clients: type) -> type[ReferenceUe]:
    return type(ReferenceUe.__name__, (ReferenceUe,), {"clients": Clients(**clients)})


_ALL = (
    Variant(
        "register_authorisation",
        "Presents its token for service authorisation in a REGISTER.",
        _made_of(service=_AuthorisesByRegister),
        frozenset({"service_authorisation_by_publish"}),
    ),
    Variant(
        "escaped_xui",
        "Escapes the colon and the at sign in XUI and group ID.",
        _made_of(configuration=_EscapedXui, groups=_EscapedGroupId),
    ),
    Variant("sip_over_tcp", "Uses TCP for SIP.", _made_of(signalling=_SipOverTcp)),
    Variant(
        "http_without_keepalive",
        "Opens a connection for every HTTP request.",
        _made_of(web=_NoKeepAlive),
    ),
    Variant(
        "subscription_per_document",
        "Subscribes to each document or collection on its own.",
        _made_of(configuration=_SubscriptionPerDocument),
    ),
    Variant(
        "header_order",
        "Sends HTTP headers in another order, in lower case, and with more of them.",
        _made_of(web=_OtherHeaders),
    ),
    Variant(
        "several_gets",
        "Fetches each configuration document twice, the second time conditionally.",
        _made_of(configuration=_SeveralGets),
    ),
    Variant(
        "unconditional_gets",
        "Fetches documents without If-None-Match although it holds a version of them.",
        _made_of(xcap=_UnconditionalGets),
    ),
    Variant(
        "token_in_bootstrap",
        "Shows a token when it fetches its initial configuration: needless, and not forbidden.",
        _TokenInBootstrap,
    ),
    Variant("bootstraps_twice", "Fetches its initial configuration twice.", _BootstrapsTwice),
)

VARIANTS: Mapping[str, Variant] = {variant.name: variant for variant in _ALL}
