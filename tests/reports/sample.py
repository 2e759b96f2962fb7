"""Writes a realistic results folder with the journal itself: every verdict, both protocols."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from muster.evidence import (
    Fields,
    Finding,
    HttpExchange,
    Json,
    Judgement,
    SipAnswer,
    SipExchange,
    TokenUse,
)
from muster.journal import Journal, now
from muster.requirements import Catalogue, Requirement, Source
from muster.verdicts import Verdict

ALICE = "sip:alice-3fa2@primary-3fa2.example"
ALICE_ABROAD = "sip:visitor-77c1@partner-77c1.example"
ACCESS = TokenUse(
    label="masked-access-1f00c0ffee01",
    kind="access",
    issuer="primary",
    owner=ALICE,
    scopes=("openid", "3gpp:mc:ptt_config_management_service"),
    expired=False,
    place="authorization",
)
PARTNER_ACCESS = replace(
    ACCESS, label="masked-access-77c1c0ffee02", issuer="partner", owner=ALICE_ABROAD
)
SECURITY = replace(ACCESS, label="masked-security-5ecc0ffee003", kind="security", place="body")
EXPIRED = replace(ACCESS, label="masked-access-01dc0ffee004", expired=True)

PROFILE = """<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0" XUI-URI="{user}" \
user-profile-index="1"><Name xml:lang="en">On duty</Name><Status>true</Status>\
<Pre-selected-indication/><Common index="1"><UserAlias><alias-entry index="1">Alice</alias-entry>\
</UserAlias><MCPTTUserID><uri-entry>{user}</uri-entry></MCPTTUserID></Common><OnNetwork index="1">\
<MCPTTGroupInfo><entry><uri-entry>sip:fireground-1@primary-3fa2.example</uri-entry></entry>\
</MCPTTGroupInfo></OnNetwork></mcptt-user-profile>"""
UE_CONFIG = """<mcptt-UE-configuration domain="primary-3fa2.example" \
xmlns="urn:3gpp:mcptt:mcpttUEConfig:1.0"><common><private-call><Max-Simul-Call-N10>2\
</Max-Simul-Call-N10></private-call></common><on-network/></mcptt-UE-configuration>"""
DIFF = """<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" \
xcap-root="https://cms.primary-3fa2.example:41007/xcap-5d1e"><document \
sel="org.3gpp.mcptt.user-profile/users/{user}/mcptt-user-profile-1.xml" new-etag="&quot;v2&quot;"/>\
</xcap-diff>"""

CITED = {
    "bootstrap": ("TS23280-10.1.1.1-01",),
    "ue_configuration": ("TS24484-8.2-01", "TS24484-6.2.2-03"),
    "user_profile": ("TS24484-8.3-01",),
    "updates": ("TS23280-10.1.1.2-04",),
    "migration": ("TS23280-10.1.1.2-05", "TS33180-5.1-09"),
    "robustness": ("TS24484-6.2.2-07",),
}


STATEMENTS = {
    "TS23280-10.1.1.1-01": "The UE obtains its initial configuration before anything else.",
    "TS24484-8.2-01": "The UE configuration is asked for under the ID of the UE's own.",
    "TS24484-6.2.2-03": "A request for a document carries an access token of the user.",
    "TS24484-8.3-01": "The pre-selected user profile becomes active at service authorisation.",
    "TS23280-10.1.1.2-04": "A changed document is fetched with the version that the UE holds.",
    "TS23280-10.1.1.2-05": "Profiles of the partner are fetched before authorisation there.",
    "TS33180-5.1-09": "The access token of the primary system is exchanged for a security token.",
    "TS24484-6.2.2-07": "A refusal by the primary CMS is not carried to the partner CMS.",
    "TS24484-9.9-01": "A requirement that no scenario of the sample cites.",
}


