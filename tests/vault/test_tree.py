"""The Merkle tree, its roots and its paths: against published values, the definition, and every pair of sizes."""

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.seal.auditor import EMPTY_ROOT, Unproven, check_consistency, check_inclusion
from ledger.seal.tree import Frontier, Span, consistency_path, hashes_of, inclusion_path, leaf_hash, root

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


@given(st.lists(st.binary(max_size=4), max_size=40), st.integers(0, 40))
def test_a_frontier_may_be_put_away_and_taken_up_again(entries: list[bytes], put_away_after: int) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    first, rest = leaves[:put_away_after], leaves[put_away_after:]
    before = Frontier().add(*first)
    assert Frontier.from_bytes(before.size, before.to_bytes()).add(*rest) == Frontier().add(*leaves)


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^A tree of 3 leaves has 2 perfect subtrees, of 32 bytes each\.$"):
        Frontier.from_bytes(3, bytes(32))


def test_a_frontier_that_was_added_to_stays_as_it_was() -> None:
    before = Frontier().add(leaf_hash(b"one"))
    before.add(leaf_hash(b"two"))
    assert before == Frontier(1, (leaf_hash(b"one"),))


# --- paths -----------------------------------------------------------------------------------------------------------

# The paths that go with the entries above: of the leaf with this index in the tree of this size…
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
# …and from one size to another.
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_paths_of_inclusion_are_the_published_ones(index: int, size: int) -> None:
    path = hashes_of(inclusion_path(index, size), map(leaf_hash, ENTRIES))
    assert [each.hex() for each in path] == INCLUSION[index, size]
    check_inclusion(index, leaf_hash(ENTRIES[index]), size, bytes.fromhex(ROOTS[size]), path)


@pytest.mark.parametrize(("old_size", "size"), CONSISTENCY)
def test_the_paths_of_consistency_are_the_published_ones(old_size: int, size: int) -> None:
    path = hashes_of(consistency_path(old_size, size), map(leaf_hash, ENTRIES))
    assert [each.hex() for each in path] == CONSISTENCY[old_size, size]
    check_consistency(old_size, bytes.fromhex(ROOTS[old_size]), size, bytes.fromhex(ROOTS[size]), path)


# The tree of seven leaves in section 2.1.5 of RFC 9162, its nodes by their letters there.
NODES = {
    **{letter: Span(index, index + 1) for index, letter in enumerate("abcdef")},
    "j": Span(6, 7),
    "g": Span(0, 2),
    "h": Span(2, 4),
    "i": Span(4, 6),
    "k": Span(0, 4),
    "l": Span(4, 7),
}


@pytest.mark.parametrize(("index", "nodes"), [(0, "bhl"), (3, "cgl"), (4, "fjk"), (6, "ik")])
def test_the_paths_of_inclusion_are_those_of_the_example_in_the_rfc(index: int, nodes: str) -> None:
    assert inclusion_path(index, 7) == [NODES[letter] for letter in nodes]


@pytest.mark.parametrize(("old_size", "nodes"), [(3, "cdgl"), (4, "l"), (6, "ijk")])
def test_the_paths_of_consistency_are_those_of_the_example_in_the_rfc(old_size: int, nodes: str) -> None:
    assert consistency_path(old_size, 7) == [NODES[letter] for letter in nodes]


LARGEST = 257
LEAVES = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


@cache
def root_of(span: Span) -> bytes:
    return root(LEAVES[span.start : span.end])


def test_every_leaf_of_every_tree_up_to_257_is_proven_and_not_at_another_place() -> None:
    for size in range(1, LARGEST + 1):
        whole = root_of(Span(0, size))
        for index in range(size):
            path = [root_of(span) for span in inclusion_path(index, size)]
            check_inclusion(index, LEAVES[index], size, whole, path)
            with pytest.raises(Unproven):
                check_inclusion((index + 1) % (size + 1), LEAVES[index], size, whole, path)


def test_every_tree_up_to_257_is_proven_to_have_grown_from_every_smaller_one() -> None:
    for size in range(LARGEST + 1):
        whole = root_of(Span(0, size))
        for old_size in range(size + 1):
            old_root = root_of(Span(0, old_size))
            path = [root_of(span) for span in consistency_path(old_size, size)]
            check_consistency(old_size, old_root, size, whole, path)
            if 0 < old_size < size:
                with pytest.raises(Unproven):
                    check_consistency(old_size, whole, size, old_root, path)
                with pytest.raises(Unproven):
                    check_consistency(old_size, old_root, size, whole, [*path, old_root])
                with pytest.raises(Unproven):
                    check_consistency(old_size, old_root, size, whole, path[:-1])


@given(st.integers(1, 600), st.data())
def test_a_path_is_worked_out_in_one_reading_of_the_leaves(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(number.to_bytes(2)) for number in range(size)]
    index, old_size = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    old_root, whole = root(leaves[:old_size]), root(leaves)
    check_inclusion(index, leaves[index], size, whole, hashes_of(inclusion_path(index, size), iter(leaves)))
    check_consistency(old_size, old_root, size, whole, hashes_of(consistency_path(old_size, size), iter(leaves)))


@pytest.mark.parametrize(
    ("old_size", "old_root", "size", "new_root", "message"),
    [
        (0, EMPTY_ROOT, 0, bytes(32), "Two roots are given for one size."),
        (0, bytes(32), 5, bytes(32), "Two roots are given for one size."),
        (5, bytes(32), 5, EMPTY_ROOT, "Two roots are given for one size."),
        (6, bytes(32), 5, bytes(32), "A log of 5 did not grow from one of 6."),
        (3, bytes(32), 5, bytes(32), "There is no path."),
    ],
)
def test_growth_that_cannot_be_is_refused(
    old_size: int, old_root: bytes, size: int, new_root: bytes, message: str
) -> None:
    with pytest.raises(Unproven) as why:
        check_consistency(old_size, old_root, size, new_root, [])
    assert str(why.value) == message
