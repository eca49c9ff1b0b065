"""A witness: it signs that it has seen a checkpoint, and only if the log grew from the one that it signed before."""

import datetime as dt

from ledger.rejected import Rejected
from ledger.seal.auditor import COSIGNATURE, Consistency, Unproven, VerifierKey, check_checkpoint
from ledger.seal.notes import SigningKey


def cosigned(request: str, log: VerifierKey, before: str | None, key: SigningKey, *, now: dt.datetime) -> str:
    """The checkpoint of a request (a proof of consistency), with the witness's signature added to it.

    `before` is what this returned for the log's last request; whoever calls keeps it, and keeps the new one before
    handing it out. Raises Rejected: `not_consistent`, `key_is_no_witness`.
    """
    if key.public.kind != COSIGNATURE:
        raise Rejected(
            "key_is_no_witness",
            f"The key of {key.public.name} is a log's.",
            remedy="Make one with `asof keygen --witness`.",
        )
    since = 0
    try:
        old = check_checkpoint(before, log, (key.public,)) if before is not None else None
        since = old.size if old is not None else 0
        checkpoint = Consistency.parse(request).check(old, log)
    except Unproven as why:
        raise Rejected(
            "not_consistent",
            f"{key.public.name} was asked to cosign a checkpoint.",
            forbidden_by=str(why),
            remedy=f"Ask with the proof from the size that it signed last: `asof prove --since {since}`.",
        ) from None
    return checkpoint.note + key.cosignature(checkpoint.text, int(now.timestamp()))
