"""What an auditor needs, in one file: it checks that a ledger holds a fact, and that it only ever grew.

It uses the standard library and `cryptography`, and nothing else of the project that it comes from: copy it to a
machine that you trust, read it, and run `python auditor.py --help`. What it checks is written in public formats:

- RFC 9162, section 2.1: the Merkle tree, its inclusion proofs and its consistency proofs;
- c2sp.org/signed-note and c2sp.org/tlog-checkpoint: who says that a log of this size has this root;
- c2sp.org/tlog-cosignature: who else has seen it, and checked that it only grew since they last looked;
- c2sp.org/tlog-proof and the request of c2sp.org/tlog-witness: a proof of either kind, bound to a checkpoint.

Texts are read strictly: what is not spelled as the formats spell it is refused, so that no proof has a second spelling.
"""

import argparse
import binascii
import datetime as dt
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNATURE = b"\x01", b"\x04"
"""The kinds of keys: a log's, that signs checkpoints, and a witness's, that signs them with the time."""

MOST_SIGNATURES = 16
LONGEST_PATH = 63
INCLUSION_HEADER = "c2sp.org/tlog-proof@v1"

_NAME = r"[^\s+]+"
_NUMBER = r"0|[1-9][0-9]{0,18}"


class Unproven(Exception):  # noqa: N818  (the name is the verdict)
    """Why a text proves nothing."""


# --- the tree: RFC 9162, section 2.1 ---------------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry (32 bytes); its prefix of a zero byte keeps a leaf from passing for an inner node."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (32 bytes) over those of its two children."""
    return sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = sha256().digest()


