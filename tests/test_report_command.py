import json

from click.testing import CliRunner

from muster.report_command import report_command
from tests.reports.sample import write_sample


def run(*arguments):
    return CliRunner().invoke(report_command, [str(argument) for argument in arguments])


def test_all_files_are_made_again(tmp_path):
    done = run(write_sample(tmp_path))

    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == str(tmp_path / "report.html")
    assert json.loads((tmp_path / "campaign.json").read_text())["counts"]["FAIL"] == 2
    assert (tmp_path / "junit.xml").read_text().startswith("<?xml")


def test_exports_are_made_when_they_are_asked_for(tmp_path):
    done = run(write_sample(tmp_path), "--har", "--pcapng", "--cucumber", "--quiet")

    names = ("campaign.har", "sip.pcapng", "cucumber.ndjson")
    assert (done.exit_code, done.output.splitlines()) == (0, [str(tmp_path / n) for n in names])
    assert all((tmp_path / name).stat().st_size > 1_000 for name in names)


def test_campaign_cut_by_a_kill_is_reported(tmp_path):
    done = run(write_sample(tmp_path, cut=True), "--quiet")

    assert (done.exit_code, done.output) == (0, f"{tmp_path / 'report.html'}\n")


def test_folder_without_results_is_refused(tmp_path):
    done = run(tmp_path)

    assert (done.exit_code, done.stdout) == (64, "")
    assert done.stderr == (
        f"muster report: {tmp_path} holds no journal of a campaign (journal-*.jsonl)\n"
    )


def test_file_that_cannot_be_written_is_refused(tmp_path):
    (write_sample(tmp_path) / "report.html").mkdir()

    assert run(tmp_path).exit_code == 64
