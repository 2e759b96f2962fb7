"""What holds for all checks: each requirement can be reported, and nothing makes one raise."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

import muster.checks
from muster.evidence import (
    Contact,
    Exchange,
    HttpExchange,
    Judgement,
    SipAnswer,
    SipExchange,
    Window,
)
from muster.judging import CHECKS, Check, judge_again
from muster.proof import exchange_tests
from muster.requirements import Catalogue
from muster.suite import suite_root
from tests.checks import case_tables, exchanges, test_configuration, test_keys

for module in pkgutil.iter_modules(muster.checks.__path__, "muster.checks."):
    importlib.import_module(module.name)

OURS = {name: one for name, one in CHECKS.items() if name.startswith("muster.checks.")}
ACCEPTED = {case.check.name for case in case_tables.ACCEPTED}
REPORTED = {
    (case.check.name, requirement)
    for case in case_tables.REPORTED
    for requirement, *_ in case.reports
}
"""Check and requirement that a case of these tests shows to be reported."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(suite_root() / "fixtures" / "requirements")


def test_each_requirement_of_each_check_is_reported_by_a_case() -> None:
    cited = {(name, requirement) for name, one in OURS.items() for requirement in one.requirements}

    assert cited == REPORTED


def test_list_of_cases_that_ships_with_the_suite_is_current() -> None:
    """`python -m tests.shipped_cases` writes it anew."""
    assert exchange_tests() == REPORTED


def test_each_check_accepts_a_right_exchange() -> None:
    assert set(OURS) == ACCEPTED


def test_cited_requirements_are_what_the_catalogue_demands_of_a_ue(catalogue: Catalogue) -> None:
    cited = {requirement for one in OURS.values() for requirement in one.requirements}

    assert cited <= set(catalogue.requirements)
    assert {catalogue.requirement(one).actor for one in cited} == {"ue"}
    assert {one for one in cited if catalogue.requirement(one).not_tested_because} == set()


def test_facts_that_checks_look_through_are_in_the_catalogue(catalogue: Catalogue) -> None:
    assert {fact for one in OURS.values() for fact in one.through} <= set(catalogue.facts)


def test_each_check_says_in_a_sentence_what_must_hold() -> None:
    statements = {name: (one.__doc__ or "").splitlines()[0] for name, one in OURS.items()}

    assert [name for name, told in statements.items() if not told.endswith(".")] == []
    assert len(set(statements.values())) == len(statements)


# Whatever comes, a check gives a judgement -------------------------------------------------------

BODIES = (
    exchanges.AUTHORISING,
    exchanges.OWN_SETTINGS,
    exchanges.settings(),
    exchanges.resource_list(exchanges.PROFILE, exchanges.GROUP),
)
WHOLE = (exchanges.publish(), exchanges.subscribe(exchanges.PROFILE))
NAMES = ("Content-Type", "Event", "Accept", "Contact", "To", "Expires", "SIP-If-Match", "ETag")
PATHS = (exchanges.PROFILE, exchanges.GROUP, exchanges.UE_CONFIGURATION, "as/authorize?scope=a")


@st.composite
def bent(draw: st.DrawFn) -> bytes:
    """A real body with some bytes of it replaced."""
    body = draw(st.sampled_from([*(part.body for part in BODIES), test_keys.body()]))
    begin = draw(st.integers(0, len(body)))
    end = draw(st.integers(begin, min(len(body), begin + 6)))
    return body[:begin] + draw(st.binary(max_size=6)) + body[end:]


text = st.text(max_size=20)
words = st.sampled_from(["", "primary", "partner", "cms", "idms", "sip", "POST", "PUBLISH"])
types = st.sampled_from([part.content_type for part in BODIES] + ["multipart/mixed;boundary=x"])
fields = st.lists(st.tuples(st.sampled_from(NAMES), text | types), max_size=4).map(tuple)
bodies = st.binary(max_size=30) | bent()
targets = text.map("/".__add__) | text | st.sampled_from(PATHS).map("/root/".__add__)
tokens = st.lists(
    st.sampled_from([exchanges.token(place=place) for place in ("authorization", "body")]),
    max_size=2,
).map(tuple)
times = st.floats(0, 100)
https = st.builds(
    HttpExchange,
    name=words,
    started=times,
    ended=times,
    system=words,
    server=words,
    method=words,
    target=targets,
    headers=fields | st.just((exchanges.FORM,)),
    body=bodies,
    status=st.sampled_from([None, 200, 304, 404]),
    response_headers=fields,
    response_body=st.just(b""),
    tokens=tokens,
)
sips = st.builds(
    SipExchange,
    name=words,
    started=times,
    ended=times,
    system=words,
    server=words,
    direction=st.sampled_from(["from_ue", "to_ue"]),
    method=words,
    request_uri=text,
    headers=fields,
    body=bodies,
    responses=st.lists(st.builds(SipAnswer, body=st.just(b""), headers=fields), max_size=1).map(
        tuple
    ),
    tokens=tokens,
) | st.sampled_from(WHOLE)
STRATEGIES: dict[Any, st.SearchStrategy[Any]] = {
    HttpExchange: https,
    SipExchange: sips,
    Exchange: https | sips,
    Contact: st.builds(Contact, system=words, server=words, time=times),
    Window: st.builds(Window),
    str: text | words | st.sampled_from(PATHS),
    int: st.integers(0, 300),
    float: times,
}


def of_type(annotation: Any) -> st.SearchStrategy[Any]:
    if annotation in STRATEGIES:
        return STRATEGIES[annotation]
    if get_origin(annotation) is Sequence:
        return st.lists(of_type(get_args(annotation)[0]), max_size=3)
    assert get_origin(annotation) is Mapping, annotation
    keys = st.sampled_from(["idms", "sip", "cms", "gms"])
    return st.dictionaries(keys, of_type(get_args(annotation)[1]), max_size=4)


def arguments_of(check: Check) -> st.SearchStrategy[dict[str, Any]]:
    hints = get_type_hints(check.function)
    return st.fixed_dictionaries(
        {name: of_type(hints[name]) for name in check.signature.parameters}
    )


@pytest.mark.parametrize("name", sorted(OURS))
def test_check_gives_a_judgement_whatever_comes(name: str) -> None:
    @tries(
        max_examples=15,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(arguments_of(OURS[name]))
    def judged(arguments: dict[str, Any]) -> None:
        judgement = OURS[name](**arguments)

        assert isinstance(judgement, Judgement)
        assert {finding.requirement for finding in judgement.findings} <= set(
            OURS[name].requirements
        )

    judged()


def test_check_is_judged_alike_when_run_again() -> None:
    first, second = test_configuration.BOTH
    before = OURS["muster.checks.configuration.obtains_each_profile"](
        test_configuration.TOLD, [first], [exchanges.PROFILE, exchanges.OTHER_PROFILE]
    )

    again = judge_again(before, {e.name: e for e in (first, second, test_configuration.TOLD)})

    assert again.findings == before.findings != ()
