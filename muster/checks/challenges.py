"""Challenges of a registrar and what a UE answers them with (RFC 3261 22.2, RFC 2617 3.2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.evidence import Departure, SipExchange, header
from muster.judging import check
from muster.protocol.sip import digest

UNAUTHORIZED = 401


def nonce_given(register: SipExchange) -> str:
    """The nonce that a REGISTER answers; empty where it answers none."""
    return digest.nonce_of(register.header("Authorization") or "")


@check("RFC3261-22.2-01")
def challenged_registration_is_sent_again_with_credentials(
    challenged: SipExchange, later: Sequence[SipExchange]
) -> Iterator[Departure]:
    """After a challenge a REGISTER comes that answers one; `later` are those that came after."""
    if not any(nonce_given(one) for one in later):
        observed = f"{len(later)} REGISTER without" if later else "no REGISTER"
        yield Departure("a REGISTER with credentials", observed, exchange=challenged)


@check("RFC2617-3.2.2-01")
def credentials_answer_the_challenge(
    challenged: Sequence[SipExchange], answer: SipExchange
) -> Iterator[Departure]:
    """The first REGISTER with credentials names realm and nonce, and its proof was accepted.

    `challenged` are those that were challenged before it: it may answer any, and is compared
    with the last. The proof is masked, so that it is right is what the SIP core says by its answer.
    """
    challenges = [told for one in challenged if (told := _challenge_in(one))]
    if not challenges:
        return
    given = digest.credentials_of(answer.header("Authorization") or "")
    if not any(_departing(one, given) is None for one in challenges):
        departing = _departing(challenges[-1], given)
        assert departing is not None
        yield Departure(*departing, exchange=answer)
        return
    if answer.status == UNAUTHORIZED:
        yield Departure("a response that proves the password", "one refused", exchange=answer)


def _departing(challenge: dict[str, str], given: dict[str, str]) -> tuple[str, str] | None:
    """What was expected and what was named instead; None where credentials answer a challenge."""
    for name in ("realm", "nonce"):
        wanted, told = f"{name}={challenge.get(name, '')}", f"{name}={given.get(name, '')}"
        if told != wanted:
            return wanted, told
    return None


def _challenge_in(challenged: SipExchange) -> dict[str, str]:
    """What the last answer asks for; nothing where it asks for nothing that can be read."""
    fields = challenged.responses[-1].headers if challenged.responses else ()
    try:
        return digest.challenge_of(header(fields, "WWW-Authenticate") or "")
    except ValueError:
        return {}
