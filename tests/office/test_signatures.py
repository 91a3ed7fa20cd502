"""Signatures inside entries: each is over its own bytes, which are cut out exactly whatever stands around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.model.acts import Act
from comity.model.acts.duty import Handover, LineCheck
from comity.model.codec import decode_profile, encode
from comity.model.entry import Assertion, Second, build_json, parse_entry, without_member
from comity.model.errors import Malformed, Misuse
from comity.office.desk import with_assertion, with_second
from comity.office.founding import enrol_act, rotate_act
from comity.office.keyring import KeySigner, SystemRandomness, new_signer
from comity.office.signatures import check_signatures, entry_message, leaf_of, second_message
from office.founded import START_MS
from office.passkeys import assertion_over, confirmed

RANDOM = SystemRandomness()
CHECK = LineCheck(with_participant="south", result="working")
ONE, TWO = new_signer(RANDOM), new_signer(RANDOM)


def json_of(act: Act = CHECK) -> bytes:
    """The JSON of an entry that nobody has judged."""
    header = {"at": START_MS, "key": ONE.key, "origin": "demo/north", "previous": "00" * 32, "seat": "duty"}
    return build_json(header | {"seen": {}, "seq": 0, "terms": "11" * 32}, act)


def check(json: bytes, signer: KeySigner = ONE) -> None:
    """Signs the whole JSON and checks all signatures in it."""
    check_signatures(parse_entry(leaf_of(json, signer.key, signer.sign(entry_message(json)))))


def seconded(signature: Callable[[bytes], bytes], assertion: Callable[[bytes], Assertion] | None = None) -> bytes:
    """The JSON with a second officer's signature, and his passkey's assertion if he gives one."""
    json = json_of(Handover(seat="duty", open_count=0))
    given = assertion(json) if assertion is not None else None
    return with_second(json, Second(key=TWO.key, seat="duty", signature=signature(json).hex(), assertion=given))


def by_two(json: bytes) -> bytes:
    """The second officer's signature."""
    return TWO.sign(second_message(json))


def asserted(json: bytes, **changes: Any) -> bytes:
    """The JSON with a passkey's assertion over it."""
    return with_assertion(json, assertion_over(json, **changes))


def test_good_signatures_are_taken() -> None:
    """One officer, two officers, a passkey of either kind with each or both, and all of them together."""
    check(json_of())
    check(seconded(by_two))
    check(seconded(by_two, assertion_over))
    check(asserted(json_of()))
    check(asserted(json_of(), signer=TWO))
    check(asserted(seconded(by_two)))
    check(asserted(seconded(by_two, partial(assertion_over, signer=TWO))))
    check(json_of(enrol_act("demo/north", "an officer", ("duty",), TWO)))
    check(json_of(rotate_act("demo/north", ONE.key, "an officer", ("duty",), TWO)))


@pytest.mark.parametrize(
    ("json", "problem"),
    [
        (seconded(lambda json: TWO.sign(entry_message(json))), "second officer's signature"),
        (seconded(lambda json: ONE.sign(second_message(json))), "second officer's signature"),
        (seconded(by_two, partial(assertion_over, kind="webauthn.create")), "second officer's passkey's client data"),
        (seconded(by_two, lambda _: confirmed("A" * 43)), "second officer's passkey confirmed other"),
        (seconded(by_two, partial(assertion_over, flags=1)), "second officer's passkey did not verify its user"),
        (asserted(json_of(), kind="webauthn.create"), "no assertion"),
        (with_assertion(json_of(), confirmed("AAAA")), "confirmed other bytes"),
        (asserted(json_of(), flags=1), "did not verify its user"),
        (asserted(json_of(), flags=4), "did not verify its user"),
        (json_of(enrol_act("demo/south", "an officer", ("duty",), TWO)), "proof of possession"),
        (json_of(msgspec.structs.replace(enrol_act("demo/north", "a", ("duty",), TWO), officer="b")), "proof of"),
        (json_of(msgspec.structs.replace(enrol_act("demo/north", "a", ("duty",), TWO), seats=("x",))), "proof of"),
    ],
)
def test_wrong_signatures_are_malformed(json: bytes, problem: str) -> None:
    """Each inner signature over anything but its own bytes makes the entry malformed."""
    with pytest.raises(Malformed, match=problem):
        check(json)


