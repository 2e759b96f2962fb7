import io
from dataclasses import replace

from rich.console import Console

from reports.terminal import print_summary
from tests.reports.sample import sample_catalogue


def printed(results):
    console = Console(file=io.StringIO(), width=100, color_system=None)
    print_summary(results, sample_catalogue(), console)
    return console.file.getvalue()


def test_summary_counts_by_area_and_in_all(sample):
    lines = [" ".join(line.split()) for line in printed(sample).splitlines()]

    assert "area selected pass fail inconclusive n/a error not run" in lines
    assert "Migration 2 0 1 0 1 0 0" in lines
    assert "all 8 2 2 1 1 1 1" in lines


def test_findings_are_told_with_clause_and_place(sample):
    told = printed(sample)

    assert "FAIL TS24484-8.2-01 TS 24.484 8.2, shall, verified" in told
    assert "X6 in ue_configuration/retrieval.feature:17" in told


def test_last_line_is_the_headline(sample):
    assert printed(sample).splitlines()[-1] == (
        "ERROR  1 of 7 applicable scenarios ended in an error of the suite. 2 failed."
    )


def test_reference_ue_is_named(sample):
    assert "built-in reference UE: never certifiable" in printed(sample)


def test_text_of_a_ue_is_neither_markup_nor_an_escape_sequence(sample):
    silent = replace(sample.scenarios[2], explanation="[bold]\x1b[2J[/nope]", reason="ue_silent")

    told = printed(replace(sample, scenarios=(silent,)))

    assert "[bold]␛[2J[/nope]" in told
