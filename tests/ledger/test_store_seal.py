from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.store.seal import Frontier, leaf_hash, root

# The entries and roots by which implementations of RFC 6962 and RFC 9162 are compared.
ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def merkle_tree_hash(entries: list[bytes]) -> bytes:
    """The definition of RFC 9162, section 2.1.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1 << (len(entries) - 1).bit_length() - 1
    return sha256(b"\x01" + merkle_tree_hash(entries[:split]) + merkle_tree_hash(entries[split:])).digest()


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_roots_are_the_published_ones(size: int) -> None:
    assert root(leaf_hash(entry) for entry in ENTRIES[:size]).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_that_of_the_recursive_definition(entries: list[bytes]) -> None:
    assert root(map(leaf_hash, entries)) == merkle_tree_hash(entries)


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_frontier_has_a_root_at_every_size_and_a_subtree_for_each_one_in_binary(entries: list[bytes]) -> None:
    tree = Frontier()
    for size, entry in enumerate(entries, start=1):
        tree = tree.add(leaf_hash(entry))
        assert tree.size == size
        assert len(tree.subtrees) == size.bit_count()
        assert tree.root == merkle_tree_hash(entries[:size])


def test_a_frontier_that_was_added_to_stays_as_it_was() -> None:
    before = Frontier().add(leaf_hash(b"one"))
    before.add(leaf_hash(b"two"))
    assert before == Frontier(1, (leaf_hash(b"one"),))
