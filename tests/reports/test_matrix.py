"""Which system saw what, as the report shows it."""

from dataclasses import replace

from muster.evidence import Exchange, Finding, HttpExchange, Judgement, TokenUse
from muster.results import ScenarioResult, Taken
from muster.seen import Seen
from muster.verdicts import Verdict
from reports import tables
from reports.matrix import Cell, Row, matrix
from reports.tables import tables_of

ALICE = "sip:alice@primary.example"
ACCESS = TokenUse("masked-a", "access", "primary", ALICE, (), False, "authorization")


def exchange(name: str, system: str, server: str, *tokens: TokenUse, body: str = "") -> Exchange:
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    return HttpExchange(
        name, 1.0, 2.0, system, server, "C1", "POST", "/x", form, body.encode(), 200, (), b"",
        "TLSv1.3", tokens,
    )  # fmt: skip


def scenario(*what: object) -> ScenarioResult:
    events = tuple(Seen(1.0, 0, one) for one in what)  # type: ignore[arg-type]
    return ScenarioResult(
        "migration/x.feature:1", "t", "migration/x.feature", "f", "migration", 1, (), (), "mcptt",
        Verdict.PASS, "", "", (), 0.1, 1.0, (), events, "w",
    )  # fmt: skip


def found(requirement: str, name: str) -> Taken:
    check = "muster.checks.leaks.no_system_sees_what_belongs_to_another"
    finding = Finding(requirement, "e", "o", name)
    return Taken(Judgement(check, (requirement,), {}, (name,), (finding,)), ())


AT_HOME = exchange("X1", "primary", "cms", ACCESS)
ABROAD = exchange("X2", "partner", "gms", ACCESS)


def test_scenario_with_one_system_has_no_matrix() -> None:
    assert matrix(scenario(AT_HOME)) is None


def test_each_system_has_a_column_and_each_token_a_row() -> None:
    laid = matrix(scenario(ABROAD, AT_HOME))

    assert laid is not None
    assert laid.systems == ("primary", "partner")
    assert laid.rows == (
        Row(
            "access token",
            "primary",
            (Cell(("cms",), "X1", False), Cell(("gms",), "X2", False)),
        ),
    )
    assert laid.leaks == 0


def test_what_the_check_of_leaks_found_is_marked() -> None:
    laid = matrix(scenario(AT_HOME, ABROAD, found("TS33180-B.7.1-01", "X2")))

    assert laid is not None
    assert laid.rows[0].cells == (Cell(("cms",), "X1", False), Cell(("gms",), "X2", True))
    assert laid.leaks == 1


def test_finding_of_another_kind_marks_no_token() -> None:
    laid = matrix(scenario(AT_HOME, ABROAD, found("TS23280-10.1.1.2-38", "X2")))

    assert laid is not None
    assert laid.leaks == 0


def test_security_token_can_leak_at_home_too() -> None:
    security = replace(ACCESS, kind="security", owner="")
    shown = exchange("X3", "primary", "idms", security)

    laid = matrix(scenario(shown, ABROAD, found("TS33180-B.7.1-05", "X3")))

    assert laid is not None
    assert [(row.what, row.cells[0]) for row in laid.rows][-1] == (
        "security token",
        Cell(("idms",), "X3", True),
    )


def test_security_token_is_named_after_the_system_it_was_made_for() -> None:
    label = "masked-security-5ecc0ffee003"
    asked = exchange(
        "X6", "primary", "idms", ACCESS, body="resource=https://idms.partner.example/t"
    )
    given = replace(asked, response_body=f'{{"access_token": "{label}"}}'.encode())
    shown = exchange("X7", "partner", "idms", replace(ACCESS, label=label, kind="security"))
    there = replace(ACCESS, issuer="partner", owner="sip:visitor@partner.example")

    laid = matrix(scenario(given, shown, exchange("X8", "partner", "cms", there)))

    assert laid is not None
    assert Row(
        "security token for partner", "primary", (None, Cell(("idms",), "X7", False))
    ) in list(laid.rows)


def test_identity_is_shown_wherever_it_is_named() -> None:
    named = exchange("X4", "partner", "kms", body=f"<UserUri>{ALICE}</UserUri>")

    laid = matrix(scenario(AT_HOME, named))

    assert laid is not None
    assert laid.rows[-1] == Row(ALICE, "primary", (None, Cell(("kms",), "X4", False)))


def test_password_is_one_row_whatever_its_value() -> None:
    asked = exchange("X5", "partner", "idms", body="username=a&password=masked-password-1")

    laid = matrix(scenario(AT_HOME, asked, found("TS23280-10.6.3-01", "X5")))

    assert laid is not None
    assert ("the user's password", Cell(("idms",), "X5", True)) in [
        (row.what, row.cells[1]) for row in laid.rows
    ]


def test_report_shows_the_matrix() -> None:
    one = scenario(AT_HOME, ABROAD, found("TS33180-B.7.1-01", "X2"))

    (table,) = tables_of(one)

    assert (table.title, table.warning) == ("Which system saw what", "1 leak")
    assert table.rows[0][3] == tables.Cell("leak: gms", "", "X2", bad=True)