def sample_catalogue() -> Catalogue:
    """A catalogue of the requirements that the sample cites, and one more."""

    def row(name: str, statement: str) -> Requirement:
        number, clause = name.removeprefix("TS").split("-")[:2]
        document = f"TS {number[:2]}.{number[2:]}"
        source = Source(document, "CR", 18)
        clause = f"{document} {clause}"
        return Requirement(name, clause, "shall", "ue", "CMC", statement, 18, (source,))

    return Catalogue(Path("sample"), {name: row(name, STATEMENTS[name]) for name in STATEMENTS}, {})


@dataclass
class Telling:
    """Writes the events of one scenario."""

    journal: Journal
    steps: int = 0
    findings: list[Finding] = field(default_factory=list)

    def step(self, keyword: str, text: str, status: str = "passed") -> None:
        members = {"keyword": keyword, "text": text, "line": 10 + self.steps}
        self.journal.write("step", **members, status="started", index=self.steps)
        self._end = {**members, "status": status, "index": self.steps}
        self.steps += 1

    def done(self) -> None:
        self.journal.write("step", **self._end)

    def stimulus(self, operation: str, answer: str = "done", reason: str = "", **more: str) -> None:
        at = now()
        members = {"operation": operation, "arguments": more, "answer": answer, "reason": reason}
        self.journal.write("stimulus", **members, started=at, ended=at + 0.012)

    def http(self, system: str, server: str, summary: str, status: int, **more: Json) -> str:
        method, _, target = summary.partition(" ")
        return self.journal.exchange(http(system, server, method, target, status, **more)).name

    def sip(self, system: str, summary: str, status: int, **more: Json) -> str:
        method, _, uri = summary.partition(" ")
        return self.journal.exchange(sip(system, method, uri, status, **more)).name

    def judge(self, check: str, requirement: str, statement: str, *names: str) -> None:
        self.judged(Judgement(check, (requirement,), {}, names, (), statement), "")

    def judged(self, judgement: Judgement, severity: str) -> None:
        weighed = [replace(finding, severity=severity) for finding in judgement.findings]
        self.findings.extend(weighed)
        self.journal.judgement(judgement, weighed)

    def depart(
        self, check: str, requirement: str, expected: str, observed: str, name: str, severity: str
    ) -> None:
        found = Finding(requirement, expected, observed, name)
        self.judged(Judgement(check, (requirement,), {}, (name,), (found,), check), severity)

    def verdict(self, verdict: Verdict, reason: str = "", explanation: str = "") -> None:
        self.journal.write(
            "verdict",
            verdict=verdict.value,
            reason=reason,
            explanation=explanation,
            findings=[{**vars(finding), "through": []} for finding in self.findings],
            duration=0.184,
        )


def http(
    system: str, server: str, method: str, target: str, status: int | None, **more: Json
) -> HttpExchange:
    at = now()
    made = HttpExchange(
        name="",
        started=at,
        ended=at + 0.004,
        system=system,
        server=server,
        connection=f"{server}-1",
        method=method,
        target=target,
        headers=(("Host", f"{server}.{system}-3fa2.example:41007"), ("Accept", "*/*")),
        body=b"",
        status=status,
        response_headers=(("ETag", '"v1"'), ("Server", "muster")),
        response_body=b"",
        tls="TLSv1.3",
    )
    return replace(made, **more)


def bearer(token: TokenUse) -> Fields:
    host = f"cms.{token.issuer}.example:41007"
    return (("Host", host), ("Authorization", f"Bearer {token.label}"))


def sip(system: str, method: str, uri: str, status: int | None, **more: Json) -> SipExchange:
    at = now()
    answers = () if status is None else (SipAnswer(status, "OK", (("CSeq", f"1 {method}"),), b""),)
    made = SipExchange(
        name="",
        started=at,
        ended=at + 0.003,
        system=system,
        server="sip",
        connection="udp-1",
        direction="from_ue",
        transport="udp",
        method=method,
        request_uri=uri,
        headers=(
            ("Via", "SIP/2.0/UDP 127.34.2.9:5062;branch=z9hG4bKa71;rport"),
            ("From", f"<{ALICE}>;tag=88f1"),
            ("To", f"<{ALICE}>"),
            ("Call-ID", "a7c1-44e0@127.34.2.9"),
            ("CSeq", f"1 {method}"),
        ),
        body=b"",
        responses=answers,
    )
    return replace(made, **more)


