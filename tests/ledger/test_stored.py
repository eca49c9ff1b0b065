"""What a log reads back without its checks: the same facts, to the digit, as with them."""

import copy
import pickle
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.facts import (
    BY_TAG,
    FACTS,
    Fact,
    FactReplaced,
    PaymentMade,
    decode,
    decode_own,
    encode,
)
from ledger.facts.stored import builder
from ledger.reading import read
from ledger.values import Value
from tests.ledger.any_fact import any_fact
from tests.nightly import rounds

DATA = Path(__file__).parent / "data"
STORED = (DATA / "stored_facts.jsonl").read_bytes().splitlines()
PAPERS = sorted((Path(__file__).parents[2] / "scenarios" / "lexington").glob("*.yaml"))
PAID = PaymentMade.model_validate(
    {"effective": "2001-02-01", "source": {"document": "ex-10-7"}, "facility": "cit", "amount": "100.00"}
)


@pytest.mark.parametrize("fact", FACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_read_back_without_its_checks_is_the_same_in_every_respect(
    fact: type[Fact], data: st.DataObject
) -> None:
    state = encode(data.draw(any_fact(fact)))
    assert_same(decode_own(fact.tag, state), decode(fact.tag, state))
    if fact is not FactReplaced:
        assert_same(builder(fact)(state), decode(fact.tag, state))  # and not because it was read with them after all


@pytest.mark.parametrize(("tag", "state"), list(zip(BY_TAG, STORED, strict=True)), ids=list(BY_TAG))
def test_pinned_bytes_that_are_read_back_without_their_checks_are_the_fact(tag: str, state: bytes) -> None:
    own = decode_own(tag, state)
    assert_same(own, decode(tag, state))
    assert encode(own) == state


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.stem))
def test_what_papers_say_is_read_back_without_its_checks_as_with_them(paper: Path) -> None:
    for located in read([paper]):
        tag, state = located.fact.tag, encode(located.fact)
        assert_same(decode_own(tag, state), decode(tag, state))


@pytest.mark.parametrize("fact", FACTS)
@settings(
    max_examples=rounds(8, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_bytes_with_one_damaged_are_read_as_with_checks_or_refused_in_the_same_words(
    fact: type[Fact], data: st.DataObject
) -> None:
    state = bytearray(encode(data.draw(any_fact(fact))))
    state[data.draw(st.integers(0, len(state) - 1))] = data.draw(st.sampled_from(b'"{}[]:,0159-Zz\\ aen\xff'))
    own, full = outcome(decode_own, fact.tag, bytes(state)), outcome(decode, fact.tag, bytes(state))
    if isinstance(full, str):
        assert own == full or not isinstance(own, str)  # a limit is not looked at; that the hash is another's is
    else:
        assert_same(own, full)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        (b'"amount":"100.00"', b'"amount":true'),
        (b'"amount":"100.00"', b'"amount":"100.00","sum":"100.00"'),
        (b',"amount":"100.00"', b""),
        (b'"effective":"2001-02-01"', b'"effective":"2001-02-30"'),
        (b'"standing":"stated"', b'"standing":"rumoured"'),
        (b'{"document":"ex-10-7"}', b'"ex-10-7"'),
        (b"payment_made.v1", b"payment_made.v2"),
        (b"}}", b"}"),
    ],
)
def test_bytes_that_are_no_fact_are_refused_in_the_words_of_the_checks(written: bytes, otherwise: bytes) -> None:
    state = encode(PAID)
    damaged = state.replace(written, otherwise) if written in state else state[:-1]
    refusal = outcome(decode, PAID.tag, damaged)
    assert isinstance(refusal, str)
    assert outcome(decode_own, PAID.tag, damaged) == refusal


def test_fields_that_the_bytes_leave_out_though_no_fact_does_are_read_with_checks() -> None:
    state = encode(PAID).replace(b',"standing":"stated"', b"").replace(b'"amount"', b'"note":null,"amount"')
    own = decode_own(PAID.tag, state)
    assert_same(own, decode(PAID.tag, state))
    assert own.model_fields_set == {"event", "effective", "source", "facility", "amount", "note"}


def test_facts_share_their_source_and_a_copy_leaves_the_others_as_they_were() -> None:
    state = encode(PAID)
    one, other = decode_own(PAID.tag, state), decode_own(PAID.tag, state)
    assert one.source is other.source
    noted = one.model_copy(update={"note": "by wire"})
    assert noted.model_fields_set - other.model_fields_set == {"note"}
    assert_same(one, other)


def assert_same(own: Any, full: Any) -> None:
    """That two facts, or parts of them, are the same, in whatever way one may look at them."""
    assert type(own) is type(full)
    match full:
        case Value():
            assert list(vars(own)) == list(vars(full))
            for value, due in zip(vars(own).values(), vars(full).values(), strict=True):
                assert_same(value, due)
            assert own.model_fields_set == full.model_fields_set
            assert own.model_extra is full.model_extra is None
            assert own.__pydantic_private__ is full.__pydantic_private__ is None
            assert own == full
            assert own.model_dump_json() == full.model_dump_json()
            assert copy.copy(own) == copy.deepcopy(own) == pickle.loads(pickle.dumps(own)) == full
        case tuple():
            assert len(own) == len(full)
            for value, due in zip(own, full, strict=True):
                assert_same(value, due)
        case _:
            assert own == full
    assert repr(own) == repr(full)
    if is_hashable(full):
        assert hash(own) == hash(full)


def is_hashable(value: Hashable) -> bool:
    """Whether it has no mapping in it."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def outcome(how: Any, tag: str, state: bytes) -> Any:
    """The fact, or the words of the refusal."""
    try:
        return how(tag, state)
    except (KeyError, ValueError) as refusal:
        return str(refusal)