@pytest.mark.parametrize("signer", [None, TWO])
def test_assertion_is_of_these_bytes(signer: KeySigner | None) -> None:
    """A passkey's signature that was changed, or moved to another act, does not fit."""
    good = decode_profile(asserted(json_of(), signer=signer))
    moved = decode_profile(json_of(Handover(seat="duty", open_count=1))) | {"assertion": good["assertion"]}
    with pytest.raises(Malformed, match="confirmed other bytes"):
        check(encode(moved))
    assertion = good["assertion"] | {"signature": good["assertion"]["signature"][:-2] + "00"}
    with pytest.raises(Malformed, match="does not fit"):
        check(
            encode(good | {"assertion": assertion | {"authenticator_data": "01" + assertion["authenticator_data"][2:]}})
        )


def test_second_assertion_is_of_the_prepared_bytes() -> None:
    """What a second officer confirms is what he signs: not the whole, not what the first confirms, not another act."""
    json = json_of(Handover(seat="duty", open_count=0))
    good = assertion_over(json, TWO)
    check(seconded(by_two, lambda _: good))
    over_another = assertion_over(json_of(Handover(seat="duty", open_count=1)))
    over_the_whole = assertion_over(seconded(by_two))
    with_the_first = assertion_over(asserted(json))
    for wrong in (over_another, over_the_whole, with_the_first):
        with pytest.raises(Malformed, match="second officer's passkey confirmed other bytes"):
            check(seconded(by_two, lambda _, wrong=wrong: wrong))  # type: ignore[misc]
    for field in ("authenticator_data", "client_data", "signature"):
        text = getattr(good, field)
        changed = msgspec.structs.replace(good, **{field: text[:-2] + ("00" if text[-2:] != "00" else "01")})
        with pytest.raises(Malformed, match="second officer's passkey's signature does not fit"):
            check(seconded(by_two, lambda _, changed=changed: changed))  # type: ignore[misc]


def test_first_confirms_what_the_second_gave() -> None:
    """The first officer's passkey covers the second's part: with another second, or assertion, it does not fit."""
    whole = decode_profile(asserted(seconded(by_two, partial(assertion_over, signer=TWO))))
    check(encode(whole))
    bare = whole["second"] | {"assertion": None}
    other = whole["second"] | {"assertion": msgspec.to_builtins(assertion_over(json_of()))}
    for second in (bare, other, {name: bare[name] for name in ("key", "seat", "signature")}, None):
        with pytest.raises(Malformed, match="passkey confirmed other bytes"):
            check(encode(whole | {"second": second}))


def test_two_assertions_do_not_change_places() -> None:
    """The first's assertion is not the second's, nor the other way round, whoever's passkeys they are."""
    whole = decode_profile(asserted(seconded(by_two, assertion_over)))
    first, second = whole["assertion"], whole["second"]["assertion"]
    for one, two in ((second, first), (first, first), (second, second)):
        with pytest.raises(Malformed, match="confirmed other bytes"):
            check(encode(whole | {"assertion": one, "second": whole["second"] | {"assertion": two}}))


def test_parts_are_added_in_order() -> None:
    """The second comes before the first's assertion, which covers him, and neither comes twice."""
    second = decode_profile(seconded(by_two))["second"]
    for json in (seconded(by_two), asserted(json_of())):
        with pytest.raises(Misuse, match="begin with the JSON that was prepared"):
            with_second(json, msgspec.convert(second, Second))
    with pytest.raises(Misuse, match="begin with the JSON that was prepared"):
        with_assertion(asserted(json_of()), assertion_over(json_of()))


