"""The Merkle tree over the log (RFC 9162, section 2.1): one hash that names a prefix and every byte in it.

The leaf of the fact at `position` is leaf number `position - 1`, over the fact's canonical bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry (32 bytes); its prefix of a zero byte keeps a leaf from passing for an inner node."""
    return sha256(b"\x00" + entry).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A growing tree, reduced to what its next leaf needs: the roots of its perfect subtrees, the largest first.

    There are as many as `size`, the number of leaves, has ones in binary: a million leaves need seven.
    """

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    def add(self, leaf: bytes) -> "Frontier":
        """The tree with one more leaf, given by its hash."""
        subtrees, remaining = self.subtrees, self.size
        while remaining & 1:
            leaf = _node_hash(subtrees[-1], leaf)
            subtrees, remaining = subtrees[:-1], remaining >> 1
        return Frontier(self.size + 1, (*subtrees, leaf))

    @property
    def root(self) -> bytes:
        """The Merkle tree hash (32 bytes); of no leaves, the hash of nothing."""
        if not self.subtrees:
            return sha256().digest()
        *larger, node = self.subtrees
        for subtree in reversed(larger):
            node = _node_hash(subtree, node)
        return node


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The Merkle tree hash (32 bytes) over leaves given by their hashes, read once, in the memory of a frontier."""
    tree = Frontier()
    for leaf in leaf_hashes:
        tree = tree.add(leaf)
    return tree.root
