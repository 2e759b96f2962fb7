"""No secret of a whole life of the reference UE stands in any file of the results folder."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.protocol import mikey_sakke, oidc
from muster.ue.driver import DONE, Credentials, Driver, Provisioning
from muster.ue.registry import make_driver
from stubs.kms import PERIOD, user_keys
from stubs.loop import LoopThread
from stubs.world import World
from tests.stubs.stub_helpers import running_world


@pytest.fixture(scope="module")
def verifiers() -> Iterator[list[str]]:
    """The code verifiers that the UE makes; nobody else ever holds one."""
    made: list[str] = []
    original = oidc.generate_verifier

    def remembered() -> str:
        made.append(original())
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(oidc, "generate_verifier", remembered)
        yield made


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory,
    loop: LoopThread,
    schemas: SchemaSet,
    authority: trustme.CA,
    verifiers: list[str],
) -> World:
    """A world in which the reference UE lived its whole life; it is over."""
    folder = tmp_path_factory.mktemp("results")
    with running_world(folder, loop, schemas, authority) as world:
        driver = make_driver("reference")
        try:
            live(world, driver)
        finally:
            driver.close()
    return world


def live(world: World, driver: Driver) -> None:
    terminal = world.terminal
    driver.reset(
        Provisioning(
            bootstrap_uri=world.bootstrap_uri,
            mcs_ue_id=terminal.mcs_ue_id,
            instance_id=terminal.instance_id,
            client_id=terminal.client_id,
            redirect_uri=terminal.redirect_uri,
            public_identity=world.primary.identity("ims-subscriber"),
            trusted_ca_pem=world.authority.cert_pem.bytes(),
            hosts=world.hosts,
        )
    )
    wrong = Credentials(world.username("alice"), "wrong-password-1")
    right = Credentials(world.username("alice"), world.passwords["alice"])
    assert driver.power_on() == DONE
    assert not driver.sign_in("alice", wrong).is_done
    answers = [
        driver.sign_in("alice", right),
        driver.start_service("mcptt"),
        driver.select_profile("mcptt", 0),
        driver.select_profile("mcptt", 1),
    ]
    world.on_loop(lambda: world.put_service_configuration("primary", "PT45S"))
    assert driver.quiet(10)
    partner = world.systems["partner"].access.system_id
    answers += [driver.migrate("mcptt", partner, 1), driver.return_home(), driver.power_off()]
    assert answers == [DONE] * 7


def secrets_of(world: World, verifiers: list[str]) -> dict[str, str]:
    found = {f"password of {user}": one for user, one in world.passwords.items()}
    found["typed password"] = "wrong-password-1"
    for number, token in enumerate(world.ledger._issued.values()):
        found[f"{token.kind} {number} of {token.issuer}"] = token.value
    found |= {f"verifier {number}": value for number, value in enumerate(verifiers)}
    return found


def forms(secret: bytes) -> set[bytes]:
    """The secret as text, base64 at three alignments, hexadecimal and percent-encoded."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    found |= {quote(secret, safe="").encode(), "".join(f"%{o:02x}" for o in secret).encode()}
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * shift + secret)[4 : (shift + len(secret)) * 8 // 6])
    return found


def written(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_life_left_every_kind_of_secret(lived: World, verifiers: list[str]) -> None:
    kinds = {token.kind for token in lived.ledger._issued.values()}

    assert kinds == {"code", "access", "id", "refresh", "security"}
    assert verifiers
    assert lived.journal.crashes == []


def test_no_secret_is_in_any_file(lived: World, verifiers: list[str]) -> None:
    files = written(lived.journal.folder)

    leaks = [
        (what, name)
        for what, secret in secrets_of(lived, verifiers).items()
        for form in forms(secret.encode())
        for name, data in files.items()
        if form in data
    ]

    assert len(files) > 20
    assert leaks == []


def test_no_private_key_is_in_any_file(lived: World) -> None:
    files = written(lived.journal.folder)
    key_bodies = [data for data in files.values() if b"KmsKeySet" in data]
    assert key_bodies
    assert all(b"masked-private-key-" in data for data in key_bodies)

    keys = [secret for system in lived.systems.values() for secret in keys_of(lived, system.name)]
    assert keys
    assert [
        name for key in keys for form in forms(key) for name, data in files.items() if form in data
    ] == []


def keys_of(world: World, system: str) -> list[bytes]:
    """The keys that the KMS of a system gave to Alice: the cache of the KMS still holds them."""
    number = mikey_sakke.key_period_number(datetime.now(UTC), PERIOD, 0)
    one = world.systems[system]
    identifier = mikey_sakke.uid(one.identity("alice"), one.host_name("kms"), PERIOD, 0, number)
    before = user_keys.cache_info().misses
    keys = user_keys(system, identifier)
    given = user_keys.cache_info().misses == before
    return [keys.decrypt_key, keys.signing_key] if given else []


def test_secret_would_be_found(lived: World, tmp_path: Path) -> None:
    password = lived.passwords["alice"]
    for number, shift in enumerate(("", "x", "xy")):
        text = base64.b64encode(f"{shift}{password}zz".encode())
        (tmp_path / str(number)).write_bytes(text)

    found = written(tmp_path)

    assert all(any(form in data for form in forms(password.encode())) for data in found.values())
