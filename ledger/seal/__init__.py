"""Evidence that nobody rewrote a log: a Merkle tree over it, signed checkpoints of that tree, and proofs against them.

`auditor` is one file without any other of this project, so that whoever checks a proof need not trust the rest.
"""
