"""What may stand in each field: every act has a page and an example that builds; decoders do not speak to people."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any, get_type_hints

import msgspec
import pytest

from comity.interfaces.cli.act_page import BY_KEYS, ENTRIES, EXAMPLES, page, rows_of, words_of
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.writing import write_act
from comity.interfaces.complaints import json_problem
from comity.interfaces.forms import COMPLETED, MEANINGS, fields_of, unwrapped
from comity.model.acts import ACTS, Act
from comity.model.acts.areas import AreaPropose
from comity.model.acts.form import Hash, Identifier, Nature
from comity.model.acts.operations import OperationPropose
from comity.model.entry import NO_ENTRY, build_json
from comity.model.errors import Misuse
from comity.model.volume import Band, Volume, Window

RAW = re.compile(r"Expected|Object|Invalid|regex|`|\\Z|\$|`(str|int|array|object)")
RING = ((360000000, 370000000), (360000000, 371000000), (361000000, 371000000))
VOLUME = Volume(RING, Band(None, None), Window(0, None))
REQUEST = OperationPropose(operation="op-1", area="a-1", group="g-1", executing="north", volume=VOLUME)
PROPOSAL = AreaPropose(area="a-1", tier="t1", ring=RING, band=Band(None, None))
FROM_OPENINGS = {"threat.seal", "threat.open"}
NOW_MS = 1_500_000_000_000
WRONG: tuple[Any, ...] = (-5, "\x00 no such thing", [[1]], {"odd": 1}, True)


def meaning(act: str) -> Meaning:
    """An office that holds a request, or for votes a proposal, under every hash."""
    held = PROPOSAL if act == "change.vote" else REQUEST
    header = {
        "at": NOW_MS,
        "key": "0" * 64,
        "origin": "pact/north",
        "previous": NO_ENTRY,
        "seat": "duty",
        "seen": {},
        "seq": 0,
        "terms": "00" * 32,
    }
    answers: dict[str, Any] = {
        "entry": (bytes(68) + build_json(header, held)).hex(),
        "heads": [],
        "round": 0,
        "consents": {"north": "1" * 64, "south": "2" * 64},
        "layers": [],
        "officers": [{"officer": "ann", "status": "good", "key": "3" * 64, "seats": ["duty"]}],
        "volume": msgspec.to_builtins(VOLUME),
    }
    return Meaning("north", "f" * 64, NOW_MS, lambda question, text: answers[question])


def written(act: type[Act]) -> list[str]:
    """The words of an act's example, without options."""
    words = shlex.split(words_of(act))
    return words[: words.index("--second")] if "--second" in words else words


OFFICERS = [act for act in ACTS if act.nature is not Nature.WATCH and act.name not in BY_KEYS]


@pytest.mark.parametrize("act", [act for act in OFFICERS if act.name not in FROM_OPENINGS], ids=lambda act: act.name)
def test_examples_build(act: type[Act], tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example on every act's page is an act that the command line writes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new-terms.toml").write_text("new")
    built = write_act(act.name, written(act), meaning(act.name))
    assert isinstance(built, act)


def test_every_act_has_a_page() -> None:
    """Each page fits, and has a row for each field with what it may be."""
    for act in ACTS:
        text = page(act.name)
        assert all(len(line) <= 100 or line.startswith("  comity") for line in text.splitlines()), act.name
        assert all(row["what"] for row in rows_of(act)), act.name
        assert {each.key for each in fields_of(act) if each.name != "volume"} <= {row["key"] for row in rows_of(act)}


def test_every_id_and_hash_is_explained() -> None:
    """An id or a hash says which thing it names; no row speaks of a field that is not there."""
    named = set()
    for act in ACTS:
        hints = get_type_hints(act, include_extras=True)
        for each in msgspec.structs.fields(act):
            inner = unwrapped(hints[each.name])[0]
            if inner in (Hash, Identifier):
                assert any(key == each.name and kind == inner for key, kind in MEANINGS), (act.name, each.name)
                named.add(each.name)
    assert {key for key, _ in MEANINGS} - {"ciphertext"} <= named <= {key for key, _ in MEANINGS}
    fields = {(act.name, each.name) for act in ACTS for each in msgspec.structs.fields(act)}
    assert COMPLETED.keys() <= fields
    assert EXAMPLES.keys() | BY_KEYS.keys() <= {act.name for act in ACTS}
    assert all(re.fullmatch("[0-9a-f]{8}", each) for each in ENTRIES)


REPORT, CONSENT = "operation.report", "operation.consent"
COMPLAINTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (REPORT, ("3f2a90c1", "harm=maybe"), ("harm cannot be 'maybe'", "known, suspected, not-known", "harm=known")),
    (REPORT, ("3f2a90c1",), ("lacks harm", "give harm=known", "one of known, suspected, not-known")),
    (REPORT, ("3f2a90c1", "harm=known", f"note={'x' * 281}"), ("note cannot be 'xxx", "at most 280 characters")),
    (REPORT, ("3f2a90c1", "harms=known"), ("has no harms", "it has request, harm, note")),
    (CONSENT, ("3f2a90c1",), ("lacks expires", "give expires=+2h", "2016-09-20T10:15Z")),
    ("operation.propose", ("operation=op-1",), ("lacks area, group, executing and volume", "volume.ring='@square(")),
    ("movement.deny", ("3f2a90c1", "reason=Too late"), ("reason cannot be 'Too late'", "reason=unsafe")),
    ("duty.line_check", ("with_participant=south", "result=dad"), ("working, poor, dead",)),
    ("duty.handover", ("seat=duty", "open=-1"), ("open cannot be '-1'", "from 0 to 1000000")),
    ("lift.propose", (), ("lacks lifts", "give lifts=3f2a90c1")),
    ("lift.propose", ("none",), ("lifts cannot be 'none'", "1 to 16")),
    ("agreement.suspend", ("reason=x",), ("has no reason; it has note",)),
    ("movement.depart", ("3f2a90c1", "inspected=maybe"), ("inspected is 'maybe'; write yes or no",)),
)


@pytest.mark.parametrize(
    ("name", "words", "said"), COMPLAINTS, ids=[" ".join(words)[:40] for _, words, _ in COMPLAINTS]
)
def test_complaints(name: str, words: tuple[str, ...], said: tuple[str, ...]) -> None:
    """A wrong word names the key, what it held, what is allowed, and how to write it."""
    with pytest.raises(Misuse) as caught:
        write_act(name, words, meaning(name))
    text = str(caught.value)
    assert all(each in text for each in (name, *said)), text
    assert not RAW.search(text.replace("@FILE", "")), text


def wrong_bodies() -> Iterator[tuple[type[Act], str, Any]]:
    """Every field of every act with values of no kind that it has."""
    for act in ACTS:
        for each in msgspec.structs.fields(act):
            for value in WRONG:
                yield act, each.name, {each.name: value}


def test_no_decoder_speaks_to_people() -> None:
    """Whatever is wrong with a body, the sentence names the field and says what may stand there."""
    tried = 0
    for act, name, body in wrong_bodies():
        full = {each.name: None for each in msgspec.structs.fields(act) if each.required} | body
        values: list[Any] = [full, body, {**full, "unheard": 1}, [], "text", None]
        for value in values:
            try:
                msgspec.convert(value, act)
            except msgspec.ValidationError as error:
                said = json_problem(act.name, act, value, error)
                assert not RAW.search(said), (said, str(error))
                assert len(said) > len(act.name) + 10 and "; " in said, (name, said)
                tried += 1
    assert tried > 2000
