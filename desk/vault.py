"""The commands by which a ledger can be trusted: seals, proofs, replays, copies. Thin: each parses, calls, shows.

What is slow to load is loaded in the commands that need it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from desk import errors, options
from desk.output import write_json, write_text
from ledger.rejected import Rejected

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path)

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
    required=True,
    show_envvar=True,
    help="The private key.",
)
_WITNESSES = click.option(
    "--witness", "witnesses", multiple=True, metavar="KEY", help="A witness that has to have signed; repeatable."
)


def log_key(*, required: bool) -> Callable[[Command], Command]:
    """The option that names the log's public key."""
    return click.option(
        "--log-key",
        metavar="KEY",
        envvar="ASOF_LOG_KEY",
        required=required,
        show_envvar=True,
        help="The log's public key, or a file with it.",
    )


@click.command()
@click.argument("name")
@click.option("-o", "--output", type=_FILE, metavar="FILE", required=True, help="Where the private key goes.")
@click.option("--witness", is_flag=True, help="A witness's key, that signs with the time; else a log's.")
def keygen(name: str, output: Path, witness: bool) -> None:
    """Make a key, and show its public half.

    NAME is what signatures go under: like a URL without its scheme, such as example.com/ledger.
    """
    import secrets

    from desk.checkpoints import write_key
    from ledger.seal.notes import SigningKey

    key = SigningKey.of(name, secrets.token_bytes(32), witness=witness)
    write_key(output, key)
    write_text(f"{key.public}\n")


@click.command()
@_SIGNING_KEY
@_CHECKPOINTS
@options.db
@options.formats("text", "json")
def seal(signing_key: Path, checkpoints: Path, db: str, form: str) -> None:
    """Sign what the ledger is now, and keep that outside of it.

    The checkpoint is signed only if the ledger begins with all that was sealed before.
    """
    from desk.checkpoints import seal as sealed
    from desk.checkpoints import signing_key as read
    from ledger.book import Book

    with Book.open(db) as book:
        checkpoint = sealed(book, checkpoints, read(signing_key))
    if form == "json":
        origin, size, root = checkpoint.origin, checkpoint.size, checkpoint.root.hex()
        write_json({"origin": origin, "position": size, "root": root, "checkpoint": checkpoint.note})
    else:
        write_text(checkpoint.note)


@click.command()
@click.argument("position", type=int, required=False)
@click.option("--since", type=int, metavar="SIZE", help="Prove that the log only grew since it had this size.")
@log_key(required=True)
@_CHECKPOINTS
@options.db
def prove(position: int | None, since: int | None, log_key: str, checkpoints: Path, db: str) -> None:
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
    write_text(str(proof))


@click.command("verify-proof")
@click.argument("proof", type=_FILE)
@click.option("--old", type=_FILE, metavar="FILE", help="The earlier checkpoint that a proof of growth goes back to.")
@_WITNESSES
@log_key(required=True)
@click.pass_context
def verify_proof(
    context: click.Context, proof: Path, old: Path | None, witnesses: tuple[str, ...], log_key: str
) -> None:
    """Check a proof. No ledger is needed.

    Exit code 1 where it proves nothing.
    """
    from desk.checkpoints import public_key, text_of
    from ledger.seal.auditor import Unproven, verdict

    keys = [public_key(each) for each in (log_key, *witnesses)]
    try:
        lines = verdict(text_of(proof), keys[0], keys[1:], text_of(old) if old is not None else None)
    except Unproven as why:
        write_text(f"Not proven. {why}\n")
        context.exit(errors.FOUND_SOMETHING)
    write_text("\n".join(["Proven.", *lines, ""]))


@click.command()
@click.argument("request", type=_FILE)
@click.option("--keep", type=_FILE, metavar="FILE", required=True, help="Where the last checkpoint signed is kept.")
@_SIGNING_KEY
@log_key(required=True)
def witness(request: Path, keep: Path, signing_key: Path, log_key: str) -> None:
    """Sign, as a witness, that a log only grew, and show its checkpoint with the signature.

    REQUEST is what `asof prove --since` gives, from the size that was signed last, or from 0.
    """
    from desk.checkpoints import keep as kept
    from desk.checkpoints import public_key, text_of
    from desk.checkpoints import signing_key as read
    from ledger.seal.witness import cosigned

    before = text_of(keep) if keep.exists() else None
    note = cosigned(text_of(request), public_key(log_key), before, read(signing_key), now=options.now())
    kept(keep, note)
    write_text(note)


