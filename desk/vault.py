"""The commands by which a ledger can be trusted: seals, proofs, replays. Thin: each parses, calls, shows.

What is slow to load is loaded in the commands that need it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from desk import errors, options
from desk.output import json_text, leave_text, write_json, write_text

if TYPE_CHECKING:
    from ledger.seal.auditor import Checkpoint

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path)
_PUBLIC_KEY = Path("asof.pub")

_CHECKPOINTS = click.option(
    "--checkpoints",
    type=_FILE,
    metavar="FOLDER",
    envvar="ASOF_CHECKPOINTS",
    default=Path("asof-checkpoints"),
    show_envvar=True,
    show_default=True,
    help="Where checkpoints are kept: not where whoever can write to the ledger can write, too.",
)
_SIGNING_KEY = click.option(
    "--signing-key",
    type=_FILE,
    metavar="FILE",
    envvar="ASOF_SIGNING_KEY",
    default=_PUBLIC_KEY.with_suffix(".key"),
    show_envvar=True,
    show_default=True,
    help="The private key.",
)
_WITNESSES = click.option(
    "--witness", "witnesses", multiple=True, metavar="KEY", help="A witness that has to have signed; repeatable."
)


def log_key(*, required: bool) -> Callable[[Command], Command]:
    """The option that names the log's public key."""

    def given_or_found(context: click.Context, option: click.Parameter, key: str | None) -> str | None:
        if required and key is None:
            raise click.MissingParameter("There is no asof.pub here, either.", context, option)
        return key

    return click.option(
        "--log-key",
        metavar="KEY",
        envvar="ASOF_LOG_KEY",
        callback=given_or_found,
        default=lambda: str(_PUBLIC_KEY) if _PUBLIC_KEY.exists() else None,
        show_envvar=True,
        show_default=f"{_PUBLIC_KEY}, if there is one",
        help="The log's public key, or a file with it.",
    )


@click.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=_FILE,
    metavar="FILE",
    default=_PUBLIC_KEY.with_suffix(".key"),
    show_default=True,
    help="Where the private key goes; the public half goes beside it, into a file that ends with .pub.",
)
@click.option("--witness", is_flag=True, help="A witness's key, that signs with the time; else a log's.")
@options.formats("table", "json")
def keygen(name: str, output: Path, witness: bool, form: str) -> None:
    """Make a key, and show its public half.

    NAME is what signatures go under: like a URL without its scheme, such as example.com/ledger.
    """
    from desk.checkpoints import new_key, write_key

    key = new_key(name, witness=witness)
    public = write_key(output, key)
    if form == "json":
        write_json({"key": str(key.public), "private_file": str(output), "public_file": str(public)})
    else:
        write_text(f"{key.public}\n")


@click.command()
@_SIGNING_KEY
@_CHECKPOINTS
@options.db
@options.formats("table", "json")
@click.pass_context
def seal(context: click.Context, signing_key: Path, checkpoints: Path, db: str, form: str) -> None:
    """Sign what the ledger is now, and keep that outside of it.

    The checkpoint is signed only if the ledger begins with all that was sealed before. Where no key is named, and
    there is none yet, one is made.
    """
    from desk.checkpoints import file_in, key_of_log, new_key, write_key
    from desk.checkpoints import seal as sealed
    from ledger.book import Book

    said = context.get_parameter_source("signing_key") is not ParameterSource.DEFAULT
    with Book.open(db) as book:
        if not (said or signing_key.exists()):
            public = write_key(signing_key, new_key())
            click.echo(
                f"Made a key: {signing_key} signs, so keep it from whoever can write to the ledger; "
                f"{public} is for those who check.",
                err=True,
            )
        checkpoint = sealed(book, checkpoints, key_of_log(signing_key))
    file = file_in(checkpoints, checkpoint.size)
    if form == "json":
        write_json({**_plain(checkpoint), "file": str(file)})
    else:
        write_text(checkpoint.note)
        click.echo(f"Kept in {file}.", err=True)


def _plain(checkpoint: "Checkpoint") -> dict[str, Any]:
    """A checkpoint as plain data."""
    return {
        "origin": checkpoint.origin,
        "position": checkpoint.size,
        "root": checkpoint.root.hex(),
        "checkpoint": checkpoint.note,
    }


