"""A campaign against a faulty UE, and its bundle signed by a laboratory."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from muster.audit.bundling import make_bundle
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


@pytest.fixture(scope="session")
def laboratory(faulty_campaign: Ran, tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    key = Ed25519PrivateKey.generate()
    path = tmp_path_factory.mktemp("bundle") / "campaign.bundle.zip"
    make_bundle(faulty_campaign.results_folder, path, key)
    return Laboratory(faulty_campaign.results_folder, path, key)