def check_inclusion(index: int, leaf: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """That the leaf with this hash stands at `index`, from 0, in the tree. Raises Unproven (section 2.1.3.2)."""
    if not 0 <= index < size:
        raise Unproven(f"A log of {size} has no entry with the index {index}.")
    node, last, computed = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Unproven("The path to the root is too long.")
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise Unproven("The path to the root is too short.")
    if computed != root:
        raise Unproven("The path does not lead to the root that was signed.")


def check_consistency(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """That the larger tree begins with all leaves of the smaller one. Raises Unproven (section 2.1.4.2)."""
    if not 0 <= old_size <= size:
        raise Unproven(f"A log of {size} did not grow from one of {old_size}.")
    if old_size in (0, size):
        if path:
            raise Unproven("There is a path where none is due.")
        if (old_size == 0 and old_root != EMPTY_ROOT) or (old_size == size and old_root != root):
            raise Unproven("Two roots are given for one size.")
        return
    steps = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)
    if not steps:
        raise Unproven("There is no path.")
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old, new = steps[0], steps[0]
    for sibling in steps[1:]:
        if last == 0:
            raise Unproven("The path to the root is too long.")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise Unproven("The path to the root is too short.")
    if (old, new) != (old_root, root):
        raise Unproven("The path does not lead from the root that was signed earlier to the one signed later.")


# --- keys and signed notes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key of a log (ED25519) or of a witness (COSIGNATURE), with the name that it signs under."""

    name: str
    kind: bytes
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """The key written as `name+id+base64`. Raises Unproven."""
        name, _, rest = text.strip().partition("+")
        written_id, _, material = rest.partition("+")
        try:
            decoded = _decoded(material)
        except Unproven:
            decoded = b""
        if not re.fullmatch(_NAME, name) or decoded[:1] not in (ED25519, COSIGNATURE) or len(decoded) != 33:
            raise Unproven(f"{text.strip()!r} is no public key: it is written as name+id+base64.")
        key = cls(name, decoded[:1], decoded[1:])
        if key.id.hex() != written_id:
            raise Unproven(f"The public key of {name} has the id {key.id.hex()}, and says {written_id}.")
        return key

    @property
    def id(self) -> bytes:
        """The four bytes that a signature names its key by."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        """The key as it is handed on."""
        return f"{self.name}+{self.id.hex()}+{b64encode(self.kind + self.public).decode()}"

    def check(self, text: str, signature: bytes) -> int | None:
        """That this key signed the text; of a witness, the second (since 1970) at which it did. Raises Unproven."""
        message, seconds = text.encode(), None
        if self.kind == COSIGNATURE:
            seconds, signature = int.from_bytes(signature[:8]), signature[8:]
            message = f"cosignature/v1\ntime {seconds}\n".encode() + message
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            raise Unproven(f"The signature of {self.name} is not over this text.") from None
        return seconds


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its name (`origin`), its size, its root; `note` is all of it, signatures included."""

    origin: str
    size: int
    root: bytes
    note: str

    @property
    def text(self) -> str:
        """What was signed."""
        return _split(self.note)[0]


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """What is to be signed: three lines."""
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n"


def check_checkpoint(note: str, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Checkpoint:
    """A checkpoint signed by the log, and by every one of these witnesses. Raises Unproven."""
    text, signatures = _split(note)
    if log.kind != ED25519:
        raise Unproven(f"The key of {log.name} is a witness's, and no log's.")
    for key in (log, *witnesses):
        made = [signature for name, signature in signatures if name == key.name and signature[:4] == key.id]
        if not made:
            raise Unproven(f"{key.name} did not sign this checkpoint with the key {key.id.hex()}.")
        for signature in made:
            key.check(text, signature[4:])
    checkpoint = read_checkpoint(note)
    if checkpoint.origin != log.name:
        raise Unproven(f"This is a checkpoint of {checkpoint.origin}, and not of {log.name}.")
    return checkpoint


def read_checkpoint(note: str) -> Checkpoint:
    """What a checkpoint says, whoever signed it. Raises Unproven."""
    lines = re.fullmatch(rf"(.+)\n({_NUMBER})\n(\S+)\n", _split(note)[0])
    if lines is None:
        raise Unproven("A checkpoint is three lines: the log's name, its size, its root.")
    origin, size, root = lines.groups()
    return Checkpoint(origin, int(size), _hash(root), note)


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a signed note with its last newline, and each signature with the name before it."""
    if any((ord(each) < 32 and each != "\n") or 0xD800 <= ord(each) < 0xE000 for each in note):
        raise Unproven("A signed note holds no control characters, and no halves of characters.")
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise Unproven("This is no signed note: a text, an empty line, and signatures, each line ended.")
    signatures = []
    for line in lines.removesuffix("\n").split("\n"):
        signed = re.fullmatch(rf"— ({_NAME}) (\S+)", line)
        if signed is None:
            raise Unproven("A signature is a line of a dash, a name and base64.")
        signatures.append((signed[1], _decoded(signed[2])))
    if len(signatures) > MOST_SIGNATURES:
        raise Unproven(f"More than {MOST_SIGNATURES} signatures are not looked at.")
    return f"{text}\n", signatures


def _decoded(text: str) -> bytes:
    try:
        decoded = b64decode(text.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        decoded = b""
    if not decoded or b64encode(decoded).decode() != text:
        raise Unproven(f"{text!r} is no base64.")
    return decoded


def _hash(text: str) -> bytes:
    decoded = _decoded(text)
    if len(decoded) != sha256().digest_size:
        raise Unproven(f"{text!r} is no SHA-256.")
    return decoded


# --- proofs ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That `entry` stands at `index`, from 0, in the log that `note` is a checkpoint of."""

    entry: bytes
    index: int
    path: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        """The proof as a file of the format tlog-proof."""
        head = [INCLUSION_HEADER, f"extra {b64encode(self.entry).decode()}", f"index {self.index}"]
        return "\n".join([*head, *(b64encode(each).decode() for each in self.path), "", self.note])

    @classmethod
    def parse(cls, text: str) -> "Inclusion":
        """The proof that a file holds. Raises Unproven."""
        head, _, note = text.partition("\n\n")
        opening = re.fullmatch(rf"{re.escape(INCLUSION_HEADER)}\nextra (\S+)\nindex ({_NUMBER})((?:\n\S+)*)", head)
        if opening is None:
            raise Unproven(f"A proof of inclusion begins with {INCLUSION_HEADER}, the entry, and its index.")
        entry, index, path = opening.groups()
        return cls(_decoded(entry), int(index), _path(path), note)

    def check(self, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Checkpoint:
        """The checkpoint that the entry is under. Raises Unproven."""
        checkpoint = check_checkpoint(self.note, log, witnesses)
        check_inclusion(self.index, leaf_hash(self.entry), checkpoint.size, checkpoint.root, self.path)
        return checkpoint


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the log that `note` is a checkpoint of begins with all that a log of `old_size` held."""

    old_size: int
    path: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        """The proof as witnesses are asked with it."""
        return "\n".join([f"old {self.old_size}", *(b64encode(each).decode() for each in self.path), "", self.note])

    @classmethod
    def parse(cls, text: str) -> "Consistency":
        """The proof that a file holds. Raises Unproven."""
        head, _, note = text.partition("\n\n")
        opening = re.fullmatch(rf"old ({_NUMBER})((?:\n\S+)*)", head)
        if opening is None:
            raise Unproven("A proof of consistency begins with `old` and the size of the earlier log.")
        old_size, path = opening.groups()
        return cls(int(old_size), _path(path), note)

    def check(self, old: Checkpoint | None, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Checkpoint:
        """The later checkpoint, grown from the earlier one; from nothing, without one. Raises Unproven."""
        checkpoint = check_checkpoint(self.note, log, witnesses)
        old_size, old_root = (old.size, old.root) if old is not None else (0, EMPTY_ROOT)
        if old is not None and old.origin != checkpoint.origin:
            raise Unproven(f"The earlier checkpoint is of {old.origin}, and the later one of {checkpoint.origin}.")
        if self.old_size != old_size:
            raise Unproven(
                f"The proof is from size {self.old_size} on, and the earlier checkpoint has size {old_size}."
            )
        check_consistency(old_size, old_root, checkpoint.size, checkpoint.root, self.path)
        return checkpoint


def _path(lines: str) -> tuple[bytes, ...]:
    hashes = tuple(_hash(line) for line in lines.split("\n")[1:])
    if len(hashes) > LONGEST_PATH:
        raise Unproven("The path to the root is too long.")
    return hashes


# --- the command -----------------------------------------------------------------------------------------------------


def verdict(proof: str, log: VerifierKey, witnesses: Sequence[VerifierKey] = (), old: str | None = None) -> list[str]:
    """What a proof of either kind proves, in lines for people; `old` is an earlier checkpoint. Raises Unproven."""
    if proof.startswith(INCLUSION_HEADER):
        inclusion = Inclusion.parse(proof)
        checkpoint = inclusion.check(log, witnesses)
        proven = [
            f"{checkpoint.origin} holds this entry at position {inclusion.index + 1} of {checkpoint.size}:",
            inclusion.entry.decode(errors="backslashreplace"),
        ]
    else:
        consistency = Consistency.parse(proof)
        earlier = check_checkpoint(old, log) if old is not None else None
        checkpoint = consistency.check(earlier, log, witnesses)
        proven = [f"{checkpoint.origin} only grew, from {consistency.old_size} entries to {checkpoint.size}."]
    seen = [_seen(checkpoint, witness) for witness in witnesses]
    return [*proven, f"Its root at that size is {checkpoint.root.hex()}.", *seen]


def _seen(checkpoint: Checkpoint, witness: VerifierKey) -> str:
    text, signatures = _split(checkpoint.note)
    seconds = [
        witness.check(text, each[4:]) for name, each in signatures if (name, each[:4]) == (witness.name, witness.id)
    ]
    times = [dt.datetime.fromtimestamp(each, dt.UTC).isoformat() for each in seconds if each is not None]
    return f"{witness.name} has seen it{', at ' + ' and '.join(times) if times else ''}."


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one proof: 0 if it holds, 1 if it does not."""
    parser = argparse.ArgumentParser(description="Check a proof of inclusion or of consistency against public keys.")
    parser.add_argument("proof", type=Path, help="the file with the proof")
    parser.add_argument("--key", required=True, help="the public key of the log, name+id+base64")
    parser.add_argument(
        "--witness", action="append", default=[], help="the public key of a witness that has to have signed"
    )
    parser.add_argument("--old", type=Path, help="the earlier checkpoint that a proof of consistency goes back to")
    given = parser.parse_args(arguments)
    try:
        log, *witnesses = [VerifierKey.parse(text) for text in (given.key, *given.witness)]
        # as bytes: reading as text would let other ends of lines pass
        old = given.old.read_bytes().decode() if given.old is not None else None
        lines = verdict(given.proof.read_bytes().decode(), log, witnesses, old)
    except (Unproven, OSError, UnicodeDecodeError) as why:
        sys.stderr.write(f"Not proven. {why}\n")
        return 1
    sys.stdout.write("\n".join(["Proven.", *lines, ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
