"""A small MC system for the tests of the UE: one HTTPS server, one SIP endpoint, and a memory."""

import asyncio
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qs, parse_qsl, unquote

import trustme
from aiohttp import web
from lxml import etree

from muster.protocol import kms, mikey_sakke, oidc
from muster.protocol.sip.dialog import Dialog
from muster.protocol.sip.endpoint import Flow, SipEndpoint
from muster.protocol.sip.message import SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import read_parts

Result = TypeVar("Result")
KEY = oidc.generate_signing_key("ES256", "key-1")
SECRETS = mikey_sakke.KmsSecrets.generate()
PASSWORD = "correct horse"
PROFILE = "org.3gpp.mcptt.user-profile/users/{xui}/mcptt-user-profile-{index}.xml"
SERVICE_CONFIGURATION = "org.3gpp.mcptt.service-config/global/service-config.xml"


class Loop:
    """An event loop in a thread, for servers that synchronous tests talk to."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@dataclass
class Subscriber:
    """One subscription of a UE."""

    target: str
    dialog: Dialog
    flow: Flow
    uris: list[str]


class FakeSystem:
    """Everything one system serves; `seen` holds what it was asked, in order."""

    def __init__(self, name: str, address: str, authority: trustme.CA) -> None:
        self.name, self.address = name, address
        self.host = f"www.{name}.example"
        self.mcptt_id = f"sip:alice@{name}.example"
        self.plmn = "00101" if name == "primary" else "00102"
        self.seen: list[str] = []
        self.http: list[tuple[str, dict[str, str]]] = []
        self.sip: list[SipRequest] = []
        self.forms: list[dict[str, str]] = []
        self.authorization: dict[str, str] = {}
        self.documents: dict[str, tuple[bytes, str, str]] = {}
        self.valid_tokens: set[str] = set()
        self.overrides: dict[str, Callable[[web.Request], web.Response]] = {}
        self.claims: dict[str, object] = {}
        self.state_suffix = ""
        self.lifetime = 600
        self.notified_base = ""
        self.dialogs: dict[str, Subscriber] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._certificate = authority.issue_cert(self.host, address)
        self._sip = SipEndpoint(self._answer_sip)

    # Life

    async def start(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(context)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer_http)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.address, 0, ssl_context=context)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.sip_port = await self._sip.start(self.address)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await self._sip.close()
        await self._runner.cleanup()

    @property
    def base(self) -> str:
        return f"https://{self.host}:{self.port}"

    # Documents

    def initial_configuration(self) -> str:
        psi = f"sip:{{}}@{self.host}:{self.sip_port}"
        return f"""<mcptt-UE-initial-configuration domain="{self.name}.example"
            xmlns="urn:3gpp:mcptt:mcpttUEinitConfig:1.0"><on-network>
            <HPLMN PLMN="{self.plmn}"/><App-Server-Info>
            <idms-auth-endpoint>{self.base}/authorize</idms-auth-endpoint>
            <idms-token-endpoint>{self.base}/token</idms-token-endpoint>
            <http-proxy>{self.base}</http-proxy><gms>{psi.format("gms")}</gms>
            <cms>{psi.format("cms")}</cms><kms>{self.base}</kms></App-Server-Info>
            <GMS-URI>{psi.format("gms")}</GMS-URI>
            <GMS-XCAP-root-URI>{self.base}/gms</GMS-XCAP-root-URI>
            <CMS-XCAP-root-URI>{self.base}/cms/</CMS-XCAP-root-URI>
            <anyExt><MCPTT-Service-Details><Server-URI>{psi.format("mcptt")}</Server-URI>
            </MCPTT-Service-Details></anyExt></on-network></mcptt-UE-initial-configuration>"""

    def put(self, path: str, body: str, media_type: str) -> None:
        etag = f'"{secrets.token_hex(4)}"'
        self.documents[path] = (body.encode(), f"application/{media_type}+xml", etag)

    def put_profile(
        self, index: int, groups: list[str], marked: bool = False, partners: str = ""
    ) -> str:
        entries = "".join(f"<entry><uri-entry>{group}</uri-entry></entry>" for group in groups)
        mark = "<Pre-selected-indication/>" if marked else ""
        body = f"""<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0"
            XUI-URI="{self.mcptt_id}" user-profile-index="{index}"><Status>true</Status>{mark}
            <OnNetwork><MCPTTGroupInfo>{entries}</MCPTTGroupInfo><anyExt>{partners}</anyExt>
            </OnNetwork></mcptt-user-profile>"""
        path = PROFILE.format(xui=self.mcptt_id, index=index)
        self.put(f"cms/{path}", body, "vnd.3gpp.mcptt-user-profile")
        return path

    def put_group(self, group: str) -> None:
        self.put(
            f"gms/org.openmobilealliance.groups/global/byGroupID/{group}",
            f'<group xmlns="urn:oma:xml:poc:list-service"><list-service uri="{group}"/></group>',
            "vnd.oma.poc.groups",
        )

    def put_usual_documents(self, ue_id: str) -> None:
        self.put("bootstrap", self.initial_configuration(), "vnd.3gpp.mcptt-ue-init-config")
        self.put(
            f"cms/org.3gpp.mcptt.ue-config/users/{self.mcptt_id}/{ue_id}",
            f"""<mcptt-UE-configuration xmlns="urn:3gpp:mcptt:mcpttUEConfig:1.0"
            domain="{self.name}.example"><common/><on-network/></mcptt-UE-configuration>""",
            "vnd.3gpp.mcptt-ue-config",
        )
        self.put(
            f"cms/{SERVICE_CONFIGURATION}",
            """<service-configuration-info xmlns="urn:3gpp:ns:mcpttServiceConfig:1.0">
            <service-configuration-params domain="d"><on-network><signalling-protection>
            <confidentiality-protection>false</confidentiality-protection>
            <integrity-protection>false</integrity-protection></signalling-protection></on-network>
            </service-configuration-params></service-configuration-info>""",
            "vnd.3gpp.mcptt-service-config",
        )

    # HTTP

    async def _answer_http(self, request: web.Request) -> web.StreamResponse:
        path = unquote(request.raw_path.partition("?")[0]).lstrip("/")
        self.seen.append(f"{request.method} {path}")
        self.http.append((request.raw_path, dict(request.headers)))
        override = self.overrides.get(path)
        if override is not None:
            return override(request)
        if path == "authorize":
            self.authorization = dict(parse_qsl(request.rel_url.raw_query_string))
            page = '<form id="login" method="post" action="/login"><input name="username">'
            page += '<input name="login_session" value="s1"><input name="password"></form>'
            return web.Response(text=page, content_type="text/html")
        if path in ("login", "token"):
            form = {key: value[0] for key, value in parse_qs(await request.text()).items()}
            self.forms.append(form)
            return self._login(form) if path == "login" else self._token(form)
        if path == "jwks":
            return web.json_response(oidc.public_jwks([KEY]))
        return await self._answer_protected(request, path)

    async def _answer_protected(self, request: web.Request, path: str) -> web.StreamResponse:
        if path != "bootstrap":
            token = request.headers.get("Authorization", "").partition(" ")[2]
            if token not in self.valid_tokens:
                raise web.HTTPUnauthorized
        if path.startswith("keymanagement"):
            return self._answer_kms(path, await request.read())
        if path not in self.documents:
            raise web.HTTPNotFound
        body, media_type, etag = self.documents[path]
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, content_type=media_type, headers={"ETag": etag})

    def _login(self, form: dict[str, str]) -> web.Response:
        if form.get("password") != PASSWORD or form.get("login_session") != "s1":
            return web.Response(text="<form></form>", content_type="text/html")
        asked = self.authorization
        state = asked["state"] + self.state_suffix
        location = oidc.authorization_response(asked["redirect_uri"], "code-1", state)
        return web.Response(status=302, headers={"Location": location})

    def _token(self, form: dict[str, str]) -> web.Response:
        token = secrets.token_urlsafe(12)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}
        if form["grant_type"] == oidc.GRANT_TOKEN_EXCHANGE:
            return web.json_response(answer)
        self.valid_tokens.add(token)
        now = int(time.time())
        claims = {"iss": self.base, "sub": "alice", "aud": "mcptt_client", "exp": now + 600}
        claims |= {"iat": now, "mcptt_id": self.mcptt_id} | self.claims
        answer["id_token"] = oidc.sign_jwt(claims, KEY)
        if form["grant_type"] != oidc.GRANT_JWT_BEARER:
            answer["refresh_token"] = "refresh-1"
        return web.json_response(answer)

    def _answer_kms(self, path: str, body: bytes) -> web.Response:
        request = kms.read_request(body)
        if path.endswith("init"):
            certificate = kms.KmsCertificate(
                kms_uri=self.host,
                user_key_period=2592000,
                user_key_offset=0,
                pub_enc_key=mikey_sakke.public_encryption_key(SECRETS),
                pub_auth_key=mikey_sakke.public_authentication_key(SECRETS),
            )
            answer = kms.build_init_response(request, certificate)
        else:
            identifier = mikey_sakke.uid(request.user_uri, self.host, 2592000, 0, 1500)
            keys = mikey_sakke.issue_user_keys(SECRETS, identifier)
            key_set = kms.KeySet(self.host, request.user_uri, identifier, 1500, keys)
            answer = kms.build_keyprov_response(request, [key_set])
        return web.Response(body=answer, content_type="application/xml")

    # SIP

    async def _answer_sip(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        expires = request.headers.get("Expires")
        target = request.uri.partition("@")[0].removeprefix("sip:")
        self.seen.append(f"{request.method} {target} {expires}")
        self.sip.append(request)
        if request.method == "PUBLISH":
            return response_to(request, 200, headers=[("SIP-ETag", secrets.token_hex(4))])
        if request.method == "REGISTER":
            route = f"<sip:{self.address}:{self.sip_port};lr>"
            return response_to(request, 200, headers=[("Service-Route", route)])
        event = (request.headers.get("Event") or "").partition(";")[0].strip()
        if request.method != "SUBSCRIBE" or event != "xcap-diff":
            return response_to(request, 200)  # no more than polite
        contact = f"<sip:{self.address}:{self.sip_port};transport={flow.transport}>"
        response = response_to(request, 200, headers=[("Contact", contact), ("Expires", "3600")])
        call_id = request.headers.get("Call-ID")
        if expires == "0":
            self._soon(self._notify_end(self.dialogs.pop(call_id or "")))
        else:
            parts = read_parts(request.headers.get("Content-Type") or "", request.body)
            lists = next(p for p in parts if "resource-lists" in p.content_type.lower())
            entries = etree.fromstring(lists.body).iter("{*}entry")
            uris = [entry.get("uri", "") for entry in entries]
            dialog = Dialog.from_received(request, response)
            self.dialogs[dialog.call_id] = Subscriber(target, dialog, flow, uris)
            self._soon(self._notify(self.dialogs[dialog.call_id]))
        return response

    def _soon(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _notify_end(self, known: Subscriber) -> None:
        headers = [("Event", "xcap-diff"), ("Subscription-State", "terminated;reason=timeout")]
        await self._sip.request(known.dialog.request("NOTIFY", headers), known.flow)

    async def notify(self, target: str) -> list[int]:
        """Tell the subscribers of all that they subscribed to; returns what they answered."""
        known = [known for known in self.dialogs.values() if known.target == target]
        return [(await self._notify(subscriber)).status for subscriber in known]

    async def _notify(self, known: Subscriber) -> SipResponse:
        found = [
            f'<document sel="{path.removeprefix(known.target + "/")}" new-etag={etag}/>'
            for path, (_, _, etag) in self.documents.items()
            if any(path.startswith(f"{known.target}/{unquote(uri)}") for uri in known.uris)
        ]
        body = '<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" '
        body += f'xcap-root="{self.notified_base or self.base}/{known.target}">'
        body += f"{''.join(found)}</xcap-diff>"
        headers = [
            ("Event", "xcap-diff"),
            ("Subscription-State", "active;expires=3600"),
            ("Content-Type", "application/xcap-diff+xml"),
        ]
        request = known.dialog.request("NOTIFY", headers, body.encode())
        return await self._sip.request(request, known.flow)

    def since(self, mark: int) -> list[str]:
        """What was asked after the first `mark` requests."""
        return self.seen[mark:]