@click.command()
@log_key(required=False)
@_CHECKPOINTS
@options.db
@options.formats("text", "json")
@click.pass_context
def replay(context: click.Context, log_key: str | None, checkpoints: Path, db: str, form: str) -> None:
    """Work everything out again from the first fact, compare, and certify.

    Compared are the stored hashes, clocks and columns, every checkpoint, and every answer that was issued. Exit code 1
    where something differs.
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


@click.command()
@click.argument("file", type=_FILE)
@options.db
def backup(file: Path, db: str) -> None:
    """Copy the ledger, whatever is written to it meanwhile, to a SQLite file, and check the copy."""
    from ledger.book import Book

    with Book.open(db) as book:
        position, root = book.back_up(file)
    click.echo(f"Copied to {file}: position {position}, root {root.hex()[:16]}.", err=True)


@click.command()
@click.argument("file", type=_FILE)
@options.db
def restore(file: Path, db: str) -> None:
    """Make a ledger of a copy, where there is none yet, and check it before and after."""
    from ledger.book import Book

    position, root = Book.restore(file, db)
    click.echo(f"Restored to {db}: position {position}, root {root.hex()[:16]}.", err=True)


@click.command()
@options.db
def upgrade(db: str) -> None:
    """Bring a ledger of an older version into today's format. Make a copy before."""
    from ledger.book import Book

    before, after = Book.upgrade(db)
    told = f"The ledger is in format {after} already." if before == after else f"From format {before} to {after}."
    click.echo(told, err=True)


@click.command()
@click.argument("file", type=_FILE)
@options.db
def export(file: Path, db: str) -> None:
    """Write all facts to a file, JSON Lines or Parquet by its suffix.

    `asof record --migrate` makes a ledger of it that has the same root.
    """
    from desk.exporting import export as exported

    position, root = exported(file, db)
    click.echo(f"Wrote {file}: position {position}, root {root.hex()[:16]}.", err=True)


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@options.db
def withhold(names: tuple[str, ...], db: str) -> None:
    """Keep the names of people out of the facts that are recorded from now on.

    A fact then holds a commitment in the place of the name, and the name is kept beside the log. `asof forget` takes
    it away from there, and changes no hash.
    """
    import secrets

    from ledger.book import Book

    with Book.open(db) as book:
        for name in names:
            write_text(f"{book.withhold(name, secrets.token_bytes(32))}  {name}\n")


@click.command()
@click.argument("name")
@options.db
def forget(name: str, db: str) -> None:
    """Take a name that was withheld away: what stands for it in facts then stands for nobody."""
    from ledger.book import Book

    with Book.open(db) as book:
        commitment = book.forget(name)
    if commitment is None:
        raise Rejected("not_withheld", f"{name} is not withheld.", remedy="`asof names` shows the names that are.")
    click.echo(f"{commitment} stands for nobody now. Copies made before still have the name.", err=True)


@click.command()
@options.db
@options.formats("text", "json")
def names(db: str, form: str) -> None:
    """The names that are withheld, with what stands for them in facts."""
    from ledger.book import Book

    with Book.open(db) as book:
        withheld = book.withheld()
    if form == "json":
        rows = [{"name": name, "commitment": kept, "salt": salt.hex()} for name, (kept, salt) in withheld.items()]
        write_json(rows)
    else:
        write_text("".join(f"{kept}  {name}\n" for name, (kept, _) in withheld.items()))


COMMANDS = (
    seal,
    prove,
    verify_proof,
    replay,
    backup,
    restore,
    export,
    upgrade,
    keygen,
    witness,
    withhold,
    forget,
    names,
)
"""In the order in which they are added to the desk."""
