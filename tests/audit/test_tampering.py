"""Whatever somebody changes in a bundle is named: the file, for a journal the line."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muster.audit.archive import MANIFEST, SIGNATURE, NoBundle, signature_of
from muster.audit.verification import Kind, Verified, verify_bundle
from tests.audit.conftest import Laboratory
from tests.audit.forgery import CONTROLLER, Event, Opened, opened

Change = Callable[[Opened], object]


def verified(laboratory: Laboratory, path: Path) -> Verified:
    return verify_bundle(path, laboratory.key.public_key())


def told(made: Verified, kind: Kind = Kind.ALTERED) -> list[str]:
    return [f"{remark.where}: {remark.told}" for remark in made.of(kind)]


def test_untouched_bundle_is_verified(laboratory: Laboratory) -> None:
    made = verified(laboratory, laboratory.bundle)

    assert (made.remarks, made.exit_code) == ([], 0)
    assert made.rederived is not None
    assert made.rederived.verdicts == 11
    assert made.rederived.judgements > 10
    assert made.rederived.attested["authorization_problem"] > 0


# Without the laboratory's key: files changed in place ------------------------------------------


def edit_line(kind: str, old: str, new: str, **members: Any) -> Change:
    def change(bundle: Opened) -> None:
        index, _ = bundle.first(kind, **members)
        lines = bundle.lines(bundle.journal)
        assert old.encode() in lines[index]
        lines[index] = lines[index].replace(old.encode(), new.encode(), 1)
        bundle.files[bundle.journal] = b"\n".join([*lines, b""])

    return change


def rearrange(edit: Callable[[list[bytes]], object]) -> Change:
    def change(bundle: Opened) -> None:
        lines = bundle.lines(bundle.journal)
        edit(lines)
        bundle.files[bundle.journal] = b"\n".join([*lines, b""])

    return change


def swap_bodies(bundle: Opened) -> None:
    one, two = [name for name in bundle.files if name.startswith("bodies/")][:2]
    bundle.files[one], bundle.files[two] = bundle.files[two], bundle.files[one]


def first_body(bundle: Opened) -> str:
    return next(name for name in bundle.files if name.startswith("bodies/"))


def replace_campaign(bundle: Opened) -> None:
    bundle.replace_text("campaign.json", b'"verdict": "FAIL"', b'"verdict": "PASS"')


def other_headline(bundle: Opened) -> None:
    bundle.manifest = {**bundle.manifest, "headline": "conformant"}


IN_PLACE: dict[str, tuple[Change, str]] = {
    "changed verdict": (
        edit_line("verdict", '"FAIL"', '"PASS"', verdict="FAIL"),
        "journal-main.jsonl: its content was changed (line ",
    ),
    "changed finding": (
        edit_line("judgement", '"findings":[]', '"findings":[{}]'),
        "journal-main.jsonl: its content was changed (line ",
    ),
    "changed masked fact": (
        edit_line("exchange", '"facts":{', '"facts":{"verifier_fits":true,', protocol="http"),
        "journal-main.jsonl: its content was changed (line ",
    ),
    "changed argument": (
        edit_line("judgement", '"arguments":{', '"arguments":{"x":1,'),
        "journal-main.jsonl: its content was changed (line ",
    ),
    "dropped event": (
        rearrange(lambda lines: lines.pop(20)),
        "journal-main.jsonl: its content was changed (line 21 ",
    ),
    "added event": (
        rearrange(lambda lines: lines.insert(20, lines[19])),
        "journal-main.jsonl: its content was changed (line 21 ",
    ),
    "reordered events": (
        rearrange(lambda lines: lines.insert(20, lines.pop(21))),
        "journal-main.jsonl: its content was changed (line 21 ",
    ),
    "truncated journal": (
        rearrange(lambda lines: lines.__delitem__(slice(-5, None))),
        "journal-main.jsonl: it does not end where the controller says",
    ),
    "cut in the middle of a line": (
        lambda b: b.files.update({b.journal: b.files[b.journal][:-30]}),
        "journal-main.jsonl: its content was changed",
    ),
    "changed controller": (
        lambda b: b.replace_text(CONTROLLER, b'"builtin":true', b'"builtin":false'),
        "journal-controller.jsonl: its content was changed (line 2 ",
    ),
    "swapped bodies": (swap_bodies, "its content was changed"),
    "edited body": (
        lambda b: b.files.update({first_body(b): b"nothing"}),
        "its content was changed",
    ),
    "removed body": (
        lambda b: b.files.pop(first_body(b)),
        "is listed by the manifest, but not in the archive",
    ),
    "edited report": (
        lambda b: b.replace_text("report.html", b"FAIL", b"PASS"),
        "report.html: its content was changed",
    ),
    "edited campaign.json": (replace_campaign, "campaign.json: its content was changed"),
    "edited JUnit": (
        lambda b: b.replace_text("junit.xml", b"failure", b"success"),
        "junit.xml: its content was changed",
    ),
    "edited ue.toml": (
        lambda b: b.replace_text("ue.toml", b"Muster", b"Mustar"),
        "ue.toml: its content was changed",
    ),
    "edited index of what was served": (
        lambda b: b.replace_text("served.json", b'"status": 200', b'"status": 201'),
        "served.json: its content was changed",
    ),
    "removed report": (
        lambda b: b.files.pop("report.html"),
        "report.html: is listed by the manifest, but not in the archive",
    ),
    "removed journal": (
        lambda b: b.files.pop(b.journal),
        "journal-main.jsonl: is listed by the manifest, but not in the archive",
    ),
    "added file": (
        lambda b: b.files.update({"notes.txt": b"all is well"}),
        "notes.txt: is in the archive, but the manifest does not list it",
    ),
    "added journal": (
        lambda b: b.files.update({"journal-gw9.jsonl": b.files[b.journal]}),
        "journal-gw9.jsonl: is in the archive, but the manifest does not list it",
    ),
    "edited manifest": (other_headline, "manifest.json: is not the one that the signature is for"),
    "removed manifest": (
        lambda b: b.files.pop(MANIFEST),
        "manifest.json: is missing or not as it was written",
    ),
    "removed signature": (
        lambda b: b.files.pop(SIGNATURE),
        "signature.json: is missing or not as it was written",
    ),
    "replaced signature": (
        lambda b: b.replace_text(SIGNATURE, b'"signature": "', b'"signature": "AAAA'),
        "signature.json: the signature does not fit what it is for",
    ),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_change_of_a_file_is_named(laboratory: Laboratory, tmp_path: Path, name: str) -> None:
    change, expected = IN_PLACE[name]
    bundle = opened(laboratory.bundle, tmp_path)
    change(bundle)
    bundle.pack(tmp_path / "b.zip")

    made = verified(laboratory, tmp_path / "b.zip")

    assert any(expected in one for one in told(made)), told(made)
    assert made.exit_code == 1


def pass_everywhere(bundle: Opened) -> None:
    """Turn every FAIL into a PASS, without leaving a trace in chains, reports and manifest."""

    def edit(events: list[Event]) -> None:
        for event in events:
            if event["kind"] == "verdict" and event["verdict"] == "FAIL":
                event |= {"verdict": "PASS", "findings": []}
            if event["kind"] == "judgement":
                event |= {"findings": [], "weighed": []}
            if event["kind"] == "step" and event["status"] == "failed":
                event["status"] = "passed"

    bundle.chain_again(edit)
    bundle.report_again()
    bundle.list_again()


def test_chained_and_listed_again_without_the_key_is_found(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    bundle = opened(laboratory.bundle, tmp_path)
    pass_everywhere(bundle)
    bundle.pack(tmp_path / "b.zip")

    made = verified(laboratory, tmp_path / "b.zip")

    assert "manifest.json: is not the one that the signature is for" in told(made)
    assert made.exit_code == 1


def test_old_signature_on_a_new_archive_does_not_fit(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    bundle = opened(laboratory.bundle, tmp_path)
    old = signature_of(bundle.files[SIGNATURE])
    assert old is not None
    bundle.manifest = {**bundle.manifest, "headline": "conformant"}
    bundle.sign(tmp_path / "b.zip", Ed25519PrivateKey.generate())
    forged = opened(tmp_path / "b.zip", tmp_path)
    new = signature_of(forged.files[SIGNATURE])
    assert new is not None
    kept = replace(new, public_key=old.public_key, signature=old.signature)
    forged.files[SIGNATURE] = kept.as_json()
    forged.pack(tmp_path / "c.zip")

    made = verified(laboratory, tmp_path / "c.zip")

    assert "signature.json: the signature does not fit what it is for" in told(made)


def test_untouched_content_under_another_key_is_an_unknown_signer_not_tampering(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    bundle = opened(laboratory.bundle, tmp_path)
    bundle.sign(tmp_path / "b.zip", Ed25519PrivateKey.generate())

    made = verified(laboratory, tmp_path / "b.zip")

    assert told(made) == []
    assert [one.split(" (")[0] for one in told(made, Kind.SIGNER)] == [
        "signature.json: signed by an unknown key"
    ]
    assert made.exit_code == 2


def test_bundle_that_nobody_signed_is_named_as_that(laboratory: Laboratory, tmp_path: Path) -> None:
    bundle = opened(laboratory.bundle, tmp_path)
    bundle.manifest = {
        **bundle.manifest,
        "not_certifiable_because": [
            *bundle.manifest["not_certifiable_because"],
            "nobody signs the bundle: give the laboratory's key (--key FILE)",
        ],
    }
    bundle.sign(tmp_path / "b.zip", None)

    made = verified(laboratory, tmp_path / "b.zip")

    assert told(made) == []
    assert told(made, Kind.SIGNER) == ["signature.json: nobody signed the bundle"]
    assert made.exit_code == 2


# With the laboratory's key: what is false although all digests fit -----------------------------


def of_first(kind: str, edit: Callable[[Event], object], **members: Any) -> Change:
    """Edit one event and chain, list, report and sign all again."""

    def change(bundle: Opened) -> None:
        index, _ = bundle.first(kind, **members)
        bundle.chain_again(lambda events: edit(events[index]))

    return change


def drop_first(kind: str, **members: Any) -> Change:
    def change(bundle: Opened) -> None:
        index, _ = bundle.first(kind, **members)
        bundle.chain_again(lambda events: events.pop(index))

    return change


def drop_findings_of_a_judgement(bundle: Opened) -> None:
    def edit(events: list[Event]) -> None:
        failed = next(e for e in events if e["kind"] == "verdict" and e["verdict"] == "FAIL")
        for event in events:
            if event["scenario"] == failed["scenario"] and event["kind"] == "judgement":
                event |= {"findings": [], "weighed": []}

    bundle.chain_again(edit)


def drop_failing_judgement(bundle: Opened) -> None:
    """Leave out a check that found something, its step, and its findings in the verdict."""

    def edit(events: list[Event]) -> None:
        found = next(e for e in events if e["kind"] == "judgement" and e["weighed"])
        events.remove(found)
        for event in events:
            if event["kind"] == "verdict" and event["scenario"] == found["scenario"]:
                event |= {"verdict": "PASS", "findings": []}
            if event["kind"] == "step" and event["scenario"] == found["scenario"]:
                event["status"] = "passed"

    bundle.chain_again(edit)


def swap_steps(events: list[Event]) -> None:
    first = next(i for i, e in enumerate(events) if e["kind"] == "step")
    events[first]["text"] = "all is well"


def other_sentences(events: list[Event]) -> None:
    for event in events:
        if event["kind"] == "step" and event["index"] == 1:
            event["text"] = "all is well"


def open_becomes_pass(events: list[Event]) -> None:
    event = next(e for e in events if e["kind"] == "verdict" and e["verdict"] == "INCONCLUSIVE")
    event |= {"verdict": "PASS", "reason": "", "explanation": ""}


def move_contact(events: list[Event]) -> None:
    for event in events:
        if event["kind"] == "judgement" and '"Contact"' in json.dumps(event["arguments"]):
            text = json.dumps(event["arguments"]).replace('"server": "', '"server": "other-')
            event["arguments"] = json.loads(text)
            return


def mend_exchange(events: list[Event]) -> None:
    found = next(e for e in events if e["kind"] == "judgement" and e["weighed"])
    exchange = next(e for e in events if e.get("name") == found["exchanges"][0])
    exchange["target"] += f"&code_challenge_method=S256&code_challenge={'x' * 43}"


WITH_THE_KEY: dict[str, tuple[Change, str]] = {
    "verdict that does not follow": (
        of_first("verdict", lambda e: e.update(verdict="PASS", findings=[]), verdict="FAIL"),
        "verdict: recorded PASS, follows FAIL",
    ),
    "open scenario told as passed": (
        lambda b: b.chain_again(open_becomes_pass),
        "it is recorded as PASS, but not every step passed",
    ),
    "finding left out of its judgement": (
        drop_findings_of_a_judgement,
        "recorded no findings, but run again it gives",
    ),
    "finding left out of the verdict": (
        of_first("verdict", lambda e: e["findings"].pop(), verdict="FAIL"),
        "findings: recorded",
    ),
    "finding made a warning": (
        of_first(
            "verdict",
            lambda e: [f.update(severity="WARNING") for f in e["findings"]],
            verdict="FAIL",
        ),
        "findings: recorded",
    ),
    "everything passed, without a trace": (pass_everywhere, "but run again it gives"),
    "check left out with its findings": (drop_failing_judgement, "verdict: recorded PASS"),
    "judgement of another exchange": (
        of_first("judgement", lambda e: e.update(exchanges=["X1", "X2", "X3"])),
        "its exchanges are not what the check takes and says",
    ),
    "judgement of an exchange that is not there": (
        of_first(
            "judgement",
            lambda e: e.update(arguments={n: {"$exchange": "X9999"} for n in e["arguments"]}),
        ),
        "'X9999', which is not in the record",
    ),
    "another check": (
        of_first("judgement", lambda e: e.update(check="muster.checks.identity.nothing")),
        "this version of Muster has no check named muster.checks.identity.nothing",
    ),
    "fewer requirements": (
        of_first("judgement", lambda e: e.update(requirements=[])),
        "its requirements are not what the check takes and says",
    ),
    "argument that the check does not take": (
        of_first("judgement", lambda e: e["arguments"].update(lenient=True)),
        "cannot be run again",
    ),
    "contact that nobody recorded": (
        lambda b: b.chain_again(move_contact),
        "a contact among its arguments is not in the record",
    ),
    "dropped exchange": (drop_first("exchange", name="X3"), "stands where X3 must"),
    "dropped step": (
        drop_first("step", index=1, status="started"),
        "a step ends that did not start",
    ),
    "dropped verdict": (drop_first("verdict", verdict="FAIL"), "has no verdicts"),
    "another sentence": (
        lambda b: b.chain_again(swap_steps),
        "a step ends that did not start",
    ),
    "other sentences": (
        lambda b: b.chain_again(other_sentences),
        "its steps are not those of the feature",
    ),
    "other tags": (
        lambda b: b.chain_again(lambda events: [s.update(tags=[]) for s in events[1]["scenarios"]]),
        "its title or tags are not those of the feature",
    ),
    "reordered events": (
        lambda b: b.chain_again(lambda events: events.insert(10, events.pop(14))),
        "its time is before that of the line above",
    ),
    "exchange that shows what was missing": (
        lambda b: b.chain_again(mend_exchange),
        "but run again it gives",
    ),
    "real UE instead of the built-in one": (
        lambda b: b.chain_again(
            lambda events: events[1]["subject"].update(builtin=False), CONTROLLER
        ),
        "manifest.json: it names another subject than the journal",
    ),
    "better headline": (other_headline, "its headline 'conformant' does not follow"),
    "certified without a right": (
        lambda b: setattr(b, "manifest", {**b.manifest, "certified": True}),
        "it says certified, but reasons stand against that",
    ),
    "reasons left out": (
        lambda b: setattr(b, "manifest", {**b.manifest, "not_certifiable_because": []}),
        "its reasons against certification do not follow",
    ),
    "heads of other chains": (
        lambda b: setattr(b, "manifest", {**b.manifest, "chain_heads": {}}),
        "the heads of the chains are not those it lists",
    ),
}


@pytest.mark.parametrize("name", WITH_THE_KEY)
def test_forgery_with_the_laboratorys_key_contradicts_itself(
    laboratory: Laboratory, tmp_path: Path, name: str
) -> None:
    change, expected = WITH_THE_KEY[name]
    bundle = opened(laboratory.bundle, tmp_path)
    change(bundle)
    bundle.report_again()
    bundle.list_again()
    bundle.sign(tmp_path / "b.zip", laboratory.key)

    made = verified(laboratory, tmp_path / "b.zip")

    assert any(expected in one for one in told(made)), told(made)
    assert made.of(Kind.SIGNER) == []
    assert made.exit_code == 1


def edited_report(bundle: Opened) -> None:
    bundle.replace_text("report.html", b"FAIL", b"PASS")


def test_report_that_does_not_follow_is_named_though_it_is_signed(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    bundle = opened(laboratory.bundle, tmp_path)
    edited_report(bundle)
    bundle.list_again()
    bundle.sign(tmp_path / "b.zip", laboratory.key)

    assert told(verified(laboratory, tmp_path / "b.zip")) == [
        "report.html: is not what the journals make"
    ]


def test_campaign_of_another_suite_is_named_as_that(laboratory: Laboratory, tmp_path: Path) -> None:
    bundle = opened(laboratory.bundle, tmp_path)
    bundle.chain_again(lambda events: events[1]["suite"].update(version="99.1"), CONTROLLER)
    bundle.list_again()
    bundle.sign(tmp_path / "b.zip", laboratory.key)

    made = verified(laboratory, tmp_path / "b.zip")

    assert told(made) == []
    assert [one.split(", this is")[0] for one in told(made, Kind.SUITE)] == [
        "suite: the campaign ran with Muster 99.1"
    ]
    assert (made.rederived, made.exit_code) == (None, 2)


# Single bits -----------------------------------------------------------------------------------


def test_single_flipped_bits_are_found_anywhere(laboratory: Laboratory, tmp_path: Path) -> None:
    """Bits of every part of the archive: contents, headers, signature, table of contents."""
    whole = laboratory.bundle.read_bytes()
    with zipfile.ZipFile(laboratory.bundle) as archive:
        last = archive.infolist()[-1].header_offset
        small = next(one for one in archive.infolist() if one.filename == "junit.xml")
    chosen = random.Random(7)
    ends = [len(whole) - 1, len(whole) - 40, 0, 5, small.header_offset + 8]
    places = [*ends, *chosen.sample(range(last), 3), *chosen.sample(range(last, len(whole)), 3)]
    unfound = []
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << chosen.randrange(8)
        (tmp_path / "b.zip").write_bytes(changed)
        try:
            made = verified(laboratory, tmp_path / "b.zip")
        except NoBundle:
            assert place < 2, "only a file that does not begin as an archive is no bundle"
            continue
        if made.exit_code != 1 or not made.of(Kind.ALTERED):
            unfound.append(place)

    assert unfound == []


def test_bytes_after_and_before_the_archive_are_found(
    laboratory: Laboratory, tmp_path: Path
) -> None:
    whole = laboratory.bundle.read_bytes()
    (tmp_path / "after.zip").write_bytes(whole + b"more")
    (tmp_path / "before.zip").write_bytes(b"PK" + whole)

    assert verified(laboratory, tmp_path / "after.zip").exit_code == 1
    assert verified(laboratory, tmp_path / "before.zip").exit_code == 1
