"""Valid examples with one thing changed: what stays right, and what a rule tells of it."""

import re
from pathlib import Path

import pytest

from muster.documents.parse import parse
from muster.documents.rules import apply_rules
from muster.documents.rules.group import display_name
from muster.documents.rules.policy import moment_of

VALID = Path(__file__).parent / "valid"
FIRST_PAYLOAD = '<GKTP id="mkfc-1">1A01</GKTP>'
Told = list[tuple[str, str, str]]
"""Requirement, what was expected, what was observed."""


def told_of(name: str, old: str, new: str) -> Told:
    text = (VALID / name).read_text("utf-8")
    changed, count = re.subn(old, new, text, count=1, flags=re.DOTALL)
    assert count, f"{old} is not in {name}"
    report = apply_rules(parse(changed.encode()))
    return [(one.requirement, one.expected, one.observed) for one in report.problems]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("mcptt-ue-init-config/full.xml", "<High-SNR>299999<", "<High-SNR>200000<"),
        ("mcptt-ue-config/full.xml", "<Relay-Service>true<", "<Relay-Service>1<"),
        ("gktp/both-kinds-and-a-regroup.xml", FIRST_PAYLOAD, '<GKTP id="gmk-tmp">1A01</GKTP>'),
        ("resource-lists/nested-lists.xml", 'name="close-friends"', 'name="friends"'),
    ],
)
def test_what_is_right_in_another_way_stays_right(name: str, old: str, new: str):
    assert told_of(name, old, new) == []


@pytest.mark.parametrize(("name", "reported"), [("Id", 0), ("ID", 0), ("id", 0), ("name", 1)])
def test_reference_may_be_to_any_attribute_that_is_an_id(name: str, reported: int):
    told = told_of("signed-kms-request/error-reported.xml", ' Id="req-31"', f' {name}="req-31"')

    unknown = [one for one in told if one[1] == "the Id of an element of this document"]
    assert len(unknown) == reported


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "mcptt-ue-init-config/full.xml",
            '(<VPLMN PLMN="310410">.*?)<MC-ID-to-con-ref>[^<]*<',
            r"\1<MC-ID-to-con-ref><",
            ("a reference to a PDN connection", "nothing"),
        ),
        (
            "mcptt-ue-config/full.xml",
            "<Relay-Service>true<",
            "<Relay-Service>0<",
            ("Relay-Service true", "false"),
        ),
        (
            "gktp/both-kinds-and-a-regroup.xml",
            FIRST_PAYLOAD,
            FIRST_PAYLOAD * 2,
            ("each id once", "mkfc-1 again"),
        ),
        (
            "resource-lists/nested-lists.xml",
            '<list name="close-friends">',
            '<list name="close-friends"/><list name="close-friends">',
            ("each list name once", "close-friends again"),
        ),
        (
            "mcptt-info/service-authorisation.xml",
            '<mcptt-client-id type="Normal"><mcpttString>[^<]*</mcpttString>',
            '<mcptt-client-id type="Encrypted"><mcpttURI>urn:uuid:1</mcpttURI>',
            ('encrypted data under type="Encrypted"', "a value in clear"),
        ),
        (
            "mcptt-info/service-authorisation.xml",
            '<mcptt-client-id type="Normal"><mcpttString>[^<]*</mcpttString>',
            '<mcptt-client-id type="Encrypted"><mcpttBoolean>true</mcpttBoolean>',
            ('encrypted data under type="Encrypted"', "a value in clear"),
        ),
        (
            "kms-response/initialised.xml",
            ' Role="Root"',
            "",
            ("the attribute Role", "no such attribute"),
        ),
    ],
)
def test_changed_example_is_told(name: str, old: str, new: str, told: tuple[str, str]):
    found = {(expected, observed) for _, expected, observed in told_of(name, old, new)}

    assert found == {told}


def test_key_that_ends_when_it_begins_is_told():
    text = (VALID / "kms-response" / "initialised.xml").read_text("utf-8")
    begins = re.search("<ValidFrom>([^<]*)<", text)
    assert begins is not None

    same = f"<ValidTo>{begins[1]}<"
    [(_, expected, observed)] = told_of("kms-response/initialised.xml", "<ValidTo>[^<]*<", same)

    assert expected == "ValidFrom before ValidTo"
    assert re.fullmatch(r"(\S+ \S+) to \1", observed)


@pytest.mark.parametrize(("written", "shown"), [("2026-01-02T03:04:05", "+00:00"), ("x", None)])
def test_moment_without_zone_is_taken_as_utc(written: str, shown: str | None):
    moment = moment_of(parse(f"<time>{written}</time>".encode()))

    assert (None if moment is None else moment.isoformat()[-6:]) == shown


def test_group_without_a_name_has_none():
    assert display_name(parse(b'<group xmlns="urn:oma:xml:poc:list-service"/>')) == ""
