"""The Merkle tree over the log (RFC 9162, section 2.1), and the paths that prove something about it.

The leaf of the fact at `position` is leaf number `position - 1`, over the fact's canonical bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from ledger.seal.auditor import EMPTY_ROOT, leaf_hash, node_hash

__all__ = ["Frontier", "Span", "consistency_path", "hashes_of", "inclusion_path", "leaf_hash", "root"]

HASH_SIZE = sha256().digest_size


@dataclass(frozen=True, slots=True)
class Frontier:
    """A growing tree, reduced to what its next leaf needs: the roots of its perfect subtrees, the largest first.

    There are as many as `size`, the number of leaves, has ones in binary: a million leaves need seven.
    """

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    @classmethod
    def from_bytes(cls, size: int, hashes: bytes) -> "Frontier":
        """The frontier that `to_bytes` gave. Raises ValueError for hashes that are none of that size."""
        if len(hashes) != size.bit_count() * HASH_SIZE:
            msg = f"A tree of {size} leaves has {size.bit_count()} perfect subtrees, of {HASH_SIZE} bytes each."
            raise ValueError(msg)
        return cls(size, tuple(hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)))

    def to_bytes(self) -> bytes:
        """The roots of the subtrees in one piece."""
        return b"".join(self.subtrees)

    def add(self, *leaves: bytes) -> "Frontier":
        """The tree with more leaves, given by their hashes."""
        before, kept, grown = self.size, list(self.subtrees), list[bytes]()
        nodes = list(leaves)  # of one height, then of the next
        while nodes:
            if before & 1:
                nodes.insert(0, kept.pop())
            if len(nodes) & 1:
                grown.append(nodes.pop())
            nodes = list(map(node_hash, nodes[::2], nodes[1::2]))
            before >>= 1
        return Frontier(self.size + len(leaves), (*kept, *reversed(grown)))

    @property
    def root(self) -> bytes:
        """The Merkle tree hash (32 bytes); of no leaves, the hash of nothing."""
        if not self.subtrees:
            return EMPTY_ROOT
        *larger, node = self.subtrees
        for subtree in reversed(larger):
            node = node_hash(subtree, node)
        return node


LEAVES_AT_A_TIME = 1000


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The Merkle tree hash (32 bytes) over leaves given by their hashes, read once, in the memory of a frontier."""
    tree, leaves = Frontier(), iter(leaf_hashes)
    while some := tuple(islice(leaves, LEAVES_AT_A_TIME)):
        tree = tree.add(*some)
    return tree.root


# --- paths -----------------------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """Leaves from one index to before another, that are a subtree."""

    start: int
    end: int


def inclusion_path(index: int, size: int) -> list[Span]:
    """The subtrees whose roots prove that a leaf is in the tree, from the leaf's sibling up (section 2.1.3.1)."""
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    return path[::-1]


def consistency_path(old_size: int, size: int) -> list[Span]:
    """The subtrees whose roots prove that a tree grew from one of `old_size` leaves (section 2.1.4.1)."""
    if old_size == 0:
        return []
    path, start, end = [], 0, size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    if start:  # else it is all of the old tree, whose root is known
        path.append(Span(start, end))
    return path[::-1]


def _split(count: int) -> int:
    """The largest power of two below a number of leaves: how many of them the left subtree has."""
    return 1 << (count - 1).bit_length() - 1


def hashes_of(path: Iterable[Span], leaf_hashes: Iterator[bytes]) -> list[bytes]:
    """The roots of these subtrees, over leaves that are read once and in order."""
    found, at = {}, 0
    for span in sorted(path):
        found[span] = root(islice(leaf_hashes, span.start - at, span.end - at))
        at = span.end
    return [found[span] for span in path]
