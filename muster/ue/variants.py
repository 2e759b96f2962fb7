"""UEs that use a freedom that the specifications leave: the suite must not complain about them."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

import aiohttp
from multidict import CIMultiDict

from muster.ue.reference.configuration import ConfigurationClient
from muster.ue.reference.groups import GroupClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.service import ServiceClient
from muster.ue.reference.signalling import SUBSCRIPTION_SECONDS, SignallingClient, Subscription
from muster.ue.reference.sip_client import server_address
from muster.ue.reference.system import Clients
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import Web, WebAnswer
from muster.ue.reference.xcap import StoredDocument, XcapClient
from muster.ue.variants_documents import (
    ByGroup,
    DocumentsBackwards,
    DocumentsOfAllServices,
    GroupsBeforeAuthorisation,
    GroupsBesideAuthorisation,
    GroupsByPost,
    ProfilesInParallel,
    WholeGlobalTree,
)
from muster.ue.variants_identity import (
    AuthenticationByPost,
    KeysOfAllServices,
    KeysOfNamedUser,
    KeysOfNamedUserNow,
    LoadsPageTwice,
    RefreshesEarly,
    SignsInForEachService,
)
from muster.ue.variants_messages import MESSAGE_VARIANTS, LongSipOverTcp
from muster.ue.variants_migration import MIGRATION_VARIANTS
from muster.ue.variants_signalling import AsksForCertificates, Lively, StrictClock


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
    def segment(self, group_id: str) -> str:
        return quote(group_id, safe="")


class _SipOverTcp(SignallingClient):
    def transport(self) -> str:
        return server_address(self.server_uri).transport or "tcp"


class _NoKeepAlive(Web):
    keeps_connections: ClassVar[bool] = False


class _Tls12(Web):
    def tls(self) -> ssl.SSLContext:
        context = super().tls()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


class _Ipv4(Web):
    def own_socket(self, place: aiohttp.AddrInfoType) -> socket.socket:
        if place[0] != socket.AF_INET:
            raise OSError("this UE has no IPv6")
        return super().own_socket(place)


class _NeverAsksAgain(Web):
    def pause(self, answer: WebAnswer) -> float | None:
        return None


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


class _RepeatsSettings(ServiceClient):
    async def refresh(self) -> None:
        if self.active_index is not None:
            parts = [self.settings_info(), self.settings(self.active_index)]
            await self._change(parts, self.active_index)


class _RepeatsLists(SignallingClient):
    async def resubscribe(self, subscription: Subscription, expires: int) -> None:
        if expires > 0:
            await self.send_within(subscription, expires, await subscription.make_parts())
        else:
            await super().resubscribe(subscription, expires)


class _ChangesListInDialog(GroupClient):
    async def _resubscribe(self, group_ids: tuple[str, ...]) -> None:
        subscription = self._subscription
        if subscription is None or not group_ids:
            await super()._resubscribe(group_ids)
            return
        subscription.make_parts = lambda: self.subscription_parts(group_ids)
        await self.system.signalling.send_within(
            subscription, SUBSCRIPTION_SECONDS, await subscription.make_parts()
        )


class _StopsWhenUnknown(ServiceClient):
    async def lost(self, index: int) -> None:
        if self.publication_is_lost:
            await super().lost(index)
            return
        self.active_index = None
        raise Refusal("the server does not know the user any more")


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
    Variant(
        "sip_over_tcp",
        "Uses TCP for SIP.",
        _made_of(signalling=_SipOverTcp),
        frozenset({"sip_over_udp"}),
    ),
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
    Variant(
        "tls_1_2",
        "Speaks TLS 1.2 and no later version.",
        _made_of(web=_Tls12),
        frozenset({"tls_1_3"}),
    ),
    Variant("ipv4", "Has no IPv6.", _made_of(web=_Ipv4), frozenset({"ipv6"})),
    Variant(
        "never_asks_again",
        "Takes a busy server for a refusal, and repeats nothing.",
        _made_of(web=_NeverAsksAgain),
    ),
    Variant(
        "refreshes_with_bodies",
        "Refreshes its publication by saying the same again, and subscriptions with their lists.",
        _made_of(service=_RepeatsSettings, signalling=_RepeatsLists),
    ),
    Variant(
        "changes_list_in_dialog",
        "Subscribes to the groups of another profile within the dialog that it has.",
        _made_of(groups=_ChangesListInDialog),
    ),
    Variant(
        "stops_when_unknown",
        "Uses the service no more when the server does not know the user any longer.",
        _made_of(service=_StopsWhenUnknown),
    ),
    Variant("bootstraps_twice", "Fetches its initial configuration twice.", _BootstrapsTwice),
    Variant(
        "authentication_by_post",
        "Posts the authentication request as a form.",
        _made_of(identity=AuthenticationByPost),
    ),
    Variant(
        "refreshes_early",
        "Refreshes its access token before each use of it.",
        _made_of(identity=RefreshesEarly),
    ),
    Variant(
        "keys_of_named_user",
        "Names its user in the path of requests for keys.",
        _made_of(keys=KeysOfNamedUser),
    ),
    Variant(
        "keys_of_named_user_now",
        "Names its user and the time in the path of requests for keys.",
        _made_of(keys=KeysOfNamedUserNow),
    ),
    Variant(
        "profiles_in_parallel",
        "Asks for all user profiles at once.",
        _made_of(configuration=ProfilesInParallel),
    ),
    Variant(
        "documents_backwards",
        "Asks for documents in the opposite order of their announcement.",
        _made_of(configuration=DocumentsBackwards),
    ),
    Variant(
        "whole_global_tree",
        "Subscribes to the global tree of the service configuration as a collection.",
        _made_of(configuration=WholeGlobalTree),
    ),
    Variant("by_group", "Spells the collection of groups byGroup.", _made_of(groups=ByGroup)),
    Variant(
        "groups_by_post",
        "Retrieves group documents by POST, as where parts of them are chosen.",
        _made_of(xcap=GroupsByPost),
    ),
    Variant(
        "groups_before_authorisation",
        "Obtains its groups before it asks for service authorisation, and again afterwards.",
        GroupsBeforeAuthorisation,
    ),
    Variant(
        "groups_beside_authorisation",
        "Obtains its groups while it asks for service authorisation, whatever is answered.",
        GroupsBesideAuthorisation,
    ),
    Variant(
        "lively",
        "Sends what a UE in the field also sends: keep-alives, reg event, affiliation, calls.",
        _made_of(signalling=Lively),
    ),
    Variant(
        "asks_for_certificates",
        "Also asks the key server for certificates of other key servers.",
        _made_of(keys=AsksForCertificates),
    ),
    Variant(
        "strict_clock",
        "Gives no leeway to the end of an ID token.",
        _made_of(identity=StrictClock),
    ),
    *(Variant(name, description, _made_of(**own)) for name, description, own in MESSAGE_VARIANTS),
    Variant(
        "long_sip_over_tcp",
        "Sends SIP that is too long for a datagram over TCP, so that notifications come over it.",
        _made_of(signalling=LongSipOverTcp),
        frozenset({"sip_over_udp"}),
    ),
    Variant(
        "signs_in_for_each_service",
        "Signs in for its first service alone, and then for all of them.",
        _made_of(identity=SignsInForEachService),
    ),
    Variant(
        "loads_page_twice",
        "Loads the page for the log-in before it is shown, and again.",
        _made_of(identity=LoadsPageTwice),
    ),
    Variant(
        "keys_of_all_services",
        "Asks for the keys of all IDs of its user, whichever service is started.",
        _made_of(keys=KeysOfAllServices),
    ),
    Variant(
        "documents_of_all_services",
        "Obtains the configuration of its other services before that of the one that is started.",
        DocumentsOfAllServices,
    ),
    *(Variant(name, description, ue) for name, description, ue in MIGRATION_VARIANTS),
)

VARIANTS: Mapping[str, Variant] = {variant.name: variant for variant in _ALL}
