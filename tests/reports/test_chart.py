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


def test_arrows_run_the_way_the_request_ran(sample):
    rows = {row.name: row for row in chart(sample.scenarios[4]).rows if row.name}

    assert rows["X19"].x1 < rows["X19"].x2
    assert rows["X20"].label == "NOTIFY ue"
    assert rows["X20"].x1 > rows["X20"].x2


def test_exchange_of_a_finding_stands_out(sample):
    tones = {row.name: row.tone for row in chart(sample.scenarios[4]).rows if row.name}

    assert {name for name, tone in tones.items() if tone == "finding"} == {"X21"}


def test_scenario_without_wire_has_no_chart(sample):
    assert chart(sample.scenarios[5]) is None
