from reports.chart import chart


def test_lifelines_are_the_servers_that_took_part_primary_first(sample):
    drawn = chart(sample.scenarios[4])

    assert [(line.system, line.server) for line in drawn.lifelines] == [
        ("primary", "idms"),
        ("partner", "idms"),
        ("partner", "cms"),
        ("partner", "gms"),
        ("partner", "sip"),
    ]


def test_rows_follow_each_other_as_it_happened(sample):
    rows = chart(sample.scenarios[4]).rows

    assert [(row.kind, row.name or row.label) for row in rows][:4] == [
        ("stimulus", "sign_in: done"),
        ("exchange", "X13"),
        ("exchange", "X14"),
        ("stimulus", "migrate: done"),
    ]


def test_row_names_the_lifeline_of_its_server(sample):
    rows = {row.name: row for row in chart(sample.scenarios[4]).rows if row.name}

    assert (rows["X13"].line, rows["X19"].line) == (0, 4)


def test_exchange_of_a_finding_stands_out(sample):
    tones = {row.name: row.tone for row in chart(sample.scenarios[4]).rows if row.name}

    assert {name for name, tone in tones.items() if tone == "finding"} == {"X21"}


def test_failed_tls_is_a_row_of_its_own(sample):
    rows = chart(sample.scenarios[6]).rows

    assert [(row.label, row.tone) for row in rows if row.kind == "connection"] == [
        ("tls-failed unknown_ca", "refused")
    ]


def test_scenario_without_wire_has_no_chart(sample):
    assert chart(sample.scenarios[5]) is None
