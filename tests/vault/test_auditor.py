"""What an auditor accepts: what was signed and is in the log, in one spelling, and nothing else at all."""

import random
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ledger.rejected import Rejected
from ledger.seal import auditor
from ledger.seal.auditor import (
    Consistency,
    Inclusion,
    Unproven,
    VerifierKey,
    check_checkpoint,
    read_checkpoint,
    verdict,
)
from ledger.seal.notes import SigningKey
from ledger.seal.tree import consistency_path, hashes_of, inclusion_path, leaf_hash, root
from tests.nightly import chance, rounds

LOG = SigningKey.of("example.com/ledger", bytes(range(32)))
WITNESS = SigningKey.of("witness.example/w1", bytes(range(1, 33)), witness=True)
ENTRIES = [f'{{"event":"index_fixed.v1","number":{number}}}'.encode() for number in range(41)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
SEEN_AT = 1_800_000_000


@cache
def checkpoint(size: int, *, witnessed: bool = True) -> str:
    note = LOG.seal(size, root(LEAVES[:size]))
    return note + WITNESS.cosignature(read_checkpoint(note).text, SEEN_AT) if witnessed else note


def inclusion(position: int, size: int) -> str:
    path = hashes_of(inclusion_path(position - 1, size), iter(LEAVES))
    return str(Inclusion(ENTRIES[position - 1], position - 1, tuple(path), checkpoint(size)))


def consistency(old_size: int, size: int) -> str:
    path = hashes_of(consistency_path(old_size, size), iter(LEAVES))
    return str(Consistency(old_size, tuple(path), checkpoint(size)))


def why_not(proof: str, key: VerifierKey = LOG.public, old: str | None = None) -> str:
    with pytest.raises(Unproven) as why:
        verdict(proof, key, [WITNESS.public], old)
    return str(why.value)


# --- keys and notes --------------------------------------------------------------------------------------------------

# The example in the documentation of golang.org/x/mod/sumdb/note.
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_keys_and_signatures_are_those_of_the_published_example() -> None:
    key = SigningKey.parse(GO_SECRET)
    assert key.secret() == f"{GO_SECRET}\n"
    assert str(key.public) == GO_PUBLIC
    assert VerifierKey.parse(GO_PUBLIC) == key.public
    assert key._line(key._signature(GO_TEXT.encode())) == GO_LINE


def test_a_checkpoint_is_three_lines_and_a_signature_and_the_same_each_time() -> None:
    note = checkpoint(3, witnessed=False)
    assert note == checkpoint(3, witnessed=False)
    origin, size, written_root, empty, signature, end = note.split("\n")
    assert (origin, size, empty, end) == ("example.com/ledger", "3", "", "")
    assert written_root == b64encode(root(LEAVES[:3])).decode()
    assert signature.startswith("— example.com/ledger ")


def test_a_checkpoint_is_accepted_from_its_log_alone() -> None:
    stranger = SigningKey.of("example.com/ledger", bytes(32))
    assert check_checkpoint(checkpoint(7), LOG.public, [WITNESS.public]).size == 7
    with pytest.raises(Unproven) as why:
        check_checkpoint(checkpoint(7), stranger.public)
    assert str(why.value) == f"example.com/ledger did not sign this checkpoint with the key {stranger.public.id.hex()}."


def test_a_checkpoint_without_its_witness_is_refused_where_one_is_asked_for() -> None:
    with pytest.raises(Unproven, match=r"^witness\.example/w1 did not sign this checkpoint"):
        check_checkpoint(checkpoint(7, witnessed=False), LOG.public, [WITNESS.public])


def test_a_log_may_not_speak_for_another() -> None:
    forged = LOG.public.name.replace("ledger", "other") + "\n7\n" + b64encode(bytes(32)).decode() + "\n"
    with pytest.raises(
        Unproven, match=r"^This is a checkpoint of example\.com/other, and not of example\.com/ledger\.$"
    ):
        check_checkpoint(f"{forged}\n{LOG._line(LOG._signature(forged.encode()))}", LOG.public)


def test_a_witness_is_no_log() -> None:
    with pytest.raises(Unproven, match=r"^The key of witness\.example/w1 is a witness's, and no log's\.$"):
        check_checkpoint(checkpoint(7), WITNESS.public)


@pytest.mark.parametrize("name", ["two words", "a+b", "", "line\nbreak"])
def test_a_name_that_no_note_can_bear_names_no_key(name: str) -> None:
    with pytest.raises(Rejected, match="key_name"):
        SigningKey.of(name, bytes(32))


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+a+b+c", GO_SECRET[:-1] + "A", GO_PUBLIC])
def test_what_is_no_private_key_is_refused(text: str) -> None:
    with pytest.raises(Rejected) as refused:
        SigningKey.parse(text)
    assert str(refused.value) == (
        "What was given as a private key is none. Make one with `asof keygen`, and name its file. [no_signing_key]"
    )


@pytest.mark.parametrize(
    "text", ["", "a+b+c", GO_PUBLIC[:-1] + "X", GO_PUBLIC.replace("c74f20a3", "c74f20a4"), GO_SECRET]
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(Unproven):
        VerifierKey.parse(text)


def test_a_private_key_is_not_shown_by_accident() -> None:
    assert LOG.seed.hex() not in repr(LOG)
    assert b64encode(LOG.seed).decode() not in f"{LOG}"


# --- proofs ----------------------------------------------------------------------------------------------------------


def test_a_proof_of_inclusion_tells_the_fact_and_who_vouches_for_it() -> None:
    assert verdict(inclusion(9, 41), LOG.public, [WITNESS.public]) == [
        "example.com/ledger holds this entry at position 9 of 41:",
        ENTRIES[8].decode(),
        f"Its root at that size is {root(LEAVES).hex()}.",
        "witness.example/w1 has seen it, at 2027-01-15T08:00:00+00:00.",
    ]


def test_a_proof_of_growth_tells_from_which_size_to_which() -> None:
    lines = verdict(consistency(17, 41), LOG.public, [], checkpoint(17))
    assert lines[0] == "example.com/ledger only grew, from 17 entries to 41."


def test_growth_is_proven_from_a_checkpoint_and_not_from_a_number() -> None:
    assert why_not(consistency(17, 41)) == ("The proof is from size 17 on, and the earlier checkpoint has size 0.")
    assert why_not(consistency(17, 41), old=checkpoint(16)) == (
        "The proof is from size 17 on, and the earlier checkpoint has size 16."
    )


def test_a_log_that_was_rewritten_is_not_what_a_larger_one_grew_from() -> None:
    rewritten = LOG.seal(17, root([leaf_hash(b"another"), *LEAVES[1:17]]))
    assert why_not(consistency(17, 41), old=rewritten) == (
        "The path does not lead from the root that was signed earlier to the one signed later."
    )


def test_a_fact_that_is_not_in_the_log_is_not_proven() -> None:
    forged = Inclusion.parse(inclusion(9, 41))
    assert why_not(str(Inclusion(ENTRIES[9], forged.index, forged.path, forged.note))) == (
        "The path does not lead to the root that was signed."
    )


NO_INCLUSION = "A proof of inclusion begins with c2sp.org/tlog-proof@v1, the entry, and its index."


@pytest.mark.parametrize(
    ("proof", "message"),
    [
        ("", "A proof of consistency begins with `old` and the size of the earlier log."),
        ("c2sp.org/tlog-proof@v1\n", NO_INCLUSION),
        (inclusion(9, 41).replace("index 8", "index 08"), NO_INCLUSION),
        (inclusion(9, 41).replace("index 8", "index 41"), "A log of 41 has no entry with the index 41."),
        (inclusion(9, 41).replace("\n41\n", "\n40\n"), "The signature of example.com/ledger is not over this text."),
    ],
)
def test_what_proves_nothing_says_why(proof: str, message: str) -> None:
    assert why_not(proof) == message


@pytest.mark.parametrize("half", ["\x00", "\r", "\udcd8"])
def test_a_note_holds_whole_characters_of_text(half: str) -> None:
    assert why_not(consistency(17, 41).replace("\n41\n", f"\n41{half}\n"), old=checkpoint(17)) == (
        "A signed note holds no control characters, and no halves of characters."
    )


# --- mutations -------------------------------------------------------------------------------------------------------

Mutation = Callable[[str, random.Random], str]

ALPHABET = "".join(map(chr, range(32, 127))) + "\n\r\t—é"


def replaced_character(text: str, by: random.Random) -> str:
    at = by.randrange(len(text))
    return text[:at] + by.choice(ALPHABET) + text[at + 1 :]


def flipped_bit(text: str, by: random.Random) -> str:
    octets = bytearray(text.encode())
    octets[by.randrange(len(octets))] ^= 1 << by.randrange(8)
    return octets.decode(errors="surrogateescape")


def left_out(text: str, by: random.Random) -> str:
    start = by.randrange(len(text))
    return text[:start] + text[start + by.choice([1, 1, 2, 44, 45]) :]


def put_in(text: str, by: random.Random) -> str:
    at = by.randrange(len(text) + 1)
    return text[:at] + by.choice([by.choice(ALPHABET), "\n", "=", "A", " ", "0"]) + text[at:]


def cut_off(text: str, by: random.Random) -> str:
    return text[: by.randrange(len(text))]


def other_number(text: str, by: random.Random) -> str:
    lines = text.split("\n")
    numbered = [at for at, line in enumerate(lines) if re.fullmatch("(index |old )?[0-9]+", line)]
    at = by.choice(numbered)
    head, _, number = lines[at].rpartition(" ")
    changed = by.choice([int(number) + 1, int(number) - 1, int(number) ^ 1 << by.randrange(8), by.randrange(100), 0])
    lines[at] = f"{head} {changed}".lstrip() if head else str(changed)
    return "\n".join(lines)


def other_hash(text: str, by: random.Random) -> str:
    lines = text.split("\n")
    hashes = [at for at, line in enumerate(lines) if len(line) == 44]
    lines[by.choice(hashes)] = b64encode(by.choice([*LEAVES, root(LEAVES), bytes(32)])).decode()
    return "\n".join(lines)


def path_in_other_order(text: str, by: random.Random) -> str:
    lines = text.split("\n")
    one, other = by.randrange(len(lines)), by.randrange(len(lines))
    if all(len(lines[at]) == 44 for at in (one, other)):
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines.insert(one, b64encode(by.choice(LEAVES)).decode())
    return "\n".join(lines)


def parts_of_two(text: str, by: random.Random) -> str:
    other = (inclusion if text.startswith("c2sp") else consistency)(by.randint(1, 20), by.randint(20, 41))
    head, _, note = text.partition("\n\n")
    other_head, _, other_note = other.partition("\n\n")
    return "\n\n".join(by.choice([(head, other_note), (other_head, note)]))


MUTATIONS: tuple[Mutation, ...] = (
    replaced_character,
    flipped_bit,
    left_out,
    put_in,
    cut_off,
    other_number,
    other_hash,
    path_in_other_order,
    parts_of_two,
)


def test_no_mutation_of_a_proof_is_accepted() -> None:
    by = chance("mutations of proofs")
    sizes = range(1, len(LEAVES) + 1)
    genuine: set[tuple[str, str | None]] = {(inclusion(at, size), None) for size in sizes for at in range(1, size + 1)}
    genuine |= {(consistency(old, size), checkpoint(old)) for size in sizes for old in range(1, size + 1)}
    proofs = sorted(genuine, key=str)
    for _ in range(rounds(5_000, 1_000_000)):
        proof, old = by.choice(proofs)
        mutated = by.choice(MUTATIONS)(proof, by)
        if (mutated, old) not in genuine:
            with pytest.raises(Unproven):
                verdict(mutated, LOG.public, [WITNESS.public], old)


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """The auditor's one file, where nothing else of the project is."""
    return Path(shutil.copy(auditor.__file__, tmp_path / "auditor.py"))


def run(alone: Path, *arguments: str) -> tuple[int, str, str]:
    """Run it, isolated from where this project is installed."""
    hidden = (
        "import sys; sys.modules['ledger'] = None; import runpy; runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", hidden, alone.name, *arguments], cwd=alone.parent, capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_auditor_needs_nothing_of_the_project(alone: Path) -> None:
    (alone.parent / "nine.tlog-proof").write_text(inclusion(9, 41), encoding="utf-8")
    keys = ["--key", str(LOG.public), "--witness", str(WITNESS.public)]
    code, told, complaint = run(alone, "nine.tlog-proof", *keys)
    assert (code, complaint) == (0, "")
    assert told.startswith("Proven.\nexample.com/ledger holds this entry at position 9 of 41:\n")


def test_the_auditor_says_what_is_not_proven(alone: Path) -> None:
    (alone.parent / "nine.tlog-proof").write_text(inclusion(9, 41).replace("index 8", "index 9"), encoding="utf-8")
    assert run(alone, "nine.tlog-proof", "--key", str(LOG.public)) == (
        1,
        "",
        "Not proven. The path does not lead to the root that was signed.\n",
    )


def test_the_auditor_takes_no_other_end_of_a_line(alone: Path) -> None:
    (alone.parent / "grown").write_bytes(consistency(17, 41).replace("\n", "\r\n").encode())
    (alone.parent / "old").write_text(checkpoint(17), encoding="utf-8")
    code, _, _ = run(alone, "grown", "--key", str(LOG.public), "--old", "old")
    assert code == 1
    (alone.parent / "grown").write_text(consistency(17, 41), encoding="utf-8")
    code, _, _ = run(alone, "grown", "--key", str(LOG.public), "--old", "old")
    assert code == 0