@click.command()
@click.argument("position", type=int, required=False)
@click.option(
    "--since",
    type=click.IntRange(min=0),
    metavar="SIZE",
    help="Prove that the log only grew since it had this size.",
)
@log_key(required=True)
@_CHECKPOINTS
@options.output
@options.db
@options.formats("table", "json")
def prove(
    position: int | None,
    since: int | None,
    log_key: str,
    checkpoints: Path,
    output: Path | None,
    db: str,
    form: str,
) -> None:
    """Prove that a fact is in the log, or that the log only grew.

    The proof of the fact at POSITION is against the first checkpoint that covers it; that of growth, with --since,
    against the last one. `asof verify-proof` checks them, and so does ledger/seal/auditor.py by itself.
    """
    from desk.checkpoints import Kept, kept_in, public_key
    from ledger.book import Book
    from ledger.seal.auditor import Consistency, Inclusion

    if (position is None) == (since is None):
        raise click.UsageError("Name a position, or give --since.")
    kept = Kept.of(kept_in(checkpoints), public_key(log_key))
    with Book.open(db) as book:
        proof: Inclusion | Consistency
        if position is not None:
            sealed = kept.covering(position)
            entry, path = book.prove(position, sealed.size)
            proof = Inclusion(entry, position - 1, tuple(path), sealed.note)
        else:
            assert since is not None
            sealed = kept.last_from(since)
            proof = Consistency(since, tuple(book.prove_growth(since, sealed.size)), sealed.note)
    if form == "json":
        hashes = [each.hex() for each in proof.path]
        plain = {"proves": position, "since": since, "path": hashes, **_plain(sealed), "proof": str(proof)}
        leave_text(f"{json_text(plain)}\n", output)
    else:
        leave_text(str(proof), output)


@click.command("verify-proof")
@click.argument("proof", type=_FILE)
@click.option("--old", type=_FILE, metavar="FILE", help="The earlier checkpoint that a proof of growth goes back to.")
@_WITNESSES
@log_key(required=True)
@options.formats("table", "json")
@click.pass_context
def verify_proof(
    context: click.Context, proof: Path, old: Path | None, witnesses: tuple[str, ...], log_key: str, form: str
) -> None:
    """Check a proof. No ledger is needed.

    Exit code 1 where it proves nothing.
    """
    from desk.checkpoints import public_key, text_of
    from ledger.seal.auditor import Unproven, verdict

    keys = [public_key(each) for each in (log_key, *witnesses)]
    lines, unproven = [], None
    try:
        lines = verdict(text_of(proof), keys[0], keys[1:], text_of(old) if old is not None else None)
    except Unproven as why:
        unproven = str(why)
    if form == "json":
        write_json({"proven": unproven is None, "says": lines, "why_not": unproven})
    else:
        write_text("\n".join(["Proven.", *lines, ""]) if unproven is None else f"Not proven. {unproven}\n")
    if unproven is not None:
        context.exit(errors.FOUND_SOMETHING)


@click.command()
@click.argument("request", type=_FILE)
@click.option("--keep", type=_FILE, metavar="FILE", required=True, help="Where the last checkpoint signed is kept.")
@_SIGNING_KEY
@log_key(required=True)
@options.output
@options.formats("table", "json")
def witness(request: Path, keep: Path, signing_key: Path, log_key: str, output: Path | None, form: str) -> None:
    """Sign, as a witness, that a log only grew.

    What is written is the log's checkpoint with the signature. REQUEST is what `asof prove --since` gives, from the
    size that was signed last, or from 0.
    """
    from desk.checkpoints import public_key, text_of
    from desk.checkpoints import signing_key as read
    from desk.output import whole_or_not_at_all
    from ledger.seal.auditor import read_checkpoint
    from ledger.seal.witness import cosigned

    before = text_of(keep) if keep.exists() else None
    note = cosigned(text_of(request), public_key(log_key), before, read(signing_key), now=options.now())
    with whole_or_not_at_all(keep, "--keep", is_checkpoint=True) as beside:
        beside.write_text(note, encoding="utf-8")
    as_json = f"{json_text(_plain(read_checkpoint(note)))}\n"
    leave_text(note if form == "table" else as_json, output, is_checkpoint=form == "table")


@click.command()
@log_key(required=False)
@_CHECKPOINTS
@options.db
@options.formats("table", "json")
@click.pass_context
def replay(context: click.Context, log_key: str | None, checkpoints: Path, db: str, form: str) -> None:
    """Work everything out again from the first fact, and compare.

    It ends in a certificate. Compared are the stored hashes, clocks and columns, every checkpoint, and every answer
    that was issued. Exit code 1 where something differs.
    """
    from desk.checkpoints import compared, kept_in
    from desk.progress import StepsProgress
    from desk.replay import replay as replayed

    kept = compared(kept_in(checkpoints), log_key)
    with StepsProgress() as progress:
        certificate = replayed(db, kept, progress.step)
    if form == "json":
        write_json(certificate.as_json())
    else:
        write_text(certificate.as_text())
    if certificate.differences:
        context.exit(errors.FOUND_SOMETHING)


COMMANDS = (keygen, seal, prove, verify_proof, witness, replay)
"""In the order in which they are added to the desk."""
