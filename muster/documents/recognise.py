"""Which document a root element announces, and how that document is identified on the wire."""

from dataclasses import dataclass

from lxml import etree

from muster.documents import vocabulary
from muster.documents.vocabulary import Name
from muster.requirements import Basis


@dataclass(frozen=True)
class DocumentType:
    """One kind of document: what the suite, the reports and the rules call it and know of it."""

    name: str
    clause: str
    media_type: str
    """Empty where no source gives one."""
    auid: str
    """The XCAP application unique id; empty for documents that are not kept in an XCAP tree."""
    basis: Basis
    """How well namespace, root and application id are known: the weakest of them."""
    namespace: str
    root: str

    @property
    def qname(self) -> str:
        """The root element as `{namespace}name`."""
        return f"{{{self.namespace}}}{self.root}"

    @property
    def service(self) -> str | None:
        """`mcptt`, `mcvideo` or `mcdata`; None for what belongs to no one service."""
        service = self.name.partition("-")[0]
        return service if service in vocabulary.SERVICES else None


def _configuration(
    service: str, kind: str, clause: str, namespace: Name, root: Name
) -> DocumentType:
    auid = vocabulary.AUID[f"{service}.{kind}"]
    return DocumentType(
        name=f"{service}-{kind}",
        clause=f"TS 24.484 {clause}",
        media_type=f"application/vnd.3gpp.{service}-{kind}+xml",
        auid=auid.text,
        basis=vocabulary.weakest((auid.basis, namespace.basis, root.basis)),
        namespace=namespace.text,
        root=root.text,
    )


def _body(
    name: str, clause: str, media_type: str, namespace: str, root: str, basis: Basis = "verified"
) -> DocumentType:
    return DocumentType(name, clause, media_type, "", basis, namespace, root)


def _of_services() -> list[DocumentType]:
    kinds = (
        ("ue-config", vocabulary.UE_CONFIGURATION, vocabulary.UE_CONFIGURATION_ROOT, 2),
        ("user-profile", vocabulary.USER_PROFILE, vocabulary.USER_PROFILE_ROOT, 3),
        (
            "service-config",
            vocabulary.SERVICE_CONFIGURATION,
            vocabulary.SERVICE_CONFIGURATION_ROOT,
            4,
        ),
    )
    return [
        _configuration(service, kind, f"{chapter}.{section}", namespaces[service], roots[service])
        for chapter, service in ((8, "mcptt"), (9, "mcvideo"), (10, "mcdata"))
        for kind, namespaces, roots, section in kinds
    ]


_INITIAL = DocumentType(
    "mcptt-ue-init-config",
    "TS 24.484 7.2",
    "application/vnd.3gpp.mcptt-ue-init-config+xml",
    vocabulary.AUID["ue-init-config"].text,
    vocabulary.AUID["ue-init-config"].basis,
    vocabulary.UE_INITIAL_CONFIGURATION,
    "mcptt-UE-initial-configuration",
)
_GROUP = DocumentType(
    "group",
    "TS 24.481 7.2",
    "application/vnd.oma.poc.groups+xml",
    vocabulary.AUID["group"].text,
    vocabulary.AUID["group"].basis,
    vocabulary.LIST_SERVICE,
    "group",
)
_POLICY = DocumentType(
    "common-policy",
    "RFC 4745",
    "application/auth-policy+xml",
    "",
    "verified",
    vocabulary.COMMON_POLICY,
    "ruleset",
)
_KMS = "urn:3gpp:ns:mcsecKMSInterface:1.0"
_BODIES = (
    _body(
        "gktp",
        "TS 24.481",
        "",
        "urn:3gpp:ns:mcpttGKTP:1.0",
        "GKTPs",
    ),
    _body(
        "mcptt-info",
        "TS 24.379 F.1",
        "application/vnd.3gpp.mcptt-info+xml",
        "urn:3gpp:ns:mcpttInfo:1.0",
        "mcpttinfo",
    ),
    _body(
        "mcvideo-info",
        "TS 24.281 F.1",
        "application/vnd.3gpp.mcvideo-info+xml",
        "urn:3gpp:ns:mcvideoInfo:1.0",
        "mcvideoinfo",
    ),
    _body(
        "mcdata-info",
        "TS 24.282 D.1",
        "application/vnd.3gpp.mcdata-info+xml",
        "urn:3gpp:ns:mcdataInfo:1.0",
        "mcdatainfo",
        "provisional",
    ),
    _body(
        "mcptt-signed",
        "TS 24.379 F.6",
        "application/vnd.3gpp.mcptt-signed+xml",
        "urn:3gpp:ns:mcpttSignedDoc:1.0",
        "signatures",
    ),
    _body(
        "poc-settings",
        "RFC 4354",
        "application/poc-settings+xml",
        "urn:oma:params:xml:ns:poc:poc-settings",
        "poc-settings",
        "corroborated",
    ),
    _body(
        "resource-lists",
        "RFC 4826 3",
        "application/resource-lists+xml",
        vocabulary.RESOURCE_LISTS,
        "resource-lists",
    ),
    _body(
        "xcap-diff",
        "RFC 5874 3",
        "application/xcap-diff+xml",
        "urn:ietf:params:xml:ns:xcap-diff",
        "xcap-diff",
    ),
    _body(
        "xcap-error",
        "RFC 4825 11",
        "application/xcap-error+xml",
        "urn:ietf:params:xml:ns:xcap-error",
        "xcap-error",
    ),
    _body(
        "xcap-caps",
        "RFC 4825 12",
        "application/xcap-caps+xml",
        "urn:ietf:params:xml:ns:xcap-caps",
        "xcap-caps",
    ),
    *(
        _body(name, clause, "application/xml", _KMS, root)
        for name, clause, root in (
            ("kms-request", "TS 33.180 D.2.2", "KmsRequest"),
            ("signed-kms-request", "TS 33.180 D.2.2", "SignedKmsRequest"),
            ("kms-response", "TS 33.180 D.3.1", "KmsResponse"),
            ("signed-kms-response", "TS 33.180 D.3.1", "SignedKmsResponse"),
            ("kms-certificate", "TS 33.180 D.3.2", "KmsCertificate"),
            ("signed-kms-certificate", "TS 33.180 D.3.2", "SignedKmsCertificate"),
            ("kms-key-set", "TS 33.180 D.3.3", "KmsKeySet"),
        )
    ),
    _body(
        "kms-redirect",
        "TS 33.180 D.4",
        "application/vnd.3gpp.kmsredirectresponse+xml",
        "urn:3gpp:ns:mcsecKMSKRR:1.0",
        "KmsRedirectResponse",
    ),
)

DOCUMENT_TYPES: dict[str, DocumentType] = {
    document.qname: document for document in (_INITIAL, *_of_services(), _GROUP, _POLICY, *_BODIES)
}
"""Every kind of document the suite knows, by its root element."""

BY_NAME: dict[str, DocumentType] = {document.name: document for document in DOCUMENT_TYPES.values()}
"""The same by name."""


def recognise(root: etree._Element | str) -> DocumentType | None:
    """Return the kind of document that a root element, or its `{namespace}name`, announces."""
    return DOCUMENT_TYPES.get(root if isinstance(root, str) else etree.QName(root).text)
