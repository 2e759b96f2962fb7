"""What `muster verify` found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from muster.audit.verification import Kind, Verified
from muster.evidence import Json

HEADLINES = {
    Kind.ALTERED: "ALTERED: this is not what the campaign wrote.",
    Kind.SIGNER: "NOT VERIFIED: nothing was found altered, but the signer is not the one expected.",
    Kind.SUITE: "NOT VERIFIED: nothing was found altered, but another suite made it.",
    Kind.INCOMPLETE: "NOT VERIFIED: nothing was found altered, but not all can be derived again.",
}


TRUSTED = (
    "which exchanges a step gave to its check, plain arguments of checks, why a scenario stopped"
)


def headline(made: Verified) -> str:
    """Say in one line what is known; the gravest kind of remark decides."""
    for kind, told in HEADLINES.items():
        if made.of(kind):
            return told
    return "VERIFIED: every byte, the signature, every report and every verdict hold."


def as_lines(made: Verified, most: int) -> Iterator[str]:
    """Yield the lines of the answer; of many remarks the first are shown."""
    yield headline(made)
    for remark in made.remarks[:most]:
        yield f"  {remark.kind} {remark.where}: {remark.told}"
    if len(made.remarks) > most:
        yield f"  and {len(made.remarks) - most} more remarks (--json shows all)"
    subject = made.manifest.get("subject")
    if isinstance(subject, dict):
        named = (str(subject.get(name, "")) for name in ("vendor", "model", "software"))
        yield f"subject: {' '.join(named)}"
    yield f"headline of the bundle: {made.manifest.get('headline', 'none')}"
    for reason in made.manifest.get("not_certifiable_because", ()):
        yield f"  not certifiable: {reason}"
    yield f"signed by: {made.signer or 'nobody'}"
    yield f"files: {made.files}"
    again = made.rederived
    if again is None:
        yield "verdicts: not derived again"
        return
    yield f"verdicts derived again: {again.verdicts}, by running {again.judgements} checks again"
    if again.attested:
        facts = ", ".join(f"{name} ({number})" for name, number in sorted(again.attested.items()))
        yield f"attested by the servers of the suite, not derived (exchanges): {facts}"
    yield f"taken as recorded: {TRUSTED}"
    for note in made.notes[:most]:
        yield f"  note: {note}"


def as_document(made: Verified) -> dict[str, Json]:
    """Return all of it as JSON."""
    again = made.rederived
    return {
        "headline": headline(made),
        "exit_code": made.exit_code,
        "remarks": [{"kind": r.kind.value, "where": r.where, "told": r.told} for r in made.remarks],
        "subject": made.manifest.get("subject"),
        "bundle_headline": made.manifest.get("headline"),
        "not_certifiable_because": made.manifest.get("not_certifiable_because"),
        "signer": made.signer,
        "files": made.files,
        "verdicts_derived": again.verdicts if again else 0,
        "checks_run_again": again.judgements if again else 0,
        "attested": dict(sorted(again.attested.items())) if again else {},
        "notes": list(made.notes),
    }
