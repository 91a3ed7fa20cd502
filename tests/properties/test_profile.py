"""The quick look at JSON bytes accepts nothing that the slow one refuses, and spares most entries the slow one."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comity.model import codec
from comity.model import entry as entries
from comity.model.codec import DEPTH_MOST, decode_profile
from comity.model.entry import parse_entry
from comity.model.errors import Malformed
from laws.world import World
from thorough import deep

CORPUS = Path(__file__).resolve().parent.parent / "fuzz" / "corpus"
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["1.5", ":1.5", ",12345678901234567", "[3e4", '":1', "{" * 30, "\\", "\x00", "\u00e9"]
)
NUMBERS = st.one_of(
    st.integers(-(1 << 70), 1 << 70),
    st.integers((1 << 53) - 3, (1 << 53) + 3),
    st.floats(),
    st.sampled_from([10**15 - 1, 10**15, -(10**15), -0.0, 1e16, 1e300]),
)
WORLD = World()
LEAVES_SIGNED = [taken.entry.leaf for taken in WORLD["north"].history.entries]
LEAVES = st.none() | st.booleans() | TEXTS | NUMBERS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=5)


def verdict(data: bytes) -> object:
    """The object that the bytes hold, or that they are refused."""
    try:
        return decode_profile(data)
    except Malformed:
        return Malformed


def slowly(data: bytes) -> object:
    """The same with every value looked at."""
    with patch.object(codec, "is_plain", lambda _: False):
        return verdict(data)


def read(leaf: bytes, slow: bool) -> object:
    """The entry that a leaf is, or why it is none; slowly, with every value looked at."""
    with patch.object(entries, "_is_written_anew", lambda *_: False) if slow else nullcontext():
        try:
            return parse_entry(leaf)
        except Malformed as error:
            return str(error)


@settings(max_examples=deep(400, 150))
@given(OBJECTS, st.booleans(), st.booleans(), st.booleans())
@example({"a": [[[[1.5]]]]}, True, True, False)
@example({"a": 1 << 53}, True, True, False)
@example({"a": (1 << 53) - 1}, True, True, False)
def test_quick_and_slow_agree_on_values(value: dict[str, object], tight: bool, is_sorted: bool, ascii: bool) -> None:
    """Whatever is written, in the profile's way or nearly so, is taken or refused alike."""
    separators = (",", ":") if tight else (", ", ": ")
    text = json.dumps(value, separators=separators, sort_keys=is_sorted, ensure_ascii=ascii)
    data = text.encode("utf-8", "surrogatepass")
    assert verdict(data) == slowly(data)


@settings(max_examples=deep(400, 150))
@given(st.text(alphabet='{}[]":,.-+0123456789eEaé\\ntrue ', max_size=40))
def test_quick_and_slow_agree_on_texts(text: str) -> None:
    """Texts that look like JSON, and mostly are none, are taken or refused alike."""
    for data in (text.encode(), b'{"a":' + text.encode() + b"}", b'{"a":[' + text.encode() + b"]}"):
        assert verdict(data) == slowly(data)


@pytest.mark.parametrize("depth", [DEPTH_MOST - 2, DEPTH_MOST - 1, DEPTH_MOST, DEPTH_MOST + 1, 5000])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
def test_quick_and_slow_agree_on_depth(depth: int, brackets: tuple[str, str]) -> None:
    """The deepest value that is taken is as deep for both."""
    data = ('{"a":' + brackets[0] * depth + "1" + brackets[1] * depth + "}").encode()
    assert verdict(data) == slowly(data)
    assert (verdict(data) is Malformed) == (depth > DEPTH_MOST - 1)


def test_quick_and_slow_agree_on_the_corpus() -> None:
    """Every input that a search has found is taken or refused alike, changed in any byte too."""
    for path in sorted((CORPUS / "profile").iterdir()) + sorted((CORPUS / "entry").iterdir()):
        data = path.read_bytes()
        assert read(data, slow=False) == read(data, slow=True)
        for whole in (data, data[68:]):
            step = max(1, len(whole) // 100)
            changed = (whole[:place] + b"." + whole[place + 1 :] for place in range(0, len(whole), step))
            for each in (whole, *changed):
                assert verdict(each) == slowly(each)


def test_entries_are_looked_at_quickly() -> None:
    """What honest offices sign does not need the slow look."""
    taken = [each.entry for each in WORLD["north"].history.entries]
    assert taken and all(codec.is_plain(each.json) for each in taken)
    assert all(entries._is_written_anew(each.json, each.header, each.act) for each in taken)


PIECES = [
    b"1.0",
    b"-0",
    b"0",
    b"null",
    b" ",
    b"\\u0041",
    b"\xc3\xa9",
    b'"',
    b",",
    b":{}",
    b"9" * 16,
    b"[" * 30,
    b"{}",
    b"1e3",
]


@settings(max_examples=deep(600, 200))
@given(st.data())
def test_quick_and_slow_agree_on_entries(data: st.DataObject) -> None:
    """An entry with anything in it changed is taken alike, with the same words, whichever way it is looked at."""
    leaf = data.draw(st.sampled_from(LEAVES_SIGNED))
    start = data.draw(st.integers(68, len(leaf)))
    end = data.draw(st.integers(start, min(start + 4, len(leaf))))
    piece = data.draw(st.sampled_from(PIECES) | st.binary(max_size=3))
    changed = leaf[:start] + piece + leaf[end:]
    assert read(changed, slow=False) == read(changed, slow=True)


SECOND = b'"second":{%s"key":"' + b"00" * 32 + b'","seat":"","signature":"' + b"00" * 64 + b'"}'
ASSERTION = (
    b'"assertion":{"authenticator_data":"'
    + b"00" * 37
    + b'","client_data":"{{:1.5,[9007199254740993","passkey":"ed25519:'
) + (b"00" * 32 + b'","signature":"' + b"00" * 8 + b'"},')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"comity":1', b'"comity":1.0'),
        (b'"comity":1', b'"comity": 1'),
        (b'"version":1', b'"version":1,"version":1'),
        (b'"at":', b'"assertion":null,"at":'),
        (b'"seen":', b'"second":null,"seen":'),
        (b'"seen":', SECOND % b"" + b',"seen":'),
        (b'"seen":', SECOND % b'"assertion":null,' + b',"seen":'),
        (b'"seen":', SECOND % ASSERTION + b',"seen":'),
        (b'"seen":', SECOND % ASSERTION.replace(b"{{", b"\\u007b") + b',"seen":'),
        (b'"seen":', SECOND % (ASSERTION + ASSERTION) + b',"seen":'),
        (b'"seat":"', b'"seat":"\xc3\xa9'),
        (b'"seat":"', b'"seat":"\\u0041'),
        (b'"result":"working"', b'"note":"","result":"working"'),
        (b'"result":"working"', b'"result":"working","result":"working"'),
        (b'"body":{', b'"body":{"a":1.5,'),
        (b'"body":{', b'"body":{"a":' + b"[" * 23 + b"]" * 23 + b","),
        (b'"body":{', b'"body":{"a":' + b"[" * 22 + b"]" * 22 + b","),
        (b'"body":{', b'"body":{"a":9007199254740992,'),
    ],
)
def test_quick_and_slow_agree_on_departures(old: bytes, new: bytes) -> None:
    """Every way to leave the profile by a little is judged alike."""
    leaf = next(each for each in LEAVES_SIGNED if b"duty.line_check" in each)
    assert old in leaf
    changed = leaf.replace(old, new)
    assert read(changed, slow=False) == read(changed, slow=True)
