"""Rules of the KMS bodies (TS 33.180 annex D): what the schema of key material leaves open."""

from collections.abc import Iterator

from lxml import etree

from muster.documents.rules.policy import moment_of
from muster.documents.rules.reading import children, departure, descendants, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule

REQUESTS = ("kms-request", "signed-kms-request")
RESPONSES = ("kms-response", "signed-kms-response")
CERTIFICATES = ("kms-certificate", "signed-kms-certificate", *RESPONSES)
KEY_SETS = ("kms-key-set", *RESPONSES)

_POINT_OCTETS = {"PubEncKey": 257, "PubAuthKey": 65}
_KEY_OCTETS = {"UserDecryptKey": 257, "UserSigningKeySSK": 32, "UserPubTokenPVT": 65}
_POINTS = ("PubEncKey", "PubAuthKey", "UserDecryptKey", "UserPubTokenPVT")


def _named(subject: Subject, name: str) -> Iterator[etree._Element]:
    return descendants(subject.root, name)


@rule("TS33180-D.3.2.2-DOC01", documents=CERTIFICATES)
def certificate_states_its_role(subject: Subject) -> Iterator[RuleProblem]:
    """A certificate is that of the own KMS or of an external one."""
    for certificate in _named(subject, "KmsCertificate"):
        if certificate.get("Role") is None:
            yield departure(certificate, "the attribute Role", "no such attribute")


@rule("TS33180-D.3.2.2-DOC02", documents=CERTIFICATES)
def identifier_format_is_known(subject: Subject) -> Iterator[RuleProblem]:
    """The user identifiers are made as annex F.2.1 says."""
    for element in _named(subject, "UserIdFormat"):
        if text_of(element) != "2":
            yield departure(element, "2", text_of(element) or "nothing")


@rule("TS33180-D.3.2.2-DOC03", documents=CERTIFICATES)
def key_period_is_above_zero(subject: Subject) -> Iterator[RuleProblem]:
    """A key period has a length."""
    for element in _named(subject, "UserKeyPeriod"):
        if not text_of(element).isdigit() or int(text_of(element)) == 0:
            yield departure(element, "a number above zero", text_of(element) or "nothing")


@rule("TS33180-D.3.2.2-DOC04", documents=(*CERTIFICATES, "kms-key-set"))
def validity_has_a_length(subject: Subject) -> Iterator[RuleProblem]:
    """ValidFrom is before ValidTo."""
    for holder in descendants(subject.root, "KmsCertificate", "KmsKeySet"):
        ends = [moment_of(e) for n in ("ValidFrom", "ValidTo") for e in children(holder, n)]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None and ends[0] >= ends[1]:
            yield departure(holder, "ValidFrom before ValidTo", f"{ends[0]} to {ends[1]}")


@rule("TS33180-D.3.2.2-DOC05", documents=CERTIFICATES)
def public_keys_are_points(subject: Subject) -> Iterator[RuleProblem]:
    """Public keys are uncompressed points of their curve's length."""
    for name, octets in _POINT_OCTETS.items():
        for element in _named(subject, name):
            yield from _length_problems(element, octets)


@rule("TS33180-D.3.3.2-DOC06", documents=KEY_SETS)
def keys_have_their_length(subject: Subject) -> Iterator[RuleProblem]:
    """Keys in the clear have the length of their kind; wrapped ones are not seen."""
    for key_set in _named(subject, "KmsKeySet"):
        for name, octets in _KEY_OCTETS.items():
            for element in children(key_set, name):
                if len(element) == 0:
                    yield from _length_problems(element, octets)
                elif text_of(element):
                    yield departure(element, "one key, wrapped or in the clear", "both")


def _length_problems(element: etree._Element, octets: int) -> Iterator[RuleProblem]:
    try:
        value = bytes.fromhex("".join(text_of(element).split()))
    except ValueError:
        yield departure(element, "hexadecimal digits", "something else")
        return
    if len(value) != octets:
        yield departure(element, f"{octets} octets", f"{len(value)}")
    elif etree.QName(element).localname in _POINTS and value[0] != 4:
        yield departure(element, "an uncompressed point, first octet 04", f"{value[0]:02x}")


@rule("TS33180-D.2.2-DOC07", documents=REQUESTS)
def request_names_its_user(subject: Subject) -> Iterator[RuleProblem]:
    """UserUri is not empty."""
    for element in _named(subject, "UserUri"):
        if not text_of(element):
            yield departure(element, "the URI of the user", "nothing")


@rule("TS33180-D.2.2-DOC08", documents=REQUESTS)
def request_goes_to_a_secure_url(subject: Subject) -> Iterator[RuleProblem]:
    """ClientReqUrl is an https URL."""
    for element in _named(subject, "ClientReqUrl"):
        if not text_of(element).lower().startswith("https://"):
            yield departure(element, "an https URL", text_of(element) or "nothing")


@rule("TS33180-D.2.2-DOC09", documents=REQUESTS)
def time_has_a_zone(subject: Subject) -> Iterator[RuleProblem]:
    """A time without a zone cannot be compared with the server's."""
    for element in _named(subject, "Time"):
        text = text_of(element)
        if not text.endswith("Z") and "+" not in text and text.count("-") < 3:
            yield departure(element, "a time zone", text or "nothing")


@rule("TS33180-D.3.1-DOC10", documents=RESPONSES)
def response_says_one_thing(subject: Subject) -> Iterator[RuleProblem]:
    """A message or an error: with both, the error has no message to be about."""
    for response in _named(subject, "KmsResponse"):
        message, error = children(response, "KmsMessage"), children(response, "KmsError")
        if message and error:
            yield departure(response, "a KmsMessage or a KmsError", "both")
        if not message and not error:
            yield departure(response, "a KmsMessage or a KmsError", "neither")


@rule("TS33180-D.3.1-DOC11", documents=RESPONSES)
def keys_are_those_of_the_user(subject: Subject) -> Iterator[RuleProblem]:
    """The user of each key set is the user of the response."""
    for response in _named(subject, "KmsResponse"):
        users = [text_of(element) for element in children(response, "UserUri")]
        for key_set in descendants(response, "KmsKeySet"):
            for element in children(key_set, "UserUri"):
                if users and text_of(element) != users[0]:
                    yield departure(element, users[0], text_of(element) or "nothing")


@rule("TS33180-D.3.1-DOC12", documents=RESPONSES)
def client_is_initialised_with_the_root(subject: Subject) -> Iterator[RuleProblem]:
    """The certificate of an initialisation is the Root certificate, not an external one."""
    for message in descendants(subject.root, "KmsInit"):
        for certificate in descendants(message, "KmsCertificate"):
            role = certificate.get("Role", "Root")
            if role != "Root":
                yield departure(certificate, "Role Root", role)
