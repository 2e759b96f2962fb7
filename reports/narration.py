"""Messages told in plain sentences: what each is for, and how it was answered.

Written for readers who have not read TS 23.280. Says what messages are for, never whether they are
right: that is for the checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from muster.evidence import Exchange, HttpExchange, SipExchange
from muster.procedure import PRIMARY, STEPS, is_registration, presents_token, step_named
from reports.text import short

SERVER_NAMES = {
    "bootstrap": "bootstrap server",
    "idms": "identity server",
    "kms": "key server",
    "cms": "configuration server",
    "gms": "group server",
    "sip": "SIP core",
}
_PROFILE_NAME = re.compile(rb"<(?:[\w.-]+:)?ProfileName[^>]*>([^<]{1,80})<")


def told(exchange: Exchange) -> str:
    """Tell in a plain sentence what a message is for, and how it was answered."""
    sentence = next((say(exchange) for is_one, say in _SENTENCES if is_one(exchange)), "")
    if not sentence and isinstance(exchange, SipExchange) and exchange.direction == "to_ue":
        sentence = f"The {exchange.system} system sends the terminal {short(exchange.method, 30)}."
    elif not sentence:
        sentence = f"The terminal sends {short(exchange.method, 30)} to the {_server(exchange)}."
    return f"{sentence}{_outcome(exchange)}"


def migration_step(exchange: Exchange) -> int:
    """Return the number of the step of a migration that a message asks for; 0 for none."""
    for number, step in enumerate(STEPS, start=1):
        at_partner = not step.server.startswith(PRIMARY)
        if at_partner == (exchange.system != PRIMARY) and step.is_one(exchange):
            return number
    return 0


def _outcome(exchange: Exchange) -> str:
    if exchange.status is None:
        return " No answer came."
    if exchange.status == 304:
        return " Nothing has changed since the terminal last had it."
    if exchange.status == 401:
        return " The token is not accepted (401)."
    if exchange.status >= 400:
        return f" This is refused ({exchange.status})."
    return ""


def _server(exchange: Exchange) -> str:
    server = exchange.server.removeprefix("former-")
    place = " (at its former address)" if server != exchange.server else ""
    return f"{SERVER_NAMES.get(server, server)} of the {exchange.system} system{place}"


def _path(exchange: Exchange) -> str:
    return exchange.decoded_path if isinstance(exchange, HttpExchange) else ""


def _form(exchange: Exchange) -> Mapping[str, str]:
    return exchange.form if isinstance(exchange, HttpExchange) else {}


def _is_token_request(grant: str) -> Callable[[Exchange], bool]:
    return lambda exchange: _form(exchange).get("grant_type") == grant


def _is_migration_step(key: str) -> Callable[[Exchange], bool]:
    return step_named(key).is_one


def _has_path(server: str, part: str) -> Callable[[Exchange], bool]:
    return lambda exchange: exchange.server.endswith(server) and part in _path(exchange)


def _is_sip(method: str, direction: str = "from_ue") -> Callable[[Exchange], bool]:
    return lambda exchange: (
        isinstance(exchange, SipExchange)
        and (exchange.method, exchange.direction) == (method, direction)
    )


def _asks_to_sign_in(exchange: Exchange) -> bool:
    query = exchange.query if isinstance(exchange, HttpExchange) else {}
    return exchange.server == "idms" and bool({"response_type", "code_challenge"} & {*query})


def _says(text: str) -> Callable[[Exchange], str]:
    """A sentence in which {server} and {system} are filled in."""
    return lambda exchange: text.format(server=_server(exchange), system=exchange.system)


def _of_profile(exchange: Exchange) -> str:
    assert isinstance(exchange, HttpExchange)
    index = re.search(r"user-profile-(\d+)", exchange.decoded_path)
    name = _PROFILE_NAME.search(exchange.response_body)
    called = f' "{name[1].decode("utf-8", "replace").strip()}"' if name else ""
    which = f"user profile {index[1]}{called}" if index else "user profiles of its user"
    return f"The terminal fetches {'the ' if index else ''}{which} from the {_server(exchange)}."


def _of_group(exchange: Exchange) -> str:
    name = _path(exchange).rpartition("/")[2].removeprefix("sip:").partition("@")[0]
    return f"The terminal fetches the group {short(name, 60)} from the {_server(exchange)}."


def _of_registration(exchange: Exchange) -> str:
    assert isinstance(exchange, SipExchange)
    if not is_registration(exchange):
        return f"The terminal ends its registration with the {_server(exchange)}."
    asks = ", and asks for service with it" if presents_token(exchange) else ""
    return f"The terminal registers with the {_server(exchange)}{asks}."


def _of_subscription(exchange: Exchange) -> str:
    assert isinstance(exchange, SipExchange)
    of_groups = b"/byGroup" in exchange.body or "sip:gms" in exchange.request_uri
    which = f"the {'group' if of_groups else 'configuration'} documents of its user"
    if (exchange.header("Expires") or "").strip() == "0":
        return f"The terminal no longer wants news of {which} from the {exchange.system} system."
    return (
        f"The terminal asks the {exchange.system} system to name {which}, "
        "and to tell when one changes."
    )


def _of_notification(exchange: Exchange) -> str:
    assert isinstance(exchange, SipExchange)
    many = exchange.body.count(b"<document ") + exchange.body.count(b":document ")
    if "terminated" in (exchange.header("Subscription-State") or ""):
        return f"The {exchange.system} system says that there will be no more news."
    counted = "one document, with its" if many == 1 else f"{many} documents, each with its"
    return f"The {exchange.system} system names {counted} version."


def _of_publication(exchange: Exchange) -> str:
    assert isinstance(exchange, SipExchange)
    if (exchange.header("Expires") or "").strip() == "0":
        return f"The terminal ends its service with the {exchange.system} system."
    index = re.search(rb"user-profile-index>\s*\+?(\d{1,9})\s*<", exchange.body)
    under = f" Its user profile {int(index[1])} is to be in use." if index else ""
    if presents_token(exchange):
        return (
            f"The terminal asks the {exchange.system} system for service, "
            f"and shows its access token.{under}"
        )
    if index:
        return f"The terminal tells the {exchange.system} system its settings.{under}"
    return f"The terminal keeps its service with the {exchange.system} system alive."


Sentence: TypeAlias = tuple[Callable[[Exchange], bool], Callable[[Exchange], str]]

_SENTENCES: Sequence[Sentence] = (
    (
        lambda exchange: exchange.server == "bootstrap",
        _says(
            "The terminal fetches its initial configuration: "
            "where the servers of the {system} system are."
        ),
    ),
    (
        _is_migration_step("exchange"),
        _says(
            "The terminal gives the {server} the user's access token and asks for a security "
            "token: a letter of introduction to one other system."
        ),
    ),
    (
        _is_migration_step("token"),
        _says(
            "The terminal shows the security token to the {server}, to be given an access token "
            "that counts there; no password is asked for."
        ),
    ),
    (
        _is_token_request("authorization_code"),
        _says("The terminal redeems the code at the {server} for the user's tokens."),
    ),
    (
        _is_token_request("refresh_token"),
        _says("The terminal asks the {server} for a new access token in place of the last one."),
    ),
    (
        lambda exchange: "password" in _form(exchange),
        _says("The user's name and password go to the {server}, which answers with a code."),
    ),
    (
        _asks_to_sign_in,
        _says("The terminal asks the {server} to sign its user in, and is shown a form."),
    ),
    (
        lambda exchange: exchange.server == "idms" and exchange.method == "GET",
        _says("The terminal fetches the keys by which tokens of the {server} can be verified."),
    ),
    (
        _has_path("kms", "/init"),
        _says("The terminal asks the {server} for its certificate, the ground of encryption."),
    ),
    (
        _has_path("kms", "/keyprov"),
        _says("The terminal obtains the user's keys from the {server}."),
    ),
    (
        _has_path("cms", "ue-config"),
        _says("The terminal fetches the configuration of this terminal from the {server}."),
    ),
    (_has_path("cms", "user-profile"), _of_profile),
    (
        _has_path("cms", "service-config"),
        _says("The terminal fetches the settings of the service from the {server}."),
    ),
    (_has_path("gms", "/byGroup"), _of_group),
    (_is_sip("REGISTER"), _of_registration),
    (_is_sip("SUBSCRIBE"), _of_subscription),
    (_is_sip("NOTIFY", "to_ue"), _of_notification),
    (_is_sip("PUBLISH"), _of_publication),
)
"""The first that fits tells a message."""
