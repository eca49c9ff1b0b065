"""Names that facts hold only a commitment to, so that a name can go while every hash stays what it was.

A commitment is the SHA-256 of 32 random bytes and the name. With both at hand, anyone can check it; without the random
bytes nobody can find the name, not even by trying all names that there are.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ledger.facts import Fact, as_record
from ledger.store.schema import names

PEOPLE = frozenset(
    {
        "borrowers",
        "by",
        "from",
        "guarantors",
        "holder",
        "holders",
        "lenders",
        "parties",
        "party",
        "to",
        "trustee",
    }
)
"""The fields of facts, at any depth, that may name a person."""

SALT_BYTES = 32
_OPENING = "withheld:"


def commitment(name: str, salt: bytes) -> str:
    """What stands in a fact for a name."""
    return _OPENING + sha256(salt + name.encode()).hexdigest()


def withhold(connection: Connection, name: str, salt: bytes) -> str:
    """Keep a name out of the facts that are recorded from now on; its commitment, the same each time."""
    there = connection.execute(select(names.c.commitment).where(names.c.name == name)).scalar()
    if there is not None:
        return str(there)
    row = (commitment(name, salt), salt, name)
    connection.execute(insert(names).values(row))
    return row[0]


def forget(connection: Connection, name: str) -> str | None:
    """Let go of a name; the commitment that now stands for nobody, or None if the name was not withheld."""
    gone = delete(names).where(names.c.name == name).returning(names.c.commitment)
    return connection.execute(gone).scalar()


def withheld(connection: Connection) -> dict[str, tuple[str, bytes]]:
    """The commitment and the random bytes of each name that is withheld."""
    return {name: (kept, salt) for kept, salt, name in connection.execute(select(names).order_by(names.c.name))}


def differences(withheld: Mapping[str, tuple[str, bytes]]) -> list[str]:
    """A sentence for each commitment that is none to the name and the random bytes that are kept with it."""
    return [
        f"The commitment {kept} is none to the name and the random bytes that are kept with it."
        for name, (kept, salt) in withheld.items()
        if commitment(name, salt) != kept
    ]


def commitments(connection: Connection) -> dict[str, str]:
    """The commitment of each name that is withheld; every recording asks for them."""
    return {name: kept for name, kept in connection.exec_driver_sql("SELECT name, commitment FROM names")}  # noqa: C416


def without_names(fact: Fact, commitments: Mapping[str, str]) -> Fact:
    """The fact with a commitment in the place of each value that is a name; itself, if there is none."""
    written = as_record(fact)
    committed = _committed(written, commitments)
    if committed == written:
        return fact
    return type(fact).model_validate_json(json.dumps(committed), by_alias=True, by_name=False)


def _committed(value: Any, commitments: Mapping[str, str], *, of_people: bool = False) -> Any:
    match value:
        case str() if of_people:
            return commitments.get(value, value)
        case list():
            return [_committed(each, commitments, of_people=of_people) for each in value]
        case dict():
            return {name: _committed(each, commitments, of_people=name in PEOPLE) for name, each in value.items()}
        case _:
            return value
