"""`muster keygen`, `muster bundle` and `muster verify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import click

from muster.audit.keys import (
    PASSWORD_VARIABLE,
    SHORTEST_PASSWORD,
    KeyRefused,
    fingerprint,
    load_private,
    load_public,
    make_key_files,
)

BAD_USAGE = 64
MOST_SHOWN = 40

PATH = click.Path(path_type=Path)
password_option = click.option(
    "--password-file",
    type=PATH,
    metavar="FILE",
    help=f"Holds the key's password in its first line; else ${PASSWORD_VARIABLE}, else it is"
    " asked for.",
)


@click.command("keygen")
@click.argument("file", type=PATH)
@password_option
def keygen_command(file: Path, password_file: Path | None) -> None:
    """Make an Ed25519 key: FILE, behind a password, and FILE's name with .pub to give away.

    Who has the .pub file can tell whether a bundle is signed by this laboratory.
    """
    try:
        public = make_key_files(file, _password(password_file, confirm=True))
        shown = fingerprint(load_public(public))
    except KeyRefused as error:
        _refuse("keygen", str(error))
    click.echo(f"private key, keep it: {file}")
    click.echo(f"public key, give it to who verifies: {public}")
    click.echo(f"fingerprint: {shown}")


@click.command("bundle")
@click.argument("results", type=PATH)
@click.option("--key", type=PATH, metavar="FILE", help="Sign with this key (muster keygen).")
@password_option
@click.option("--output", "-o", type=PATH, metavar="FILE", help="Default: RESULTS.bundle.zip.")
@click.option("--certify", is_flag=True, help="For a certificate: refused if any reason stands.")
def bundle_command(
    results: Path, key: Path | None, password_file: Path | None, output: Path | None, certify: bool
) -> None:
    """Pack the results folder RESULTS into one archive that `muster verify` can check.

    Exit code 0: written. 1: refused, with every reason (--certify), or the record was changed.
    """
    from muster.audit.archive import NoBundle
    from muster.audit.bundling import NotBundled, make_bundle
    from muster.errors import SuiteError

    path = output or results.absolute().with_name(f"{results.absolute().name}.bundle.zip")
    try:
        opened = load_private(key, _password(password_file)) if key else None
        made = make_bundle(results, path, opened, certify)
    except NotBundled as error:
        click.echo(f"muster bundle: {error}; nothing was written:", err=True)
        for reason in error.reasons:
            click.echo(f"  - {_safe(reason)}", err=True)
        raise SystemExit(1) from error
    except (KeyRefused, NoBundle, SuiteError, OSError) as error:
        _refuse("bundle", str(error))
    click.echo(f"{made.headline}: {made.files} files, {path.stat().st_size / 1e6:.1f} MB")
    for reason in made.reasons:
        click.echo(f"  not certifiable: {_safe(reason)}")
    for note in made.notes:
        click.echo(f"  note: {_safe(note)}")
    click.echo(f"bundle: {path}")


@click.command("verify")
@click.argument("bundle", type=PATH)
@click.option("--signer", type=PATH, metavar="KEY", help="The laboratory's public key (.pub).")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def verify_command(bundle: Path, signer: Path | None, as_json: bool) -> None:
    """Check every byte of BUNDLE, make its reports again and derive every verdict again.

    Exit code 0: all holds, signed by KEY. 1: something was altered. 2: nothing was found altered,
    but not all could be verified (unknown signer, another version of the suite, a body missing).
    """
    from muster.audit.archive import NoBundle
    from muster.audit.verification import verify_bundle
    from muster.audit.verified_text import as_document, as_lines
    from muster.errors import SuiteError

    try:
        made = verify_bundle(bundle, load_public(signer) if signer else None)
    except (KeyRefused, NoBundle, SuiteError, OSError) as error:
        _refuse("verify", str(error))
    if as_json:
        import json

        click.echo(json.dumps(as_document(made), indent=1))
    else:
        for line in as_lines(made, MOST_SHOWN):
            click.echo(_safe(line))
    raise SystemExit(made.exit_code)


def _password(file: Path | None, confirm: bool = False) -> str:
    """Return the password of a key: from a file, the environment, or who sits there."""
    if file is not None:
        try:
            return file.read_text("utf-8").split("\n")[0].removesuffix("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRefused(f"{file}: no password can be read from it: {error}") from error
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    words = f"Password of the key ({SHORTEST_PASSWORD} characters or more)"
    asked: str = click.prompt(words, hide_input=True, confirmation_prompt=confirm, err=True)
    return asked


def _safe(text: str) -> str:
    """Show a text of a journal: no control character of it reaches the terminal."""
    from muster.progress import harmless

    return harmless(text)


def _refuse(command: str, message: str) -> NoReturn:
    click.echo(f"muster {command}: {_safe(message)}", err=True)
    raise SystemExit(BAD_USAGE)
