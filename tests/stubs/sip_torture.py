"""SIP messages of the kinds that RFC 4475 collects, in our own words, and bare sockets for them.

"{mark}" in a message becomes new with each sending: no message is a copy of another.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from muster.evidence import SipExchange
from muster.protocol.sip.framing import PING, StreamFramer
from muster.protocol.sip.message import SipRequest, SipResponse, parse
from stubs.world import World
from tests.stubs.stub_helpers import PATIENCE, awaited

MARK = b"{mark}"
USUAL = {
    "Via": "SIP/2.0/UDP 127.0.0.9:5099;branch=z9hG4bK-{mark};rport",
    "Max-Forwards": "70",
    "From": "<sip:ua-{mark}@torture.example>;tag=from",
    "To": "<sip:stub@torture.example>",
    "Call-ID": "{mark}",
}
"""Header fields of a message that is in order, without CSeq and Content-Length."""


def message(
    method: str = "OPTIONS",
    *more: str,
    start: str = "",
    body: bytes = b"",
    length: str | None = None,
    without: Sequence[str] = (),
    **changed: str,
) -> bytes:
    """A request: `more` are further lines, fields are changed by name (Call_ID) or left out."""
    given = {name.replace("_", "-"): value for name, value in changed.items()}
    fields = {**USUAL, "CSeq": f"1 {method}", "Content-Length": str(len(body)), **given}
    if length is not None:
        fields["Content-Length"] = length
    lines = [start or f"{method} sip:stub@torture.example SIP/2.0"]
    lines += [f"{name}: {value}" for name, value in fields.items() if name not in without]
    return "\r\n".join([*lines, *more, "", ""]).encode() + body


def raw(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "", ""]).encode() + body


def marked(wire: bytes) -> bytes:
    return wire.replace(MARK, secrets.token_hex(len(MARK) // 2).encode())


class BareSocket:
    """A UDP or TCP socket to the SIP server of the primary system."""

    def __init__(self, world: World, transport: str) -> None:
        system = world.primary
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self.transport = transport
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((system.host, system.sip.port))
        self.heard = 0
        """Responses that came."""
        self._framer = StreamFramer()
        self._waiting: list[bytes] = []

    def send(self, wire: bytes) -> None:
        self.socket.sendall(wire)

    def end(self) -> None:
        """Say that no more will come; a datagram says so by itself."""
        if self.transport == "tcp":
            self.socket.shutdown(socket.SHUT_WR)

    def response(self) -> SipResponse:
        """The next response. ConnectionError when the peer has closed."""
        while True:
            if self._waiting:
                read = parse(self._waiting.pop(0))
                if isinstance(read, SipResponse):
                    self.heard += 1
                    return read
                continue
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("closed by the stub")
            found = [data] if self.transport == "udp" else self._framer.feed(data)
            self._waiting += [one for one in found if one is not PING]

    def ask(self, wire: bytes) -> SipResponse:
        self.send(marked(wire))
        return self.response()


@contextmanager
def bare_socket(world: World, transport: str) -> Iterator[BareSocket]:
    """A socket that is closed in the end, when all that was answered on it is recorded."""
    before = told(world)
    opened = BareSocket(world, transport)
    try:
        yield opened
    finally:
        opened.socket.close()
    awaited(world, lambda: told(world) >= before + opened.heard)


def exchanges(world: World) -> list[SipExchange]:
    """The requests that came, with their answers."""
    return [
        one
        for one in world.journal.exchanges
        if isinstance(one, SipExchange) and one.direction == "from_ue"
    ]


def told(world: World) -> int:
    """How many requests and how many messages that could not be read are recorded."""
    unread = [contact for contact in world.journal.contacts if contact.event == "unparsed"]
    return len(exchanges(world)) + len(unread)


def still_serves(world: World) -> bool:
    """Whether a request that is in order is answered 200, over UDP and over TCP, and recorded."""
    statuses = []
    for transport in ("udp", "tcp"):
        with bare_socket(world, transport) as opened:
            statuses.append(opened.ask(message()).status)
    return statuses == [200, 200]


def asked(wire: bytes) -> SipRequest:
    read = parse(wire)
    assert isinstance(read, SipRequest)
    return read


# Messages --------------------------------------------------------------------------------------

BINARY = bytes(range(256))

LEGAL: dict[str, bytes] = {
    "white space, folding and short names": raw(
        "OPTIONS sip:vivek%40work;day=tue@torture.example SIP/2.0",
        "TO :",
        "  sip:stub@torture.example",
        'f: "O\\"Hara \\\\"  <sip:ua@torture.example>;  tag = 98{mark}',
        "MaX-fOrWaRdS: 0068",
        "i: {mark}@[2001:db8::1]",
        "cseq: 0009",
        "  OPTIONS",
        "Via  : SIP  /   2.0",
        "\t/UDP 192.0.2.9:5099;branch=z9hG4bK-{mark} ;rport",
        'X-Unheard-Of: ;;,,=<">',
        "v:  SIP / 2.0 / TCP  hop.example  ; branch = z9hG4bK-hop-{mark},",
        " SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-last",
        "Subject:",
        "l: 0",
    ),
    "every character that a method may have": message("!oN-`.*_+%~'"),
    "user parts with many characters": message(
        start="OPTIONS sip:1_unusual.name~(&=+$,;?/)%20:p&=+$,w@torture.example SIP/2.0",
        To="<sip:%00%61%FF@torture.example;%6c%72;n%61me=v%61lue>",
    ),
    "no space before the bracket": message(From="caller<sip:ua@torture.example>;tag=1"),
    "long values": message(
        "OPTIONS",
        "Subject: " + "long " * 2000,
        To=f'"{"I have a long name " * 50}" <sip:{"u" * 500}@torture.example>;p={"v" * 900}',
        Call_ID="{mark}." + "c" * 900,
        Via="SIP/2.0/TCP " + "h" * 60 + ".example;branch=z9hG4bK-{mark}" + "b" * 500,
    ),
    "transports of all kinds in Via": message(
        "OPTIONS",
        "Via: SIP/2.0/SCTP 192.0.2.2;branch=z9hG4bK-a",
        "Via: SIP/2.0/TLS 192.0.2.3;branch=z9hG4bK-b",
        "Via: SIP/2.0/UNKNOWN-TRANSPORT 192.0.2.4;branch=z9hG4bK-c",
    ),
    "a body of several parts with every octet": message(
        "MESSAGE",
        'Content-Type: multipart/mixed; boundary="-x "',
        body=b"---x \r\nContent-Type: text/plain\r\n\r\nhello\r\n---x \r\n"
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        + BINARY
        + b"\r\n---x --",
    ),
    "a body that is no text": message("MESSAGE", "Content-Type: a/b", body=BINARY * 4),
    "no branch, as the first SIP had it": message(Via="SIP/2.0/UDP ua-{mark}.example:5099"),
    "a branch of the cookie alone": message(Via="SIP/2.0/UDP 127.0.0.9:5099;branch=z9hG4bK;rport"),
    "quoted text that looks like parameters": message(
        Via='SIP/2.0/UDP h.example;x=";rport;received=1";branch=z9hG4bK-{mark};rport'
    ),
    "a source that is quoted": message(
        Via='SIP/2.0/UDP h.example;received="a;b";branch=z9hG4bK-{mark};rport'
    ),
    "a scheme that nobody knows": message(start="OPTIONS nobodyKnows:this?x=y SIP/2.0"),
    "schemes that are known and not SIP": message(
        start="OPTIONS tel:+1-201-555-0123;phone-context=x.example SIP/2.0",
        From="isbn:2983792873;tag=1",
        To="<http://www.torture.example/>",
    ),
    "extensions that nobody knows": message(
        "OPTIONS", "Require: nothingSupportsThis, norThis", "Proxy-Require: this, too"
    ),
    "no hops left": message(Max_Forwards="0"),
    "credentials of an unknown scheme": message(
        "REGISTER", "Authorization: NoOneKnows opaque-data=here", "Contact: <sip:ua@127.0.0.9>"
    ),
    "nothing is acceptable": message("OPTIONS", "Accept: text/nobody-ever-writes-this"),
    "sequence number at its limit": message(CSeq="2147483647 OPTIONS"),
    "line breaks before it": b"\r\n\r\n\r\n" + message(),
}
"""Requests that are well formed, however odd: each makes an exchange with a final answer."""

NOT_CUT: dict[str, bytes] = {
    "a length beyond what is there": message(body=b"short", length="9999"),
    "no end of the header fields": message()[:-2],
    "half a first line": b"OPTIONS sip:stub@torture",
    "a first line alone": b"OPTIONS sip:stub@torture.example SIP/2.0\r\n",
}
"""On a stream these are messages that have not ended; they are seen when it ends."""

MALFORMED: dict[str, bytes] = {
    **NOT_CUT,
    "empty elements and parameters": message(
        Via="SIP/2.0/UDP 192.0.2.15;;,;,,", Contact='"" <> ;,"Joe" <sip:joe@x>;;;'
    ),
    "negative length": message(length="-999"),
    "length that is no number": message(length="many"),
    "length of ten thousand digits": message(length="9" * 10_000),
    "two lengths that differ": message("OPTIONS", "Content-Length: 5", body=b"12345", length="3"),
    "numbers beyond their range": message(
        "REGISTER",
        "Expires: 10000000000000000000000",
        "Contact: <sip:ua@127.0.0.9>;expires=280297596632815",
        CSeq="36893488147419103232 REGISTER",
        Max_Forwards="300",
    ),
    "quotes that do not end": message(To='"Mr. J. User <sip:j.user@torture.example>'),
    "brackets around the Request-URI": message(start="OPTIONS <sip:a@torture.example> SIP/2.0"),
    "a space in the Request-URI": message(start="OPTIONS sip:a@torture.example; lr SIP/2.0"),
    "two spaces in the first line": message(start="OPTIONS sip:a@torture.example  SIP/2.0"),
    "a space behind the first line": message(start="OPTIONS sip:a@torture.example SIP/2.0  "),
    "header fields in the Request-URI": message(
        start="OPTIONS sip:a@torture.example?Route=%3Csip:b%3E SIP/2.0"
    ),
    "a date of another time zone": message("OPTIONS", "Date: Fri, 01 Jan 2027 16:00:00 EST"),
    "a question mark outside brackets": message(
        "REGISTER", "Contact: sip:ua@torture.example?Route=%3Csip:b%3E"
    ),
    "spaces in an address": message(To='"x" < sip:stub@torture.example >'),
    "a name that needs quotes": message(From="Bell, Alexander <sip:a@torture.example>;tag=43"),
    "another version": message(start="OPTIONS sip:stub@torture.example SIP/7.0"),
    "methods that differ": message(CSeq="8 INVITE"),
    "an unknown method that differs": message("NEWMETHOD", CSeq="8 INVITE"),
    "a status beyond all": raw(
        "SIP/2.0 4294967301 better not break the receiver",
        *(f"{name}: {value}" for name, value in USUAL.items()),
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    ),
    "a response to nothing": raw(
        "SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0442\u0430\u043a",
        *(f"{name}: {value}" for name, value in USUAL.items()),
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    ),
    "a response without reason or Via": raw("SIP/2.0 100 ", "Call-ID: {mark}", "l: 0"),
    "nothing but its first line": raw("OPTIONS sip:stub@torture.example SIP/2.0", "l: 0"),
    "no identity": message(without=("Call-ID", "From", "To")),
    "fields twice that stand once": message(
        "OPTIONS", "CSeq: 5 OPTIONS", "Call-ID: {mark}b", "To: <sip:other@x.example>"
    ),
    "two lengths that agree": message("OPTIONS", "Content-Length: 0"),
    "line feeds alone": message().replace(b"\r\n", b"\n") + b"\r\n\r\n",
    "a null octet in a name": message("OPTIONS", "Sub\0ject: x"),
    "octets that are not UTF-8": message("OPTIONS", "Subject: X")[:-5] + b"\xff\xfe\r\n\r\n",
    "a field without a colon": message("OPTIONS", "this is no field"),
    "a line that never ends": message("OPTIONS", "Subject: " + "x" * 40_000),
    "too many fields": message("OPTIONS", *["X: y"] * 3000),
    "a request of the web": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + BINARY,
    "octets of all kinds": BINARY[1:] * 3,
    "one octet": b"\0",
}
"""What cannot be read: each is told as such, and refused where it says whom to answer."""
