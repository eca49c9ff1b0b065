"""Keys and checkpoints as files: what is sealed is kept outside the database that it speaks of."""

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.output import whole_or_not_at_all
from ledger.book import Book
from ledger.rejected import Rejected
from ledger.seal.auditor import ED25519, Checkpoint, Unproven, VerifierKey, check_checkpoint
from ledger.seal.notes import SigningKey

SUFFIX = ".checkpoint"


def public_key(written: str) -> VerifierKey:
    """A public key, or the file that holds one. Raises Rejected (`no_public_key`)."""
    try:
        return VerifierKey.parse(text_of(Path(written)) if "+" not in written else written)
    except Unproven as why:
        raise Rejected("no_public_key", str(why), remedy="`asof keygen` shows the public half of a key.") from None


def signing_key(file: Path) -> SigningKey:
    """The private key in a file. Raises Rejected (`no_such_file`, `no_signing_key`)."""
    return SigningKey.parse(text_of(file))


def key_of_log(file: Path) -> SigningKey:
    """The private key of a log. Raises as `signing_key` does, and Rejected (`key_is_a_witness`)."""
    key = signing_key(file)
    if key.public.kind != ED25519:
        raise Rejected(
            "key_is_a_witness",
            f"The key of {key.public.name} is a witness's, and seals no log.",
            remedy="Make one with `asof keygen`, without --witness.",
        )
    return key


def new_key(name: str | None = None, *, witness: bool = False) -> SigningKey:
    """A key that nobody else has; without a name, under one that nobody else has. Raises Rejected (`key_name`)."""
    return SigningKey.of(name or f"asof-ledger/{secrets.token_hex(4)}", secrets.token_bytes(32), witness=witness)


def write_key(file: Path, key: SigningKey) -> Path:
    """Put a private key into a new file that its owner alone may read, and the public half beside it, which is named.

    Raises Rejected (`key_exists`, `output_unwritable`).
    """
    public = file.with_name(f"{file.name.removesuffix('.key')}.pub")
    for each in (file, public):
        if each.exists():
            raise _key_exists(each)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _unwritable(file, error) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(key.secret())
    public.write_text(f"{key.public}\n", encoding="utf-8")
    return public


def _key_exists(file: Path) -> Rejected:
    return Rejected("key_exists", f"There is a file at {file} already.", remedy="It was left as it is. Name another.")


@dataclass(frozen=True)
class Kept:
    """The checkpoints of one log, by size, and what is wrong with the files that hold none."""

    by_size: dict[int, Checkpoint]
    unproven: tuple[str, ...]

    @classmethod
    def of(cls, files: Iterable[Path], key: VerifierKey) -> "Kept":
        """The checkpoints in files, of the log that has this key. Raises Rejected (`no_such_file`)."""
        by_size: dict[int, Checkpoint] = {}
        unproven = []
        for file in files:
            try:
                checkpoint = check_checkpoint(text_of(file), key)
            except Unproven as why:
                unproven.append(f"{file} is no checkpoint of this log. {why}")
                continue
            if by_size.setdefault(checkpoint.size, checkpoint).root != checkpoint.root:
                unproven.append(f"{file} gives another root for {checkpoint.size} facts than another checkpoint does.")
        return cls(by_size, tuple(unproven))

    @property
    def roots(self) -> dict[int, bytes]:
        """The roots that were sealed, by the length of the log."""
        return {size: checkpoint.root for size, checkpoint in self.by_size.items()}

    def covering(self, size: int) -> Checkpoint:
        """The smallest checkpoint of at least this size. Raises Rejected (`not_sealed`)."""
        found = min((each for each in self.by_size if each >= size), default=None)
        if found is None:
            raise Rejected(
                "not_sealed",
                f"No checkpoint reaches position {size}.",
                remedy="Seal the ledger with `asof seal`, or name the folder with --checkpoints.",
            )
        return self.by_size[found]

    def last_from(self, size: int) -> Checkpoint:
        """The largest checkpoint, of at least this size. Raises Rejected (`not_sealed`)."""
        return self.by_size[max(self.covering(size).size, *self.by_size)]


def file_in(folder: Path, size: int) -> Path:
    """Where a checkpoint of this size is kept; by their names the files are in the order of their sizes."""
    return folder / f"{size:012}{SUFFIX}"


def kept_in(folder: Path) -> list[Path]:
    """The files of a folder that are kept as checkpoints, in the order of their names; none where there is no folder.

    Raises Rejected (`no_folder`) for what is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise Rejected(
            "no_folder",
            f"{folder} is a file, and checkpoints are kept in a folder.",
            remedy="Name the folder with --checkpoints. A single checkpoint is compared by `asof verify --checkpoint`.",
        )
    return sorted(folder.glob(f"*{SUFFIX}"))


def compared(files: Sequence[Path], log_key: str | None) -> Kept:
    """The checkpoints in files, none without any. Raises Rejected (`no_log_key`) where there is no key for them."""
    if not files:
        return Kept({}, ())
    if log_key is None:
        raise Rejected(
            "no_log_key",
            f"There is a checkpoint, {files[0]}, and no key to check it with.",
            remedy="Give the log's public key with --log-key or $ASOF_LOG_KEY.",
        )
    return Kept.of(files, public_key(log_key))


def seal(book: Book, folder: Path, key: SigningKey) -> Checkpoint:
    """The checkpoint of the log as it is, signed and kept in the folder; if it is there already, that one.

    A log signs no checkpoint that does not go with those it signed before: Rejected (`not_consistent`) is raised where
    the log is not what it was, and where a checkpoint in the folder is not of this key.
    """
    kept = Kept.of(kept_in(folder), key.public)
    size, root = book.end()
    roots = book.roots(kept.by_size)
    wrong = [*kept.unproven]
    for sealed, checkpoint in sorted(kept.by_size.items()):
        if roots.get(sealed) != checkpoint.root:
            wrong.append(f"The log does not begin with the {sealed} facts that were sealed.")
    if wrong:
        raise Rejected(
            "not_consistent",
            f"A checkpoint of {size} facts was to be sealed.",
            forbidden_by=" ".join(wrong),
            remedy="Run `asof verify`, and go on from a copy if the ledger was changed.",
        )
    if size in kept.by_size:
        return kept.by_size[size]
    note = key.seal(size, root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    with whole_or_not_at_all(file_in(folder, size), "--checkpoints") as beside:
        beside.write_text(note, encoding="utf-8")
    return check_checkpoint(note, key.public)


def text_of(file: Path) -> str:
    """A file as it is, with the ends of its lines. Raises Rejected (`no_such_file`)."""
    try:
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        matter = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise Rejected("no_such_file", f"{file} cannot be read: {matter}.", remedy="Name a file that can.") from None


def _unwritable(file: Path, error: OSError) -> Rejected:
    return Rejected(
        "output_unwritable",
        f"{file} cannot be written: {error.strerror}.",
        remedy="Name one where you may write.",
    )
