"""Officers with passkeys at their office's door: what is prepared, put together and handed in (law 33)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.model.acts.movements import MovementAgree, MovementRequest
from comity.model.acts.operations import Hold
from comity.model.entry import Second
from comity.model.errors import Malformed, Misuse
from comity.model.history import Taken
from comity.model.spans import HOUR_MS
from comity.model.verdict import Refusal
from comity.model.volume import Band, Volume, Window
from comity.office.config import DEFAULT
from comity.office.control import Control, listen
from comity.office.desk import Draft, with_assertion, with_second
from comity.office.folder import OfficeFolder
from comity.office.founding import enrol_act
from comity.office.keyring import KeySigner
from comity.office.signatures import entry_message, second_message
from comity.office.steps import Steps
from office.founded import START_MS
from office.offices import Desk, Wire, opened, same
from office.passkeys import assertion_over, confirmed, passkey_of
from office.served import post

ANN, BEN = KeySigner(b"a" * 32), KeySigner(b"b" * 32)
ANNS, BENS = KeySigner(b"c" * 32), KeySigner(b"d" * 32)


MOVEMENT = MovementRequest(
    movement="m",
    kind="convoy",
    category="rescue",
    operator="north",
    route=((0, 0), (1, 1)),
    volume=Volume(
        ring=((0, 0), (0, 9_000_000), (9_000_000, 9_000_000)),
        band=Band(floor=None, ceiling=None),
        window=Window(from_ms=START_MS + HOUR_MS, until_ms=START_MS + 2 * HOUR_MS),
    ),
    crew_count=1,
)


def asked() -> tuple[Wire, Desk, MovementAgree]:
    """South has two more officers, each with a passkey, and is asked to agree to a movement."""
    wire, _ = opened()
    south = wire.desks["south"]
    for name, key, passkey in (("ann", ANN, ANNS), ("ben", BEN, BENS)):
        south.act(enrol_act("demo/south", name, ("duty",), key, passkey_of(passkey)), "root")
    request = wire.desks["north"].act(MOVEMENT)
    wire.settle()
    return wire, south, MovementAgree(request=request.entry.id)


def prepared(south: Desk, act: MovementAgree) -> Draft:
    """The act, to be signed and confirmed by both."""
    draft = south.office.prepare(act, "duty", ANN.key, (BEN.key, "duty"), passkey_of(ANNS), passkey_of(BENS))
    assert isinstance(draft, Draft), draft
    return draft


def second_of(json: bytes, passkey: KeySigner | None) -> Second:
    """Ben's part, confirmed by that passkey or by none."""
    given = assertion_over(json, passkey) if passkey is not None else None
    return Second(key=BEN.key, seat="duty", signature=BEN.sign(second_message(json)).hex(), assertion=given)


def test_two_officers_confirm() -> None:
    """Both sign and confirm; the act stands at every office."""
    wire, south, act = asked()
    draft = prepared(south, act)
    json = with_second(draft.json, second_of(draft.json, BENS))
    json = with_assertion(json, assertion_over(json, ANNS))
    taken = south.office.submit(json, ANN.sign(entry_message(json)))
    assert isinstance(taken, Taken) and taken.refusal is None
    wire.settle()
    assert same(wire.desks.values())


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (None, None, "ann signs first, enrolled with a passkey"),
        (ANNS, None, "ben signs second, enrolled with a passkey"),
        (None, BENS, "ann signs first, enrolled with a passkey"),
        (BENS, ANNS, "the passkey of whoever signs first is not the one"),
        (ANNS, ANNS, "the passkey of whoever signs second is not the one"),
    ],
)
def test_a_draft_is_judged_as_it_will_be(first: KeySigner | None, second: KeySigner | None, said: str) -> None:
    """What will not be confirmed, or by the wrong passkey, is refused before anybody signs it."""
    _, south, act = asked()
    passkeys = [None if each is None else passkey_of(each) for each in (first, second)]
    refused = south.office.prepare(act, "duty", ANN.key, (BEN.key, "duty"), *passkeys)
    assert isinstance(refused, Refusal) and said in refused.problem and refused.remedy
    assert isinstance(south.office.prepare(Hold(), "duty", ANN.key, (BEN.key, "duty")), Draft)
    with pytest.raises(Misuse, match="name his key and seat too"):
        south.office.prepare(act, "duty", ANN.key, None, None, passkey_of(BENS))
    with pytest.raises(Malformed):
        south.office.prepare(act, "duty", ANN.key, (BEN.key, "duty"), None, "no passkey")