ASSERTION = msgspec.to_builtins(assertion_over(json_of(), TWO))
SECOND = {"key": TWO.key, "seat": "duty", "signature": "00" * 64}
GIVEN = st.sampled_from([ASSERTION, ASSERTION | {"client_data": '","second":{},"seen":{'}])
SECONDS = st.builds(
    lambda seat, more: SECOND | {"seat": seat} | more,
    st.sampled_from(["duty", "second", "assertion", '"assertion":', '","seen":{', "é\n"]),
    st.sampled_from([{}, {"assertion": None}]) | st.builds(lambda each: {"assertion": each}, GIVEN),
)
HEAD = [1, "ab" * 32]
SEEN = st.dictionaries(st.sampled_from(["second", "assertion", "seen", "seq", "version", "a"]), st.just(HEAD))
BODIES = st.recursive(
    st.sampled_from([None, 1, '"assertion":', '"second":{},"seen":', encode(SECOND).decode(), ASSERTION, SECOND]),
    lambda inner: st.dictionaries(st.sampled_from(["assertion", "second", "seen", "at", "z"]), inner, max_size=3),
)


@given(
    st.sampled_from(["assertion.second", "second.seen", "duty.line_check"]),
    BODIES,
    SEEN,
    st.sampled_from(["duty", "second", '","second":{"', '"assertion":{}']),
    st.fixed_dictionaries({}, optional={"assertion": st.none() | GIVEN, "second": st.none() | SECONDS}),
)
@example("second.seen", {"second": SECOND, "seen": {}}, {"second": HEAD, "seen": HEAD}, "duty", {"second": SECOND})
@example("second.seen", {"assertion": ASSERTION, "at": 1}, {}, "duty", {"assertion": ASSERTION})
@example("second.seen", {"assertion": ASSERTION, "at": 1}, {}, "duty", {"second": SECOND | {"assertion": ASSERTION}})
@example("second.seen", 1, {}, "duty", {"assertion": ASSERTION, "second": SECOND | {"assertion": ASSERTION}})
def test_members_are_cut_where_they_stand(
    act: str, body: object, seen: object, seat: str, more: dict[str, Any]
) -> None:
    """Whatever stands in a body, a text, a log's name or the other member: what is cut is the entry's own member."""
    header = {"act": act, "at": 1, "body": body, "comity": 1, "key": ONE.key, "origin": "second", "previous": "00" * 32}
    whole = header | {"seat": seat, "seen": seen, "seq": 7, "terms": "00" * 32, "version": 1} | more
    entry = parse_entry(bytes(68) + encode(whole))
    present = [name for name in ("assertion", "second") if whole.get(name) is not None]
    for name in ("assertion", "second"):
        rest = {key: value for key, value in whole.items() if key not in present or key != name}
        assert without_member(entry.json, entry.header, name) == encode(rest)
    bare = without_member(entry.json, entry.header, "assertion")
    rest = {key: value for key, value in whole.items() if key not in present}
    assert without_member(bare, entry.header, "second") == encode(rest)


def test_nothing_is_cut_of_another_entry() -> None:
    """Bytes that are not those of the header lose nothing."""
    entry = parse_entry(leaf_of(asserted(seconded(by_two)), ONE.key, bytes(64)))
    other = encode(decode_profile(entry.json) | {"act": "duty.other", "seq": 10})
    for member in ("assertion", "second"):
        with pytest.raises(Malformed, match=f"the member {member} is not written as the profile demands"):
            without_member(other, entry.header, member)


@pytest.mark.parametrize("member", ["second", "assertion", "more"])
def test_second_holds_nothing_else(member: str) -> None:
    """A second has room for its own assertion and for no other member, and an assertion for no other again."""
    good = decode_profile(asserted(seconded(by_two, assertion_over)))
    second = good["second"] | {"assertion": good["second"]["assertion"] | {member: good["assertion"]}}
    odd = [good | {"second": second}, good | {"assertion": good["assertion"] | {member: good["assertion"]}}]
    if member != "assertion":
        odd.append(good | {"second": good["second"] | {member: good["second"]}})
    for each in odd:
        with pytest.raises(Malformed, match="not an entry"):
            parse_entry(bytes(68) + encode(each))
