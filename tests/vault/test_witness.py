"""A witness signs that a log only grew, and signs nothing else."""

import datetime as dt

import pytest

from ledger.rejected import Rejected
from ledger.seal.auditor import Consistency, check_checkpoint
from ledger.seal.notes import SigningKey
from ledger.seal.tree import consistency_path, hashes_of, leaf_hash, root
from ledger.seal.witness import cosigned

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
LOG = SigningKey.of("example.com/ledger", bytes(range(32)))
WITNESS = SigningKey.of("witness.example/w1", bytes(range(1, 33)), witness=True)
LEAVES = [leaf_hash(str(number).encode()) for number in range(41)]


def request(old_size: int, size: int, leaves: list[bytes] = LEAVES) -> str:
    path = hashes_of(consistency_path(old_size, size), iter(leaves))
    return str(Consistency(old_size, tuple(path), LOG.seal(size, root(leaves[:size]))))


def refusal(asked: str, before: str | None) -> str:
    with pytest.raises(Rejected) as refused:
        cosigned(asked, LOG.public, before, WITNESS, now=NOW)
    return str(refused.value)


def test_a_witness_signs_the_first_checkpoint_that_it_sees_and_each_that_grew_from_it() -> None:
    first = cosigned(request(0, 17), LOG.public, None, WITNESS, now=NOW)
    second = cosigned(request(17, 41), LOG.public, first, WITNESS, now=NOW)
    for note, size in [(first, 17), (second, 41)]:
        assert check_checkpoint(note, LOG.public, [WITNESS.public]).size == size


def test_a_witness_signs_a_checkpoint_that_it_has_signed_once_more() -> None:
    first = cosigned(request(0, 17), LOG.public, None, WITNESS, now=NOW)
    assert cosigned(request(17, 17), LOG.public, first, WITNESS, now=NOW) == first


def test_a_witness_does_not_sign_a_log_that_was_rewritten() -> None:
    first = cosigned(request(0, 17), LOG.public, None, WITNESS, now=NOW)
    rewritten = [leaf_hash(b"another"), *LEAVES[1:]]
    assert refusal(request(17, 41, rewritten), first) == (
        "witness.example/w1 was asked to cosign a checkpoint. The path does not lead from the root that was signed "
        "earlier to the one signed later. Ask with the proof from the size that it signed last: "
        "`asof prove --since 17`. [not_consistent]"
    )


def test_a_witness_does_not_sign_a_log_that_shrank() -> None:
    first = cosigned(request(0, 17), LOG.public, None, WITNESS, now=NOW)
    shrunk = Consistency(17, (), LOG.seal(16, root(LEAVES[:16])))
    assert "A log of 16 did not grow from one of 17." in refusal(str(shrunk), first)


def test_a_witness_goes_back_to_what_it_signed_and_not_to_what_it_is_told() -> None:
    first = cosigned(request(0, 17), LOG.public, None, WITNESS, now=NOW)
    assert "The proof is from size 0 on, and the earlier checkpoint has size 17." in refusal(request(0, 41), first)
    assert "The proof is from size 17 on, and the earlier checkpoint has size 0." in refusal(request(17, 41), None)


def test_a_witness_signs_nothing_that_the_log_did_not_sign() -> None:
    stranger = SigningKey.of("example.com/ledger", bytes(32))
    forged = str(Consistency(0, (), stranger.seal(17, root(LEAVES[:17]))))
    assert "example.com/ledger did not sign this checkpoint" in refusal(forged, None)


def test_a_witness_signs_with_a_key_for_witnesses() -> None:
    with pytest.raises(Rejected) as refused:
        cosigned(request(0, 17), LOG.public, None, LOG, now=NOW)
    assert str(refused.value) == (
        "The key of example.com/ledger is a log's. Make one with `asof keygen --witness`. [key_is_no_witness]"
    )