def entry(area: str, title: str, line: int, feature_title: str, **more: Json) -> dict[str, Json]:
    feature = f"{area}/retrieval.feature"
    return {
        "id": f"{feature}:{line}",
        "title": title,
        "feature": feature,
        "feature_title": feature_title,
        "area": area,
        "line": line,
        "tags": ["client", *CITED[area]],
        "requirements": list(CITED[area]),
        "service": "mcptt",
        "applicable": True,
        "ics": "",
        **more,
    }


SCENARIOS = (
    entry("bootstrap", "The terminal reads its initial configuration", 14, "Bootstrap"),
    entry(
        "ue_configuration", "The client fetches its own UE configuration", 17, "UE configuration"
    ),
    entry("user_profile", "The pre-selected profile becomes active", 21, "User profiles"),
    entry("updates", "A changed profile is fetched again", 12, "Updates during service"),
    entry("migration", "Alice migrates to the partner system", 18, "Migration"),
    entry(
        "migration",
        "Alice returns home",
        41,
        "Migration",
        applicable=False,
        ics="migration and return_home",
    ),
    entry("robustness", "A refusal is not carried to the partner CMS", 9, "Robustness"),
    entry("robustness", "An untrusted CMS certificate is refused", 31, "Robustness"),
)


def write_sample(folder: Path, builtin: bool = True, cut: bool = False) -> Path:
    """Write a results folder; `cut` leaves it as kill -9 would."""
    controller, worker = Journal(folder, "controller"), Journal(folder, "gw0")
    open_campaign(controller, builtin)
    worker.write("collected", scenarios=list(SCENARIOS))
    tellers = (passes, departs, is_silent, is_warned, migrates, is_not_applicable, errs)
    for number, (scenario, tell) in enumerate(zip(SCENARIOS, tellers, strict=False)):
        worker.begin(scenario["id"])
        worker.write("scenario-started")
        tell(Telling(worker))
        if cut and number == 3:
            with worker.path.open("ab") as file:
                file.write(b'{"kind":"exchange","time":17')
            return kill(controller, worker).folder
    worker.scenario = ""
    worker.close()
    close_campaign(controller, {worker.path.name: worker.head})
    return folder


def kill(*journals: Journal) -> Journal:
    """End journals as a killed process does: the files are closed, and nothing more is written."""
    for journal in journals:
        journal._file.close()
    return journals[-1]


def open_campaign(controller: Journal, builtin: bool = True) -> None:
    subject = {"vendor": "Muster", "model": "reference UE", "software": "0.1", "builtin": True}
    if not builtin:
        subject = {"vendor": "Nordhorn", "model": "H7", "software": "4.2.1", "builtin": False}
    controller.write(
        "campaign",
        suite={"name": "muster-mcx", "version": "0.1.0"},
        subject={**subject, "driver": "reference" if builtin else "http"},
        ics={"services": ["mcptt"], "migration": True, "return_home": False, "group_key": True},
        ixit={
            "clock_scale": 1.0,
            "ue_id": "ue-alice-1",
            "pin": "masked-password-a1b2c3d4e5f6",
        },
        environment={
            "python": "3.11.9",
            "platform": "Linux x86_64",
            "packages": {"aiohttp": "3.14.5", "lxml": "6.1.3", "xmlschema": "4.3.2"},
        },
        command=["muster", "run"],
        seed=20260214,
        release=18,
    )


def close_campaign(controller: Journal, heads: dict[str, str]) -> None:
    died = {"reason": "worker_died", "explanation": "worker gw1 ended without a word"}
    controller.write(
        "verdict",
        scenario=SCENARIOS[7]["id"],
        verdict="NOT_RUN",
        **died,
        findings=[],
        duration=0.0,
    )
    controller.write("chain-heads", heads=heads)
    controller.close()


# The scenarios ---------------------------------------------------------------------------------