def test_what_was_named_is_given() -> None:
    """A draft was judged as confirmed; what is handed in is judged by what it holds, whoever hands it in with it."""
    _, south, act = asked()
    size = south.office.logs.branches[0].size
    draft = prepared(south, act)
    unseconded = draft.json
    unconfirmed = with_second(draft.json, second_of(draft.json, None))
    by_one = with_second(draft.json, second_of(draft.json, BENS))
    by_other = with_assertion(unconfirmed, assertion_over(unconfirmed, ANNS))
    for json in (unseconded, unconfirmed, by_one, by_other):
        refused = south.office.submit(json, ANN.sign(entry_message(json)), draft)
        assert isinstance(refused, Refusal) and "has not confirmed movement.agree" in refused.problem
    forged = second_of(draft.json, BENS)
    forged = msgspec.structs.replace(forged, assertion=assertion_over(by_one, BENS))
    with pytest.raises(Malformed, match="second officer's passkey confirmed other bytes"):
        json = with_second(draft.json, forged)
        south.office.submit(json, ANN.sign(entry_message(json)), draft)
    assert south.office.logs.branches[0].size == size


def test_a_client_that_only_signs(tmp_path: Path) -> None:
    """Over the control socket all is said that is to be signed and confirmed: a client need not write the profile."""
    wire, south, act = asked()
    folder = OfficeFolder(tmp_path)

    async def play() -> dict[str, Any]:
        runner = await listen(control(south).application(), folder.socket)
        try:
            return await handed_in(folder, act)
        finally:
            await runner.cleanup()

    taken = asyncio.run(play())["taken"]
    wire.settle()
    assert wire.desks["north"].office.history.find(taken["id"]) is not None


async def handed_in(folder: OfficeFolder, act: MovementAgree) -> dict[str, Any]:
    """What a screen would do: every signature is over bytes, every confirmation of a challenge, that it was told."""
    asks = {"act": act.name, "seat": "duty", "key": ANN.key, "body": act, "second": [BEN.key, "duty"]}
    passkeys = {"passkey": passkey_of(ANNS), "second_passkey": passkey_of(BENS)}
    draft = (await post(folder, "/prepare", asks | passkeys))["draft"]
    signature = BEN.sign(second_message(draft["json"].encode())).hex()
    second = {"key": BEN.key, "seat": "duty", "signature": signature, "assertion": confirmed(draft["challenge"], BENS)}
    parts: dict[str, Any] = {"json": draft["json"], "second": second}
    seconded = await post(folder, "/assemble", parts)
    parts["assertion"] = confirmed(seconded["challenge"], ANNS)
    whole = await post(folder, "/assemble", parts)
    assert whole["challenge"] == seconded["challenge"] != draft["challenge"]
    assert "problem" in await post(folder, "/assemble", parts | {"json": whole["json"]})
    assert "problem" in await post(folder, "/assemble", parts | {"second": second | {"assertion": "yes"}})
    signature = ANN.sign(entry_message(whole["json"].encode())).hex()
    return await post(folder, "/submit", {"json": whole["json"], "signature": signature})


def control(desk: Desk) -> Control:
    """The control socket's endpoints over an office that runs in this test."""
    steps = Steps(desk.clock, DEFAULT, print, lambda about, text: None, lambda about: None)
    return Control(lambda: desk.office, lambda office, asked: None, lambda: None, asyncio.Event(), DEFAULT, steps)
