"""A campaign against a faulty UE, and its bundle signed by a laboratory.

Its report.html is a short one here, so that a hundred bundles can be verified in seconds; the real
one is made and verified by the commands, in processes of their own.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muster.audit.bundling import make_bundle
from muster.requirements import Catalogue
from muster.results import Results
from tests.conftest import Ran, call_muster

UE = "faulty:no_pkce"
FEATURES = ("bootstrap/certificates.feature", "identity/sign_in.feature")


@dataclass(frozen=True)
class Laboratory:
    """What the tests of bundles share; nobody may change its files."""

    results: Path
    bundle: Path
    key: Ed25519PrivateKey


@pytest.fixture(scope="session")
def faulty_campaign(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A campaign with PASS, FAIL and INCONCLUSIVE in it."""
    return call_muster(tmp_path_factory.mktemp("campaign"), "run", "--driver", UE, *FEATURES)


@pytest.fixture(autouse=True)
def short_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.html.write_html", write_short_report)


def write_short_report(results: Results, catalogue: Catalogue, path: Path) -> None:
    lines = (f"<p>{one.verdict} {one.id} {len(one.findings)}" for one in results.scenarios)
    path.write_text("\n".join(lines))


@pytest.fixture(scope="session")
def laboratory(faulty_campaign: Ran, tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    key = Ed25519PrivateKey.generate()
    path = tmp_path_factory.mktemp("bundle") / "campaign.bundle.zip"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.html.write_html", write_short_report)
        make_bundle(faulty_campaign.results_folder, path, key)
    return Laboratory(faulty_campaign.results_folder, path, key)
