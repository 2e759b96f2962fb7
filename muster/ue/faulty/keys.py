"""Faults of key provisioning: what is asked of the key server, how, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lxml import etree

from muster.protocol.kms import (
    INIT_PATH,
    KEYPROV_PATH,
    NAMESPACE,
    KmsRequest,
    KmsResponse,
)
from muster.ue.faulty.seeded import FaultyUe, made_of
from muster.ue.reference.keys import KeyClient
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import WebAnswer

ATTEMPTS = 14


class KeysFirst(KeyClient):
    async def obtain(self) -> None:
        await self.ask(KEYPROV_PATH)
        await super().obtain()


class OtherKeyServer(KeyClient):
    def request(self, url: str) -> KmsRequest:
        return replace(super().request(url), kms_uri="kms.of-another.example")


class TimeOfZone(KeyClient):
    def request(self, url: str) -> KmsRequest:
        asked = super().request(url)
        return replace(asked, time=asked.time + timedelta(hours=1))


class OnePeriodOnly(KeyClient):
    async def ask(self, path: str) -> KmsResponse:
        response = await super().ask(path)
        if len(response.key_sets or ()) > 1:
            raise Refusal("more than one key set")
        return response


class NamelessTransportKey(KeyClient):
    def request(self, url: str) -> KmsRequest:
        return replace(super().request(url), transport_key_id=None)


class CannotDecrypt(KeyClient):
    async def ask(self, path: str) -> KmsResponse:
        known, self.transport_key = self.transport_key, None
        try:
            return await super().ask(path)
        finally:
            self.transport_key = known

    def request(self, url: str) -> KmsRequest:
        known = self.system.provisioning.options.get("kms_transport_key", "")
        name = known.rpartition("=")[0]
        return replace(super().request(url), transport_key_id=name or None)


class OtherUser(KeyClient):
    def request(self, url: str) -> KmsRequest:
        asked = super().request(url)
        return replace(asked, user_uri=asked.user_uri.replace("sip:alice", "sip:bob"))


class OtherUrl(KeyClient):
    def request(self, url: str) -> KmsRequest:
        return super().request(url.replace(KEYPROV_PATH, INIT_PATH))


class Timeless(KmsRequest):
    def to_xml(self) -> bytes:
        root = etree.fromstring(super().to_xml())
        for time in root.findall(f"{{{NAMESPACE}}}Time"):
            root.remove(time)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


class WithoutTime(KeyClient):
    def request(self, url: str) -> KmsRequest:
        asked = super().request(url)
        if not url.endswith(KEYPROV_PATH):
            return asked
        return Timeless(asked.user_uri, asked.kms_uri, asked.time, asked.client_req_url)


class KeysByGet(KeyClient):
    async def post(self, url: str, token: str, body: bytes) -> WebAnswer:
        method = "GET" if url.endswith(KEYPROV_PATH) else "POST"
        return await self.system.web.send(method, url, self.headers(token), body)


class NoToken(KeyClient):
    def headers(self, token: str) -> dict[str, str]:
        return {"Content-Type": super().headers(token)["Content-Type"]}


class SaysText(KeyClient):
    def headers(self, token: str) -> dict[str, str]:
        return {**super().headers(token), "Content-Type": "text/plain"}


class RefusesExtensions(KeyClient):
    async def post(self, url: str, token: str, body: bytes) -> WebAnswer:
        answer = await super().post(url, token, body)
        if b"urn:example:" in answer.body:
            raise Refusal("the key server sent something unknown")
        return answer


class Repeats(KeyClient):
    async def ask(self, path: str) -> KmsResponse:
        for _ in range(ATTEMPTS):
            try:
                return await super().ask(path)
            except Refusal:
                continue
        return await super().ask(path)


_PROVISIONING = ("keys/provisioning.feature",)
_REQUESTS = ("keys/requests.feature",)
_FAILURES = ("keys/failures.feature",)

FORMS = ("keys/forms.feature",)

FAULTS = (
    FaultyUe(
        "asks_for_keys_first",
        "Asks for keys before it has the certificate of the key server.",
        made_of(keys=KeysFirst),
        "TS33180-D.2.4-01",
        _REQUESTS,
    ),
    FaultyUe(
        "names_another_key_server",
        "Names another key server in its requests than the one it asks.",
        made_of(keys=OtherKeyServer),
        "TS33180-D.2.2-04",
        _REQUESTS,
    ),
    FaultyUe(
        "tells_the_time_of_its_zone",
        "Writes its local time as if it were UTC.",
        made_of(keys=TimeOfZone),
        "TS33180-D.2.2-06",
        _REQUESTS,
    ),
    FaultyUe(
        "says_its_kms_requests_are_text",
        "Says that its requests for keys are plain text.",
        made_of(keys=SaysText),
        "TS33180-D.2.2-07",
        _REQUESTS,
    ),
    FaultyUe(
        "refuses_kms_extensions",
        "Refuses responses of the key server that hold an extension.",
        made_of(keys=RefusesExtensions),
        "TS33180-D.1-02",
        _REQUESTS,
    ),
    FaultyUe(
        "asks_for_keys_of_another_user",
        "Asks for keys in the name of another user.",
        made_of(keys=OtherUser),
        "TS33180-D.2.2-03",
        _PROVISIONING,
    ),
    FaultyUe(
        "names_another_request_url",
        "Names the URL of the certificate when it asks for keys.",
        made_of(keys=OtherUrl),
        "TS33180-D.2.2-05",
        _PROVISIONING,
    ),
    FaultyUe(
        "kms_request_without_time",
        "Leaves the time out of its request for keys.",
        made_of(keys=WithoutTime),
        "TS33180-D.2.2-02",
        _PROVISIONING,
        ("TS33180-D.2.2-01",),
    ),
    FaultyUe(
        "gets_its_keys",
        "Asks for keys by GET.",
        made_of(keys=KeysByGet),
        "TS33180-D.2.1-01",
        _PROVISIONING,
    ),
    FaultyUe(
        "shows_the_key_server_no_token",
        "Asks the key server without an access token.",
        made_of(keys=NoToken),
        "TS33180-5.1.3.1-01",
        _PROVISIONING,
        ("TS33180-D.2.1-04",),
    ),
    FaultyUe(
        "asks_the_key_server_without_end",
        "Repeats requests to the key server until they are served.",
        made_of(keys=Repeats),
        "TS33180-D.3.1-02",
        _FAILURES,
    ),
    FaultyUe(
        "takes_keys_of_one_period_only",
        "Refuses keys of several periods.",
        made_of(keys=OnePeriodOnly),
        "TS33180-D.3.3-01",
        FORMS,
    ),
    FaultyUe(
        "does_not_name_transport_key",
        "Asks for keys without a word of its transport key.",
        made_of(keys=NamelessTransportKey),
        "TS33180-D.2.2-08",
        FORMS,
    ),
    FaultyUe(
        "cannot_decrypt_keys",
        "Names its transport key, and cannot read keys that are encrypted under it.",
        made_of(keys=CannotDecrypt),
        "TS33180-D.1-03",
        FORMS,
    ),
)
