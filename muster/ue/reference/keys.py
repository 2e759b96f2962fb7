"""Key management client: obtains the user's keys from one KMS and verifies them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from yarl import URL

from muster.protocol import mikey_sakke
from muster.protocol.kms import (
    INIT_PATH,
    KEYPROV_PATH,
    MEDIA_TYPE,
    KeySet,
    KmsCertificate,
    KmsMessageError,
    KmsRequest,
    KmsResponse,
    read_response,
)
from muster.protocol.kms_wrapping import TransportKey
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.web import WebAnswer, expect

if TYPE_CHECKING:
    from muster.ue.reference.system import SystemSession


class KeyClient:
    """The user's keys in one MC system (TS 33.180, 5.3 and annex D)."""

    def __init__(self, system: "SystemSession") -> None:
        self.system = system
        self.certificate: KmsCertificate | None = None
        self.key_sets: Sequence[KeySet] = ()
        known = system.provisioning.options.get("kms_transport_key")
        self.transport_key = TransportKey.read(known) if known and not system.home else None

    async def obtain(self) -> None:
        """KMS Initialize, then KMS KeyProvision; keys that do not fit are refused."""
        initial = await self.ask(INIT_PATH)
        certificate = initial.certificate
        if certificate is None or certificate.role == "External" or certificate.revoked:
            raise Refusal("the KMS gave no root certificate that is in force")
        provision = await self.ask(self.keys_path())
        if not provision.key_sets:
            raise Refusal("the KMS gave no keys")
        for key_set in provision.key_sets:
            self.verify(certificate, key_set)
        self.certificate, self.key_sets = certificate, provision.key_sets

    async def ask(self, path: str) -> KmsResponse:
        """POST one request to the KMS and read its answer."""
        url = f"{self.system.access.kms.rstrip('/')}{path}"
        body = self.request(url).to_xml()
        answer = await self.system.identity.authorised(lambda token: self.post(url, token, body))
        try:
            response = read_response(expect(answer, 200).body, self.transport_key)
        except KmsMessageError as error:
            raise Refusal(f"the KMS answered {path} with no KMS response: {error}") from error
        if response.error is not None:
            raise Refusal(f"the KMS answered {path}: {response.error.message}")
        return response

    async def post(self, url: str, token: str, body: bytes) -> WebAnswer:
        """Send one request."""
        return await self.system.web.send("POST", url, self.headers(token), body)

    def headers(self, token: str) -> dict[str, str]:
        """The access token, and what the body is."""
        return {"Authorization": f"Bearer {token}", "Content-Type": MEDIA_TYPE}

    def keys_path(self) -> str:
        """Where the user's own keys are asked for (D.2.4)."""
        return KEYPROV_PATH

    def request(self, url: str) -> KmsRequest:
        """What every request says: for whom, to which KMS, and where it is posted."""
        return KmsRequest(
            user_uri=self.system.mc_service_id,
            kms_uri=URL(self.system.access.kms).host or "",
            time=datetime.now(UTC),
            client_req_url=url,
            transport_key_id=self.transport_key.name if self.transport_key else None,
        )

    def verify(self, certificate: KmsCertificate, key_set: KeySet) -> None:
        """Check whose keys they are and that they fit the keys of the KMS (RFC 6507, 6508)."""
        if key_set.user_uri != self.system.mc_service_id:
            raise Refusal(f"the KMS gave keys of {key_set.user_uri}")
        if key_set.revoked:
            raise Refusal("the KMS gave keys that are revoked")
        identifier = mikey_sakke.uid(
            key_set.user_uri,
            certificate.kms_uri,
            certificate.user_key_period,
            certificate.user_key_offset,
            key_set.key_period_no,
        )
        if key_set.user_id != identifier:
            raise Refusal("the UserID of the keys is not the UID of the user")
        if not self.fits(certificate, identifier, key_set):
            raise Refusal("the keys do not fit the certificate of the KMS")

    def fits(self, certificate: KmsCertificate, identifier: bytes, key_set: KeySet) -> bool:
        """Whether the keys fit those of the KMS; of the decryption key only a pairing tells.

        A pairing takes longer than all else that a sign-on takes: who provisions may leave it out.
        """
        public, keys = certificate.pub_auth_key, key_set.keys
        pairing = self.system.provisioning.options.get("decryption_key_check") != "none"
        try:
            return mikey_sakke.signing_key_fits(public, identifier, keys) and (
                not pairing
                or mikey_sakke.decrypt_key_fits(
                    certificate.pub_enc_key, identifier, keys.decrypt_key
                )
            )
        except ValueError:
            return False