def signed_in(tell: Telling) -> None:
    tell.step("Given", "Alice is signed in at the primary identity server")
    tell.stimulus("sign_in", user="alice")
    ask = "GET /auth-91c?response_type=code&client_id=ue&state=masked-state-0c0ffee00ca1"
    tell.http("primary", "idms", ask, 200, response_body=b"<form id='login'></form>")
    form = b"grant_type=authorization_code&code=masked-code-c0dec0ffee05&client_id=ue"
    answer = {
        "access_token": ACCESS.label,
        "id_token": "masked-id-1dc0ffee0006",
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    tell.http(
        "primary",
        "idms",
        "POST /token-1b7",
        200,
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        body=form,
        response_headers=(("Content-Type", "application/json"), ("Cache-Control", "no-store")),
        response_body=json.dumps(answer).encode(),
        tokens=(replace(ACCESS, place="body"),),
    )
    tell.done()


def fetch(tell: Telling, system: str, server: str, target: str, **more: Json) -> str:
    token = PARTNER_ACCESS if system == "partner" else ACCESS
    user = ALICE_ABROAD if system == "partner" else ALICE
    served = {
        "headers": bearer(token),
        "tokens": (token,),
        "response_headers": (
            ("Content-Type", "application/vnd.3gpp.mcptt-user-profile+xml"),
            ("ETag", '"v1"'),
        ),
        "response_body": PROFILE.format(user=user).encode(),
    }
    return tell.http(system, server, f"GET {target}", 200, **{**served, **more})


def subscribe(tell: Telling, system: str) -> str:
    token = PARTNER_ACCESS if system == "partner" else ACCESS
    body = (
        "--b1\r\nContent-Type: application/vnd.3gpp.mcptt-info+xml\r\n\r\n<mcpttinfo><mcptt-Params>"
        f"<mcptt-access-token>{token.label}</mcptt-access-token></mcptt-Params></mcpttinfo>\r\n"
        "--b1\r\nContent-Type: application/resource-lists+xml\r\n\r\n<resource-lists><list><entry "
        f'uri="org.3gpp.mcptt.user-profile/users/{ALICE}/"/></list></resource-lists>\r\n--b1--\r\n'
    )
    more = (
        ("Event", "xcap-diff"),
        ("Accept", "application/xcap-diff+xml"),
        ("Content-Type", "multipart/mixed;boundary=b1"),
    )
    seen = sip(system, "SUBSCRIBE", f"sip:cms-psi@{system}-3fa2.example", 200)
    return tell.journal.exchange(
        replace(seen, headers=(*seen.headers, *more), body=body.encode(), tokens=(token,))
    ).name


def notify(tell: Telling, system: str) -> str:
    seen = sip(system, "NOTIFY", "sip:ue@127.34.2.9:5062", 200, direction="to_ue")
    headers = (*seen.headers, ("Content-Type", "application/xcap-diff+xml"))
    return tell.journal.exchange(
        replace(seen, headers=headers, body=DIFF.format(user=ALICE).encode())
    ).name


def passes(tell: Telling) -> None:
    tell.step("When", "Alice's terminal is switched on")
    tell.stimulus("power_on")
    name = fetch(tell, "primary", "bootstrap", "/init-0d41.xml", tokens=(), headers=())
    tell.done()
    tell.step("Then", "the bootstrap server of the primary system is asked first")
    statement = "The first request of the UE goes to the bootstrap server."
    tell.judge("muster.checks.bootstrap.asks_first", CITED["bootstrap"][0], statement, name)
    tell.done()
    tell.verdict(Verdict.PASS)


def departs(tell: Telling) -> None:
    signed_in(tell)
    tell.step("When", "the client under test starts its configuration")
    tell.stimulus("start_service", service="mcptt")
    subscribe(tell, "primary")
    notify(tell, "primary")
    path = f"/xcap-5d1e/org.3gpp.mcptt.ue-config/users/{ALICE}/ue-bob-1"
    name = fetch(tell, "primary", "cms", path, response_body=UE_CONFIG.encode())
    tell.done()
    tell.step("Then", "the primary CMS is asked for the UE configuration of Alice's terminal")
    first, second = CITED["ue_configuration"]
    wanted = path.replace("bob", "alice")
    check = "muster.checks.ue_configuration.asks_for_own_ue_configuration"
    tell.depart(check, first, wanted, path, name, "FAIL")
    tell.done()
    tell.step("And", "that request carries Alice's access token")
    statement = "The request carries an access token of the user."
    tell.judge("muster.checks.tokens.carries_own_token", second, statement, name)
    tell.done()
    tell.verdict(Verdict.FAIL)


def is_silent(tell: Telling) -> None:
    signed_in(tell)
    tell.step("When", "the primary CMS tells of a new profile", status="stopped")
    tell.journal.write("wait", begins=now(), ends=now() + 5, scale=1.0, after="the 200 to X4")
    tell.done()
    told = "no SUBSCRIBE came within 5 s, and nothing shows that the UE was asked in time"
    tell.verdict(Verdict.INCONCLUSIVE, "ue_silent", told)


def is_warned(tell: Telling) -> None:
    signed_in(tell)
    tell.step("When", "the profile changes during service")
    notify(tell, "primary")
    name = fetch(tell, "primary", "cms", f"/xcap-5d1e/users/{ALICE}/mcptt-user-profile-1.xml")
    tell.done()
    tell.step("Then", "the changed profile is fetched conditionally")
    check = "muster.checks.xcap.fetches_conditionally"
    requirement = CITED["updates"][0]
    tell.depart(check, requirement, 'If-None-Match: "v1"', "no If-None-Match", name, "WARNING")
    tell.done()
    tell.verdict(Verdict.PASS)


def migrates(tell: Telling) -> None:
    signed_in(tell)
    tell.step("When", "Alice migrates to the partner system")
    tell.stimulus("migrate", service="mcptt", partner="partner-77c1.example", profile="2")
    exchange = "POST /token-1b7"
    tell.http("primary", "idms", exchange, 200, tokens=(replace(ACCESS, place="body"), SECURITY))
    tell.http("partner", "idms", "POST /token-e09", 200, tokens=(SECURITY,))
    tell.sip("partner", "REGISTER sip:partner-77c1.example", 200)
    last = subscribe(tell, "partner")
    tell.sip("partner", "PUBLISH sip:mcptt-psi@partner-77c1.example", 200)
    notify(tell, "partner")
    profile = fetch(tell, "partner", "cms", f"/x-77/users/{ALICE_ABROAD}/mcptt-user-profile-1.xml")
    fetch(tell, "partner", "gms", "/g-77/global/byGroupID/sip:fireground-9@partner-77c1.example")
    tell.done()
    tell.step("Then", "the partner's profile is fetched before service authorisation there")
    first, second = CITED["migration"]
    check = "muster.checks.migration.profile_before_service_authorisation"
    tell.depart(check, first, "GET of the profile, then PUBLISH", "PUBLISH first", profile, "FAIL")
    tell.judge("muster.checks.migration.token_is_exchanged", second, "A token is exchanged.", last)
    tell.done()
    tell.verdict(Verdict.FAIL)


def is_not_applicable(tell: Telling) -> None:
    tell.verdict(Verdict.NOT_APPLICABLE, "migration and return_home", "the ICS does not claim it")


def errs(tell: Telling) -> None:
    signed_in(tell)
    tell.step("When", "the primary CMS refuses Alice's access token", status="failed")
    more = {"connection": "cms-4", "alert": "unknown_ca"}
    tell.journal.connection("primary", "cms", event="tls-failed", **more)
    path = f"/xcap-5d1e/users/{ALICE}/"
    tell.http("primary", "cms", f"GET {path}", 403, headers=bearer(EXPIRED), tokens=(EXPIRED,))
    tell.journal.crash("primary cms", RuntimeError("no document is held"))
    tell.done()
    tell.verdict(Verdict.ERROR, "suite_error", "RuntimeError: no document is held")
