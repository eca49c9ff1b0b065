"""The keys that sign checkpoints, and their signatures: c2sp.org/signed-note and c2sp.org/tlog-cosignature.

A log signs what it says of itself; a witness adds, with the time, that it has seen it. What is signed is checked in
`ledger.seal.auditor`.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.rejected import Rejected
from ledger.seal.auditor import COSIGNATURE, ED25519, VerifierKey, checkpoint_text

_PRIVATE = "PRIVATE+KEY+"
NAME_PATTERN = r"[^\s+\x00-\x1f]{1,200}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half of a key. It is kept out of every text for people: `str` would be what nobody may see."""

    public: VerifierKey
    seed: bytes

    @classmethod
    def of(cls, name: str, seed: bytes, *, witness: bool = False) -> Self:
        """The key with this seed (32 random bytes), of a log or of a witness. Raises Rejected (`key_name`)."""
        if not re.fullmatch(NAME_PATTERN, name):
            raise Rejected(
                "key_name",
                f"A key was to be named {name!r}.",
                remedy="Name it like a URL without its scheme, such as example.com/ledger: no spaces, no plus.",
            )
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cls(VerifierKey(name, COSIGNATURE if witness else ED25519, public), seed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key that `secret` wrote. Raises Rejected (`no_signing_key`)."""
        found = re.fullmatch(rf"PRIVATE\+KEY\+({NAME_PATTERN})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/]{{44}})", text.strip())
        if found is not None:
            name, written_id, material = found.groups()
            decoded = b64decode(material)
            if decoded[:1] in (ED25519, COSIGNATURE):
                key = cls.of(name, decoded[1:], witness=decoded[:1] == COSIGNATURE)
                if key.public.id.hex() == written_id:
                    return key
        raise Rejected(
            "no_signing_key",
            "What was given as a private key is none.",
            remedy="Make one with `asof keygen`, and name its file.",
        )

    def secret(self) -> str:
        """The key as its file holds it."""
        material = b64encode(self.public.kind + self.seed).decode()
        return f"{_PRIVATE}{self.public.name}+{self.public.id.hex()}+{material}\n"

    def __repr__(self) -> str:
        return f"SigningKey({self.public})"

    def seal(self, size: int, root: bytes) -> str:
        """A checkpoint of the log that has the name of this key. The same log gives the same text."""
        text = checkpoint_text(self.public.name, size, root)
        return f"{text}\n{self._line(self._signature(text.encode()))}"

    def cosignature(self, text: str, seconds: int) -> str:
        """The line by which a witness adds to a checkpoint's text that it has seen it (seconds since 1970)."""
        signature = self._signature(f"cosignature/v1\ntime {seconds}\n{text}".encode())
        return self._line(seconds.to_bytes(8) + signature)

    def _signature(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def _line(self, signature: bytes) -> str:
        return f"— {self.public.name} {b64encode(self.public.id + signature).decode()}\n"
